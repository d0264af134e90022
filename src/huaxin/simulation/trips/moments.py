"""A trip on the map: its begin and the moments on the way that are judged or learned from, or why it cannot
be used."""

from bisect import bisect_right
from itertools import pairwise
from math import floor, isfinite
from typing import Any, NamedTuple, Protocol

from huaxin.dispatch.roads import METRES_PER_DEGREE, flat_m
from huaxin.kernel import Point
from huaxin.maps.model import MapError
from huaxin.simulation.trips.read import Trip
from huaxin.tracking.learning.rides import Example, Leg, Ride, SoFar

JUDGED = (0.0, 0.5, 0.75)  # parts of the ride's time
LEARNED = tuple((n + 0.5) / 8 for n in range(8))
MIN_FIXES = 4
MIN_S, MAX_S = 120.0, 3 * 3600.0
MIN_STRAIGHT_M = 300.0
GAP_S, GAP_PART = 240.0, 0.35
TELEPORT_MPS, TELEPORT_SLACK_M = 20.0, 200.0
MIN_MPS, MAX_MPS = 0.5, 14.0
SPARSE_M = 120.0  # of the path that is measured: nearer fixes add noise, not way
STILL_M = 60.0
CELL_M = 350.0
OFF_MAP_M = 250.0
ON_MAP_PART = 0.9


class MapRoads(Protocol):
    """As much of the map as is needed (huaxin.maps.routing.Router)."""

    def table(self, sources: Any, destinations: Any, /) -> tuple[Any, Any]: ...

    def nearest(self, point: Any, /) -> Any: ...


class Moment(NamedTuple):
    """What is known at one moment: the fix's time and what is left, as the map sees it."""

    at: int
    left: Leg
    so_far: SoFar | None


class Cut(NamedTuple):
    """A trip ready to be predicted and learned."""

    trip: Trip
    ride: Ride
    ends_at: int
    judged: list[Moment]  # at JUDGED
    learned: list[Example]

    @property
    def whole_s(self) -> float:
        return (self.ends_at - self.trip.at[0]) / 1000


def cut(trip: Trip, roads: MapRoads, bbox: tuple[float, float, float, float]) -> Cut | str:
    """The trip on the map, or the reason why it is left out."""
    trip, fault = _tidy(trip)
    if fault:
        return fault
    if not _on_map(trip, roads, bbox):
        return "partly or wholly off the map"
    indices = [_index_at(trip, part) for part in (*JUDGED, *LEARNED)]
    places = sorted({0, *indices})
    points = [trip.points[i] for i in places]
    seconds, metres = roads.table(points, [*points, trip.points[-1]])
    row = {index: n for n, index in enumerate(places)}
    if not (isfinite(seconds[0][-1]) and seconds[0][-1] > 0):
        return "the map has no way from its begin to its end"
    path = _path_m(trip)
    made = {i: _moment(trip, i, row[i], seconds, metres, path) for i in places}
    if any(made[i] is None for i in indices[: len(JUDGED)]):
        return "the map has no way from the middle of the ride"
    ends_at = trip.at[-1]
    learned = [made[i] for i in (0, *dict.fromkeys(indices[len(JUDGED) :]))]
    examples = [Example(m.left, (ends_at - m.at) / 1000, m.so_far) for m in learned if m is not None]
    ride = Ride(trip.user, trip.at[0], _cell(trip.points[0]), _cell(trip.points[-1]))
    judged = [m for i in indices[: len(JUDGED)] if (m := made[i]) is not None]
    return Cut(trip, ride, ends_at, judged, examples)


