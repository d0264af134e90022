"""Riding: speed, one-way streets, matrices, and what cannot be reached."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import numpy as np
import osmium
import pytest
from osmium.osm import mutable

from huaxin.maps.engine import build_routing
from huaxin.maps.library import OpenCity
from huaxin.maps.model import Point, Unreachable
from huaxin.maps.routing import Router, decode_polyline6, metres

PUXI = Point(31.2304, 121.4737)  # People's Square, Shanghai
PUDONG = Point(31.2335, 121.5050)  # across the Huangpu, with no bridge or ferry in the extract
CAP_MPS = 25 / 3.6


def pins(city: OpenCity, count: int, seed: int = 7) -> list[Point]:
    """Random places of a city, all near a street."""
    random = Random(seed)
    west, south, east, north = city.city.bbox
    found: list[Point] = []
    while len(found) < count:
        pin = Point(random.uniform(south, north), random.uniform(west, east))
        try:
            found.append(city.router.nearest(pin))
        except Unreachable:
            continue
    return found


def test_no_ride_beats_the_cap(demo: OpenCity) -> None:
    """MAP-30: 25 km/h at most, and not slower than walking."""
    places = pins(demo, 30)
    durations, distances = demo.router.table(places, places)
    ridden = distances > 300
    speed = distances[ridden] / durations[ridden]
    assert speed.max() <= CAP_MPS + 0.01
    assert speed.min() > 1.0


def test_a_ride_follows_the_road(demo: OpenCity) -> None:
    """MAP-30: the line begins and ends at the places, is as long as it says, and longer than straight."""
    a, b = pins(demo, 2)
    ride = demo.router.route([a, b])
    line = sum(metres(p, q) for p, q in zip(ride.points, ride.points[1:], strict=False))
    assert line == pytest.approx(ride.distance_m, rel=0.01)
    assert ride.distance_m >= metres(a, b)
    assert metres(ride.points[0], a) < 5
    assert metres(ride.points[-1], b) < 5


def test_a_ride_through_several_places(demo: OpenCity) -> None:
    """MAP-34: stop after stop adds up to the single rides."""
    a, b, c = pins(demo, 3)
    whole = demo.router.route([a, b, c])
    parts = demo.router.route([a, b]).duration_s + demo.router.route([b, c]).duration_s
    assert whole.duration_s == pytest.approx(parts, abs=25)
    with pytest.raises(ValueError, match="at least two points"):
        demo.router.route([a])


def test_table_agrees_with_routes(demo: OpenCity) -> None:
    """MAP-34."""
    sources, destinations = pins(demo, 3, seed=1), pins(demo, 4, seed=2)
    durations, distances = demo.router.table(sources, destinations)
    assert durations.shape == distances.shape == (3, 4)
    assert durations.dtype == distances.dtype == np.float64
    for i, a in enumerate(sources):
        for j, b in enumerate(destinations):
            ride = demo.router.route([a, b])
            assert durations[i, j] == pytest.approx(ride.duration_s, abs=0.2)
            assert distances[i, j] == pytest.approx(ride.distance_m, abs=1.0)


def test_table_of_nothing_and_of_too_much(demo: OpenCity) -> None:
    """MAP-34: empty sides give empty arrays; the same point twice is one point."""
    a = demo.city.center
    durations, distances = demo.router.table([], [a])
    assert durations.shape == distances.shape == (0, 1)
    assert demo.router.table([a, a], [a])[0].tolist() == [[0.0], [0.0]]
    many = [Point(a.lat + k * 1e-6, a.lon) for k in range(2001)]
    with pytest.raises(ValueError, match="at most 2000"):
        demo.router.table(many, many)


def test_across_the_huangpu_there_is_no_way(shanghai: OpenCity) -> None:
    """MAP-32: the real case of a river without a bicycle bridge."""
    with pytest.raises(Unreachable) as caught:
        shanghai.router.route([PUXI, PUDONG])
    assert caught.value.code == "route.unreachable"
    durations, distances = shanghai.router.table([PUXI, PUDONG], [PUXI, PUDONG])
    assert np.isinf(durations).tolist() == [[False, True], [True, False]]
    assert np.isinf(distances).tolist() == np.isinf(durations).tolist()


def test_shanghai_rides_are_sane(shanghai: OpenCity) -> None:
    """MAP-30: People's Square to Jing'an Temple is about two and a half kilometres, some ten minutes."""
    ride = shanghai.router.route([PUXI, Point(31.2235, 121.4450)])
    assert 2500 < ride.distance_m < 5000
    assert 480 < ride.duration_s < 1300


def test_off_the_map_is_said(demo: OpenCity) -> None:
    """MAP-33: never silently snapped, in any of the three questions."""
    here, away = demo.city.center, Point(30.9, 121.0)
    for ask in (lambda: demo.router.route([here, away]), lambda: demo.router.nearest(away)):
        with pytest.raises(Unreachable) as caught:
            ask()
        assert caught.value.code == "route.off_map"
    durations, distances = demo.router.table([here, away], [here, away])
    assert np.isinf(durations).tolist() == [[False, True], [True, True]]
    assert np.isinf(distances).tolist() == [[False, True], [True, True]]


def test_many_threads_get_the_same_answers(demo: OpenCity) -> None:
    """MAP-34: one router serves all threads."""
    a, *rest = pins(demo, 17)
    alone = [demo.router.route([a, b]) for b in rest]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda b: demo.router.route([a, b]), rest)) == alone


def test_polyline_decoding() -> None:
    """MAP-30: the format's own example, at six decimals."""
    points = decode_polyline6("_izlhA~rlgdF_{geC~ywl@_kwzCn`{nI")
    assert points == [Point(38.5, -120.2), Point(40.7, -120.95), Point(43.252, -126.453)]


