"""Each shop's rules about pictures of the flowers and proofs of delivery, in the database."""

from typing import Any, Protocol

import msgspec

from huaxin.orders.gates import Gates


class Rows(Protocol):
    """As much of a database as this needs (huaxin.storage.port.Database has it)."""

    async def fetch(self, sql: str, *args: Any) -> list[tuple[Any, ...]]: ...

    async def execute(self, sql: str, *args: Any) -> int: ...


_PUT = """
INSERT INTO gates (shop, doc, changed_at) VALUES ($1, $2, $3)
ON CONFLICT (shop) DO UPDATE SET doc = excluded.doc, changed_at = excluded.changed_at
"""


class GatesStore:
    """Read at every pick-up and delivery, by any node: not kept in memory."""

    def __init__(self, db: Rows) -> None:
        self._db = db

    async def get(self, shop: str) -> Gates:
        rows = await self._db.fetch("SELECT doc FROM gates WHERE shop = $1", shop)
        return msgspec.json.decode(str(rows[0][0]), type=Gates) if rows else Gates()

    async def put(self, shop: str, gates: Gates, now: int) -> None:
        await self._db.execute(_PUT, shop, msgspec.json.encode(gates).decode(), now)
