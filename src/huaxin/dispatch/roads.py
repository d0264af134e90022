"""What dispatch and tracking ask of a road map, and the small geometry they share. No I/O here."""

from collections.abc import Sequence
from math import asin, cos, hypot, isfinite, radians, sin, sqrt
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from huaxin.kernel import Point

EARTH_M = 6_371_008.8
METRES_PER_DEGREE = 111_195.0

# Where the map knows no road we still need a number to plan with: city streets are about 1.4 times the
# straight line, and an e-bike in unknown streets makes about 15 km/h. Such a leg is marked as a guess.
DETOUR = 1.4
UNKNOWN_ROAD_SPEED = 15 / 3.6


class Line(Protocol):
    """A way to ride; `points` follow the road from the first to the last waypoint."""

    @property
    def points(self) -> Sequence[Any]: ...
    @property
    def distance_m(self) -> float: ...
    @property
    def duration_s(self) -> float: ...


class Roads(Protocol):
    """A road network. Implemented by huaxin.maps.routing.Router; points need only `.lat` and `.lon`."""

    def table(
        self, sources: Sequence[Any], destinations: Sequence[Any], /
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(durations in s, distances in m), both of shape (sources, destinations); inf where no way is."""
        ...

    def route(self, points: Sequence[Any], /) -> Line:
        """The road through these points in this order. Raises when there is none."""
        ...


def straight_m(a: Point, b: Point) -> float:
    """Great-circle distance in metres."""
    dlat, dlon = radians(b.lat - a.lat), radians(b.lon - a.lon)
    h = sin(dlat / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(dlon / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(h)))


def flat_m(a: Point, b: Point) -> float:
    """Distance in metres on a locally flat earth: within 0.1 % over a city, several times cheaper."""
    return METRES_PER_DEGREE * hypot(b.lat - a.lat, (b.lon - a.lon) * cos(radians(a.lat)))


def guess_leg(a: Point, b: Point) -> tuple[float, float]:
    """(seconds, metres) for a leg the map cannot answer."""
    metres = straight_m(a, b) * DETOUR
    return metres / UNKNOWN_ROAD_SPEED, metres


class Legs:
    """All legs between some points, with gaps of the map filled by a guess and remembered as such.

    `seconds[i][j]` and `metres[i][j]` are finite floats; `known[i][j]` is False where they are guessed.
    Plain lists: the solver reads single cells, where lists beat arrays.
    """

    __slots__ = ("known", "metres", "points", "seconds")

    def __init__(self, roads: Roads, points: Sequence[Point]) -> None:
        self.points = list(points)
        durations, distances = roads.table(self.points, self.points)
        self.seconds: list[list[float]] = durations.tolist()
        self.metres: list[list[float]] = distances.tolist()
        self.known = [[isfinite(s) for s in row] for row in self.seconds]
        for i, row in enumerate(self.known):
            for j, known in enumerate(row):
                if not known:
                    self.seconds[i][j], self.metres[i][j] = guess_leg(self.points[i], self.points[j])
