"""How long a ride takes: the map's time times what was learned of couriers, hours, places and this very ride.

All in logarithms, where effects add up. Two regressions: before a ride begins, and on the way, where the ride
so far is the best evidence and how much it counts is itself learned. On top of the first the effects of
groups, and the level of the city right now: what others ride at this moment.
"""

from datetime import datetime, tzinfo
from math import cos, exp, log, pi, sin
from typing import Any, NamedTuple

import numpy as np

from huaxin.tracking.learning.effects import Drift, Effects, Level
from huaxin.tracking.learning.regression import Regression, Vector
from huaxin.tracking.learning.spread import Range, Spreads

NOISE = 0.2
LEVEL_HALF_LIFE_MS = 40 * 60_000
MIN_MAP_S = 20.0
SHARP = 20.0  # m/s: nothing rides faster on a map either
PARKING_S = 60.0  # what every ride has once: setting off, the last metres, the lock
EN_ROUTE_WEIGHT = 0.35  # of one example on the way: those of one ride say nearly the same

_LEVELS = [
    Level("courier", 2.0, 40),
    Level("way", 5.0, 12),  # this courier, from here to there
    Level("end", 20.0, 80),  # the place it ends at
    Level("begin", 25.0, 80),
    Level("hour", 20.0, 60),  # this courier at this hour
]
# constant, length, detour of the road, speed of the road, short, day, half day, weekend, its day, rush hours
_BEFORE = [
    (0.05, 0.3), (0.0, 0.16), (0.0, 0.24), (0.0, 0.5), (0.0, 0.5),
    (0.0, 0.05), (0.0, 0.05), (0.0, 0.04), (0.0, 0.04),
    (0.0, 0.06), (0.0, 0.05), (0.0, 0.05), (0.12, 0.12), (0.15, 0.12),
]  # fmt: skip
# constant, pace so far (three ways to trust it), detour so far, off the way, standing, short, length
_ON_THE_WAY = [
    (0.0, 0.08), (0.2, 0.25), (0.4, 0.25), (0.0, 0.25),
    (0.0, 0.2), (0.0, 0.25), (0.0, 0.2), (0.0, 0.15), (0.0, 0.08),
]  # fmt: skip


class Leg(NamedTuple):
    """A way on the map: seconds and metres by road, metres in a straight line."""

    seconds: float
    metres: float
    straight_m: float


USUAL = Leg(420.0, 2_100.0, 1_600.0)


class Ride(NamedTuple):
    """Who rides when, and between which places (names of cells; "" when they do not repeat)."""

    courier: str
    at: int  # ms since 1970
    begin: str = ""
    end: str = ""


class SoFar(NamedTuple):
    """The ride until now."""

    elapsed_s: float
    leg: Leg  # from its begin to here, as the map would have gone
    ridden_m: float  # as it was ridden; 0: not known
    whole_s: float = 0.0  # of the map, from its begin to its end
    still_s: float = 0.0  # standing on one spot by now


class Example(NamedTuple):
    """A moment of a ride that has ended. `so_far` None: its begin."""

    left: Leg
    left_s: float  # what it really took from there
    so_far: SoFar | None = None


