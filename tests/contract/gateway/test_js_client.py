"""The gateway as the npm client `centrifuge` sees it, over all three transports."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from huaxin.gateway import GatewayConfig, codes
from huaxin.gateway.open import OpenConfig

from .conftest import SECRET, JsClient, StartOpen, make_token, until

StartJs = Callable[..., Awaitable[JsClient]]
TRANSPORTS = ["websocket", "sse", "http_stream"]


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_whole_visit(start_open: StartOpen, start_js: StartJs, transport: str) -> None:
    """GW-1, GW-80: connect, subscribe, publish, rpc, history, presence by every transport alike."""
    server = await start_open()
    js = await start_js(server, transport, token=make_token("ann", info={"name": "安"}))
    js.say(do="connect")
    connected = await js.until("connected")
    assert connected[0]["transport"] == transport
    js.say(do="subscribe", channel="room")
    await js.until("subscribed")
    for number in range(3):
        js.say(do="publish", channel="room", data={"n": number, "text": "玫瑰\n"})
    seen = await js.until("publication", 3)
    assert [p["offset"] for p in seen] == [1, 2, 3]
    assert seen[0]["info"]["connInfo"] == {"name": "安"}
    js.say(do="rpc", tag=1, method="echo", data=[1, "二"])
    js.say(do="history", tag=2, channel="room", options={"limit": 2, "reverse": True})
    js.say(do="presence", tag=3, channel="room")
    js.say(do="stats", tag=4, channel="room")
    js.say(do="rpc", tag=5, method="nothing", data={})
    assert (await js.until("result", tag=1))[0]["result"] == [1, "二"]
    pages = (await js.until("result", tag=2))[0]["result"]
    assert [p["data"]["n"] for p in pages["publications"]] == [2, 1]
    clients = (await js.until("result", tag=3))[0]["result"]["clients"]
    assert [c["user"] for c in clients.values()] == ["ann"]
    assert (await js.until("result", tag=4))[0]["result"] == {"numClients": 1, "numUsers": 1}
    assert (await js.until("failed", tag=5))[0]["code"] == codes.METHOD_NOT_FOUND.code
    js.say(do="disconnect")
    await js.until("disconnected")
    await until(lambda: not server.gateway.sessions)
    assert server.gateway.metrics.subscriptions == 0


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_restart_loses_nothing(start_open: StartOpen, start_js: StartJs, transport: str) -> None:
    """GW-31, GW-70: the server stops, others publish, it starts again: all come once and in order."""
    server = await start_open()
    js = await start_js(server, transport)
    js.say(do="connect")
    js.say(do="subscribe", channel="room")
    await js.until("subscribed")
    for number in range(1, 6):
        server.channels.add("room", b"%d" % number)
    await server.stop()
    connecting = await js.until("connecting", 2)
    assert connecting[1]["code"] == codes.SHUTDOWN.code
    for number in range(6, 11):
        server.channels.add("room", b"%d" % number)
    await server.start()
    await js.until("subscribed", 2)
    server.channels.add("room", b"11")
    seen = await js.until("publication", 11)
    assert [p["data"] for p in seen] == list(range(1, 12))
    assert js.find("subscribed")[1]["recovered"] is True


async def test_fallback_when_websocket_does_not_pass(start_open: StartOpen, start_js: StartJs) -> None:
    """GW-80: a client whose WebSocket is refused goes on by HTTP streaming."""
    server = await start_open()
    broken = f"ws://127.0.0.1:{server.port}/nowhere"
    js = await start_js(server, transports=["websocket", "http_stream"], endpoints={"websocket": broken})
    js.say(do="connect")
    connected = await js.until("connected")
    assert connected[0]["transport"] == "http_stream"


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_pings_keep_a_session(start_open: StartOpen, start_js: StartJs, transport: str) -> None:
    """GW-60: pings are answered by every transport; nobody is taken for dead."""
    server = await start_open(config=GatewayConfig(ping_interval=0.3, pong_timeout=0.2))
    server.forgive_late_pongs()
    js = await start_js(server, transport)
    js.say(do="connect")
    await js.until("connected")
    before = server.gateway.metrics.commands
    await until(lambda: server.gateway.metrics.commands >= before + 3)
    assert server.gateway.metrics.no_pong_disconnects == 0
    assert len(js.find("connecting")) == 1


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_refused_and_expired_tokens(start_open: StartOpen, start_js: StartJs, transport: str) -> None:
    """GW-11, GW-12: an invalid token ends the client, an expired one is replaced."""
    server = await start_open(OpenConfig(token_secret=SECRET, anonymous=False))
    refused = await start_js(server, transport, token="nonsense")
    refused.say(do="connect")
    ended = await refused.until("disconnected")
    assert ended[0]["code"] == codes.UNAUTHORIZED.code
    expired = await start_js(server, transport, token=make_token("ann", -9), nextToken=make_token("ann"))
    expired.say(do="connect")
    await expired.until("connected")


async def test_message_too_big_has_a_clear_end(start_open: StartOpen, start_js: StartJs) -> None:
    """GW-90: 2 MB in one message ends with close code 1009, which the client reports as its own size
    limit and does not repeat."""
    server = await start_open()
    js = await start_js(server)
    js.say(do="connect")
    await js.until("connected")
    js.say(do="big", tag=1, size=2_000_000)
    ended = await js.until("disconnected")
    assert ended[0]["code"] == 3
    assert ended[0]["reason"] == "message size limit exceeded"
    await until(lambda: not server.gateway.sessions)


async def test_message_too_big_by_emulation_is_refused(start_open: StartOpen, start_js: StartJs) -> None:
    """GW-90: the emulation endpoint refuses what is too big; the session lives on."""
    server = await start_open()
    js = await start_js(server, "http_stream", timeout=1_000)  # ms; the client waits for the lost one
    js.say(do="connect")
    await js.until("connected")
    js.say(do="big", tag=1, size=2_000_000)
    await js.until("failed", tag=1)
    for tag in range(2, 90):  # on a starved machine one answer or another may take longer than it waits
        js.say(do="rpc", tag=tag, method="echo", data="still here")
        await until(lambda tag=tag: js.find("result", tag=tag) or js.find("failed", tag=tag))
        if answers := js.find("result", tag=tag):
            assert answers[0]["result"] == "still here"
            break
    else:
        pytest.fail("no command was answered any more")
    assert len(js.find("connected")) == len(server.gateway.sessions) == 1


async def test_large_allowed_message_passes(start_open: StartOpen, start_js: StartJs) -> None:
    """GW-90: just below the limit, both ways."""
    server = await start_open()
    js = await start_js(server)
    js.say(do="connect")
    await js.until("connected")
    js.say(do="big", tag=1, size=65_000)
    assert (await js.until("result", tag=1))[0]["result"] == 65_000


async def test_rpcs_over_emulation_keep_order(start_open: StartOpen, start_js: StartJs) -> None:
    """GW-21: commands sent in one batch run in order also when they arrive by emulation."""
    server = await start_open()
    ran: list[int] = []

    async def rpc(who: Any, method: str, data: bytes) -> bytes:
        await asyncio.sleep(0.02 if int(data) % 2 else 0)
        ran.append(int(data))
        return data

    server.channels.rpc = rpc  # type: ignore[method-assign]
    js = await start_js(server, "sse")
    js.say(do="connect")
    await js.until("connected")
    for number in range(10):
        js.say(do="rpc", tag=number, method="x", data=number)
        await js.until("result", number + 1)
    assert ran == list(range(10))
