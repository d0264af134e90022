"""Tracker apps that report for a courier: one row each, the password known to the phone alone."""

import hmac
from hashlib import sha256

import msgspec

from huaxin.storage.port import Database

_COLUMNS = "id, shop, courier, name, proof, created_by, created_at, last_at, revoked_at"


class TrackerRow(msgspec.Struct, frozen=True):
    id: str
    shop: str
    courier: str
    name: str
    proof: str
    created_by: str
    created_at: int
    last_at: int = 0
    revoked_at: int = 0


def proof_of(secret: str, id: str, password: str) -> str:
    """Keyed: a leaked database alone cannot be searched with. Passwords are random, 72 bits."""
    return hmac.new(secret.encode(), f"tracker\x1f{id}\x1f{password}".encode(), sha256).hexdigest()


def is_right(row: TrackerRow, secret: str, password: str) -> bool:
    return hmac.compare_digest(row.proof, proof_of(secret, row.id, password))


class TrackerStore:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def add(self, row: TrackerRow) -> None:
        await self._db.execute(
            f"INSERT INTO trackers ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            *msgspec.structs.astuple(row),
        )

    async def find(self, id: str) -> TrackerRow | None:
        rows = await self._db.fetch(f"SELECT {_COLUMNS} FROM trackers WHERE id = $1", id)
        return TrackerRow(*rows[0]) if rows else None

    async def of_shop(self, shop: str) -> list[TrackerRow]:
        """Those that still report, newest first."""
        rows = await self._db.fetch(
            f"SELECT {_COLUMNS} FROM trackers WHERE shop = $1 AND revoked_at = 0"
            " ORDER BY created_at DESC, id",
            shop,
        )
        return [TrackerRow(*row) for row in rows]

    async def revoke(self, id: str, now: int) -> None:
        await self._db.execute(
            "UPDATE trackers SET revoked_at = $2 WHERE id = $1 AND revoked_at = 0", id, now
        )

    async def heard(self, id: str, now: int) -> None:
        await self._db.execute("UPDATE trackers SET last_at = $2 WHERE id = $1 AND last_at < $2", id, now)

    async def rings(self) -> dict[str, tuple[int, int]]:
        """shop → (metres, minutes), of those that said anything."""
        rows = await self._db.fetch("SELECT shop, metres, minutes FROM rings")
        return {str(shop): (int(metres), int(minutes)) for shop, metres, minutes in rows}

    async def set_ring(self, shop: str, metres: int, minutes: int, now: int) -> None:
        await self._db.execute(
            "INSERT INTO rings (shop, metres, minutes, changed_at) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (shop) DO UPDATE SET metres = excluded.metres, minutes = excluded.minutes,"
            " changed_at = excluded.changed_at",
            shop, metres, minutes, now,
        )  # fmt: skip
