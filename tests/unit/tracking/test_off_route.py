"""Who rides away from everything is asked; who rides to a bridge is not."""

from huaxin.kernel import Point
from huaxin.orders.model import Holder, Status
from huaxin.tracking.off_route import OffRoute
from huaxin.tracking.positions import CourierTrack, Fix
from huaxin.tracking.watchdog import Watched, watch
from tests.unit.dispatch.grid import NOON, Grid, at, order

SHOP = at(0, 0)
DOOR = order("a", at(3000, 0))
Way = list[tuple[float, float]]


def ridden(
    off: OffRoute, way: Way, *, every_s: int = 15, begin: int = NOON, roads: Grid | None = None
) -> int:
    """Since when they are off the route after this way; 0: they are on it."""
    for n, (x, y) in enumerate(way):
        fix = Fix(point=at(x, y), at=begin + n * every_s * 1000, accuracy_m=8.0)
        off.look_at(fix, [DOOR], SHOP, roads or Grid())
    return off.since


def straight(a: tuple[float, float], b: tuple[float, float], steps: int) -> Way:
    return [(a[0] + (b[0] - a[0]) * n / steps, a[1] + (b[1] - a[1]) * n / steps) for n in range(steps + 1)]


def test_riding_away_from_everything_is_off_route() -> None:
    """TR-48: further by 600 m from the shop and from every door, for 90 s; a block or a detour towards one of
    them is none."""
    away = straight((1500, 0), (1500, 2200), 29)
    assert ridden(OffRoute(), away) == NOON
    assert ridden(OffRoute(), straight((1500, 0), (1500, 500), 7)) == 0
    assert ridden(OffRoute(), straight((1500, 0), (2900, 0), 19)) == 0
    assert ridden(OffRoute(), away[:6]) == 0  # 75 s
    # A phone that tells every second is heard as well as one that tells every fifteen.
    assert ridden(OffRoute(), straight((1500, 0), (1500, 2200), 440), every_s=1) == NOON


def test_the_way_to_a_bridge_is_the_route() -> None:
    """TR-48: it leads away from the door and from the shop, and is the shortest by road."""
    river = Grid(river_m=2000, bridge_m=3000)
    to_bridge = [*straight((0, 0), (1900, 0), 20), *straight((1900, 0), (1900, 3000), 40)]
    assert ridden(OffRoute(), to_bridge) > 0  # where there is no river, it leads nowhere
    assert ridden(OffRoute(), to_bridge, roads=river) == 0
    no_bridge = Grid(river_m=2000, bridge_m=None)
    assert ridden(OffRoute(), to_bridge, roads=no_bridge) > 0  # no way is known: straight lines


def test_who_comes_back_is_over_it_and_does_not_flicker() -> None:
    """TR-48: over when 300 m are left of it, not at 599."""
    off = OffRoute()
    assert ridden(off, straight((1500, 0), (1500, 2200), 29))
    later = NOON + 600_000
    assert ridden(off, straight((1500, 2200), (1500, 1500), 9), begin=later)
    assert ridden(off, straight((1500, 1500), (1500, 300), 16), begin=later + 150_000) == 0


def test_a_run_that_changes_is_a_new_route() -> None:
    """TR-48: new stops, and flowers to be met on another bike, are ridden to from where one is."""
    off = OffRoute()
    assert ridden(off, straight((1500, 0), (1500, 2200), 29))
    met = order(
        "b",
        at(3000, 3000),
        status=Status.assigned,
        held_by=Holder(person="x", name="老周", point=at(0, 4000)),
    )
    for n in range(20):
        fix = Fix(point=at(1500 - 50 * n, 2200 + 100 * n), at=NOON + 600_000 + n * 15_000, accuracy_m=8.0)
        off.look_at(fix, [DOOR, met], SHOP, Grid())
        assert off.since == 0


def test_nobody_is_lost_at_a_door_or_with_nothing_on_the_road() -> None:
    """TR-48."""
    for status in (Status.arrived, Status.assigned):
        off = OffRoute()
        for n in range(30):
            fix = Fix(point=at(1500, 100 * n), at=NOON + n * 15_000, accuracy_m=8.0)
            off.look_at(fix, [order("a", at(3000, 0), status=status)], SHOP, Grid())
        assert off.since == 0


def test_the_alert_says_since_when() -> None:
    """TR-48."""
    track = CourierTrack()
    track.restore(Fix(point=at(1500, 2200), at=NOON))
    one = Watched("c1", "小张", Point(SHOP.lat, SHOP.lon), [DOOR], track, off_since=NOON - 120_000)
    assert [(a.kind, a.since) for a in watch([one], {}, NOON)] == [("off_route", NOON - 120_000)]
    assert watch([one._replace(off_since=0)], {}, NOON) == []
