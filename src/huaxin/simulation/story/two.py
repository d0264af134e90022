"""Story 2: two o'clock becomes five. Minutes, not half an hour of calls."""

from huaxin.orders.words import mask_phone
from huaxin.simulation.story import buyer as b
from huaxin.simulation.story import courier as c
from huaxin.simulation.story import shop as s
from huaxin.simulation.story.stage import See, Stage
from huaxin.simulation.story.words import (
    AT_GATE,
    CHANGE_ASKED,
    CONTACT,
    DELIVERED,
    PLACED,
    change_sent,
    changed,
    confirmed,
)

NOTE = "下午两点前送到公司"
WISH = b.Wish(
    bouquet="红玫瑰花束",
    recipient="陈小姐",
    phone="13900002222",
    address="花信大厦",
    detail="12 楼前台",
    note=NOTE,
)


async def play(stage: Stage) -> None:
    stage.begin(2, "two o'clock becomes five")
    await stage.pass_to("mon 10:00")
    chen = b.Buyer(await stage.screen("buyer", "陈先生"))
    owner = s.Shop(await stage.screen("shop", "林老板"))
    zhang = c.Courier(await stage.screen("courier", "张师傅"))
    await chen.sign_in()
    await owner.sign_in()
    await zhang.sign_in(await stage.shop_point())
    await _ordered(stage, chen, owner, zhang)
    await stage.pass_to("12:00")
    await _moved(stage, chen, owner, zhang)
    await _kept(stage, chen, owner, zhang)
    await stage.leave(chen.screen, zhang.screen, owner.screen)


async def _ordered(stage: Stage, chen: b.Buyer, owner: s.Shop, zhang: c.Courier) -> None:
    buyer, shop, courier = chen.screen, owner.screen, zhang.screen
    await chen.prepare(WISH)
    await stage.cause(
        f"陈先生 orders with the note 「{NOTE}」",
        buyer,
        chen.place,
        See(buyer, PLACED),
        See(shop, "等待确认", ".lists .row .reason strong", False, "the order under 「需要处理」"),
    )
    order = await chen.order_id()
    await owner.open(order)
    words = confirmed("今天下午两点前")
    await stage.cause(
        "the shop confirms", shop, lambda: owner.act("确认订单"), See(buyer, words), See(shop, words)
    )
    await owner.begin_assigning()
    await stage.cause(
        "the shop gives it to 张师傅",
        shop,
        lambda: owner.assign("张师傅"),
        See(courier, "红玫瑰花束", "section.pickup li", False, "the order among the pick-ups"),
        See(buyer, "张师傅", b.WHO, False, "who will bring it"),
    )
    await stage.shots("ordered")


async def _moved(stage: Stage, chen: b.Buyer, owner: s.Shop, zhang: c.Courier) -> None:
    buyer, shop, courier = chen.screen, owner.screen, zhang.screen
    await chen.begin_change("下午五点")
    await stage.cause(
        "a meeting comes up: 陈先生 moves it to five",
        buyer,
        chen.ask_change,
        See(courier, CHANGE_ASKED, "dialog[open] h2"),
        See(shop, CHANGE_ASKED),
        See(shop, "变更待答复", ".lists .row .reason strong", False, "the change under 「需要处理」"),
        See(buyer, change_sent("张师傅")),
    )
    await buyer.must_not_see(CHANGE_ASKED)
    await stage.shots("asked")
    words = changed("下午五点", "张师傅")
    await stage.cause(
        "张师傅 confirms",
        courier,
        zhang.accept_change,
        See(buyer, words),
        See(shop, words),
        See(courier, "下午 4:30–5:00", "section.pickup li small", False, "the new time on the card"),
    )
    await stage.shots("moved")
    await courier.must_not_see("¥", "259")


async def _kept(stage: Stage, chen: b.Buyer, owner: s.Shop, zhang: c.Courier) -> None:
    buyer, shop, courier = chen.screen, owner.screen, zhang.screen
    await stage.pass_to("16:10")
    await stage.cause(
        "the bouquet is ready",
        shop,
        lambda: owner.act("制作完成"),
        See(buyer, "待取货", b.STATE),
        See(courier, "已备好", "section.pickup li small", False, "ready to be taken"),
    )
    await stage.pass_to("16:40")
    await stage.cause(
        "张师傅 takes the flowers",
        courier,
        zhang.pick_up,
        See(buyer, CONTACT.format(courier="张师傅", phone=mask_phone("13800000011"))),
    )
    await stage.cause("张师傅 sets off", courier, zhang.set_off, See(buyer, "配送中", b.STATE))
    await stage.pass_to("16:50")
    await stage.cause("张师傅 is there", courier, zhang.arrived, See(buyer, AT_GATE))
    await zhang.begin_delivering()
    await stage.cause(
        "delivered before five",
        courier,
        lambda: zhang.deliver("前台"),
        See(buyer, DELIVERED),
        See(shop, DELIVERED),
    )
    await stage.shots("delivered")