def square(tmp_path: Path, middle: dict[str, str], gate: dict[str, str] | None = None) -> Router:
    """A city of one square: A–B along the south is ``middle``; A–D–C–B, the long way round, residential."""
    path = tmp_path / "square.osm.pbf"
    writer = osmium.SimpleWriter(str(path))
    spots = {
        1: (120.0, 30.0),
        2: (120.002, 30.0),
        3: (120.002, 30.004),
        4: (120.0, 30.004),
        5: (120.001, 30.0),
    }
    for number, spot in spots.items():
        tags = (gate or {}) if number == 5 else {}
        writer.add_node(mutable.Node(id=number, location=spot, tags=tags))
    writer.add_way(mutable.Way(id=1, nodes=[1, 5, 2], tags=middle))
    writer.add_way(mutable.Way(id=2, nodes=[2, 3, 4, 1], tags={"highway": "residential"}))
    writer.close()
    build_routing(path, tmp_path / "square")
    return Router(tmp_path / "square")


A, B = Point(30.0, 120.0), Point(30.0, 120.002)
SHORT_M, LONG_M = 193, 1080


@pytest.mark.parametrize(
    ("middle", "forth", "back"),
    [
        ({"highway": "tertiary"}, SHORT_M, SHORT_M),
        ({"highway": "tertiary", "oneway": "yes"}, SHORT_M, LONG_M),
        ({"highway": "tertiary", "oneway": "-1"}, LONG_M, SHORT_M),
        ({"highway": "tertiary", "oneway": "yes", "oneway:bicycle": "no"}, SHORT_M, SHORT_M),
        ({"highway": "residential", "oneway": "yes"}, SHORT_M, SHORT_M),  # pushed the short way against it
        ({"highway": "footway"}, SHORT_M, SHORT_M),  # pushed
        ({"highway": "steps"}, LONG_M, LONG_M),
        ({"highway": "motorway"}, LONG_M, LONG_M),
        ({"highway": "primary", "bicycle": "no"}, LONG_M, LONG_M),
        ({"highway": "primary", "motorroad": "yes"}, LONG_M, LONG_M),
        ({"highway": "service", "access": "private"}, SHORT_M, SHORT_M),  # a courier is expected there
        ({"highway": "service", "access": "no"}, LONG_M, LONG_M),
    ],
)
def test_the_law_of_the_road(tmp_path: Path, middle: dict[str, str], forth: int, back: int) -> None:
    """MAP-31: one-way streets, stairs, and what bicycles may not use."""
    router = square(tmp_path, middle)
    assert router.route([A, B]).distance_m == pytest.approx(forth, abs=3)
    assert router.route([B, A]).distance_m == pytest.approx(back, abs=3)


@pytest.mark.parametrize(
    ("gate", "length"),
    [
        ({"barrier": "gate", "access": "private"}, SHORT_M),
        ({"barrier": "bollard"}, SHORT_M),
        ({"barrier": "gate", "access": "no"}, LONG_M),
        ({"barrier": "wall"}, LONG_M),
        ({"barrier": "gate", "access": "no", "bicycle": "yes"}, SHORT_M),
    ],
)
def test_gates_open_for_couriers(tmp_path: Path, gate: dict[str, str], length: int) -> None:
    """MAP-31: a compound's gate is passed; a wall or a closed gate is not."""
    router = square(tmp_path, {"highway": "service"}, gate)
    assert router.route([A, B]).distance_m == pytest.approx(length, abs=3)
