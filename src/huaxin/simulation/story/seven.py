"""Story 7: no more pink roses. Proposed with a photo and the price, agreed with a tap, only then made."""

from io import BytesIO

from PIL import Image, ImageDraw

from huaxin.simulation.story import buyer as b
from huaxin.simulation.story import shop as s
from huaxin.simulation.story.screen import StoryFailure
from huaxin.simulation.story.stage import See, Stage
from huaxin.simulation.story.words import PLACED, SUBSTITUTE_ACCEPTED, SUBSTITUTE_ASKED, confirmed

WISH = b.Wish(
    bouquet="粉玫瑰花束",
    recipient="周小姐",
    phone="13900007777",
    address="花信大厦",
    detail="12 楼前台",
    day="今天",
    slot="15:00–17:00",
)
CARD = "section.card .note b"
_BLOOMS = ((120, 130), (210, 95), (300, 140), (165, 220), (260, 225), (210, 310))


async def play(stage: Stage) -> None:
    stage.begin(7, "no more pink roses")
    await stage.pass_to("thu 10:00")
    li = b.Buyer(await stage.screen("buyer", "李女士"))
    owner = s.Shop(await stage.screen("shop", "林老板"))
    await li.sign_in()
    await owner.sign_in()
    order = await _ordered(stage, li, owner)
    await _proposed(stage, li, owner)
    await _agreed(stage, li, owner, order)
    await stage.leave(li.screen, owner.screen)


async def _ordered(stage: Stage, li: b.Buyer, owner: s.Shop) -> str:
    buyer, shop = li.screen, owner.screen
    await li.prepare(WISH)
    await stage.cause(
        "李女士 orders pink roses, and would rather be asked", buyer, li.place, See(buyer, PLACED)
    )
    order = await li.order_id()
    await owner.open(order)
    await stage.cause(
        "the shop confirms", shop, lambda: owner.act("确认订单"), See(buyer, confirmed("今天下午"))
    )
    return order


async def _proposed(stage: Stage, li: b.Buyer, owner: s.Shop) -> None:
    buyer, shop, page = li.screen, owner.screen, owner.page
    await owner.act("更多操作")
    await owner.act("花材替换…")
    sheet = page.get_by_role("dialog")
    await sheet.get_by_label("什么缺货").select_option(label="粉玫瑰")
    await sheet.get_by_label("换成什么花").fill("香槟玫瑰")
    await sheet.get_by_label("每束差价").fill("20")
    photo = {"name": "champagne.png", "mimeType": "image/png", "buffer": _photo()}
    await sheet.locator("input[type=file]").set_input_files(photo)  # type: ignore[arg-type]  # a file in memory
    await sheet.get_by_role("img", name="第 1 张照片").wait_for()
    await stage.shots("proposing")
    words = SUBSTITUTE_ASKED.format(stem="粉玫瑰", name="香槟玫瑰", difference="要补 ¥20")
    await stage.cause(
        "no more pink roses: the shop proposes champagne ones",
        shop,
        lambda: sheet.get_by_role("button", name="发给顾客确认").click(),
        See(buyer, words),
        See(buyer, "花店想换一种花", CARD, True, "both pictures and the price on the card"),
        See(shop, words),
    )
    if await page.locator(s.PANEL).get_by_role("button", name="开始制作", exact=True).count():
        raise StoryFailure("nothing may be made before the buyer has agreed")
    await stage.shots("proposed")


async def _agreed(stage: Stage, li: b.Buyer, owner: s.Shop, order: str) -> None:
    buyer, shop = li.screen, owner.screen
    words = SUBSTITUTE_ACCEPTED.format(stem="粉玫瑰", name="香槟玫瑰")
    await stage.cause(
        "李女士 taps yes", buyer, lambda: buyer.tap("同意"), See(buyer, words), See(shop, words)
    )
    await stage.cause(
        "only now is it made", shop, lambda: owner.act("开始制作"), See(buyer, "制作中", b.STATE)
    )
    await stage.shots("made")
    kept = await stage.order(order)
    (line,), (change,) = kept.lines, kept.substitutions
    recipe = [(one.name, one.count) for one in line.recipe]
    if (line.price, recipe[0], change.before[0].price) != (25900, ("香槟玫瑰", 11), 23900):
        raise StoryFailure("recipe and price, before and after, must stay on the order")


def _photo() -> bytes:
    """What the florist's phone would show: champagne roses on the bench."""
    picture = Image.new("RGB", (420, 420), (236, 228, 214))
    draw = ImageDraw.Draw(picture)
    for x, y in _BLOOMS:
        draw.line((x, y, 210, 415), fill=(94, 128, 92), width=7)
    for x, y in _BLOOMS:
        for step, shade in enumerate(((231, 196, 150), (241, 213, 174), (222, 178, 128), (246, 226, 196))):
            size = 50 - 12 * step
            draw.ellipse((x - size, y - size, x + size, y + size), fill=shade)
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
