"""Times as people say them (OR-30)."""

import pytest

from huaxin.orders.model import Promise
from huaxin.orders.words import clock, mask_phone, new_time_words, promise_words
from tests.unit.orders.helpers import FRIDAY, at

ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("time", "zh", "en"),
    [
        ("09:00", "九点", "9 am"),
        ("09:30", "九点半", "9:30 am"),
        ("14:00", "下午两点", "2 pm"),
        ("17:00", "下午五点", "5 pm"),
        ("12:15", "中午十二点一刻", "12:15 pm"),
        ("20:05", "晚上八点零五分", "8:05 pm"),
        ("11:40", "十一点四十分", "11:40 am"),
        ("00:20", "凌晨十二点二十分", "12:20 am"),
    ],
)
def test_clock(time: str, zh: str, en: str) -> None:
    words = clock(at(f"2026-03-06 {time}"), ZONE)
    assert (words.zh, words.en) == (zh, en)


@pytest.mark.parametrize(
    ("start", "end", "zh", "en"),
    [
        ("2026-03-07 09:00", "2026-03-07 11:00", "周六上午", "on Saturday morning"),
        ("2026-03-06 16:00", "2026-03-06 18:00", "今天下午", "this afternoon"),
        (None, "2026-03-06 17:00", "今天下午五点前", "today before 5 pm"),
        ("2026-03-20 13:00", "2026-03-20 15:00", "3月20日下午", "on March 20 afternoon"),
        (
            "2026-03-07 11:00",
            "2026-03-07 13:00",
            "周六十一点到下午一点",
            "on Saturday between 11 am and 1 pm",
        ),
    ],
)
def test_promise(start: str | None, end: str, zh: str, en: str) -> None:
    words = promise_words(Promise(start=at(start) if start else 0, end=at(end)), FRIDAY, ZONE)
    assert (words.zh, words.en) == (zh, en)


def test_new_time_names_the_day_only_when_it_is_another() -> None:
    assert new_time_words(Promise(end=at("2026-03-06 17:00")), FRIDAY, ZONE).zh == "下午五点"
    assert new_time_words(Promise(end=at("2026-03-07 17:00")), FRIDAY, ZONE).zh == "周六下午五点"


def test_masked_numbers() -> None:
    assert mask_phone("13800138000") == "138****8000"
    assert mask_phone("+8613800138000") == "138****8000"
    assert mask_phone("123") == "***"
