"""The solver against brute force, and above its exact limit."""

import random
from itertools import permutations
from math import inf

import pytest

from huaxin.dispatch.solve import EXACT_LIMIT, Task, best_order, cost_of, is_allowed


def some_task(n: int, seed: int, *, shop: bool = False) -> Task:
    rng = random.Random(seed)
    spots = [(rng.uniform(0, 3000), rng.uniform(0, 3000)) for _ in range(n + 1)]
    seconds = [[(abs(a - c) + abs(b - d)) / 5 for c, d in spots] for a, b in spots]
    due = [inf, *(rng.choice([inf, rng.uniform(300, 4000)]) for _ in range(n))]
    ready = [0.0, *(rng.choice([0.0, 0.0, rng.uniform(0, 2500)]) for _ in range(n))]
    service = [0.0, *(rng.uniform(60, 300) for _ in range(n))]
    before = [frozenset[int]()] * (n + 1)
    if shop:
        before = [frozenset({1}) if p > 1 and rng.random() < 0.5 else frozenset() for p in range(n + 1)]
    return Task(seconds, ready, due, service, before)


@pytest.mark.parametrize("seed", range(25))
def test_exact_is_the_best_of_all_orders(seed: int) -> None:
    """TR-20: up to eight doors and the shop the visiting order is the best there is."""
    task = some_task(6, seed, shop=seed % 2 == 1)
    best = min(cost_of(task, p) for p in permutations(range(1, 7)) if is_allowed(task, p))
    found = best_order(task)
    assert is_allowed(task, found)
    assert cost_of(task, found) == pytest.approx(best)


@pytest.mark.parametrize("seed", range(10))
def test_fixed_places_stay_first(seed: int) -> None:
    """TR-21: what is settled is not moved, and the rest is best after it."""
    task = some_task(6, seed)
    found = best_order(task, fixed=[4, 2])
    assert found[:2] == [4, 2]
    best = min(cost_of(task, [4, 2, *p]) for p in permutations([1, 3, 5, 6]))
    assert cost_of(task, found) == pytest.approx(best)


@pytest.mark.parametrize("seed", range(6))
def test_heuristic_is_near_the_exact_answer(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """TR-20: above the limit insertion and moves; here on a size where the best is still known."""
    task = some_task(8, seed, shop=True)
    exact = cost_of(task, best_order(task))
    monkeypatch.setattr("huaxin.dispatch.solve.EXACT_LIMIT", 2)
    rough = best_order(task)
    assert is_allowed(task, rough)
    assert cost_of(task, rough).late_s <= exact.late_s + 300
    assert cost_of(task, rough).time_s <= exact.time_s * 1.15 + 60 or cost_of(task, rough).late_s == 0


def test_many_places_are_all_visited_once() -> None:
    """TR-20: a run above the exact limit misses nobody."""
    task = some_task(EXACT_LIMIT + 11, 7, shop=True)
    found = best_order(task, fixed=[3])
    assert sorted(found) == list(range(1, EXACT_LIMIT + 12))
    assert found[0] == 3
    assert is_allowed(task, [1, *(p for p in found if p != 1)])
