"""The ring on many simulated rides: exactly one notice each, whatever the phone's noise does."""

import random
from collections.abc import Iterator
from itertools import pairwise
from math import hypot

import pytest

from huaxin.tracking.geofence import USUAL, Reach, Ring, reach_of
from huaxin.tracking.positions import Fix
from tests.unit.dispatch.grid import at

RIDES = 600
STEP_S = 3


def legs(rng: random.Random) -> list[tuple[float, float]]:
    """Corners of a ride along a street grid to the door at 0, 0; every third one leaves and comes again."""
    x, y = rng.choice([-1, 1]) * rng.uniform(500, 1400), rng.choice([-1, 1]) * rng.uniform(300, 1000)
    corners = [(x, y), (x, 0.0)] if rng.random() < 0.5 else [(x, y), (0.0, y)]
    near = corners[-1]
    if rng.random() < 0.34:
        part = rng.uniform(150, 420) / max(abs(near[0]) + abs(near[1]), 1)
        inside = (near[0] * part, near[1] * part)
        corners += [inside, (near[0] * 1.6, near[1] * 1.6)]
    return [*corners, (0.0, 0.0)]


def ride(rng: random.Random) -> Iterator[tuple[Fix, float, float, float]]:
    """(fix, measured straight and road distance, true straight distance): noise that drifts, lost fixes, and
    now and then a tunnel."""
    speed, now, drift = rng.uniform(3.5, 6.5), 1_000_000, [0.0, 0.0]
    corners, quiet_until = legs(rng), 0
    for (ax, ay), (bx, by) in pairwise(corners):
        steps = max(1, round(hypot(bx - ax, by - ay) / (speed * STEP_S)))
        for n in range(steps):
            now += STEP_S * 1000
            x, y = ax + (bx - ax) * n / steps, ay + (by - ay) * n / steps
            accuracy = rng.choice([5.0, 8.0, 12.0, 25.0, 60.0])
            drift = [0.8 * one + rng.gauss(0, accuracy * 0.3) for one in drift]
            if rng.random() < 0.004:
                quiet_until = now + rng.randint(30, 120) * 1000
            if now < quiet_until or rng.random() < 0.1:
                continue
            mx, my = x + drift[0], y + drift[1]
            fix = Fix(point=at(mx, my), at=now, accuracy_m=accuracy)
            yield fix, hypot(mx, my), abs(mx) + abs(my), hypot(x, y)
    for _ in range(8):  # standing at the door
        now += STEP_S * 1000
        yield Fix(point=at(0, 0), at=now, accuracy_m=8.0), 5.0, 5.0, 0.0


@pytest.mark.parametrize("reach", [USUAL, reach_of(300, 0, 5.0), reach_of(500, 2, 5.0)])
def test_exactly_one_notice_on_every_ride(reach: Reach) -> None:
    """TR-10, TR-11, TR-84: with jitter, tunnels, and rides that leave the ring and come again."""
    left_again = 0
    for seed in range(RIDES):
        ring, notices, inside = Ring(), 0, [False, False]
        for fix, straight, road, true_m in ride(random.Random(seed)):
            if ring.see(fix, straight, road, is_next=True, reach=reach) and not notices:
                notices += 1
                assert true_m <= reach.straight_m + 90, seed
            elif ring.closed:
                assert not ring.see(fix, straight, road, is_next=True, reach=reach), seed
            inside = [inside[0] or true_m < reach.straight_m, inside[1] or (inside[0] and true_m > 600)]
        assert notices == 1, seed
        left_again += inside[1]
    assert left_again > 20
