"""Traffic that stands: several couriers slow in one place at one time, or one crawling for minutes. Pure."""

from collections.abc import Mapping

from huaxin.dispatch.roads import flat_m
from huaxin.tracking.positions import CourierTrack, Fix

LOOK_BACK_MS = 170_000
TOGETHER_M = 500.0
SLOW_KMH = 6.0  # of several in one place
CRAWL_KMH = 4.0  # of one alone
STILL_M = 45.0  # who does not move at all stands still: another matter
FRESH_MS = 60_000


def jammed(tracks: Mapping[str, CourierTrack], now: int) -> frozenset[str]:
    """The couriers who are stuck in traffic now. `tracks`: of those on the road and not at a door."""
    slow: dict[str, Fix] = {}
    alone: set[str] = set()
    for courier, track in tracks.items():
        latest = track.latest
        speed = _speed_kmh(track)
        if latest is None or speed is None or now - latest.at > FRESH_MS or speed >= SLOW_KMH:
            continue
        slow[courier] = latest
        if speed < CRAWL_KMH:
            alone.add(courier)
    together = {
        one
        for one, here in slow.items()
        if any(
            other != one and flat_m(here.point, there.point) <= TOGETHER_M for other, there in slow.items()
        )
    }
    return frozenset(alone | together)


def _speed_kmh(track: CourierTrack) -> float | None:
    """Along the way of the last minutes; None when there is too little of it, or none at all."""
    latest = track.latest
    if latest is None:
        return None
    fixes = [fix for fix in track.tail if latest.at - fix.at <= LOOK_BACK_MS]
    # Phones that report every three seconds fill the tail in three minutes.
    if len(fixes) < 4 or latest.at - fixes[0].at < LOOK_BACK_MS * 0.85:
        return None
    if all(flat_m(latest.point, fix.point) <= STILL_M for fix in fixes):
        return None
    way, before = 0.0, fixes[0]
    for fix in fixes[1:]:
        step = flat_m(before.point, fix.point)
        if step > max(15.0, fix.accuracy_m):  # less is noise
            way, before = way + step, fix
    return way / (latest.at - fixes[0].at) * 3_600
