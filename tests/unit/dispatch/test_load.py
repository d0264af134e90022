"""What a bike holds, trips, visiting orders set by hand, promises that cannot be kept."""

from huaxin.dispatch.ask import answer
from huaxin.dispatch.load import Hold, Load, load_of, share_out
from huaxin.dispatch.model import Bike
from huaxin.dispatch.run import RunProblem, ask_of, plan_run
from huaxin.orders.model import Line, Status
from tests.unit.dispatch.grid import MINUTE, NOON, Grid, at, order

SHOP = at(0, 0)
HERE = Bike(courier="c1", point=at(0, 0), at=NOON)


def _at_shop(id: str, east: float, **more):
    return order(id, at(east, 0), status=Status.assigned, **more)


def _flowers(size: int = 1, **more) -> list[Line]:
    return [Line(product="p", name="花", size=size, **more)]


def test_fragile_takes_a_place_more_and_tall_a_holder() -> None:
    """TR-170."""
    assert load_of(order("a", SHOP, lines=_flowers(2, fragile=True, quantity=2))) == Load(6, 0)
    assert load_of(order("a", SHOP, lines=_flowers(tall=True, quantity=3))) == Load(3, 3)


def test_trips_are_filled_in_order_and_the_first_counts_what_is_aboard() -> None:
    """TR-171."""
    loads = [Load(2, 0)] * 6
    assert share_out([1, 2, 3], loads, Hold(places=4)) == [[1, 2], [3]]
    assert share_out([1, 2, 3], loads, Hold(places=4), Load(4, 0)) == [[], [1, 2], [3]]
    assert share_out([1], [Load(), Load(99, 0)], Hold(places=4)) == [[1]]


def test_what_the_bike_does_not_hold_is_fetched_again() -> None:
    """TR-171: four bouquets, room for two: the shop is visited twice, the pressing ones go first."""
    late = NOON + 300 * MINUTE
    orders = [_at_shop(f"o{n}", 300 * n, end=late - n * 30 * MINUTE, lines=_flowers(3)) for n in (1, 2, 3, 4)]
    plan = plan_run(Grid(), SHOP, orders, HERE, NOON, hold=Hold(places=6))
    assert [stop.via_shop for stop in plan.stops] == [True, False, True, False]
    assert set(plan.orders[:2]) == {"o3", "o4"}
    assert plan.late_s == 0


def test_tall_flowers_stand_in_holders() -> None:
    """TR-171."""
    orders = [_at_shop(f"o{n}", 300 * n, lines=_flowers(tall=True)) for n in (1, 2, 3)]
    plan = plan_run(Grid(), SHOP, orders, HERE, NOON, hold=Hold(places=20, tall=2))
    assert sum(stop.via_shop for stop in plan.stops) == 2


def test_a_lost_promise_does_not_take_others_with_it() -> None:
    """TR-173: its window has passed; going there first would make two more late."""
    lost = order("lost", at(-3000, 0), end=NOON - 20 * MINUTE)
    near = [order(f"o{n}", at(900 * n, 0), end=NOON + 16 * MINUTE) for n in (1, 2)]
    plan = plan_run(Grid(), SHOP, [lost, *near], HERE, NOON)
    assert plan.orders == ["o1", "o2", "lost"]
    assert list(plan.unkept) == ["lost"]
    assert "已过" in plan.unkept["lost"].zh
    assert "passed" in plan.unkept["lost"].en


def test_a_promise_out_of_reach_says_so() -> None:
    """TR-173."""
    plan = plan_run(Grid(), SHOP, [order("far", at(9000, 0), end=NOON + 5 * MINUTE)], HERE, NOON)
    assert "Even going there first" in plan.unkept["far"].en


def test_the_order_set_by_hand_is_followed_and_new_ones_find_their_place() -> None:
    """TR-176: the plan follows the hand; the stop one stands at stays; what was not named is inserted."""
    orders = [order("a", at(300, 0)), order("b", at(600, 0)), order("c", at(900, 0)), order("d", at(950, 0))]
    plan = plan_run(Grid(), SHOP, orders, HERE, NOON, hand=["c", "a", "b"])
    assert plan.by_hand
    assert [one for one in plan.orders if one != "d"] == ["c", "a", "b"]
    assert plan.orders.index("d") <= 1
    standing = order("b", at(600, 0), status=Status.arrived, times={"arrived": NOON})
    plan = plan_run(Grid(), SHOP, [orders[0], standing], HERE, NOON, hand=["a", "b", "a", "gone"])
    assert plan.orders == ["b", "a"]


def test_by_hand_the_shop_comes_before_the_doors_it_feeds() -> None:
    """TR-176, TR-171."""
    orders = [order("aboard", at(500, 0)), *(_at_shop(f"o{n}", 300 * n, lines=_flowers(4)) for n in (1, 2))]
    plan = plan_run(Grid(), SHOP, orders, HERE, NOON, hand=["aboard", "o2", "o1"], hold=Hold(places=6))
    assert plan.orders == ["aboard", "o2", "o1"]
    assert [stop.via_shop for stop in plan.stops] == [False, True, True]


def test_the_quick_answer_keeps_the_order_and_the_full_one_travels_as_numbers() -> None:
    """TR-175: a quick answer at once, the better one from elsewhere."""
    orders = [order(f"o{n}", at((n * 700) % 2900, (n * 1300) % 2100)) for n in range(1, 13)]
    problem = RunProblem(Grid(), SHOP, orders)
    ids = [one.id for one in orders]
    ask = ask_of(problem, HERE, NOON, ids)
    assert [problem.order_at(p).id for p in answer(ask, quick=True)] == ids
    better = plan_run(Grid(), SHOP, orders, HERE, NOON, ids)
    assert [problem.order_at(p).id for p in answer(ask)] == better.orders
    assert better.changed
    assert better.why is not None
    assert "min sooner" in better.why.en
