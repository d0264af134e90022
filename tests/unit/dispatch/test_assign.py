"""Who takes an order, who takes over, and a morning shared out. Rules: docs/spec/tracking.md."""

from typing import Any

from huaxin.dispatch.assign import Rider, suggest
from huaxin.dispatch.batch import Proposal, batch_task, improve, propose
from huaxin.dispatch.handover import plan_handover
from huaxin.dispatch.load import Hold
from huaxin.dispatch.model import Bike
from huaxin.orders.model import Order, Status
from tests.unit.dispatch.grid import MINUTE, NOON, Grid, at, order

SHOP = at(0, 0)


def rider(name: str, east: float = 0, **more: Any) -> Rider:
    bike = Bike(courier=name, point=at(east, 0), at=NOON)
    return Rider(courier=name, name=name, bike=bike, **({"stale": False} | more))


def waiting(id: str, east: float, **more: Any) -> Order:
    return order(id, at(east, 0), status=Status.ready, courier=None, **more)


def test_the_one_who_spoils_nothing_comes_first() -> None:
    """TR-178: lateness over all promises weighs more than the way."""
    tight = order("tight", at(-2000, 0), end=NOON + 8 * MINUTE, number=7)
    busy = rider("busy", 100, orders=[tight], previous=["tight"])
    far = rider("far", 1500)
    found = suggest(Grid(), SHOP, waiting("new", 900), [busy, far], NOON)
    assert [one.courier for one in found] == ["far", "busy"]
    assert "all on time" in found[0].reason.en
    assert "free" in found[0].reason.en


def test_battery_an_old_position_and_kept_promises_count() -> None:
    """TR-178: all else equal."""
    same = {"fit": {}, "empty": {"battery": 9}, "silent": {"stale": True}, "tardy": {"done": 10, "late": 5}}
    found = suggest(Grid(), SHOP, waiting("new", 900), [rider(n, **m) for n, m in same.items()], NOON)
    assert found[0].courier == "fit"
    words = {one.courier: one.reason.zh for one in found}
    assert "电量 9%" in words["empty"]
    assert "位置不是最新" in words["silent"]
    assert "近期准时 50%" in words["tardy"]


def test_a_door_across_the_river_is_said() -> None:
    """TR-178, TR-25: nobody reaches it; nothing breaks."""
    found = suggest(Grid(river_m=300), SHOP, waiting("new", 900), [rider("a")], NOON)
    assert not found[0].reachable
    assert "no way there" in found[0].reason.en


def test_they_meet_beside_the_bike_that_cannot_move_and_half_way_when_it_can() -> None:
    """TR-180."""
    carried = [order("a", at(2500, 0)), order("b", at(-2500, 0))]
    helper = rider("helper", 0)
    stuck = plan_handover(Grid(), SHOP, carried, at(1000, 0), [helper], NOON)
    assert {leg.courier for leg in stuck} == {"helper"}
    assert all(leg.meet == at(1000, 0) and leg.kept for leg in stuck)
    moving = plan_handover(Grid(), SHOP, carried, at(1000, 0), [helper], NOON, True)
    assert moving[0].meet != at(1000, 0)
    assert moving[0].meet_at < stuck[0].meet_at


def test_what_is_at_the_shop_changes_hands_without_meeting() -> None:
    """TR-180."""
    legs = plan_handover(
        Grid(), SHOP, [order("a", at(500, 0), status=Status.assigned)], None, [rider("helper")], NOON
    )
    assert (legs[0].courier, legs[0].meet) == ("helper", None)


def test_nobody_left_and_nobody_in_reach_are_said() -> None:
    """TR-180: no helper, a helper beyond the river, a bike nobody can see."""
    carried = [order("a", at(-500, 0))]
    assert plan_handover(Grid(), SHOP, carried, at(0, 0), [], NOON)[0].courier == ""
    beyond = rider("beyond", 900)
    assert plan_handover(Grid(river_m=300), SHOP, carried, at(0, 0), [beyond], NOON)[0].courier == ""
    lost = plan_handover(Grid(), SHOP, carried, None, [rider("helper")], NOON)[0]
    assert "call the courier" in lost.reason.en


def _shared(orders: list[Order], riders: list[Rider], grid: Grid) -> Proposal:
    task = batch_task(grid, SHOP, orders, riders, NOON)
    return propose(grid, SHOP, orders, riders, task, improve(grid, task, 0.3, 1, None), NOON)


def test_a_morning_is_shared_out_with_what_cannot_be_kept_named() -> None:
    """TR-179, TR-173: a window that has passed and a door across the river spoil nothing else."""
    orders = [waiting(f"o{n}", -300 * n) for n in range(1, 9)]
    orders += [waiting("lost", -500, end=NOON - MINUTE), waiting("cut-off", 900)]
    found = _shared(orders, [rider("a", hold=Hold(places=3)), rider("b")], Grid(river_m=300))
    assert found.kept == 8
    reasons = {one.order: one for one in found.unkept}
    assert set(reasons) == {"lost", "cut-off"}
    assert reasons["lost"].courier in ("a", "b")
    assert "passed" in reasons["lost"].reason.en
    assert reasons["cut-off"].courier == ""
    assert "No way there" in reasons["cut-off"].reason.en
    assert sorted(one for share in found.shares for one in share.orders) == sorted(
        o.id for o in orders if o.id != "cut-off"
    )


def test_too_few_hands_are_said_with_how_late() -> None:
    """TR-179."""
    orders = [waiting(f"o{n}", 900, end=NOON + 12 * MINUTE) for n in range(6)]
    found = _shared(orders, [rider("a", hold=Hold(places=2))], Grid())
    assert 0 < found.kept < 6
    assert found.late == len(found.unkept) == 6 - found.kept
    assert all("min late" in one.reason.en for one in found.unkept)


def test_flowers_on_another_bike_are_ridden_to_first() -> None:
    """TR-197: who is beside the door is no help as long as the flowers are three kilometres off."""
    carried = order("o", at(200, 0), status=Status.delivering)
    holder = rider("holder", 3000, orders=[carried], previous=["o"])
    found = {one.courier: one for one in suggest(Grid(), SHOP, carried, [holder, rider("near")], NOON)}
    ride_ms = found["holder"].eta_at - NOON
    assert found["near"].eta_at - NOON >= 1.9 * ride_ms
    lost = Rider(courier="lost", name="lost", bike=Bike(courier="lost"), orders=[carried])
    found = {one.courier: one for one in suggest(Grid(), SHOP, carried, [lost, rider("near")], NOON)}
    assert not found["near"].reachable
