"""A long conversation: searched, jumped into, opened and scrolled. Times are printed, never asserted."""

from playwright.async_api import CDPSession

from huaxin.bench.screens import OPENING, TO_TOP
from huaxin.compose import House
from tests.browser.conftest import Cast, Held, Hold, until
from tests.browser.test_talk import enlarged, really, row


async def test_a_message_that_was_searched_for_is_jumped_to(hold: Hold, cast: Cast) -> None:
    """SE: found as one types, marked, and shown where it was said, however long ago."""
    await cast.li.done("say", order=cast.order, text="门禁密码是 2580#,从东门进")
    for n in range(150):
        await cast.zhang.done("say", order=cast.order, text=f"路上第 {n} 句")
    phone = await hold("buyer", "li", f"orders/{cast.order}")
    await row(phone, "路上第 149 句").wait_for()
    await until(lambda: really(enlarged(phone)))
    assert await row(phone, "门禁密码").count() == 0
    await phone.page.get_by_role("button", name="查找消息").click()
    field = phone.page.get_by_label("在这张订单的对话里查找")
    await field.fill("东门")
    await phone.page.locator(".hits mark", has_text="东门").wait_for()
    await field.press("Enter")
    await phone.page.locator(".slot.flash", has_text="门禁密码是 2580#").wait_for()
    box = await row(phone, "门禁密码").bounding_box()
    assert box
    assert 0 < box["y"] < 844
    await phone.page.get_by_role("button", name="回到最新").click()
    await row(phone, "路上第 149 句").wait_for()


HISTORY = 1_000
FRAMES = 120
SCROLL = """async (step) => {
  const list = document.querySelector('.conversation .list')
  const frames = []
  let last = performance.now()
  let top = list.scrollTop
  for (let n = 0; n < 120; n += 1) {
    list.scrollTop = top += step
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
    print(
        f"{HISTORY} messages: from the tap to the newest on the screen {opened:.0f} ms, again {again:.0f} ms"
    )
    await until(lambda: really(enlarged(phone)))
    await row(phone, f"第 {HISTORY - 1} 句").wait_for()
    left = await phone.page.evaluate(TO_TOP)
    assert left == 0, left
    await row(phone, "第 3 句").wait_for()
    still = await phone.page.evaluate(SCROLL, 0)
    cost = await phone.context.new_cdp_session(phone.page)
    await cost.send("Performance.enable")
    before = await spent(cost)
    figures = await phone.page.evaluate(SCROLL, 60)
    busy = (await spent(cost) - before) / FRAMES
    print(
        f"all {HISTORY} loaded, {figures['rows']} rows drawn; scrolling costs {busy:.1f} ms of work a frame; "
        f"a frame takes {figures['median']:.1f} ms in the middle, {figures['worst']:.1f} ms at worst; "
        f"standing still {still['median']:.1f} ms on this machine now"
    )
    assert figures["rows"] < HISTORY / 4
    jump = await phone.page.evaluate(TO_END)
    print(f"back to the newest: {jump:.0f} ms")


# In the page, ms.
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


async def spent(session: CDPSession) -> float:
    """What the page has worked so far, ms: scripts, styles and layout."""
    found = {one["name"]: one["value"] for one in (await session.send("Performance.getMetrics"))["metrics"]}
    return 1000 * float(found["ScriptDuration"] + found["LayoutDuration"] + found["RecalcStyleDuration"])
