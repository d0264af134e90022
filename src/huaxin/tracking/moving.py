"""What it is worth to give an order to another courier: promises kept, over both runs. Pure.

A promise is no yes or no beforehand but a chance, and a handover costs both: the one who takes rides to the
flowers before anything else, the one who gives waits for that. So what is compared is the sum of all chances
of both runs, without and with the move, less a price for the couriers' time, which the next orders need.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import NamedTuple

from msgspec.structs import replace

from huaxin.dispatch.assign import HANDOVER_S
from huaxin.dispatch.load import Hold
from huaxin.dispatch.model import ON_BOARD, Bike, RunPlan, window_of
from huaxin.dispatch.roads import Roads
from huaxin.dispatch.run import STALE_LIMIT_MS, RunProblem, plan_problem
from huaxin.kernel import Point
from huaxin.orders.model import Order, Status
from huaxin.tracking.eta import Arrival, arrivals
from huaxin.tracking.learning.memory import Memory
from huaxin.tracking.meeting import with_meeting

WORTH = 0.25  # promises that a move must bring: what is less is not worth three people's attention
MINUTE_COSTS = 0.012  # promises that a minute of a courier keeps elsewhere, at the shop's busy hours
LEAVES_S = 60.0  # who stands at a door leaves it no sooner than this


class Run(NamedTuple):
    """A courier's run as it is. `bike` and `begin`: from where and when the stops are ridden to."""

    courier: str
    orders: Sequence[Order]
    bike: Bike
    begin: int
    previous: Sequence[str] = ()
    pace: float = 1.0
    hold: Hold = Hold()
    hand: Sequence[str] = ()


class Moving(NamedTuple):
    """An order in another courier's hands."""

    courier: str
    gain: float  # promises kept more, of both runs, less the price of the couriers' time
    chance: float  # of this promise then
    eta_at: int  # P50
    minutes: float  # of both couriers, more than without
    meet_at: int = 0  # when flowers on the road change hands, 0: they are at the shop

    @property
    def is_worth_it(self) -> bool:
        return self.gain >= WORTH


class Desk(NamedTuple):
    """What both runs are judged with."""

    roads: Roads
    shop: Point
    memory: Memory
    now: int


def moving(desk: Desk, order: Order, chance: float, giver: Run, taker: Run) -> Moving | None:
    """What becomes of both runs. `chance`: of the promise as things are. None: the taker cannot get there,
    or nobody knows where the flowers are."""
    giver, taker = _free(desk, giver), _free(desk, taker)
    rest = [one for one in giver.orders if one.id != order.id]
    gives, takes, met_at, offered = giver, taker, 0, order
    carried = order.status in ON_BOARD
    if carried or order.held_by is not None:
        where = giver.bike.point if carried or order.held_by is None else order.held_by.point
        met_at = _meet_at(desk, taker, where)
        if where is None or not met_at:
            return None
        offered = replace(order, status=Status.picked_up)
        takes = _begun(taker, where, met_at)
        if carried:
            gives = _begun(giver, where, max(giver.begin, met_at))  # who gives waits for who takes
    with_it = _Outlook(desk, takes, [*taker.orders, offered])
    stop = next(one for one in with_it.plan.stops if one.order == order.id)
    if not stop.known:
        return None
    before = _Outlook(desk, giver), _Outlook(desk, taker)
    after = _Outlook(desk, gives, rest), with_it
    others = before[0].kept - before[0].chances.get(order.id, 0.0)
    gain = sum(one.kept for one in after) - others - before[1].kept - chance
    minutes = (sum(one.home_at for one in after) - sum(one.home_at for one in before)) / 60_000
    return Moving(
        taker.courier, gain - MINUTE_COSTS * minutes, with_it.chances[order.id],
        desk.now + round(with_it.p50_s[order.id] * 1000), minutes, met_at,
    )  # fmt: skip


