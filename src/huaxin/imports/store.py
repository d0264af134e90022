"""Imports on their way, in the database."""

import msgspec

from huaxin.orders.commands import PlaceOrder
from huaxin.storage.port import Database

_FIELDS = "shop, id, person, name, total, done, already, state, started_at, ended_at"
_PUT = f"""
INSERT INTO imports ({_FIELDS}, doc) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (shop, id) DO UPDATE SET person = excluded.person, name = excluded.name, total = excluded.total,
  done = excluded.done, already = excluded.already, state = excluded.state,
  started_at = excluded.started_at, ended_at = excluded.ended_at, doc = excluded.doc
"""


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """`state`: making | done. `already`: orders that an earlier import had made."""

    shop: str
    id: str
    person: str
    name: str
    total: int
    done: int = 0
    already: int = 0
    state: str = "making"
    started_at: int = 0
    ended_at: int = 0


class ImportStore:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def put(self, one: Import, bodies: list[PlaceOrder]) -> None:
        doc = msgspec.json.encode(bodies).decode()
        await self._db.execute(_PUT, *(getattr(one, name) for name in _FIELDS.split(", ")), doc)

    async def step(self, one: Import) -> None:
        """How far it is; what was to be made is dropped when it is done."""
        sql = "UPDATE imports SET done = $3, already = $4, state = $5, ended_at = $6"
        sql += " WHERE shop = $1 AND id = $2"
        args = (one.shop, one.id, one.done, one.already, one.state, one.ended_at)
        more = ("UPDATE imports SET doc = '[]' WHERE shop = $1 AND id = $2", (one.shop, one.id))
        await self._db.execute_many([(sql, args), more] if one.state == "done" else [(sql, args)])

    async def get(self, shop: str, id: str) -> Import | None:
        rows = await self._db.fetch(f"SELECT {_FIELDS} FROM imports WHERE shop = $1 AND id = $2", shop, id)
        return _read(rows[0]) if rows else None

    async def unfinished(self) -> list[tuple[Import, list[PlaceOrder]]]:
        rows = await self._db.fetch(f"SELECT {_FIELDS}, doc FROM imports WHERE state = 'making'")
        return [(_read(row[:-1]), msgspec.json.decode(str(row[-1]), type=list[PlaceOrder])) for row in rows]


def _read(row: tuple[object, ...]) -> Import:
    return Import(**dict(zip(_FIELDS.split(", "), row, strict=True)))  # type: ignore[arg-type]  # written by us
