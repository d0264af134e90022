"""Cards, media and house rules on two devices of each of two people: what one does, all four show."""

import asyncio
import re
from pathlib import Path

from playwright.async_api import Page

from huaxin.live.clock import Clock
from tests.browser.conftest import Cast, Held, Hold, signed_in, until
from tests.browser.media import SOUNDS, choose, loaded, moved, send_chosen, send_voice, sound, talk
from tests.browser.test_conversation import checked
from tests.browser.test_pending import say
from tests.browser.test_talk import Four, enlarged, four, has, lacks, marked, menu, really, row
from tests.house import log_in, open_house, place
from tests.unit.media import samples


async def test_cards_are_edited_in_place_act_once_and_show_who_acted(hold: Hold, cast: Cast) -> None:
    """CV: a wish to change, a trouble and the way itself; the shop answers on one device."""
    pages = await four(hold, cast, "shop", "owner")
    desk, counter = pages.rider, pages.spare
    later = cast.li.house.clock() + 4 * 3_600_000
    await cast.li.done("ask_change", order=cast.order, promise={"end": later})
    await pages.step("a wish", has("等待答复", ".card.change"))
    assert await pages.phone.page.locator(".card.change").get_by_role("button", name="同意修改").count() == 0
    await counter.page.locator(".card.change").get_by_role("button", name="同意修改").wait_for()
    await desk.page.locator(".card.change").get_by_role("button", name="同意修改").click()
    await pages.step("answered, by whom", has("花店", ".card.change.good .facts"))
    for held in pages.all:
        assert await held.page.locator(".card.change").count() == 1
        await until(lambda held=held: really(is_none(held, ".card.change button")))

    await cast.li.done("ask_change", order=cast.order, promise={"end": later + 3_600_000})
    await until(lambda: really(counted(counter, ".card.change", 2)))
    second = counter.page.locator(".card.change").last
    await second.get_by_role("button", name="不同意").click()
    await second.get_by_label("原因(可不填)").fill("明天没有配送员")
    await second.get_by_role("button", name="不同意").click()
    await pages.step("declined, with its reason", has("明天没有配送员", ".card.change.warn"))

    await cast.owner.done("mark_ready", order=cast.order)
    await cast.zhang.done("pick_up", order=cast.order)
    await cast.zhang.done("report_incident", order=cast.order, reason="vehicle_breakdown", note="轮胎没气了")
    await pages.step("a trouble", has("车辆故障", ".card.incident.alarm"))
    await until(lambda: really(has("轮胎没气了", ".card.incident")(counter)))
    await pages.step("the way itself", has("张师傅", ".card.status"))
    await desk.page.locator(".card.incident").get_by_role("button").first.click()
    await pages.step("settled, by whom", has("花店", ".card.incident.good .facts"))

    before = " ".join(await pages.phone.texts(".card.status"))
    await cast.zhang.done("set_off", order=cast.order)
    await until(lambda: really(differs(pages.phone, ".card.status", before)))
    await say(pages.phone, "到哪了?")
    await pages.step("the system's answer", has("系统自动回答", ".answer"))
    assert (await cast.li.order(cast.order))["events"][-1]["type"] == "answer_given"


async def is_none(held: Held, selector: str) -> bool:
    return await held.page.locator(selector).count() == 0


async def counted(held: Held, selector: str, count: int) -> bool:
    return await held.page.locator(selector).count() == count


async def differs(held: Held, selector: str, before: str) -> bool:
    return " ".join(await held.texts(selector)) != before


async def test_a_question_is_over_at_its_time(data: Path, hold: Hold) -> None:
    """CV: buttons expire where the page is open already, by the shop's clock."""
    clock = Clock(start_ms=1_900_000_000_000)
    async with open_house(data, clock=clock) as house:
        li, owner = [await log_in(house, name) for name in ("li", "owner")]
        order = await place(li)
        await owner.done("ask", order=order, text="要贺卡吗?", options=["要", "不要"], minutes=1)
        phone = await hold("buyer", url=house.url)
        await phone.page.evaluate(await signed_in(house, "buyer", "li"))
        await phone.page.goto(f"{house.url}/buyer/orders/{order}")
        await phone.page.locator(".question").get_by_role("button", name="不要").wait_for()
        clock.step(70_000)
        await phone.page.reload()
        await phone.page.get_by_text("提问已结束").wait_for()
        assert await phone.page.locator(".question button:enabled").count() == 0
        refused = await li.do("answer_question", order=order, seq=2, option=0)
        assert refused.status_code >= 400
        for member in (li, owner):
            await member.http.aclose()


