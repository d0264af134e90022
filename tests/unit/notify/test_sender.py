"""What a push service's answers mean (NTF-17, NTF-18), and what it may read (NTF-16)."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from huaxin.notify.sender import MOST_WAIT_S, Outcome, read_answer, topic_of


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.sent), (201, Outcome.sent), (202, Outcome.sent), (204, Outcome.sent),
        (404, Outcome.gone), (410, Outcome.gone),
        (408, Outcome.later), (429, Outcome.later), (500, Outcome.later), (503, Outcome.later),
        (301, Outcome.refused), (400, Outcome.refused), (403, Outcome.refused), (413, Outcome.refused),
    ],
)  # fmt: skip
def test_statuses(status: int, outcome: Outcome) -> None:
    """NTF-17, NTF-18; a redirection is not followed (NTF-14)."""
    assert read_answer(status, {}).outcome is outcome


def test_retry_after() -> None:
    """NTF-18: seconds or a date, at most an hour, nonsense as if nothing were said."""

    def wait_s(value: str) -> int:
        return read_answer(429, {b"Retry-After": value.encode("latin-1", "replace")}).wait_s

    assert wait_s("90") == 90
    assert wait_s("999999") == MOST_WAIT_S
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=600), usegmt=True)
    assert 590 <= wait_s(soon) <= 600
    past = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
    for value in (past, "", "-5", "soon", "1e9", "²"):
        assert wait_s(value) == 0
    assert read_answer(503, {}).wait_s == 0


def test_a_topic_tells_nothing() -> None:
    """NTF-16."""
    topic = topic_of("order-1:p-li:buyer")
    assert len(topic) == 32
    assert "order" not in topic
    assert topic == topic_of("order-1:p-li:buyer") != topic_of("order-2:p-li:buyer")
