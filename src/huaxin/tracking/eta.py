"""When will it be there: a distribution, not a number.

The ride to a stop and everything before it is a sum of rides, handovers and pauses. Its mean comes from the
plan, its variance is added up here, and the remaining time is taken as log-normal: delays have a long tail to
one side only. How far off such distributions were before is learned and shapes them (`learning.spread`).
Waiting for a window to open cuts them off from below.
"""

from collections.abc import Callable
from math import log, sqrt

import msgspec

from huaxin.dispatch.model import PlannedStop, RunPlan, window_of
from huaxin.orders.model import Order, Status
from huaxin.tracking.learning.spread import NORMAL, Z90, Range, Shape, shaped
from huaxin.tracking.positions import FRESH_MS
from huaxin.tracking.views import EtaView

# Lights and crossings come one by one, so the variance of a ride grows with its length and splitting a way
# into two legs changes nothing: 24 s² per second, i.e. ± 2 min on a ride of ten.
RIDE_VARIANCE = 24.0
TRAFFIC_SPREAD = 0.12  # of all legs together: a slow hour is slow everywhere
RIDE_FLOOR_S = 20.0
GUESS_SPREAD = 0.6  # of a leg that the map does not know
STALE_SPREAD = 0.5  # s of doubt per second without a position
MIN_REMAINING_S = 15.0

ON_TIME_CHANCE = 0.8
LATE_CHANCE = 0.2
SLIPPING_CHANCE = 0.5  # below it the promise is more likely broken than kept: people are told


class Arrival(msgspec.Struct, frozen=True):
    """Seconds from now until the door, log-normal with these moments, shaped as such predictions came true,
    and not before `floor_s`. `group`: which predictions are like this one."""

    mean_s: float
    sd_s: float
    floor_s: float = 0.0
    group: str = ""
    shape: Shape = NORMAL

    def quantile_s(self, z: float) -> float:
        """Seconds from now at this standard normal quantile."""
        return max(self.floor_s, self._range().quantile(z))

    def chance_by(self, seconds: float) -> float:
        """Probability of being there within so many seconds from now."""
        if seconds <= 0 or seconds < self.floor_s:
            return 0.0
        return self._range().chance_by(seconds)

    def told(self, promise_s: float) -> tuple[float, float, float, float]:
        """P10, P50, P90 (seconds) and the chance of the promise, all at once."""
        found, floor = self._range(), self.floor_s
        chance = 0.0 if promise_s <= 0 or promise_s < floor else found.chance_by(promise_s)
        low, middle, high = found.quantile(-Z90), found.quantile(0.0), found.quantile(Z90)
        return max(floor, low), max(floor, middle), max(floor, high), chance

    def error_of(self, seconds: float) -> float:
        """How far off it was when it took so long, in standard deviations, before any shaping."""
        mu, sigma = _log_moments(self.mean_s, self.sd_s)
        return (log(max(seconds, 1.0)) - mu) / sigma

    def _range(self) -> Range:
        return shaped(*_log_moments(self.mean_s, self.sd_s), self.shape)


def _log_moments(mean: float, sd: float) -> tuple[float, float]:
    mean = max(mean, MIN_REMAINING_S)
    variance = log(1 + (max(sd, 1.0) / mean) ** 2)
    return log(mean) - variance / 2, sqrt(variance)


def _as_normal(group: str) -> Shape:
    return NORMAL


def group_of(stops_before: int, mean_s: float) -> str:
    """Predictions that err alike: as many stops before, about as far away."""
    size = 0 if mean_s < 180 else 1 if mean_s < 480 else 2 if mean_s < 1_200 else 3
    return f"{min(stops_before, 3)}:{size}"


def arrivals(
    plan: RunPlan, now: int, age_ms: int, head_spread: float = 0.0, shape: Callable[[str], Shape] = _as_normal
) -> list[Arrival]:
    """One per stop of the plan. `age_ms`: of the position it was made from (0 when standing at the shop);
    `head_spread`: of the first ride, in logarithms, when it is known better than by its length."""
    found, rides, variance = list[Arrival](), 0.0, 0.0
    if age_ms > FRESH_MS:
        variance += (STALE_SPREAD * age_ms / 1000) ** 2
    for n, stop in enumerate(plan.stops):
        if n == 0 and head_spread and stop.known:
            variance += (head_spread * stop.ride_s) ** 2 + RIDE_FLOOR_S**2
        else:
            rides += stop.ride_s
            variance += _ride_variance(stop)
        variance += stop.pause_sd**2
        sd = sqrt(variance + (TRAFFIC_SPREAD * rides) ** 2)
        until = (stop.arrive_at - now) / 1000
        floor = until if stop.wait_s > 0 else 0.0
        mean = max(until - stop.wait_s, 0.0)
        group = group_of(stop.rank, mean)
        found.append(Arrival(mean, sd, floor, group, shape(group)))
        # Time spent waiting at a door absorbs delays met on the way to it.
        variance = max(0.0, sqrt(variance) - stop.wait_s) ** 2 + stop.service_sd**2
    return found


def _ride_variance(stop: PlannedStop) -> float:
    if not stop.known:
        return (GUESS_SPREAD * stop.ride_s) ** 2
    return RIDE_VARIANCE * stop.ride_s + (RIDE_FLOOR_S**2 if stop.ride_s > 0 else 0.0)


def eta_of(
    order: Order, stop: PlannedStop, arrival: Arrival, now: int, *, lost: bool, distance_m: float
) -> EtaView:
    """The prediction for one order. `lost`: the position is too old to say more than a guess."""
    end = window_of(order)[1]
    low_s, middle_s, high_s, chance = arrival.told((end - now) / 1000)
    return EtaView(
        p50_at=now + round(middle_s * 1000), p90_at=now + round(high_s * 1000),
        p10_at=now + round(low_s * 1000),
        chance=round(chance, 3), verdict=verdict_of(chance, now > end, lost or not stop.known),
        stops_before=stop.rank, distance_m=round(distance_m, 1), computed_at=now,
    )  # fmt: skip


def arrived_eta(order: Order, now: int) -> EtaView:
    """At the door already: nothing is left to predict."""
    at = order.times.get("arrived", now)
    kept = at <= window_of(order)[1]
    return EtaView(
        p50_at=at,
        p90_at=at,
        chance=1.0 if kept else 0.0,
        verdict="on_time" if kept else "late",
        computed_at=now,
    )


def verdict_of(chance: float, past: bool, unknown: bool) -> str:
    if past or (chance < LATE_CHANCE and not unknown):
        return "late"
    if unknown:
        return "unknown"
    return "on_time" if chance >= ON_TIME_CHANCE else "slipping"


def should_report_slipping(order: Order, eta: EtaView, now: int) -> bool:
    """Is it time to tell shop and buyer that the promise will probably be broken? Once per promise
    (`slipping_told` is cleared by a new promise); never on a guess while there is still time."""
    if not order.open or order.slipping_told or order.status is Status.arrived:
        return False
    if eta.verdict == "unknown":
        return False
    return eta.chance < SLIPPING_CHANCE or now > window_of(order)[1]
