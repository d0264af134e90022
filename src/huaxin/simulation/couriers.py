"""A courier's bike and phone: where it is, moment by moment, and what the phone says of that.

Pure: the way and the time are passed in, chance comes from the bike's own seeded stream.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import tzinfo
from math import atan2, cos, degrees, radians
from random import Random

from huaxin.dispatch.roads import METRES_PER_DEGREE, flat_m
from huaxin.kernel import Point
from huaxin.simulation.traffic import flow
from huaxin.tracking.views import PositionReport

CRUISE_MPS = 6.1  # 22 km/h: capped at 25, seldom held
WALK_MPS = 1.3
ON_FOOT_M = 35.0  # the last bit from the road to the door
LIGHT_EVERY_M = 380.0
LIGHT_CHANCE, LIGHT_S = 0.45, (8.0, 42.0)
STEP_MS = 1_000
AT_M = 12.0
CROWDED_FACTOR = 0.35  # speed in a jam

FIX_EVERY_MS, IDLE_FIX_MS = 3_000, 20_000
MOST_FIXES = 6  # of one batch: what is shown would be no smoother with more
NOISE_M = (4.0, 11.0)
JUMP_CHANCE, JUMP_M = 0.004, 40.0
TUNNEL_CHANCE, TUNNEL_MS = 0.0025, (25_000, 100_000)
RANGE_M = 55_000.0  # of one battery


class Bike:
    """One bike. `point` is the truth; what others see went through `take_fixes`."""

    def __init__(self, courier: str, point: Point, seed: int, zone: tzinfo) -> None:
        self.courier, self.point, self.zone = courier, point, zone
        self.chance = Random(f"bike/{seed}/{courier}")
        self.target: str = ""  # what the way leads to, as the rider names it
        self.broken = False
        self.jam_until = 0
        self.own_until = 0.0  # real seconds: until then a person's phone says where the bike is
        self.pace = 0.94 + 0.12 * self.chance.random()
        self.battery = 100.0 - 8 * self.chance.random()
        self.heading, self.speed = -1.0, 0.0
        self._line: list[Point] = [point]
        self._along = [0.0]
        self._done = 0.0
        self._on_foot_from = 0.0
        self._next_light = LIGHT_EVERY_M * self.chance.random()
        self._stands_until = 0
        self._silent_until = 0
        self._kept: list[PositionReport] = []
        self._next_fix = 0

    @property
    def left_m(self) -> float:
        return self._along[-1] - self._done

    @property
    def length_m(self) -> float:
        return self._along[-1]

    def is_at(self, point: Point, within_m: float = AT_M) -> bool:
        return flat_m(self.point, point) <= within_m

    def aim(self, target: str, line: Sequence[Point], door: Point) -> None:
        """A new way: along the road, then on foot to the door."""
        points = [self.point]
        points += [p for p in (*line, door) if flat_m(points[-1], p) > 0.5]
        self.target, self._line, self._along, self._done = target, [self.point], [0.0], 0.0
        for point in points[1:]:
            self._along.append(self._along[-1] + flat_m(self._line[-1], point))
            self._line.append(point)
        last_m = flat_m(line[-1], door) if line else 0.0
        self._on_foot_from = self._along[-1] - min(last_m, 120.0) if last_m > ON_FOOT_M else self._along[-1]
        self._next_light = LIGHT_EVERY_M * (0.4 + self.chance.random())

    def place(self, point: Point) -> None:
        """The bike is elsewhere: a person's own phone says so."""
        self.point, self.target = point, ""
        self._line, self._along, self._done = [point], [0.0], 0.0

    def stop(self) -> None:
        self.place(self.point)

    def ride(self, before: int, now: int) -> None:
        """Lets the time from `before` to `now` pass, noting fixes on the way."""
        at = before
        self._next_fix = max(self._next_fix, before - IDLE_FIX_MS)
        gap = FIX_EVERY_MS * max(1, (now - before) // (FIX_EVERY_MS * MOST_FIXES))
        while at < now:
            step = min(STEP_MS, now - at)
            self._move(at, step)
            at += step
            if at >= self._next_fix:
                self._note(at)
                moving = self.left_m > 1 or self.speed > 0
                self._next_fix = at + (gap if moving else IDLE_FIX_MS)

    def _move(self, at: int, step_ms: int) -> None:
        if self.broken or self.left_m <= 0 or at < self._stands_until:
            self.speed = 0.0
            return
        if self._done >= self._on_foot_from:
            self.speed = WALK_MPS
        else:
            self.speed = CRUISE_MPS * self.pace * flow(at, self.zone)
            if at < self.jam_until:
                self.speed *= CROWDED_FACTOR
        self._done = min(self._along[-1], self._done + self.speed * step_ms / 1000)
        if self._done >= self._next_light and self._done < self._on_foot_from:
            self._next_light = self._done + LIGHT_EVERY_M * (0.5 + self.chance.random())
            if self.chance.random() < LIGHT_CHANCE:
                self._stands_until = at + round(self.chance.uniform(*LIGHT_S) * 1000)
        self.battery = max(3.0, self.battery - 100 * self.speed * step_ms / 1000 / RANGE_M)
        self._set_point()

    def _set_point(self) -> None:
        nth = min(bisect_right(self._along, self._done), len(self._line) - 1)
        a, b = self._line[max(nth - 1, 0)], self._line[nth]
        span = self._along[nth] - self._along[nth - 1] if nth else 0.0
        part = (self._done - self._along[nth - 1]) / span if span else 1.0
        self.point = Point(a.lat + (b.lat - a.lat) * part, a.lon + (b.lon - a.lon) * part)
        if span:
            east = (b.lon - a.lon) * cos(radians(a.lat))
            self.heading = degrees(atan2(east, b.lat - a.lat)) % 360

    # what the phone says

    def _note(self, at: int) -> None:
        chance = self.chance
        moving = self.speed > 0
        if at < self._silent_until:
            return
        if moving and chance.random() < TUNNEL_CHANCE:
            self._silent_until = at + chance.randint(*TUNNEL_MS)
        accuracy = chance.uniform(*NOISE_M)
        off = accuracy * 0.6 if moving else accuracy * 0.25
        if moving and chance.random() < JUMP_CHANCE:
            off, accuracy = JUMP_M, 35.0
        north, east = chance.gauss(0, off / 1.4), chance.gauss(0, off / 1.4)
        report = PositionReport(
            at=at,
            lat=round(self.point.lat + north / METRES_PER_DEGREE, 7),
            lon=round(self.point.lon + east / (METRES_PER_DEGREE * cos(radians(self.point.lat))), 7),
            accuracy_m=round(accuracy, 1),
            heading=round(self.heading, 1) if moving else -1.0,
            speed_kmh=round(self.speed * 3.6 + chance.gauss(0, 0.6), 1) if moving else 0.0,
            battery=round(self.battery),
        )
        self._kept.append(report)

    def take_fixes(self) -> list[PositionReport]:
        """What has been noted since the last time; empty while there is no signal."""
        kept, self._kept = self._kept, []
        return kept

    def charge(self) -> None:
        """A fresh battery, from the rack at the shop."""
        self.battery = 100.0
