"""Finding orders: by id alone, from the journal's memory when it is there."""

from collections import OrderedDict

from huaxin.journal.journal import Journal
from huaxin.journal.model import Rejected
from huaxin.kernel import Role
from huaxin.orders.decide import missing
from huaxin.orders.model import Order
from huaxin.people.access import role_on
from huaxin.people.model import Principal
from huaxin.storage.port import Store

_REMEMBERED = 200_000  # order → shop; 100 bytes each


class Orders:
    def __init__(self, journal: Journal, store: Store) -> None:
        self._journal, self._store = journal, store
        self._shop_of: OrderedDict[str, str] = OrderedDict()

    def remember(self, order: str, shop: str) -> None:
        known = self._shop_of
        known[order] = shop
        if len(known) > _REMEMBERED:
            known.popitem(last=False)

    async def shop_of(self, order: str) -> str | None:
        shop = self._shop_of.get(order)
        if shop is None:
            if not order.isprintable():
                return None  # no database takes every sign
            row = await self._store.find_subject(order)
            if row is None:
                return None
            shop = row.shop
            self.remember(order, shop)
        return shop

    def known(self, order: str) -> Order | None:
        """From memory alone: None also means "ask find". Asked for every message."""
        shop = self._shop_of.get(order)
        return None if shop is None else self._journal.cached_state(shop, order)

    async def find(self, order: str) -> Order | None:
        known = self.known(order)
        if known is not None:
            return known
        shop = await self.shop_of(order)
        if shop is None:
            return None
        found: Order | None = await self._journal.state(shop, order)
        return found

    async def access(self, order: str, who: Principal) -> tuple[Order, Role]:
        """The order and what the principal is on it.

        Raises Rejected order.not_found, the same whether it does not exist or is not theirs to see.
        """
        found = await self.find(order)
        role = role_on(found, who) if found is not None else None
        if found is None or role is None:
            raise missing(order)
        return found, role


def denied(what: str) -> Rejected:
    return Rejected("access.denied", "You have no access to this.", what, status=403)
