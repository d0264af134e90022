"""Story 3, its core: the flat tyre. Reported, alerted, reassigned, and the buyer reads it before asking."""

from huaxin.simulation.story import buyer as b
from huaxin.simulation.story import courier as c
from huaxin.simulation.story import shop as s
from huaxin.simulation.story.ride import Ride
from huaxin.simulation.story.screen import StoryFailure
from huaxin.simulation.story.stage import See, Stage
from huaxin.simulation.story.words import AT_GATE, DELIVERED, PLACED, alert, confirmed, reassigned, sorry

WISH = b.Wish(
    bouquet="向日葵花束",
    recipient="赵老师",
    phone="13900003333",
    address="望江中心",
    detail="8 楼",
    day="今天",
    slot="15:00–17:00",
)


async def play(stage: Stage) -> None:
    stage.begin(3, "the flat tyre")
    await stage.pass_to("tue 14:20")
    li = b.Buyer(await stage.screen("buyer", "李女士"))
    owner = s.Shop(await stage.screen("shop", "林老板"))
    zhang = c.Courier(await stage.screen("courier", "张师傅"))
    wang = c.Courier(await stage.screen("courier", "王师傅"))
    point = await stage.shop_point()
    await li.sign_in()
    await owner.sign_in()
    await zhang.sign_in(point)
    await wang.sign_in(point)
    order = await _on_the_road(stage, li, owner, zhang)
    await _tyre(stage, li, owner, zhang, wang)
    await _saved(stage, li, owner, wang, order)
    await stage.leave(li.screen, zhang.screen, wang.screen, owner.screen)


async def _on_the_road(stage: Stage, li: b.Buyer, owner: s.Shop, zhang: c.Courier) -> str:
    buyer, shop, courier = li.screen, owner.screen, zhang.screen
    await li.prepare(WISH)
    await stage.cause("李女士 orders sunflowers", buyer, li.place, See(buyer, PLACED))
    order = await li.order_id()
    await owner.open(order)
    await stage.cause(
        "the shop confirms", shop, lambda: owner.act("确认订单"), See(buyer, confirmed("今天下午"))
    )
    await stage.cause(
        "the bouquet is ready", shop, lambda: owner.act("制作完成"), See(buyer, "已备好", b.STATE)
    )
    await owner.begin_assigning()
    await stage.cause(
        "the shop gives it to 张师傅",
        shop,
        lambda: owner.assign("张师傅"),
        See(courier, "向日葵花束", "section.pickup li", False, "the order among the pick-ups"),
    )
    await stage.pass_to("14:50")
    await stage.cause("张师傅 takes the flowers", courier, zhang.pick_up, See(buyer, "已取货", b.STATE))
    await stage.cause("张师傅 sets off", courier, zhang.set_off, See(buyer, "配送中", b.STATE))
    door = (await stage.order(order)).address
    ride = Ride(stage, courier, [await stage.shop_point(), door.gate or door.point])
    for _ in range(3):
        await ride.step()
    return order


async def _tyre(stage: Stage, li: b.Buyer, owner: s.Shop, zhang: c.Courier, wang: c.Courier) -> None:
    buyer, shop = li.screen, owner.screen
    await zhang.begin_report()
    await stage.cause(
        "a flat tyre: 「异常上报」→「车辆故障」",
        zhang.screen,
        lambda: zhang.report("车辆故障"),
        See(buyer, sorry(30)),
        See(shop, alert("车辆故障")),
        See(shop, "车辆故障", ".lists .row .reason strong", False, "the incident under 「需要处理」"),
        See(zhang.screen, "已上报:车辆故障", f"{c.CARD} .incident strong"),
    )
    # The buyer's card says what happened; the alarm to the shop's people is not the buyer's.
    if alert("车辆故障") in await buyer.notices():
        raise StoryFailure("the alarm is for the shop and the courier alone")
    await stage.shots("reported")
    await owner.begin_assigning("改派给别人")
    await stage.cause(
        "the shop gives it to 王师傅",
        shop,
        lambda: owner.assign("王师傅"),
        See(wang.screen, "向日葵花束", "section.pickup li", False, "the order among the pick-ups"),
        See(buyer, reassigned("王师傅")),
        See(buyer, "王师傅", b.WHO, False, "who will bring it now"),
        See(zhang.screen, "有一单已改派给别人", ".toast", True),
    )
    await zhang.screen.must_not_see("望江中心", "赵老师")
    await stage.shots("reassigned")


async def _saved(stage: Stage, li: b.Buyer, owner: s.Shop, wang: c.Courier, order: str) -> None:
    buyer, courier = li.screen, wang.screen
    await stage.pass_ms(12 * 60_000)
    await stage.cause(
        "王师傅 takes the flowers over",
        courier,
        wang.pick_up,
        See(buyer, "已取货", b.STATE),
    )
    await stage.cause("王师傅 sets off", courier, wang.set_off, See(buyer, "配送中", b.STATE))
    await stage.cause("王师傅 is at the gate", courier, wang.arrived, See(buyer, AT_GATE))
    await wang.begin_delivering()
    await stage.cause(
        "delivered",
        courier,
        lambda: wang.deliver("前台"),
        See(buyer, DELIVERED),
        See(owner.screen, DELIVERED),
    )
    if (await buyer.notices()).count(sorry(30)) != 1:
        raise StoryFailure("the apology must be told once")
    await stage.shots("delivered")
