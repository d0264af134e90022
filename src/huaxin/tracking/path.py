"""The road still ahead of a courier, as a line to draw. Asked anew only when the courier leaves it."""

from collections.abc import Sequence
from math import cos, hypot, radians

from huaxin.dispatch.roads import METRES_PER_DEGREE, Roads, flat_m
from huaxin.kernel import Point
from huaxin.maps.model import MapError

OFF_ROAD_M = 60.0  # further from the line than this: another road was taken
RETRY_M = 100.0  # where no road was found, it is looked for again only this far on


class RoadAhead:
    """The line from the courier to one door."""

    __slots__ = ("_changed", "_failed_at", "_line", "_passed", "_to")

    def __init__(self) -> None:
        self._line: list[Point] = []
        self._passed = 0  # the segment of the line the courier is on
        self._to: Point | None = None
        self._failed_at: Point | None = None
        self._changed = False

    def follow(self, roads: Roads, here: Point, to: Point) -> None:
        """Moves along the line, or asks for a new one."""
        if self._to == to and self._line:
            index, off_m = nearest_segment(self._line, here, self._passed)
            if off_m <= OFF_ROAD_M:
                self._passed = index
                return
        if self._to == to and self._failed_at and flat_m(self._failed_at, here) < RETRY_M:
            return
        self._to, self._passed, self._changed = to, 0, True
        try:
            self._line = [Point(p.lat, p.lon) for p in roads.route([here, to]).points]
            self._failed_at = None
        except (MapError, LookupError):  # no way there, or off the map
            self._line, self._failed_at = [], here

    def ahead(self, here: Point) -> list[Point]:
        """What is left of the line from the courier on; empty when there is no road."""
        return [here, *self._line[self._passed + 1 :]] if self._line else []

    def take_changed(self) -> bool:
        """True once after each new line."""
        changed, self._changed = self._changed, False
        return changed


def nearest_segment(line: Sequence[Point], here: Point, start: int = 0) -> tuple[int, float]:
    """(index of the nearest segment from `start` on, its distance in metres)."""
    shrink = cos(radians(here.lat)) * METRES_PER_DEGREE
    best, best_m = start, float("inf")
    ax, ay = (line[start].lon - here.lon) * shrink, (line[start].lat - here.lat) * METRES_PER_DEGREE
    if start >= len(line) - 1:
        return start, hypot(ax, ay)
    for i in range(start, len(line) - 1):
        bx = (line[i + 1].lon - here.lon) * shrink
        by = (line[i + 1].lat - here.lat) * METRES_PER_DEGREE
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        t = 0.0 if length == 0 else min(1.0, max(0.0, -(ax * dx + ay * dy) / length))
        off = hypot(ax + t * dx, ay + t * dy)
        if off < best_m:
            best, best_m = i, off
        ax, ay = bx, by
    return best, best_m
