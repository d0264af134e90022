"""Story 4: three roses late, done right. A jam, a dying phone, and everybody knows in time."""

import asyncio
import secrets
from typing import Any

from huaxin.orders.model import Order
from huaxin.people.model import Principal
from huaxin.simulation.starter import SHOP_ID
from huaxin.simulation.story import buyer as b
from huaxin.simulation.story import courier as c
from huaxin.simulation.story import shop as s
from huaxin.simulation.story.ride import Ride
from huaxin.simulation.story.screen import StoryFailure
from huaxin.simulation.story.stage import MINUTE, See, Stage
from huaxin.simulation.story.words import DELIVERED, PLACED, confirmed, reassigned

NOTE = "下午三点前送到"
WISH = b.Wish(
    bouquet="红玫瑰花束",
    recipient="李妈妈",
    phone="13900004444",
    address="学林家园",
    detail="3号楼",
    note=NOTE,
)
OTHERS = ("春江花园", "兰亭苑", "望江花园")  # three more roses on the same bike, all promised for three
SLIPPING = "可能会晚到,预计"
NEED = ".lists .row .reason strong"
LOOK_S = 1.3  # real time that the watchdog needs for a look


async def play(stage: Stage) -> None:
    stage.begin(4, "three roses late")
    await stage.pass_to("wed 13:40")
    li = b.Buyer(await stage.screen("buyer", "李女士"))
    owner = s.Shop(await stage.screen("shop", "林老板"))
    zhang = c.Courier(await stage.screen("courier", "张师傅"))
    for person in (li, owner):
        await person.sign_in()
    wang = c.Courier(await stage.screen("courier", "王师傅"))
    for rider in (zhang, wang):
        await rider.sign_in(await stage.shop_point())
    order = await _on_one_bike(stage, li, owner, zhang)
    await _jam(stage, zhang)
    await _dark(stage, li, owner, zhang, order)
    await _saved(stage, li, owner, wang, order)


async def _on_one_bike(stage: Stage, li: b.Buyer, owner: s.Shop, zhang: c.Courier) -> str:
    buyer, shop, courier = li.screen, owner.screen, zhang.screen
    await li.prepare(WISH)
    await stage.cause(f"李女士 orders roses: 「{NOTE}」", buyer, li.place, See(buyer, PLACED))
    order = await li.order_id()
    await owner.open(order)
    await stage.cause(
        "the shop confirms", shop, lambda: owner.act("确认订单"), See(buyer, confirmed("今天下午三点前"))
    )
    await stage.pass_to("14:10")
    await stage.cause(
        "the bouquet is ready", shop, lambda: owner.act("制作完成"), See(buyer, "已备好", b.STATE)
    )
    await owner.begin_assigning()
    await stage.cause(
        "the shop gives it to 张师傅",
        shop,
        lambda: owner.assign("张师傅"),
        See(courier, "红玫瑰花束", "section.pickup li", False, "the order among the pick-ups"),
    )
    stage.say(f"three more go onto the same bike: {'、'.join(OTHERS)}")
    given = (await stage.order(order)).courier
    assert given is not None
    for place in OTHERS:
        await _another(stage, place, given.person)
    await courier.page.locator("section.pickup li").nth(3).wait_for()
    await stage.pass_to("14:18")
    await courier.button("都打过了").click()  # called before setting out (O17)
    await stage.cause(
        "张师傅 called everybody and takes the flowers", courier, zhang.pick_up, See(buyer, "已取货", b.STATE)
    )
    await buyer.page.get_by_text("配送员已确认").first.wait_for()
    return order


async def _another(stage: Stage, place: str, courier: str) -> None:
    """An order of somebody else, by the same doors the screens use."""
    house = stage.house
    match = house.city.search(place, None)[0]
    owner = await _principal(stage, "13800000001")
    order = "story-" + secrets.token_hex(6)
    fields: dict[str, Any] = {
        "order": order, "shop": SHOP_ID, "lines": [{"product": "red_rose"}],
        "recipient": {"name": "收花人", "phone": "13900005555"}, "buyer_name": "电话顾客",
        "address": {"text": place, "point": {"lat": match.point.lat, "lon": match.point.lon}},
        "promise": {"end": stage.clock() + 50 * MINUTE},
    }  # fmt: skip
    wishes: list[tuple[str, dict[str, Any]]] = [
        ("place_order", fields),
        ("confirm_order", {}),
        ("mark_ready", {}),
    ]
    for name, more in [*wishes, ("assign_courier", {"courier": courier})]:
        await house.dispatcher.run(owner, name, {"order": order} | more, secrets.token_hex(8))


