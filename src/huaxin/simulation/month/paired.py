"""Two months held against each other, order by order: what differs, and how sure that is. Pure."""

from collections import Counter
from collections.abc import Mapping
from math import inf, sqrt
from typing import NamedTuple

Z975 = 1.959963984540054
Outcome = tuple[int, bool]  # (day of the month, promise kept)


class Difference(NamedTuple):
    """Shares of all orders. `low` to `high`: 95 % confidence, with the days as independent pairs."""

    mean: float
    low: float
    high: float
    gained: int  # orders kept in the second month alone
    lost: int  # … in the first alone

    @property
    def is_sure(self) -> bool:
        """The interval does not hold zero."""
        return self.low > 0 or self.high < 0


def compare(first: Mapping[str, Outcome], second: Mapping[str, Outcome]) -> Difference:
    """How many more promises the second month kept. Orders are paired by their id; those that only one of
    the two months has are left out. Orders of a day hang together (one late run is several late orders), so
    the interval comes from the days."""
    gains, sizes = Counter[int](), Counter[int]()
    gained = lost = 0
    for order in first.keys() & second.keys():
        (day, before), (_, after) = first[order], second[order]
        gains[day] += after - before
        sizes[day] += 1
        gained += after and not before
        lost += before and not after
    days, total = len(sizes), sum(sizes.values())
    if not total:
        return Difference(0.0, -inf, inf, 0, 0)
    mean = (gained - lost) / total
    if days < 3:
        return Difference(mean, -inf, inf, gained, lost)
    # Of a ratio of sums: days are of unequal size.
    square = sum((gains[day] - mean * size) ** 2 for day, size in sizes.items())
    error = sqrt(square * days / (days - 1)) / total
    half = students(days - 1) * error
    return Difference(mean, mean - half, mean + half, gained, lost)


def students(freedom: int) -> float:
    """Student's t at 97.5 per cent; good to 1 % from three degrees of freedom on."""
    z, n = Z975, freedom
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / n + second / n**2 + third / n**3
