"""The simulated month: the same for the same seed, through the real rules, with what goes wrong."""

from collections import Counter
from pathlib import Path

import pytest

from huaxin.maps.fiction import DEMO_ID
from huaxin.maps.library import CityLibrary
from huaxin.orders.model import Status
from huaxin.simulation.month import Month, Setting, Town
from huaxin.simulation.month.body import Body
from huaxin.simulation.month.hidden import Hidden
from huaxin.simulation.month.kept import play
from huaxin.simulation.month.paired import compare, students


@pytest.fixture(scope="module")
def town(demo_cities: Path) -> Town:
    return Town(CityLibrary(demo_cities).open(DEMO_ID))


def test_a_day_is_the_same_for_the_same_seed_and_every_order_ends(town: Town) -> None:
    """TR-190: one seed, one day, to the millisecond; every order is delivered through the real rules."""

    def day(seed: int) -> list[tuple[int, str, str]]:
        month = Month(town, Setting(days=1, seed=seed, orders_per_day=12, couriers=2))
        told = [(h.at, h.command, h.order.id) for h in month.run()]
        assert not month.open_orders
        assert all(o.status is Status.delivered for o in month.orders.values())
        return told

    first = day(3)
    assert first == day(3)
    assert first != day(4)
    counts = Counter(command for _, command, _ in first)
    assert counts["deliver"] == counts["mark_arrived"] == counts["place_order"] > 8


def test_what_goes_wrong_goes_wrong_and_still_ends(town: Town) -> None:
    """TR-190: breakdowns, dead phones and jams delay; nobody is forgotten."""
    setting = Setting(
        days=1, seed=5, orders_per_day=14, couriers=2, breakdowns_per_day=2, dead_phones_per_day=2,
        jams_per_day=4,
    )  # fmt: skip
    month = Month(town, setting)
    list(month.run())
    assert month.hidden.jams
    assert all(not o.open for o in month.orders.values())


def test_a_watcher_may_reassign_on_the_road(town: Town) -> None:
    """TR-190: a watcher looks in once a minute and acts with the real commands; the next courier rides to the
    flowers, takes them over and delivers them."""

    class Mover:
        moved = ""

        def look(self, month: Month) -> None:
            for order in list(month.open_orders.values()):
                if not self.moved and order.status is Status.delivering and order.courier is not None:
                    other = next(c for c in month.bodies if c != order.courier.person)
                    month.shop_mind.assign(order, other)
                    self.moved = order.id

    mover = Mover()
    month = Month(town, Setting(days=1, seed=2, orders_per_day=10, couriers=2), [mover])
    told = list(month.run())
    happened = [h.command for h in told if h.order.id == mover.moved]
    assert happened.count("pick_up") == 2
    assert happened[-1] == "deliver"


def test_the_watchdog_keeps_more_promises_and_saves_calls(town: Town) -> None:
    """TR-44, TR-45: the same two days with and without it and a dispatcher who follows it."""
    setting = Setting(days=2, seed=3, couriers=3, orders_per_day=44, breakdowns_per_day=1.0)
    without = play(town, setting, lambda stage, part: None, watched=False)
    watched = play(town, setting, lambda stage, part: None, watched=True)
    assert watched.orders == without.orders
    assert watched.calls < without.calls
    assert (without.told, without.moved) == (0, 0)
    assert watched.told <= watched.orders * 0.4
    assert watched.asks + watched.shop_notices < 1.2 * watched.orders


def test_what_happens_on_a_way_is_the_same_whatever_was_ridden_before(town: Town) -> None:
    """TR-195: two months that differ in one thing meet the same lights and the same phones elsewhere."""
    setting = Setting(days=1, seed=4)
    door, begin = town.spots[0].point, setting.begins_at + 9 * 3_600_000
    hidden = Hidden(setting, town.shop)
    fresh, used = (Body("courier-0", "小张", town.shop, hidden) for _ in range(2))
    used.aim("elsewhere", town.line([town.shop, town.spots[1].point]), town.spots[1].point)
    used.ride(begin - 600_000, begin - 300_000)
    used.take_reports(begin - 300_000)
    used.point = town.shop
    ends = []
    for body in (fresh, used):
        body.aim("home", town.line([town.shop, door]), door)
        ends.append(body.ride(begin, begin + 3_600_000))
    assert ends[0] == ends[1] > begin
    assert [r.lat for r in fresh.take_reports(begin)][-1:] == [r.lat for r in used.take_reports(begin)][-1:]


def test_months_are_compared_order_by_order() -> None:
    """TR-195: the difference is paired, and says when it is none."""
    first = {f"{day}-{n}": (day, n > 0) for day in range(10) for n in range(10)}
    same = compare(first, first)
    assert (same.mean, same.low, same.high, same.is_sure) == (0.0, 0.0, 0.0, False)
    better = compare(first, {one: (day, True) for one, (day, _) in first.items()})
    assert (better.gained, better.lost) == (10, 0)
    assert better.low == better.mean == pytest.approx(0.1)
    mixed = {one: (day, kept if day % 2 else not kept) for one, (day, kept) in first.items()}
    assert not compare(first, mixed | {"0-0": (0, False)}).low > 0
    assert students(9) == pytest.approx(2.262, rel=0.01)
    assert not compare({"a": (0, False)}, {"a": (0, True)}).is_sure