def _meet_at(desk: Desk, taker: Run, there: Point | None) -> int:
    """When the flowers have changed hands; 0: nobody knows where they are, or no way leads there."""
    if there is None:
        return 0
    ride_s = float(desk.roads.table([taker.bike.point or desk.shop], [there])[0][0][0]) * taker.pace
    return taker.begin + round((ride_s + HANDOVER_S) * 1000) if isfinite(ride_s) else 0


def _free(desk: Desk, run: Run) -> Run:
    """The run from when the door is left that the courier stands at."""
    at_door = [one for one in run.orders if one.status is Status.arrived]
    if not at_door:
        return run
    left_s = LEAVES_S
    for one in at_door:
        spent = (desk.now - one.times.get("arrived", desk.now)) / 1000
        left_s = max(left_s, desk.memory.service(one, run.courier).mean_s - spent)
    rest = [one for one in run.orders if one.status is not Status.arrived]
    return _begun(run, run.bike.point, max(run.begin, desk.now + round(left_s * 1000)))._replace(orders=rest)


def _begun(run: Run, where: Point | None, at: int) -> Run:
    return run._replace(bike=Bike(courier=run.courier, point=where, at=at), begin=at)


class _Outlook:
    """A run looked ahead: its plan, and the chance of each promise."""

    def __init__(self, desk: Desk, run: Run, orders: Sequence[Order] | None = None) -> None:
        mine = list(run.orders if orders is None else orders)
        problem = RunProblem(desk.roads, desk.shop, mine, hold=run.hold)
        problem.services = [desk.memory.service(one, run.courier) for one in problem.orders]
        plan = plan_problem(problem, run.bike, run.begin, run.previous, run.pace, hand=run.hand, quick=True)
        self.plan: RunPlan = with_meeting(plan, (run.begin - desk.now) / 1000)
        self.home_at = max(plan.finish_at, run.begin) + round(_home_s(problem, plan, run) * 1000)
        self.chances, self.p50_s = _chances(self.plan, problem.orders, desk.now, desk.memory)

    @property
    def kept(self) -> float:
        """Promises that will be kept, as expected."""
        return sum(self.chances.values())


def _home_s(problem: RunProblem, plan: RunPlan, run: Run) -> float:
    """Back to the shop, where the next orders are."""
    if not plan.stops:
        point = run.bike.point
        there = problem.row(point, [1])[0][1] if point is not None else 0.0
    else:
        there = problem.legs.seconds[problem.place_of[plan.stops[-1].order] - 1][0]
    return there * run.pace


def _chances(
    plan: RunPlan, orders: Sequence[Order], now: int, memory: Memory
) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """(chance, seconds until P50) by order."""
    due = {one.id: window_of(one)[1] for one in orders}
    found = arrivals(plan, now, 0, shape=memory.arrivals.shape)
    stops = [(stop.order, arrival) for stop, arrival in zip(plan.stops, found, strict=True)]
    return (
        {one: arrival.chance_by((due[one] - now) / 1000) for one, arrival in stops},
        {one: arrival.quantile_s(0.0) for one, arrival in stops},
    )


def chance_as_ridden(order: Order, arrival: Arrival | None, age_ms: int | None, now: int) -> float:
    """The chance of the promise as things are. Of a silent courier it is taken that they ride on: a phone
    without signal says nothing about the bike."""
    if arrival is None:
        return float(order.status is Status.arrived)
    unseen = max(0, (age_ms or 0) - STALE_LIMIT_MS)
    return arrival.chance_by((window_of(order)[1] - now + unseen) / 1000)


def best_of(found: Iterable[Moving | None], promise_end: int) -> Moving | None:
    """With whom most promises are kept; None when it is not worth it, or this one would be late as well."""
    good = [one for one in found if one is not None and one.is_worth_it and one.eta_at <= promise_end]
    return max(good, key=lambda one: (one.gain, one.courier), default=None)
