"""What can be done with messages, on two devices of each of two people: four pages that stay in step."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from playwright.async_api import Locator

from huaxin.compose import House
from huaxin.simulation.story.browser import no_sideways_scroll
from tests.browser.conftest import Cast, Held, Hold, until
from tests.browser.test_pending import say
from tests.browser.test_quality import findings

TABLET = (768, 1024)


@dataclass
class Four:
    """Two devices of the buyer and two of the courier, on the same conversation."""

    phone: Held
    tablet: Held
    rider: Held
    spare: Held

    @property
    def all(self) -> list[Held]:
        return [self.phone, self.tablet, self.rider, self.spare]

    async def step(self, what: str, check: Callable[[Held], Awaitable[bool]]) -> None:
        """Waits until it is so on all four; prints how long the slowest took (printed, not asserted)."""
        begun = time.monotonic()

        async def seen(held: Held) -> float:
            await until(lambda: _true(check(held)))
            return time.monotonic() - begun

        slowest = max(await asyncio.gather(*(seen(one) for one in self.all)))
        print(f"in step on four devices: {what}: {slowest * 1000:.0f} ms")


async def _true(answer: Awaitable[bool]) -> bool:
    return await answer


async def four(hold: Hold, cast: Cast) -> Four:
    path = f"orders/{cast.order}"
    pages = [
        await hold("buyer", "li", path),
        await hold("buyer", "li", path, size=TABLET),
        await hold("courier", "zhang", path),
        await hold("courier", "zhang", path, size=TABLET),
    ]
    for held in pages:
        await held.page.locator(".conversation").wait_for()
        await until(lambda held=held: enlarged(held))
    return Four(*pages)


async def enlarged(held: Held) -> bool:
    """A buyer pulls the conversation up; on a courier's phone it fills the page."""
    handle = held.page.locator(".sheet > .handle")
    if await handle.count() and await handle.get_attribute("aria-expanded") != "true":
        await handle.press("ArrowUp")
        return False
    return True


def row(held: Held, text: str) -> Locator:
    """The message that says so itself: one that answers it quotes it too."""
    page = held.page
    return page.locator(".conversation article.row").filter(has=page.locator(".text", has_text=text)).last


async def menu(held: Held, text: str, act: str) -> None:
    """Opens the menu of a message with a right click and chooses."""
    await row(held, text).locator(".bubble").click(button="right")
    await held.page.locator("dialog.menu[open]").get_by_role("button", name=act).click()


def has(text: str, inside: str = ".bubble") -> Callable[[Held], Awaitable[bool]]:
    async def check(held: Held) -> bool:
        return await held.page.locator(f".conversation {inside}", has_text=text).count() > 0

    return check


def lacks(text: str, inside: str = ".bubble") -> Callable[[Held], Awaitable[bool]]:
    async def check(held: Held) -> bool:
        return await held.page.locator(f".conversation {inside}", has_text=text).count() == 0

    return check


async def test_answers_marks_edits_pins_and_recalls_are_the_same_on_four_devices(
    hold: Hold, cast: Cast
) -> None:
    """CV: what is laid over a message lies there for everybody who sees it, at once."""
    pages = await four(hold, cast)
    phone, rider = pages.phone, pages.rider

    await say(phone, "门口有电动门")
    await pages.step("text", has("门口有电动门"))

    await menu(rider, "门口有电动门", "回复")
    await rider.page.locator(".about", has_text="回复 李女士").wait_for()
    await say(rider, "好的,我到了叫您")
    await pages.step("answer with its quote", has("门口有电动门", ".bubble .quote"))

    await menu(phone, "好的,我到了叫您", "赞")
    await pages.step("reaction", marked("赞"))
    await row(pages.tablet, "好的,我到了叫您").locator(".marks button").click()
    await pages.step("reaction taken off", unmarked)

    await menu(rider, "好的,我到了叫您", "修改")
    await say(rider, "好的,我到了给您发消息")
    await pages.step("edited", has("好的,我到了给您发消息"))
    await pages.step("said that it was edited", has("已修改", ".edited"))

    await menu(phone, "门口有电动门", "置顶")
    await pages.step("pinned", has("门口有电动门", ".pinned .words"))
    await menu(pages.tablet, "好的,我到了给您发消息", "回复")
    await pages.tablet.page.get_by_role("button", name="取消回复").click()

    await menu(rider, "好的,我到了给您发消息", "撤回")
    await pages.step("recalled", lacks("好的,我到了给您发消息"))
    await pages.step("said that it was recalled", has("撤回了一条消息", ".gone"))
    snapshot = await cast.li.order(cast.order)
    assert "我到了" not in str(snapshot["events"])


