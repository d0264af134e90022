"""Rides on a real road map, second by second, with the noise of a phone. Deterministic by seed."""

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import cos, radians
from typing import Any

from huaxin.dispatch.roads import METRES_PER_DEGREE, Roads, flat_m
from huaxin.kernel import Point
from huaxin.tracking.views import PositionReport


def along(points: Sequence[Any], speed: float, every_s: float) -> Iterator[Point]:
    """Points along a line at `speed` m/s, one each `every_s` seconds."""
    step, left = speed * every_s, 0.0
    for a, b in pairwise(points):
        length = flat_m(Point(a.lat, a.lon), Point(b.lat, b.lon))
        while left < length:
            t = left / length
            yield Point(a.lat + t * (b.lat - a.lat), a.lon + t * (b.lon - a.lon))
            left += step
        left -= length
    yield Point(points[-1].lat, points[-1].lon)


def noisy(p: Point, rng: random.Random, metres: float) -> Point:
    shrink = cos(radians(p.lat))
    return Point(
        p.lat + rng.gauss(0, metres) / METRES_PER_DEGREE,
        p.lon + rng.gauss(0, metres) / (METRES_PER_DEGREE * shrink),
    )


def reports(
    roads: Roads, stops: Sequence[Point], rng: random.Random, start_ms: int, *, every_s: float = 3.0
) -> Iterator[tuple[int, Point, PositionReport]]:
    """(time, true point, report) of a ride through the stops at a speed drawn for it; some fixes are lost,
    some are vague."""
    speed, now = rng.uniform(3.5, 6.0), start_ms
    for p in along(roads.route(list(stops)).points, speed, every_s):
        now += int(every_s * 1000)
        if rng.random() < 0.1:
            continue
        accuracy = rng.choice([5.0, 8.0, 12.0, 25.0])
        q = noisy(p, rng, accuracy * 0.6)
        yield now, p, PositionReport(at=now, lat=q.lat, lon=q.lon, accuracy_m=accuracy)
