"""Delivery slots as people meet them: what is free, what it costs, and what an order takes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec

from huaxin.journal.journal import Journal
from huaxin.journal.model import Rejected
from huaxin.kernel import Point, Text
from huaxin.live import views as v
from huaxin.live.clock import real_ms
from huaxin.live.queries import ShopArgs
from huaxin.live.roads import City
from huaxin.live.slot_views import SlotLoad, SlotPlanView, SlotsView
from huaxin.live.tallies import ShopTallies, ShopTally
from huaxin.orders.commands import PlaceOrder
from huaxin.orders.model import Promise
from huaxin.orders.place import AS_SOON_AS_POSSIBLE_MS
from huaxin.people.access import access_shop, is_shop_staff
from huaxin.people.model import Principal, StaffRole
from huaxin.shops.model import Shop, local_day
from huaxin.shops.store import ShopStore
from huaxin.slots.book import Book, Taken
from huaxin.slots.commands import FindSlotsArgs, LoadArgs, SetSlots
from huaxin.slots.free import (
    When,
    fee_of,
    is_bookable,
    is_deliverable,
    next_free,
    offers,
    room_in,
    say_slot,
    say_slots,
    slot_at,
    spot_of,
    zone_room,
)
from huaxin.slots.model import DaySlot, SlotPlan, Spot, tidy_plan
from huaxin.slots.store import SlotPlans
from huaxin.slots.tally import SlotTally, full
from huaxin.storage.port import Store

_DAY_MS = 24 * 3_600_000
_FEW_LEFT = 3  # only then a customer is told how many
_MOST_ORDERS = 200_000


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants brought. `free`: the shop takes it whatever its slots say. `zone`: where an order
    has its seat."""

    point: Point
    zone: str = ""
    promise: Promise | None = None
    bouquets: int = 1
    free: bool = False


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What the server says about it: the promise as it will be counted, the zone, the fee in fen."""

    promise: Promise | None = None
    zone: str | None = None  # None: the shop counts nothing
    fee: int = 0


class SlotTallies:
    """journal.model.Tallies: opens a shop's count from its stored orders."""

    def __init__(self, store: Store, shops: ShopStore, plans: SlotPlans, clock: Callable[[], int]) -> None:
        self._store, self._shops, self._plans, self._clock = store, shops, plans, clock

    async def open(self, shop: str) -> SlotTally:
        found = await self._shops.find(shop) or Shop(id=shop, name="")
        plan = await self._plans.get(shop)
        tally = SlotTally(found, plan, lambda: self._plans.known(shop) is plan)
        if plan is not None:
            since = self._clock() - 2 * _DAY_MS
            rows = await self._store.states(shop, since_due=since, limit=_MOST_ORDERS)
            tally.load((row.subject, row.doc) for row in rows)
        return tally


