"""A wished time as a note says it, and what it means on the calendar. No language in here.

Wishes are vague on purpose (「三点」 has no half of the day); `promise_of` makes them exact or gives up.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from huaxin.orders.model import Promise

OPENS, CLOSES = 8, 22  # a bare hour is meant within these hours of the day
EARLIEST, LATEST = 6, 23  # nobody delivers flowers outside these, whatever a note says
DAY_ENDS = 21  # 「周六送到」, 「三点后」: until nine in the evening
ABOUT = timedelta(minutes=30)


class Kind(StrEnum):
    by = "by"
    at = "at"
    around = "around"
    after = "after"
    between = "between"
    within = "within"  # so many minutes from now


class Half(StrEnum):
    """What a note says about the half of the day."""

    unsaid = ""
    morning = "am"
    noon = "noon"
    evening = "pm"


class Clock(NamedTuple):
    hour: int
    minute: int = 0
    half: Half = Half.unsaid


class Day(NamedTuple):
    """`kind`: ahead (n days from today) | weekday (n, 0 = Monday) | this_week, next_week (n) |
    month_day (month, n) | day_of_month (n)."""

    kind: str
    n: int
    month: int = 0


class Wish(NamedTuple):
    kind: Kind
    first: Clock | None = None
    second: Clock | None = None
    day: Day | None = None
    minutes: int = 0


class Span(NamedTuple):
    """A stretch of one day, minutes after midnight; start None: any time before end."""

    start: int | None
    end: int


def promise_of(wish: Wish, now: datetime) -> Promise | None:
    """The promise a wish makes, None when it cannot be kept or is no time of day for flowers."""
    if wish.kind is Kind.within:
        end = _ms(now) + wish.minutes * 60_000
        return Promise(end=end, source="note") if 10 <= wish.minutes <= 720 else None
    spans = [s for s in _spans(wish) if _is_decent(s)]
    return next(_on(_days(wish.day, now.date()), spans, now), None)


def promises_of(wish: Wish, now: datetime) -> list[Promise]:
    """What a wish may mean where its words leave the half of the day open, the next first: 「8点前」. One
    promise, or none: there is no doubt about the hour."""
    spans = [s for s in _spans(wish) if _is_decent(s) and s.end <= CLOSES * 60]
    found = _on(_days(wish.day, now.date()), spans, now)
    return sorted(found, key=lambda promise: promise.end)[: len(spans)]


def next_after(wish: Wish, now: datetime) -> Promise | None:
    """The next such time after the named day's, which has passed: 「今天上午9点前」 said at noon."""
    step = timedelta(days=7 if wish.day is not None and "week" in wish.day.kind else 1)
    days = [day + step for day in _days(wish.day, now.date())]
    spans = [s for s in _spans(wish) if _is_decent(s)]
    return next(_on(days, spans, now), None)


def _on(days: list[date], spans: list[Span], now: datetime) -> Iterator[Promise]:
    """The promises still to come on these days, in this order."""
    tz = now.tzinfo
    assert tz is not None
    for day in days:
        for span in spans:
            end = _moment(day, span.end, tz)
            if end > now:
                start = 0 if span.start is None else _ms(_moment(day, span.start, tz))
                yield Promise(start=start, end=_ms(end), source="note")


def _is_decent(span: Span) -> bool:
    low = span.end if span.start is None else span.start
    return EARLIEST * 60 <= low <= LATEST * 60 and span.end <= LATEST * 60


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _moment(day: date, minutes: int, tz: tzinfo) -> datetime:
    return datetime.combine(day, time(minutes // 60, minutes % 60), tz)


def _days(day: Day | None, today: date) -> list[date]:
    """The days it may be, the likeliest first. A day that is named is not moved; a weekday comes again."""
    if day is None:
        return [today, today + timedelta(days=1)]
    monday = today - timedelta(days=today.weekday())
    match day.kind:
        case "ahead":
            return [today + timedelta(days=day.n)]
        case "weekday":
            first = today + timedelta(days=(day.n - today.weekday()) % 7)
            return [first, first + timedelta(days=7)]
        case "this_week":
            return [monday + timedelta(days=day.n)]
        case "next_week":
            return [monday + timedelta(days=7 + day.n)]
        case "month_day":
            dates = [_date(today.year + y, day.month, day.n) for y in (0, 1)]
        case _:
            months = [
                (today.year + (today.month + m - 1) // 12, (today.month + m - 1) % 12 + 1) for m in (0, 1)
            ]
            dates = [_date(year, month, day.n) for year, month in months]
    return [d for d in dates if d is not None and d >= today]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def hours_meant(clock: Clock) -> list[int]:
    """Minutes after midnight that a clock may mean, the likeliest first; empty: no such time."""
    hour, minute = clock.hour, clock.minute
    if not (0 <= hour <= 24 and 0 <= minute <= 59):
        return []
    if hour > 12:
        return [hour * 60 + minute] if clock.half is not Half.morning else []
    if clock.half is Half.morning:
        return [hour * 60 + minute]
    if clock.half is Half.evening:
        return [(hour + 12 if hour < 12 else 12) * 60 + minute] if hour else []
    if clock.half is Half.noon:
        return [(hour + 12 if hour < 4 else hour) * 60 + minute]
    return [h * 60 + minute for h in (hour, hour + 12) if OPENS <= h < CLOSES]


def _spans(wish: Wish) -> list[Span]:
    if wish.first is None:
        return []
    if wish.kind is Kind.between and wish.second is not None:
        return _ranges(wish.first, wish.second)
    spans = []
    for minutes in hours_meant(wish.first):
        match wish.kind:
            case Kind.by:
                spans.append(Span(None, minutes))
            case Kind.at:
                spans.append(Span(minutes - 30, minutes))
            case Kind.around:
                spans.append(Span(minutes - 30, minutes + 30))
            case _:
                spans.append(Span(minutes, max(DAY_ENDS * 60, minutes + 60)))
    return spans


def _ranges(first: Clock, second: Clock) -> list[Span]:
    """Both ends of a range share what only one of them says: 下午3点到5点, 3–5 pm, 11–1 pm."""
    if first.half is Half.unsaid and second.half is not Half.unsaid:
        ends = hours_meant(second)
        starts = [h * 60 + first.minute for h in (first.hour + 12, first.hour) if h < 24]
        return [Span(s, e) for e in ends for s in starts if s < e][:1]
    spans = []
    for start in hours_meant(first):
        ends = [h * 60 + second.minute for h in (second.hour, second.hour + 12) if h < 24]
        if second.half is not Half.unsaid:
            ends = hours_meant(second)
        spans += [Span(start, e) for e in ends if e > start][:1]
    return spans