def marked(word: str) -> Callable[[Held], Awaitable[bool]]:
    async def check(held: Held) -> bool:
        return await held.page.locator(f".conversation .marks button[aria-label^='{word}']").count() > 0

    return check


async def unmarked(held: Held) -> bool:
    return await held.page.locator(".conversation .marks button").count() == 0


async def test_a_question_is_answered_once_and_shows_by_whom(hold: Hold, cast: Cast) -> None:
    """CV: buttons act once, show who acted, and cannot be tapped again."""
    pages = await four(hold, cast)
    rider = pages.rider
    await rider.page.locator(".composer").get_by_role("button", name="更多", exact=True).click()
    await rider.page.get_by_role("dialog").get_by_role("button", name="提问").click()
    await rider.page.get_by_label("想问什么").fill("放哪里好?")
    await rider.page.get_by_label("答案 1").fill("送上楼")
    await rider.page.get_by_label("答案 2").fill("放前台")
    await rider.page.get_by_role("button", name="发出提问").click()
    await pages.step("question", has("放哪里好?", ".question"))
    assert await rider.page.locator(".question button:enabled").count() == 0
    await pages.phone.page.locator(".question").get_by_role("button", name="放前台").click()
    await pages.step("answered, with the name", answered)
    for held in pages.all:
        assert await held.page.locator(".question button:enabled").count() == 0


async def answered(held: Held) -> bool:
    state = " ".join(await held.texts(".question .state"))
    return "选择了" in state and await held.page.locator(".question .chosen", has_text="放前台").count() == 1


async def test_a_live_position_moves_on_all_and_is_stopped(hold: Hold, cast: Cast) -> None:
    """CV: age, accuracy and what is left are shown; whoever shares ends it."""
    pages = await four(hold, cast)
    rider = pages.rider
    await rider.page.locator(".composer").get_by_role("button", name="更多", exact=True).click()
    await rider.page.get_by_role("dialog").get_by_role("button", name="实时位置").click()
    await rider.page.get_by_role("button", name="15 分钟").click()
    await pages.step("shared", has("共享", ".live .title"))
    await pages.step("where, how old, how exact", has("精确到", ".live .facts"))
    await rider.page.locator(".live").get_by_role("button", name="停止共享").click()
    await pages.step("stopped", has("实时位置共享已结束", ".live .title"))


async def test_a_place_from_the_map_and_a_forwarded_message(hold: Hold, cast: Cast) -> None:
    """CV: a place is picked by its name or on the map; a copy goes to fewer, and says so."""
    pages = await four(hold, cast)
    phone = pages.phone
    await phone.page.locator(".composer").get_by_role("button", name="更多", exact=True).click()
    await phone.page.get_by_role("dialog").get_by_role("button", name="发送位置").click()
    await phone.page.get_by_label("搜索地点").fill("阳光小区5号楼")
    await phone.page.locator(".found button").first.click()
    await phone.page.get_by_role("button", name="发送这个位置").click()
    await pages.step("place", has("阳光小区", ".place"))

    await say(pages.rider, "花有一点压到了")
    await pages.step("text", has("花有一点压到了"))
    await menu(phone, "花有一点压到了", "转发")
    await phone.page.get_by_role("dialog").get_by_role("button", name="只给花店").click()
    for held in (phone, pages.tablet):
        await until(lambda held=held: _true(has("转发", ".bubble .tag")(held)))
        await until(lambda held=held: _true(has("只给花店", ".only")(held)))
    seen = await cast.zhang.order(cast.order)
    assert not [e for e in seen["events"] if e["body"].get("forwarded")]


