"""Two fences: the ring of 500 m around the next door, and the shop's own. Values in, a decision out.

A notice cannot be taken back, so a ring closes once and only on evidence that jitter does not produce.
"""

from math import erf, isfinite, sqrt
from typing import NamedTuple

from huaxin.dispatch.roads import flat_m
from huaxin.kernel import Point
from huaxin.tracking.positions import Fix

RING_M = 500.0
# In a straight line 500 m may be the other bank of a river: the road must agree, with the detours of a
# normal street grid allowed for.
DETOUR_M = 900.0
SURE = 0.75  # chance of being inside that a fix must give to count
CERTAIN = 0.99  # one such fix, well inside, is enough …
WELL_INSIDE_M = 350.0
FIXES = 2  # … otherwise so many in a row
APART_MS = 1_000  # two fixes of the same moment are one piece of evidence
LATER_DOOR_M = 80.0  # a stop further down the run is only believed when the courier stands at its door …
LATER_STILL_MS = 45_000  # … for longer than a red light
BOTH_DOORS_M = 200.0  # … and not when the next stop is about as near

SHOP_RADIUS_M = 150.0
LEFT_FIXES = 2


def chance_within(distance_m: float, limit_m: float, accuracy_m: float) -> float:
    """Chance that the true distance is below the limit. Accuracy is the 68 % radius, as phones give it."""
    if not isfinite(distance_m):
        return 0.0
    sigma = max(accuracy_m, 5.0)
    return 0.5 * (1 + erf((limit_m - distance_m) / (sigma * sqrt(2))))


class Reach(NamedTuple):
    """How far the ring reaches: in a straight line, along the road, and from where one fix is enough."""

    straight_m: float
    road_m: float
    well_m: float


USUAL = Reach(RING_M, DETOUR_M, WELL_INSIDE_M)


def reach_of(metres: int, minutes: int, speed_mps: float) -> Reach:
    """As a shop wishes: so many metres, or so many minutes at this speed along the road (0: metres)."""
    if not minutes:
        return Reach(metres, metres * DETOUR_M / RING_M, metres * WELL_INSIDE_M / RING_M)
    way = minutes * 60 * speed_mps
    return Reach(way, way, way * WELL_INSIDE_M / RING_M)


class Ring:
    """Evidence that the courier has come within 500 m of one door."""

    __slots__ = ("closed", "count", "last_at", "standing_since")

    def __init__(self) -> None:
        self.closed = False
        self.count = 0
        self.last_at = 0
        self.standing_since = 0

    def see(
        self,
        fix: Fix,
        straight_m: float,
        road_m: float,
        *,
        is_next: bool,
        next_m: float = 1e9,
        reach: Reach = USUAL,
    ) -> bool:
        """Weighs one fix; True exactly once, when the notice is due.

        `road_m` is inf where the map knows no road: then the straight line cannot be trusted either and
        nothing is said. `is_next`: this door is the next stop of the run; `next_m`: straight distance to
        the stop that is, when another is.
        """
        if self.closed or fix.at <= self.last_at:
            return False
        fresh = fix.at - self.last_at >= APART_MS
        self.last_at = fix.at
        near = (
            self._is_near(fix, straight_m, road_m, reach)
            if is_next
            else self._stands_there(fix, straight_m, road_m, next_m)
        )
        if not near:
            self.count = 0
            return False
        if fresh:
            self.count += 1
        inside = chance_within(straight_m, reach.straight_m, fix.accuracy_m)
        certain = inside >= CERTAIN and road_m <= reach.well_m
        if self.count >= FIXES or (is_next and certain):
            self.closed = True
        return self.closed

    @staticmethod
    def _is_near(fix: Fix, straight_m: float, road_m: float, reach: Reach) -> bool:
        chance = min(
            chance_within(straight_m, reach.straight_m, fix.accuracy_m),
            chance_within(road_m, reach.road_m, fix.accuracy_m),
        )
        return chance >= SURE

    def _stands_there(self, fix: Fix, straight_m: float, road_m: float, next_m: float) -> bool:
        """A later stop visited out of turn: passing by is not enough, standing at the door is."""
        at_door = (
            straight_m <= LATER_DOOR_M
            and road_m <= RING_M
            and fix.accuracy_m <= LATER_DOOR_M
            and next_m > BOTH_DOORS_M
        )
        if not at_door:
            self.standing_since = 0
            return False
        if not self.standing_since:
            self.standing_since = fix.at
        return fix.at - self.standing_since >= LATER_STILL_MS


class ShopFence:
    """Evidence that a courier has left the shop with flowers on board."""

    __slots__ = ("count", "last_at")

    def __init__(self) -> None:
        self.count = 0
        self.last_at = 0

    @property
    def is_left(self) -> bool:
        """Surely outside, by at least two fixes in a row since the pick-up."""
        return self.count >= LEFT_FIXES

    def see(self, fix: Fix, shop: Point, picked_up_at: int) -> bool:
        """Weighs one fix; True while the courier has left."""
        if fix.at > self.last_at:
            self.last_at = fix.at
            inside = chance_within(flat_m(shop, fix.point), SHOP_RADIUS_M, fix.accuracy_m)
            outside = fix.at > picked_up_at and inside <= 1 - CERTAIN
            self.count = self.count + 1 if outside else 0
        return self.is_left
