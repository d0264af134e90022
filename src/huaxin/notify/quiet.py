"""Quiet hours and days, in the person's own time zone. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from huaxin.notify.model import NoticePreferences


def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True


def zone_of(preferences: NoticePreferences, fallback: str) -> ZoneInfo:
    name = preferences.time_zone if is_zone(preferences.time_zone) else fallback
    return ZoneInfo(name)


def quiet_until(preferences: NoticePreferences, now: int, zone: ZoneInfo) -> int:
    """When the quiet hours that hold now end (ms), 0 when they do not hold. From == to: never quiet."""
    if not preferences.quiet or preferences.quiet_from == preferences.quiet_to:
        return 0
    here = datetime.fromtimestamp(now / 1000, zone)
    start, end = time.fromisoformat(preferences.quiet_from), time.fromisoformat(preferences.quiet_to)
    clock = here.time()
    if start < end:
        if not start <= clock < end:
            return 0
        day = here.date()
    else:
        if end <= clock < start:
            return 0
        day = here.date() if clock < end else here.date() + timedelta(days=1)
    return int(datetime.combine(day, end, zone).timestamp() * 1000)


def day_start(now: int, zone: ZoneInfo) -> int:
    """The beginning of the person's day (ms)."""
    here = datetime.fromtimestamp(now / 1000, zone)
    return int(datetime.combine(here.date(), time(), zone).timestamp() * 1000)
