"""The city of a simulated month: its roads, the shop in its middle, addresses to deliver to."""

from collections.abc import Sequence
from typing import Any

from huaxin.kernel import Point
from huaxin.live.roads import City
from huaxin.maps.library import OpenCity
from huaxin.simulation.spots import Spot, find_spots


class Town:
    """One imported city. Raises ValueError when nobody can be delivered to there."""

    def __init__(self, opened: OpenCity, seed: int = 1) -> None:
        self.roads = City(opened)
        self.shop = self.roads.middle
        self.spots: list[Spot] = find_spots(self.roads, self.shop, seed)
        if not self.spots:
            raise ValueError("this city has no address that an e-bike can reach from the shop")
        self._lines: dict[tuple[Point, ...], list[Point]] = {}
        self._rides: dict[tuple[Point, Point], float] = {}

    def line(self, points: Sequence[Point]) -> list[Point]:
        """The road through these points; the straight line where there is none."""
        key = tuple(points)
        found = self._lines.get(key)
        if found is None:
            found = self._lines[key] = self.roads.path(key) or list(key)
        return found

    def ride_s(self, start: Point, end: Point) -> float:
        """What the map says a ride takes, inf where it has no way."""
        found = self._rides.get((start, end))
        if found is None:
            table: Any = self.roads.table([start], [end])[0]
            found = self._rides[start, end] = float(table[0][0])
        return found
