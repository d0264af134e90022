"""A call in the order, between two people on three devices: real media, as long as it takes."""

import re

from tests.browser.conftest import Cast, Held, Hold, until
from tests.calls.pages import CallPage


async def test_a_call_rings_everywhere_is_answered_once_and_leaves_its_line(hold: Hold, cast: Cast) -> None:
    """CA-30, CA-37, CA-14: who answers first, finger, still, put aside, hung up, missed, called back."""
    await cast.zhang.done("pick_up", order=cast.order)
    path = f"orders/{cast.order}"
    li, tablet = await hold("buyer", "li", path), await hold("buyer", "li", path, size=(768, 1024))
    zhang = await hold("courier", "zhang", path)
    phone, spare, rider = [CallPage(held.page) for held in (li, tablet, zhang)]

    await rider.ring("buyer", "video")
    await phone.rung()
    await spare.rung()
    assert "视频来电" in await phone.page.locator("dialog.ring").inner_text()
    await phone.answer()
    for one in (phone, rider):
        await one.talking()
        await until(lambda one=one: plays(one))
    await spare.page.locator("dialog.ring").wait_for(state="detached")

    # A finger on the other's picture is on the other's screen, and the picture can be kept.
    await until(lambda: points(phone, rider))
    await phone.act("still").click()
    await phone.act("minimise").click()
    await phone.page.locator("aside.bar").wait_for()
    await rider.act("minimise").click()
    await rider.page.locator(".conversation article.row img").first.wait_for()

    await phone.act("hang").click()
    await rider.page.locator('[data-call="hung_up"]').wait_for()
    line = (await rider.lines())[-1]
    assert re.search(r"视频通话 \d\d:\d\d", line)

    # Given up before anybody answered: missed there, and one tap calls back.
    await rider.page.locator("[data-call-over]").wait_for(state="detached")
    await rider.ring("buyer")
    await phone.rung()
    await rider.hang_up()
    await phone.page.locator(".line.missed").wait_for()
    await phone.page.locator("dialog.ring").wait_for(state="detached")
    await phone.page.locator(".line.missed button").click()
    await rider.rung()
    await rider.act("decline").click()
    await phone.page.locator('[data-call-over="declined"]').wait_for()
    await phone.act("close").click()
    await until(lambda: gone(phone))


async def plays(one: CallPage) -> bool:
    """The picture of the other moves."""
    return bool(
        await one.page.evaluate(
            "[...document.querySelectorAll('.tile:not(.mine) video')]"
            ".some((video) => video.videoWidth > 0 && video.currentTime > 0)"
        )
    )


async def points(one: CallPage, other: CallPage) -> bool:
    """It fades by itself: on a slow machine before anybody looked, so it is tapped again."""
    await one.page.locator(".tile.big").click()
    return bool(await other.page.locator(".tile.mine .point").count())


async def gone(one: CallPage) -> bool:
    return not await one.page.locator("[data-call-phase]").count()


async def test_without_a_microphone_it_is_said_what_to_do(hold: Hold, cast: Cast) -> None:
    """CA-36: no device, no ring: a sentence and other ways instead."""
    await cast.zhang.done("pick_up", order=cast.order)
    held: Held = await hold("courier", "zhang", f"orders/{cast.order}")
    page = CallPage(held.page)
    await held.page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia ="
        " () => Promise.reject(new DOMException('no', 'NotAllowedError')) }"
    )
    await page.ring("buyer")
    over = held.page.locator('[data-call-over="device"]')
    await over.wait_for()
    assert "允许麦克风" in await over.inner_text()
    assert not (await cast.li.order(cast.order))["order"].get("calls")
    await page.act("message").click()
    await until(lambda: gone(page))
