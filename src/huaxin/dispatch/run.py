"""A courier's run: which stop next, when each is reached, and why. Pure: roads and the time are passed in."""

from collections.abc import Sequence
from math import inf, isfinite

from msgspec.structs import replace

from huaxin.dispatch.model import (
    HEADING,
    ON_BOARD,
    RIDING,
    STOPS,
    AssignPreview,
    Bike,
    PlannedStop,
    RunPlan,
    ready_at,
    window_of,
)
from huaxin.dispatch.roads import Legs, Roads, guess_leg, straight_m
from huaxin.dispatch.service_time import service_time, shop_time
from huaxin.dispatch.solve import Cost, Task, best_order, cost_of, insert_best, is_allowed
from huaxin.dispatch.words import reason_of, words_of_change
from huaxin.kernel import Point, Text
from huaxin.orders.model import Order, Status

HEADING_M = 300.0  # nearer than this by road the courier is on the way to that door
WORTH_S = 60.0  # a new order of visits must gain this much …
WORTH_LATE_S = 30.0  # … or this much lateness
LATER_MS = 3 * 3600_000  # flowers still at the shop for a window this far off make a trip of their own
SERVICE_LEFT_S = 60.0  # who stands at a door leaves it no sooner than this
STALE_LIMIT_MS = 180_000  # a rider is assumed to have kept riding for this long after the last position

Row = tuple[list[float], list[float], list[bool]]


class RunProblem:
    """One courier's open orders at one shop, with all legs between the places: made once, asked often.

    Place 0 is the bike; place 1 the shop; place 2 + i the door of `orders[i]`. `legs` has no bike: its index
    is place − 1, so that positions do not spoil it.
    """

    def __init__(self, roads: Roads, shop: Point, orders: Sequence[Order], legs: Legs | None = None) -> None:
        self.roads, self.shop = roads, shop
        self.orders = [o for o in orders if o.status in STOPS]
        self.points = [shop, *(o.address.point for o in self.orders)]
        if legs is not None and legs.points == self.points:
            self.legs = legs
        else:
            self.legs = Legs(roads, self.points)
        self.place_of = {o.id: i + 2 for i, o in enumerate(self.orders)}
        self.services = [service_time(o) for o in self.orders]
        self.fetch = frozenset(self.place_of[o.id] for o in self.orders if o.status not in ON_BOARD)
        self.riding = any(o.status in RIDING for o in self.orders)

    def order_at(self, place: int) -> Order:
        return self.orders[place - 2]

    def row(self, point: Point | None, places: Sequence[int] | None = None) -> Row:
        """(seconds, metres, known) from the bike to every place; only to `places` when given (else inf)."""
        if point is None:
            return [0.0, *self.legs.seconds[0]], [0.0, *self.legs.metres[0]], [True, *self.legs.known[0]]
        wanted = range(1, len(self.points) + 1) if places is None else places
        seconds, metres = [inf] * (len(self.points) + 1), [inf] * (len(self.points) + 1)
        known = [False] * (len(self.points) + 1)
        durations, distances = self.roads.table([point], [self.points[p - 1] for p in wanted])
        for k, place in enumerate(wanted):
            s, m = float(durations[0][k]), float(distances[0][k])
            known[place] = isfinite(s)
            seconds[place], metres[place] = (
                (s, m) if known[place] else guess_leg(point, self.points[place - 1])
            )
        return seconds, metres, known

    def later(self, now: int) -> list[int]:
        """Places of a later trip, by their windows: at the shop still, and not wanted for hours."""
        far = [p for p in sorted(self.fetch) if window_of(self.order_at(p))[0] - now > LATER_MS]
        if len(far) == len(self.orders):
            return []
        return sorted(far, key=lambda p: (window_of(self.order_at(p)), p))

    def task(self, row: Row, begin: int, now: int, pace: float) -> Task:
        """The numbers for the solver, in seconds since `begin`."""
        later = frozenset(self.later(now))
        fetch_now = self.fetch - later
        seconds = [[s * pace for s in row[0]]]
        seconds += [[0.0, *(s * pace for s in leg)] for leg in self.legs.seconds]
        ready, due, service = [0.0, 0.0], [inf, inf], [0.0, shop_time(len(fetch_now)).mean_s]
        before: list[frozenset[int]] = [frozenset(), frozenset()]
        for i, order in enumerate(self.orders):
            start, end = window_of(order)
            at_door = order.status is Status.arrived
            ready.append(0.0 if at_door else max(0.0, (start - begin) / 1000))
            due.append((end - begin) / 1000)
            service.append(self._service_left(order, self.services[i].mean_s, now))
            before.append(frozenset({1}) if i + 2 in fetch_now else frozenset())
            if at_door:
                seconds[0][i + 2] = 0.0
        if fetch_now:
            ready[1] = max(0.0, max(ready_at(self.order_at(p), now) - begin for p in fetch_now) / 1000)
        return Task(seconds, ready, due, service, before)

    @staticmethod
    def _service_left(order: Order, mean_s: float, now: int) -> float:
        if order.status is not Status.arrived:
            return mean_s
        return max(SERVICE_LEFT_S, mean_s - (now - order.times.get("arrived", now)) / 1000)

    def fixed(self, row: Row, previous: Sequence[int]) -> list[int]:
        """Places whose turn is settled: where the courier stands or heads to; the shop before anything
        has set off."""
        rank = {p: i for i, p in enumerate(previous)}
        heading = [p for p in self.place_of.values() if self.order_at(p).status in HEADING]
        heading.sort(
            key=lambda p: (self.order_at(p).status is not Status.arrived, rank.get(p, p + len(rank)))
        )
        if heading:
            return heading
        if self.riding and previous:
            first = previous[0]
            near = first != 1 and row[1][first] <= HEADING_M
            if near and self.order_at(first).status is Status.delivering:
                return [first]
        return [1] if self.fetch and not self.riding else []


