"""Standing orders in the database."""

import msgspec

from huaxin.standing.model import Standing
from huaxin.storage.port import Database

_PUT = """
INSERT INTO standing_orders (id, shop, person, ended, doc) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET ended = excluded.ended, doc = excluded.doc
"""


class StandingStore:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def put(self, one: Standing) -> None:
        doc = msgspec.json.encode(one).decode()
        await self._db.execute(_PUT, one.id, one.shop, one.person, int(one.ended), doc)

    async def get(self, id: str) -> Standing | None:
        found = await self._read("id = $1", id)
        return found[0] if found else None

    async def of_shop(self, shop: str) -> list[Standing]:
        return await self._read("shop = $1 ORDER BY ended, id LIMIT 500", shop)

    async def of_person(self, person: str) -> list[Standing]:
        return await self._read("person = $1 ORDER BY ended, id LIMIT 200", person)

    async def running(self) -> list[Standing]:
        return await self._read("ended = 0 ORDER BY id")

    async def _read(self, where: str, *args: str) -> list[Standing]:
        rows = await self._db.fetch(f"SELECT doc FROM standing_orders WHERE {where}", *args)
        return [msgspec.json.decode(str(row[0]), type=Standing) for row in rows]
