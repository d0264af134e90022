"""Quiet hours and days by the person's clock (NTF-20, NTF-21)."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from huaxin.notify.model import NoticePreferences
from huaxin.notify.quiet import day_start, is_zone, quiet_until, zone_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


def ms(text: str, zone: ZoneInfo = SHANGHAI) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-05-10T21:59:59", ""),
        ("2026-05-10T22:00:00", "2026-05-11T08:00:00"),
        ("2026-05-11T00:00:00", "2026-05-11T08:00:00"),
        ("2026-05-11T07:59:59", "2026-05-11T08:00:00"),
        ("2026-05-11T08:00:00", ""),
    ],
)
def test_over_midnight(now: str, end: str) -> None:
    """NTF-20."""
    assert quiet_until(NoticePreferences(), ms(now), SHANGHAI) == (ms(end) if end else 0)


def test_within_a_day_and_never() -> None:
    """NTF-20."""
    noon = NoticePreferences(quiet_from="12:00", quiet_to="14:00")
    assert quiet_until(noon, ms("2026-05-10T13:00:00"), SHANGHAI) == ms("2026-05-10T14:00:00")
    assert quiet_until(noon, ms("2026-05-10T14:00:00"), SHANGHAI) == 0
    same = NoticePreferences(quiet_from="12:00", quiet_to="12:00")
    assert quiet_until(same, ms("2026-05-10T12:00:00"), SHANGHAI) == 0
    assert quiet_until(NoticePreferences(quiet=False), ms("2026-05-10T23:00:00"), SHANGHAI) == 0


def test_the_hour_that_is_there_twice() -> None:
    """NTF-20: where clocks are moved the end is still the person's 08:00."""
    berlin = ZoneInfo("Europe/Berlin")
    now = ms("2026-10-24T23:00:00", berlin)
    assert quiet_until(NoticePreferences(), now, berlin) == ms("2026-10-25T08:00:00", berlin)


def test_zones() -> None:
    """NTF-20: the person's own when there is one, else the shop's."""
    assert str(zone_of(NoticePreferences(time_zone="Asia/Tokyo"), "Asia/Shanghai")) == "Asia/Tokyo"
    assert str(zone_of(NoticePreferences(), "Asia/Shanghai")) == "Asia/Shanghai"
    for name in ("", "Mars/Olympus", "../etc/passwd", "Asia", "a\0b", "\ud800", "x" * 300):
        assert not is_zone(name)


def test_a_day_begins_where_the_person_is() -> None:
    """NTF-21."""
    now = ms("2026-05-10T00:30:00")
    assert day_start(now, SHANGHAI) == ms("2026-05-10T00:00:00")
    assert day_start(now, ZoneInfo("UTC")) == ms("2026-05-09T00:00:00", ZoneInfo("UTC"))
