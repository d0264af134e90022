"""What is learned of rides: shrinkage, fading, calibration."""

import random
from datetime import timedelta, timezone
from math import exp, log

import pytest

from huaxin.tracking.learning.effects import Drift, Effects, Level
from huaxin.tracking.learning.regression import Regression
from huaxin.tracking.learning.rides import Example, Leg, Ride, RideTimes, SoFar
from huaxin.tracking.learning.spread import Z90, Range, Spreads
from tests.unit.dispatch.grid import MINUTE, NOON

import numpy as np  # isort: skip

ZONE = timezone(timedelta(hours=8))
LEG = Leg(600.0, 2_800.0, 2_200.0)


def test_a_cold_start_is_the_map_with_a_wide_range() -> None:
    """TR-34: with nothing learned the map's time is close to the answer, and P90 is well above it."""
    left = RideTimes(ZONE).predict(LEG, Ride("c1", NOON))
    assert 0.8 < left.quantile(0) / LEG.seconds < 1.3
    assert left.quantile(Z90) > 1.2 * left.quantile(0)


def test_a_courier_is_learned_and_shrunk() -> None:
    """TR-34: one slow ride moves the courier a little, many move it all the way; others hardly move."""
    times = RideTimes(ZONE)
    begin = times.pace("slow", NOON)
    for n in range(40):
        at = NOON + n * 150 * MINUTE
        times.learn(Ride("slow", at), [Example(LEG, LEG.seconds * 1.5)], at + 15 * MINUTE)
        times.learn(Ride("usual", at), [Example(LEG, LEG.seconds * 1.1)], at + 11 * MINUTE)
        if n == 0:
            assert begin < times.pace("slow", NOON) < 1.4
    later = NOON + 80 * 150 * MINUTE
    assert times.pace("slow", later) == pytest.approx(1.5, rel=0.08)
    assert times.pace("usual", later) == pytest.approx(1.1, rel=0.08)
    assert times.pace("nobody", later) == pytest.approx(1.28, rel=0.12)


def test_the_ride_so_far_says_how_the_rest_will_be() -> None:
    """TR-35: a ride twice as slow as expected until half-way stays slow; how much that counts is learned."""
    times, rng = RideTimes(ZONE), random.Random(1)
    half = Leg(300.0, 1_400.0, 1_100.0)
    for n in range(150):
        slow = exp(rng.gauss(0, 0.3))
        at = NOON + n * 60 * MINUTE
        way = SoFar(300 * slow, half, 1_400.0, 600.0)
        examples = [Example(LEG, 600 * slow), Example(half, 300 * slow, way)]
        times.learn(Ride(f"c{n % 7}", at), examples, at + round(600_000 * slow))
    at = NOON + 200 * 60 * MINUTE
    slow = times.predict(half, Ride("c1", at), SoFar(600.0, half, 1_400.0, 600.0))
    quick = times.predict(half, Ride("c1", at), SoFar(200.0, half, 1_400.0, 600.0))
    assert slow.quantile(0) == pytest.approx(600, rel=0.25)
    assert quick.quantile(0) == pytest.approx(200, rel=0.25)


def test_a_band_of_eighty_per_cent_covers_eighty_per_cent_also_under_drift() -> None:
    """TR-36: whatever the errors look like, and when they suddenly grow."""
    rng, spreads = random.Random(2), Spreads(0.2)
    for sd in (0.1, 0.5):
        inside, count = 0, 0
        for n in range(900):
            error = rng.gauss(0, sd) + (0.8 if rng.random() < 0.05 else 0)
            band = spreads.around(6.0, "b", "g")
            if n >= 200:
                inside += band.quantile(-Z90) <= exp(6 + error) <= band.quantile(Z90)
                count += 1
            spreads.learn(6.0, 6.0 + error, "b", "g")
        assert 0.74 < inside / count < 0.86


def test_a_range_agrees_with_its_chances() -> None:
    """TR-36: P50 is kept one time in two, P90 nine in ten; chance rises with time."""
    band = Range(log(600), 0.2, 0.4)
    assert band.chance_by(600) == pytest.approx(0.5)
    assert band.chance_by(band.quantile(Z90)) == pytest.approx(0.9)
    assert band.chance_by(band.quantile(-Z90)) == pytest.approx(0.1)
    assert band.chance_by(0) == 0.0


def test_groups_are_shrunk_and_old_examples_fade() -> None:
    """TR-34: a group of one example keeps half of it when the prior is worth one; a change is followed."""
    effects = Effects([Level("a", 1.0, memory=10)])
    effects.learn(["x"], 1.0)
    assert effects.value(["x"]) == pytest.approx(0.5)
    assert effects.value(["y"]) == 0.0
    assert effects.value([""]) == 0.0
    for _ in range(60):
        effects.learn(["x"], -1.0)
    assert effects.value(["x"]) < -0.8


def test_the_level_of_the_city_forgets_by_the_clock() -> None:
    """TR-34: what others ride now counts now, and an hour later less."""
    level = Drift(40 * MINUTE, worth=3.0)
    for _ in range(6):
        level.learn(NOON, 0.3)
    now = level.value(NOON)
    assert 0.15 < now < 0.3
    assert level.value(NOON + 40 * MINUTE) < now
    assert level.value(NOON + 10 * 3600_000) < 0.01


def test_regression_finds_weights_and_takes_accidents_for_accidents() -> None:
    """TR-34: one example in twelve is nonsense; the weights come out all the same."""
    rng = random.Random(3)
    regression = Regression([(0.0, 1.0), (0.0, 1.0)], 0.1)
    for _ in range(600):
        x = rng.uniform(-1, 1)
        y = 0.3 + 0.7 * x + rng.gauss(0, 0.1) + (3.0 if rng.random() < 0.08 else 0.0)
        regression.learn(np.array([1.0, x]), y)
    assert regression.weights == pytest.approx([0.3, 0.7], abs=0.08)


def test_what_was_learned_survives() -> None:
    """TR-61: a model restored from its state predicts the same."""
    times = RideTimes(ZONE)
    for n in range(10):
        at = NOON + n * 60 * MINUTE
        examples = [Example(LEG, 500.0 + 20 * n), Example(LEG, 400.0, SoFar(200.0, LEG, 900.0))]
        times.learn(Ride("c1", at), examples, at + 10 * MINUTE)
    again = RideTimes(ZONE)
    again.restore(times.state())
    again.effects.groups = dict(times.effects.groups)
    ride = Ride("c1", NOON + 12 * 60 * MINUTE)
    assert again.predict(LEG, ride) == pytest.approx(times.predict(LEG, ride))
