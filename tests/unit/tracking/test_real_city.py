"""The tracker on the demo city's real router: noisy rides, one notice each."""

import random
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from msgspec.structs import replace

from huaxin.dispatch.roads import Roads, flat_m
from huaxin.kernel import Point
from huaxin.maps.fiction import DEMO_ID
from huaxin.maps.library import CityLibrary
from huaxin.orders.model import Status
from huaxin.tracking.service import Tracker
from tests.unit.dispatch.grid import MINUTE, NOON, order
from tests.unit.tracking.rides import reports


class Town:
    def __init__(self, cities: Path) -> None:
        city = CityLibrary(cities).open(DEMO_ID)
        self.roads: Roads = city.router
        west, south, east, north = city.city.bbox
        self.box = (west, south, east, north)
        self.shop = Point(city.city.center.lat, city.city.center.lon)

    def somewhere(self, rng: random.Random) -> Point:
        """A point on a street."""
        west, south, east, north = self.box
        while True:
            p = Point(
                rng.uniform(south + 0.2 * (north - south), north - 0.2 * (north - south)),
                rng.uniform(west + 0.2 * (east - west), east - 0.2 * (east - west)),
            )
            seconds, _ = self.roads.table([self.shop], [p])
            if seconds[0][0] < 3600 and flat_m(p, self.shop) > 700:
                return p


@pytest.fixture(scope="session")
def town(demo_cities: Path) -> Town:
    return Town(demo_cities)


@pytest.mark.parametrize("seed", range(12))
def test_every_noisy_ride_gives_one_notice_per_door(town: Town, seed: int) -> None:
    """TR-10, TR-11, TR-13: three doors, real streets, lost and vague fixes: one notice each, in the order
    of visit, each before the door and within reach of 500 m; set off once for all."""
    rng = random.Random(seed)
    doors = {f"o{i}": town.somewhere(rng) for i in range(3)}
    now = NOON
    tracker = Tracker(town.roads, lambda: now, timezone(timedelta(hours=8)))
    orders = {id: order(id, p, status=Status.picked_up, end=NOON + 300 * MINUTE) for id, p in doors.items()}
    plan = tracker.plan("c1", town.shop, list(orders.values()), "s1")
    here, given = town.shop, list[tuple[str, str]]()
    for id in plan.orders:
        for at, true, report in reports(town.roads, [here, doors[id]], rng, now):
            now = at
            tracker.report("c1", [report])
            for who, command, _ in tracker.commands_due(now):
                given.append((who, command))
                if command == "set_off":
                    orders[who] = replace(orders[who], status=Status.delivering)
                if command == "mark_arriving":
                    assert who == id
                    assert 60 < flat_m(true, doors[id]) < 520
                    orders[who] = replace(orders[who], status=Status.arriving, arriving_told=True)
                tracker.plan("c1", town.shop, list(orders.values()), "s1")
        here = doors[id]
        now += 4 * MINUTE
        del orders[id]
        tracker.plan("c1", town.shop, list(orders.values()), "s1")
    assert [who for who, command in given if command == "mark_arriving"] == plan.orders
    assert sorted(who for who, command in given if command == "set_off") == sorted(doors)
    assert len(given) == 6
