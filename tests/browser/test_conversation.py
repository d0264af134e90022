"""One conversation: drafts, limits, links, keys, quick replies, house rules; nothing axe calls serious."""

import asyncio

import pytest
from playwright.async_api import Locator

from huaxin.simulation.story.browser import no_sideways_scroll
from tests.browser.conftest import Cast, Held, Hold, until
from tests.browser.test_quality import findings
from tests.browser.test_talk import enlarged, menu, really, row


async def test_a_draft_stays_on_its_device_and_too_long_a_text_is_said_so(hold: Hold, cast: Cast) -> None:
    """CV: nothing that is typed is lost, nothing is silently cut."""
    phone = await hold("buyer", "li", f"orders/{cast.order}")
    field = phone.page.get_by_label("写点什么…")
    await field.fill("还没写完")
    await until(lambda: drafted(phone, "还没写完"))
    await phone.page.reload()
    await until(lambda: really(says(field, "还没写完")))
    await field.fill("长" * 4012)
    await phone.page.locator(".composer .count", has_text="超出 12 字").wait_for()
    assert await phone.page.locator(".composer .send").is_disabled()
    await field.fill("长" * 4000)
    await field.press("Enter")
    await until(lambda: really(says(field, "")))
    await until(lambda: _arrived(cast, "长" * 4000))


async def says(field: Locator, words: str) -> bool:
    return await field.input_value() == words


async def drafted(held: Held, words: str) -> bool:
    found = await held.page.evaluate(
        """async () => {
          const answer = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result) })
          const db = await answer(indexedDB.open('huaxin-buyer'))
          const rows = await answer(db.transaction('drafts').objectStore('drafts').getAll())
          db.close()
          return rows.map((row) => row.text)
        }"""
    )
    return bool(found == [words])


async def _arrived(cast: Cast, words: str) -> bool:
    return words in await cast.texts()


async def test_links_lead_where_they_say_and_nothing_else_is_one(hold: Hold, cast: Cast) -> None:
    """CV: http and https only, the host in sight, no script."""
    for text in ("看 https://example.com/gate?a=1。", "javascript:alert(1)", "<img src=x onerror=alert(1)>"):
        await cast.zhang.done("say", order=cast.order, text=text)
    phone = await hold("buyer", "li", f"orders/{cast.order}")
    await row(phone, "onerror").wait_for()
    links = phone.page.locator(".conversation .text a")
    assert await links.count() == 1
    assert await links.get_attribute("href") == "https://example.com/gate?a=1"
    assert set((await links.get_attribute("rel") or "").split()) >= {"noopener", "noreferrer"}
    assert await links.inner_text() == "example.com/gate?a=1"
    assert await phone.page.locator(".conversation .text img").count() == 0


async def test_everything_is_reached_with_keys(hold: Hold, cast: Cast) -> None:
    """SCREENS: by keyboard: to a message, its menu, an answer with a mention, and away again."""
    await cast.li.done("say", order=cast.order, text="请按门铃")
    desk = await hold("shop", "owner", f"orders/{cast.order}")
    await row(desk, "请按门铃").wait_for()
    await desk.page.locator(".conversation .list").focus()
    await desk.page.keyboard.press("ArrowUp")
    await desk.page.keyboard.press("Enter")
    await desk.page.locator("dialog.menu[open]").wait_for()
    for _ in range(6):  # past the six marks
        await desk.page.keyboard.press("ArrowDown")
    await desk.page.keyboard.press("Enter")
    field = desk.page.get_by_label("写点什么…")
    await until(lambda: field.evaluate("one => one === document.activeElement"))
    await desk.page.locator(".about", has_text="李女士").wait_for()
    await field.press_sequentially("好的 @配")
    await desk.page.get_by_role("option", name="@配送员").wait_for()
    await field.press("Enter")
    await field.press_sequentially("到了按门铃")
    await field.press("Enter")
    await desk.page.locator(".bubble .quote", has_text="请按门铃").wait_for()
    zhang = await hold("courier", "zhang", f"orders/{cast.order}")
    await zhang.page.get_by_text("提到了你").wait_for()


async def test_the_shop_finds_what_was_said_on_any_order(hold: Hold, cast: Cast) -> None:
    """SE: over all orders of the shop, by keyboard; a hit opens at the words."""
    await cast.zhang.done("say", order=cast.order, text="花盒放在蓝色信箱上面了")
    desk = await hold("shop", "owner")
    await desk.page.locator(".lists").wait_for()
    await desk.page.keyboard.press("/")
    await desk.page.keyboard.type("蓝色信箱上面了")

    async def found() -> bool:
        if await desk.page.get_by_text("现在搜索太慢了").count():  # a busy machine: as one is told to do
            await desk.page.keyboard.press("Backspace")
            await asyncio.sleep(1)
        return bool(await desk.page.locator(".lists mark", has_text="蓝色信").count())

    await until(found)
    await desk.page.keyboard.press("ArrowDown")
    await desk.page.keyboard.press("Enter")
    await desk.page.locator(".slot.flash", has_text="蓝色信箱").wait_for()