async def test_media_are_seen_and_heard_on_every_device(hold: Hold, cast: Cast, tmp_path: Path) -> None:
    """ME: a picture, a file, a voice message from one device; all four have them, one plays on the tablet."""
    pages = await four(hold, cast)
    for held in pages.all:
        await held.page.evaluate(SOUNDS)
    for name, body in (("a.jpg", samples.jpeg()), ("说明.pdf", b"%PDF-1.7 \n")):
        (tmp_path / name).write_bytes(body)
    await choose(pages.phone, tmp_path / "a.jpg")
    await send_chosen(pages.phone)
    await pages.step("picture", picture)
    await choose(pages.rider, tmp_path / "说明.pdf", way="file")
    await send_chosen(pages.rider)
    await pages.step("file", has("说明.pdf", ".file"))
    await send_voice(cast, samples.sound(tmp_path / "a.webm", 1.5, "webm", "libopus"), "voice.webm")
    await pages.step("voice", has("", ".voice"))
    for held in (pages.rider, pages.spare):
        await held.page.locator(".conversation .voice").get_by_role("button", name="播放").first.click()
        await until(lambda held=held: moved(held, 0.2))
        assert abs((await sound(held))["long"] - 1.5) < 0.15


async def picture(held: Held) -> bool:
    return await loaded(held, ".conversation .tile img", 1)


async def test_a_long_press_a_pin_on_the_map_and_words_for_fewer(hold: Hold, cast: Cast) -> None:
    """CV: under a finger the menu comes from below; a place is tapped on the map; fewer are addressed."""
    pages = await four(hold, cast, "shop", "owner")
    phone, tablet, desk = pages.phone, pages.tablet, pages.rider
    await say(desk, "花已经包好")
    await pages.step("text", has("花已经包好"))
    await pressed(phone, "花已经包好")
    opened = phone.page.locator("dialog.menu[open]")
    await opened.wait_for()
    box = await opened.bounding_box()
    size = phone.page.viewport_size
    assert box is not None
    assert size is not None
    assert box["y"] + box["height"] > size["height"] - 24
    await opened.get_by_role("button", name="表态:送花").click()
    await pages.step("a flower", marked("送花"))

    await tablet.page.locator(".composer").get_by_role("button", name="更多", exact=True).click()
    await tablet.page.get_by_role("dialog").get_by_role("button", name="发送位置").click()
    canvas = tablet.page.get_by_role("dialog").locator(".leaflet-container")
    await canvas.click(position={"x": 90, "y": 70})
    await until(lambda: really(enabled(tablet.page, "发送这个位置")))
    await tablet.page.get_by_role("button", name="发送这个位置").click()
    await pages.step("a pin", has("", ".place"))

    await desk.page.get_by_role("radio", name="只给订花人").click()
    await say(desk, "悄悄说一句")
    await pages.step("to fewer, plainly", has("只给订花人", ".only"))
    assert "悄悄说一句" not in str((await cast.zhang.order(cast.order))["events"])
    await menu(desk, "悄悄说一句", "撤回")
    for held in (phone, tablet):
        await until(lambda held=held: really(lacks("悄悄说一句")(held)))
    await until(lambda: really(has("悄悄说一句", ".traced")(pages.spare)))


async def pressed(held: Held, text: str) -> None:
    """A finger that stays on a message until its menu is there."""
    touch = await held.context.new_cdp_session(held.page)
    target = row(held, text).locator(".bubble")
    await target.scroll_into_view_if_needed()
    box = await target.bounding_box()
    assert box is not None
    points = [{"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}]
    await touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points})
    await held.page.locator("dialog.menu[open]").wait_for()
    await touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


