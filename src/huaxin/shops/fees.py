"""What each shop asks for late changes, in the database."""

from typing import Any, Protocol

import msgspec

from huaxin.orders.fees import ChangeFees


class Rows(Protocol):
    """As much of a database as this needs (huaxin.storage.port.Database has it)."""

    async def fetch(self, sql: str, *args: Any) -> list[tuple[Any, ...]]: ...

    async def execute(self, sql: str, *args: Any) -> int: ...


_PUT = """
INSERT INTO change_fees (shop, doc, changed_at) VALUES ($1, $2, $3)
ON CONFLICT (shop) DO UPDATE SET doc = excluded.doc, changed_at = excluded.changed_at
"""


class FeesStore:
    """Read for every change that is looked at or asked for, by any node: not kept in memory."""

    def __init__(self, db: Rows) -> None:
        self._db = db

    async def get(self, shop: str) -> ChangeFees:
        rows = await self._db.fetch("SELECT doc FROM change_fees WHERE shop = $1", shop)
        return msgspec.json.decode(str(rows[0][0]), type=ChangeFees) if rows else ChangeFees()

    async def put(self, shop: str, fees: ChangeFees, now: int) -> None:
        await self._db.execute(_PUT, shop, msgspec.json.encode(fees).decode(), now)