async def test_the_shop_edits_its_quick_replies_and_the_courier_has_them(hold: Hold, cast: Cast) -> None:
    """CV: per role and shop; deleted ones give way to the usual ones."""
    desk = await hold("shop", "owner", f"orders/{cast.order}")
    await desk.page.get_by_role("button", name="对话设置").click()
    await desk.page.get_by_role("button", name="编辑快捷回复").click()
    sheet = desk.page.get_by_role("dialog", name="编辑快捷回复")
    await sheet.get_by_role("radio", name="配送员").click()
    await until(lambda: really(says(sheet.get_by_label("中文 1", exact=True), "花已取到,马上出发")))
    await sheet.get_by_label("中文 1", exact=True).fill("花在箱子里,放心")
    await sheet.get_by_role("button", name="保存").click()
    await sheet.wait_for(state="hidden")
    zhang = await hold("courier", "zhang", f"orders/{cast.order}")
    await zhang.page.get_by_role("button", name="花在箱子里,放心").click()
    await until(lambda: _arrived(cast, "花在箱子里,放心"))
    await cast.owner.done("set_quick_replies", shop="huaxin", role="courier", replies=[])


async def test_house_rules_are_within_reach(hold: Hold, cast: Cast) -> None:
    """HR-3, HR-4, HR-6, HR-11: mute, block, report and take the conversation along."""
    await cast.zhang.done("say", order=cast.order, text="有点晚了")
    phone = await hold("buyer", "li", f"orders/{cast.order}")
    await row(phone, "有点晚了").wait_for()
    await until(lambda: really(enlarged(phone)))
    await menu(phone, "有点晚了", "举报")
    await phone.page.get_by_role("dialog").get_by_role("button", name="其他").click()
    await phone.page.locator(".conversation .report", has_text="举报").wait_for()
    await phone.page.get_by_role("button", name="对话设置").click()
    sheet = phone.page.get_by_role("dialog", name="对话设置")
    for name in ("消息免打扰", "不看配送员的消息"):
        switch = sheet.get_by_role("switch", name=name)
        await switch.click()
        await until(lambda switch=switch: really(checked(switch)))
    async with phone.page.expect_download() as taken:
        await sheet.get_by_role("button", name="数据文件").click()
    assert (await taken.value).suggested_filename.endswith(".json")
    snapshot = await cast.li.order(cast.order)
    assert snapshot["muted"]
    assert [one["role"] for one in snapshot["order"]["blocks"]] == ["courier"]
    await cast.zhang.done("say", order=cast.order, text="这句您看不到")
    assert "这句您看不到" not in str((await cast.li.order(cast.order))["events"])
    desk = await hold("shop", "owner", f"orders/{cast.order}")
    await desk.page.get_by_role("button", name="已处理").click()
    await desk.page.locator(".conversation .report", has_text="举报已处理").wait_for()
    await cast.li.done("block_member", order=cast.order, role="courier", on=False)


async def checked(switch: Locator) -> bool:
    return await switch.get_attribute("aria-checked") == "true"


@pytest.mark.parametrize(("scheme", "language"), [("light", "zh-CN"), ("dark", "en")])
async def test_the_conversation_has_no_serious_findings(
    hold: Hold, cast: Cast, scheme: str, language: str
) -> None:
    """ST-46: with everything a message can have, its menu, the search and the sheets open."""
    said = await cast.li.done("say", order=cast.order, text="见 https://example.com/x")
    answer = await cast.zhang.done(
        "say", order=cast.order, text="@订花人 好的", reply_to=said["seq"], mentions=["buyer"]
    )
    await cast.li.done("react", order=cast.order, seq=answer["seq"], emoji="👍")
    await cast.li.done("pin_message", order=cast.order, seq=said["seq"])
    await cast.zhang.done("ask", order=cast.order, text="放哪里?", options=["楼上", "前台"])
    await cast.zhang.done("share_live", order=cast.order)
    await cast.li.done("ask_change", order=cast.order, promise={"end": cast.li.house.clock() + 4 * 3_600_000})
    lost = await cast.li.done("say", order=cast.order, text="说错了")
    await cast.li.done("recall_message", order=cast.order, seq=lost["seq"])
    zhang = await hold("courier", "zhang", f"orders/{cast.order}", size=(360, 740), language=language)
    page = zhang.page
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.locator(".conversation .live").wait_for()
    assert await findings(zhang) == []
    assert await no_sideways_scroll(page) == 0
    bubble = row(zhang, "@订花人").locator(".bubble")
    # Its upper corner: on so small a screen the way back to the newest lies over the rest of it.
    await bubble.click(button="right", position={"x": 6, "y": 6})
    await page.locator("dialog.menu[open]").wait_for()
    assert await findings(zhang) == []
    await page.keyboard.press("Escape")
    await page.locator(".composer [aria-haspopup]").click()
    await page.locator("dialog[open] .choices").wait_for()
    assert await findings(zhang) == []
    question = "提问" if language == "zh-CN" else "Question"
    await page.locator("dialog[open] .choices button", has_text=question).click()
    await page.locator("dialog[open] form.ask").wait_for()
    assert await findings(zhang) == []
    await page.keyboard.press("Escape")
    await page.locator(".conversation [role=toolbar] [aria-haspopup]").click()
    await page.locator("dialog[open] .house").wait_for()
    assert await findings(zhang) == []
    await page.keyboard.press("Escape")
    await page.locator(".conversation [role=toolbar] [aria-expanded]").click()
    await page.locator(".find input").fill("example")
    await page.locator(".hits mark").first.wait_for()
    assert await findings(zhang) == []