class SlotDesk:
    def __init__(
        self, plans: SlotPlans, shops: ShopStore, journal: Journal, city: City, clock: Callable[[], int]
    ) -> None:
        self._plans, self._shops, self._journal, self._city = plans, shops, journal, city
        self._clock = clock

    # for orders

    async def settle(self, shop: Shop, wanted: Wanted, now: int) -> Settled:
        """Raises Rejected slot.* when the shop's slots do not allow it; the last word has the journal."""
        plan = await self._plans.get(shop.id)
        if plan is None:
            return Settled(promise=wanted.promise)
        promise = wanted.promise
        if promise is None:
            promise = Promise(end=now + AS_SOON_AS_POSSIBLE_MS, source="asap")
        spot = self._spot(plan, shop, wanted.point)
        if spot is None:
            if not wanted.free:
                raise _too_far()
            spot = Spot(zone=plan.zones[-1].id, fee=plan.zones[-1].fee)
        when = slot_at(plan, shop, promise.end)
        if not wanted.free:
            await self._check(plan, shop, promise, when, spot, wanted.bouquets, now)
        fee = fee_of(plan, spot, when, local_day(shop, promise.end - 1))
        return Settled(promise=promise, zone=spot.zone, fee=fee)

    async def _check(
        self,
        plan: SlotPlan,
        shop: Shop,
        promise: Promise,
        when: When | None,
        spot: Spot,
        bouquets: int,
        now: int,
    ) -> None:
        book = await self._book(shop.id)
        soon = promise.source == "asap" and promise.end <= now + AS_SOON_AS_POSSIBLE_MS + 60_000
        if soon and not plan.asap:
            raise _closed("slot.no_asap", plan, shop, book, promise.end, now, spot, bouquets)
        if when is None:
            raise _closed("slot.none", plan, shop, book, promise.end, now, spot, bouquets)
        allowed = is_deliverable(plan, when) if soon else is_bookable(plan, shop, when, now)
        if not allowed:
            raise _closed("slot.closed", plan, shop, book, promise.end, now, spot, bouquets)
        room = room_in(plan, when, book.between(when.start, when.end), spot.zone, bouquets)
        if room.left == 0:
            raise full(plan, shop, book, when, now, spot, bouquets, room.why)

    async def settle_change(self, shop: Shop, was: Wanted, wanted: Wanted, now: int) -> Settled:
        """For an order that is moved in time or place: only what is new is asked of the slots."""
        plan = await self._plans.get(shop.id)
        if plan is None or was.promise is None or wanted.promise is None:
            return Settled(promise=wanted.promise)
        spot = self._spot(plan, shop, wanted.point)
        if spot is None and not wanted.free:
            raise _too_far()
        before = slot_at(plan, shop, was.promise.end)
        after = slot_at(plan, shop, wanted.promise.end)
        if before is None or after is None or before.start != after.start:
            return await self.settle(shop, wanted, now)
        # It has its seat already: only one of another zone, and what that costs, is asked.
        if spot is not None and spot.zone != was.zone and not wanted.free:
            book = await self._book(shop.id)
            load = book.between(after.start, after.end)
            room = zone_room(plan, load, spot.zone)
            if room.left == 0:
                raise full(plan, shop, book, after, now, spot, wanted.bouquets, room.why)
        return await self.settle(shop, msgspec.structs.replace(wanted, free=True), now)

    def metres(self, shop: Shop, point: Point) -> float:
        """From the shop by road; 0: nobody can say."""
        ride = self._city.ride(shop.point, point) if shop.point is not None else None
        return ride[1] if ride else 0.0

    # questions

    async def find_slots(self, who: Principal, args: FindSlotsArgs) -> SlotsView:
        shop = await self._shops.get(args.shop)
        now = self._clock()
        plan = await self._plans.get(shop.id) or usual_plan(shop)
        spot = self._spot(plan, shop, args.point)
        if spot is None:
            return SlotsView(reachable=False, words=TOO_FAR)
        book = await self._book(shop.id)
        first = local_day(shop, now) + timedelta(days=args.day)
        staff = is_shop_staff(who, shop.id)
        found = offers(plan, shop, book, now, first, args.days, spot, args.bouquets)
        return SlotsView(
            reachable=True,
            zone=_zone_name(plan, spot),
            slots=[_slot_view(one, staff) for one in found],
            asap=await self._asap(plan, shop, book, spot, args.bouquets, now),
        )

    async def offered(
        self, who: Principal, shop: Shop, point: Point | None, promise: Promise | None, day: int, now: int
    ) -> SlotsView | None:
        """For a quote; None: the shop counts no slots. `promise`: what a note was read as."""
        plan = await self._plans.get(shop.id)
        if plan is None:
            return None
        args = FindSlotsArgs(shop=shop.id, point=point, day=day, days=1 if day else 14)
        found = await self.find_slots(who, args)
        if promise is None or not found.reachable:
            return found
        return msgspec.structs.replace(found, note=await self._note(plan, shop, point, promise, now))

    async def _note(
        self, plan: SlotPlan, shop: Shop, point: Point | None, promise: Promise, now: int
    ) -> v.NoteSlot:
        spot = self._spot(plan, shop, point) or Spot()
        when = slot_at(plan, shop, promise.end)
        fee = fee_of(plan, spot, when, local_day(shop, promise.end - 1))
        try:
            await self._check(plan, shop, promise, when, spot, 1, now)
        except Rejected as no:
            return v.NoteSlot(open=False, fee=fee, words=why_not(no))
        return v.NoteSlot(open=True, fee=fee)

    async def _asap(
        self, plan: SlotPlan, shop: Shop, book: Book, spot: Spot, bouquets: int, now: int
    ) -> v.AsapView:
        promise = Promise(end=now + AS_SOON_AS_POSSIBLE_MS, source="asap")
        when = slot_at(plan, shop, promise.end)
        fee = fee_of(plan, spot, when, local_day(shop, promise.end - 1))
        try:
            await self._check(plan, shop, promise, when, spot, bouquets, now)
        except Rejected as no:
            return v.AsapView(open=False, fee=fee, words=why_not(no))
        return v.AsapView(open=True, fee=fee)

    async def get_slots(self, who: Principal, args: ShopArgs) -> SlotPlanView:
        access_shop(who, args.shop)
        shop = await self._shops.get(args.shop)
        plan = await self._plans.get(args.shop)
        return SlotPlanView(is_set=plan is not None, plan=plan or usual_plan(shop))

    async def set_slots(self, who: Principal, wish: SetSlots) -> dict[str, Any]:
        access_shop(who, wish.shop, StaffRole.owner, StaffRole.dispatcher)
        plan = tidy_plan(wish.plan) if wish.plan is not None else None
        await self._plans.put(wish.shop, plan, self._clock())
        return {"shop": wish.shop}

    async def get_slot_load(self, who: Principal, args: LoadArgs) -> list[SlotLoad]:
        """How full the next days are, for the shop."""
        access_shop(who, args.shop)
        shop = await self._shops.get(args.shop)
        plan, now = await self._plans.get(args.shop), self._clock()
        if plan is None:
            return []
        book = await self._book(shop.id)
        found = offers(plan, shop, book, now, local_day(shop, now), args.days, Spot())
        return [self._load(plan, shop, book, one) for one in found]

    def _load(self, plan: SlotPlan, shop: Shop, book: Book, one: Any) -> SlotLoad:
        when = slot_at(plan, shop, one.end)
        load = book.between(one.start, one.end)
        rule = when.rule if when else DaySlot(start=0, end=1)
        return SlotLoad(
            start=one.start,
            end=one.end,
            label=one.label,
            open=one.open,
            full=one.full,
            orders=load.orders,
            seats=rule.seats,
            bouquets=load.bouquets,
            most_bouquets=rule.minutes // plan.making,
        )

    async def crowded(self, shop: Shop, wishes: list[PlaceOrder]) -> list[Text]:
        """The slots that would hold more than they are set to with these orders."""
        plan = await self._plans.get(shop.id)
        if plan is None:
            return []
        book, more = await self._book(shop.id), Book()
        for wish in wishes:
            if wish.promise is not None:
                more.add(Taken(wish.promise.end, sum(line.quantity for line in wish.lines)))
        found: list[Text] = []
        for when in {slot_at(plan, shop, at) for at in more.moments()} - {None}:
            assert when is not None
            orders = book.between(when.start, when.end).orders + more.between(when.start, when.end).orders
            if when.rule.seats and orders > when.rule.seats:
                said = say_slot(when)
                found.append(
                    Text(
                        f"{said} 会有 {orders} 单,只安排了 {when.rule.seats} 单",
                        f"{said} would have {orders} orders, {when.rule.seats} are planned for",
                    )
                )
        return sorted(found, key=lambda one: one.zh)[:20]

    async def _book(self, shop: str) -> Book:
        tally = await self._journal.tally(shop)
        return tally.slots.book if isinstance(tally, ShopTally) else Book()

    def _spot(self, plan: SlotPlan, shop: Shop, point: Point | None) -> Spot | None:
        """None: farther than the shop delivers."""
        if not plan.zones or point is None or shop.point is None:
            return spot_of(plan, 0.0)
        ride = self._city.ride(shop.point, point)
        return spot_of(plan, ride[1]) if ride else None


