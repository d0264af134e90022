"""How long a cause took to be on a screen, and the table of it."""

import os
from dataclasses import dataclass
from math import ceil

from huaxin.commands.common import print_table

TARGET_MS = 300.0
MEDIA_MS = 1_000.0  # an answered call: until sound or picture goes through, not only a drawing


@dataclass(frozen=True)
class Timing:
    """From the tap (or the report of a position) to the frame that shows its effect, ms."""

    story: int
    cause: str
    screen: str
    effect: str
    ms: float
    target_ms: float = TARGET_MS


def percentile(values: list[float], share: float) -> float:
    """The smallest value that `share` of them do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else 0.0


def show(timings: list[Timing]) -> None:
    """Prints the table and whether the targets were met."""
    rows = [(str(t.story), t.cause, t.screen, t.effect, f"{t.ms:.0f}") for t in timings]
    print_table(("story", "cause", "screen", "what appeared", "ms"), rows)
    values = [t.ms for t in timings if t.target_ms == TARGET_MS]
    p50, p99 = percentile(values, 0.5), percentile(values, 0.99)
    worst = max(values, default=0.0)
    print(f"\ncause → screen, {len(values)} times: p50 {p50:.0f} ms, p99 {p99:.0f} ms, worst {worst:.0f} ms")
    busy, cores = os.getloadavg()[0], os.cpu_count() or 1
    print(f"the machine: {cores} cores, load {busy:.1f}, three browser pages and the server among it")
    print(f"target p99 < {TARGET_MS:.0f} ms on loopback: {word(p99 < TARGET_MS)}")
    talks = [t.ms for t in timings if t.target_ms == MEDIA_MS]
    if talks:
        print(f"call answered → they talk, {len(talks)} times: worst {max(talks):.0f} ms; ", end="")
        print(f"target ≤ {MEDIA_MS:.0f} ms: {word(max(talks) <= MEDIA_MS)}")


def word(met: bool) -> str:
    return "met" if met else "missed"