async def test_what_is_tapped_without_network_lies_there_after_a_reload_and_arrives(
    hold: Hold, cast: Cast
) -> None:
    """ST-40"""
    said = await cast.zhang.done("say", order=cast.order, text="到楼下了")
    phone = await hold("buyer", "li", f"orders/{cast.order}")
    await row(phone, "到楼下了").wait_for()
    await phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await phone.page.reload()
    await row(phone, "到楼下了").wait_for()
    await phone.context.set_offline(True)
    await until(lambda: _true(enlarged(phone)))
    await menu(phone, "到楼下了", "送花")
    await until(lambda: _true(marked("送花")(phone)))
    await phone.page.reload()
    await until(lambda: _true(marked("送花")(phone)))
    await phone.context.set_offline(False)

    async def arrived() -> bool:
        overlays = (await cast.li.order(cast.order))["order"].get("overlays", {})
        return "🌹" in overlays.get(str(said["seq"]), {}).get("reactions", {})

    await until(arrived)


async def test_a_message_that_was_searched_for_is_jumped_to(hold: Hold, cast: Cast) -> None:
    """SE: found as one types, marked, and shown where it was said, however long ago."""
    await cast.li.done("say", order=cast.order, text="门禁密码是 2580#,从东门进")
    for n in range(150):
        await cast.zhang.done("say", order=cast.order, text=f"路上第 {n} 句")
    phone = await hold("buyer", "li", f"orders/{cast.order}")
    await row(phone, "路上第 149 句").wait_for()
    await until(lambda: _true(enlarged(phone)))
    assert await row(phone, "门禁密码").count() == 0
    await phone.page.get_by_role("button", name="查找消息").click()
    field = phone.page.get_by_label("在这张订单的对话里查找")
    await field.fill("东门")
    await phone.page.locator(".hits mark", has_text="东门").wait_for()
    await field.press("Enter")
    await phone.page.locator(".slot.flash", has_text="门禁密码是 2580#").wait_for()
    box = await row(phone, "门禁密码").bounding_box()
    assert box and 0 < box["y"] < 844
    await phone.page.get_by_role("button", name="回到最新").click()
    await row(phone, "路上第 149 句").wait_for()


HISTORY = 1_000
SCROLL = """async () => {
  const list = document.querySelector('.conversation .list')
  const frames = []
  let last = performance.now()
  let top = list.scrollTop
  for (let n = 0; n < 120; n += 1) {
    list.scrollTop = top -= 60
    await new Promise((done) => requestAnimationFrame(() => done()))
    const now = performance.now()
    frames.push(now - last)
    last = now
    top = list.scrollTop
  }
  frames.sort((a, b) => a - b)
  return {
    median: frames[60], worst: frames[119],
    rows: document.querySelectorAll('.conversation .slot').length,
  }
}"""


async def test_a_long_history_opens_and_scrolls(hold: Hold, cast: Cast, house: House) -> None:
    """A thousand messages: drawn through a window, what is read stays where it is. Times are printed."""
    for n in range(HISTORY):
        member = (cast.li, cast.zhang, cast.owner)[n % 3]
        await member.done("say", order=cast.order, text=f"第 {n} 句 " + "说了一会儿话 " * (n % 9))
    phone = await hold("buyer", "li", f"orders/{cast.order}")
    await row(phone, f"第 {HISTORY - 1} 句").wait_for()
    await until(lambda: kept(phone, cast.order))
    await phone.page.goto(f"{house.url}/buyer/orders")
    link = f"a[href$='{cast.order}']"
    await phone.page.locator(link).first.wait_for()
    opened = await phone.page.evaluate(OPENING, [link, f"第 {HISTORY - 1} 句"])
    await phone.page.go_back()
    await phone.page.locator(link).first.wait_for()
    again = await phone.page.evaluate(OPENING, [link, f"第 {HISTORY - 1} 句"])
    print(f"{HISTORY} messages: from the tap to the newest on the screen {opened:.0f} ms, again {again:.0f} ms")
    await until(lambda: _true(enlarged(phone)))
    await row(phone, f"第 {HISTORY - 1} 句").wait_for()
    left = await phone.page.evaluate(TO_TOP)
    assert left == 0, left
    await row(phone, "第 3 句").wait_for()
    figures = await phone.page.evaluate(SCROLL.replace("top -= 60", "top += 60"))
    print(
        f"all {HISTORY} loaded, {figures['rows']} rows drawn; a frame while scrolling: "
        f"{figures['median']:.1f} ms in the middle, {figures['worst']:.1f} ms at worst"
    )
    assert figures["rows"] < HISTORY / 4
    jump = await phone.page.evaluate(TO_END)
    print(f"back to the newest: {jump:.0f} ms")


