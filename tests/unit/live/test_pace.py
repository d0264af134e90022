"""HT-24: one person cannot drown the others."""

import pytest

from huaxin.journal.model import Rejected
from huaxin.live.pace import BURST, PER_SECOND, Pace


class Seconds:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def take(pace: Pace, person: str, times: int) -> int:
    """How many of so many commands in a row were let through."""
    for done in range(times):
        try:
            pace.take(person)
        except Rejected:
            return done
    return times


def test_a_burst_then_a_steady_pace() -> None:
    seconds = Seconds()
    pace = Pace(lambda: 1.0, seconds)
    assert take(pace, "li", 500) == BURST
    assert take(pace, "chen", 1) == 1
    with pytest.raises(Rejected) as refusal:
        pace.take("li")
    assert (refusal.value.code, refusal.value.status) == ("rate.too_fast", 429)
    seconds.now += 1.0
    assert take(pace, "li", 500) == pytest.approx(PER_SECOND, abs=1)
    seconds.now += 60.0
    assert take(pace, "li", 500) == BURST


def test_a_hurried_demo_is_not_held_up() -> None:
    assert take(Pace(lambda: 60.0, Seconds()), "courier", 500) == 500
