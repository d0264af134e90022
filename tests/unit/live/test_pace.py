"""HT-24: one person cannot drown the others."""

import pytest

from huaxin.journal.model import Rejected
from huaxin.live.pace import BURST, PER_SECOND, RESERVE, Pace


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


def test_a_burst_and_what_was_kept_offline_then_a_steady_pace() -> None:
    """HT-24: 500 messages written without network pass at once, and not again for minutes."""
    seconds = Seconds()
    pace = Pace(lambda: 1.0, seconds)
    assert take(pace, "li", 2_000) == BURST + RESERVE
    assert take(pace, "chen", 1) == 1
    with pytest.raises(Rejected) as refusal:
        pace.take("li")
    assert (refusal.value.code, refusal.value.status) == ("rate.too_fast", 429)
    seconds.now += 1.0
    assert take(pace, "li", 500) == pytest.approx(PER_SECOND + 1, abs=1)
    seconds.now += 60.0
    assert take(pace, "li", 500) == pytest.approx(BURST + 60, abs=1)
    seconds.now += 3_600.0
    assert take(pace, "li", 2_000) == pytest.approx(BURST + RESERVE, abs=1)


def test_a_hurried_demo_is_not_held_up() -> None:
    assert take(Pace(lambda: 60.0, Seconds()), "courier", 500) == 500
