"""What is asked of arrival times, and whether it was met.

Half-way an error can be read in two ways: beside the whole ride's time (how far off is the moment of arrival,
for a ride of this length), or beside what is left of it (twice as hard: half the time to share the same
minutes). Both are named; a figure is never printed without saying which one it is.
"""

from collections.abc import Sequence
from typing import NamedTuple

DEPARTURE, HALF_WAY = 15.0, 10.0  # per cent, at most
COVERED = (75.0, 85.0)  # per cent of arrivals within P10–P90


class Stage(NamedTuple):
    """Of one moment of the ride, in per cent. `left`: MAPE of the time left; `whole`: of the whole ride."""

    name: str
    left: float
    whole: float
    covered: float


def targets_of(stages: Sequence[Stage]) -> list[str]:
    """A line for each target; the first stage is the departure, the second half-way."""
    lines = []
    if stages:
        lines.append(_line("MAPE at departure (nothing ridden: both are one)", stages[0].left, DEPARTURE))
    if len(stages) > 1:
        lines.append(_line("MAPE half-way, of the whole ride's time", stages[1].whole, HALF_WAY))
        lines.append(_line("MAPE half-way, of the time left", stages[1].left, HALF_WAY))
    low, high = COVERED
    for stage in stages:
        met = "met" if low <= stage.covered <= high else "missed"
        name = f"P10–P90 covers {stage.name}"
        lines.append(f"  {name:50}{stage.covered:6.1f} %   {low:.0f}–{high:.0f} %   {met}")
    return lines


def _line(name: str, value: float, most: float) -> str:
    return f"  {name:50}{value:6.1f} %   ≤ {most:.0f} %    {'met' if value <= most else 'missed'}"


def print_targets(stages: Sequence[Stage]) -> None:
    print("\nTargets")
    for line in targets_of(stages):
        print(line)
