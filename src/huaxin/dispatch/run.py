"""A courier's run: which stop next, when each is reached, and why. Pure: roads and the time are passed in."""

from collections.abc import Sequence
from math import inf, isfinite

from msgspec.structs import replace

from huaxin.dispatch.ask import Ask, answer
from huaxin.dispatch.load import Hold, Load, load_of, share_out
from huaxin.dispatch.model import (
    HEADING,
    ON_BOARD,
    RIDING,
    STOPS,
    Bike,
    PlannedStop,
    RunPlan,
    as_carried,
    ready_at,
    window_of,
)
from huaxin.dispatch.roads import Legs, Roads, guess_leg
from huaxin.dispatch.service_time import service_time, shop_time
from huaxin.dispatch.solve import Task, insert_best
from huaxin.dispatch.words import reason_of, unkept_reason, words_of_change
from huaxin.kernel import Point
from huaxin.orders.model import Order, Status

HEADING_M = 300.0  # nearer than this by road the courier is on the way to that door
LATER_MS = 3 * 3600_000  # flowers still at the shop for a window this far off make a trip of their own
SERVICE_LEFT_S = 60.0  # who stands at a door leaves it no sooner than this
STALE_LIMIT_MS = 180_000  # a rider is assumed to have kept riding for this long after the last position

Row = tuple[list[float], list[float], list[bool]]


class RunProblem:
    """One courier's open orders at one shop, with all legs between the places: made once, asked often.

    Place 0 is the bike; place 1 the shop; place 2 + i the door of `orders[i]`. `legs` has no bike: its index
    is place − 1, so that positions do not spoil it.
    """

    def __init__(
        self,
        roads: Roads,
        shop: Point,
        orders: Sequence[Order],
        legs: Legs | None = None,
        hold: Hold | None = None,
    ) -> None:
        self.roads, self.shop, self.hold = roads, shop, hold or Hold()
        self.orders = [as_carried(o) for o in orders if o.status in STOPS]
        self.points = [shop, *(o.address.point for o in self.orders)]
        if legs is not None and legs.points == self.points:
            self.legs = legs
        else:
            self.legs = Legs(roads, self.points)
        self.place_of = {o.id: i + 2 for i, o in enumerate(self.orders)}
        self.services = [service_time(o) for o in self.orders]
        self.fetch = frozenset(self.place_of[o.id] for o in self.orders if o.status not in ON_BOARD)
        self.riding = any(o.status in RIDING for o in self.orders)
        self._row: tuple[Point, Row] | None = None
        self.loads = [Load(), Load(), *(load_of(o) for o in self.orders)]

    def order_at(self, place: int) -> Order:
        return self.orders[place - 2]

    def row(self, point: Point | None, places: Sequence[int] | None = None) -> Row:
        """(seconds, metres, known) from the bike to every place; only to `places` when given (else inf)."""
        if point is None:
            return [0.0, *self.legs.seconds[0]], [0.0, *self.legs.metres[0]], [True, *self.legs.known[0]]
        if places is None:
            if self._row is None or self._row[0] != point:  # solving and walking ask for the same
                self._row = point, self._ask_row(point, range(1, len(self.points) + 1))
            return self._row[1]
        return self._ask_row(point, places)

    def _ask_row(self, point: Point, wanted: Sequence[int]) -> Row:
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

    def trips(self, now: int) -> list[list[int]]:
        """What is not carried at once, trip by trip: more than the bike holds now, then what is for later."""
        later = self.later(now)
        soon = [p for p in self.fetch if p not in later]
        soon.sort(key=lambda p: (window_of(self.order_at(p))[1], p))
        rest = share_out(soon, self.loads, self.hold, self.aboard())[1:]
        return [*rest, *(trip for trip in share_out(later, self.loads, self.hold) if trip)]

    def aboard(self) -> Load:
        total = Load()
        for place in self.place_of.values():
            if place not in self.fetch:
                total += self.loads[place]
        return total

    def is_standing_at(self, place: int) -> bool:
        return self.order_at(place).status is Status.arrived

    def with_shop(self, doors: Sequence[int]) -> list[int]:
        """The doors in this order with the visits at the shop that they need."""
        visits: list[int] = []
        room, fetched = self.aboard(), set[int]()
        for n, place in enumerate(doors):
            first = n == 0 and not self.riding and bool(self.fetch)
            if first or (place in self.fetch and place not in fetched):
                visits.append(1)
                for ahead in doors[n:]:
                    if ahead in self.fetch and ahead not in fetched:
                        if fetched and not (room + self.loads[ahead]).fits(self.hold) and ahead != place:
                            break
                        fetched.add(ahead)
                        room += self.loads[ahead]
            visits.append(place)
            room += Load(-self.loads[place].places, -self.loads[place].tall)
        return visits

    def task(self, row: Row, begin: int, now: int, pace: float) -> Task:
        """The numbers for the solver, in seconds since `begin`."""
        fetch_now = self.fetch - {p for trip in self.trips(now) for p in trip}
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


