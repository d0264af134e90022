"""Story 1: Ms Li's carnations. The ideal day."""

from huaxin.orders.words import clock, mask_phone
from huaxin.simulation.story import buyer as b
from huaxin.simulation.story import courier as c
from huaxin.simulation.story import shop as s
from huaxin.simulation.story.ride import Ride
from huaxin.simulation.story.screen import StoryFailure
from huaxin.simulation.story.stage import See, Stage
from huaxin.simulation.story.words import (
    ARRIVING,
    AT_GATE,
    CONTACT,
    DELIVERED,
    PLACED,
    agreed,
    confirmed,
    picked_up,
)

CARD = "妈妈,节日快乐!"
WISH = b.Wish(
    bouquet="康乃馨花束",
    recipient="妈妈",
    phone="13900001111",
    address="阳光小区5号楼3单元401",
    day="明天",
    slot="9:00–11:00",
    card=CARD,
    signature="女儿",
)
NOT_FOR_COURIERS = ("¥", "168", CARD, "女儿", "137")


async def play(stage: Stage) -> None:
    stage.begin(1, "Ms Li's carnations")
    await stage.pass_to("fri 15:00")
    li = b.Buyer(await stage.screen("buyer", "李女士"))
    owner = s.Shop(await stage.screen("shop", "林老板"))
    zhang = c.Courier(await stage.screen("courier", "小张"))
    shop_point = await stage.shop_point()
    await li.sign_in()
    await owner.sign_in()
    await zhang.sign_in(shop_point)
    order = await _friday(stage, li, owner, zhang)
    acts = int(await li.screen.fact("acts"))
    await _saturday(stage, li, owner, zhang, order)
    if int(await li.screen.fact("acts")) != acts or int(await li.screen.fact("loads")) != 1:
        raise StoryFailure("李女士 had to tap or to load her page again before the flowers were there")
    stage.say("she made no call and refreshed nothing")
    await _rating(stage, li, owner, order)
    await zhang.screen.must_not_see(*NOT_FOR_COURIERS)
    await stage.leave(li.screen, zhang.screen, owner.screen)


async def _friday(stage: Stage, li: b.Buyer, owner: s.Shop, zhang: c.Courier) -> str:
    buyer, shop, courier = li.screen, owner.screen, zhang.screen
    await li.prepare(WISH)
    await stage.shots("wish")
    await stage.cause(
        "李女士 orders carnations for her mother",
        buyer,
        li.place,
        See(buyer, PLACED),
        See(shop, "等待确认", ".lists .row .reason strong", False, "the order under 「需要处理」"),
    )
    order = await li.order_id()
    await owner.open(order)
    await stage.cause(
        "the shop confirms",
        shop,
        lambda: owner.act("确认订单"),
        See(buyer, confirmed("周六上午")),
        See(buyer, "已确认", b.STATE),
        See(shop, confirmed("周六上午")),
    )
    await stage.shots("confirmed")
    await stage.cause(
        "the florist begins", shop, lambda: owner.act("开始制作"), See(buyer, "制作中", b.STATE)
    )
    await stage.cause(
        "the bouquet is ready", shop, lambda: owner.act("制作完成"), See(buyer, "已备好", b.STATE)
    )
    await owner.begin_assigning()
    await stage.cause(
        "the shop gives it to 小张",
        shop,
        lambda: owner.assign("小张"),
        See(courier, "康乃馨花束", "section.pickup li", False, "the order among the pick-ups"),
        See(buyer, "小张", b.WHO, False, "who will bring it"),
        See(shop, "小张", f"{s.row(order)} .courier", True, "小张 on the board"),
    )
    await courier.must_not_see(*NOT_FOR_COURIERS)
    await stage.shots("assigned")
    return order


async def _saturday(stage: Stage, li: b.Buyer, owner: s.Shop, zhang: c.Courier, order: str) -> None:
    buyer, shop, courier = li.screen, owner.screen, zhang.screen
    await stage.pass_to("sat 08:00")
    await stage.cause(
        "小张 takes the flowers",
        courier,
        zhang.pick_up,
        See(buyer, CONTACT.format(courier="小张", phone=mask_phone("13800000012"))),
        See(buyer, "已取货", b.STATE),
        See(shop, "已取货", s.STATUS),
    )
    told = round((await stage.order(order)).eta_at / 300_000) * 300_000
    await buyer.must_read(picked_up("小张", clock(told, stage.zone).zh))
    await shop.must_read(picked_up("小张", clock(told, stage.zone).zh))
    await stage.shots("picked-up")
    await stage.cause(
        "小张 sets off", courier, zhang.set_off, See(buyer, "配送中", b.STATE), See(shop, "配送中", s.STATUS)
    )
    door = (await stage.order(order)).address
    ride = Ride(stage, courier, [await stage.shop_point(), door.gate or door.point])
    marks = await stage.arm(
        moving := (See(buyer, "", b.WAY_LEFT, label="the way left, and the bike on the map"),)
    )
    await ride.step()
    await stage.reported("the phone reports where it is", courier, moving, marks)
    await ride.until(1300)
    await stage.shots("on-the-road")
    await stage.keep_pictures(buyer, courier, shop)
    await zhang.look_at_map()
    await stage.shots("map")
    await zhang.close_talk()
    await stage.pass_to("08:40")
    await ride.step(1)
    await zhang.begin_agreeing("9:00")
    await stage.cause(
        "小张 has called: nine o'clock",
        courier,
        zhang.agree,
        See(buyer, agreed("九点")),
        See(shop, agreed("九点")),
    )
    await stage.shots("agreed")
    await stage.pass_to("08:53")
    await buyer.must_not_see(ARRIVING)
    marks = await stage.arm(
        near := (See(buyer, ARRIVING), See(buyer, "即将送达", b.STATE), See(shop, ARRIVING))
    )
    await ride.until(380)
    await stage.reported("500 m away, by itself", courier, near, marks)
    await stage.shots("arriving")
    await ride.until(20)
    await stage.cause(
        "小张 is at the gate",
        courier,
        zhang.arrived,
        See(buyer, AT_GATE),
        See(buyer, "已到达", b.STATE),
        See(shop, AT_GATE),
    )
    await stage.shots("at-the-gate")
    await stage.pass_ms(2 * 60_000)
    await zhang.begin_delivering()
    await stage.cause(
        "two minutes later: delivered",
        courier,
        lambda: zhang.deliver("家人"),
        See(buyer, DELIVERED),
        See(buyer, "已送达", b.STATE),
        See(shop, DELIVERED),
        See(shop, "已送达", s.STATUS),
    )
    if (await buyer.notices()).count(ARRIVING) != 1:
        raise StoryFailure("「即将送达」 must be told once")
    await stage.shots("delivered")


async def _rating(stage: Stage, li: b.Buyer, owner: s.Shop, order: str) -> None:
    await li.begin_rating(5)
    await stage.cause(
        "李女士 gives five stars",
        li.screen,
        li.rate,
        See(li.screen, "已评价", b.STATE),
        See(owner.screen, "已评价", s.STATUS),
    )
    await stage.shots("rated")
