"""Uploads and what was made of them, in the database, through the storage port."""

from typing import Any

import msgspec

from huaxin.media.model import Made, Purpose, State, Upload
from huaxin.storage.port import Database

_COLUMNS = "id, person, order_id, purpose, name, length, received, state, code, made, created_at, expires_at"
_decode = msgspec.json.Decoder(Made).decode
_DAY_MS = 24 * 3_600_000

# Counted and asked in one step: two at once can never both be the last one allowed.
_COUNT = """
INSERT INTO media_usage (person, day, bytes, uploads) VALUES ($1, $2, $3, 1)
ON CONFLICT (person, day) DO UPDATE SET
  bytes = media_usage.bytes + excluded.bytes, uploads = media_usage.uploads + 1
WHERE media_usage.bytes + excluded.bytes <= $4 AND media_usage.uploads < $5
"""


class MediaStore:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def count(self, person: str, now: int, size: int, most_bytes: int, most_uploads: int) -> bool:
        """Takes an upload from the person's day; False: it is used up, nothing was taken."""
        if size > most_bytes or most_uploads < 1:
            return False
        return await self._db.execute(_COUNT, person, now // _DAY_MS, size, most_bytes, most_uploads) == 1

    async def give_back(self, person: str, at: int, size: int) -> None:
        """Bytes that never came are not counted."""
        await self._db.execute(
            "UPDATE media_usage SET bytes = bytes - $3 WHERE person = $1 AND day = $2 AND bytes >= $3",
            person,
            at // _DAY_MS,
            size,
        )

    async def count_open(self, person: str) -> int:
        rows = await self._db.fetch(
            "SELECT COUNT(*) FROM media WHERE person = $1 AND state = 'uploading'", person
        )
        return int(rows[0][0])

    async def add(self, one: Upload) -> None:
        await self._db.execute(
            f"INSERT INTO media ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            one.id, one.person, one.order, one.purpose.value, one.name, one.length, one.received,
            one.state.value, one.code, "", one.created_at, one.expires_at,
        )  # fmt: skip

    async def find(self, id: str) -> Upload | None:
        rows = await self._db.fetch(f"SELECT {_COLUMNS} FROM media WHERE id = $1", id)
        return _upload(rows[0]) if rows else None

    async def find_all(self, ids: list[str]) -> dict[str, Upload]:
        if not ids:
            return {}
        marks = ", ".join(f"${n + 1}" for n in range(len(ids)))
        rows = await self._db.fetch(f"SELECT {_COLUMNS} FROM media WHERE id IN ({marks})", *ids)
        return {row[0]: _upload(row) for row in rows}

    async def set_received(self, id: str, received: int) -> None:
        """How much is on the disk for good; with it the whole, it is to be made ready."""
        await self._db.execute(
            "UPDATE media SET received = $2, state = CASE WHEN length = $2 THEN 'processing' ELSE state END "
            "WHERE id = $1 AND state = 'uploading'",
            id,
            received,
        )

    async def set_ready(self, id: str, made: Made, expires_at: int) -> bool:
        """`expires_at`: until when somebody must have sent it."""
        text = msgspec.json.encode(made).decode()
        sql = (
            "UPDATE media SET state = 'ready', made = $2, expires_at = $3 "
            "WHERE id = $1 AND state = 'processing'"
        )
        return await self._db.execute(sql, id, text, expires_at) == 1

    async def set_refused(self, id: str, code: str) -> None:
        sql = "UPDATE media SET state = 'refused', code = $2 WHERE id = $1 AND state = 'processing'"
        await self._db.execute(sql, id, code)

    async def keep(self, ids: list[str]) -> bool:
        """They belong to a message now and are not swept away. False: one is gone already."""
        changed = await self._db.execute_many(
            [("UPDATE media SET expires_at = 0 WHERE id = $1 AND state = 'ready'", (one,)) for one in ids]
        )
        return all(changed)

    async def let_go(self, ids: list[str], expires_at: int) -> None:
        """What was to be in a message came into none."""
        sql = "UPDATE media SET expires_at = $2 WHERE id = $1 AND state = 'ready' AND expires_at = 0"
        await self._db.execute_many([(sql, (one, expires_at)) for one in ids])

    async def waiting(self) -> list[Upload]:
        """Whole, but not made ready when the server stopped."""
        rows = await self._db.fetch(
            f"SELECT {_COLUMNS} FROM media WHERE state = 'processing' ORDER BY created_at"
        )
        return [_upload(row) for row in rows]

    async def expired(self, now: int, limit: int = 500) -> list[Upload]:
        rows = await self._db.fetch(
            f"SELECT {_COLUMNS} FROM media WHERE expires_at > 0 AND expires_at < $1 "
            "ORDER BY expires_at LIMIT $2",
            now,
            limit,
        )
        return [_upload(row) for row in rows]

    async def of_order(self, order: str) -> list[Upload]:
        rows = await self._db.fetch(f"SELECT {_COLUMNS} FROM media WHERE order_id = $1", order)
        return [_upload(row) for row in rows]

    async def remove(self, id: str, *, expired_before: int = 0) -> bool:
        """False: it is gone, or (with `expired_before`) a message has it since."""
        if expired_before:
            sql = "DELETE FROM media WHERE id = $1 AND expires_at > 0 AND expires_at < $2"
            return await self._db.execute(sql, id, expired_before) == 1
        return await self._db.execute("DELETE FROM media WHERE id = $1", id) == 1

    async def forget_usage(self, now: int) -> None:
        await self._db.execute("DELETE FROM media_usage WHERE day < $1", now // _DAY_MS - 7)


def _upload(row: tuple[Any, ...]) -> Upload:
    id, person, order, purpose, name, length, received, state, code, made, created_at, expires_at = row
    return Upload(
        id=id, person=person, order=order, purpose=Purpose(purpose), name=name, length=length,
        received=received, state=State(state), code=code, made=_decode(made) if made else None,
        created_at=created_at, expires_at=expires_at,
    )  # fmt: skip
