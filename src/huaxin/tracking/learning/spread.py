"""How wide to make a range so that what is said comes true as often as it says.

A scale by bucket (how far is left), and on top of it the quantiles 10, 50 and 90 per cent of the scaled
errors, each moved up a little when it was too low and down when it was too high. So they hold whatever the
errors look like, and follow when the city changes.
"""

from math import erf, exp, log, sqrt
from typing import NamedTuple

Z90 = 1.2815515655446004
_QUANTILES = (0.1, 0.5, 0.9)
_START = (-Z90, 0.0, Z90)
STEP = 0.03  # of a quantile, once it has seen much
SLOW = 12.0  # examples until the first guess counts half
SCALE_WORTH = 12.0  # examples that the first guess of a scale is worth
SCALE_MEMORY = 400.0
FAR = 3.5  # a scaled error beyond this is an accident, not spread
NARROW = 0.35  # the range never closes


class Range(NamedTuple):
    """A log-normal with two sides: `mid` is the log of P50, `low` and `high` the spreads below and above."""

    mid: float
    low: float
    high: float

    def quantile(self, z: float) -> float:
        """At this standard normal quantile."""
        return exp(self.mid + z * (self.high if z > 0 else self.low))

    def chance_by(self, value: float) -> float:
        """Probability of at most this."""
        if value <= 0:
            return 0.0
        off = log(value) - self.mid
        return 0.5 * (1 + erf(off / ((self.high if off > 0 else self.low) * sqrt(2))))


class Spreads:
    """Scales and quantiles by bucket. `first`: the scale before anything was seen."""

    def __init__(self, first: float) -> None:
        self._first = first
        self.scales: dict[str, tuple[float, float]] = {}  # bucket → (sum of squares, weight)
        self.quantiles: dict[str, tuple[float, float, float, float]] = {}  # …, examples

    def scale(self, bucket: str) -> float:
        """The standard deviation of log errors in a bucket."""
        total, weight = self.scales.get(bucket, (0.0, 0.0))
        return sqrt((self._first**2 * SCALE_WORTH + total) / (SCALE_WORTH + weight))

    def around(self, mid: float, bucket: str, group: str, extra: float = 0.0) -> Range:
        """The range about a predicted log. `extra`: variance known to come on top."""
        scale = sqrt(self.scale(bucket) ** 2 + extra)
        low, middle, high, _ = self.quantiles.get(group, (*_START, 0.0))
        below, above = max(middle - low, NARROW) / Z90, max(high - middle, NARROW) / Z90
        return Range(mid + middle * scale, below * scale, above * scale)

    def learn(self, mid: float, actual: float, bucket: str, group: str, extra: float = 0.0) -> None:
        """What was predicted (the log before any correction) and what came true (its log)."""
        scale = sqrt(self.scale(bucket) ** 2 + extra)
        off = (actual - mid) / scale
        total, weight = self.scales.get(bucket, (0.0, 0.0))
        if weight >= SCALE_MEMORY:
            fade = 1 - 1 / SCALE_MEMORY
            total, weight = total * fade, weight * fade
        square = min(off * off, FAR * FAR) * scale * scale
        self.scales[bucket] = (total + max(0.0, square - extra), weight + 1)
        *known, seen = self.quantiles.get(group, (*_START, 0.0))
        step = max(STEP, 1 / (SLOW + seen))
        moved = [q + 3 * step * (p - (off <= q)) for q, p in zip(known, _QUANTILES, strict=True)]
        low, middle, high = sorted(moved)
        self.quantiles[group] = (low, middle, high, min(seen + 1, 1e6))
