"""What a buyer's real page does with a long conversation: opens it and scrolls it.

Chromium on the built screens, as people have them, against the house of `huaxin bench talk`. Without a
browser or without built screens nothing is measured, and that is said.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import huaxin.http
from huaxin.bench.clients import Fault
from huaxin.bench.house import Seat
from huaxin.bench.report import Report
from huaxin.simulation.story.browser import PHONE, Device, NoBrowser, open_browser, open_context

if TYPE_CHECKING:
    import httpx
    from playwright.async_api import Page

HISTORY, FRAMES = 1_000, 120
_OPEN_MS, _FRAME_MS = 300.0, 1_000 / 60
_AT_ONCE = 8  # messages of the history on their way together
_LONGEST_MS = 60_000
_FAR_S = 4_000_000_000  # the token outlives the measurement; nothing is to be refreshed
_SCREENS = Path(huaxin.http.__file__).parent / "static" / "buyer" / "index.html"
_NEWEST = "最新的一句"


async def measure_screens(port: int, seats: Sequence[Seat], report: Report) -> None:
    """`seats`: those of one order, its buyer among them. Raises Fault when something is not in its order."""
    if not _SCREENS.is_file():
        print("the screens are not built: opening and scrolling are not measured")
        return
    buyer = next(seat for seat in seats if seat.role == "buyer")
    try:
        await _fill(port, seats)
        async with _page(port, buyer) as page:
            await _measure_history(page, buyer.order, report)
    except NoBrowser as why:
        print(f"opening and scrolling are not measured: {why}")


async def _fill(port: int, seats: Sequence[Seat]) -> None:
    """A thousand messages of all members; the newest is known by its words."""
    import httpx

    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=_LONGEST_MS / 1e3) as client:
        room = asyncio.Semaphore(_AT_ONCE)

        async def one(number: int) -> None:
            async with room:
                words = f"第 {number} 句 " + "说了一会儿话 " * (number % 9)
                await _say(client, seats[number % len(seats)], words, f"fill-{number}")

        await asyncio.gather(*(one(number) for number in range(HISTORY - 1)))
        await _say(client, seats[-1], _NEWEST, "fill-newest")


async def _say(client: "httpx.AsyncClient", seat: Seat, text: str, key: str) -> None:
    headers = {"authorization": f"Bearer {seat.token}", "idempotency-key": f"{key}-{seat.role}"}
    answer = await client.post("/api/commands/say", json={"order": seat.order, "text": text}, headers=headers)
    if answer.status_code != 200:
        raise Fault(f"a message of the history: {answer.status_code} {answer.text[:200]}")


@asynccontextmanager
async def _page(port: int, buyer: Seat) -> "AsyncIterator[Page]":
    """The buyer's list of orders, on a phone that has had the conversation open before."""
    base = f"http://127.0.0.1:{port}"
    tokens = {"access": buyer.token, "access_expires_at": _FAR_S, "refresh": "", "device": ""}
    tokens["person"] = await _person(base, buyer)
    async with open_browser() as browser:
        context = await open_context(browser, Device(*PHONE))
        context.set_default_timeout(_LONGEST_MS)
        kept = json.dumps(json.dumps(tokens))
        await context.add_init_script(f"localStorage.setItem('huaxin.buyer', {kept})")
        page = await context.new_page()
        await page.goto(f"{base}/buyer/orders/{buyer.order}")
        await page.locator(".conversation .bubble", has_text=_NEWEST).wait_for()
        await page.wait_for_function(_KEPT, arg=f"order:{buyer.order}")
        await page.goto(f"{base}/buyer/orders")
        await page.locator(_link(buyer.order)).first.wait_for()
        yield page


async def _person(base: str, seat: Seat) -> str:
    import httpx

    async with httpx.AsyncClient(base_url=base) as client:
        answer = await client.get("/api/me", headers={"authorization": f"Bearer {seat.token}"})
    return str(answer.json()["person"])


def _link(order: str) -> str:
    return f"a[href$='{order}']"


async def _measure_history(page: "Page", order: str, report: Report) -> None:
    took = []
    for _ in range(3):
        took.append(await page.evaluate(OPENING, [_link(order), _NEWEST]))
        await page.go_back()
        await page.locator(_link(order)).first.wait_for()
    print(f"a history of {HISTORY:,}, from the tap to the newest on the screen: " + _listed(took, "ms"))
    report.show_target(f"history of {HISTORY:,} opens, median in ms", sorted(took)[1], _OPEN_MS, most=True)
    await page.locator(_link(order)).first.click()
    await page.locator(".conversation .bubble", has_text=_NEWEST).wait_for()
    left = await page.evaluate(TO_TOP)
    if left:
        raise Fault(f"the oldest message was not reached: {left} px are left")
    cost = await page.context.new_cdp_session(page)
    await cost.send("Performance.enable")
    before = await _worked(cost)
    frames: list[float] = await page.evaluate(_SCROLL, FRAMES)
    work = (await _worked(cost) - before) / FRAMES
    middle, worst = sorted(frames)[FRAMES // 2], max(frames)
    print(f"scrolling all of it: a frame every {middle:.1f} ms in the middle, {worst:.1f} ms at worst")
    report.show_target("scrolling, work of the page in a frame in ms", work, _FRAME_MS, most=True)


async def _worked(session: Any) -> float:
    """What the page has worked so far, ms: scripts, styles and layout."""
    found = {one["name"]: one["value"] for one in (await session.send("Performance.getMetrics"))["metrics"]}
    return 1e3 * float(found["ScriptDuration"] + found["LayoutDuration"] + found["RecalcStyleDuration"])


def _listed(values: Sequence[float], unit: str) -> str:
    return ", ".join(f"{value:.0f}" for value in values) + f" {unit}"


_KEPT = """async (key) => {
  const answer = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result) })
  const db = await answer(indexedDB.open('huaxin-buyer'))
  const row = await answer(db.transaction('kept').objectStore('kept').get(key))
  db.close()
  return row !== undefined
}"""
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
_SCROLL = """async (count) => {
  const list = document.querySelector('.conversation .list')
  const frames = []
  let last = performance.now()
  for (let n = 0; n < count; n += 1) {
    list.scrollTop += 60
    await new Promise((done) => requestAnimationFrame(() => done()))
    frames.push(performance.now() - last)
    last = performance.now()
  }
  return frames
}"""
