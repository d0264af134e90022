"""The eta as a distribution, its verdicts and its words."""

import pytest
from msgspec.structs import replace

from huaxin.dispatch.model import Bike
from huaxin.dispatch.run import plan_run
from huaxin.orders.model import Order, Status
from huaxin.tracking.eta import (
    Arrival,
    arrivals,
    arrived_eta,
    eta_of,
    should_report_slipping,
    verdict_of,
)
from huaxin.tracking.moves import Basis, move_of
from tests.unit.dispatch.grid import MINUTE, NOON, Grid, at, order


def predicted(orders: list[Order], age_ms: int = 0, lost: bool = False) -> list:  # type: ignore[type-arg]
    plan = plan_run(Grid(), at(0, 0), orders, Bike(courier="c1", point=at(0, 0), at=NOON), NOON)
    found = arrivals(plan, NOON, age_ms)
    by_id = {o.id: o for o in orders}
    return [
        eta_of(by_id[s.order], s, a, NOON, lost=lost, distance_m=0)
        for s, a in zip(plan.stops, found, strict=True)
    ]


def test_quantiles_and_chance_agree() -> None:
    """TR-30: one distribution: half arrive by P50, nine in ten by P90."""
    arrival = Arrival(900, 200)
    assert arrival.chance_by(arrival.quantile_s(0)) == pytest.approx(0.5)
    assert arrival.chance_by(arrival.quantile_s(1.2815515655446004)) == pytest.approx(0.9)
    assert arrival.chance_by(0) == 0.0
    assert Arrival(0, 0).quantile_s(0) > 0


def test_doubt_grows_with_distance_stops_and_silence() -> None:
    """TR-30: further away, more stops before, or an older position: a wider range."""
    near, far = predicted([order("n", at(300, 0))])[0], predicted([order("f", at(4000, 0))])[0]
    assert near.p90_at - near.p50_at < far.p90_at - far.p50_at
    second = predicted([order("a", at(2000, 0)), order("f", at(4000, 0))])[1]
    assert second.p90_at - second.p50_at > far.p90_at - far.p50_at
    old = predicted([order("n", at(300, 0))], age_ms=80_000)[0]
    assert old.p90_at - old.p50_at > near.p90_at - near.p50_at


def test_the_range_is_honest_under_its_own_assumptions() -> None:
    """TR-30: P50 lies a little below the mean (a long tail of delays)."""
    eta = predicted([order("a", at(3000, 0))])[0]
    assert NOON + 9 * MINUTE < eta.p50_at < NOON + 10 * MINUTE < eta.p90_at < NOON + 15 * MINUTE


@pytest.mark.parametrize(
    ("chance", "past", "unknown", "verdict"),
    [(0.8, False, False, "on_time"), (0.79, False, False, "slipping"), (0.2, False, False, "slipping"),
     (0.19, False, False, "late"), (0.9, True, False, "late"), (0.9, False, True, "unknown"),
     (0.1, False, True, "unknown"), (0.1, True, True, "late")],
)  # fmt: skip
def test_verdicts(chance: float, past: bool, unknown: bool, verdict: str) -> None:
    """TR-31: on time from 0.8, late below 0.2 or after the end, unknown when nobody can say."""
    assert verdict_of(chance, past, unknown) == verdict


def test_waits_for_the_window() -> None:
    """TR-30: nobody is promised a bell before the window opens."""
    eta = predicted([order("a", at(300, 0), start=NOON + 30 * MINUTE, end=NOON + 90 * MINUTE)])[0]
    assert eta.p50_at == NOON + 30 * MINUTE
    assert eta.verdict == "on_time"


