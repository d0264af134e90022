"""Is somebody riding away from everything? By the road, not by straight lines: the way to a bridge leads
away from every door and is the right one all the same."""

from collections.abc import Collection, Sequence
from math import isfinite

from huaxin.dispatch.model import RIDING
from huaxin.dispatch.roads import Roads, flat_m
from huaxin.kernel import Point
from huaxin.orders.model import Order, Status
from huaxin.tracking.positions import Fix

OFF_ROUTE_M = 600.0  # further from every place one must go to …
BACK_M = 300.0  # … until it is less than this
OFF_ROUTE_MS = 90_000  # … over so long
VAGUE_M = 100.0  # a fix less exact than this shows no direction


class OffRoute:
    """One courier at one shop. Looked at every few seconds."""

    def __init__(self) -> None:
        self.since = 0  # ms, 0: on the route
        self._nearest: dict[Point, tuple[float, Fix]] = {}  # place → (straight m, the fix there)
        self._seen_at = 0

    def look_at(self, fix: Fix | None, orders: Collection[Order], shop: Point, roads: Roads) -> None:
        """The run as it is. Who stands at a door or has nothing on the road is on no route."""
        states = {order.status for order in orders}
        if fix is None or Status.arrived in states or not states & RIDING:
            return
        meet = [order.held_by.point for order in orders if order.held_by is not None and order.held_by.point]
        self.look(fix, [shop, *meet, *(order.address.point for order in orders)], roads)

    def look(self, fix: Fix, places: Sequence[Point], roads: Roads) -> None:
        """`places`: all that this courier may be on the way to. Others than before make a new route."""
        if fix.accuracy_m > VAGUE_M or (fix.at <= self._seen_at and self._nearest.keys() == set(places)):
            return
        self._seen_at = fix.at
        straight = {place: flat_m(place, fix.point) for place in places}
        if self._nearest.keys() != straight.keys():
            self.since, self._nearest = 0, {place: (away, fix) for place, away in straight.items()}
            return
        for place, away in straight.items():
            if away < self._nearest[place][0]:
                self._nearest[place] = away, fix
        turned_at = max((near.at for _, near in self._nearest.values()), default=fix.at)
        limit_m = BACK_M if self.since else OFF_ROUTE_M
        if not self.since and fix.at - turned_at < OFF_ROUTE_MS:
            return
        away = self._is_away(fix, straight, limit_m)
        if away and self._is_away_by_road(fix, list(straight), limit_m, roads):
            self.since = self.since or turned_at
        else:
            self.since = 0

    def _is_away(self, fix: Fix, straight: dict[Point, float], limit_m: float) -> bool:
        """Asked first: the map is asked only about who looks lost."""
        for place, away in straight.items():
            near_m, near = self._nearest[place]
            if away - near_m < limit_m + max(fix.accuracy_m, near.accuracy_m):
                return False
        return bool(straight)

    def _is_away_by_road(self, fix: Fix, places: list[Point], limit_m: float, roads: Roads) -> bool:
        """Further than from where each place was nearest. Where no way is known the straight line holds."""
        points = [fix.point, *(self._nearest[place][1].point for place in places)]
        metres = roads.table(points, places)[1]
        for n in range(len(places)):
            now, then = float(metres[0][n]), float(metres[n + 1][n])
            if isfinite(now) and isfinite(then) and now - then < limit_m:
                return False
        return True
