"""Story 6: the bruised bouquet.

A surprise whose number nobody has before the door; then a broken bloom: complaint, a look at it by video,
offer, counter-offer and agreement in the conversation, with all the evidence in one place.
"""

import io

from PIL import Image, ImageDraw

from huaxin.orders.model import Order
from huaxin.simulation.story import buyer as b
from huaxin.simulation.story import courier as c
from huaxin.simulation.story import shop as s
from huaxin.simulation.story.calls import CALL_LINE, Call
from huaxin.simulation.story.screen import Screen, StoryFailure
from huaxin.simulation.story.stage import MINUTE, See, Stage
from huaxin.simulation.story.timings import MEDIA_MS
from huaxin.simulation.story.words import AT_GATE, DELIVERED, PLACED, agreed_on, complaint, confirmed, offered

PHONE = "13900006666"
POLICY = "惊喜:到门口之前不要联系收花人"
CARD = "section.card.alarm, section.card.good"
REASON = ".lists .row .reason strong"
WISH = b.Wish(
    bouquet="红玫瑰花束",
    recipient="苏小姐",
    phone=PHONE,
    address="云溪国际中心",
    detail="12层",
    day="今天",
    slot="15:00–17:00",
    card="猜猜我是谁",
    surprise=True,
)


async def play(stage: Stage) -> None:
    stage.begin(6, "the bruised bouquet")
    await stage.pass_to("thu 13:50")
    li = b.Buyer(await stage.screen("buyer", "李女士"))
    owner = s.Shop(await stage.screen("shop", "林老板"))
    wang = c.Courier(await stage.screen("courier", "王师傅"))
    for person in (li, owner):
        await person.sign_in()
    await wang.sign_in(await stage.shop_point())
    order = await _at_the_door(stage, li, owner, wang)
    await _broken(stage, li, owner)
    await _looked_at(stage, li, owner)
    await _settled(stage, li, owner, order)
    await _evidence(stage, owner, order)
    await stage.leave(li.screen, wang.screen, owner.screen)


async def _at_the_door(stage: Stage, li: b.Buyer, owner: s.Shop, wang: c.Courier) -> str:
    buyer, shop, courier = li.screen, owner.screen, wang.screen
    await li.prepare(WISH)
    await stage.shots("surprise")
    await stage.cause("李女士 orders roses, a surprise", buyer, li.place, See(buyer, PLACED))
    order = await li.order_id()
    await owner.open(order)
    await shop.page.locator(s.PANEL).get_by_text(POLICY).first.wait_for()
    await stage.cause(
        "the shop confirms", shop, lambda: owner.act("确认订单"), See(buyer, confirmed("今天下午"))
    )
    await stage.cause(
        "the bouquet is ready", shop, lambda: owner.act("制作完成"), See(buyer, "已备好", b.STATE)
    )
    await owner.begin_assigning()
    await stage.cause(
        "the shop gives it to 王师傅",
        shop,
        lambda: owner.assign("王师傅"),
        See(courier, "红玫瑰花束", "section.pickup li", False, "the order among the pick-ups"),
    )
    await stage.pass_to("14:40")
    await stage.cause(
        "王师傅 takes the flowers, and reads the policy before the call button",
        courier,
        wang.pick_up,
        See(buyer, "已取货", b.STATE),
        See(courier, POLICY, f"{c.CARD} .policy", False, "the contact policy"),
    )
    await stage.cause("王师傅 sets off", courier, wang.set_off, See(buyer, "配送中", b.STATE))
    if PHONE in await courier.page.content():
        raise StoryFailure("the number must not be on the courier's page before the door")
    await stage.shots("policy")
    await stage.pass_ms(20 * MINUTE)
    await stage.cause(
        "at the door the number is there",
        courier,
        wang.arrived,
        See(buyer, AT_GATE),
        See(courier, "呼叫", f"{c.CARD} a[href='tel:{PHONE}']", False, "the call button"),
    )
    await wang.begin_delivering()
    camera = courier.page.locator("dialog[open] input[type=file]")
    if await camera.count():
        await _photograph(courier, "handed-over", (146, 32, 58))
    await stage.cause(
        "delivered",
        courier,
        lambda: wang.deliver("本人"),
        See(buyer, DELIVERED),
        See(shop, "已送达", s.STATUS),
    )
    return order


async def _broken(stage: Stage, li: b.Buyer, owner: s.Shop) -> None:
    buyer, shop = li.screen, owner.screen
    await buyer.tap("有问题")
    await buyer.tap("花有破损")
    await buyer.fill("具体情况", "有一朵折断了")
    await _photograph(buyer, "broken-bloom", (120, 86, 60))
    await stage.shots("complaint")
    await stage.cause(
        "a bloom is broken: 李女士 says so, with a photo",
        buyer,
        lambda: buyer.tap("告诉花店"),
        See(shop, complaint("花有破损", "有一朵折断了")),
        See(shop, "有客户反映问题", REASON, False, "the complaint under 「需要处理」"),
        See(buyer, "花有破损", f"{CARD} .head strong", False, "the card in the conversation"),
    )


