"""The visiting order of one bike. Numbers in, a permutation out; knows nothing of orders.

Least lateness first (a broken promise weighs more than its minutes), then least time. Up to EXACT_LIMIT
places the answer is exact (dynamic programming over subsets with all undominated labels kept, after Held and
Karp 1962, needed because lateness and time are two aims); above it the solution is built by cheapest
insertion and improved by moving single places and turning stretches round.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

EXACT_LIMIT = 9  # eight doors and the shop
MAX_LOOKS = 6_000
# Of two orders of visit that end at the same time, the one that reaches people sooner on the whole.
EARLINESS = 0.1
# A promise that is broken weighs as much as a quarter of an hour of lateness besides its own: one stop that
# cannot be kept is not bought with others.
BROKEN_S = 900.0


class Cost(NamedTuple):
    """Compares as it should be minimised."""

    late_s: float
    time_s: float


class Task(NamedTuple):
    """All in seconds from the moment planned for, index 0 is where the bike stands.

    `ready`: not served before; `due`: served later is late (inf: no promise); `service`: time spent there.
    `before[i]`: places that must come before i (the shop before a door it feeds).
    """

    seconds: Sequence[Sequence[float]]
    ready: Sequence[float]
    due: Sequence[float]
    service: Sequence[float]
    before: Sequence[frozenset[int]]


def cost_of(task: Task, visits: Sequence[int]) -> Cost:
    """The cost of visiting in this order, starting at place 0."""
    now = late = arrivals = 0.0
    here = 0
    for place in visits:
        now = max(now + task.seconds[here][place], task.ready[place])
        if now > task.due[place]:
            late += now - task.due[place] + BROKEN_S
        arrivals += now
        now += task.service[place]
        here = place
    return Cost(late, now + EARLINESS * arrivals)


def is_allowed(task: Task, visits: Sequence[int]) -> bool:
    """Is nothing visited before what it needs? Places that are not visited at all need not come first."""
    wanted, seen = set(visits), set[int]()
    for place in visits:
        if (task.before[place] & wanted) - seen:
            return False
        seen.add(place)
    return True


def best_order(task: Task, fixed: Sequence[int] = (), start: Sequence[int] = ()) -> list[int]:
    """All places but 0 in their best order; it begins with `fixed`. `start` is a known good order, if any."""
    free = [p for p in range(1, len(task.ready)) if p not in fixed]
    if len(free) <= EXACT_LIMIT:
        return [*fixed, *_exact(task, list(fixed), free)]
    return _heuristic(task, list(fixed), free, list(start))


class _Label(NamedTuple):
    late: float
    now: float  # free to leave the last place
    arrivals: float
    path: tuple[int, ...]


def _exact(task: Task, fixed: list[int], free: list[int]) -> list[int]:
    if not free:
        return []
    bits = {p: 1 << i for i, p in enumerate(free)}
    needs = {p: sum(bits[q] for q in task.before[p] if q in bits) for p in free}
    layer: dict[tuple[int, int], list[_Label]] = {(0, fixed[-1] if fixed else 0): [_after(task, fixed)]}
    for _ in free:
        following: dict[tuple[int, int], list[_Label]] = {}
        for (done, here), labels in layer.items():
            row = task.seconds[here]
            for place in free:
                bit = bits[place]
                if done & bit or needs[place] & ~done:
                    continue
                bucket = following.setdefault((done | bit, place), [])
                for label in labels:
                    _keep(bucket, _step(task, label, row[place], place))
        layer = following
    ends = [label for labels in layer.values() for label in labels]
    best = min(ends, key=lambda e: (e.late, e.now + EARLINESS * e.arrivals, e.path))
    return list(best.path)


def _after(task: Task, fixed: list[int]) -> _Label:
    label, here = _Label(0.0, 0.0, 0.0, ()), 0
    for place in fixed:
        label = _step(task, label, task.seconds[here][place], place)
        here = place
    return label._replace(path=())


def _step(task: Task, label: _Label, ride: float, place: int) -> _Label:
    at = max(label.now + ride, task.ready[place])
    late = label.late
    if at > task.due[place]:
        late += at - task.due[place] + BROKEN_S
    return _Label(late, at + task.service[place], label.arrivals + at, (*label.path, place))


def _keep(bucket: list[_Label], new: _Label) -> None:
    """Adds a label unless another is at least as good in every aim; drops those it makes useless."""
    for old in bucket:
        if old.late <= new.late and old.now <= new.now and old.arrivals <= new.arrivals:
            return
    bucket[:] = [
        o for o in bucket if not (new.late <= o.late and new.now <= o.now and new.arrivals <= o.arrivals)
    ]
    bucket.append(new)


def insert_best(task: Task, visits: Sequence[int], place: int, first: int = 0) -> list[int]:
    """`visits` with `place` put where it costs least, not before index `first`."""
    ways = ([*visits[:i], place, *visits[i:]] for i in range(first, len(visits) + 1))
    return min((w for w in ways if is_allowed(task, w)), key=lambda w: cost_of(task, w))


def _heuristic(task: Task, fixed: list[int], free: list[int], start: list[int]) -> list[int]:
    by_due = sorted(free, key=lambda p: (len(task.before[p]) > 0, task.due[p], p))
    visits = list(fixed)
    for place in by_due:
        visits = insert_best(task, visits, place, len(fixed))
    candidates = [visits]
    if sorted(start) == sorted(visits) and start[: len(fixed)] == fixed and is_allowed(task, start):
        candidates.append(start)
    return min((_improve(task, c, len(fixed)) for c in candidates), key=lambda v: cost_of(task, v))


def _improve(task: Task, visits: list[int], first: int) -> list[int]:
    """Takes the first better neighbour until there is none, or until the budget of looks is spent: the
    solver runs beside the messages and must not hold them up."""
    best, best_cost = visits, cost_of(task, visits)
    looks, better = 0, True
    while better:
        better = False
        for way in _neighbours(best, first):
            looks += 1
            if looks > MAX_LOOKS:
                return best
            if (cost := cost_of(task, way)) < best_cost and is_allowed(task, way):
                best, best_cost, better = way, cost, True
                break
    return best


def _neighbours(visits: list[int], first: int) -> Iterator[list[int]]:
    """Each place moved elsewhere, then each stretch turned round; all that comes before `first` stays."""
    count = len(visits)
    for i in range(first, count):
        rest = [*visits[:i], *visits[i + 1 :]]
        for j in range(first, count):
            if j != i:
                yield [*rest[:j], visits[i], *rest[j:]]
    for i in range(first, count):
        for j in range(i + 3, count + 1):
            yield [*visits[:i], *reversed(visits[i:j]), *visits[j:]]
