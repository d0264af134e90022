"""How wide to make a range so that what is said comes true as often as it says.

A scale by bucket (how far is left), and on top of it the quantiles 10, 50 and 90 per cent of the scaled
errors, each moved up a little when it was too low and down when it was too high. So they hold whatever the
errors look like, and follow when the city changes.
"""

from math import erf, exp, log, sqrt
from typing import NamedTuple

Z90 = 1.2815515655446004
STEP = 0.03  # of a quantile, once it has seen much
SLOW = 12.0  # examples until the first guess counts half
SCALE_WORTH = 12.0  # examples that the first guess of a scale is worth
SCALE_MEMORY = 400.0
FAR = 3.5  # a scaled error beyond this is an accident, not spread
NARROW = 0.35  # the range never closes

Shape = tuple[float, float, float]
"""Quantiles 10, 50 and 90 per cent of errors, in standard deviations."""

_PARTS: Shape = (0.1, 0.5, 0.9)
NORMAL: Shape = (-Z90, 0.0, Z90)


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


def shaped(mid: float, scale: float, shape: Shape) -> Range:
    """The range about a predicted log with this standard deviation, as errors were really shaped."""
    low, middle, high = shape
    below, above = max(middle - low, NARROW) / Z90, max(high - middle, NARROW) / Z90
    return Range(mid + middle * scale, below * scale, above * scale)


class Quantiles:
    """The shape of errors by group."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[float, ...]] = {}  # group → three quantiles, examples

    def shape(self, group: str) -> Shape:
        known = self.known.get(group)
        return NORMAL if known is None else (known[0], known[1], known[2])

    def learn(self, group: str, off: float, weight: float = 1.0) -> None:
        """An error in standard deviations. `weight`: below 1 for one of several that say nearly the same."""
        seen = self.known.get(group, (*NORMAL, 0.0))[3]
        step = 3 * weight * max(STEP, 1 / (SLOW + seen))
        moved = [q + step * (p - (off <= q)) for q, p in zip(self.shape(group), _PARTS, strict=True)]
        self.known[group] = (*sorted(moved), min(seen + weight, 1e6))


class Scales:
    """Standard deviations of log errors by bucket. `first`: before anything was seen."""

    def __init__(self, first: float) -> None:
        self._first = first
        self.known: dict[str, tuple[float, ...]] = {}  # bucket → sum of squares, weight

    def scale(self, bucket: str) -> float:
        total, weight = self.known.get(bucket, (0.0, 0.0))
        return sqrt((self._first**2 * SCALE_WORTH + total) / (SCALE_WORTH + weight))

    def learn(self, bucket: str, square: float) -> None:
        """The square of one error."""
        total, weight = self.known.get(bucket, (0.0, 0.0))
        fade = 1 - 1 / SCALE_MEMORY if weight >= SCALE_MEMORY else 1.0
        self.known[bucket] = (total * fade + square, weight * fade + 1)


class Spreads:
    """Scales and shapes together."""

    def __init__(self, first: float) -> None:
        self.scales, self.quantiles = Scales(first), Quantiles()

    def around(self, mid: float, bucket: str, group: str, extra: float = 0.0) -> Range:
        """The range about a predicted log. `extra`: variance known to come on top."""
        scale = sqrt(self.scales.scale(bucket) ** 2 + extra)
        return shaped(mid, scale, self.quantiles.shape(group))

    def learn(self, mid: float, actual: float, bucket: str, group: str, extra: float = 0.0) -> None:
        """What was predicted (the log before any correction) and what came true (its log)."""
        scale = sqrt(self.scales.scale(bucket) ** 2 + extra)
        off = (actual - mid) / scale
        square = min(off * off, FAR * FAR) * scale * scale
        self.scales.learn(bucket, max(0.0, square - extra))
        self.quantiles.learn(group, off)
