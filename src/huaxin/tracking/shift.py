"""A phone that says WGS-84 and means GCJ-02: its whole way lies some 500 m beside the roads. Pure.

In a city there is always some road near, wherever one is: a single fix proves nothing. A way of a kilometre
that lies well beside the roads as told, and on them when it is read as GCJ-02, does.
"""

from collections import deque
from collections.abc import Callable
from statistics import median

from huaxin.dispatch.roads import flat_m
from huaxin.kernel import Point
from huaxin.maps.datum import to_wgs84
from huaxin.maps.model import Point as MapPoint
from huaxin.tracking.positions import Fix

LEAST = 14  # looks, each so far from the one before:
APART_M = 70.0
KEPT = 30
VAGUE_M = 30.0  # less exact fixes are not looked at
BESIDE_M = 15.0  # so far from the roads in the middle as told …
ON_ROAD_M = 9.0  # … and so near to them when read as GCJ-02
FAR_M = 200.0  # where no road is near at all

NearestRoad = Callable[[Point], Point | None]


class ShiftCheck:
    """Of one courier's phone."""

    __slots__ = ("_last", "_told", "_unshifted", "since")

    def __init__(self) -> None:
        self._told: deque[float] = deque(maxlen=KEPT)
        self._unshifted: deque[float] = deque(maxlen=KEPT)
        self._last: Point | None = None
        self.since = 0  # since when it looks shifted, 0: it does not

    def see(self, fix: Fix, nearest: NearestRoad) -> None:
        """Looks at one fix; asks the map twice, once in 70 m ridden."""
        if fix.datum != "wgs84" or fix.accuracy_m > VAGUE_M:
            return
        if self._last is not None and flat_m(self._last, fix.point) < APART_M:
            return
        self._last = fix.point
        meant = to_wgs84(MapPoint(fix.point.lat, fix.point.lon), "gcj02")
        self._told.append(_beside(fix.point, nearest))
        self._unshifted.append(_beside(Point(meant.lat, meant.lon), nearest))
        self.since = (self.since or fix.at) if self._looks_shifted() else 0

    def _looks_shifted(self) -> bool:
        if len(self._told) < LEAST:
            return False
        return median(self._told) >= BESIDE_M and median(self._unshifted) <= ON_ROAD_M


def _beside(point: Point, nearest: NearestRoad) -> float:
    """Metres from the nearest road."""
    road = nearest(point)
    return FAR_M if road is None else min(FAR_M, flat_m(point, road))
