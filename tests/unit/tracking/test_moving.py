"""Who should have an order instead: only when more promises are kept in all."""

from datetime import timedelta, timezone

from msgspec.structs import replace

from huaxin.dispatch.model import Bike
from huaxin.orders.model import Holder, Order, Status
from huaxin.tracking.eta import Arrival
from huaxin.tracking.learning.memory import Memory
from huaxin.tracking.moving import Desk, Moving, Run, best_of, chance_as_ridden, moving
from huaxin.tracking.service import Tracker
from huaxin.tracking.views import PositionReport
from tests.unit.dispatch.grid import MINUTE, NOON, Grid, at, order

SHOP = at(0, 0)
ZONE = timezone(timedelta(hours=8))
DESK = Desk(Grid(), SHOP, Memory(ZONE), NOON)


def run(name: str, x: float, *orders: Order) -> Run:
    return Run(name, orders, Bike(courier=name, point=at(x, 0), at=NOON), NOON, [one.id for one in orders])


def tried(one: Order, chance: float, giver: Run, taker: Run) -> Moving:
    found = moving(DESK, one, chance, giver, taker)
    assert found is not None
    return found


def test_flowers_at_the_shop_go_to_somebody_who_is_there() -> None:
    """TR-198: nothing is lost by it: who has them is far out, who takes them stands beside them."""
    one = order("o", at(1500, 0), status=Status.assigned, end=NOON + 25 * MINUTE)
    carried = order("x", at(6000, 0), end=NOON + 60 * MINUTE)
    found = tried(one, 0.05, run("out", 4000, carried, one), run("home", 0))
    assert found.is_worth_it
    assert found.chance > 0.9
    assert found.meet_at == 0
    assert found.eta_at < one.promise.end


def test_what_breaks_another_promise_is_not_worth_it() -> None:
    """TR-198: chances of both runs are added up; the taker's own stops count as much as this one."""
    one = order("o", at(1500, 0), status=Status.assigned, end=NOON + 11 * MINUTE)
    tight = order("t", at(-1500, 0), status=Status.assigned, end=NOON + 11 * MINUTE)
    giver = run("out", 4000, one)
    free, busy = tried(one, 0.2, giver, run("free", 0)), tried(one, 0.2, giver, run("busy", 0, tight))
    assert free.is_worth_it
    assert not busy.is_worth_it


def test_a_promise_that_will_rather_be_kept_stays_where_it_is() -> None:
    """TR-198: a false alarm moves nothing."""
    one = order("o", at(1500, 0), end=NOON + 12 * MINUTE)
    assert not tried(one, 0.8, run("giver", 500, one), run("taker", 600)).is_worth_it


def test_a_handover_on_the_road_costs_both() -> None:
    """TR-198: who takes rides to the flowers first, who gives waits for that."""
    one = order("o", at(3000, 0), end=NOON + 20 * MINUTE)
    other = order("p", at(1200, 0), end=NOON + 3 * MINUTE)
    stuck, near = run("stuck", 1000, one), run("near", 1200)
    found = tried(one, 0.02, stuck, near)
    assert found.is_worth_it
    assert found.meet_at >= NOON + 3 * MINUTE
    waits = tried(one, 0.02, run("stuck", 1000, other, one), near)
    assert waits.gain < found.gain - 0.3  # the stop that was on time would wait for the handover
    far = tried(one, 0.02, stuck, run("far", -4000))
    assert far.meet_at > found.meet_at + 10 * MINUTE
    assert not far.is_worth_it
    assert moving(DESK, one, 0.0, stuck._replace(bike=Bike(courier="stuck")), near) is None


def test_time_of_couriers_has_its_price() -> None:
    """TR-198: of two who keep it, the one who is less missed elsewhere."""
    one = order("o", at(1500, 0), status=Status.assigned, end=NOON + 90 * MINUTE)
    giver = run("out", 4000, one)
    near, far = tried(one, 0.0, giver, run("near", 0)), tried(one, 0.0, giver, run("far", -5000))
    assert (near.chance > 0.95) == (far.chance > 0.95) is True
    best = best_of([far, None, near], one.promise.end)
    assert best is not None
    assert best.courier == "near"
    assert best_of([far, near], NOON) is None  # the promise has passed: nobody keeps it


def test_of_a_silent_courier_it_is_taken_that_they_ride_on() -> None:
    """TR-198: ten minutes without a position are no ten minutes of standing."""
    one = order("o", at(1500, 0), end=NOON + 20 * MINUTE)
    heard = chance_as_ridden(one, Arrival(600.0, 120.0), 10_000, NOON)
    later = NOON + 10 * MINUTE
    silent = chance_as_ridden(one, Arrival(600.0 - 3 * 60.0, 120.0), 10 * MINUTE, later)
    assert heard > 0.95
    assert silent > 0.9
    assert chance_as_ridden(one, Arrival(420.0, 120.0), 0, later) > 0.8
    assert chance_as_ridden(replace(one, status=Status.arrived), None, None, NOON) == 1.0


def test_a_run_with_flowers_on_another_bike_begins_where_they_are_met() -> None:
    """TR-199: not by the shop; the eta holds the way to them and the handover."""
    tracker = Tracker(Grid(), lambda: NOON, ZONE)
    tracker.report("c1", [PositionReport(at=NOON, lat=at(1000, 0).lat, lon=at(1000, 0).lon, accuracy_m=8.0)])
    holder = Holder(person="c2", name="老周", point=at(2000, 0))
    one = order("o", at(3000, 0), status=Status.assigned, held_by=holder, courier=None)
    plan = tracker.plan("c1", SHOP, [one])
    assert not plan.stops[0].via_shop
    eta = tracker.eta("o")
    assert eta is not None
    alone = tracker.plan("c1", SHOP, [replace(one, status=Status.picked_up, held_by=None)]).stops[0].arrive_at
    assert eta.p50_at >= alone + 2 * MINUTE
    mine = replace(one, held_by=replace(holder, person="c1"))
    assert tracker.plan("c1", SHOP, [mine]).stops[0].arrive_at == alone
    nobody_knows = replace(one, held_by=replace(holder, point=None))
    assert tracker.plan("c1", SHOP, [nobody_knows]).stops[0].arrive_at > eta.p50_at
