"""Made shared-bike trips on any imported map, as hard as real ones: users of different pace, commuters,
lights, rush hours, jams, ways that are not the quickest, stops on the way, vague phones. Deterministic by
seed.
"""

import csv
import gzip
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from math import cos, exp, radians
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec

from huaxin.dispatch.roads import METRES_PER_DEGREE, flat_m
from huaxin.kernel import Point
from huaxin.maps.model import MapError
from huaxin.simulation.month.hidden import Hidden
from huaxin.simulation.month.setting import DAY, HOUR, MINUTE, Setting

CRUISE_MPS = 3.9  # 14 km/h on an empty road
STEP_S = 5
LIGHT_EVERY_M, LIGHT_CHANCE, LIGHT_S = 300.0, 0.45, 55.0
_HOURS = {
    7: 5,
    8: 9,
    9: 6,
    10: 3,
    11: 4,
    12: 5,
    13: 4,
    14: 3,
    15: 3,
    16: 4,
    17: 7,
    18: 9,
    19: 6,
    20: 4,
    21: 3,
}


class Bikes(msgspec.Struct, frozen=True, kw_only=True):
    """How the trips are made."""

    seed: int = 1
    trips: int = 900
    users: int = 250
    days: int = 30
    noise_m: float = 12.0
    grid_deg: float = 0.0  # positions rounded to this many degrees
    every_s: int = 20  # between positions
    wander: float = 0.05  # part of the trips with a stop on the way
    detour: float = 0.25  # part that does not take the quickest way
    chaos: float = 0.1  # spread of what nothing explains, of each trip
    begins_at: int = 1_470_009_600_000  # 2016-08-01 in Shanghai, a Monday


class _User(NamedTuple):
    name: str
    pace: float
    home: Point
    work: Point
    detour: float


