"""A courier's run: visiting order, stability, previews."""

import pytest

from huaxin.dispatch.assign import preview_assign
from huaxin.dispatch.model import Bike, window_of
from huaxin.dispatch.run import plan_run
from huaxin.dispatch.service_time import floor_of, service_time
from huaxin.orders.model import Status
from tests.unit.dispatch.grid import MINUTE, NOON, Grid, at, order

SHOP = at(0, 0)
HERE = Bike(courier="c1", point=at(0, 0), at=NOON)


def test_nearest_first_when_nothing_presses() -> None:
    """TR-20: least time when nothing is late; each stop says why."""
    plan = plan_run(Grid(), SHOP, [order("far", at(2000, 0)), order("near", at(500, 0))], HERE, NOON)
    assert plan.orders == ["near", "far"]
    assert plan.late_s == 0
    assert [s.rank for s in plan.stops] == [0, 1]
    assert plan.stops[0].arrive_at == NOON + 100_000
    assert plan.stops[0].distance_m == pytest.approx(500, abs=2)
    assert all(s.why.zh and s.why.en for s in plan.stops)


def test_a_deadline_goes_before_a_shorter_way() -> None:
    """TR-20: lateness first, then time."""
    far = order("far", at(-2000, 0), end=NOON + 8 * MINUTE)
    plan = plan_run(Grid(), SHOP, [order("near", at(500, 0)), far], HERE, NOON)
    assert plan.orders == ["far", "near"]
    assert plan.late_s == 0


def test_shop_comes_first_before_anything_set_off() -> None:
    """TR-22: what is still at the shop is fetched before the first door."""
    bike = Bike(courier="c1", point=at(1000, 0), at=NOON)
    orders = [
        order("door", at(1100, 0), status=Status.picked_up),
        order("new", at(0, 500), status=Status.assigned),
    ]
    plan = plan_run(Grid(), SHOP, orders, bike, NOON)
    assert plan.stops[0].via_shop
    assert plan.stops[0].pause_s > 0


def test_a_rider_on_the_road_fetches_when_it_costs_least() -> None:
    """TR-22: with flowers on the road the door ahead is not left for the shop behind."""
    bike = Bike(courier="c1", point=at(1500, 0), at=NOON)
    orders = [order("door", at(1900, 0)), order("new", at(0, 500), status=Status.assigned)]
    plan = plan_run(Grid(), SHOP, orders, bike, NOON)
    assert plan.orders == ["door", "new"]
    assert [s.via_shop for s in plan.stops] == [False, True]


def test_flowers_for_tomorrow_make_a_later_trip() -> None:
    """TR-23: a window hours away does not hold today's stops up."""
    later = order(
        "later", at(100, 0), status=Status.assigned, start=NOON + 300 * MINUTE, end=NOON + 420 * MINUTE
    )
    now_one = order("now", at(900, 0), status=Status.assigned)
    plan = plan_run(Grid(), SHOP, [later, now_one], HERE, NOON)
    assert plan.orders == ["now", "later"]
    assert plan.stops[1].via_shop
    assert plan.stops[1].arrive_at == NOON + 300 * MINUTE


def test_waits_for_flowers_that_are_being_made() -> None:
    """TR-22: a bouquet in the making is taken when it is ready."""
    made = order("m", at(500, 0), status=Status.making, times={"making": NOON - 5 * MINUTE})
    made.times.pop("ready")
    plan = plan_run(Grid(), SHOP, [made], HERE, NOON)
    assert plan.stops[0].arrive_at >= NOON + 15 * MINUTE + 100_000


@pytest.mark.parametrize("status", [Status.arriving, Status.arrived])
def test_never_moves_the_stop_being_ridden_to(status: Status) -> None:
    """TR-21: arriving or arrived stays first, however pressing another is."""
    orders = [
        order("mine", at(1500, 0), status=status, times={"arrived": NOON - MINUTE}),
        order("urgent", at(100, 0), end=NOON + MINUTE),
    ]
    plan = plan_run(Grid(), SHOP, orders, HERE, NOON, previous=["mine", "urgent"])
    assert plan.orders[0] == "mine"
    assert plan.stops[0].fixed


