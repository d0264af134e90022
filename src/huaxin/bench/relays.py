"""What the house is held against: relays that do nothing but pass messages on in rooms of three."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import picows

_TEXT = picows.WSMsgType.TEXT


class Unavailable(Exception):
    """A relay that cannot run here, in plain words."""


class _Peer(picows.WSListener):  # type: ignore[misc, unused-ignore]  # picows ships no types everywhere
    """What arrives goes to everyone in the room, each with a write of its own."""

    def __init__(self, room: list["_Peer"]) -> None:
        self.room = room
        self.ws: Any = None

    def on_ws_connected(self, transport: Any) -> None:
        self.ws = transport
        self.room.append(self)

    def on_ws_disconnected(self, transport: Any) -> None:
        self.room.remove(self)

    def on_ws_frame(self, transport: Any, frame: Any) -> None:
        if frame.msg_type == _TEXT:
            self.pass_on(frame.get_payload_as_bytes())

    def pass_on(self, payload: bytes) -> None:
        for peer in self.room:
            peer.ws.send(_TEXT, payload)


class _Gatherer(_Peer):
    """The same, gathered: one write per peer and turn of the loop."""

    dirty: "list[_Gatherer]" = []  # noqa: RUF012 (one list for all of them, on purpose)

    def __init__(self, room: list[_Peer]) -> None:
        super().__init__(room)
        self.out: list[bytes] = []

    def pass_on(self, payload: bytes) -> None:
        dirty = _Gatherer.dirty
        if not dirty:
            asyncio.get_running_loop().call_soon(_flush)
        for peer in self.room:
            assert isinstance(peer, _Gatherer)
            if not peer.out:
                dirty.append(peer)
            peer.out.append(payload)


def _flush() -> None:
    dirty, _Gatherer.dirty = _Gatherer.dirty, []
    for peer in dirty:
        peer.ws.send(_TEXT, b"\n".join(peer.out))
        peer.out.clear()


async def _start_picows(kind: Callable[[list[_Peer]], _Peer]) -> int:
    rooms: dict[bytes, list[_Peer]] = {}
    server = await picows.ws_create_server(
        lambda request: kind(rooms.setdefault(request.path, [])), "127.0.0.1", 0, read_buffer_init_size=1024
    )
    _kept.append(server)
    return int(server.sockets[0].getsockname()[1])


_kept: list[Any] = []  # servers live as long as their process


async def start_gathered() -> int:
    """The port of a bare picows relay with gathered writes: the yardstick."""
    return await _start_picows(_Gatherer)


async def start_plain() -> int:
    """The port of a bare picows relay with a write per delivery."""
    return await _start_picows(_Peer)


async def start_aiohttp() -> int:
    """The port of a relay as one writes it with aiohttp. Raises Unavailable."""
    try:
        from aiohttp import web
    except ImportError:
        raise Unavailable("aiohttp is not installed (it comes with `make setup-test`)") from None
    rooms: dict[str, list[web.WebSocketResponse]] = {}

    async def serve(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(compress=False)
        await ws.prepare(request)
        room = rooms.setdefault(request.path, [])
        room.append(ws)
        try:
            async for message in ws:
                for peer in room:
                    await peer.send_str(message.data)
        finally:
            room.remove(ws)
        return ws

    app = web.Application()
    app.router.add_get("/{room}", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    _kept.append(runner)
    return int(runner.addresses[0][1])


RELAYS: dict[str, Callable[[], Awaitable[int]]] = {
    "picows relay, gathered": start_gathered,
    "picows relay, plain": start_plain,
    "aiohttp relay": start_aiohttp,
}
