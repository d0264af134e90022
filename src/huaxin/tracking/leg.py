"""The leg being ridden now: what is known of it so far, to predict its rest and to learn from its end."""

from math import floor

from huaxin.dispatch.roads import METRES_PER_DEGREE, flat_m
from huaxin.kernel import Point
from huaxin.tracking.learning.rides import Example, Leg, Ride, SoFar
from huaxin.tracking.positions import Fix

SPARSE_M = 60.0  # of the path that is measured: nearer fixes add noise, not way
MOMENT_MS = 60_000  # a moment to learn from, this often
MOST_MOMENTS = 12
CELL_M = 350.0
MIN_SECONDS, MIN_RATIO, MAX_RATIO = 60.0, 0.35, 4.0  # outside it was no ride but a forgotten tap


class OpenLeg:
    """One courier on the way to one door."""

    __slots__ = ("_last", "_moments", "_noted_at", "begun_at", "order", "ridden_m", "ride", "whole")

    def __init__(self, order: str, courier: str, fix: Fix, whole: Leg, door: Point) -> None:
        self.order, self.whole = order, whole
        self.begun_at = fix.at
        self.ride = Ride(courier, fix.at, cell_name(fix.point), cell_name(door))
        self.ridden_m = 0.0
        self._last = fix.point
        self._noted_at = fix.at
        self._moments: list[tuple[int, Leg, SoFar]] = []

    def follow(self, fix: Fix, left: Leg, still_s: float) -> SoFar:
        """The ride so far at this fix, with `left` of the map before it."""
        step = flat_m(self._last, fix.point)
        if step >= max(SPARSE_M, fix.accuracy_m):
            self.ridden_m, self._last, step = self.ridden_m + step, fix.point, 0.0
        whole = self.whole
        done = Leg(
            max(0.0, whole.seconds - left.seconds), max(0.0, whole.metres - left.metres),
            max(0.0, whole.straight_m - left.straight_m),
        )  # fmt: skip
        elapsed_s = max(0.0, (fix.at - self.begun_at) / 1000)
        so_far = SoFar(elapsed_s, done, self.ridden_m + step, whole.seconds, still_s)
        if fix.at - self._noted_at >= MOMENT_MS:
            self._noted_at = fix.at
            self._moments.append((fix.at, left, so_far))
            if len(self._moments) > MOST_MOMENTS:
                del self._moments[::2]
        return so_far

    def examples(self, arrived_at: int) -> list[Example]:
        """What it teaches when the courier got there; empty when it was no ride."""
        took_s = (arrived_at - self.begun_at) / 1000
        if not is_ride(self.whole.seconds, took_s):
            return []
        moments = [Example(left, (arrived_at - at) / 1000, so_far) for at, left, so_far in self._moments]
        return [Example(self.whole, took_s), *moments]


def is_ride(map_s: float, took_s: float) -> bool:
    """Is this a ride, or a tap that was forgotten and made up for later?"""
    return map_s >= MIN_SECONDS and MIN_RATIO <= took_s / map_s <= MAX_RATIO


def cell_name(point: Point) -> str:
    """Places near each other have the same one."""
    scale = METRES_PER_DEGREE / CELL_M
    return f"{floor(point.lat * scale)},{floor(point.lon * scale)}"
