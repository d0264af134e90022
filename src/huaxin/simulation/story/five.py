"""Story 5: which door? A gate code that is wrong, an address too thin: a video call shows the way."""

from huaxin.simulation.story import buyer as b
from huaxin.simulation.story import courier as c
from huaxin.simulation.story import shop as s
from huaxin.simulation.story.calls import CALL_LINE, Call
from huaxin.simulation.story.stage import MINUTE, See, Stage
from huaxin.simulation.story.timings import MEDIA_MS
from huaxin.simulation.story.words import AT_GATE, DELIVERED, PLACED, confirmed

NOTE = "中午十二点前送到"
WISH = b.Wish(
    bouquet="红玫瑰花束",
    recipient="周小姐",
    phone="13900005555",
    address="阳光小区",
    note=NOTE,
    gate="门禁码 2580#",
)


async def play(stage: Stage) -> None:
    stage.begin(5, "which door?")
    await stage.pass_to("thu 09:00")
    li = b.Buyer(await stage.screen("buyer", "李女士"))
    owner = s.Shop(await stage.screen("shop", "林老板"))
    zhang = c.Courier(await stage.screen("courier", "小张"))
    for person in (li, owner):
        await person.sign_in()
    await zhang.sign_in(await stage.shop_point())
    await _to_the_gate(stage, li, owner, zhang)
    await _shown(stage, li, zhang)
    await _delivered(stage, li, owner, zhang)
    await stage.leave(li.screen, zhang.screen, owner.screen)


async def _to_the_gate(stage: Stage, li: b.Buyer, owner: s.Shop, zhang: c.Courier) -> None:
    buyer, shop, courier = li.screen, owner.screen, zhang.screen
    await li.prepare(WISH)
    await stage.cause("李女士 orders; the gate code is an old one", buyer, li.place, See(buyer, PLACED))
    order = await li.order_id()
    await owner.open(order)
    await stage.cause(
        "the shop confirms", shop, lambda: owner.act("确认订单"), See(buyer, confirmed("今天中午十二点前"))
    )
    await stage.cause(
        "the bouquet is ready", shop, lambda: owner.act("制作完成"), See(buyer, "已备好", b.STATE)
    )
    await owner.begin_assigning()
    await stage.cause(
        "the shop gives it to 小张",
        shop,
        lambda: owner.assign("小张"),
        See(courier, "红玫瑰花束", "section.pickup li", False, "the order among the pick-ups"),
    )
    await stage.pass_to("11:00")
    await stage.cause("小张 takes the flowers", courier, zhang.pick_up, See(buyer, "已取货", b.STATE))
    await stage.cause("小张 sets off", courier, zhang.set_off, See(buyer, "配送中", b.STATE))
    await stage.pass_ms(20 * MINUTE)
    await stage.cause("at the gate, but it does not open", courier, zhang.arrived, See(buyer, AT_GATE))


async def _shown(stage: Stage, li: b.Buyer, zhang: c.Courier) -> None:
    buyer, courier = li.screen, zhang.screen
    asks, shows = Call(courier), Call(buyer)
    await stage.cause(
        "2580# is wrong: 小张 rings with a picture, in the order",
        courier,
        lambda: asks.ring("buyer", "video"),
        See(buyer, "视频来电", "dialog.ring .media", False, "the ring"),
        See(buyer, "小张", "dialog.ring h2", False, "who rings"),
    )
    await stage.shots("ringing")
    await stage.cause(
        "李女士 answers",
        buyer,
        shows.answer,
        See(courier, "00:0", f"{Call.SCREEN} .length", False, "they talk", MEDIA_MS),
        See(buyer, "00:0", f"{Call.SCREEN} .length", False, "they talk", MEDIA_MS),
    )
    await shows.seen()
    await asks.seen()
    await stage.cause(
        "「左边第二个门」: she points at it on his picture",
        buyer,
        shows.point,
        See(courier, "对方在指这里", f"{Call.SCREEN} .said", False, "the finger on his screen"),
    )
    await stage.shots("pointing")
    await stage.cause(
        "she keeps a still of the right door",
        buyer,
        shows.keep_still,
        See(buyer, "照片已存到对话里", f"{Call.SCREEN} .says", False, "the still is kept"),
    )
    await stage.cause(
        "they hang up",
        courier,
        asks.hang_up,
        See(buyer, "视频通话 00:", CALL_LINE, False, "the line of the call"),
    )


async def _delivered(stage: Stage, li: b.Buyer, owner: s.Shop, zhang: c.Courier) -> None:
    buyer, shop, courier = li.screen, owner.screen, zhang.screen
    await zhang.open_talk()
    picture = courier.page.locator(".conversation article.row img").first
    await picture.wait_for()
    stage.say("the still stays in the conversation, on all three screens")
    await shop.page.locator(f"{s.PANEL} .conversation article.row img").first.wait_for()
    await stage.shots("still")
    await zhang.close_talk()
    await zhang.begin_delivering()
    await stage.cause(
        "delivered at the second door",
        courier,
        lambda: zhang.deliver("本人"),
        See(buyer, DELIVERED),
        See(shop, "已送达", s.STATUS),
    )
