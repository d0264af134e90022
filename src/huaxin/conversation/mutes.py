"""Who wants to hear nothing of an order's messages: a person's own wish, no fact of the order."""

from collections import OrderedDict
from typing import Any, Protocol

_REMEMBERED = 20_000


class Rows(Protocol):
    """As much of a database as this needs (huaxin.storage.port.Database has it)."""

    async def fetch(self, sql: str, *args: Any) -> list[tuple[Any, ...]]: ...

    async def execute(self, sql: str, *args: Any) -> int: ...


class Mutes:
    def __init__(self, db: Rows, shared: bool = False) -> None:
        """`shared`: other nodes write too, so nothing is remembered."""
        self._db, self._shared = db, shared
        self._known: OrderedDict[str, set[str]] = OrderedDict()

    async def put(self, person: str, order: str, on: bool, now: int) -> None:
        if on:
            await self._db.execute(
                "INSERT INTO mutes (person, order_id, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                person,
                order,
                now,
            )
        else:
            await self._db.execute("DELETE FROM mutes WHERE person = $1 AND order_id = $2", person, order)
        self._known.pop(person, None)

    async def is_muted(self, person: str, order: str) -> bool:
        return order in await self._of(person)

    async def _of(self, person: str) -> set[str]:
        known = None if self._shared else self._known.get(person)
        if known is None:
            rows = await self._db.fetch("SELECT order_id FROM mutes WHERE person = $1", person)
            known = {str(row[0]) for row in rows}
            self._known[person] = known
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return known