# In the page: from a tap in the list of orders until the newest message is painted, ms.
OPENING = """async ([link, words]) => {
  const said = () => [...document.querySelectorAll('.conversation .bubble')]
  const shown = () => said().some((one) => one.textContent.includes(words))
  const frame = () => new Promise((done) => requestAnimationFrame(done))
  const begun = performance.now()
  document.querySelector(link).click()
  while (!shown()) await frame()
  await frame()
  return performance.now() - begun
}"""
TO_TOP = """async () => {
  const list = document.querySelector('.conversation .list')
  for (let n = 0; n < 2000; n += 1) {
    list.scrollTop = 0
    await new Promise((done) => setTimeout(done, 30))
    if (!document.querySelector('.conversation .older') && list.scrollTop === 0) return 0
  }
  return list.scrollTop + 1
}"""
TO_END = """async () => {
  const begun = performance.now()
  document.querySelector('.conversation .newest').click()
  const list = document.querySelector('.conversation .list')
  while (list.scrollHeight - list.scrollTop - list.clientHeight > 64) {
    await new Promise((done) => requestAnimationFrame(done))
  }
  return performance.now() - begun
}"""


async def kept(held: Held, order: str) -> bool:
    found = await held.page.evaluate(
        """async (key) => {
          const answer = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result) })
          const db = await answer(indexedDB.open('huaxin-buyer'))
          const row = await answer(db.transaction('kept').objectStore('kept').get(key))
          db.close()
          return row !== undefined
        }""",
        f"order:{order}",
    )
    return bool(found)


async def test_a_draft_stays_on_its_device_and_too_long_a_text_is_said_so(hold: Hold, cast: Cast) -> None:
    """CV: nothing that is typed is lost, nothing is silently cut."""
    phone = await hold("buyer", "li", f"orders/{cast.order}")
    field = phone.page.get_by_label("写点什么…")
    await field.fill("还没写完")
    await until(lambda: drafted(phone, "还没写完"))
    await phone.page.reload()
    await until(lambda: _true(says(field, "还没写完")))
    await field.fill("长" * 4012)
    await phone.page.locator(".composer .count", has_text="超出 12 字").wait_for()
    assert await phone.page.locator(".composer .send").is_disabled()
    await field.fill("长" * 4000)
    await field.press("Enter")
    await until(lambda: _true(says(field, "")))
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
    return found == [words]


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
    await desk.page.keyboard.type("蓝色信箱")
    await desk.page.locator(".lists mark", has_text="蓝色信箱").wait_for()
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
    await until(lambda: _true(says(sheet.get_by_label("中文 1", exact=True), "花已取到,马上出发")))
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
    await until(lambda: _true(enlarged(phone)))
    await menu(phone, "有点晚了", "举报")
    await phone.page.get_by_role("dialog").get_by_role("button", name="其他").click()
    await phone.page.locator(".conversation .report", has_text="举报").wait_for()
    await phone.page.get_by_role("button", name="对话设置").click()
    sheet = phone.page.get_by_role("dialog", name="对话设置")
    for name in ("消息免打扰", "不看配送员的消息"):
        switch = sheet.get_by_role("switch", name=name)
        await switch.click()
        await until(lambda switch=switch: _true(checked(switch)))
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
    await row(zhang, "@订花人").locator(".bubble").click(button="right")
    await page.locator("dialog.menu[open]").wait_for()
    assert await findings(zhang) == []
    await page.keyboard.press("Escape")
    await page.locator(".composer [aria-haspopup]").click()
    await page.locator("dialog[open] .choices").wait_for()
    assert await findings(zhang) == []
    await page.locator("dialog[open] .choices button").nth(2).click()
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
