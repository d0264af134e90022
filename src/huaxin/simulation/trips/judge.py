"""Judging predictions one by one: each is made with what had ended before, then the truth is learned."""

import heapq
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Sequence
from datetime import tzinfo
from statistics import median
from typing import NamedTuple
from zlib import crc32

from huaxin.simulation.trips.moments import JUDGED, Cut, Moment
from huaxin.tracking.learning.rides import RideTimes
from huaxin.tracking.learning.spread import Z90

WINDOW = 400
FIRST_SPEED = 3.6  # m/s by road, before any trip has ended
PROMISES = (0.7, 0.85, 1.0, 1.15, 1.3, 1.5, 1.8)  # times the map's time: promises of all kinds of tightness


class Judged(NamedTuple):
    """One prediction beside the truth. Seconds from the moment it was made."""

    stage: int
    left_s: float
    whole_s: float
    p50_s: float
    p10_s: float
    p90_s: float
    map_s: float
    constant_s: float
    chance: float  # of keeping a promise of `promise_s`
    promise_s: float


class _Speed:
    """The plain baseline: metres by road at one learned speed, the median of the last rides."""

    def __init__(self) -> None:
        self._speeds: deque[float] = deque(maxlen=WINDOW)
        self.now = FIRST_SPEED

    def learn(self, metres: float, seconds: float) -> None:
        self._speeds.append(metres / seconds)
        self.now = median(self._speeds)


def judge(
    cuts: Sequence[Cut], tz: tzinfo, progress: Callable[[str, float], None] = lambda stage, part: None
) -> list[Judged]:
    """Every trip at its begin, half-way and three quarters. What is learned ended before; nothing else."""
    model, speed, found = RideTimes(tz), _Speed(), list[Judged]()
    events: list[tuple[int, int, int, int]] = []  # when, learn before predict, which trip, which stage
    for n, one in enumerate(cuts):
        begin = one.trip.at[0]
        for stage, part in enumerate(JUDGED):
            events.append((begin + round(part * (one.ends_at - begin)), 1, n, stage))
        events.append((one.ends_at, 0, n, 0))
    heapq.heapify(events)
    total, done = len(events), 0
    while events:
        when, kind, n, stage = heapq.heappop(events)
        one = cuts[n]
        if kind == 0:
            model.learn(one.ride, one.learned, when)
            speed.learn(one.learned[0].left.metres, one.learned[0].left_s)
        else:
            found.append(_judge(model, speed, one, one.judged[stage], stage, when))
        done += 1
        if done % 400 == 0:
            progress("judging", done / total)
    return found


def _judge(model: RideTimes, speed: _Speed, one: Cut, moment: Moment, stage: int, now: int) -> Judged:
    """Seconds count from `now`; the newest fix may be older, the wheels kept turning."""
    age = (now - moment.at) / 1000
    left = model.predict(moment.left, one.ride, moment.so_far)
    low, mid, high = (max(1.0, left.quantile(z) - age) for z in (-Z90, 0.0, Z90))
    tightness = PROMISES[crc32(f"{one.trip.id}|{stage}".encode()) % len(PROMISES)]
    promise = max(1.0, moment.left.seconds * tightness)
    return Judged(
        stage, (one.ends_at - now) / 1000, one.whole_s, mid, low, high,
        max(1.0, moment.left.seconds - age), max(1.0, moment.left.metres / speed.now - age),
        left.chance_by(promise + age), promise,
    )  # fmt: skip


class Score(NamedTuple):
    """One stage in figures; shares and errors in per cent."""

    n: int
    mape: float  # of what is left
    mape_whole: float  # of the whole ride's time
    median_ape: float
    bias: float  # of what is left; above 0: predicted too long
    coverage: float  # of P10–P90
    width: float  # of that band, in parts of P50 (median)
    map_mape: float
    constant_mape: float


def score(judged: Sequence[Judged], stage: int) -> Score | None:
    """None when nothing was judged at this stage."""
    rows = [j for j in judged if j.stage == stage]
    if not rows:
        return None
    n = len(rows)

    def mape(pick: Callable[[Judged], float]) -> float:
        return 100 * sum(abs(pick(j) - j.left_s) / j.left_s for j in rows) / n

    return Score(
        n=n, mape=mape(lambda j: j.p50_s),
        mape_whole=100 * sum(abs(j.p50_s - j.left_s) / j.whole_s for j in rows) / n,
        median_ape=100 * median(abs(j.p50_s - j.left_s) / j.left_s for j in rows),
        bias=100 * sum(j.p50_s - j.left_s for j in rows) / sum(j.left_s for j in rows),
        coverage=100 * sum(j.p10_s <= j.left_s <= j.p90_s for j in rows) / n,
        width=100 * median((j.p90_s - j.p10_s) / j.p50_s for j in rows),
        map_mape=mape(lambda j: j.map_s), constant_mape=mape(lambda j: j.constant_s),
    )  # fmt: skip


class Bin(NamedTuple):
    """Predictions of about the same chance, and how many promises were really kept."""

    low: float
    high: float
    n: int
    said: float
    kept: float


def reliability(pairs: Sequence[tuple[float, bool]]) -> list[Bin]:
    """(chance said, promise kept) in five bins."""
    edges = (0.0, 0.2, 0.4, 0.6, 0.8)
    bins: list[list[tuple[float, bool]]] = [[] for _ in edges]
    for pair in pairs:
        bins[bisect_right(edges, pair[0]) - 1].append(pair)
    found = []
    for low, rows in zip(edges, bins, strict=True):
        if rows:
            said, kept = sum(c for c, _ in rows) / len(rows), sum(k for _, k in rows) / len(rows)
            found.append(Bin(low, low + 0.2, len(rows), said, kept))
    return found
