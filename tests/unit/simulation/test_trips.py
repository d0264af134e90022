"""Trips of bikes: read with their junk, laid on a map, judged without looking ahead."""

import gzip
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from huaxin.cli import main
from huaxin.kernel import Point
from huaxin.maps.datum import from_wgs84
from huaxin.maps.fiction import DEMO_ID, write_demo_city
from huaxin.maps.library import CityLibrary, OpenCity
from huaxin.maps.model import Point as MapPoint
from huaxin.simulation.trips.judge import Judged, judge, reliability, score
from huaxin.simulation.trips.make import Bikes, write_trips
from huaxin.simulation.trips.moments import Cut, cut
from huaxin.simulation.trips.read import Trip, TripsError, read_trips, time_of
from huaxin.simulation.trips.targets import Stage, targets_of

HEAD = "trip,user,t_utc,lat,lon\n"


@pytest.fixture(scope="module")
def city(demo_cities: Path) -> OpenCity:
    return CityLibrary(demo_cities).open(DEMO_ID)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_of_all_kinds_are_read_or_counted(tmp_path: Path) -> None:
    """TR-192: ISO and epoch, in any order; what cannot be used is counted by its reason."""
    text = HEAD + (
        "t1,u1,2016-08-01T00:01:00Z,31.2,121.4\n"
        "t1,u1,1470009600,31.21,121.41\n"  # 2016-08-01 00:00:00
        "t1,u1,1470009600,31.21,121.41\n"
        "t2,u2,1470009720000,31.2,121.4\n"
        "t2,u2,2016-08-01 00:03:00,31.2,abc\n"
        "t2,u2,yesterday,31.2,121.4\n"
        "t2,u2,1470009720,131.2,121.4\n"
        "t2,u2,1470009720,nan,121.4\n"
        "t2,u2,1470009720,0,0\n"
        "t2,u2\n"
        ",u2,1470009720,31.2,121.4\n"
    )
    found = read_trips(write(tmp_path / "a.csv", text))
    assert [(t.id, t.user, len(t.at)) for t in found.trips] == [("t1", "u1", 2), ("t2", "u2", 1)]
    assert found.trips[0].at == [1_470_009_600_000, 1_470_009_660_000]
    assert found.rows == 11
    assert sum(found.junk.values()) == 8
    assert found.junk["position 0, 0"] == 1
    assert found.junk["not on earth (or lat and lon swapped)"] == 2


def test_columns_in_another_order_other_marks_and_gzip(tmp_path: Path) -> None:
    """TR-192: found by name; more columns do no harm; gzip is seen by its content."""
    text = "\ufeffLat;Lon;extra;T_UTC;User;Trip\n31.2;121.4;x;1470009600.5;u;t\n"
    path = tmp_path / "b.csv"
    path.write_bytes(gzip.compress(text.encode()))
    found = read_trips(path)
    assert found.trips == [Trip("t", "u", [1_470_009_600_500], [Point(31.2, 121.4)])]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "trips.columns"),
        (b"a,b\n1,2\n", "trips.columns"),
        (HEAD.encode(), "trips.empty"),
        (HEAD.encode() + b"t,u,x,1,2\n", "trips.empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "trips.not_text"),
        (b"\x1f\x8bnot really", "trips.not_text"),
        (gzip.compress(HEAD.encode() * 90, mtime=0)[:40], "trips.not_text"),
    ],
)
def test_a_bad_file_is_refused_in_words(tmp_path: Path, content: bytes, code: str) -> None:
    """TR-192"""
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(TripsError) as refused:
        read_trips(path)
    assert refused.value.code == code


def test_no_file(tmp_path: Path) -> None:
    """TR-192"""
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(TripsError, match="file"):
            read_trips(path)


def test_times() -> None:
    """TR-192: UTC unless a zone is named; nothing before 1990."""
    at = round(datetime(2016, 8, 1, tzinfo=UTC).timestamp() * 1000)
    for text in (
        "2016-08-01",
        "2016-08-01T08:00:00+08:00",
        "2016/08/01 00:00:00",
        "1470009600",
        "1470009600000",
    ):
        assert time_of(text) == at
    for text in ("", "12:00", "nan", "inf", "5", "-1"):
        assert time_of(text) is None


