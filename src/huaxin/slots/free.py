"""Which slots are there, what they cost and what is left of them. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from huaxin.kernel import Text
from huaxin.shops.model import Shop, at_minute, local_day
from huaxin.slots.book import Book, Load
from huaxin.slots.model import DaySlot, Occasion, SlotPlan, Spot

UNLIMITED = -1
_MINUTE_MS = 60_000


class When(msgspec.Struct, frozen=True, gc=False):
    """One slot of one day: ms since 1970, and its setting."""

    start: int
    end: int
    day: date
    rule: DaySlot


class Room(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """`left`: orders that still fit, -1: not limited. `why`: what is short, "" when something is left."""

    left: int
    why: str = ""  # seats | florists | zone


class FreeSlot(msgspec.Struct, frozen=True, kw_only=True):
    """A slot as it is offered. `open`: may be booked; `full`: it would be, but nothing is left."""

    start: int
    end: int
    label: Text
    open: bool
    full: bool = False
    left: int = UNLIMITED
    fee: int = 0  # fen, all of it: zone, slot and day
    occasion: Text | None = None  # why the day costs more


def spot_of(plan: SlotPlan, metres: float) -> Spot | None:
    """The zone that far away by road; None: farther than the shop delivers."""
    if not plan.zones:
        return Spot()
    zone = next((one for one in plan.zones if metres <= one.up_to_m), None)
    return Spot(zone=zone.id, fee=zone.fee) if zone is not None else None


def slot_at(plan: SlotPlan, shop: Shop, at: int) -> When | None:
    """The slot in which a promise that ends at `at` (ms) is delivered: start < at <= end."""
    day = local_day(shop, at - 1)
    return next((one for one in _of_day(plan, shop, day) if one.start < at <= one.end), None)


def is_bookable(plan: SlotPlan, shop: Shop, when: When, now: int) -> bool:
    """Before its cut-offs and not on a blackout day."""
    if when.day.isoformat() in plan.blackouts or now >= when.start - when.rule.cut_off * _MINUTE_MS:
        return False
    return not when.rule.evening or now < at_minute(shop, when.day - timedelta(days=1), when.rule.evening)


def is_deliverable(plan: SlotPlan, when: When) -> bool:
    """For what is wanted at once: no cut-off, but nothing on a blackout day."""
    return when.day.isoformat() not in plan.blackouts


def room_in(plan: SlotPlan, when: When, load: Load, spot: str, bouquets: int) -> Room:
    """What is left in a slot that holds `load`, for orders of so many bouquets to a zone."""
    limits: list[tuple[int, str]] = []
    if when.rule.seats:
        limits.append((when.rule.seats - load.orders, "seats"))
    if when.rule.minutes:
        spare = when.rule.minutes // plan.making - load.bouquets
        limits.append((spare // max(1, bouquets), "florists"))
    zone = next((one for one in plan.zones if one.id == spot), None)
    if zone is not None and zone.seats:
        limits.append((zone.seats - load.zones[spot], "zone"))
    if not limits:
        return Room(left=UNLIMITED)
    left, why = min(limits)
    return Room(left=max(0, left), why=why if left <= 0 else "")


def zone_room(plan: SlotPlan, load: Load, spot: str) -> Room:
    """What is left for a zone alone: for an order that has its seat in the slot already."""
    zone = next((one for one in plan.zones if one.id == spot), None)
    if zone is None or not zone.seats:
        return Room(left=UNLIMITED)
    left = max(0, zone.seats - load.zones[spot])
    return Room(left=left, why="" if left else "zone")


def fee_of(plan: SlotPlan, spot: Spot, when: When | None, day: date) -> int:
    """Fen: what the zone, the slot and the day cost together. Outside every slot only zone and day."""
    occasion = _occasion(plan, day)
    return spot.fee + (when.rule.fee if when else 0) + (occasion.fee if occasion else 0)


def offer(
    plan: SlotPlan, shop: Shop, book: Book, now: int, when: When, spot: Spot, bouquets: int = 1
) -> FreeSlot:
    """One slot as somebody who orders now sees it."""
    room = room_in(plan, when, book.between(when.start, when.end), spot.zone, bouquets)
    bookable = is_bookable(plan, shop, when, now)
    words = f"{_clock(when.rule.start)}–{_clock(when.rule.end)}"
    occasion = _occasion(plan, when.day)
    return FreeSlot(
        start=when.start,
        end=when.end,
        label=Text(words, words),
        open=bookable and room.left != 0,
        full=bookable and room.left == 0,
        left=room.left,
        fee=fee_of(plan, spot, when, when.day),
        occasion=Text(occasion.name, occasion.name_en or occasion.name) if occasion else None,
    )


def offers(
    plan: SlotPlan,
    shop: Shop,
    book: Book,
    now: int,
    first: date,
    days: int,
    spot: Spot,
    bouquets: int = 1,
) -> Iterator[FreeSlot]:
    """Every slot of these days, by time. Those of blackout days are there and closed."""
    for ahead in range(days):
        for when in _of_day(plan, shop, first + timedelta(days=ahead)):
            yield offer(plan, shop, book, now, when, spot, bouquets)


def next_free(
    plan: SlotPlan, shop: Shop, book: Book, now: int, after: int, spot: Spot, bouquets: int = 1, most: int = 3
) -> list[FreeSlot]:
    """The free slots nearest to a wished moment: the next ones, first one of the same day before it."""
    day = local_day(shop, max(now, after - 1))
    found = [one for one in offers(plan, shop, book, now, day, 14, spot, bouquets) if one.open]
    earlier = [one for one in found if one.end <= after][-1:]
    return (earlier + [one for one in found if one.end > after])[:most]


def say_slots(shop: Shop, found: list[FreeSlot]) -> str:
    """「11-25 13:00–15:00、…」: the same in both languages."""
    return ", ".join(f"{local_day(shop, one.start):%m-%d} {one.label.zh}" for one in found)


def say_slot(when: When) -> str:
    return f"{when.day:%m-%d} {_clock(when.rule.start)}–{_clock(when.rule.end)}"


def _of_day(plan: SlotPlan, shop: Shop, day: date) -> list[When]:
    week = day.isoweekday()
    return [
        When(at_minute(shop, day, rule.start), at_minute(shop, day, rule.end), day, rule)
        for rule in plan.slots
        if week in rule.days
    ]


def _occasion(plan: SlotPlan, day: date) -> Occasion | None:
    said = day.isoformat()
    return next((one for one in plan.occasions if one.day == said), None)


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"
