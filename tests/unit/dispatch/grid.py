"""A small deterministic town for tests: a square street grid of 100 m blocks, a river with one bridge."""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, inf, radians
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from huaxin.kernel import Point
from huaxin.orders.model import Address, Courier, Order, Party, Promise, Status

ORIGIN = Point(30.25, 120.0)
SPEED = 5.0  # m/s, 18 km/h
METRES = 111_195.0
MINUTE = 60_000
NOON = 1_800_072_000_000  # a Saturday, 12:00 in Shanghai


def at(east_m: float, north_m: float) -> Point:
    """A point so many metres east and north of the shop."""
    lat = ORIGIN.lat + north_m / METRES
    return Point(lat, ORIGIN.lon + east_m / (METRES * cos(radians(ORIGIN.lat))))


class GridLine(NamedTuple):
    points: list[Point]
    distance_m: float
    duration_s: float


class Grid:
    """Manhattan distances. `river_m`: a river east of the shop at that easting, crossed at northing
    `bridge_m` only (None: no bridge at all)."""

    def __init__(self, river_m: float = inf, bridge_m: float | None = None) -> None:
        self.river_m, self.bridge_m = river_m, bridge_m
        self.asked = 0

    def _xy(self, p: Any) -> tuple[float, float]:
        east = (p.lon - ORIGIN.lon) * METRES * cos(radians(ORIGIN.lat))
        return east, (p.lat - ORIGIN.lat) * METRES

    def metres(self, a: Any, b: Any) -> float:
        (ax, ay), (bx, by) = self._xy(a), self._xy(b)
        if (ax < self.river_m) != (bx < self.river_m):
            if self.bridge_m is None:
                return inf
            return abs(ax - bx) + abs(ay - self.bridge_m) + abs(by - self.bridge_m)
        return abs(ax - bx) + abs(ay - by)

    def table(
        self, sources: Sequence[Any], destinations: Sequence[Any]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        self.asked += 1
        metres = np.array([[self.metres(a, b) for b in destinations] for a in sources], dtype=np.float64)
        return metres / SPEED, metres

    def route(self, points: Sequence[Any]) -> GridLine:
        total, line = 0.0, [Point(points[0].lat, points[0].lon)]
        for a, b in pairwise(points):
            step = self.metres(a, b)
            if step == inf:
                raise LookupError("no road")
            total += step
            line += [Point(a.lat, b.lon), Point(b.lat, b.lon)]
        return GridLine(line, total, total / SPEED)


def order(
    id: str,
    where: Point,
    *,
    status: Status = Status.delivering,
    end: int = NOON + 120 * MINUTE,
    start: int = 0,
    text: str = "云溪路1号",
    **more: Any,
) -> Order:
    """An order of courier c1, with sensible times for its status."""
    times = {"assigned": NOON - 30 * MINUTE, "ready": NOON - 40 * MINUTE}
    if status not in (Status.placed, Status.confirmed, Status.making, Status.ready, Status.assigned):
        times["picked_up"] = NOON - 10 * MINUTE
    times |= more.pop("times", {})
    fields: dict[str, Any] = {
        "shop": "s1", "number": 1, "placed_at": NOON - 60 * MINUTE, "buyer": Party(name="李女士"),
        "recipient": Party(name="妈妈"), "lines": [], "total": 0,
        "courier": Courier(person="c1", name="小张"), "times": times,
    }  # fmt: skip
    return Order(
        id=id, status=status, address=Address(text=text, point=where),
        promise=Promise(start=start, end=end), **(fields | more),
    )  # fmt: skip
