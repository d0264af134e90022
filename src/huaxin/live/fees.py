"""A shop's fees for changes: who sees and sets them."""

from collections.abc import Callable
from typing import Any

from huaxin.live import commands as c
from huaxin.live.queries import ShopArgs
from huaxin.orders.fees import ChangeFees
from huaxin.people.access import access_shop
from huaxin.people.model import Principal, StaffRole
from huaxin.shops.setting import SettingStore
from huaxin.storage.port import Database


class FeeDesk:
    def __init__(self, db: Database, clock: Callable[[], int]) -> None:
        self._store, self._clock = SettingStore(db, "change_fees", ChangeFees), clock

    async def of(self, shop: str) -> ChangeFees:
        return await self._store.get(shop)

    async def get_change_fees(self, who: Principal, args: ShopArgs) -> ChangeFees:
        """Raises Rejected access.denied."""
        access_shop(who, args.shop)
        return await self.of(args.shop)

    async def set_change_fees(self, who: Principal, wish: c.SetChangeFees) -> dict[str, Any]:
        """For changes asked for from now on. Raises Rejected access.denied."""
        access_shop(who, wish.shop, StaffRole.owner)
        await self._store.put(wish.shop, wish.fees, self._clock())
        return {"shop": wish.shop}

    def queries(self) -> dict[str, tuple[Any, Any, Any]]:
        return {"get_change_fees": (ShopArgs, ChangeFees, self.get_change_fees)}

    def acts(self) -> dict[str, Any]:
        return {"set_change_fees": self.set_change_fees}
