"""What a shop has decided about one thing, as a document in a table of its own."""

from typing import Any, Literal, Protocol

import msgspec


class Rows(Protocol):
    """As much of a database as this needs (huaxin.storage.port.Database has it)."""

    async def fetch(self, sql: str, *args: Any) -> list[tuple[Any, ...]]: ...

    async def execute(self, sql: str, *args: Any) -> int: ...


class SettingStore[T: msgspec.Struct]:
    """Read each time it decides something, by any node: not kept in memory. `kind()` is what holds for a shop
    that has said nothing."""

    def __init__(self, db: Rows, table: Literal["change_fees", "gates"], kind: type[T]) -> None:
        self._db, self._table, self._kind = db, table, kind

    async def get(self, shop: str) -> T:
        rows = await self._db.fetch(f"SELECT doc FROM {self._table} WHERE shop = $1", shop)
        return msgspec.json.decode(str(rows[0][0]), type=self._kind) if rows else self._kind()

    async def put(self, shop: str, decided: T, now: int) -> None:
        await self._db.execute(
            f"INSERT INTO {self._table} (shop, doc, changed_at) VALUES ($1, $2, $3)"
            " ON CONFLICT (shop) DO UPDATE SET doc = excluded.doc, changed_at = excluded.changed_at",
            shop, msgspec.json.encode(decided).decode(), now,
        )  # fmt: skip
