"""SSE, HTTP streaming and emulation as an ASGI application. Rules: docs/spec/gateway.md."""

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from huaxin.gateway import Gateway, codes
from huaxin.gateway.transports.http import EMULATION, HTTP_STREAM, SSE, HttpTransports

from .support import World, make_gateway

CONNECT = b'{"id":1,"connect":{"token":"ann"}}'
SUBSCRIBE = b'{"id":2,"subscribe":{"channel":"a"}}'


class Exchange:
    """One HTTP request and what came back, with a network that can be made to stand still."""

    def __init__(self, gateway: Gateway, method: str, path: str, body: bytes = b"", **more: Any) -> None:
        headers = {
            b"host": b"shop.test",
            **{k.encode(): v.encode() for k, v in more.pop("headers", {}).items()},
        }
        self.scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": more.pop("query", "").encode(),
            "headers": list(headers.items()),
        }
        self.sent: list[dict[str, Any]] = []
        self.moving = asyncio.Event()
        self.moving.set()
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._inbox.put_nowait({"type": "http.request", "body": body})
        app = HttpTransports(gateway, self._elsewhere)
        self.task = asyncio.create_task(app(self.scope, self._inbox.get, self._send))

    async def _elsewhere(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 299, "headers": []})

    async def _send(self, message: dict[str, Any]) -> None:
        await self.moving.wait()
        self.sent.append(message)

    def leave(self) -> None:
        self._inbox.put_nowait({"type": "http.disconnect"})

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(m.get("body", b"") for m in self.sent[1:])

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.body.split(b"\n") if line]


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_stream_carries_a_session_and_emulation_its_commands() -> None:
    """GW-80."""
    world = World()
    gateway = make_gateway(world)
    stream = Exchange(gateway, "POST", HTTP_STREAM, CONNECT)
    await settle()
    hello = stream.lines[0]["connect"]
    assert hello["node"] == gateway.node
    assert hello["client"] != hello["session"]
    say = {"session": hello["session"], "node": hello["node"], "data": SUBSCRIBE.decode()}
    said = Exchange(gateway, "POST", EMULATION, json.dumps(say).encode())
    await settle()
    assert said.status == 204
    gateway.hub.deliver("a", 1, {"all": b'"x"'})
    await settle()
    assert [next(iter(line.keys() - {"id"})) for line in stream.lines] == ["connect", "subscribe", "push"]
    stream.leave()
    await stream.task
    assert gateway.sessions == {}
    assert gateway.hub.channels == {}


async def test_sse_events() -> None:
    """GW-80: several replies are lines of one event."""
    gateway = make_gateway(World())
    query = urlencode({"cf_connect": (CONNECT + b"\n" + SUBSCRIBE).decode()})
    stream = Exchange(gateway, "GET", SSE, query=query)
    await settle()
    assert stream.sent[0]["headers"][0] == (b"content-type", b"text/event-stream; charset=utf-8")
    (event,) = stream.body.removesuffix(b"\n\n").split(b"\n\n")
    assert [json.loads(line.removeprefix(b"data: "))["id"] for line in event.split(b"\n")] == [1, 2]
    (session,) = gateway.sessions
    session.disconnect(codes.SHUTDOWN)
    await stream.task
    assert b'"disconnect":{"code":3001' in stream.body
    assert stream.sent[-1].get("more_body", False) is False


async def test_reader_that_stands_still_is_bounded() -> None:
    """GW-61: the response's pace is the session's bound, as on a socket."""
    gateway = make_gateway(World(), max_backlog=50_000)
    stream = Exchange(gateway, "POST", HTTP_STREAM, CONNECT + b"\n" + SUBSCRIBE)
    await settle()
    stream.moving.clear()
    for offset in range(1, 200):
        gateway.hub.deliver("a", offset, {"all": b'"' + b"x" * 1000 + b'"'})
        await asyncio.sleep(0)
    assert gateway.metrics.slow_disconnects == 1
    stream.moving.set()
    await stream.task
    assert stream.lines[-1]["push"]["disconnect"]["code"] == codes.SLOW.code
    offsets = [line["push"]["pub"]["offset"] for line in stream.lines if "pub" in line.get("push", {})]
    assert offsets == list(range(1, len(offsets) + 1))
    assert len(offsets) < 199


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/", b"", 299),
        ("GET", HTTP_STREAM, b"", 405),
        ("GET", EMULATION, b"", 405),
        ("POST", HTTP_STREAM, b"", 400),
        ("POST", HTTP_STREAM, b"x" * 70_000, 413),
        ("POST", EMULATION, b"nonsense", 400),
        ("POST", EMULATION, b'{"session":"?","node":"another","data":""}', 404),
        ("POST", EMULATION, b"x" * 200_000, 413),
    ],
)
async def test_requests_that_make_no_session(method: str, path: str, body: bytes, status: int) -> None:
    """GW-80, GW-90."""
    gateway = make_gateway(World())
    exchange = Exchange(gateway, method, path, body)
    await settle()
    assert exchange.status == status
    assert gateway.sessions == {}


async def test_unknown_session_is_quietly_nothing() -> None:
    """GW-80."""
    gateway = make_gateway(World())
    say = {"session": "gone", "node": gateway.node, "data": "{}"}
    said = Exchange(gateway, "POST", EMULATION, json.dumps(say).encode())
    await settle()
    assert said.status == 204


async def test_origins() -> None:
    """GW-91: foreign pages are refused, allowed ones get the headers their browser asks for."""
    gateway = make_gateway(World(), allowed_origins=("https://other.test",))
    foreign = Exchange(gateway, "POST", HTTP_STREAM, CONNECT, headers={"origin": "https://evil.test"})
    asked = Exchange(gateway, "OPTIONS", EMULATION, headers={"origin": "https://other.test"})
    own = Exchange(gateway, "OPTIONS", EMULATION, headers={"origin": "http://shop.test"})
    await settle()
    assert (foreign.status, asked.status, own.status) == (403, 204, 204)
    assert (b"access-control-allow-origin", b"https://other.test") in asked.sent[0]["headers"]


async def test_nobody_enters_while_stopping() -> None:
    """GW-70."""
    gateway = make_gateway(World())
    gateway.is_stopping = True
    exchange = Exchange(gateway, "POST", HTTP_STREAM, CONNECT)
    await settle()
    assert exchange.status == 503
