"""A phone that sends GCJ-02 as WGS-84, and bikes shown on their road: on the demo city's real roads."""

from datetime import timedelta, timezone
from itertools import pairwise
from math import cos, radians
from pathlib import Path
from random import Random

import pytest

from huaxin.dispatch.roads import flat_m
from huaxin.kernel import Point
from huaxin.live.roads import City
from huaxin.maps.datum import from_wgs84
from huaxin.maps.fiction import DEMO_ID
from huaxin.maps.library import CityLibrary
from huaxin.maps.model import Point as MapPoint
from huaxin.tracking.positions import Fix
from huaxin.tracking.service import Tracker
from huaxin.tracking.shift import ShiftCheck
from huaxin.tracking.views import PositionReport
from tests.unit.dispatch.grid import NOON


@pytest.fixture(scope="module")
def city(demo_cities: Path) -> City:
    return City(CityLibrary(demo_cities).open(DEMO_ID))


def ride(city: City, seed: int, noise_m: float) -> list[Point]:
    """A way along the roads, a point every 25 m or so, each as wrong as a phone is."""
    chance = Random(f"shift/{seed}")
    streets = [place.point for place in city.places("street")]
    line: list[Point] = []
    while len(line) < 8:
        line = city.path(chance.sample(streets, 3))
    points = []
    for a, b in pairwise(line):
        steps = max(1, round(flat_m(a, b) / 25))
        for n in range(steps):
            lat = a.lat + (b.lat - a.lat) * n / steps + chance.gauss(0, noise_m) / 111_195
            wide = 111_195 * cos(radians(lat))
            points.append(Point(lat, a.lon + (b.lon - a.lon) * n / steps + chance.gauss(0, noise_m) / wide))
    return points


def check(city: City, points: list[Point]) -> ShiftCheck:
    found = ShiftCheck()
    for n, point in enumerate(points):
        found.see(Fix(point=point, at=NOON + 4_000 * n, device_at=NOON, accuracy_m=8), city.nearest)
    return found


def as_gcj02(point: Point) -> Point:
    moved = from_wgs84(MapPoint(point.lat, point.lon), "gcj02")
    return Point(moved.lat, moved.lon)


@pytest.mark.parametrize("seed", range(8))
def test_a_shifted_way_is_found_out_and_an_honest_one_is_not(city: City, seed: int) -> None:
    """TR-89."""
    honest = ride(city, seed, 4.0)
    assert len(honest) > 60
    assert not check(city, honest).since
    assert check(city, [as_gcj02(point) for point in honest]).since


def test_few_looks_prove_nothing(city: City) -> None:
    """TR-89."""
    way = [as_gcj02(point) for point in ride(city, 3, 4.0)][:30]
    assert not check(city, way).since


def test_a_moving_bike_is_shown_on_its_road(city: City) -> None:
    """TR-90: and nothing but the picture changes."""
    now = NOON
    tracker = Tracker(city, lambda: now, timezone(timedelta(hours=8)), nearest=city.nearest)
    for n, point in enumerate(ride(city, 1, 6.0)[:20]):
        now = NOON + 5_000 * n
        report = PositionReport(at=now, lat=point.lat, lon=point.lon, accuracy_m=10)
        assert tracker.report("c", [report]).accepted == 1
        view, fix = tracker.position("c"), tracker.latest(["c"])["c"]
        assert view is not None
        assert fix.point == point
        road = city.nearest(view.point)
        assert road is not None
        assert flat_m(road, view.point) < 0.5


def test_who_stands_is_shown_where_they_stand(city: City) -> None:
    """TR-90: a courier at a door is not put back on the street."""
    now = NOON
    tracker = Tracker(city, lambda: now, timezone(timedelta(hours=8)), nearest=city.nearest)
    road = ride(city, 2, 0.0)[10]
    door = Point(road.lat + 12 / 111_195, road.lon)
    for n in range(10):
        now = NOON + 5_000 * n
        tracker.report("c", [PositionReport(at=now, lat=door.lat, lon=door.lon, accuracy_m=6)])
    view = tracker.position("c")
    assert view is not None
    assert flat_m(view.point, door) < 0.5
