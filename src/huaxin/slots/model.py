"""A shop's delivery slots as it sets them.

Minutes count from local midnight, fees are fen, ways are metres by road. 0 couriers, florists or seats:
nothing is counted there.
"""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from huaxin.journal.model import Rejected
from huaxin.kernel import tidy

MOST_SLOTS = 40
MOST_ZONES = 20
MOST_DAYS = 200

Minute = Annotated[int, Meta(ge=0, le=24 * 60)]
Fee = Annotated[int, Meta(ge=0, le=1_000_000)]  # up to 10,000 yuan
Few = Annotated[int, Meta(ge=0, le=500)]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]  # of the shop's own calendar
Name = Annotated[str, Meta(max_length=40)]


class DaySlot(msgspec.Struct, frozen=True, kw_only=True):
    """One window of these weekdays (1 Monday … 7 Sunday). It has couriers × drops seats and florists × its
    own length in minutes for making."""

    start: Minute
    end: Minute
    days: tuple[Annotated[int, Meta(ge=1, le=7)], ...] = (1, 2, 3, 4, 5, 6, 7)
    couriers: Few = 0
    drops: Annotated[int, Meta(ge=1, le=100)] = 6  # orders one courier brings in it
    florists: Few = 0
    cut_off: Annotated[int, Meta(ge=0, le=7 * 24 * 60)] = 60  # bookable until so long before its start
    evening: Minute = 0  # bookable until this minute of the day before; 0: only `cut_off` counts
    fee: Fee = 0

    @property
    def seats(self) -> int:
        return self.couriers * self.drops

    @property
    def minutes(self) -> int:
        return self.florists * (self.end - self.start)


class Zone(msgspec.Struct, frozen=True, kw_only=True):
    """Everything within so many metres by road that no nearer zone holds."""

    id: Annotated[str, Meta(min_length=1, max_length=20, pattern="^[A-Za-z0-9_-]+$")]
    up_to_m: Annotated[int, Meta(ge=100, le=100_000)]
    name: Name = ""
    name_en: Name = ""
    fee: Fee = 0
    seats: Few = 0  # of each slot, for this zone


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """A day on which delivering costs more: 情人节."""

    day: Day
    name: Name = ""
    name_en: Name = ""
    fee: Fee = 0


class SlotPlan(msgspec.Struct, frozen=True, kw_only=True):
    """All a shop says about when it delivers. Without zones every address it can ride to costs the same."""

    slots: Annotated[tuple[DaySlot, ...], Meta(max_length=MOST_SLOTS)] = ()
    zones: Annotated[tuple[Zone, ...], Meta(max_length=MOST_ZONES)] = ()
    occasions: Annotated[tuple[Occasion, ...], Meta(max_length=MOST_DAYS)] = ()
    blackouts: Annotated[tuple[Day, ...], Meta(max_length=MOST_DAYS)] = ()
    making: Annotated[int, Meta(ge=1, le=600)] = 30  # a florist's minutes for one bouquet
    asap: bool = True  # "as soon as possible" is offered


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """Where an address lies for a plan. `zone` "": the plan knows no zones."""

    zone: str = ""
    fee: int = 0


def tidy_plan(plan: SlotPlan) -> SlotPlan:
    """In order, as it is kept. Raises Rejected slots.* (422) for what cannot be meant."""
    for slot in plan.slots:
        if slot.start >= slot.end:
            raise _wrong("slots.inverted", "A slot must start before it ends.", slot.start)
        if not slot.days:
            raise _wrong("slots.no_day", "Choose at least one weekday for each slot.", slot.start)
    slots = tuple(sorted(plan.slots, key=lambda one: (one.start, one.end)))
    _check_overlaps(slots)
    zones = tuple(sorted(plan.zones, key=lambda one: one.up_to_m))
    if len({one.id for one in zones}) != len(zones) or len({one.up_to_m for one in zones}) != len(zones):
        raise _wrong("slots.zones_alike", "Two zones are the same; give each its own distance.", len(zones))
    for day in (*plan.blackouts, *(one.day for one in plan.occasions)):
        _check_day(day)
    return msgspec.structs.replace(
        plan,
        slots=slots,
        zones=tuple(_tidy_names(one) for one in zones),
        occasions=tuple(sorted((_tidy_names(one) for one in plan.occasions), key=lambda one: one.day)),
        blackouts=tuple(sorted(set(plan.blackouts))),
    )


def _tidy_names[T: (Zone, Occasion)](one: T) -> T:
    return msgspec.structs.replace(one, name=tidy(one.name), name_en=tidy(one.name_en))


def _check_overlaps(slots: tuple[DaySlot, ...]) -> None:
    # Of two slots that share an hour nobody could say in which an order "by 11:00" takes its seat.
    for nth, one in enumerate(slots):
        for other in slots[nth + 1 :]:
            if other.start < one.end and set(one.days) & set(other.days):
                raise _wrong("slots.overlap", "Two slots of the same day overlap.", other.start)


def _check_day(day: str) -> None:
    try:
        date.fromisoformat(day)
    except ValueError:
        raise _wrong("slots.no_such_day", "There is no such day.", day) from None


def _wrong(code: str, sentence: str, value: object) -> Rejected:
    return Rejected(code, sentence, value, status=422)
