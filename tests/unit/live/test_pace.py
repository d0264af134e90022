"""HT-24: one person cannot drown the others."""

import pytest

from huaxin.journal.model import Rejected
from huaxin.live.pace import BURST, DEAR, DEVICE_BURST, PER_SECOND, QUERIES_BURST, RESERVE, Pace


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


def test_a_device_that_runs_wild_leaves_the_others_something() -> None:
    """HR-1: limits per person and per device."""
    seconds = Seconds()
    pace = Pace(lambda: 1.0, seconds)
    for _ in range(DEVICE_BURST + RESERVE):
        pace.take("li", "phone")
    with pytest.raises(Rejected) as refusal:
        pace.take("li", "phone")
    assert refusal.value.value == {"wait_s": 1}
    for _ in range(BURST - DEVICE_BURST):
        pace.take("li", "tablet")
    with pytest.raises(Rejected):
        pace.take("li", "tablet")


def test_queries_have_a_limit_and_dear_ones_a_lower() -> None:
    """HR-2: and the refusal says how long to wait."""
    for name, most in (("get_order", QUERIES_BURST), *((name, size) for name, (size, _) in DEAR.items())):
        seconds = Seconds()
        pace = Pace(lambda: 1.0, seconds)
        for _ in range(most):
            pace.ask("li", name)
        with pytest.raises(Rejected) as refused:
            pace.ask("li", name)
        pace.ask("chen", name)
        pace.take("li")  # commands are counted apart
        seconds.now += refused.value.value["wait_s"]
        pace.ask("li", name)