def usual_plan(shop: Shop) -> SlotPlan:
    """The windows a shop has that never set any: nothing in them is counted."""
    days: list[DaySlot] = []
    for rule in shop.slots:
        hours = [one for one in shop.opening if one.start <= rule.start and rule.end <= one.end]
        week = sorted({day for one in hours for day in one.days})
        if week:
            days.append(DaySlot(start=rule.start, end=rule.end, days=tuple(week), cut_off=0))
    return SlotPlan(slots=tuple(days), making=max(1, shop.service_minutes))


TOO_FAR = Text(
    "这个地址超出了花店的配送范围,请换一个地址或联系花店。",
    "This address is beyond where the shop delivers; choose another one or ask the shop.",
)
_WHY = {
    "slot.no_asap": Text("花店不接立即配送的订单。", "The shop does not deliver at once."),
    "slot.none": Text("花店这个时间不配送。", "The shop does not deliver at that time."),
    "slot.closed": Text("这个时间已经截单或当天不配送。", "That time can no longer be booked."),
    "slot.full": Text("这个时间已约满。", "That time is fully booked."),
    "slot.all_full": Text("这个时间已约满。", "That time is fully booked."),
}
_ZONE_FULL = Text(
    "这个时间送到那一带的单已约满,请换个时间或地址。",
    "Deliveries to that part of town are fully booked at this time; choose another time or address.",
)
_NEXT = Text("最近可约:{next}", " Next free: {next}.")