def _tidy(trip: Trip) -> tuple[Trip, str]:
    """Without teleports; and the reason when what is left is no ride."""
    at, points = trip.at[:1], trip.points[:1]
    for when, point in zip(trip.at[1:], trip.points[1:], strict=True):
        if flat_m(points[-1], point) <= TELEPORT_MPS * (when - at[-1]) / 1000 + TELEPORT_SLACK_M:
            at.append(when)
            points.append(point)
    whole_s = (at[-1] - at[0]) / 1000
    if len(at) < 0.7 * len(trip.at):
        return trip, "positions jump about"
    if len(at) < MIN_FIXES:
        return trip, f"fewer than {MIN_FIXES} positions"
    if not MIN_S <= whole_s <= MAX_S:
        return trip, "shorter than 2 min or longer than 3 h"
    if max(b - a for a, b in pairwise(at)) / 1000 > max(GAP_S, GAP_PART * whole_s):
        return trip, "a long gap in its positions"
    straight = flat_m(points[0], points[-1])
    if straight < MIN_STRAIGHT_M:
        return trip, "ends within 300 m of its begin"
    if not MIN_MPS <= straight / whole_s <= MAX_MPS:
        return trip, "slower than walking or faster than a bike"
    return Trip(trip.id, trip.user, at, points), ""


def _on_map(trip: Trip, roads: MapRoads, bbox: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bbox
    margin = OFF_MAP_M / METRES_PER_DEGREE
    inside = [
        south - margin <= p.lat <= north + margin and west - margin <= p.lon <= east + margin
        for p in trip.points
    ]
    if sum(inside) < ON_MAP_PART * len(inside) or not (inside[0] and inside[-1]):
        return False
    asked = [trip.points[0], trip.points[len(trip.points) // 3], trip.points[2 * len(trip.points) // 3]]
    return all(snap_m(roads, point) <= OFF_MAP_M for point in (*asked, trip.points[-1]))


def snap_m(roads: MapRoads, point: Point) -> float:
    """Metres to the nearest road; a kilometre where there is none."""
    try:
        near = roads.nearest(point)
    except MapError:
        return 1_000.0
    return flat_m(point, Point(near.lat, near.lon))


def _index_at(trip: Trip, part: float) -> int:
    """The newest fix known at a part of the ride's time."""
    when = trip.at[0] + part * (trip.at[-1] - trip.at[0])
    return min(max(0, bisect_right(trip.at, when) - 1), len(trip.at) - 2)


def _moment(trip: Trip, i: int, row: int, seconds: Any, metres: Any, path: list[float]) -> Moment | None:
    here, end = trip.points[i], trip.points[-1]
    left_s, left_m = float(seconds[row][-1]), float(metres[row][-1])
    if not isfinite(left_s):
        return None
    left = Leg(left_s, left_m, flat_m(here, end))
    if i == 0:
        return Moment(trip.at[0], left, None)
    done_s, done_m = float(seconds[0][row]), float(metres[0][row])
    if not isfinite(done_s):
        return None
    so_far = SoFar(
        (trip.at[i] - trip.at[0]) / 1000, Leg(done_s, done_m, flat_m(trip.points[0], here)), path[i],
        float(seconds[0][-1]), _still_s(trip, i),
    )  # fmt: skip
    return Moment(trip.at[i], left, so_far)


def _path_m(trip: Trip) -> list[float]:
    """Metres ridden until each fix, over fixes far enough apart not to measure noise."""
    total, last, out = 0.0, trip.points[0], list[float]()
    for point in trip.points:
        step = flat_m(last, point)
        if step >= SPARSE_M:
            total, last, step = total + step, point, 0.0
        out.append(total + step)
    return out


def _still_s(trip: Trip, i: int) -> float:
    """For how long the bike has stood by now."""
    j = i
    while j > 0 and flat_m(trip.points[j - 1], trip.points[i]) < STILL_M:
        j -= 1
    still = (trip.at[i] - trip.at[j]) / 1000
    return still if still >= 45 else 0.0


def _cell(point: Point) -> str:
    scale = METRES_PER_DEGREE / CELL_M
    return f"{floor(point.lat * scale)},{floor(point.lon * scale * 0.86)}"
