"""When will it be there: a distribution, not a number; and why it moved.

The ride to a stop and everything before it is a sum of rides, handovers and pauses. Its mean comes from the
plan, its variance is added up here, and the remaining time is taken as log-normal: delays have a long tail to
one side only. Waiting for a window to open cuts the distribution off from below.
"""

from math import erf, exp, log, sqrt

import msgspec

from huaxin.dispatch.model import PlannedStop, RunPlan, window_of
from huaxin.kernel import Text
from huaxin.orders.model import Order, Status
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
Z90 = 1.2815515655446004

ON_TIME_CHANCE = 0.8
LATE_CHANCE = 0.2
SLIPPING_CHANCE = 0.5  # below it the promise is more likely broken than kept: people are told

MOVE_MS = 120_000  # a smaller change is not announced


class Arrival(msgspec.Struct, frozen=True):
    """Seconds from now until the door, log-normal with these moments, and not before `floor_s`."""

    mean_s: float
    sd_s: float
    floor_s: float = 0.0

    def quantile_s(self, z: float) -> float:
        """Seconds from now at this standard normal quantile."""
        mu, sigma = _log_moments(self.mean_s, self.sd_s)
        return max(self.floor_s, exp(mu + z * sigma))

    def chance_by(self, seconds: float) -> float:
        """Probability of being there within so many seconds from now."""
        if seconds <= 0 or seconds < self.floor_s:
            return 0.0
        mu, sigma = _log_moments(self.mean_s, self.sd_s)
        return 0.5 * (1 + erf((log(seconds) - mu) / (sigma * sqrt(2))))


def _log_moments(mean: float, sd: float) -> tuple[float, float]:
    mean = max(mean, MIN_REMAINING_S)
    variance = log(1 + (max(sd, 1.0) / mean) ** 2)
    return log(mean) - variance / 2, sqrt(variance)


def arrivals(plan: RunPlan, now: int, age_ms: int) -> list[Arrival]:
    """One per stop of the plan. `age_ms`: of the position it was made from (0 when standing at the shop)."""
    found, rides, variance = list[Arrival](), 0.0, 0.0
    if age_ms > FRESH_MS:
        variance += (STALE_SPREAD * age_ms / 1000) ** 2
    for stop in plan.stops:
        rides += stop.ride_s
        variance += _ride_variance(stop) + stop.pause_sd**2
        sd = sqrt(variance + (TRAFFIC_SPREAD * rides) ** 2)
        until = (stop.arrive_at - now) / 1000
        floor = until if stop.wait_s > 0 else 0.0
        found.append(Arrival(max(until - stop.wait_s, 0.0), sd, floor))
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
    chance = arrival.chance_by((end - now) / 1000)
    return EtaView(
        p50_at=now + round(arrival.quantile_s(0.0) * 1000),
        p90_at=now + round(arrival.quantile_s(Z90) * 1000),
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


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """What an eta stood on when it was last told, to say later what changed."""

    p50_at: int
    before: frozenset[str]  # orders visited before this one
    floor_at: int  # the window opens; an eta cannot be before it
    handover_s: float = 0.0  # overrun of the handover going on now
    still_s: float = 0.0  # standing off any stop
    stale: bool = False


class Move(msgspec.Struct, frozen=True):
    minutes: int
    why: Text


def move_of(told: Basis, now: Basis) -> Move | None:
    """What to say about an eta that moved, None when it moved by less than two minutes."""
    shift = now.p50_at - told.p50_at
    if abs(shift) < MOVE_MS:
        return None
    minutes = round(shift / 60_000)
    zh, en = _later(told, now) if shift > 0 else _sooner(told, now)
    return Move(minutes, Text(f"{minutes:+d} 分钟：{zh}", f"{minutes:+d} min: {en}"))


def _later(told: Basis, now: Basis) -> tuple[str, str]:
    if now.floor_at > told.floor_at and now.p50_at <= now.floor_at + 60_000:
        return "按约定的时间送达", "at the agreed time"
    if now.before - told.before:
        return "前面加了一站", "a stop was added before"
    if now.handover_s - told.handover_s >= 60:
        return "上一单停留较久", "the stop before took longer"
    if now.still_s >= 180:
        return "配送员停留未动", "the courier is not moving"
    if now.stale:
        return "暂时收不到配送员的位置", "no position from the courier for a while"
    return "路上较堵", "heavy traffic"


def _sooner(told: Basis, now: Basis) -> tuple[str, str]:
    if now.floor_at < told.floor_at:
        return "送达时间已提前", "the time was moved forward"
    if told.before - now.before:
        return "前面少了一站", "a stop less before"
    return "路上比预计顺畅", "the roads are clearer than expected"