def why_not(no: Rejected) -> Text:
    """A refusal of the slots in both languages, with what is free instead."""
    if no.code == "slot.too_far":
        return TOO_FAR
    full_zone = isinstance(no.value, dict) and no.value.get("why") == "zone"
    said = _ZONE_FULL if full_zone else _WHY.get(no.code, _WHY["slot.closed"])
    found = no.value.get("next", "") if isinstance(no.value, dict) else ""
    if not found:
        return said
    return Text(said.zh + _NEXT.zh.format(next=found), said.en + _NEXT.en.format(next=found))


def _too_far() -> Rejected:
    return Rejected("slot.too_far", TOO_FAR.en, status=422)


def _closed(
    code: str, plan: SlotPlan, shop: Shop, book: Book, at: int, now: int, spot: Spot, bouquets: int
) -> Rejected:
    found = next_free(plan, shop, book, now, at, spot, bouquets)
    value = {"next": say_slots(shop, found), "slots": msgspec.to_builtins(found)}
    return Rejected(code if found else "slot.nothing", _WHY[code].en, value, status=409)


def _zone_name(plan: SlotPlan, spot: Spot) -> Text | None:
    zone = next((one for one in plan.zones if one.id == spot.zone), None)
    return Text(zone.name or zone.id, zone.name_en or zone.name or zone.id) if zone else None


def _slot_view(one: Any, staff: bool) -> v.Slot:
    told = staff or 0 <= one.left <= _FEW_LEFT
    return v.Slot(
        start=one.start,
        end=one.end,
        label=one.label,
        open=one.open,
        full=one.full,
        left=one.left if told else -1,
        fee=one.fee,
        occasion=one.occasion,
    )


def open_slots(
    store: Store, shops: ShopStore, journal: Journal, city: City, clock: Callable[[], int], shared: bool
) -> SlotDesk:
    """`shared`: other nodes write too. The journal counts from now on."""
    plans = SlotPlans(store, real_ms, shared)
    journal.tallies = ShopTallies(store, SlotTallies(store, shops, plans, clock))
    return SlotDesk(plans, shops, journal, city, clock)


def slot_queries(desk: SlotDesk) -> dict[str, tuple[Any, Any, Any]]:
    return {
        "find_slots": (FindSlotsArgs, SlotsView, desk.find_slots),
        "get_slots": (ShopArgs, SlotPlanView, desk.get_slots),
        "get_slot_load": (LoadArgs, list[SlotLoad], desk.get_slot_load),
    }
