"""SSE and HTTP streaming with emulation: the same sessions where WebSocket does not pass.

The server's half is one long response (`POST /connection/http_stream`, `GET|POST /connection/sse`) whose
request carries the connect command; the client's half is `POST /emulation`, one request per batch of
commands, which names the session by the secret key of its connect result.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from huaxin.gateway.codes import Disconnect
from huaxin.gateway.gateway import Gateway
from huaxin.gateway.protocol import Malformed, decode_emulated, encode_disconnect_push
from huaxin.gateway.session import Session

from .origin import is_origin_allowed

HTTP_STREAM, SSE, EMULATION = "/connection/http_stream", "/connection/sse", "/emulation"
_PATHS = (HTTP_STREAM, SSE, EMULATION)

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Asgi = Callable[[Any, Any, Any], Awaitable[None]]


Headers = tuple[tuple[bytes, bytes], ...]


async def answer(send: Send, status: int, body: bytes = b"", headers: Headers = ()) -> None:
    plain = ((b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": [*plain, *headers]})
    await send({"type": "http.response.body", "body": body})


class StreamTransport:
    """The outgoing half: frames wait here until the response has taken them."""

    emulated = True

    def __init__(self, name: str) -> None:
        self.name = name
        self.session: Session | None = None
        self._frames: list[bytes] = []
        self._wake = asyncio.Event()
        self._closed = False

    def write(self, frame: bytes) -> None:
        self._frames.append(frame)
        self._wake.set()
        if self.session is not None:
            self.session.pause()  # until the response has taken it: the session's bound then applies

    def close(self, code: int, reason: str) -> None:
        if not self._closed:
            self._closed = True
            self._frames.append(encode_disconnect_push(Disconnect(code, reason)))
            self._wake.set()

    def pause_reading(self) -> None:
        pass  # each batch of commands is its own request, and the session bounds what may wait

    def resume_reading(self) -> None:
        pass

    async def send_all(self, send: Send) -> None:
        """Streams frames until the session ends."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            frames, self._frames = self._frames, []
            if frames:
                body = b"".join(map(self._format, frames))
                await send({"type": "http.response.body", "body": body, "more_body": True})
            if self._closed and not self._frames:
                await send({"type": "http.response.body", "body": b""})
                return
            if self.session is not None and self.session.paused:
                self.session.resume()

    def _format(self, frame: bytes) -> bytes:
        if self.name == "sse":
            return b"data: " + frame.replace(b"\n", b"\ndata: ") + b"\n\n"
        return frame + b"\n"


class HttpTransports:
    """An ASGI application: the three routes of the gateway, everything else is `app`'s."""

    def __init__(self, gateway: Gateway, app: Asgi) -> None:
        self._gateway = gateway
        self._app = app

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in _PATHS:
            await self._app(scope, receive, send)
            return
        headers = {n.decode("latin-1").lower(): v.decode("latin-1") for n, v in scope["headers"]}
        origin = headers.get("origin")
        if not is_origin_allowed(origin, headers.get("host"), self._gateway.config.allowed_origins):
            await answer(send, 403, b"origin not allowed")
            return
        cors = _allow(origin)
        method, path = scope["method"], scope["path"]
        if method == "OPTIONS":
            await answer(send, 204, headers=cors)
        elif method == "POST" and path == EMULATION:
            await self._emulate(receive, send, cors)
        elif method == "POST" or (method == "GET" and path == SSE):
            await self._stream(scope, headers, receive, send, cors)
        else:
            await answer(send, 405, b"method not allowed", cors)

    async def _emulate(self, receive: Receive, send: Send, cors: Headers) -> None:
        body = await _read_body(receive, 2 * self._gateway.config.max_message)
        if body is None:
            await answer(send, 413, b"too large", cors)
            return
        try:
            request = decode_emulated(body)
        except Malformed:
            await answer(send, 400, b"bad request", cors)
            return
        if request.node != self._gateway.node:
            await answer(send, 404, b"no such node", cors)  # the client reconnects
            return
        session = self._gateway.find_emulated(request.session)
        if session is not None:
            commands = request.data.encode()
            if len(commands) > self._gateway.config.max_message:
                await answer(send, 413, b"too large", cors)
                return
            session.receive(commands)
        await answer(send, 204, headers=cors)

    async def _stream(
        self, scope: Any, headers: dict[str, str], receive: Receive, send: Send, cors: Headers
    ) -> None:
        gateway = self._gateway
        sse = scope["path"] == SSE
        if scope["method"] == "GET":
            query = parse_qs(scope["query_string"].decode("latin-1"))
            first: bytes | None = query.get("cf_connect", [""])[0].encode()
        else:
            first = await _read_body(receive, gateway.config.max_message)
        if first is None or len(first) > gateway.config.max_message:
            await answer(send, 413, b"too large", cors)
            return
        if not first:
            await answer(send, 400, b"the connect command is missing", cors)
            return
        if gateway.is_stopping or gateway.is_full:
            await answer(send, 503, b"try again", cors)
            return
        kind = b"text/event-stream; charset=utf-8" if sse else b"application/octet-stream"
        # x-accel-buffering: proxies must pass each piece on at once.
        start = [(b"content-type", kind), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
        await send({"type": "http.response.start", "status": 200, "headers": [*start, *cors]})
        await send({"type": "http.response.body", "body": b"", "more_body": True})
        await self._run(StreamTransport("sse" if sse else "http_stream"), headers, first, receive, send)

    async def _run(
        self, transport: StreamTransport, headers: dict[str, str], first: bytes, receive: Receive, send: Send
    ) -> None:
        session = transport.session = self._gateway.open_session(transport, headers)
        gone = asyncio.create_task(_await_disconnect(receive))
        streaming = asyncio.create_task(transport.send_all(send))
        try:
            session.receive(first)
            await asyncio.wait({gone, streaming}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            streaming.cancel()
            session.lose()


def _allow(origin: str | None) -> Headers:
    if not origin:
        return ()
    return (
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-allow-headers", b"content-type"),
        (b"access-control-allow-methods", b"GET, POST"),
        (b"access-control-max-age", b"600"),
        (b"vary", b"origin"),
    )


async def _read_body(receive: Receive, limit: int) -> bytes | None:
    """The request's body, or None when it is larger than `limit` bytes."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > limit:
            return None
        if not message.get("more_body"):
            return bytes(body)


async def _await_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