def test_trips_that_cannot_be_judged_say_why(city: OpenCity) -> None:
    """TR-193: off the map, with a gap, too short, jumping about: each by its reason."""
    middle = city.router.nearest(city.city.center)
    here = Point(middle.lat, middle.lon)
    there = Point(here.lat + 0.01, here.lon)
    at = 1_470_009_600_000

    def trip(*fixes: tuple[int, Point]) -> Trip:
        return Trip("t", "u", [at + s * 1000 for s, _ in fixes], [p for _, p in fixes])

    def way(n: int, far: Point = there) -> Point:
        return Point(here.lat + (far.lat - here.lat) * n / 10, here.lon + (far.lon - here.lon) * n / 10)

    cases = {
        "fewer than 4 positions": trip((0, here), (300, there)),
        "shorter than 2 min or longer than 3 h": trip(*((n * 5, way(n)) for n in range(11))),
        "a long gap in its positions": trip(*((n * 30 + 400 * (n > 5), way(n)) for n in range(11))),
        "ends within 300 m of its begin": trip(*((n * 30, way(n % 2)) for n in range(11))),
        "positions jump about": trip(
            *((n * 10, way(n) if n % 2 else Point(way(n).lat, way(n).lon + 1)) for n in range(40))
        ),
        "partly or wholly off the map": trip(
            *((n * 120, way(n, Point(here.lat, here.lon + 0.1))) for n in range(11))
        ),
    }
    for reason, one in cases.items():
        assert cut(one, city.router, city.city.bbox) == reason
    assert isinstance(cut(trip(*((n * 30, way(n)) for n in range(11))), city.router, city.city.bbox), Cut)


def test_made_trips_are_learned_and_nothing_looks_ahead(city: OpenCity, tmp_path: Path) -> None:
    """TR-191: the same trips give the same figures; better than the map's own time; a change of what comes
    later changes nothing before."""
    path = tmp_path / "made.csv"
    write_trips(path, city.router, city.city.bbox, Bikes(trips=90, users=12, seed=4))
    cuts = [c for t in read_trips(path).trips if isinstance(c := cut(t, city.router, city.city.bbox), Cut)]
    assert len(cuts) > 60
    zone = timezone(timedelta(hours=8))
    judged = judge(cuts, zone)
    assert judged == judge(cuts, zone)
    for stage in range(3):
        one = score(judged, stage)
        assert one is not None
        assert one.mape < one.map_mape
        assert 60 < one.coverage < 98
    last = max(cuts, key=lambda c: c.ends_at)
    late = last._replace(learned=[e._replace(left_s=e.left_s * 3) for e in last.learned])
    assert judge([late if c is last else c for c in cuts], zone) == judged


def test_reliability_compares_what_was_said_with_what_was_kept() -> None:
    """TR-191"""
    bins = reliability([(0.1, False), (0.15, False), (0.9, True), (1.0, True), (0.95, False)])
    assert [(b.n, round(b.kept, 2)) for b in bins] == [(2, 0.0), (3, 0.67)]
    assert score(list[Judged](), 0) is None


def test_the_command_judges_a_file_on_a_map(
    city: OpenCity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """TR-191, TR-192, TR-193: from a file with junk in it and an .osm.pbf to a table; the datum is found."""
    made, shifted_csv, pbf = tmp_path / "made.csv.gz", tmp_path / "gcj.csv", tmp_path / "town.osm.pbf"
    write_trips(made, city.router, city.city.bbox, Bikes(trips=40, users=5, seed=6))
    lines = gzip.decompress(made.read_bytes()).decode().splitlines()
    with shifted_csv.open("w", encoding="utf-8") as file:
        file.write(HEAD + "t9,u9,never,1,2\n")
        for line in lines[1:]:
            trip, user, when, lat, lon = line.split(",")
            moved = from_wgs84(MapPoint(float(lat), float(lon)), "gcj02")
            file.write(f"{trip},{user},{when},{moved.lat:.6f},{moved.lon:.6f}\n")
    write_demo_city(pbf, 1)
    assert main(["eta", "evaluate", "--trips", str(shifted_csv), "--map", str(pbf)]) == 0
    out = capsys.readouterr().out
    for words in ("at departure", "half-way", "three quarters", "1 rows left out", "read as GCJ-02", "said"):
        assert words in out


def test_targets_name_the_two_ways_to_read_an_error() -> None:
    """TR-196: half-way it is said of what an error is a part, and whether that meets the target."""
    lines = targets_of([Stage("at departure", 13.0, 13.0, 77.0), Stage("half-way", 14.3, 8.2, 86.0)])
    assert [line.split()[-1] for line in lines] == ["met", "met", "missed", "met", "missed"]
    assert "whole ride" in lines[1]
    assert "time left" in lines[2]
    assert len(targets_of([])) == 0
