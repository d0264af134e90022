"""How long a shop keeps what was said, in days after an order's completion."""

from typing import Any, Protocol

import msgspec


class Retention(msgspec.Struct, frozen=True, kw_only=True):
    """0: for ever."""

    messages_days: int = 0
    media_days: int = 0
    positions_days: int = 0  # the last position of each courier

    @property
    def pictures_days(self) -> int:
        """Media never outlive the messages they belong to."""
        given = [days for days in (self.media_days, self.messages_days) if days]
        return min(given, default=0)


class Rows(Protocol):
    """As much of a database as this needs (huaxin.storage.port.Database has it)."""

    async def fetch(self, sql: str, *args: Any) -> list[tuple[Any, ...]]: ...

    async def execute(self, sql: str, *args: Any) -> int: ...


_PUT = """
INSERT INTO retention (shop, messages_days, media_days, positions_days, changed_at)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT (shop) DO UPDATE SET
  messages_days = excluded.messages_days, media_days = excluded.media_days,
  positions_days = excluded.positions_days, changed_at = excluded.changed_at
"""


class RetentionStore:
    def __init__(self, db: Rows) -> None:
        self._db = db

    async def get(self, shop: str) -> Retention:
        return (await self.all()).get(shop, Retention())

    async def all(self) -> dict[str, Retention]:
        """Of the shops that have said anything."""
        rows = await self._db.fetch("SELECT shop, messages_days, media_days, positions_days FROM retention")
        return {
            str(shop): Retention(messages_days=said, media_days=media, positions_days=positions)
            for shop, said, media, positions in rows
        }

    async def put(self, shop: str, kept: Retention, now: int) -> None:
        await self._db.execute(_PUT, shop, kept.messages_days, kept.media_days, kept.positions_days, now)