def test_slipping_is_told_once_and_never_on_a_guess() -> None:
    """TR-32: below one half, not told before, position known, still open, not at the door."""
    tight = order("a", at(3000, 0), end=NOON + 8 * MINUTE)
    eta = predicted([tight])[0]
    assert eta.chance < 0.5
    assert should_report_slipping(tight, eta, NOON)
    assert not should_report_slipping(replace(tight, slipping_told=True), eta, NOON)
    assert not should_report_slipping(replace(tight, status=Status.delivered), eta, NOON)
    assert not should_report_slipping(replace(tight, status=Status.arrived), eta, NOON)
    assert not should_report_slipping(tight, predicted([tight], lost=True)[0], NOON)
    easy = order("a", at(3000, 0), end=NOON + 11 * MINUTE)
    assert not should_report_slipping(easy, predicted([easy])[0], NOON)


def test_at_the_door_nothing_is_predicted() -> None:
    """TR-31: arrived in time is on time, whatever the clock says now."""
    there = order("a", at(0, 0), status=Status.arrived, times={"arrived": NOON}, end=NOON + MINUTE)
    assert arrived_eta(there, NOON + 5 * MINUTE).verdict == "on_time"
    assert arrived_eta(replace(there, promise=replace(there.promise, end=NOON - 1)), NOON).verdict == "late"


TOLD = Basis(p50_at=NOON, before=frozenset({"x"}), floor_at=0, heading="x", way_m=2_000)
LATER = replace(TOLD, p50_at=NOON + 360_000)


@pytest.mark.parametrize(
    ("now", "zh"),
    [
        (replace(TOLD, p50_at=NOON + 179_000), None),
        (replace(TOLD, p50_at=NOON - 179_000), None),
        (replace(LATER, handovers={3: 300.0}), "+6 分钟：第3单停留较久"),
        (replace(LATER, handovers={1: 100.0, 2: 200.0}), "+6 分钟：第2单停留较久"),
        (LATER, "+6 分钟：路上较堵"),
        (replace(LATER, before=frozenset({"x", "y"})), "+6 分钟：前面加了一站"),
        (replace(LATER, before=frozenset({"x", "y", "z"})), "+6 分钟：前面加了两站"),
        (replace(LATER, still_s=200), "+6 分钟：配送员停留未动"),
        (replace(LATER, waiting=True), "+6 分钟：还在店里"),
        (replace(LATER, stale=True), "+6 分钟：暂时收不到配送员的位置"),
        (replace(LATER, way_m=2_600), "+6 分钟：路上绕行"),
        (replace(LATER, way_m=2_600, heading="y"), "+6 分钟：路上较堵"),
        (replace(LATER, floor_at=NOON + 360_000), "+6 分钟：按约定的时间送达"),
        (replace(TOLD, p50_at=NOON - 240_000), "−4 分钟：路上比预计顺畅"),
        (replace(TOLD, p50_at=NOON - 240_000, before=frozenset()), "−4 分钟：路上比预计顺畅"),
    ],
)  # fmt: skip
def test_why_it_moved(now: Basis, zh: str | None) -> None:
    """TR-33: three minutes and more, with the most telling reason; less is not announced. A stop that was
    served was in the eta: it makes nothing sooner."""
    move = move_of(TOLD, now)
    assert (move.why.zh if move else None) == zh
    assert move is None or move.why.en


def test_a_stop_that_was_taken_away_makes_it_sooner() -> None:
    """TR-33: another than the one ridden to is gone."""
    told = replace(TOLD, before=frozenset({"x", "y"}))
    move = move_of(told, replace(TOLD, p50_at=NOON - 600_000))
    assert move is not None
    assert (move.why.zh, move.why.en) == ("−10 分钟：前面少了一站", "−10 min: a stop less before")


def test_the_pick_up_explains_what_it_changed() -> None:
    """TR-33: flowers that left the shop earlier or later than planned, not the roads."""
    told = replace(TOLD, waiting=True)
    sooner = move_of(told, replace(TOLD, p50_at=NOON - 600_000))
    later = move_of(told, LATER)
    assert sooner is not None
    assert later is not None
    assert (sooner.why.zh, later.why.en) == (
        "−10 分钟：取货比预计早",
        "+6 min: picked up later than expected",
    )
