"""Which reports are believed."""

from math import nan

import pytest

from huaxin.dispatch.roads import flat_m
from huaxin.tracking.positions import MAX_BATCH, CourierTrack
from huaxin.tracking.views import PositionReport
from tests.unit.dispatch.grid import NOON, at

SKEW = 7_777_000  # the phone's clock is two hours off


def report(
    east: float = 0, north: float = 0, *, s: float = 0, accuracy: float = 10, **more: object
) -> PositionReport:
    """A report `s` seconds after NOON by a wrong clock."""
    p = at(east, north)
    fields = {"at": NOON + SKEW + int(s * 1000), "lat": p.lat, "lon": p.lon, "accuracy_m": accuracy} | more
    return PositionReport(**fields)  # type: ignore[arg-type]


def codes(track: CourierTrack, reports: list[PositionReport], s: float = 0, sent_at: int = 0) -> list[str]:
    return [r.code for r in track.report(reports, NOON + int(s * 1000), sent_at).refused]


def test_age_is_counted_by_differences_of_the_phones_clock() -> None:
    """TR-1: a wrong clock does no harm; a fix 20 s older than the newest is 20 s old."""
    track = CourierTrack()
    answer = track.report([report(0), report(90, s=20)], NOON + 25_000)
    assert (answer.accepted, answer.moved, answer.refused) == (2, True, [])
    assert [f.at for f in track.tail] == [NOON + 5_000, NOON + 25_000]
    assert track.latest is not None
    assert track.latest.device_at == NOON + SKEW + 20_000


def test_age_is_counted_from_the_moment_of_sending_when_told() -> None:
    """TR-1: a queue sent a minute after its newest fix is a minute old."""
    track = CourierTrack()
    assert codes(track, [report()], 0, sent_at=NOON + SKEW + 60_000) == []
    assert track.latest is not None
    assert track.latest.at == NOON - 60_000


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"lat": nan}, "position.not_a_number"),
        ({"lat": 120.0, "lon": 30.25}, "position.swapped"),
        ({"lat": 120.0, "lon": 330.0}, "position.out_of_range"),
        ({"lat": 0.0, "lon": 0.0}, "position.null_island"),
        ({"datum": "mars"}, "position.datum"),
        ({"accuracy_m": 900.0}, "position.inaccurate"),
        ({"accuracy_m": nan}, "position.not_a_number"),
        ({"at": 0}, "position.no_time"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_its_reason(bad: dict[str, object], code: str) -> None:
    """TR-2: each fault by its name; the rest of the batch is taken."""
    track = CourierTrack()
    answer = track.report([report(**bad), report(5, s=1)], NOON)
    assert [(r.index, r.code) for r in answer.refused] == [(0, code)]
    assert answer.accepted == 1
    assert answer.refused[0].sentence


def test_future_ancient_duplicate_and_late_ones() -> None:
    """TR-3: times that cannot be, and what is known already."""
    track = CourierTrack()
    assert codes(track, [report(s=60)], sent_at=NOON + SKEW) == ["position.future"]
    assert codes(track, [report(s=-13 * 3600)], sent_at=NOON + SKEW) == ["position.too_old"]
    assert codes(track, [report(s=0)]) == []
    assert codes(track, [report(s=0)]) == ["position.duplicate"]
    assert codes(track, [report(50, s=9)], 10) == []
    assert codes(track, [report(50, s=12), report(20, s=5)], 12) == ["position.out_of_order"]


def test_reports_that_come_in_one_moment_follow_each_other() -> None:
    """TR-3: the line was held up; the phone measured a second apart."""
    track = CourierTrack()
    assert codes(track, [report(0, s=1)], 5) == []
    assert codes(track, [report(5, s=2)], 5) == []
    assert codes(track, [report(2, s=1)], 5) == ["position.out_of_order"]
    assert track.latest is not None
    assert track.latest.device_at - NOON - SKEW == 2_000


def test_an_impossible_jump_waits_for_agreement() -> None:
    """TR-4: one wild fix is refused; three that agree are the truth."""
    track = CourierTrack()
    codes(track, [report(0)])
    assert codes(track, [report(5000, s=3)], 3) == ["position.jump"]
    assert codes(track, [report(15, s=6)], 6) == []
    assert codes(track, [report(5000, s=9)], 9) == ["position.jump"]
    assert codes(track, [report(5010, s=12)], 12) == ["position.jump"]
    assert codes(track, [report(5020, s=15)], 15) == []
    assert track.latest is not None
    assert flat_m(track.latest.point, at(5020, 0)) < 1


def test_an_endless_batch_is_cut_to_the_newest() -> None:
    """TR-5: ten thousand fixes are read whole; of more the newest are."""
    track = CourierTrack()
    count = MAX_BATCH + 500
    answer = track.report([report(i * 0.5, s=i) for i in range(count)], NOON)
    assert answer.accepted == MAX_BATCH
    assert len(answer.refused) == 500
    assert track.latest is not None
    assert track.latest.device_at == NOON + SKEW + (count - 1) * 1000
    assert track.report([], NOON).accepted == 0


def test_source_datum_is_kept_and_converted() -> None:
    """TR-6: judged in WGS-84, kept as sent."""
    track = CourierTrack()
    codes(track, [report(datum="gcj02")])
    fix = track.latest
    assert fix is not None
    assert fix.reported == at(0, 0)
    assert fix.datum == "gcj02"
    assert 300 < flat_m(fix.point, at(0, 0)) < 900


def test_staleness_and_standing_still() -> None:
    """TR-7: fresh below 30 s, stale above 90 s. TR-8: jitter is no movement."""
    track = CourierTrack()
    assert track.is_stale(NOON)
    for i in range(40):
        codes(track, [report(10 * (i % 3), s=i * 15, accuracy=20)], i * 15)
    assert track.still_ms() == 39 * 15_000
    assert not track.is_stale(NOON + 39 * 15_000 + 90_000)
    assert track.is_stale(NOON + 39 * 15_000 + 90_001)
    codes(track, [report(200, s=620)], 620)
    assert track.still_ms() == 0


def test_smoothing_is_for_show_only() -> None:
    """TR-9: the shown point lags a vague fix, the judged one does not."""
    track = CourierTrack()
    codes(track, [report(0, accuracy=30)])
    codes(track, [report(30, s=3, accuracy=30)], 3)
    assert track.shown is not None
    assert track.latest is not None
    assert 0 < flat_m(track.shown, at(0, 0)) < 29
    assert flat_m(track.latest.point, at(30, 0)) < 0.01
