"""One instance after another: our cost, what it is measured against, and the gap between them."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from huaxin.dispatch.evaluate.solomon import TENTHS
from huaxin.dispatch.fleet.model import FleetTask
from huaxin.dispatch.fleet.solve import solve_fleet


class Trial(NamedTuple):
    """`known`: the best known cost in the task's own unit; 0: nobody knows, ask a long run."""

    name: str
    task: FleetTask
    known: int = 0
    unit: float = TENTHS  # how many of the task's units are one of the table's
    what: str = ""


class Found(NamedTuple):
    """`best` is what `ours` is held against: best known, or the long run's (or ours, when that is better)."""

    name: str
    what: str
    vehicles: int
    ours: float
    best: float
    feasible: bool
    iterations: int = 0

    @property
    def gap(self) -> float:
        """Share above the best; negative where the best known is beaten."""
        return self.ours / self.best - 1 if self.best else 0.0


class Summary(NamedTuple):
    instances: int
    mean: float
    worst: float
    feasible: bool
    within: int  # how many are as near as `target`


def evaluate(
    trials: Iterable[Trial], seconds: float, long_s: float, tell: Callable[[str, float], None]
) -> Iterator[Found]:
    """Solves each, in seconds of CPU: a busy machine takes longer and finds as much.

    `tell(stage, part)` says how far it is, in the words shown to who waits."""
    listed = list(trials)
    for n, trial in enumerate(listed):
        tell(f"{trial.name}: {seconds:g} s", n / len(listed))
        ours = solve_fleet(trial.task, seconds, clock=time.thread_time)
        best = trial.known
        if not best:
            tell(f"{trial.name}: {long_s:g} s to compare with", (n + 0.1) / len(listed))
            best = min(solve_fleet(trial.task, long_s, seed=2, clock=time.thread_time).cost, ours.cost)
        yield Found(
            trial.name, trial.what, len(ours.tours), ours.cost / trial.unit, best / trial.unit, ours.feasible,
            ours.iterations,
        )  # fmt: skip
    tell("done", 1.0)


def summarise(found: list[Found], target: float = 0.01) -> Summary:
    """`target`: the gap that is wished for; nothing that is not solved is near."""
    gaps = [one.gap for one in found]
    within = sum(one.feasible and one.gap <= target for one in found)
    return Summary(len(found), sum(gaps) / len(gaps), max(gaps), all(one.feasible for one in found), within)
