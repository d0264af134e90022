"""A voucher's code as people meet it: looked at before the order is placed, and taken with it."""

from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from huaxin.catalogue.store import CatalogueStore
from huaxin.journal.journal import Journal
from huaxin.journal.model import Rejected
from huaxin.live.clock import real_ms
from huaxin.live.pricing import price_lines
from huaxin.live.tallies import ShopTally
from huaxin.orders.commands import Id, LineWish
from huaxin.orders.remedies.model import Voucher
from huaxin.orders.remedies.vouchers import VoucherTally, check_usable, read_code, shown_code, spend
from huaxin.people.limits import MINUTE, Rule, tries_left
from huaxin.people.model import Principal
from huaxin.storage.port import Database

CODE_TRIES = Rule(12, 15 * MINUTE)  # wrong ones, of one person


class CheckVoucherArgs(msgspec.Struct, frozen=True, kw_only=True):
    """`lines`: what would be ordered with it. `order`: the id it will have; that one may have it already."""

    shop: Id
    code: Annotated[str, Meta(min_length=1, max_length=20)]
    lines: Annotated[list[LineWish], Meta(max_length=20)] = []
    order: Annotated[str, Meta(max_length=40)] = ""


class VoucherView(msgspec.Struct, frozen=True, kw_only=True):
    """`off`: fen that the order costs less."""

    code: str
    off: int
    until: int


class VoucherDesk:
    """Tries are counted by the real clock, as logins are; what a voucher is good for by the house's."""

    def __init__(
        self, db: Database, journal: Journal, catalogue: CatalogueStore, clock: Callable[[], int]
    ) -> None:
        self._db, self._journal, self._catalogue, self._clock = db, journal, catalogue, clock

    async def check_voucher(self, who: Principal, args: CheckVoucherArgs) -> VoucherView:
        """Raises Rejected voucher.*, auth.required."""
        if not who.person:
            raise Rejected("auth.required", "Log in first.", status=401)
        voucher = await self.find(who, args.shop, args.code, args.order)
        off = voucher.amount
        if args.lines:
            known = await self._catalogue.take(args.shop, [line.product for line in args.lines])
            goods = sum(line.price * line.quantity for line in price_lines(args.lines, known))
            spent = spend(voucher, goods)
            off = spent.amount if spent else 0
        return VoucherView(code=shown_code(voucher.code), off=off, until=voucher.until)

    async def find(self, who: Principal, shop: str, said: str, order: str) -> Voucher:
        """What the code stands for, as things are now; the journal has the last word. Raises Rejected
        voucher.unknown, voucher.used, voucher.expired, voucher.tries."""
        tally = await self._journal.tally(shop)
        vouchers = tally.vouchers if isinstance(tally, ShopTally) else VoucherTally()
        code, name = read_code(said), f"voucher/{who.person}"
        voucher = vouchers.given.get(code)
        left, wait_s = await tries_left(self._db, real_ms(), name, CODE_TRIES, hit=voucher is None)
        if left < 0 or (left == 0 and voucher is not None):  # then not the right one either
            sentence = "Too many wrong codes. Please wait."
            raise Rejected("voucher.tries", sentence, {"wait_s": wait_s})
        return check_usable(voucher, vouchers.holder(code), order, said, self._clock())


def voucher_queries(desk: VoucherDesk) -> dict[str, tuple[Any, Any, Any]]:
    return {"check_voucher": (CheckVoucherArgs, VoucherView, desk.check_voucher)}
