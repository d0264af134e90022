"""A courier's body and phone in virtual time: rides a line through the hidden city, tells positions."""

from bisect import bisect_right
from collections.abc import Sequence
from math import cos, radians
from random import Random

from huaxin.dispatch.roads import METRES_PER_DEGREE, flat_m
from huaxin.kernel import Point
from huaxin.simulation.month.hidden import (
    CRUISE_MPS,
    LIGHT_CHANCE,
    LIGHT_EVERY_M,
    LIGHT_S,
    WALK_MPS,
    Hidden,
)
from huaxin.simulation.month.setting import MINUTE
from huaxin.tracking.views import PositionReport

INNER_MS = 5_000
ON_FOOT_M = 30.0  # the door is so far from the road before anybody walks
GAP_MS = (1 * MINUTE, 4 * MINUTE)
BATTERY_PER_M = 100 / 55_000


class Body:
    """One courier. `point` is the truth; others know only what `take_reports` gives."""

    def __init__(self, courier: str, name: str, at: Point, hidden: Hidden) -> None:
        self.courier, self.name, self.point = courier, name, at
        self._hidden, self.truth = hidden, hidden.rider(courier)
        # Each ride and each fix has a chance of its own: what happens on one way is the same however many
        # ways were ridden before it, so months that differ in one thing can be held against each other.
        self._ride = Random(0)
        self.target: object = None
        self.ridden_m = 0.0
        self.battery = 100.0
        self.broken_until = 0
        self.phone_dead_until = 0
        self._line: list[Point] = [at]
        self._along = [0.0]
        self._done = self._walk_from = 0.0
        self._next_light = 0.0
        self._stands_until = 0
        self._quiet_until = 0
        self._kept: list[PositionReport] = []

    @property
    def is_there(self) -> bool:
        """At the end of the way it was sent on."""
        return self._done >= self._along[-1]

    def aim(self, target: object, line: Sequence[Point], door: Point) -> None:
        """Sends the body along a road to a door. `target` is what the caller calls the way: the same way
        begun at the same place meets the same lights."""
        here = f"{self.point.lat:.4f},{self.point.lon:.4f}"
        self._ride = Random(f"ride|{self._hidden.setting.seed}|{self.courier}|{here}|{target}")
        self.target, self._line, self._along, self._done = target, [self.point], [0.0], 0.0
        for point in (*line, door):
            step = flat_m(self._line[-1], point)
            if step > 0.5:
                self._along.append(self._along[-1] + step)
                self._line.append(point)
        off_m = flat_m(line[-1], door) if line else 0.0
        self._walk_from = self._along[-1] - off_m if off_m > ON_FOOT_M else self._along[-1]
        self._next_light = LIGHT_EVERY_M * self._ride.random()

    def stop(self) -> None:
        self.target, self._line, self._along, self._done = None, [self.point], [0.0], 0.0

    def ride(self, since: int, until: int) -> int:
        """Lets the time pass. Gives when the body reached its end, 0 when it is still on the way."""
        at = since
        while at < until:
            step = min(INNER_MS, until - at)
            if at < self._stands_until or at < self.broken_until:
                at += step
                continue
            left = self._along[-1] - self._done
            if left <= 0:
                return at
            speed = self._speed(at)
            moved = min(left, speed * step / 1000)
            self._done += moved
            self.ridden_m += moved
            self.battery = max(1.0, self.battery - moved * BATTERY_PER_M)
            self._place()
            if moved >= left:
                return at + round(left / speed * 1000)
            at += step
            self._lights(at)
        return 0

    def _speed(self, at: int) -> float:
        if self._done >= self._walk_from:
            return WALK_MPS
        truth = self.truth
        return CRUISE_MPS / (truth.pace * self._hidden.slowness(at, self.point, truth.rush))

    def _lights(self, at: int) -> None:
        while self._done >= self._next_light and self._done < self._walk_from:
            self._next_light += LIGHT_EVERY_M * self._ride.uniform(0.4, 1.6)
            if self._ride.random() < LIGHT_CHANCE * self.truth.light_luck:
                self._stands_until = at + round(self._ride.uniform(4.0, LIGHT_S) * 1000)

    def _place(self) -> None:
        i = min(bisect_right(self._along, self._done), len(self._along) - 1)
        a, b, before = self._line[i - 1], self._line[i], self._along[i - 1]
        t = (self._done - before) / max(self._along[i] - before, 1e-9)
        t = min(1.0, max(0.0, t))
        self.point = Point(a.lat + t * (b.lat - a.lat), a.lon + t * (b.lon - a.lon))

    # the phone

    def take_reports(self, at: int) -> list[PositionReport]:
        """What the phone sends now: nothing while it is dead; what it kept while there was no signal."""
        setting = self._hidden.setting
        chance = Random(f"fix|{setting.seed}|{self.courier}|{at}")
        if at < self.phone_dead_until:
            self._kept.clear()
            return []
        self._kept.append(self._report(at, chance))
        if at >= self._quiet_until and chance.random() < setting.gaps:
            self._quiet_until = at + chance.randint(*GAP_MS)
        if at < self._quiet_until:
            return []
        kept, self._kept = self._kept, []
        return kept

    def _report(self, at: int, chance: Random) -> PositionReport:
        noise = self._hidden.setting.noise_m
        accuracy = max(3.0, noise * chance.uniform(0.5, 1.6))
        off = accuracy * 0.6
        north, east = chance.gauss(0, off) / METRES_PER_DEGREE, chance.gauss(0, off) / METRES_PER_DEGREE
        return PositionReport(
            at=at, lat=self.point.lat + north, lon=self.point.lon + east / cos(radians(self.point.lat)),
            accuracy_m=round(accuracy, 1), battery=round(self.battery),
        )  # fmt: skip
