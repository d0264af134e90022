"""What a change would do, said before it is asked for and answered: fee, arrival, other orders."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from huaxin.catalogue.store import CatalogueStore
from huaxin.dispatch.assign import Rider
from huaxin.dispatch.model import RunPlan
from huaxin.dispatch.run import plan_run
from huaxin.journal.model import Rejected
from huaxin.kernel import Point, Role, Text
from huaxin.live.answers import NO_WAY
from huaxin.live.orders import Orders, denied
from huaxin.live.pricing import price_lines
from huaxin.live.slots import SlotDesk, Wanted, why_not
from huaxin.live.tracking import LiveTracking
from huaxin.orders import change_rules as rules
from huaxin.orders.agreeing import apply, as_countered
from huaxin.orders.commands import Id, LineWish
from huaxin.orders.fees import ChangeFees, farther_fee
from huaxin.orders.model import Address, Card, Change, Order, Party, Promise
from huaxin.people.model import Principal
from huaxin.shops.model import Shop
from huaxin.shops.store import ShopStore

LATER_MS = 90_000  # less is nothing that anybody would notice


class Way(NamedTuple):
    """What another time or place costs more (fen; less: below 0) by the shop's zones and slots, and the zone
    of another place (None: as it was, or nothing is counted)."""

    fee: int = 0
    zone: str | None = None


async def find_way(
    slots: SlotDesk,
    shop: Shop,
    order: Order,
    promise: Promise | None,
    address: Address | None,
    now: int,
    *,
    free: bool,
    per_km: int = 0,
) -> Way:
    """`free`: the shop takes it whatever its slots say. `per_km`: fen, where no zones set
    the price. Raises Rejected slot.* when they do not allow it."""
    if promise is None and address is None:
        return Way()
    was = Wanted(point=order.address.point, promise=order.promise, zone=order.zone)
    wanted = Wanted(
        point=address.point if address else order.address.point,
        promise=promise or order.promise,
        bouquets=sum(line.quantity for line in order.lines),
        free=free,
    )
    settled = await slots.settle_change(shop, was, wanted, now)
    fee = settled.fee - order.fee if settled.fee or settled.zone else 0
    if per_km and address is not None and not settled.zone:
        before, after = slots.metres(shop, order.address.point), slots.metres(shop, address.point)
        fee += farther_fee(before, after, per_km)
    return Way(fee, settled.zone if address else None)


class PreviewChangeArgs(msgspec.Struct, frozen=True, kw_only=True):
    """What would be asked for, or `change`: the one that waits, seen by those who are to answer it."""

    order: Id
    change: Annotated[str, Meta(max_length=128)] = ""
    promise: Promise | None = None
    address: Address | None = None
    recipient: Party | None = None
    card: Card | None = None
    lines: Annotated[list[LineWish], Meta(min_length=1, max_length=20)] | None = None
    cancel: bool = False


class OtherOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Another order of the same run that would come later."""

    order: str
    number: int
    minutes: int
    late: bool  # its promise would be missed


class FeePart(msgspec.Struct, frozen=True, kw_only=True):
    """What a part of the sum is for: cancel | items | way | second_trip | on_road. Fen; negative: less."""

    kind: str
    amount: int


class ChangePreview(msgspec.Struct, frozen=True, kw_only=True):
    """The effect of a change. Sums in fen, absent for a courier; times ms, 0: nobody can say. `others`: for
    those of the shop; the buyer reads how many."""

    parts: list[str]
    needs: list[str]  # roles that must agree; none: it is done at once
    refused: Text | None = None
    total_before: int | None = None
    total: int | None = None
    fees: list[FeePart] = []  # what the difference is made of
    eta_before: int = 0
    eta_at: int = 0
    kept: bool = True  # the promise, with it
    others: list[OtherOrder] = []
    others_later: int = 0
    others_late: int = 0
    answer_minutes: int = 0  # how long those who are asked have