def ask_of(problem: RunProblem, bike: Bike, now: int, previous: Sequence[str] = (), pace: float = 1.0) -> Ask:
    """What is asked of the solver. `previous`: order ids as visited so far."""
    row = problem.row(bike.point)
    task = problem.task(row, begin_of(problem, bike, now), now, pace)
    later = {p for trip in problem.trips(now) for p in trip}
    known = [problem.place_of[o] for o in previous if o in problem.place_of]
    old = [p for p in known if p not in later]
    needs_shop = bool(problem.fetch - later)
    skip = frozenset(later) | (frozenset() if needs_shop else frozenset({1}))
    fixed = [p for p in problem.fixed(row, old) if p not in skip]
    return Ask(task, fixed, old, skip, problem.trips(now))


def solve(
    problem: RunProblem,
    bike: Bike,
    now: int,
    previous: Sequence[str] = (),
    pace: float = 1.0,
    *,
    quick: bool = False,
) -> list[int]:
    """The visiting order as places (1 = the shop), stable against `previous` (order ids)."""
    if not problem.orders:
        return []
    return answer(ask_of(problem, bike, now, previous, pace), quick=quick)


def by_hand(problem: RunProblem, bike: Bike, now: int, wanted: Sequence[str], pace: float = 1.0) -> list[int]:
    """The visits in the order a person wants, with what they did not name where it costs least.

    The shop is visited before the first door that needs it, as often as the bike's room asks.
    """
    if not problem.orders:
        return []
    row = problem.row(bike.point)
    task = problem.task(row, begin_of(problem, bike, now), now, pace)
    loose = task._replace(before=[frozenset[int]()] * len(task.ready))
    doors = [problem.place_of[o] for o in dict.fromkeys(wanted) if o in problem.place_of]
    standing = [p for p in problem.fixed(row, doors) if p != 1 and problem.is_standing_at(p)]
    doors = [*standing, *(p for p in doors if p not in standing)]
    missing = [p for p in problem.place_of.values() if p not in doors]
    for place in sorted(missing, key=lambda p: (task.due[p], p)):
        doors = insert_best(loose, doors, place, len(standing))
    return problem.with_shop(doors)


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
        unkept = unkept_reason(stop, window_of(problem.order_at(place))[1], now)
        stops.append(replace(stop, why=reason_of(stop, nearest), unkept=unkept))
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
    *,
    hold: Hold | None = None,
    hand: Sequence[str] = (),
    quick: bool = False,
) -> RunPlan:
    """The run of one courier. `previous`: order ids as visited so far; `pace`: actual ÷ map travel time.

    `hand`: the visiting order a person wants; `quick`: a good answer within about a millisecond.
    """
    problem = RunProblem(roads, shop, orders, hold=hold)
    return plan_problem(problem, bike, now, previous, pace, hand=hand, quick=quick)


def plan_problem(
    problem: RunProblem,
    bike: Bike,
    now: int,
    previous: Sequence[str] = (),
    pace: float = 1.0,
    *,
    hand: Sequence[str] = (),
    quick: bool = False,
    visits: Sequence[int] | None = None,
) -> RunPlan:
    """As plan_run, on a problem whose legs are known already. `visits`: found elsewhere, walked as is."""
    if hand:
        visits = by_hand(problem, bike, now, hand, pace)
    elif visits is None:
        visits = solve(problem, bike, now, previous, pace, quick=quick)
    row = problem.row(bike.point)
    plan = replace(walk(problem, visits, bike, row, now, pace), by_hand=bool(hand))
    kept = [o for o in previous if o in problem.place_of]
    before = [o for o in plan.orders if o in set(kept)]
    if before == kept:
        return plan
    new = [o for o in plan.orders if o not in set(previous)]
    old = walk(problem, by_hand(problem, bike, now, kept, pace), bike, row, now, pace)
    gains = (old.finish_at - plan.finish_at) / 1000, old.late_s - plan.late_s
    first = next(o for o, was in zip(before, kept, strict=True) if o != was)
    number = {o.id: o.number for o in problem.orders}
    why = words_of_change(number[first], number[new[0]] if new else 0, *gains)
    return replace(plan, changed=True, why=why)
