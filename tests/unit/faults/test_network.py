"""`make network` sees what it is there for, and its proxy does to a network what it says."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.faults.network.__main__ import check_written
from tests.faults.network.proxy import Proxy, Weather
from tests.unit.faults.test_checker import fact

SAID = [replace(fact(n), marker=f"«li-{n}»") for n in range(1, 5)]
WISHED = [one.marker for one in SAID]


def kinds(facts: list) -> list[str]:  # type: ignore[type-arg]
    return [violation.kind for violation in check_written("li", WISHED, facts)]


def test_what_was_written_is_there_once_and_in_order() -> None:
    assert kinds(SAID) == []
    assert kinds(SAID[:2] + SAID[3:]) == ["lost"]
    assert kinds([*SAID, replace(SAID[0], seq=9)]) == ["doubled", "disordered"]
    assert kinds([SAID[0], SAID[2], SAID[1], SAID[3]]) == ["disordered"]


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    """Before a server that answers every line with itself."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    proxy = Proxy(server.sockets[0].getsockname()[1], random.Random(1))
    await proxy.start()
    yield proxy
    await proxy.stop()
    server.close()


async def open_line(proxy: Proxy) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", proxy.port)


async def ask(line: tuple[asyncio.StreamReader, asyncio.StreamWriter], words: bytes) -> bytes:
    reader, writer = line
    writer.write(words + b"\n")
    return await reader.readline()


async def is_reset(line: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> bool:
    try:
        return await line[0].read() == b""
    except ConnectionError:
        return True


async def test_clear_weather_passes_everything_on(proxy: Proxy) -> None:
    line = await open_line(proxy)
    proxy.weather = Weather(delay_s=(0.001, 0.002), bytes_per_s=1_000_000)
    assert await ask(line, b"hello") == b"hello\n"


async def test_a_silence_kills_what_stood_for_ever_and_spares_what_comes_after(proxy: Proxy) -> None:
    line = await open_line(proxy)
    assert await ask(line, b"before") == b"before\n"
    proxy.go_silent()
    waiting = asyncio.create_task(ask(line, b"lost"))
    proxy.weather = Weather()
    assert await ask(await open_line(proxy), b"after") == b"after\n"
    assert not waiting.done()
    waiting.cancel()


async def test_cuts_and_refusals_end_connections(proxy: Proxy) -> None:
    line = await open_line(proxy)
    assert await ask(line, b"before") == b"before\n"
    proxy.weather = Weather(refusing=True)
    proxy.cut()
    assert await is_reset(line)
    assert await is_reset(await open_line(proxy))
    assert proxy.resets == 1


@pytest.mark.parametrize(
    ("request_line", "passes"),
    [(b"GET /connection/websocket HTTP/1.1\r", False), (b"POST /emulation HTTP/1.1\r", True)],
)
async def test_what_is_blocked_is_forbidden(proxy: Proxy, request_line: bytes, passes: bool) -> None:
    proxy.weather = Weather(blocked=frozenset({"websocket"}))
    answer = await ask(await open_line(proxy), request_line)
    assert answer == (request_line + b"\n" if passes else b"HTTP/1.1 403 Forbidden\r\n")
