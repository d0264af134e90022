"""Received and read marks: two per member of an order, only ever moving forward.

`set` is heard at once by every reader of this object and written in batches: the first mark starts a
write, those that come while it runs go together in the next one. No timer; what a crash loses is at most
the marks of the write in flight, and a client sends its marks again with the next message it shows.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

MOST_ORDERS = 5_000  # kept in memory; a forgotten order is read again


class Rows(Protocol):
    """As much of a database as marks need (huaxin.storage.port.Database has it)."""

    async def fetch(self, sql: str, *args: Any) -> list[tuple[Any, ...]]: ...

    async def execute_many(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[int]: ...


class MemberMarks(msgspec.Struct, frozen=True, kw_only=True):
    """Seq of the shop's journal. Always read <= received."""

    person: str
    role: str
    received: int
    read: int


Key = tuple[str, str]  # person, role

# Both databases understand this; SQLite's max(a, b) and PostgreSQL's greatest(a, b) are not the same word.
_PUT = """
INSERT INTO marks (order_id, person, role, received, read) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (order_id, person, role) DO UPDATE SET
  received = CASE WHEN excluded.received > marks.received THEN excluded.received ELSE marks.received END,
  read = CASE WHEN excluded.read > marks.read THEN excluded.read ELSE marks.read END
"""


class Marks:
    def __init__(self, db: Rows, shared: bool = False) -> None:
        """`shared`: other nodes write marks too, so what is asked for is read again."""
        self._db, self._shared = db, shared
        self._orders: dict[str, dict[Key, MemberMarks]] = {}
        self._dirty: dict[tuple[str, Key], MemberMarks] = {}
        self._writer: asyncio.Task[None] | None = None
        self.failure: Exception | None = None  # of the last write, None when it went well

    async def get(self, order: str) -> list[MemberMarks]:
        if self._shared and order in self._orders:
            await self._read(order)
        return list((await self._load(order)).values())

    async def set(
        self, order: str, person: str, role: str, received: int = 0, read: int = 0
    ) -> MemberMarks | None:
        """The member's marks after it; None when nothing moved (then nobody needs to be told)."""
        known = await self._load(order)
        old = known.get((person, role)) or MemberMarks(person=person, role=role, received=0, read=0)
        # What was read was received, whatever a client says.
        new = MemberMarks(
            person=person,
            role=role,
            received=max(old.received, received, read),
            read=max(old.read, read),
        )
        if new == old:
            return None
        known[(person, role)] = new
        self._dirty[(order, (person, role))] = new
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        return new

    async def flush(self) -> None:
        """Returns when everything set before is durable. Raises what the last write failed with."""
        while self._dirty or (self._writer is not None and not self._writer.done()):
            if self._writer is None or self._writer.done():
                self._writer = asyncio.create_task(self._write())
            await asyncio.shield(self._writer)
            if self.failure is not None:
                raise self.failure

    async def _load(self, order: str) -> dict[Key, MemberMarks]:
        known = self._orders.get(order)
        return known if known is not None else await self._read(order)

    async def _read(self, order: str) -> dict[Key, MemberMarks]:
        """What is kept, together with what was set here and is not written yet."""
        rows = await self._db.fetch(
            "SELECT person, role, received, read FROM marks WHERE order_id = $1 ORDER BY person, role", order
        )
        # A mark set while this read was away may be newer than what it brings.
        known = self._orders.setdefault(order, {})
        for person, role, received, read in rows:
            here = known.get((person, role))
            known[(person, role)] = MemberMarks(
                person=person,
                role=role,
                received=max(received, here.received) if here else received,
                read=max(read, here.read) if here else read,
            )
        self._shrink(order)
        return known

    def _shrink(self, keep: str) -> None:
        unwritten = {order for order, _ in self._dirty}
        for order in list(self._orders)[: max(0, len(self._orders) - MOST_ORDERS)]:
            if order != keep and order not in unwritten:
                del self._orders[order]

    async def _write(self) -> None:
        while self._dirty:
            batch, self._dirty = self._dirty, {}
            statements = [
                (_PUT, (order, person, role, marks.received, marks.read))
                for (order, (person, role)), marks in sorted(batch.items())
            ]
            try:
                await self._db.execute_many(statements)
                self.failure = None
            except Exception as failure:
                # Kept for the next mark to take along, unless a newer one is there already.
                self._dirty = batch | self._dirty
                self.failure = failure
                return