async def enabled(page: Page, name: str) -> bool:
    return await page.get_by_role("button", name=name).is_enabled()


async def test_another_order_a_page_to_print_and_a_device_sent_away(hold: Hold, cast: Cast) -> None:
    """CV, HR-11, NTF-32: forwarded to another order, exported to print, signed out from afar."""
    other = await place(cast.li)
    await cast.li.done("say", order=cast.order, text="两单一起送 👍<b>")
    desk = await talk(hold, "shop", cast)
    lost = await hold("shop", "owner", f"orders/{other}")
    await lost.page.locator(".conversation .composer").wait_for()
    number = (await cast.li.order(other))["order"]["number"]
    await menu(desk, "两单一起送", "转发")
    await desk.page.get_by_role("dialog").get_by_role("button", name=f"#{number}").click()
    await until(lambda: really(has("两单一起送", ".bubble")(lost)))
    await lost.page.locator(".conversation .tag", has_text="转发").wait_for()

    await desk.page.get_by_role("button", name="对话设置").click()
    async with desk.page.expect_download() as taken:
        await desk.page.get_by_role("dialog").get_by_role("button", name="可打印的网页").click()
    html = await asyncio.to_thread((await (await taken.value).path()).read_text)
    printed = await desk.context.new_page()
    asked: list[str] = []
    printed.on("request", lambda one: asked.append(one.url))
    await printed.set_content(html)
    assert "两单一起送 👍<b>" in await printed.locator("body").inner_text()
    assert [url for url in asked if re.match("https?:", url)] == []
    await printed.close()

    await desk.page.get_by_role("button", name="设置", exact=True).click()
    sheet = desk.page.get_by_role("dialog", name="设置")
    ends = sheet.get_by_role("button", name=re.compile("browser test"))
    await ends.first.wait_for()
    while await ends.count():
        left = await ends.count()
        await ends.first.click()
        await ends.first.click()
        await until(lambda left=left: really(fewer(desk.page, left)))
    await lost.page.locator("input[type=tel]").first.wait_for()
    await cast.owner.done("cancel_order", order=other, reason="")


async def fewer(page: Page, than: int) -> bool:
    return (
        await page.get_by_role("dialog").get_by_role("button", name=re.compile("browser test")).count() < than
    )


async def test_what_is_typed_and_read_on_one_device(hold: Hold, cast: Cast) -> None:
    """CV: typing is seen by the others; drafts belong to their device; read marks come with who has read."""
    pages: Four = await four(hold, cast)
    field = pages.rider.page.get_by_label("写点什么…")
    await field.press_sequentially("马上")
    for held in (pages.phone, pages.tablet):
        await held.page.locator(".conversation .typing", has_text="张师傅").wait_for()
    assert await pages.spare.page.get_by_label("写点什么…").input_value() == ""
    await field.press_sequentially("到")
    await field.press("Enter")
    await pages.step("text", has("马上到"))
    await pages.rider.page.locator(".conversation .after", has_text="订花人").wait_for()
    for held in pages.all:
        assert await enlarged(held)


async def test_an_order_muted_on_one_device_is_muted_on_the_other(hold: Hold, cast: Cast) -> None:
    """HR-3: muted on one device is muted on the other; the shop is told nothing."""
    phone, tablet = [await talk(hold, "buyer", cast) for _ in range(2)]
    for held in (phone, tablet):
        await until(lambda held=held: really(enlarged(held)))
    await phone.page.get_by_role("button", name="对话设置").click()
    await phone.page.get_by_role("switch", name="消息免打扰").click()
    await until(lambda: really(is_muted(cast)))
    await tablet.page.reload()
    await tablet.page.locator(".conversation").wait_for()
    await until(lambda: really(enlarged(tablet)))
    await tablet.page.get_by_role("button", name="对话设置").click()
    switch = tablet.page.get_by_role("switch", name="消息免打扰")
    await until(lambda: really(checked(switch)))
    assert "mute" not in str((await cast.owner.order(cast.order))["events"])


async def is_muted(cast: Cast) -> bool:
    return bool((await cast.li.order(cast.order))["muted"])
