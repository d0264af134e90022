"""What a shop still has to pay back, of all its orders in one list (docs/spec/intake.md, IM-33 to IM-37)."""

import re
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from huaxin.live.queries import ShopArgs
from huaxin.live.rules import HuaxinRules
from huaxin.orders.account import Refund, left_of
from huaxin.orders.model import Order, Status
from huaxin.people.access import access_shop
from huaxin.people.model import Principal
from huaxin.storage.port import JournalStore

LOOKED_BACK_MS = 60 * 24 * 3_600_000  # by promise; what is older is in its order alone
_MOST_ORDERS = 50_000
MOST_ROWS = 500
# Nearly no order owes anything: only those that do are read whole.
_OWES = re.compile(rb'"owed":[1-9]')


class RefundRow(msgspec.Struct, frozen=True, kw_only=True):
    """One entry to tick off. `left`: so much is to go back for it now, in fen."""

    order: str
    number: int
    status: Status
    buyer: str
    phone: str
    method: str  # how it was paid: at_shop | elsewhere
    reference: str
    refund: Refund
    left: Annotated[int, Meta(ge=0)]


class RefundList(msgspec.Struct, frozen=True, kw_only=True):
    """Oldest first. `owed`: all of it, in fen."""

    owed: int
    rows: list[RefundRow]


class Refunds:
    def __init__(self, store: JournalStore, clock: Callable[[], int]) -> None:
        self._store, self._clock, self._rules = store, clock, HuaxinRules()

    async def list_refunds(self, who: Principal, args: ShopArgs) -> RefundList:
        """For the shop's staff. Raises Rejected access.denied."""
        access_shop(who, args.shop)
        since = self._clock() - LOOKED_BACK_MS
        rows = await self._store.states(args.shop, since_due=since, limit=_MOST_ORDERS)
        orders = [self._rules.load(row.doc) for row in rows if _OWES.search(row.doc)]
        found = [row for order in orders for row in _rows(order)]
        found.sort(key=lambda row: (row.refund.at, row.number))
        return RefundList(owed=sum(order.payment.owed for order in orders), rows=found[:MOST_ROWS])

    def queries(self) -> dict[str, tuple[Any, Any, Any]]:
        return {"list_refunds": (ShopArgs, RefundList, self.list_refunds)}


def _rows(order: Order) -> list[RefundRow]:
    return [
        RefundRow(
            order=order.id, number=order.number, status=order.status, buyer=order.buyer.name,
            phone=order.buyer.phone, method=order.payment.method, reference=order.payment.reference,
            refund=one, left=left,
        )
        for one in order.refunds
        if (left := left_of(one, order.payment)) > 0
    ]  # fmt: skip