class RideTimes:
    """Predicts and learns rides. `tz`: for the hour of the day."""

    def __init__(self, tz: tzinfo) -> None:
        self._tz = tz
        self._before = Regression(_BEFORE, NOISE)
        self._on_the_way = Regression(_ON_THE_WAY, NOISE, memory=6_000)
        self.effects = Effects(_LEVELS)
        self.level = Drift(LEVEL_HALF_LIFE_MS, worth=3.0)
        self.spreads = Spreads(first=0.2)
        self.rides = 0.0

    # predicting

    def pace(self, courier: str, at: int) -> float:
        """Factor on the map's time, for a leg of usual length."""
        return exp(self._log_pace(USUAL, Ride(courier, at)))

    def predict(self, left: Leg, ride: Ride, so_far: SoFar | None = None) -> Range:
        """What is left of a ride, as a distribution of seconds."""
        mid, doubt = self._mid(left, ride, so_far)
        return self.spreads.around(mid, *_buckets(left, so_far), extra=doubt)

    def _log_pace(self, leg: Leg, ride: Ride) -> float:
        x = self._features(leg, ride.at)
        return self._before.mean(x) + self.effects.value(self._keys(ride)) + self.level.value(ride.at)

    def _mid(self, left: Leg, ride: Ride, so_far: SoFar | None) -> tuple[float, float]:
        """(log of the seconds left, variance of not having learned enough yet)."""
        base = log(max(left.seconds, MIN_MAP_S)) + self._log_pace(left, ride)
        if so_far is None:
            return base, self._before.doubt(self._features(left, ride.at))
        x = self._way_features(left, ride, so_far)
        return base + self._on_the_way.mean(x), self._on_the_way.doubt(x)

    # learning

    def learn(self, ride: Ride, examples: list[Example], ended_at: int) -> None:
        """One ride that has ended: its begin first, then moments on the way."""
        for example in examples:
            if example.left_s <= 0:
                continue
            actual = log(max(example.left_s, 1.0))
            mid, doubt = self._mid(example.left, ride, example.so_far)
            self.spreads.learn(mid, actual, *_buckets(example.left, example.so_far), extra=doubt)
        # The way's pace counts relative to what was expected before this ride taught anything.
        for example in examples:
            if example.so_far is not None and example.left_s > 0:
                base = log(max(example.left.seconds, MIN_MAP_S)) + self._log_pace(example.left, ride)
                x = self._way_features(example.left, ride, example.so_far)
                self._on_the_way.learn(x, log(max(example.left_s, 1.0)) - base, EN_ROUTE_WEIGHT)
        if examples and examples[0].so_far is None:
            self._learn_begin(ride, examples[0], ended_at)
        self.rides += 1

    def _learn_begin(self, ride: Ride, example: Example, ended_at: int) -> None:
        x = self._features(example.left, ride.at)
        actual = log(max(example.left_s, 1.0)) - log(max(example.left.seconds, MIN_MAP_S))
        groups, level = self.effects.value(self._keys(ride)), self.level.value(ride.at)
        self._before.learn(x, actual - groups - level)
        # What the whole city explains is not learned a second time for the courier.
        left = min(0.6, max(-0.6, actual - self._before.mean(x)))
        self.effects.learn(self._keys(ride), left - level)
        self.level.learn(ended_at, min(0.5, max(-0.5, left - self.effects.value(self._keys(ride)))))

    # features

    def _keys(self, ride: Ride) -> list[str]:
        who, hour = ride.courier, self._hour(ride.at)[0]
        way = f"{who}|{ride.begin}|{ride.end}" if who and ride.begin and ride.end else ""
        return [who, way, ride.end, ride.begin, f"{who}|{int(hour) // 2}" if who else ""]

    def _hour(self, at: int) -> tuple[float, bool]:
        local = datetime.fromtimestamp(at / 1000, self._tz)
        return local.hour + local.minute / 60, local.weekday() >= 5

    def _features(self, leg: Leg, at: int) -> Vector:
        hour, free = self._hour(at)
        a = hour / 12 * pi
        seconds = max(leg.seconds, MIN_MAP_S)
        speed = min(max(leg.metres / seconds, 0.5), SHARP)
        detour = max(leg.metres, 1.0) / max(leg.straight_m, 30.0)
        morning, evening = (0.0, 0.0) if free else (_bump(hour, 8.2, 1.0), _bump(hour, 18.0, 1.2))
        return np.array((
            1.0, log(seconds / 480), log(min(max(detour, 1.0), 4.0) / 1.3), log(speed / 4.8),
            log(1 + PARKING_S / seconds) - 0.12, sin(a), cos(a), sin(2 * a), cos(2 * a),
            float(free), free * sin(a), free * cos(a), morning, evening,
        ))  # fmt: skip

    def _way_features(self, left: Leg, ride: Ride, so_far: SoFar) -> Vector:
        expected = so_far.leg.seconds * exp(self._log_pace(so_far.leg, ride))
        pace = log((so_far.elapsed_s + 30) / (expected + 30))
        pace = min(max(pace, -1.2), 1.2)
        seen, rest = so_far.leg.seconds, max(left.seconds, MIN_MAP_S)
        little, much = seen / (seen + 60), seen / (seen + 300)
        detour = off = 0.0
        if so_far.ridden_m > 0:
            detour = log((so_far.ridden_m + 100) / (so_far.leg.metres + 100))
        if so_far.whole_s > 0:
            off = log((seen + rest + 30) / (so_far.whole_s + 30))
        return np.array((
            1.0, little * pace, much * pace, pace * seen / (seen + rest),
            little * min(max(detour, -0.5), 1.0), min(max(off, -0.5), 1.0),
            min(so_far.still_s, 300.0) / 300, log(1 + PARKING_S / rest) - 0.2, log(rest / 300),
        ))  # fmt: skip

    # keeping

    def state(self) -> dict[str, Any]:
        """All but the groups' effects (those are kept one by one)."""
        return {
            "before": self._before.state(), "on_the_way": self._on_the_way.state(), "rides": self.rides,
            "level": [self.level.total, self.level.weight, self.level.at],
            "scales": self.spreads.scales.known, "quantiles": self.spreads.quantiles.known,
        }  # fmt: skip

    def restore(self, state: dict[str, Any]) -> None:
        """Takes a kept state back."""
        self._before.restore(state["before"])
        self._on_the_way.restore(state["on_the_way"])
        self.rides = float(state["rides"])
        self.level.total, self.level.weight, self.level.at = state["level"]
        self.spreads.scales.known = {k: tuple(v) for k, v in state["scales"].items()}
        self.spreads.quantiles.known = {k: tuple(v) for k, v in state["quantiles"].items()}


def _bump(hour: float, middle: float, width: float) -> float:
    return exp(-0.5 * ((hour - middle) / width) ** 2)


def _buckets(left: Leg, so_far: SoFar | None) -> tuple[str, str]:
    """(bucket of the scale, group of the quantiles)."""
    size = min(7, max(0, int(log(max(left.seconds, MIN_MAP_S) / 40) / log(1.7))))
    if so_far is None:
        return f"begin{size}", "begin"
    seen = so_far.leg.seconds
    trust = 0 if seen < 120 else 1 if seen < left.seconds else 2
    return f"way{trust}:{size}", f"way{trust}"
