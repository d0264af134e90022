"""A shop, when it is open and when it delivers. Minutes are counted from local midnight."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from huaxin.kernel import Point, Text

Minute = Annotated[int, Meta(ge=0, le=24 * 60)]


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """Open on these days (1 Monday … 7 Sunday) from `start` to `end`."""

    days: tuple[Annotated[int, Meta(ge=1, le=7)], ...] = (1, 2, 3, 4, 5, 6, 7)
    start: Minute = 8 * 60
    end: Minute = 21 * 60


class SlotRule(msgspec.Struct, frozen=True, kw_only=True):
    """A window of every open day, bookable until `cut_off` minutes before it ends."""

    start: Minute
    end: Minute
    cut_off: Annotated[int, Meta(ge=0, le=7 * 24 * 60)] = 60


DAY_SLOTS = tuple(SlotRule(start=h * 60, end=(h + 2) * 60) for h in (9, 11, 13, 15, 17, 19))


class Shop(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    name_en: str = ""
    phone: str = ""
    point: Point | None = None
    time_zone: str = "Asia/Shanghai"
    opening: tuple[Opening, ...] = (Opening(),)
    slots: tuple[SlotRule, ...] = DAY_SLOTS
    service_minutes: int = 30  # to make one bouquet
    created_at: int = 0


class SlotTime(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery window of one day, ms since 1970. `open` False: too late, or the shop is closed."""

    start: int
    end: int
    label: Text
    open: bool


def slots_on(shop: Shop, day: date, now: int) -> list[SlotTime]:
    """The delivery windows of one day in the shop's own time; empty on a day the shop is closed."""
    hours = [one for one in shop.opening if day.isoweekday() in one.days]
    slots = []
    for rule in shop.slots:
        if not any(one.start <= rule.start and rule.end <= one.end for one in hours):
            continue
        start, end = at_minute(shop, day, rule.start), at_minute(shop, day, rule.end)
        words = f"{_clock(rule.start)}–{_clock(rule.end)}"
        bookable = now < end - rule.cut_off * 60_000
        slots.append(SlotTime(start=start, end=end, label=Text(words, words), open=bookable))
    return slots


def at_minute(shop: Shop, day: date, minute: int) -> int:
    """Ms since 1970 of a minute of the shop's local day."""
    # Midnight plus minutes by the wall clock: on the days a clock changes, 9:00 stays 9:00.
    wall = datetime.combine(day, time(0)) + timedelta(minutes=minute)
    return int(wall.replace(tzinfo=ZoneInfo(shop.time_zone)).timestamp() * 1000)


def local_day(shop: Shop, now: int) -> date:
    return datetime.fromtimestamp(now / 1000, ZoneInfo(shop.time_zone)).date()


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"
