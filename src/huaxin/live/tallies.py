"""What a shop has only so much of, counted at the head of its journal: seats of slots, and vouchers."""

from collections.abc import Sequence
from typing import Any

from huaxin.journal.model import Command, Record, Tallies
from huaxin.orders.model import Order
from huaxin.orders.remedies.vouchers import VoucherDraft, VoucherTally
from huaxin.slots.tally import SlotDraft, SlotTally
from huaxin.storage.port import Store

_VOUCHERS = "SELECT subject, vouchers FROM states WHERE shop = $1 AND vouchers <> ''"


class ShopTally:
    """journal.model.Tally of both."""

    def __init__(self, slots: SlotTally, vouchers: VoucherTally) -> None:
        self.slots, self.vouchers = slots, vouchers

    @property
    def stale(self) -> bool:
        return self.slots.stale

    def absorb(self, records: Sequence[Record]) -> None:
        self.slots.absorb(records)
        self.vouchers.absorb(records)

    def draft(self) -> "ShopDraft":
        return ShopDraft(self.slots.draft(), self.vouchers.draft())


class ShopDraft:
    def __init__(self, slots: SlotDraft, vouchers: VoucherDraft) -> None:
        self._slots, self._vouchers = slots, vouchers

    def take(self, before: Any | None, after: Any, command: Command, now: int) -> None:
        """Raises Rejected slot.*, voucher.*; then nothing is taken of either."""
        if isinstance(after, Order):
            self._vouchers.check(before, after, now)
        self._slots.take(before, after, command, now)
        if isinstance(after, Order):
            self._vouchers.take(before, after)


class ShopTallies:
    """journal.model.Tallies: `slots` opens those of the slots."""

    def __init__(self, store: Store, slots: Tallies) -> None:
        self._store, self._slots = store, slots

    async def open(self, shop: str) -> ShopTally:
        slots, vouchers = await self._slots.open(shop), VoucherTally()
        assert isinstance(slots, SlotTally)
        vouchers.load((str(order), str(kept)) for order, kept in await self._store.fetch(_VOUCHERS, shop))
        return ShopTally(slots, vouchers)
