"""The question a run asks of the solver, as plain numbers that can travel to another process, and its answer.

`Ask` is made where the orders are (dispatch/run.py); `answer` may be computed anywhere.
"""

from collections.abc import Sequence
from typing import NamedTuple

from huaxin.dispatch.solve import Cost, Task, best_order, cost_of, insert_best, is_allowed

WORTH_S = 60.0  # a new order of visits must gain this much …
WORTH_LATE_S = 30.0  # … or this much lateness
QUICK_PLACES = 5  # so few are solved to the end at once: a third of a millisecond


class Ask(NamedTuple):
    """`old`: the visiting order so far; `trips`: what is carried on later trips, each after a visit at the
    shop (place 1); `skip`: places that this trip does not visit."""

    task: Task
    fixed: list[int]
    old: list[int]
    skip: frozenset[int]
    trips: list[list[int]]


def answer(ask: Ask, *, quick: bool = False) -> list[int]:
    """The visits, stable against the order so far. `quick`: within about a millisecond, by putting what is
    new where it costs least; only what has few places is solved to the end."""
    soon = _without(ask.task, ask.skip)
    keep = _as_before(soon, ask)
    places = len(ask.task.ready) - 1 - len(ask.skip)
    if quick and places > QUICK_PLACES:
        visits = keep or _by_due(soon, ask)
    else:
        visits = _found(soon, ask, keep)
        if keep and ask.old and not _worth(cost_of(soon, keep), cost_of(soon, visits)):
            visits = keep
    for trip in ask.trips:
        visits = [*visits, 1, *_trip(ask.task, visits, trip, quick=quick)]
    return visits


def _worth(now: Cost, new: Cost) -> bool:
    """Is the new order of visits so much better that riders and customers should see it change?"""
    if new.late_s < now.late_s - WORTH_LATE_S:
        return True
    return new.late_s <= now.late_s and now.time_s - new.time_s >= WORTH_S


def _without(task: Task, places: frozenset[int]) -> Task:
    return task._replace(before=[need - places for need in task.before])


def _found(task: Task, ask: Ask, start: Sequence[int]) -> list[int]:
    """The solver's answer without the skipped places (their indices are closed up for it and back)."""
    kept = [p for p in range(len(task.ready)) if p not in ask.skip]
    index = {p: i for i, p in enumerate(kept)}
    found = best_order(
        _part(task, kept), [index[p] for p in ask.fixed if p in index], [index[p] for p in start]
    )
    return [kept[i] for i in found]


def _part(task: Task, kept: Sequence[int], gone_s: float = 0.0) -> Task:
    """The task of some places alone, begun `gone_s` later."""
    index = {p: i for i, p in enumerate(kept)}
    return Task(
        [[task.seconds[a][b] for b in kept] for a in kept],
        [max(0.0, task.ready[p] - gone_s) for p in kept],
        [task.due[p] - gone_s for p in kept],
        [task.service[p] for p in kept],
        [frozenset(index[q] for q in task.before[p] if q in index) for p in kept],
    )


def _trip(task: Task, before: Sequence[int], trip: list[int], *, quick: bool) -> list[int]:
    """A later trip in its best order, begun at the shop when all before it is done."""
    if len(trip) < 2:
        return trip
    ordered = sorted(trip, key=lambda p: (task.due[p], p))
    part = _part(task, [1, *ordered], _leave_at(task, [*before, 1]))
    part = part._replace(before=[frozenset()] * (len(trip) + 1))
    if quick and len(trip) > QUICK_PLACES:
        visits: list[int] = []
        for place in range(1, len(trip) + 1):
            visits = insert_best(part, visits, place)
    else:
        visits = best_order(part)
    return [ordered[p - 1] for p in visits]


def _leave_at(task: Task, visits: Sequence[int]) -> float:
    now, here = 0.0, 0
    for place in visits:
        now = max(now + task.seconds[here][place], task.ready[place]) + task.service[place]
        here = place
    return now


def _as_before(task: Task, ask: Ask) -> list[int]:
    """The order of visits so far, with what is new put where it costs least. Empty: cannot be kept."""
    visits = [*ask.fixed, *(p for p in ask.old if p not in ask.fixed)]
    return _insert_missing(task, ask, visits)


def _by_due(task: Task, ask: Ask) -> list[int]:
    return _insert_missing(task, ask, list(ask.fixed)) or [
        p for p in range(1, len(task.ready)) if p not in ask.skip
    ]


def _insert_missing(task: Task, ask: Ask, visits: list[int]) -> list[int]:
    missing = [p for p in range(1, len(task.ready)) if p not in visits and p not in ask.skip]
    # The shop is place 1, so it comes before the doors it feeds; of the doors the most pressing first.
    missing.sort(key=lambda p: (p != 1, task.due[p], p))
    for place in missing:
        way = _insert_or_none(task, visits, place, len(ask.fixed))
        if way is None:
            return []
        visits = way
    return visits if is_allowed(task, visits) else []


def _insert_or_none(task: Task, visits: Sequence[int], place: int, first: int) -> list[int] | None:
    try:
        return insert_best(task, visits, place, first)
    except ValueError:
        return None
