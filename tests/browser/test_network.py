"""What a page does when the network lets only some things through, or an address of the server is gone."""

import random
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest_asyncio

from huaxin import compose
from huaxin.compose import House
from huaxin.config import Config
from tests.browser.conftest import Cast, Held, Hold, signed_in, until
from tests.browser.media import choose, send_chosen, write
from tests.browser.test_pending import arrived, say, shown
from tests.faults.network.people import WATCH
from tests.faults.network.proxy import Proxy, Weather
from tests.house import SECRET, Member, log_in, place
from tests.unit.media import samples


@asynccontextmanager
async def behind_a_proxy(port: int) -> AsyncIterator[Proxy]:
    proxy = Proxy(port, random.Random(1))
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def proxy(house: House) -> AsyncIterator[Proxy]:
    async with behind_a_proxy(house.server.port) as proxy:
        yield proxy


def url_of(proxy: Proxy) -> str:
    return f"http://127.0.0.1:{proxy.port}"


async def line(held: Held) -> str:
    """How the page is connected: `transport address`; empty when it is not."""
    await held.page.evaluate(WATCH.read_text("utf-8"))
    found: str = await held.page.evaluate(
        """() => {
          const { word, way } = __watch.huaxin()?.wire.state.value ?? {}
          return word === 'connected' && way ? `${way.transport} ${way.base}` : ''
        }"""
    )
    return found


async def is_on(held: Held, transport: str, proxy: Proxy) -> bool:
    return await line(held) == f"{transport} {url_of(proxy)}"


async def test_websocket_is_left_when_it_is_blocked_and_taken_up_again(
    hold: Hold, cast: Cast, proxy: Proxy
) -> None:
    """NW-10, NW-12, NW-16"""
    li = await hold("buyer", "li", f"orders/{cast.order}", url=url_of(proxy))
    await until(lambda: is_on(li, "websocket", proxy))
    proxy.weather = Weather(blocked=frozenset({"websocket"}))
    proxy.cut()
    await until(lambda: is_on(li, "http_stream", proxy))
    await say(li, "绕路说的")
    await until(lambda: arrived(cast, ["绕路说的"]))
    await li.page.get_by_text("已换备用方式").wait_for()
    proxy.weather = Weather(blocked=frozenset({"websocket", "http_stream"}))
    proxy.cut()
    await until(lambda: is_on(li, "sse", proxy))
    await say(li, "再绕一次")
    await until(lambda: arrived(cast, ["绕路说的", "再绕一次"]))
    proxy.weather = Weather()
    await li.page.evaluate("dispatchEvent(new Event('online'))")  # as after a change of network
    await until(lambda: is_on(li, "websocket", proxy))
    await until(lambda: shown(li, ["绕路说的", "再绕一次"]))
    await li.page.get_by_text("已换备用方式").wait_for(state="hidden")


async def test_a_dead_line_is_noticed_and_what_was_said_meanwhile_arrives(
    hold: Hold, cast: Cast, proxy: Proxy
) -> None:
    """NW-13: nothing passes and nothing is closed."""
    li = await hold("buyer", "li", f"orders/{cast.order}", url=url_of(proxy))
    await until(lambda: is_on(li, "websocket", proxy))
    await li.page.get_by_label("写点什么…").wait_for()
    proxy.go_silent()
    await say(li, "听得到吗")
    await until(lambda: is_off(li))
    proxy.weather = Weather()
    await until(lambda: arrived(cast, ["听得到吗"]))
    await until(lambda: is_on(li, "websocket", proxy))


_HAS_TUS = "performance.getEntriesByType('resource').some(one => /browser-[^/]*[.]js/.test(one.name))"


async def is_off(held: Held) -> bool:
    return await line(held) == ""


async def has_said(member: Member, order: str, text: str) -> bool:
    events = (await member.order(order))["events"]
    return text in [event["body"].get("text") for event in events if event["type"] == "message_sent"]


async def has_media(member: Member, order: str) -> bool:
    events = (await member.order(order))["events"]
    return any(event["body"].get("media") for event in events if event["type"] == "message_sent")


async def test_when_one_address_is_gone_the_next_is_used(hold: Hold, data: Path, tmp_path: Path) -> None:
    """NW-14: the pages of one address ask another, for the line, for plain requests and for uploads."""
    async with behind_a_proxy(0) as one, behind_a_proxy(0) as two:
        config = Config(
            data=data, host="127.0.0.1", port=0, database=f"sqlite:///{data / secrets.token_hex(6)}.db",
            secret=SECRET, public_url=url_of(one), endpoints=(url_of(two),),
        )  # fmt: skip
        house = await compose.run(config, reveal_codes=True)
        try:
            one.serve(house.server.port)
            two.serve(house.server.port)
            buyer = await log_in(house, "li")
            buyer.http.base_url = f"http://127.0.0.1:{house.server.port}"
            order = await place(buyer)
            li = await hold("buyer", url=url_of(one))
            await li.page.evaluate(await signed_in(house, "buyer", "li"))
            await li.page.goto(f"{url_of(one)}/buyer/orders/{order}")
            await until(lambda: is_on(li, "websocket", one))
            await until(lambda: li.page.evaluate("localStorage.getItem('huaxin.info') !== null"))
            # What the page fetches ahead of its use is there by then.
            await until(lambda: li.page.evaluate(_HAS_TUS))
            one.weather = Weather(refusing=True)
            one.cut()
            await until(lambda: is_on(li, "websocket", two))
            await say(li, "换个地址说")
            answer = await li.page.evaluate(
                "__watch.huaxin().http.ask('/api/health').then((found) => found.ok)"
            )
            assert answer is True
            await until(lambda: has_said(buyer, order, "换个地址说"))
            await choose(li, write(tmp_path / "a.jpg", samples.jpeg()))
            await send_chosen(li)
            await until(lambda: has_media(buyer, order))
            assert urlsplit(li.page.url).port == one.port
            await buyer.http.aclose()
        finally:
            await house.stop()