class ChangeDesk:
    """Raises Rejected."""

    def __init__(
        self,
        orders: Orders,
        catalogue: CatalogueStore,
        shops: ShopStore,
        slots: SlotDesk,
        tracking: LiveTracking,
        fees: Callable[[str], Awaitable[ChangeFees]],
        clock: Callable[[], int],
    ) -> None:
        self._orders, self._catalogue, self._shops, self._slots = orders, catalogue, shops, slots
        self._tracking, self._fees, self._clock = tracking, fees, clock

    async def preview_change(self, who: Principal, args: PreviewChangeArgs) -> ChangePreview:
        order, role = await self._orders.access(args.order, who)
        if role is Role.recipient:
            raise denied("preview_change")
        change, costs, full = await self._wished(order, args, free=role is Role.shop)
        parts = rules.parts_of(change)
        refused = await self._refusal(order, change, parts)
        if refused is not None or not parts:
            return ChangePreview(parts=parts, needs=[], refused=refused)
        effect = self._effect(order, role, change, parts)
        if effect.total is not None:
            effect = replace(effect, fees=[FeePart(kind=kind, amount=sum_) for kind, sum_ in costs])
        # No seat is left: what it would have cost is said beside what is free.
        return replace(effect, refused=full, needs=[]) if full else effect

    async def _wished(
        self, order: Order, args: PreviewChangeArgs, *, free: bool
    ) -> tuple[Change, list[tuple[str, int]], Text | None]:
        """The change, what its fee is made of, and why the shop's slots would not allow it."""
        waiting = order.change
        if args.change and waiting is not None and waiting.id == args.change:
            return as_countered(waiting), [], None
        lines = None
        if args.lines:
            products = await self._catalogue.take(order.shop, [one.product for one in args.lines])
            lines = price_lines(args.lines, products)
        change = Change(
            id="", asked_by="", asked_at=0, promise=args.promise, address=args.address,
            recipient=args.recipient, card=args.card, lines=lines, cancel=args.cancel,
        )  # fmt: skip
        shop = await self._shops.get(order.shop)
        fees, full = await self._fees(shop.id), None
        asked = (self._slots, shop, order, args.promise, args.address, self._clock())
        try:
            way = await find_way(*asked, free=free, per_km=fees.per_km)
        except Rejected as no:
            if not no.code.startswith("slot."):
                raise
            full, way = why_not(no), await find_way(*asked, free=True, per_km=fees.per_km)
        costing = (order, rules.parts_of(change), lines, way.fee, fees)
        return replace(change, fee=rules.fee_of(*costing)), rules.fee_parts(*costing), full

    async def _refusal(self, order: Order, change: Change, parts: list[str]) -> Text | None:
        if change.address is not None:
            shop = await self._shops.get(order.shop)
            if not self._tracking.reachable(shop, change.address.point):
                return NO_WAY
        return rules.refusal_of(order, parts)

    def _effect(self, order: Order, role: Role, change: Change, parts: list[str]) -> ChangePreview:
        now = self._clock()
        before, after = self._plans(order, change, now)
        others = _others(order, before, after, self._tracking) if before and after else []
        was, will = _arrival(before, order.id), _arrival(after, order.id)
        end = change.promise.end if change.promise else order.promise.end
        priced = role is not Role.courier
        return ChangePreview(
            parts=parts,
            needs=[one.value for one in rules.asked(order, parts)],
            total_before=order.total if priced else None,
            total=order.total + change.fee if priced else None,
            eta_before=was,
            eta_at=will,
            kept=not will or will <= end,
            others=others if role is not Role.buyer else [],
            others_later=len(others),
            others_late=sum(one.late for one in others),
            answer_minutes=round((rules.expires_at(order, change, now) - now) / 60_000),
        )

    def _plans(self, order: Order, change: Change, now: int) -> tuple[RunPlan | None, RunPlan | None]:
        """The run as it is and as it would be; None while nobody carries it."""
        if order.courier is None:
            return None, None
        point = self._tracking.point_of(order.shop)
        rider = self._tracking.tracker.rider(order.courier.person, order.shop, point)
        changed = [] if change.cancel else [apply(order, change, now)]
        with_it = [one for one in rider.orders if one.id != order.id] + changed
        return self._plan(point, rider, rider.orders, now), self._plan(point, rider, with_it, now)

    def _plan(self, point: Point, rider: Rider, orders: Sequence[Order], now: int) -> RunPlan:
        roads = self._tracking.tracker.roads
        return plan_run(
            roads, point, orders, rider.bike, now, rider.previous, rider.pace, hold=rider.hold, quick=True
        )


def _arrival(plan: RunPlan | None, order: str) -> int:
    return (
        next((stop.arrive_at for stop in plan.stops if stop.order == order and stop.known), 0) if plan else 0
    )


def _others(order: Order, before: RunPlan, after: RunPlan, tracking: LiveTracking) -> list[OtherOrder]:
    was = {stop.order: stop.arrive_at for stop in before.stops}
    found = []
    for stop in after.stops:
        later = stop.arrive_at - was.get(stop.order, stop.arrive_at)
        known = tracking.open_orders.get(stop.order)
        if stop.order == order.id or known is None or later < LATER_MS:
            continue
        late = stop.order in after.unkept and stop.order not in before.unkept
        found.append(
            OtherOrder(order=stop.order, number=known.number, minutes=round(later / 60_000), late=late)
        )
    return found