def begin_of(problem: RunProblem, bike: Bike, now: int) -> int:
    """From when the ride is counted: the last position's time while riding, since the wheels kept turning."""
    if problem.riding and bike.point is not None and bike.at:
        return max(min(bike.at, now), now - STALE_LIMIT_MS)
    return now


def solve(
    problem: RunProblem, bike: Bike, now: int, previous: Sequence[str] = (), pace: float = 1.0
) -> list[int]:
    """The visiting order as places (1 = the shop), stable against `previous` (order ids)."""
    if not problem.orders:
        return []
    row = problem.row(bike.point)
    task = problem.task(row, begin_of(problem, bike, now), now, pace)
    later = problem.later(now)
    soon = _without(task, later)
    old = [
        problem.place_of[o] for o in previous if o in problem.place_of and problem.place_of[o] not in later
    ]
    needs_shop = bool(problem.fetch - set(later))
    skip = frozenset(later) | (frozenset() if needs_shop else frozenset({1}))
    fixed = [p for p in problem.fixed(row, old) if p not in skip]
    keep = _as_before(soon, problem, old, fixed, skip)
    found = _found(soon, fixed, skip, keep)
    visits = found
    if keep and old and not _worth(cost_of(soon, keep), cost_of(soon, found)):
        visits = keep
    return [*visits, 1, *later] if later else visits


def _without(task: Task, places: Sequence[int]) -> Task:
    before = [need - frozenset(places) for need in task.before]
    return task._replace(before=before)


def _found(task: Task, fixed: list[int], skip: frozenset[int], start: Sequence[int]) -> list[int]:
    """The solver's answer without the skipped places (their indices are closed up for it and back)."""
    kept = [p for p in range(len(task.ready)) if p not in skip]
    index = {p: i for i, p in enumerate(kept)}
    small = Task(
        [[task.seconds[a][b] for b in kept] for a in kept],
        [task.ready[p] for p in kept],
        [task.due[p] for p in kept],
        [task.service[p] for p in kept],
        [frozenset(index[q] for q in task.before[p] if q in index) for p in kept],
    )
    answer = best_order(small, [index[p] for p in fixed if p in index], [index[p] for p in start])
    return [kept[i] for i in answer]


def _as_before(
    task: Task, problem: RunProblem, old: Sequence[int], fixed: list[int], skip: frozenset[int]
) -> list[int]:
    """The order of visits so far, with what is new put where it costs least. Empty: cannot be kept."""
    visits = [*fixed, *(p for p in old if p not in fixed)]
    missing = [p for p in range(1, len(task.ready)) if p not in visits and p not in skip]
    for place in missing:  # the shop is place 1, so it comes before the doors it feeds
        ways = insert_best_or_none(task, visits, place, len(fixed))
        if ways is None:
            return []
        visits = ways
    return visits if is_allowed(task, visits) else []


def insert_best_or_none(task: Task, visits: Sequence[int], place: int, first: int) -> list[int] | None:
    """As insert_best, None when no way is allowed."""
    try:
        return insert_best(task, visits, place, first)
    except ValueError:
        return None


def _worth(now: Cost, new: Cost) -> bool:
    """Is the new order of visits so much better that riders and customers should see it change?"""
    if new.late_s < now.late_s - WORTH_LATE_S:
        return True
    return new.late_s <= now.late_s and now.time_s - new.time_s >= WORTH_S


