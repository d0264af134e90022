"""Shops in the database, and the counter that gives every order the number people say."""

import msgspec

from huaxin.journal.model import Rejected
from huaxin.kernel import Point
from huaxin.shops.model import Opening, Shop, SlotRule
from huaxin.storage.port import Database

_COLUMNS = "id, name, name_en, phone, lat, lon, time_zone, opening, slots, service_minutes, created_at"


class ShopStore:
    """Shops are few and read all the time: kept in memory, read again after a change (or `forget`)."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._shops: dict[str, Shop] | None = None

    async def all(self) -> list[Shop]:
        """Every shop, oldest first."""
        if self._shops is None:
            rows = await self._db.fetch(f"SELECT {_COLUMNS} FROM shops ORDER BY created_at, id")
            self._shops = {row[0]: _shop(row) for row in rows}
        return list(self._shops.values())

    async def find(self, shop: str) -> Shop | None:
        found = next((one for one in await self.all() if one.id == shop), None)
        if found is None:  # another process may have made it
            self._shops = None
            found = next((one for one in await self.all() if one.id == shop), None)
        return found

    async def get(self, shop: str) -> Shop:
        """Raises Rejected shop.unknown (404)."""
        found = await self.find(shop)
        if found is None:
            raise Rejected("shop.unknown", "There is no such shop.", shop, status=404)
        return found

    async def put(self, shop: Shop) -> None:
        """Makes it, or changes everything of it but its order numbers."""
        point = shop.point
        await self._db.execute(
            f"INSERT INTO shops ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,"
            " phone = excluded.phone, lat = excluded.lat, lon = excluded.lon,"
            " time_zone = excluded.time_zone, opening = excluded.opening, slots = excluded.slots,"
            " service_minutes = excluded.service_minutes",
            shop.id, shop.name, shop.name_en, shop.phone,
            float(point.lat) if point else None, float(point.lon) if point else None,
            shop.time_zone, _json(shop.opening), _json(shop.slots), shop.service_minutes, shop.created_at,
        )  # fmt: skip
        self._shops = None

    def forget(self) -> None:
        self._shops = None

    async def take_number(self, shop: str, count: int = 1) -> int:
        """The next order number, the first of `count`; never given twice, by any process. Raises Rejected
        shop.unknown (404)."""
        rows = await self._db.fetch(
            "UPDATE shops SET next_number = next_number + $2 WHERE id = $1 RETURNING next_number", shop, count
        )
        if not rows:
            raise Rejected("shop.unknown", "没有这家店。", shop, status=404)
        return int(rows[0][0]) - count


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _shop(row: tuple[object, ...]) -> Shop:
    fields = dict(zip(_COLUMNS.split(", "), row, strict=True))
    lat, lon = fields.pop("lat"), fields.pop("lon")
    if isinstance(lat, float) and isinstance(lon, float):
        fields["point"] = Point(lat, lon)
    fields["opening"] = msgspec.json.decode(str(fields["opening"]), type=tuple[Opening, ...])
    fields["slots"] = msgspec.json.decode(str(fields["slots"]), type=tuple[SlotRule, ...])
    return Shop(**fields)  # type: ignore[arg-type]  # rows are written by us, from this type
