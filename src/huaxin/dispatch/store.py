"""What people decided about runs, in the database."""

from typing import Any, Protocol

import msgspec

from huaxin.dispatch.load import Hold


class Rows(Protocol):
    """As much of a database as this needs (huaxin.storage.port.Database has it)."""

    async def fetch(self, sql: str, *args: Any) -> list[tuple[Any, ...]]: ...

    async def execute(self, sql: str, *args: Any) -> int: ...


_PUT_ORDER = """
INSERT INTO run_orders (shop, courier, orders, set_by, changed_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (shop, courier) DO UPDATE SET
  orders = excluded.orders, set_by = excluded.set_by, changed_at = excluded.changed_at
"""
_PUT_BIKE = """
INSERT INTO bikes (shop, courier, places, tall) VALUES ($1, $2, $3, $4)
ON CONFLICT (shop, courier) DO UPDATE SET places = excluded.places, tall = excluded.tall
"""
_PUT_ASSIGNMENT = """
INSERT INTO assignment (shop, automatic, changed_at) VALUES ($1, $2, $3)
ON CONFLICT (shop) DO UPDATE SET automatic = excluded.automatic, changed_at = excluded.changed_at
"""


class RunStore:
    def __init__(self, db: Rows) -> None:
        self._db = db

    async def orders_by_hand(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """(courier, shop) → the visiting order a person set."""
        rows = await self._db.fetch("SELECT courier, shop, orders FROM run_orders")
        return {
            (str(courier), str(shop)): msgspec.json.decode(orders, type=tuple[str, ...])
            for courier, shop, orders in rows
        }

    async def put_order(self, shop: str, courier: str, orders: tuple[str, ...], by: str, now: int) -> None:
        """An empty order lets the run go."""
        if not orders:
            await self._db.execute("DELETE FROM run_orders WHERE shop = $1 AND courier = $2", shop, courier)
            return
        await self._db.execute(_PUT_ORDER, shop, courier, msgspec.json.encode(orders).decode(), by, now)

    async def bikes(self) -> dict[tuple[str, str], Hold]:
        """(courier, shop) → room; courier "" is the shop's usual bike."""
        rows = await self._db.fetch("SELECT courier, shop, places, tall FROM bikes")
        return {
            (str(courier), str(shop)): Hold(places=places, tall=tall) for courier, shop, places, tall in rows
        }

    async def put_bike(self, shop: str, courier: str, hold: Hold) -> None:
        await self._db.execute(_PUT_BIKE, shop, courier, hold.places, hold.tall)

    async def automatic(self) -> set[str]:
        """The shops that assign by themselves."""
        rows = await self._db.fetch("SELECT shop FROM assignment WHERE automatic = 1")
        return {str(row[0]) for row in rows}

    async def put_automatic(self, shop: str, on: bool, now: int) -> None:
        await self._db.execute(_PUT_ASSIGNMENT, shop, int(on), now)
