"""The story's time: a weekday and a clock time of one week in March 2026, in the shop's zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BEGIN = "2026-03-06 14:55"  # a Friday


def at(text: str, zone: str) -> int:
    """`2026-03-06 14:55` in that zone as ms since 1970."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def next_time(now_ms: int, words: str, zone: str) -> int:
    """The first `sat 08:00` (or `08:00`) at or after a moment, ms since 1970."""
    *day, clock = words.split()
    hour, minute = map(int, clock.split(":"))
    now = datetime.fromtimestamp(now_ms / 1000, ZoneInfo(zone))
    found = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    while found < now or (day and DAYS[found.weekday()] != day[0]):
        found += timedelta(days=1)
    return int(found.timestamp() * 1000)
