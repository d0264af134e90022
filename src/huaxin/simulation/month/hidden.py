"""What is true and nobody is told: traffic, weather, jams, how each courier rides, how long a door takes."""

from math import exp, floor
from random import Random

import msgspec

from huaxin.dispatch.roads import METRES_PER_DEGREE, flat_m
from huaxin.kernel import Point
from huaxin.simulation.month.setting import DAY, HOUR, MINUTE, Setting

CRUISE_MPS = 5.6  # 20 km/h on an empty road
WALK_MPS = 1.3
LIGHT_EVERY_M, LIGHT_CHANCE, LIGHT_S = 330.0, 0.5, 45.0
AREA_M = 600.0
AREA_SPREAD = 0.12
LEVEL_SPREAD, LEVEL_STEP_MS = 0.09, 10 * MINUTE
LEVEL_HOLD = 0.85  # of the city's level from one step to the next: an hour's memory
RAIN_SLOWS = (1.12, 1.35)
JAM_M = (500.0, 1_100.0)
JAM_SLOWS = (1.5, 2.6)
JAM_MS = (15 * MINUTE, 50 * MINUTE)
_WORK_HOURS = {7: 1.16, 8: 1.3, 9: 1.14, 11: 1.06, 12: 1.08, 16: 1.08, 17: 1.28, 18: 1.34, 19: 1.14}
_FREE_HOURS = {10: 1.06, 11: 1.1, 12: 1.1, 14: 1.08, 15: 1.1, 16: 1.12, 17: 1.12, 18: 1.1}


class Jam(msgspec.Struct, frozen=True):
    """A place that is slow for a while."""

    middle: Point
    radius_m: float
    begins_at: int
    ends_at: int
    slows: float


class RiderTruth(msgspec.Struct, frozen=True, kw_only=True):
    """How one courier is."""

    pace: float  # on the time a ride takes
    light_luck: float
    door: float  # on the time at doors
    rush: float  # how much of the rush hours this courier feels


class Hidden:
    """The truth of one month. Everything is drawn from the seed, in an order that does not matter."""

    def __init__(self, setting: Setting, middle: Point) -> None:
        self.setting, self._middle = setting, middle
        chance = self._chance("city")
        self._hours = [
            {h: 1 + (f - 1) * chance.uniform(0.6, 1.5) for h, f in hours.items()}
            for hours in (_WORK_HOURS, _FREE_HOURS)
        ]
        self._levels: list[float] = []
        level, steps = 0.0, setting.days * DAY // LEVEL_STEP_MS + 1
        for _ in range(steps):
            level = LEVEL_HOLD * level + chance.gauss(0, LEVEL_SPREAD * (1 - LEVEL_HOLD**2) ** 0.5)
            self._levels.append(level)
        self._rain = [chance.random() < setting.rain_days for _ in range(setting.days + 1)]
        self._rain_slows = [chance.uniform(*RAIN_SLOWS) for _ in range(setting.days + 1)]
        self._areas: dict[tuple[int, int], float] = {}
        self.jams = [jam for day in range(setting.days) for jam in self._jams_of(day)]
        self._jams_by_hour: dict[int, list[Jam]] = {}
        for jam in self.jams:
            for hour in range(jam.begins_at // HOUR, jam.ends_at // HOUR + 1):
                self._jams_by_hour.setdefault(hour, []).append(jam)

    def _chance(self, *key: object) -> Random:
        return Random("|".join(["month", str(self.setting.seed), *map(str, key)]))

    def _jams_of(self, day: int) -> list[Jam]:
        chance, setting = self._chance("jams", day), self.setting
        count = int(setting.jams_per_day) + (chance.random() < setting.jams_per_day % 1)
        found = []
        for _ in range(count):
            begins = (
                setting.begins_at + day * DAY + round(chance.uniform(setting.opens, setting.closes) * HOUR)
            )
            where = Point(
                self._middle.lat + chance.gauss(0, 1_200) / METRES_PER_DEGREE,
                self._middle.lon + chance.gauss(0, 1_400) / METRES_PER_DEGREE,
            )
            lasts = chance.randint(*JAM_MS)
            found.append(
                Jam(where, chance.uniform(*JAM_M), begins, begins + lasts, chance.uniform(*JAM_SLOWS))
            )
        return found

    # the roads

    def slowness(self, at: int, where: Point, rush: float = 1.0) -> float:
        """Factor on riding time at this moment and place."""
        since = at - self.setting.begins_at
        day, hour = since // DAY, since % DAY // HOUR
        free = (day % 7) in (0, 6)  # the month begins on a Sunday
        slow = 1 + (self._hours[free].get(hour, 1.0) - 1) * rush
        slow *= exp(self._levels[min(since // LEVEL_STEP_MS, len(self._levels) - 1)])
        if self._rain[day]:
            slow *= self._rain_slows[day]
        for jam in self._jams_by_hour.get(at // HOUR, ()):
            if jam.begins_at <= at < jam.ends_at and flat_m(jam.middle, where) < jam.radius_m:
                slow *= jam.slows
        return slow * self._area(where)

    def jam_at(self, at: int, where: Point) -> Jam | None:
        """The jam that somebody stands in, if any."""
        for jam in self._jams_by_hour.get(at // HOUR, ()):
            if jam.begins_at <= at < jam.ends_at and flat_m(jam.middle, where) < jam.radius_m:
                return jam
        return None

    def _area(self, where: Point) -> float:
        scale = METRES_PER_DEGREE / AREA_M
        cell = floor(where.lat * scale), floor(where.lon * scale)
        found = self._areas.get(cell)
        if found is None:
            found = self._areas[cell] = exp(self._chance("area", *cell).gauss(0, AREA_SPREAD))
        return found

    def is_rainy(self, at: int) -> bool:
        return self._rain[(at - self.setting.begins_at) // DAY]

    # people

    def rider(self, courier: str) -> RiderTruth:
        chance = self._chance("rider", courier)
        return RiderTruth(
            pace=exp(chance.gauss(0, 0.12)), light_luck=chance.uniform(0.7, 1.2),
            door=exp(chance.gauss(0, 0.12)), rush=chance.uniform(0.6, 1.3),
        )  # fmt: skip

    def door_s(self, order: str, building: str, courier: str, usual_s: float) -> float:
        """Seconds at this door this time. `usual_s`: what the address says; buildings differ from it."""
        own = exp(self._chance("door", building).gauss(0, 0.35))
        this_time = exp(self._chance("handover", order).gauss(-0.05, 0.3))
        stuck = 2.0 if self._chance("stuck", order).random() < 0.03 else 1.0
        return max(40.0, usual_s * own * this_time * stuck * self.rider(courier).door)

    def making_s(self, order: str) -> float:
        """Seconds at the florist's bench."""
        return 900.0 * exp(self._chance("making", order).gauss(0, 0.3))
