"""The least a durable conversation can cost: the gathered relay that also reads every message, keeps it in
the database and only then acknowledges it and passes it on.

There are no persons in it, no rights, no rules, no redaction, no states, no repeats found out. What the house
costs beyond this is its own; what this costs beyond the relay, no house can save.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import apsw
import asyncpg
import msgspec
import picows

from huaxin.bench.relays import _flush, _Gatherer, _kept, _Peer

_TEXT = picows.WSMsgType.TEXT
_TABLE = "CREATE TABLE IF NOT EXISTS said (seq bigint PRIMARY KEY, room text NOT NULL, body {bytes} NOT NULL)"


class _Said(msgspec.Struct):
    order: str
    text: str
    id: str


_read = msgspec.json.Decoder(_Said).decode
_write = msgspec.json.Encoder().encode
type Row = tuple[int, str, bytes]
type Keep = Callable[[list[Row]], Awaitable[None]]


class _Queue:
    """Group commit: what came while the last commit ran goes with the next."""

    def __init__(self, keep: Keep) -> None:
        self.keep, self.seq = keep, 0
        self.waiting: list[tuple[_Speaker, Row]] = []
        self.came = asyncio.Event()

    def take(self, speaker: "_Speaker", payload: bytes) -> None:
        said = _read(payload)
        self.seq += 1
        self.waiting.append((speaker, (self.seq, said.order, _write(said))))
        self.came.set()

    async def run(self) -> None:
        while True:
            await self.came.wait()
            batch, self.waiting = self.waiting, []
            self.came.clear()
            await self.keep([row for _, row in batch])
            for speaker, (seq, _, body) in batch:
                speaker.tell(b'{"id":%d}' % seq, [speaker])
                speaker.tell(b'{"push":%b,"offset":%d}' % (body, seq), speaker.room)


class _Speaker(_Gatherer):
    def __init__(self, room: list[_Peer], queue: _Queue) -> None:
        super().__init__(room)
        self.queue = queue

    def pass_on(self, payload: bytes) -> None:
        self.queue.take(self, payload)

    def tell(self, line: bytes, to: "list[_Peer] | list[_Speaker]") -> None:
        dirty = _Gatherer.dirty
        if not dirty:
            asyncio.get_running_loop().call_soon(_flush)
        for peer in to:
            assert isinstance(peer, _Gatherer)
            if not peer.out:
                dirty.append(peer)
            peer.out.append(line)


async def start_durable(database: str) -> int:
    """The port of such a relay on a fresh database (`sqlite:///…` or `postgresql://…`)."""
    queue = _Queue(await (_sqlite(database) if database.startswith("sqlite") else _postgres(database)))
    rooms: dict[bytes, list[_Peer]] = {}
    server = await picows.ws_create_server(
        lambda request: _Speaker(rooms.setdefault(request.path, []), queue),
        "127.0.0.1", 0, read_buffer_init_size=1024,
    )  # fmt: skip
    _kept.extend((server, asyncio.create_task(queue.run())))
    return int(server.sockets[0].getsockname()[1])


async def _sqlite(database: str) -> Keep:
    connection = apsw.Connection(database.removeprefix("sqlite:///"))
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "locking_mode = EXCLUSIVE"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(_TABLE.format(bytes="blob"))

    def write(rows: list[Row]) -> None:
        with connection:
            connection.executemany("INSERT INTO said VALUES (?, ?, ?)", rows)

    async def keep(rows: list[Row]) -> None:
        await asyncio.get_running_loop().run_in_executor(None, write, rows)

    return keep


async def _postgres(database: str) -> Keep:
    connection: Any = await asyncpg.connect(database)
    await connection.execute(_TABLE.format(bytes="bytea"))
    insert = await connection.prepare(
        "INSERT INTO said SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[])"
    )

    async def keep(rows: list[Row]) -> None:
        await insert.fetch(*zip(*rows, strict=True))

    return keep