def walk(
    problem: RunProblem, visits: Sequence[int], bike: Bike, row: Row, now: int, pace: float = 1.0
) -> RunPlan:
    """Rides the visits in thought: when each stop is reached and left, with the words why it stands there."""
    begin = begin_of(problem, bike, now)
    task = problem.task(row, begin, now, pace)
    clock, here, stops = 0.0, 0, list[PlannedStop]()
    ride = pause = metres = 0.0
    known, via_shop = True, False
    fixed = set(problem.fixed(row, list(visits)))
    for n, place in enumerate(visits):
        ride += task.seconds[here][place]
        metres += row[1][place] if here == 0 else problem.legs.metres[here - 1][place - 1]
        known = known and (row[2][place] if here == 0 else problem.legs.known[here - 1][place - 1])
        clock += task.seconds[here][place]
        here = place
        if place == 1:
            left = max(clock, task.ready[1]) + task.service[1]
            pause, clock, via_shop = pause + left - clock, left, True
            continue
        stop = _stop(problem, task, place, begin, now, clock, known, place in fixed)
        nearest = _is_nearest(task, place, visits[n + 1 :], visits[n - 1] if n else 0)
        stop = replace(
            stop, rank=len(stops), ride_s=ride, distance_m=metres, pause_s=pause,
            pause_sd=0.4 * pause, via_shop=via_shop,
        )  # fmt: skip
        stops.append(replace(stop, why=reason_of(stop, nearest)))
        clock = (stop.leave_at - begin) / 1000
        ride = pause = metres = 0.0
        known, via_shop = True, False
    return RunPlan(
        courier=bike.courier, at=now, stops=stops, finish_at=stops[-1].leave_at if stops else now,
        late_s=sum(s.late_s for s in stops), distance_m=sum(s.distance_m for s in stops),
    )  # fmt: skip


def _is_nearest(task: Task, place: int, rest: Sequence[int], here: int) -> bool:
    return all(task.seconds[here][place] <= task.seconds[here][p] for p in rest if p != 1)


def _stop(
    problem: RunProblem, task: Task, place: int, begin: int, now: int, clock: float, known: bool, fixed: bool
) -> PlannedStop:
    order = problem.order_at(place)
    end = window_of(order)[1]
    served = max(clock, task.ready[place])
    arrive_at = max(now, begin + round(served * 1000))
    leave_at = arrive_at + round(task.service[place] * 1000)
    if order.status is Status.arrived:
        arrive_at = order.times.get("arrived", now)
    return PlannedStop(
        order=order.id, rank=0, arrive_at=arrive_at, leave_at=leave_at, ride_s=0.0, distance_m=0.0,
        wait_s=served - clock, service_s=task.service[place], service_sd=problem.services[place - 2].sd_s,
        slack_s=(end - arrive_at) / 1000, late_s=max(0.0, (arrive_at - end) / 1000), known=known, fixed=fixed,
    )  # fmt: skip


def plan_run(
    roads: Roads,
    shop: Point,
    orders: Sequence[Order],
    bike: Bike,
    now: int,
    previous: Sequence[str] = (),
    pace: float = 1.0,
) -> RunPlan:
    """The run of one courier. `previous`: order ids as visited so far; `pace`: actual ÷ map travel time."""
    problem = RunProblem(roads, shop, orders)
    return plan_problem(problem, bike, now, previous, pace)


def plan_problem(
    problem: RunProblem, bike: Bike, now: int, previous: Sequence[str] = (), pace: float = 1.0
) -> RunPlan:
    """As plan_run, on a problem whose legs are known already."""
    visits = solve(problem, bike, now, previous, pace)
    plan = walk(problem, visits, bike, problem.row(bike.point), now, pace)
    kept = [o for o in previous if o in problem.place_of]
    changed = [o for o in plan.orders if o in set(kept)] != kept
    why: Text | None = None
    if changed:
        new = [o for o in plan.orders if o not in set(previous)]
        why = words_of_change(bool(new), plan.late_s > 0)
    return replace(plan, changed=changed, why=why)


def preview_assign(
    roads: Roads,
    shop: Point,
    order: Order,
    orders: Sequence[Order],
    bike: Bike,
    now: int,
    previous: Sequence[str] = (),
    pace: float = 1.0,
) -> AssignPreview:
    """What it would cost to add `order` to a courier's run. Changes nothing."""
    without = plan_run(roads, shop, [o for o in orders if o.id != order.id], bike, now, previous, pace)
    offered = order if order.status in STOPS else _as_assigned(order)
    added = [*(o for o in orders if o.id != order.id), offered]
    with_it = plan_run(roads, shop, added, bike, now, previous, pace)
    late_before = {s.order for s in without.stops if s.late_s > 0}
    late = [s.order for s in with_it.stops if s.late_s > 0 and s.order not in late_before]
    mine = next(s for s in with_it.stops if s.order == order.id)
    extra = round((with_it.finish_at - without.finish_at) / 60_000)
    return AssignPreview(
        extra_minutes=max(0, extra), late_orders=late, eta_at=mine.arrive_at, reachable=mine.known
    )


def _as_assigned(order: Order) -> Order:
    return replace(order, status=Status.assigned)


def is_same_door(a: Order, b: Order, metres: float = 30.0) -> bool:
    """Do two orders go to the same entrance?"""
    return straight_m(a.address.point, b.address.point) <= metres
