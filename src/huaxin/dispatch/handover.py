"""Who takes over from a courier in trouble, and where they meet."""

from collections.abc import Sequence
from itertools import pairwise

import msgspec
from msgspec.structs import replace

from huaxin.dispatch.assign import BROKEN_MIN, LATE_WEIGHT, STALE_MIN, Rider
from huaxin.dispatch.model import ON_BOARD, STOPS, Bike, RunPlan, window_of
from huaxin.dispatch.roads import Roads, flat_m
from huaxin.dispatch.run import plan_run
from huaxin.kernel import Point, Text
from huaxin.orders.model import Order, Status

HANDOVER_MS = 3 * 60_000  # from bike to bike
ALONG = (0.25, 0.5, 0.75)  # of the road between the two, where they may meet


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    courier: str
    name: str
    point: Point | None  # None: no flowers change hands, they are at the shop
    at: int


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one order. `courier` empty: nobody can take it, `reason` says why."""

    order: str
    courier: str = ""
    name: str = ""
    meet: Point | None = None
    meet_at: int = 0
    eta_at: int = 0
    kept: bool = False
    reason: Text


class _Helper:
    """A courier who may help, with what they have taken over so far."""

    def __init__(self, roads: Roads, shop: Point, rider: Rider, now: int) -> None:
        self.roads, self.shop, self.rider, self.now = roads, shop, rider, now
        self.taken: list[Order] = []
        self.meeting: Meeting | None = None

    def plan(self, orders: Sequence[Order], meeting: Meeting | None) -> RunPlan:
        """The run with these besides their own. They ride to the meeting first."""
        rider, begin = self.rider, self.now
        bike = rider.bike
        if meeting is not None and meeting.point is not None:
            begin = meeting.at + HANDOVER_MS
            bike = Bike(courier=rider.courier, point=meeting.point, at=begin)
        return plan_run(
            self.roads, self.shop, [*rider.orders, *orders], bike, begin, rider.previous, rider.pace,
            hold=rider.hold, hand=rider.hand,
        )  # fmt: skip


def plan_handover(
    roads: Roads,
    shop: Point,
    orders: Sequence[Order],
    trouble: Point | None,
    riders: Sequence[Rider],
    now: int,
    movable: bool = False,
) -> list[Leg]:
    """For each order of the courier in trouble (standing at `trouble`) who takes it, most pressing first."""
    helpers = [_Helper(roads, shop, rider, now) for rider in riders if not rider.in_trouble]
    legs = []
    for order in sorted((o for o in orders if o.status in STOPS), key=lambda o: (window_of(o)[1], o.id)):
        legs.append(_hand_over(order, trouble, helpers, movable))
    return legs


def _hand_over(order: Order, trouble: Point | None, helpers: list[_Helper], movable: bool) -> Leg:
    carried = order.status in ON_BOARD
    if carried and trouble is None:
        return Leg(
            order=order.id,
            reason=Text("不知道花在哪里，请先联系骑手", "Nobody knows where it is: call the courier"),
        )
    # Taken over it is on the helper's bike; what is at the shop is fetched there.
    offered = replace(order, status=Status.picked_up if carried else Status.assigned)
    best: tuple[float, _Helper, Meeting | None, RunPlan] | None = None
    for helper in helpers:
        meeting = helper.meeting
        if carried and meeting is None and trouble is not None:
            meeting = _meet(helper, trouble, movable)
            if meeting is None:
                continue
        plan = helper.plan([*helper.taken, offered], meeting)
        stop = next(one for one in plan.stops if one.order == order.id)
        if not stop.known:
            continue
        without = helper.plan(helper.taken, helper.meeting)
        cost = (plan.finish_at - without.finish_at) / 60_000 + LATE_WEIGHT * (
            plan.late_s - without.late_s
        ) / 60
        cost += BROKEN_MIN * (len(plan.unkept) - len(without.unkept))
        cost += STALE_MIN if helper.rider.stale and not helper.taken else 0.0
        if best is None or cost < best[0]:
            best = cost, helper, meeting, plan
    if best is None:
        return Leg(
            order=order.id,
            reason=Text("没有骑手到得了，请联系客户改约", "No courier can reach it: agree on a new time"),
        )
    _, helper, meeting, plan = best
    helper.taken.append(offered)
    helper.meeting = meeting or helper.meeting
    stop = next(one for one in plan.stops if one.order == order.id)
    kept = stop.late_s <= 0
    late = max(1, round(stop.late_s / 60))
    return Leg(
        order=order.id,
        courier=helper.rider.courier,
        name=helper.rider.name,
        meet=meeting.point if carried and meeting else None,
        meet_at=meeting.at if carried and meeting else 0,
        eta_at=stop.arrive_at,
        kept=kept,
        reason=Text("能准时", "on time") if kept else Text(f"会晚 {late} 分钟", f"{late} min late"),
    )


def _meet(helper: _Helper, trouble: Point, movable: bool) -> Meeting | None:
    """Where both can be soonest: beside the bike that cannot move, else on the road between them."""
    start = helper.rider.bike.point or helper.shop
    points = [trouble, *(_between(helper.roads, trouble, start) if movable else [])]
    theirs, _ = helper.roads.table([start], points)
    ours, _ = helper.roads.table([trouble], points)
    waits = [max(float(a) * helper.rider.pace, float(b)) for a, b in zip(theirs[0], ours[0], strict=True)]
    n = min(range(len(points)), key=lambda i: waits[i])
    if waits[n] == float("inf"):
        return None
    return Meeting(
        courier=helper.rider.courier, name=helper.rider.name, point=points[n],
        at=helper.now + round(waits[n] * 1000),
    )  # fmt: skip


def _between(roads: Roads, a: Point, b: Point) -> list[Point]:
    """Points on the road from a to b; none where the map knows no way."""
    try:
        line = [Point(one.lat, one.lon) for one in roads.route([a, b]).points]
    except Exception:  # every map raises an error of its own; then they meet where the bike is
        return []
    lengths = [flat_m(p, q) for p, q in pairwise(line)]
    total, found = sum(lengths), list[Point]()
    for part in ALONG:
        left = part * total
        for (p, q), length in zip(pairwise(line), lengths, strict=True):
            if left <= length and length:
                t = left / length
                found.append(Point(p.lat + t * (q.lat - p.lat), p.lon + t * (q.lon - p.lon)))
                break
            left -= length
    return found