async def _looked_at(stage: Stage, li: b.Buyer, owner: s.Shop) -> None:
    """The shop would like to see it: she shows it, and what was seen stays in the conversation."""
    buyer, shop = li.screen, owner.screen
    asks, shows = Call(shop), Call(buyer)
    await stage.cause(
        "the shop would like to see it: it rings with a picture",
        shop,
        lambda: asks.ring("buyer", "video"),
        See(buyer, "视频来电", "dialog.ring .media", False, "the ring"),
    )
    await stage.cause(
        "李女士 answers and shows the bloom",
        buyer,
        shows.answer,
        See(shop, "00:0", f"{Call.SCREEN} .length", False, "they talk", MEDIA_MS),
        See(buyer, "00:0", f"{Call.SCREEN} .length", False, "they talk", MEDIA_MS),
    )
    await asks.seen()
    await stage.cause(
        "the shop keeps what it sees",
        shop,
        asks.keep_still,
        See(shop, "照片已存到对话里", f"{Call.SCREEN} .says", False, "the still is kept"),
    )
    await stage.shots("seen")
    await stage.cause(
        "they hang up",
        buyer,
        shows.hang_up,
        See(shop, "通话已结束", "[data-call-over]", False, "it is said that it is over"),
    )
    await shop.page.locator(CALL_LINE, has_text="视频通话 00:").wait_for()


async def _settled(stage: Stage, li: b.Buyer, owner: s.Shop, order: str) -> None:
    buyer, shop = li.screen, owner.screen
    await owner.act("提出方案")
    await owner.act("30%")
    await shop.fill("附言", "是我们包装不够仔细")
    await stage.shots("offer")
    total = (await stage.order(order)).total
    part = round(total * 30 / 100)
    refund = f"退款 ¥{part // 100}.{part % 100:02d}(30%)"
    await stage.cause(
        "the shop offers 30% back",
        shop,
        lambda: owner.act("提出"),
        See(buyer, offered(refund, "是我们包装不够仔细")),
    )
    card = buyer.page.locator(CARD)
    await card.get_by_role("button", name="另提方案").click()
    await card.get_by_role("button", name="重做").click()
    await stage.cause(
        "李女士 would rather have a new one",
        buyer,
        lambda: card.get_by_role("button", name="提出", exact=True).click(),
        See(shop, "客户希望这样解决:免费重做一份。"),
    )
    await stage.shots("counter")
    await stage.cause(
        "the shop accepts",
        shop,
        lambda: owner.act("接受"),
        See(buyer, agreed_on("免费重做一份")),
        See(shop, agreed_on("免费重做一份")),
        See(shop, "已解决", f"{s.PANEL} {CARD} .state", False, "settled on the card"),
    )
    await stage.shots("settled")
    remake = await _remake(stage, owner, order)
    if (remake.total, remake.remake_of) != (0, order):
        raise StoryFailure("the remake must cost nothing and be linked to the first order")


async def _remake(stage: Stage, owner: s.Shop, order: str) -> Order:
    """The new order stands on the board by itself."""
    settled = (await stage.order(order)).complaint
    if settled is None or not settled.remake:
        raise StoryFailure("an agreed remake has an order of its own")
    await owner.page.locator(s.row(settled.remake)).first.wait_for()
    stage.say("the new order is on the board")
    return await stage.order(settled.remake)


async def _evidence(stage: Stage, owner: s.Shop, order: str) -> None:
    page = owner.page
    async with page.expect_download() as waiting:
        await owner.act("证据汇总")
    download = await waiting.value
    path = stage.folder / "6-evidence.html"
    stage.folder.mkdir(parents=True, exist_ok=True)
    await download.save_as(path)
    text = path.read_text("utf-8")
    number = (await stage.order(order)).number
    wanted = (
        f"订单 {number} 的证据汇总",
        "花有破损",
        "有一朵折断了",
        "免费重做一份",
        DELIVERED,
        "视频通话",
        "data:image/",
    )
    for words in wanted:
        if words not in text:
            raise StoryFailure(f"the evidence must say 「{words}」")
    stage.say(f"all evidence on one page: {text.count('<img')} pictures, {len(text) // 1000} kB")


async def _photograph(screen: Screen, name: str, colour: tuple[int, int, int]) -> None:
    """The phone's camera: a picture of something red on a table."""
    image = Image.new("RGB", (640, 480), (222, 210, 190))
    draw = ImageDraw.Draw(image)
    for n in range(7):
        x, y = 170 + (n % 4) * 90, 150 + (n // 4) * 120
        draw.ellipse((x, y, x + 80, y + 80), fill=colour)
        draw.line((x + 40, y + 80, 320, 460), fill=(60, 110, 70), width=8)
    kept = io.BytesIO()
    image.save(kept, "JPEG")
    camera = screen.page.locator("dialog[open] input[type=file]").first
    await camera.set_input_files({"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": kept.getvalue()})
    await screen.page.locator("dialog[open] .camera.taken img").first.wait_for()
