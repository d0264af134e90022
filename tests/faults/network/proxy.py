"""A TCP proxy with weather: it passes bytes on, late, slowly, only some, for a while not at all, or never."""

import asyncio
import random
import re
import socket
import struct
from collections import Counter
from dataclasses import dataclass, field

_REQUEST = re.compile(rb"(?:GET|POST|HEAD|OPTIONS) (\S+) HTTP/1\.1\r\n")
_KINDS = {
    "websocket": b"/connection/websocket",
    "http_stream": b"/connection/http_stream",
    "sse": b"/connection/sse",
}
_PIECE = 2_048
_FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_TURN_S = 0.25
_NO_LINGER = struct.pack("ii", 1, 0)


@dataclass
class Weather:
    """What the network does now. Changed at any moment by whoever holds it."""

    delay_s: tuple[float, float] = (0.0, 0.0)  # each piece waits so long, from and to
    bytes_per_s: int = 0  # both directions of all connections together; 0: no limit
    silent: bool = False  # nothing passes, nothing is closed, new connections are taken and never answered
    refusing: bool = False  # new connections are reset
    drops_per_s: float = 0.0  # each connection is reset with this chance per second
    blocked: frozenset[str] = frozenset()  # of _KINDS: these requests are not let through


@dataclass(eq=False)
class _Connection:
    inside: asyncio.StreamWriter  # to the browser
    outside: asyncio.StreamWriter | None = None  # to the server
    dead: bool = False  # was there when it went silent: never passes anything again
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def reset(self) -> None:
        for writer in (self.inside, self.outside):
            if writer is not None:
                _reset(writer)


class Proxy:
    """One device's network. `weather` is what it is like; `begun` counts requests let through, by kind."""

    def __init__(self, target: int, rng: random.Random) -> None:
        self.weather = Weather()
        self.begun: Counter[str] = Counter()
        self.turned_away: Counter[str] = Counter()
        self.resets = 0
        self._target, self._rng = target, rng
        self._connections: set[_Connection] = set()
        self._free_at = 0.0  # when the throttled wire will be free
        self.port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_PIECE)
        self.port = self._server.sockets[0].getsockname()[1]
        self._dropping = asyncio.create_task(self._drop())

    async def stop(self) -> None:
        self._dropping.cancel()
        self._server.close()
        self.cut()
        await asyncio.sleep(0)

    def serve(self, target: int) -> None:
        """From now on for the server at another port."""
        self._target = target

    def cut(self) -> None:
        """Every connection is reset at once."""
        for connection in list(self._connections):
            self._end(connection)

    def go_silent(self) -> None:
        """A cable pulled behind the router: nobody is told. What stands is dead, also when it clears up."""
        self.weather = Weather(silent=True)
        for connection in self._connections:
            connection.dead = True

    def _end(self, connection: _Connection) -> None:
        self.resets += 1
        connection.reset()
        for task in connection.tasks:
            task.cancel()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = _Connection(writer)
        if self.weather.refusing:
            connection.reset()
            return
        self._connections.add(connection)
        try:
            from_server, connection.outside = await asyncio.open_connection(
                "127.0.0.1", self._target, limit=_PIECE
            )
            connection.dead = self.weather.silent
            connection.tasks = [
                asyncio.create_task(self._pump(connection, reader, connection.outside, up=True)),
                asyncio.create_task(self._pump(connection, from_server, writer, up=False)),
            ]
            await asyncio.wait(connection.tasks, return_when=asyncio.FIRST_COMPLETED)
        except OSError:
            pass  # the server is not there: as if the network were not
        finally:
            self._connections.discard(connection)
            for task in connection.tasks:
                task.cancel()
            for one in (connection.inside, connection.outside):
                if one is not None:
                    one.close()

    async def _pump(
        self, connection: _Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, up: bool
    ) -> None:
        try:
            while data := await reader.read(_PIECE):
                if up and self._is_blocked(data):
                    connection.inside.write(_FORBIDDEN)
                    await connection.inside.drain()
                    return
                await self._travel(len(data))
                if connection.dead:
                    await asyncio.Event().wait()  # until somebody gives up
                writer.write(data)
                await writer.drain()
        except OSError:
            pass  # one end is gone, so is the other

    def _is_blocked(self, data: bytes) -> bool:
        found = _REQUEST.match(data)
        path = found.group(1) if found else b""
        kind = next((one for one, start in _KINDS.items() if path.startswith(start)), "")
        if kind:
            (self.turned_away if kind in self.weather.blocked else self.begun)[kind] += 1
        return kind in self.weather.blocked

    async def _travel(self, size: int) -> None:
        weather = self.weather
        wait = self._rng.uniform(*weather.delay_s)
        if weather.bytes_per_s:
            now = asyncio.get_running_loop().time()
            self._free_at = max(now, self._free_at) + size / weather.bytes_per_s
            wait += self._free_at - now
        if wait > 0:
            await asyncio.sleep(wait)

    async def _drop(self) -> None:
        while True:
            await asyncio.sleep(_TURN_S)
            chance = self.weather.drops_per_s * _TURN_S
            for connection in list(self._connections):
                if chance and self._rng.random() < chance:
                    self._end(connection)


def _reset(writer: asyncio.StreamWriter) -> None:
    sock: socket.socket = writer.get_extra_info("socket")
    if sock is not None and not writer.is_closing():
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    writer.transport.abort()
