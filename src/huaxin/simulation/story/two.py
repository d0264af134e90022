"""Story 2: two o'clock becomes five. Minutes, not half an hour of calls."""

from huaxin.simulation.story import buyer as b
from huaxin.simulation.story import courier as c
from huaxin.simulation.story import shop as s
from huaxin.simulation.story.stage import See, Stage
from huaxin.simulation.story.words import CHANGE_ASKED, PLACED, change_sent, changed, confirmed

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
    order = await _ordered(stage, chen, owner, zhang)
    await stage.pass_to("12:00")
    await _moved(stage, chen, owner, zhang, order)
    await stage.leave(chen.screen, zhang.screen, owner.screen)


async def _ordered(stage: Stage, chen: b.Buyer, owner: s.Shop, zhang: c.Courier) -> str:
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
    return order


async def _moved(stage: Stage, chen: b.Buyer, owner: s.Shop, zhang: c.Courier, order: str) -> None:
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
        See(courier, "17:00", "section.pickup li small", False, "the new time on the card"),
    )
    await stage.shots("moved")
    await courier.must_not_see("¥", "259")