async def _principal(stage: Stage, phone: str) -> Principal:
    person = await stage.house.people.add_person(phone)
    issued = await stage.house.people.open_session(person.id, "story")
    return await stage.house.people.authenticate(issued.access)


async def _jam(stage: Stage, zhang: c.Courier) -> None:
    """He sets off, and the road stands: twenty metres in twenty-five seconds."""
    await zhang.set_off()
    shop = await stage.shop_point()
    first = await _next_stop(stage)
    ride = Ride(stage, zhang.screen, [shop, first.address.point])
    for _ in range(2):
        await ride.step()
    stage.say("a jam: nothing moves")
    before = ride.points[ride.at]
    ahead = ride.points[min(ride.at + 3, len(ride.points) - 1)]
    for part in range(1, 10):
        heard = len(await zhang.screen.fact("reports"))
        await stage.pass_ms(25_000)
        await ride.stand(type(before)(
            before.lat + (ahead.lat - before.lat) * part / 9, before.lon + (ahead.lon - before.lon) * part / 9
        ))  # fmt: skip
        await ride.heard(heard)


async def _next_stop(stage: Stage) -> Order:
    plans = [stage.house.tracking.plan(*key) for key in stage.house.tracking.runs]
    plan = next(one for one in plans if one is not None and len(one.orders) >= 4)
    return await stage.order(plan.orders[0])


async def _dark(stage: Stage, li: b.Buyer, owner: s.Shop, zhang: c.Courier, order: str) -> None:
    """His phone dies. The shop hears of the silence, the buyer of the delay: both before three."""
    buyer, shop = li.screen, owner.screen
    stage.say("张师傅's phone dies")
    effects = (
        See(shop, "配送员失联", NEED, False, "the silence under 「需要处理」"),
        See(buyer, SLIPPING, exact=False, label="the warning, with a range"),
    )
    marks = await stage.arm(effects)
    await stage.leave(zhang.screen)
    promise = (await stage.order(order)).promise
    while stage.clock() < promise.end - 12 * MINUTE:
        await stage.pass_ms(MINUTE)
        await asyncio.sleep(LOOK_S)
    for see, mark in zip(effects, marks, strict=True):
        await see.screen.wait(mark, see.selector, see.text)
    stage.say("shop and buyer know")
    if stage.clock() >= promise.end:
        raise StoryFailure("shop and buyer must know before the promise is broken")
    told = [words for words in await buyer.notices() if SLIPPING in words]
    if len(told) != 1 or "–" not in told[0]:
        raise StoryFailure(f"the buyer must read one range, once: {told}")
    await buyer.must_not_see("配送员失联", "没有位置")
    await stage.shots("known")


async def _saved(stage: Stage, li: b.Buyer, owner: s.Shop, wang: c.Courier, order: str) -> None:
    buyer, shop, courier = li.screen, owner.screen, wang.screen
    await owner.open(order)
    await shop.page.locator("section.panel .ask.trouble").first.wait_for()
    await shop.page.get_by_text("可改派给王师傅", exact=False).first.wait_for()
    await stage.cause(
        "the dispatcher takes the way out: 王师傅",
        shop,
        lambda: owner.act("就改派给他"),
        See(courier, "红玫瑰花束", "section.pickup li", False, "the order among the pick-ups"),
        See(buyer, reassigned("王师傅")),
    )
    await stage.shots("saved")
    await stage.pass_ms(3 * MINUTE)
    await stage.cause("王师傅 takes them over", courier, wang.pick_up, See(buyer, "已取货", b.STATE))
    await stage.cause("and rides", courier, wang.set_off, See(buyer, "配送中", b.STATE))
    await stage.pass_ms(6 * MINUTE)
    await courier.tap("已到楼下")
    await wang.begin_delivering()
    await stage.cause("delivered", courier, lambda: wang.deliver("本人"), See(buyer, DELIVERED))
    done = await stage.order(order)
    if done.times["delivered"] > done.promise.end:
        raise StoryFailure("three o'clock was promised, and is kept")
    if len([words for words in await buyer.notices() if SLIPPING in words]) != 1:
        raise StoryFailure("the warning must be told once")
    await stage.shots("delivered")
    await stage.leave(li.screen, shop, courier)
