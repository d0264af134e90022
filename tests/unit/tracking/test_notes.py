"""Promises read from notes: the list in notes.tsv, and what no list holds."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from huaxin.tracking.notes import promise_from_note, read_note

from .noting import NOW, TZ, notes, read


@pytest.mark.parametrize(("meant", "said"), notes())
def test_the_list(meant: str, said: str) -> None:
    """TR-50 … TR-57, TR-59, TR-92: one clear wish is the promise, one of a few is asked, else nothing."""
    assert read(said) == meant


def test_a_long_note_of_signs_says_nothing() -> None:
    """TR-57."""
    assert read("") == read("🌹" * 300) == read("十二三点" * 200) == "-"


def test_the_clock_decides_what_a_bare_hour_means() -> None:
    """TR-52: with no half of the day and no day said, the next such hour within the day's deliveries."""
    assert read("8点前", NOW.replace(hour=7)) == "?15 -08:00 | 15 -20:00"
    assert read("8点前", NOW.replace(hour=14)) == "?15 -20:00 | 16 -08:00"
    assert read("8点前", NOW.replace(hour=21)) == "?16 -08:00 | 16 -20:00"
    assert read("3点前", NOW.replace(hour=16)) == "16 -15:00"


def test_source_is_the_note_and_any_time_zone_works() -> None:
    """TR-50: the promise says where it came from; hours are the shop's."""
    promise = promise_from_note("下午三点前", round(NOW.timestamp() * 1000), ZoneInfo("Europe/Berlin"))
    assert promise is not None
    assert promise.source == "note"
    assert datetime.fromtimestamp(promise.end / 1000, ZoneInfo("Europe/Berlin")).hour == 15


@pytest.mark.parametrize("hours", [0, 5, 9, 13, 30])
def test_never_in_the_past_never_upside_down(hours: int) -> None:
    """TR-58: at any hour a promise read from a note ends in the future and after it starts."""
    now = round((NOW + timedelta(hours=hours)).timestamp() * 1000)
    for _, said in notes():
        promise, choices, _ = read_note(said, now, TZ)
        for one in (promise, *choices):
            assert one is None or (one.end > now and one.start < one.end), said