def test_within_300_m_by_road_the_first_stop_stays() -> None:
    """TR-21: so near a door nobody is sent elsewhere."""
    bike = Bike(courier="c1", point=at(1300, 0), at=NOON)
    orders = [order("first", at(1500, 0)), order("urgent", at(1000, 0), end=NOON + MINUTE)]
    assert plan_run(Grid(), SHOP, orders, bike, NOON, previous=["first", "urgent"]).orders[0] == "first"
    free = plan_run(
        Grid(), SHOP, orders, Bike(courier="c1", point=at(1100, 0), at=NOON), NOON, ["first", "urgent"]
    )
    assert free.orders[0] == "urgent"


def test_small_gains_do_not_shuffle_the_run() -> None:
    """TR-24: a gain below a minute keeps the order; a great one changes it and says so."""
    orders = [order("a", at(500, 0)), order("b", at(-480, 0))]
    kept = plan_run(Grid(), SHOP, orders, HERE, NOON, previous=["a", "b"])
    assert kept.orders == ["a", "b"]
    assert not kept.changed
    orders = [order("a", at(3000, 0)), order("b", at(300, 0))]
    moved = plan_run(Grid(), SHOP, orders, HERE, NOON, previous=["a", "b"])
    assert moved.orders == ["b", "a"]
    assert moved.changed
    assert moved.why is not None


def test_lateness_fixed_is_worth_a_change() -> None:
    """TR-24: a promise that can be kept moves its stop."""
    orders = [order("a", at(1000, 0)), order("b", at(-1000, 0), end=NOON + 5 * MINUTE)]
    plan = plan_run(Grid(), SHOP, orders, HERE, NOON, previous=["a", "b"])
    assert plan.orders == ["b", "a"]


def test_no_way_there_is_said() -> None:
    """TR-25: a door the map cannot reach is planned with a guess, marked, and explained."""
    plan = plan_run(Grid(river_m=300), SHOP, [order("x", at(600, 0))], HERE, NOON)
    assert not plan.stops[0].known
    assert "地图上没有到这里的路" in plan.stops[0].why.zh
    assert plan.stops[0].arrive_at > NOON


def test_preview_counts_minutes_and_whom_it_makes_late() -> None:
    """TR-26: the cost is known before the drop."""
    tight = order("tight", at(2000, 0), end=NOON + 7 * MINUTE)
    near = order("new", at(0, 1000), status=Status.ready, end=NOON + 10 * MINUTE)
    cost = preview_assign(Grid(), SHOP, near, [tight], HERE, NOON, previous=["tight"])
    assert cost.extra_minutes >= 10
    assert cost.late_orders
    assert cost.eta_at > NOON
    free = preview_assign(Grid(), SHOP, near, [], HERE, NOON)
    assert free.late_orders == []
    assert free.reachable


def test_an_empty_run_is_empty() -> None:
    """TR-20: nothing to do is an answer too; a delivered order is no stop."""
    assert plan_run(Grid(), SHOP, [order("d", at(1, 1), status=Status.delivered)], HERE, NOON).stops == []


def test_agreed_time_stands_for_the_promise() -> None:
    """TR-27: after a call the agreed time is what the door is planned for."""
    agreed = order(
        "a", at(500, 0), start=NOON - 60 * MINUTE, end=NOON + 60 * MINUTE, agreed_at=NOON + 30 * MINUTE
    )
    assert window_of(agreed) == (NOON + 20 * MINUTE, NOON + 45 * MINUTE)
    plan = plan_run(Grid(), SHOP, [agreed], HERE, NOON)
    assert plan.stops[0].arrive_at == NOON + 20 * MINUTE
    assert plan.stops[0].wait_s == pytest.approx(20 * 60 - 100, abs=2)


@pytest.mark.parametrize(
    ("text", "floor"),
    [("阳光小区5号楼3单元401", 4), ("阳光小区5号楼", 0), ("云溪国际中心18楼", 18), ("云溪路12号", 0),
     ("花园小区2栋1203室", 12), ("Tower B, 7F", 7), ("", 0)],
)  # fmt: skip
def test_floor_is_read_from_the_address(text: str, floor: int) -> None:
    """TR-28: a room number tells the floor; a building number does not."""
    assert floor_of(text) == floor


def test_high_and_hidden_doors_take_longer() -> None:
    """TR-28: street < unit on the fourth floor < tower on the eighteenth."""
    street = service_time(order("a", SHOP, text="云溪路12号"))
    unit = service_time(order("b", SHOP, text="阳光小区5号楼3单元401"))
    tower = service_time(order("c", SHOP, text="云溪国际中心A座18楼"))
    assert street.mean_s == 180 < unit.mean_s < tower.mean_s
    assert all(s.sd_s > 0 for s in (street, unit, tower))
