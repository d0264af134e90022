"""A morning's orders shared out among the couriers at once: the proposal that a person then applies."""

from collections.abc import Sequence

import msgspec
import numpy as np

from huaxin.dispatch.assign import Rider
from huaxin.dispatch.fleet.model import FAR, Bike, FleetAnswer, FleetTask
from huaxin.dispatch.load import load_of
from huaxin.dispatch.model import ready_at, window_of
from huaxin.dispatch.roads import Roads
from huaxin.dispatch.run import plan_run
from huaxin.dispatch.service_time import SHOP_EACH_S, SHOP_S, service_time
from huaxin.kernel import Point, Text
from huaxin.orders.model import Order

PRIZE = 10**7  # what a kept promise is worth, in seconds ridden: more than any way
TRIPS = 8
HORIZON_S = 16 * 3600


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """One courier's part, in visiting order."""

    courier: str
    name: str
    orders: list[str]
    trips: int
    finish_at: int


class Unkept(msgspec.Struct, frozen=True, kw_only=True):
    """An order that the proposal gives to a courier though it comes late, or to nobody."""

    order: str
    courier: str = ""
    reason: Text


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    shares: list[Share]
    kept: int
    late: int
    unkept: list[Unkept]


def free_at(roads: Roads, shop: Point, rider: Rider, now: int) -> int:
    """When the courier is at the shop with an empty bike."""
    here, begin = rider.bike.point, now
    if rider.orders:
        plan = plan_run(
            roads, shop, rider.orders, rider.bike, now, rider.previous, rider.pace,
            hold=rider.hold, hand=rider.hand, quick=True,
        )  # fmt: skip
        last = next(o for o in rider.orders if o.id == plan.stops[-1].order) if plan.stops else None
        here, begin = (last.address.point if last else here), plan.finish_at
    if here is None:
        return begin
    seconds = float(roads.table([here], [shop])[0][0][0])
    return begin + (round(seconds * rider.pace * 1000) if np.isfinite(seconds) else 3600_000)


def batch_task(
    roads: Roads, shop: Point, orders: Sequence[Order], riders: Sequence[Rider], now: int
) -> FleetTask:
    """In seconds from now. Every promise may be given up for its prize; what is given up is placed later.

    A promise that nobody can keep any more binds no time: its stop is put where it spoils no other.
    """
    points = [shop, *(order.address.point for order in orders)]
    seconds, _ = roads.table(points, points)
    pace = sum(rider.pace for rider in riders) / len(riders)
    ways = np.where(np.isfinite(seconds), seconds * pace, FAR).round().astype(np.int64)
    windows = [window_of(order) for order in orders]
    bikes = [
        Bike(
            free_at=max(0, round((free_at(roads, shop, rider, now) - now) / 1000)),
            until=HORIZON_S,
            capacity=(rider.hold.places, rider.hold.tall),
            trips=TRIPS,
            returns=False,
            name=rider.courier,
        )
        for rider in riders
    ]
    soonest = min(bike.free_at for bike in bikes)
    return FleetTask(
        durations=ways,
        costs=ways,
        ready=[0, *(max(0, (start - now) // 1000) for start, _ in windows)],
        due=[FAR, *(_due(end, now, soonest + int(ways[0][n])) for n, (_, end) in enumerate(windows, 1))],
        service=[0, *(round(service_time(order).mean_s) for order in orders)],
        released=[0, *(max(0, (ready_at(order, now) - now) // 1000) for order in orders)],
        loads=[(), *(tuple(load_of(order)) for order in orders)],
        prizes=[0] + [PRIZE] * len(orders),
        bikes=bikes,
        reload=round(SHOP_S + 3 * SHOP_EACH_S),
    )


def _due(end: int, now: int, soonest: int) -> int:
    due = (end - now) // 1000
    return due if due >= soonest else FAR


def propose(
    roads: Roads,
    shop: Point,
    orders: Sequence[Order],
    riders: Sequence[Rider],
    task: FleetTask,
    answer: FleetAnswer,
    now: int,
) -> Proposal:
    """The answer in words people use: who takes what, what is kept, what is not and why."""
    of: dict[int, list[int]] = {n: [] for n in range(len(riders))}
    trips = {tour.bike: len(tour.trips) for tour in answer.tours}
    ends = {n: float(task.bikes[n].free_at) for n in of}
    arrivals: dict[int, float] = {}
    for tour in answer.tours:
        of[tour.bike] = [place for trip in tour.trips for place in trip]
        ends[tour.bike] = _ride(task, tour.bike, tour.trips, arrivals)
    due = [0.0, *((window_of(order)[1] - now) / 1000 for order in orders)]
    unkept = [
        Unkept(
            order=orders[place - 1].id, courier=riders[n].courier, reason=_late(arrivals[place], due[place])
        )
        for n, places in of.items()
        for place in places
        if arrivals[place] > due[place]
    ]
    for place in sorted(answer.left_out, key=lambda p: (task.due[p], p)):
        if task.durations[0][place] >= FAR:
            unkept.append(Unkept(order=orders[place - 1].id, reason=_NO_WAY))
            continue
        # Given to whoever is done first: it spoils nobody's promise.
        bike = min(ends, key=lambda n: ends[n])
        at = max(ends[bike] + _back(task, of[bike]) + task.reload, task.released[place])
        at = max(at + float(task.durations[0][place]), task.ready[place])
        of[bike].append(place)
        trips[bike] = trips.get(bike, 0) + 1
        arrivals[place], ends[bike] = at, at + task.service[place]
        unkept.append(
            Unkept(order=orders[place - 1].id, courier=riders[bike].courier, reason=_late(at, due[place]))
        )
    shares = [
        Share(
            courier=riders[n].courier, name=riders[n].name, orders=[orders[p - 1].id for p in places],
            trips=trips.get(n, 0), finish_at=now + round(ends[n] * 1000),
        )
        for n, places in of.items()
        if places
    ]  # fmt: skip
    late = len([one for one in unkept if one.courier])
    return Proposal(shares=shares, kept=len(orders) - len(unkept), late=late, unkept=unkept)


_NO_WAY = Text(
    "地图上没有骑车能到的路，请联系客户换地址或改自取",
    "No way there by bike: ask the customer for another address, or to collect it",
)


def _late(at: float, due: float) -> Text:
    if due <= 0:
        return Text(
            "承诺的时间已过，请先约定新时间", "The promised time has passed: agree on a new one first"
        )
    n = max(1, round((at - due) / 60))
    return Text(f"人手不够，约晚 {n} 分钟", f"Not enough hands: about {n} min late")


def _back(task: FleetTask, places: Sequence[int]) -> float:
    return float(task.durations[places[-1]][0]) if places else 0.0


def _ride(task: FleetTask, bike: int, trips: Sequence[Sequence[int]], arrivals: dict[int, float]) -> float:
    """Rides the trips in thought; notes the arrivals; gives when the last door is left."""
    clock, here = float(task.bikes[bike].free_at), 0
    for n, trip in enumerate(trips):
        if n:
            clock += float(task.durations[here][0]) + task.reload
        clock, here = max(clock, *(task.released[p] for p in trip)), 0
        for place in trip:
            clock = max(clock + float(task.durations[here][place]), task.ready[place])
            arrivals[place] = clock
            clock += task.service[place]
            here = place
    return clock


def improve(
    roads: Roads, task: FleetTask, seconds: float, seed: int, start: FleetAnswer | None
) -> FleetAnswer:
    """One round of searching on; `roads` is there for all work of the planning process."""
    from huaxin.dispatch.fleet.solve import solve_fleet

    return solve_fleet(task, seconds, seed, start)
