"""A fleet's morning given to PyVRP (iterated local search); its answer in our words. Pure but for time."""

import time
from collections.abc import Callable

import numpy as np
from pyvrp import (
    Client,
    Depot,
    IteratedLocalSearchParams,
    Location,
    ProblemData,
    Route,
    Solution,
    SolveParams,
    VehicleType,
)
from pyvrp import solve as pyvrp_solve
from pyvrp.search import NeighbourhoodParams

from huaxin.dispatch.fleet.model import FAR, Bike, FleetAnswer, FleetTask, Matrix, Tour

# We have seconds, not minutes: some thousand steps. So it accepts what is no worse than 50 answers ago
# (usual: 300), looks at 30 near doors of each (50), and does not search all around each new best: in the
# first seconds there are so many of them that this search eats the time of all others.
_PARAMS = SolveParams(
    ils=IteratedLocalSearchParams(history_length=50, exhaustive_on_best=False),
    neighbourhood=NeighbourhoodParams(num_neighbours=30),
)
SHOP, ANYWHERE = 0, 1  # depots: an open end is a depot that is next door to everything


class _Until:
    """Stops the search when so many seconds of a clock are over."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._clock, self._end = clock, clock() + seconds

    def __call__(self, best_cost: float) -> bool:
        return self._clock() >= self._end


def solve_fleet(
    task: FleetTask,
    seconds: float,
    seed: int = 1,
    start: FleetAnswer | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> FleetAnswer:
    """The best that is found within `seconds` of `clock`, beginning with `start` when there is one."""
    data = _data_of(task)
    first = _solution_of(data, start) if start is not None and start.tours else None
    result = pyvrp_solve(
        data, _Until(seconds, clock), seed=seed, collect_stats=False, params=_PARAMS, initial_solution=first
    )
    best = result.best
    tours = [Tour(route.vehicle_type(), _trips(route)) for route in best.routes()]
    served = {place for tour in tours for trip in tour.trips for place in trip}
    return FleetAnswer(
        tours=tours,
        cost=int(best.distance_cost()),
        feasible=bool(best.is_feasible()),
        left_out=[place for place in range(1, task.places) if place not in served],
        iterations=result.num_iterations,
    )


def _data_of(task: FleetTask) -> ProblemData:
    dims = max((len(bike.capacity) for bike in task.bikes), default=0)
    clients = [
        Client(
            location=place,
            delivery=[int(load) for load in task.loads[place][:dims]] + [0] * (dims - len(task.loads[place])),
            service_duration=int(task.service[place]),
            tw_early=int(min(task.ready[place], task.due[place])),
            tw_late=int(task.due[place]),
            # Released after it is due it cannot be served in time, and PyVRP is to find that out.
            release_time=int(min(task.released[place], task.due[place])),
            prize=int(task.prizes[place]),
            required=not task.prizes[place],
        )
        for place in range(1, task.places)
    ]
    end = task.places
    depots = [
        Depot(0, tw_late=task.shop_until, service_duration=0),
        Depot(end),
    ]
    return ProblemData(
        locations=[Location(0, 0) for _ in range(task.places + 1)],
        clients=clients,
        depots=depots,
        vehicle_types=[_vehicle(bike, dims, task) for bike in task.bikes],
        distance_matrices=[_with_end(task.costs)],  # type: ignore[list-item]  # its stubs name arrays in the old way
        duration_matrices=[_with_end(task.durations, task.reload)],  # type: ignore[list-item]  # the same
    )


def _vehicle(bike: Bike, dims: int, task: FleetTask) -> VehicleType:
    return VehicleType(
        num_available=bike.number,
        capacity=[*bike.capacity, *([FAR] * (dims - len(bike.capacity)))],
        start_depot=SHOP,
        end_depot=SHOP if bike.returns else ANYWHERE,
        fixed_cost=task.bike_cost,
        tw_early=bike.free_at,
        tw_late=bike.until,
        unit_duration_cost=task.time_cost,
        reload_depots=[SHOP] if bike.trips > 1 else [],
        max_reloads=max(0, bike.trips - 1),
    )


def _with_end(matrix: Matrix, back: int = 0) -> Matrix:
    """With one more place that everything is next door to: where a bike that need not return ends.

    `back` is added on the way to the shop: what a reload takes."""
    size = len(matrix)
    wider = np.full((size + 1, size + 1), FAR, dtype=np.int64)
    wider[:size, :size] = np.minimum(matrix, FAR)
    wider[1:size, 0] = np.minimum(wider[1:size, 0] + back, FAR)
    wider[:, size] = 0
    np.fill_diagonal(wider, 0)
    return wider


def _trips(route: Route) -> list[list[int]]:
    trips: list[list[int]] = [[]]
    for one in route.schedule():
        if one.is_client():
            trips[-1].append(one.idx + 1)
        elif trips[-1]:
            trips.append([])
    return [trip for trip in trips if trip]


def _solution_of(data: ProblemData, answer: FleetAnswer) -> Solution:
    from pyvrp import Activity, ActivityType

    routes = []
    for tour in answer.tours:
        activities = []
        for n, trip in enumerate(tour.trips):
            if n:
                activities.append(Activity(ActivityType.DEPOT, SHOP))
            activities += [Activity(ActivityType.CLIENT, place - 1) for place in trip]
        routes.append(Route(data, activities, tour.bike))
    return Solution(data, routes)
