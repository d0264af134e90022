"""The bike: e-bike speeds, lights, noise as phones have it."""

from zoneinfo import ZoneInfo

from huaxin.dispatch.roads import flat_m
from huaxin.kernel import Point
from huaxin.simulation.couriers import FIX_EVERY_MS, MOST_FIXES, Bike
from tests.unit.simulation.conftest import ZONE

START, DOOR = Point(30.25, 120.0), Point(30.27, 120.0)  # 2.2 km north
MORNING = 1_795_312_800_000


def ride(seed: int = 1, step_ms: int = 3_000) -> tuple[Bike, float, list[tuple[Point, float]]]:
    """The bike at the door, the seconds it took, and how far each fix was from the road."""
    bike = Bike("13800000011", START, seed, ZoneInfo(ZONE))
    bike.aim("door", [START, DOOR], DOOR)
    now, seen = MORNING, []
    while bike.left_m > 0 and now < MORNING + 3_600_000:
        bike.ride(now, now + step_ms)
        now += step_ms
        for fix in bike.take_fixes():
            point = Point(fix.lat, fix.lon)
            seen.append((point, flat_m(point, Point(fix.lat, START.lon))))
    return bike, (now - MORNING) / 1000, seen


def test_rides_as_fast_as_an_e_bike() -> None:
    for seed in range(12):
        bike, seconds, _ = ride(seed)
        assert bike.is_at(DOOR, 1.0)
        assert 11 < bike.length_m / seconds * 3.6 < 25


def test_the_phone_is_off_by_a_few_metres_and_seldom_by_more() -> None:
    offs = sorted(off for seed in range(12) for _, off in ride(seed)[2])
    assert 1 < offs[len(offs) // 2] < 8
    assert offs[int(len(offs) * 0.95)] < 20


def test_a_fix_every_three_seconds_and_never_a_flood() -> None:
    bike, seconds, seen = ride()
    assert 0.5 * seconds * 1000 / FIX_EVERY_MS < len(seen) <= seconds * 1000 / FIX_EVERY_MS + 2
    bike.aim("back", [DOOR, START], START)
    bike.ride(MORNING, MORNING + 60_000)  # one look at 60 times the speed
    assert len(bike.take_fixes()) <= MOST_FIXES + 1


def test_same_seed_same_ride() -> None:
    assert ride(5)[2] == ride(5)[2]
    assert ride(5)[2] != ride(6)[2]


def test_a_broken_bike_stays() -> None:
    bike = Bike("13800000011", START, 1, ZoneInfo(ZONE))
    bike.aim("door", [START, DOOR], DOOR)
    bike.broken = True
    bike.ride(MORNING, MORNING + 60_000)
    assert bike.point == START