class _Maker:
    def __init__(self, roads: Any, bbox: tuple[float, float, float, float], bikes: Bikes) -> None:
        self.roads, self.bbox, self.bikes = roads, bbox, bikes
        self.chance = Random(f"bikes|{bikes.seed}")
        west, south, east, north = bbox
        setting = Setting(
            seed=bikes.seed, days=bikes.days + 1, begins_at=bikes.begins_at - DAY, jams_per_day=3.0
        )
        self.hidden = Hidden(setting, Point((south + north) / 2, (west + east) / 2))
        self.users = [self._user(n) for n in range(bikes.users)]

    def _somewhere(self) -> Point:
        west, south, east, north = self.bbox
        while True:
            wide = 0.08
            point = Point(
                self.chance.uniform(south + wide * (north - south), north - wide * (north - south)),
                self.chance.uniform(west + wide * (east - west), east - wide * (east - west)),
            )
            try:
                near = self.roads.nearest(point)
            except MapError:
                continue
            if flat_m(point, Point(near.lat, near.lon)) < 80:
                return Point(near.lat, near.lon)

    def _near(self, point: Point, low_m: float, high_m: float) -> Point:
        for _ in range(400):
            other = self._somewhere()
            if low_m < flat_m(point, other) < high_m:
                return other
        return self._somewhere()

    def _user(self, n: int) -> _User:
        home = self._somewhere()
        return _User(
            f"u{n:04d}", exp(self.chance.gauss(0, 0.16)), home, self._near(home, 800, 4_000),
            self.bikes.detour * self.chance.uniform(0.3, 1.7),
        )  # fmt: skip

    def trips(self) -> Iterator[tuple[str, str, list[tuple[int, Point]]]]:
        # Few users ride most: as with shared bikes.
        weights = [1 / (n + 4) for n in range(len(self.users))]
        begins = sorted(self._begin() for _ in range(self.bikes.trips))
        for n, at in enumerate(begins):
            user = self.chance.choices(self.users, weights)[0]
            fixes = self._ride(user, at)
            if fixes:
                yield f"t{n:05d}", user.name, fixes

    def _begin(self) -> int:
        day = self.chance.randrange(self.bikes.days)
        hour = self.chance.choices(list(_HOURS), list(_HOURS.values()))[0]
        return self.bikes.begins_at + day * DAY + round((hour + self.chance.random()) * HOUR)

    def _ends(self, user: _User, at: int) -> tuple[Point, Point]:
        hour = at % DAY // HOUR + 8  # Shanghai
        kind = self.chance.random()
        if kind < 0.45:
            return (user.home, user.work) if hour % 24 < 13 else (user.work, user.home)
        if kind < 0.7:
            return user.home, self._near(user.home, 500, 3_500)
        begin = self._somewhere()
        return begin, self._near(begin, 500, 4_500)

    def _ride(self, user: _User, at: int) -> list[tuple[int, Point]]:
        chance, bikes = self.chance, self.bikes
        begin, end = self._ends(user, at)
        places = [begin, end]
        if chance.random() < user.detour:
            off = chance.uniform(-0.3, 0.3)
            places.insert(1, Point(
                (begin.lat + end.lat) / 2 + off * (end.lon - begin.lon),
                (begin.lon + end.lon) / 2 - off * (end.lat - begin.lat),
            ))  # fmt: skip
        try:
            line = [Point(p.lat, p.lon) for p in self.roads.route(places).points]
        except MapError:
            return []
        slow = user.pace * exp(chance.gauss(0, bikes.chaos))
        pause_m = chance.uniform(0.2, 0.8) if chance.random() < bikes.wander else 9.0
        return self._positions(line, at, slow, pause_m)

    def _positions(self, line: list[Point], at: int, slow: float, pause: float) -> list[tuple[int, Point]]:
        chance, along = self.chance, [0.0]
        for a, b in pairwise(line):
            along.append(along[-1] + flat_m(a, b))
        total, done, now, stands = along[-1], 0.0, at, at + chance.randint(5_000, 40_000)
        light, fixes, told = LIGHT_EVERY_M * chance.random(), list[tuple[int, Point]](), 0
        while True:
            here = _at(line, along, done)
            if now - told >= self.bikes.every_s * 1000 or done >= total:
                fixes.append((now, self._seen(here)))
                told = now
            if done >= total:
                return fixes
            now += STEP_S * 1000
            if now < stands:
                continue
            done = min(total, done + CRUISE_MPS / (slow * self.hidden.slowness(now, here)) * STEP_S)
            if done >= light:
                light = done + LIGHT_EVERY_M * chance.uniform(0.4, 1.6)
                if chance.random() < LIGHT_CHANCE:
                    stands = now + round(chance.uniform(4, LIGHT_S) * 1000)
            if done >= pause * total:
                pause, stands = 9.0, now + chance.randint(2 * MINUTE, 9 * MINUTE)

    def _seen(self, here: Point) -> Point:
        noise, grid = self.bikes.noise_m / METRES_PER_DEGREE, self.bikes.grid_deg
        lat = here.lat + self.chance.gauss(0, noise)
        lon = here.lon + self.chance.gauss(0, noise) / cos(radians(here.lat))
        if grid:
            lat, lon = round(lat / grid) * grid, round(lon / grid) * grid
        return Point(round(lat, 6), round(lon, 6))


def _at(line: list[Point], along: list[float], done: float) -> Point:
    i = min(max(1, bisect_right(along, done)), len(along) - 1)
    a, b = line[i - 1], line[i]
    t = min(1.0, max(0.0, (done - along[i - 1]) / max(along[i] - along[i - 1], 1e-9)))
    return Point(a.lat + t * (b.lat - a.lat), a.lon + t * (b.lon - a.lon))


def write_trips(path: Path, roads: Any, bbox: tuple[float, float, float, float], bikes: Bikes) -> int:
    """Writes made trips as CSV (gzip when the name ends in .gz); how many."""
    count = 0
    with gzip.open(path, "wt", newline="") if path.suffix == ".gz" else path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("trip", "user", "t_utc", "lat", "lon"))
        for trip, user, fixes in _Maker(roads, bbox, bikes).trips():
            count += 1
            rows.writerows((trip, user, at / 1000, p.lat, p.lon) for at, p in fixes)
    return count
