"""The shops as a node knows them, without asking the store at every turn of a wheel."""

from huaxin.shops.model import Shop
from huaxin.shops.store import ShopStore


class KnownShops:
    def __init__(self, store: ShopStore) -> None:
        self._store = store
        self._known: dict[str, Shop] = {}

    def get(self, shop: str) -> Shop | None:
        return self._known.get(shop)

    def all(self) -> list[Shop]:
        return list(self._known.values())

    async def learn(self) -> set[str]:
        """Reads them anew; which are new or stand somewhere else."""
        self._store.forget()  # what it keeps may be older than what others wrote
        before, self._known = self._known, {shop.id: shop for shop in await self._store.all()}
        return {
            shop.id for shop in self.all() if shop.id not in before or before[shop.id].point != shop.point
        }
