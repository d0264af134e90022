"""A shop's gates: who sets them, what they add to a command, how often a receipt code may be tried."""

from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from huaxin.journal.model import Rejected
from huaxin.kernel import Role
from huaxin.live import commands as c
from huaxin.live.clock import real_ms
from huaxin.live.orders import Orders, denied
from huaxin.live.queries import ShopArgs
from huaxin.orders.gates import Gates
from huaxin.orders.model import Order
from huaxin.orders.proof import is_code
from huaxin.people.access import access_shop, roles_on, staff_of
from huaxin.people.limits import MINUTE, Rule, tries_left
from huaxin.people.model import Principal, StaffRole
from huaxin.shops.setting import SettingStore
from huaxin.storage.port import Database

CODE_TRIES = Rule(5, 15 * MINUTE)  # wrong ones, of one order


class ReceiptCodeArgs(msgspec.Struct, frozen=True, kw_only=True):
    order: str
    code: Annotated[str, Meta(min_length=1, max_length=12)]


class ReceiptCodeView(msgspec.Struct, frozen=True, kw_only=True):
    right: bool


class GateDesk:
    """`clock` of the house; tries are counted by the real one, as logins are."""

    def __init__(self, db: Database, orders: Orders, clock: Callable[[], int]) -> None:
        self._db, self._store, self._orders, self._clock = db, SettingStore(db, "gates", Gates), orders, clock

    async def of(self, shop: str) -> Gates:
        return await self._store.get(shop)

    async def get_gates(self, who: Principal, args: ShopArgs) -> Gates:
        """For everybody who works there: a courier must know what is asked for."""
        if staff_of(who, args.shop) is None:
            raise denied(args.shop)
        return await self.of(args.shop)

    async def set_gates(self, who: Principal, wish: c.SetGates) -> dict[str, Any]:
        access_shop(who, wish.shop, StaffRole.owner)
        await self._store.put(wish.shop, wish.gates, self._clock())
        return {"shop": wish.shop}

    async def check_receipt_code(self, who: Principal, args: ReceiptCodeArgs) -> ReceiptCodeView:
        """For who hands over, before the tap. Raises Rejected, as check_code."""
        order, _ = await self._orders.access(args.order, who)
        if not _hands_over(order, who):
            raise denied(args.order)
        await self.check_code(order, who, args.code)
        return ReceiptCodeView(right=is_code(order, args.code))

    async def check_code(self, order: Order, who: Principal, code: str) -> None:
        """Raises Rejected proof.wrong_code with the tries that are left, or proof.code_locked: then the right
        one is not taken either, or trying on would pay."""
        if not order.receipt_code or not _hands_over(order, who):
            return  # whoever may not deliver uses up nobody's tries
        name, right = f"receipt/{order.id}", is_code(order, code)
        left, wait_s = await tries_left(self._db, real_ms(), name, CODE_TRIES, hit=False)
        if left > 0 and not right:
            left, wait_s = await tries_left(self._db, real_ms(), name, CODE_TRIES, hit=True)
            if left > 0:
                raise Rejected("proof.wrong_code", "That is not the receipt code.", {"tries_left": left})
        if left <= 0:
            sentence = "Too many wrong codes. Prove it another way, or wait."
            raise Rejected("proof.code_locked", sentence, {"wait_s": wait_s})


def _hands_over(order: Order, who: Principal) -> bool:
    return bool({Role.courier, Role.shop} & set(roles_on(order, who)))
