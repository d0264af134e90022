"""What a person taps is shown at once and arrives once, whatever the network, the page or the server do."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.browser.conftest import LONG_S, Cast, Held, Hold, until

BUBBLES = ".conversation .row.mine .text"
WAITING = ".conversation .row.mine .clock"


async def say(held: Held, text: str) -> None:
    field = held.page.get_by_label("写点什么…")
    await field.fill(text)
    await field.press("Enter")


async def test_what_is_said_without_network_is_shown_survives_a_reload_and_arrives_once(
    hold: Hold, cast: Cast
) -> None:
    """ST-40"""
    li = await hold("buyer", "li", f"orders/{cast.order}")
    await li.page.locator(".conversation").wait_for()
    await li.context.set_offline(True)
    words = [f"第{n}句" for n in range(1, 4)]
    for text in words:
        await say(li, text)
    assert await until(lambda: shown(li, words))
    await until(lambda: li.page.locator(WAITING).count())
    await li.page.get_by_text("离线,已记下 3 件事").wait_for()
    assert await cast.texts() == []
    await li.context.set_offline(False)
    await until(lambda: arrived(cast, words))
    await until(lambda: none_waiting(li))
    assert await shown(li, words)


async def test_a_courier_taps_without_network(hold: Hold, cast: Cast) -> None:
    """ST-40"""
    await cast.owner.done("mark_ready", order=cast.order)
    zhang = await hold("courier", "zhang")
    slide = zhang.page.get_by_role("button", name="已取货")
    await slide.wait_for()
    await zhang.context.set_offline(True)
    # By keyboard: once to arm it, once to mean it.
    await slide.press("Enter")
    await slide.press("Enter")
    await zhang.page.get_by_role("button", name="出发", exact=True).click()
    await zhang.page.get_by_text("离线,已记下 2 件事").wait_for()
    assert (await cast.li.order(cast.order))["order"]["status"] == "assigned"
    await zhang.context.set_offline(False)
    await until(lambda: has_status(cast, "delivering"))
    snapshot = await cast.li.order(cast.order)
    kinds = [e["body"].get("by") for e in snapshot["events"] if e["type"] == "status_changed"]
    assert kinds.count("pick_up") == 1
    assert kinds.count("set_off") == 1


async def test_a_killed_server_loses_nothing(data: Path, hold: Hold, tmp_path: Path) -> None:
    """ST-41"""
    database = f"sqlite:///{tmp_path / 'killed.db'}"
    async with process(data, database, 0) as (server, url):
        li = await hold("buyer", url=url)
        await li.page.get_by_role("button", name="我的订单").click()
        await li.page.get_by_role("button", name="李女士", exact=True).click()
        await li.page.get_by_text("当前登录:李女士").wait_for()
        order = await place_over_http(li, url)
        await li.page.goto(f"{url}/buyer/orders/{order}")
        await li.page.locator(".conversation").wait_for()
        server.kill()
        await server.wait()
    words = ["先说一句", "再说一句", "最后一句"]
    for text in words:
        await say(li, text)
    assert await until(lambda: shown(li, words))
    port = int(url.rsplit(":", 1)[1])
    async with process(data, database, port):
        await until(lambda: none_waiting(li))
        await li.page.reload()
        await until(lambda: shown(li, words))
        assert [text for text in await li.texts(BUBBLES) if text in words] == words


async def test_a_reload_with_a_dead_network_keeps_what_was_tapped(hold: Hold, cast: Cast) -> None:
    """ST-40"""
    li = await hold("buyer", "li", f"orders/{cast.order}")
    await li.page.locator(".conversation").wait_for()
    await li.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await li.page.reload()
    await li.page.locator(".conversation").wait_for()
    # A device keeps what it has seen in its own time; only what is kept can be shown without network.
    await until(lambda: is_kept(li, cast.order))
    await li.context.set_offline(True)
    await say(li, "还在吗")
    await until(lambda: shown(li, ["还在吗"]))
    await li.page.reload()
    await li.page.locator(".conversation").wait_for()
    await until(lambda: shown(li, ["还在吗"]))
    await li.context.set_offline(False)
    await until(lambda: arrived(cast, ["还在吗"]))


async def shown(held: Held, words: list[str]) -> bool:
    there = await held.texts(BUBBLES)
    return [text for text in there if text in words] == words


async def is_kept(held: Held, order: str) -> bool:
    """Whether the device has what shows the order without network: shell, who is signed in, the order."""
    found = await held.page.evaluate(
        """async (key) => {
          if (!navigator.serviceWorker.controller) return false
          if (!localStorage.getItem('huaxin.buyer.me') || !localStorage.getItem('huaxin.info')) return false
          const answer = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result) })
          const db = await answer(indexedDB.open('huaxin-buyer'))
          const row = await answer(db.transaction('kept').objectStore('kept').get(key))
          db.close()
          return row !== undefined
        }""",
        f"order:{order}",
    )
    return bool(found)


async def arrived(cast: Cast, words: list[str]) -> bool:
    return await cast.texts() == words


async def none_waiting(held: Held) -> bool:
    return await held.page.locator(WAITING).count() == 0


async def has_status(cast: Cast, status: str) -> bool:
    return bool((await cast.li.order(cast.order))["order"]["status"] == status)


@asynccontextmanager
async def process(
    data: Path, database: str, port: int
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.browser.server", str(data), database, str(port),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env=environment(),
    )  # fmt: skip
    assert server.stdout is not None
    try:
        url = (await asyncio.wait_for(server.stdout.readline(), LONG_S)).decode().strip()
        yield server, url
    finally:
        if server.returncode is None:
            server.kill()
            await server.wait()


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


async def place_over_http(li: Held, url: str) -> str:
    """An order by the signed-in page's own session: the form has its own tests (story 1)."""
    order = "order-killed-server"
    body = {
        "order": order, "shop": "huaxin", "lines": [{"product": "carnation"}],
        "recipient": {"name": "妈妈", "phone": "13900001111"},
    }  # fmt: skip
    answer = await li.page.evaluate(
        """async ({ url, body }) => {
          const { access } = JSON.parse(localStorage.getItem('huaxin.buyer'))
          const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${access}` }
          const search = await fetch('/api/queries/search_places', {
            method: 'POST', headers, body: JSON.stringify({ text: '阳光小区5号楼' }),
          }).then((one) => one.json())
          body.address = { text: search[0].name, point: search[0].point }
          body.promise = { end: Date.now() + 7200_000 }
          const placed = await fetch('/api/commands/place_order', {
            method: 'POST',
            headers: { ...headers, 'Idempotency-Key': 'placed-once' },
            body: JSON.stringify(body),
          })
          return { status: placed.status, text: await placed.text() }
        }""",
        {"url": url, "body": body},
    )
    assert answer["status"] == 200, answer
    return order
