"""What can be done with messages, on two devices of each of two people: four pages that stay in step."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Locator

from tests.browser.conftest import Cast, Held, Hold, until
from tests.browser.test_pending import say

TABLET = (768, 1024)


@dataclass
class Four:
    """Two devices of the buyer and two of the courier (or of the shop), on the same conversation."""

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
            await until(lambda: really(check(held)))
            return time.monotonic() - begun

        slowest = max(await asyncio.gather(*(seen(one) for one in self.all)))
        print(f"in step on four devices: {what}: {slowest * 1000:.0f} ms")


async def really(answer: Awaitable[bool]) -> bool:
    return await answer


async def four(hold: Hold, cast: Cast, app: str = "courier", who: str = "zhang") -> Four:
    path = f"orders/{cast.order}"
    sizes = [None, TABLET] if app == "courier" else [None, (1280, 800)]
    pages = [
        await hold("buyer", "li", path),
        await hold("buyer", "li", path, size=TABLET),
        *[await hold(app, who, path, size=size) for size in sizes],
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
        await until(lambda held=held: really(has("转发", ".bubble .tag")(held)))
        await until(lambda held=held: really(has("只给花店", ".only")(held)))
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
    await until(lambda: really(enlarged(phone)))
    await menu(phone, "到楼下了", "送花")
    await until(lambda: really(marked("送花")(phone)))
    await phone.page.reload()
    await until(lambda: really(marked("送花")(phone)))
    await phone.context.set_offline(False)

    async def arrived() -> bool:
        overlays = (await cast.li.order(cast.order))["order"].get("overlays", {})
        return "🌹" in overlays.get(str(said["seq"]), {}).get("reactions", {})

    await until(arrived)
