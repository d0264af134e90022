"""Runs: fifteen stops planned again, what of that the messages feel, and a hundred stops in five seconds.

The yardsticks in the same run: the map's bare answer for the same places, and visiting the nearest door next.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

from huaxin.bench.report import Report
from huaxin.dispatch.ask import Ask, answer
from huaxin.dispatch.evaluate.made import KINDS, make_instance
from huaxin.dispatch.evaluate.solomon import task_of
from huaxin.dispatch.fleet.solve import solve_fleet
from huaxin.dispatch.model import Bike
from huaxin.dispatch.roads import Legs
from huaxin.dispatch.run import RunProblem, ask_of, plan_problem
from huaxin.dispatch.solve import Cost, Task, cost_of
from huaxin.kernel import Point
from huaxin.live import planning_work
from huaxin.live.planning import Planner
from huaxin.live.roads import City
from huaxin.maps.library import CityLibrary
from huaxin.orders.model import Address, Courier, Order, Party, Promise, Status

STOPS, RUNS = 15, 30
REPLAN_MS, FELT_MS, GAP = 50.0, 10.0, 1.0
FLEET_STOPS, FLEET_S, LONG_S = 100, 5.0, 20.0
_BEGIN = 1_800_072_000_000


class Replanned(NamedTuple):
    """Milliseconds, medians; `full_worst_ms` the worst. `seconds` and `nearest`: ridden in ours and when
    always riding to the nearest door next."""

    map_ms: float
    quick_ms: float
    full_ms: float
    full_worst_ms: float
    away_ms: float  # there and back through the planning process
    begun_ms: float  # until that process is there; a server begins it when it starts
    seconds: float
    nearest: float


def measure_replan(city: City, folder: Path) -> Replanned:
    """Random runs of fifteen doors, half of them promised within the hour."""
    chance = Random("runs")
    doors = [place.point for kind in ("building", "office", "street") for place in city.places(kind)]
    runs = [_orders([chance.choice(doors) for _ in range(STOPS)], chance) for _ in range(RUNS)]
    maps, quick, full, costs, asks = [], [], [], [], []
    for orders in runs:
        points = [city.middle, *(one.address.point for one in orders)]
        maps.append(_ms(partial(Legs, city, points)))
        problem = RunProblem(city, city.middle, orders)
        bike = Bike(courier="c", point=city.middle, at=_BEGIN)
        before = [one.id for one in orders[1:]]
        quick.append(_ms(partial(plan_problem, problem, bike, _BEGIN, before, quick=True)))
        ask = ask_of(problem, bike, _BEGIN)
        asks.append(ask)
        full.append(_ms(partial(answer, ask)))
        costs.append((cost_of(ask.task, answer(ask)), cost_of(ask.task, _nearest(ask.task, STOPS))))
    away, begun_ms = asyncio.run(_away(folder, asks))
    return Replanned(
        _median(maps), _median(quick), _median(full), max(full), _median(away), begun_ms,
        _total(one for one, _ in costs), _total(one for _, one in costs),
    )  # fmt: skip


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _total(costs: Iterable[Cost]) -> float:
    return sum(one.time_s + one.late_s for one in costs)


def _orders(doors: list[Point], chance: Random) -> list[Order]:
    return [
        Order(
            id=f"o{n}", shop="s", number=n, status=Status.delivering, placed_at=_BEGIN,
            buyer=Party(name="李女士"), recipient=Party(name="妈妈"), lines=[], total=0,
            address=Address(text="云溪路1号", point=door),
            promise=Promise(end=_BEGIN + chance.choice((45, 60, 180, 240)) * 60_000),
            courier=Courier(person="c", name="小张"), times={"delivering": _BEGIN},
        )
        for n, door in enumerate(doors)
    ]  # fmt: skip


def _nearest(task: Task, stops: int) -> list[int]:
    """Always the nearest next (places 2… are the doors)."""
    here, left, visits = 0, set(range(2, stops + 2)), list[int]()
    while left:
        here = min(left, key=lambda place: task.seconds[here][place])
        left.remove(here)
        visits.append(here)
    return visits


async def _away(folder: Path, asks: list[Ask]) -> tuple[list[float], float]:
    """(ms of each question there and back, ms until the process was there)."""
    planner = Planner(folder)
    try:
        began = time.perf_counter()
        planner.warm()
        await planner.submit(planning_work.be_there)
        begun_ms = (time.perf_counter() - began) * 1000
        found = []
        for ask in asks:
            began = time.perf_counter()
            await planner.submit(planning_work.solve, ask)
            found.append((time.perf_counter() - began) * 1000)
        return found, begun_ms
    finally:
        await planner.stop()


def measure_fleet() -> list[tuple[str, float, float]]:
    """(instance, gap in percent of five seconds against twenty, nearest-first against five seconds)."""
    found = []
    for kind in KINDS:
        task = task_of(make_instance(kind, 1, FLEET_STOPS))
        ours = solve_fleet(task, FLEET_S)
        first = solve_fleet(task, 0.05)
        best = min(solve_fleet(task, LONG_S, seed=2).cost, ours.cost)
        found.append((kind, 100 * (ours.cost / best - 1), first.cost / ours.cost))
    return found


def show_runs(report: Report, city: City, folder: Path) -> None:
    """Measures and prints."""
    print(f"\nRuns: {STOPS} stops planned again")
    one = measure_replan(city, folder)
    print(
        f"  the map's bare answer {one.map_ms:.1f} ms; at once {one.quick_ms:.1f} ms; in full "
        f"{one.full_ms:.0f} ms (worst {one.full_worst_ms:.0f}), {one.away_ms:.0f} ms there and back through "
        f"the process (begun with the server in {one.begun_ms:.0f} ms); "
        f"{one.seconds / one.nearest:.2f} of the cost of nearest next"
    )
    report.show_target(f"ms to plan {STOPS} stops again", one.map_ms + one.away_ms, REPLAN_MS, most=True)
    report.show_target("ms of it that messages wait", one.map_ms + one.quick_ms, FELT_MS, most=True)
    print(f"\n{FLEET_STOPS} stops in {FLEET_S:g} s, against {LONG_S:g} s")
    gaps = measure_fleet()
    for kind, gap, first in gaps:
        print(f"  {kind:3} {gap:+.2f} %; the first answer costs {first:.2f} of it")
    mean = sum(gap for _, gap, _ in gaps) / len(gaps)
    report.show_target(f"percent above the long run, {FLEET_STOPS} stops", mean, GAP, most=True)


def run_runs() -> int:
    """`huaxin bench runs`."""
    report = Report()
    with tempfile.TemporaryDirectory(prefix="huaxin-bench") as folder:
        library = CityLibrary(Path(folder))
        demo = library.ensure_demo().id
        show_runs(report, City(library.open(demo)), library.path(demo))
    report.show_end()
    return 0
