"""What both databases say in the same words: every read of the journal, written once over `fetch`."""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

from huaxin.journal.model import Head, Record, StateRow
from huaxin.storage.rows import RECORD_LIST, STATE_LIST, record_of, state_of

_END = 2**62  # after every seq
_MOST_VALUES = 256  # in one IN list


class SqlReads(ABC):
    """The reading half of a JournalStore, for any database that answers `fetch` and `execute`."""

    @abstractmethod
    async def fetch(self, sql: str, *args: Any) -> list[tuple[Any, ...]]: ...

    @abstractmethod
    async def execute(self, sql: str, *args: Any) -> int: ...

    async def open_shop(self, shop: str) -> Head:
        found = await self.heads([shop])
        if shop not in found:
            # Two nodes may open a new shop at once: the first one's epoch stays.
            await self.execute(
                "INSERT INTO heads (shop, epoch, seq) VALUES ($1, $2, 0) ON CONFLICT (shop) DO NOTHING",
                shop,
                new_epoch(),
            )
            found = await self.heads([shop])
        return found[shop]

    async def heads(self, shops: Sequence[str]) -> dict[str, Head]:
        found: dict[str, Head] = {}
        for some in _padded(list(shops)):
            marks = _marks(len(some))
            sql = f"SELECT shop, epoch, seq FROM heads WHERE shop IN ({marks})"
            for shop, epoch, seq in await self.fetch(sql, *some):
                found[shop] = Head(epoch, seq)
        return found

    async def read(self, shop: str, after: int, limit: int) -> list[Record]:
        return await self._records("shop = $1 AND seq > $2 ORDER BY seq LIMIT $3", shop, after, limit)

    async def read_subject(
        self, shop: str, subject: str, after: int, limit: int, *, before: int = 0, newest: bool = False
    ) -> list[Record]:
        where = "shop = $1 AND subject = $2 AND seq > $3 AND seq < $4"
        if newest:
            where = f"shop = $1 AND seq IN (SELECT seq FROM journal WHERE {where} ORDER BY seq DESC LIMIT $5)"
            return await self._records(f"{where} ORDER BY seq", shop, subject, after, before or _END, limit)
        return await self._records(
            f"{where} ORDER BY seq LIMIT $5", shop, subject, after, before or _END, limit
        )

    async def read_run(self, shop: str, courier: str, after: int, limit: int) -> list[Record]:
        if not courier:
            return []
        # Two short index walks; "<> ''" lets both databases use the partial indexes.
        part = (
            "SELECT seq FROM (SELECT seq FROM journal WHERE shop = $1 AND {c} = $2 AND {c} <> '' "
            "AND seq > $3 ORDER BY seq LIMIT $4) AS {c}_part"
        )
        both = f"{part.format(c='courier')} UNION {part.format(c='courier_before')}"
        return await self._records(
            f"shop = $1 AND seq IN ({both}) ORDER BY seq LIMIT $4", shop, courier, after, limit
        )

    async def find_command(self, actor: str, command_id: str) -> Record | None:
        found = await self.find_commands([(actor, command_id)])
        return found[0] if found else None

    async def find_commands(self, keys: Sequence[tuple[str, str]]) -> list[Record]:
        found: list[Record] = []
        for some in _padded(list(keys)):
            pairs = ", ".join(f"(${2 * i + 1}, ${2 * i + 2})" for i in range(len(some)))
            found += await self._records(
                f"nth = 0 AND (actor, command_id) IN (VALUES {pairs})",
                *(part for key in some for part in key),
            )
        return found

    async def state(self, shop: str, subject: str) -> StateRow | None:
        rows = await self.states_of(shop, [subject])
        return rows[0] if rows else None

    async def states_of(self, shop: str, subjects: Sequence[str]) -> list[StateRow]:
        found: list[StateRow] = []
        for some in _padded(list(subjects)):
            found += await self._states(f"shop = $1 AND subject IN ({_marks(len(some), 2)})", shop, *some)
        return found

    async def find_subject(self, subject: str) -> StateRow | None:
        rows = await self._states("subject = $1 LIMIT 1", subject)
        return rows[0] if rows else None

    async def states(
        self,
        shop: str = "",
        *,
        courier: str = "",
        buyer: str = "",
        open_only: bool = False,
        since_due: int = 0,
        limit: int = 500,
    ) -> list[StateRow]:
        where, args = ["TRUE"], list[Any]()
        for column, value in (("shop", shop), ("courier", courier), ("buyer", buyer)):
            if value:
                args.append(value)
                # "<> ''" lets both databases use the partial indexes.
                where.append(f"{column} = ${len(args)} AND {column} <> ''")
        if open_only:
            where.append("NOT closed")
        if since_due:
            args.append(since_due)
            where.append(f"due_at >= ${len(args)}")
        args.append(limit)
        return await self._states(
            f"{' AND '.join(where)} ORDER BY due_at, shop, subject LIMIT ${len(args)}", *args
        )

    async def _records(self, tail: str, *args: Any) -> list[Record]:
        return [
            record_of(r) for r in await self.fetch(f"SELECT {RECORD_LIST} FROM journal WHERE {tail}", *args)
        ]

    async def _states(self, tail: str, *args: Any) -> list[StateRow]:
        return [state_of(r) for r in await self.fetch(f"SELECT {STATE_LIST} FROM states WHERE {tail}", *args)]


def new_epoch() -> str:
    """A fresh identity of a journal: random, 12 characters."""
    return secrets.token_urlsafe(9)


def _marks(count: int, first: int = 1) -> str:
    return ", ".join(f"${i}" for i in range(first, first + count))


def _padded[T](values: list[T]) -> Iterator[list[T]]:
    """Slices whose length is a power of two, the last value repeated: few statements to prepare."""
    for start in range(0, len(values), _MOST_VALUES):
        some = values[start : start + _MOST_VALUES]
        size = 1 << (len(some) - 1).bit_length()
        yield some + [some[-1]] * (size - len(some))
