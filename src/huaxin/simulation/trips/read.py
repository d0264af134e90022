"""Reading `trip,user,t_utc,lat,lon` rows: what can be used is, what cannot is counted by its reason."""

import csv
import gzip
import io
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from huaxin.kernel import Point
from huaxin.maps.datum import to_wgs84
from huaxin.maps.model import Point as MapPoint

COLUMNS = ("trip", "user", "t_utc", "lat", "lon")
_MS_FROM = 1e11  # an epoch above it is in milliseconds
_EARLIEST, _LATEST = 631_152_000_000, 4_102_444_800_000  # 1990 … 2100
_REPORT_EVERY = 200_000


class TripsError(Exception):
    """The file cannot be used; a stable code, a sentence, the offending value."""

    def __init__(self, code: str, sentence: str, value: str = "") -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.value = code, sentence, value


class Trip(NamedTuple):
    """One ride: fixes by time (ms since 1970)."""

    id: str
    user: str
    at: list[int]
    points: list[Point]


class Trips(NamedTuple):
    """What a file holds. `junk`: rows that were left out, by reason."""

    trips: list[Trip]
    rows: int
    junk: Counter[str]


def read_trips(path: Path, progress: Callable[[str, float], None] = lambda stage, part: None) -> Trips:
    """All trips of a file, by their begin. gzip is seen by its first bytes.

    Raises TripsError `trips.not_found`, `trips.not_text`, `trips.columns`, `trips.empty`.
    """
    try:
        size = max(1, path.stat().st_size)
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            with gzip.open(raw) if packed else raw as data:
                text = io.TextIOWrapper(data, encoding="utf-8-sig", errors="strict", newline="")
                return _read(text, path, lambda: progress("reading trips", min(1.0, raw.tell() / size)))
    except FileNotFoundError as error:
        raise TripsError("trips.not_found", "There is no such file of trips.", str(path)) from error
    except IsADirectoryError as error:
        raise TripsError("trips.not_found", "This is a folder; name a CSV file.", str(path)) from error
    except (UnicodeDecodeError, csv.Error, gzip.BadGzipFile, EOFError) as error:
        raise TripsError(
            "trips.not_text", "This is no CSV file in UTF-8 (plain or gzip).", str(path)
        ) from error


def _read(text: TextIO, path: Path, tick: Callable[[], None]) -> Trips:
    head = text.readline()
    if "\x00" in head:
        raise TripsError("trips.not_text", "This is no CSV file in UTF-8 (plain or gzip).", str(path))
    mark = max(",;\t", key=head.count)
    names = [name.strip().strip('"').lower() for name in head.rstrip("\r\n").split(mark)]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise TripsError(
            "trips.columns", f"The first line must name the columns {','.join(COLUMNS)}.",
            f"missing: {', '.join(missing)}",
        )  # fmt: skip
    places = [names.index(name) for name in COLUMNS]
    junk: Counter[str] = Counter()
    found: dict[str, tuple[str, list[tuple[int, float, float]]]] = {}
    rows = 0
    for row in csv.reader(text, delimiter=mark):
        if not row:
            continue
        rows += 1
        if rows % _REPORT_EVERY == 0:
            tick()
        fault = _take(row, places, found)
        if fault:
            junk[fault] += 1
    if not found:
        raise TripsError("trips.empty", "No row of this file could be used.", _summary(rows, junk))
    return Trips(sorted(_trips(found, junk), key=lambda trip: (trip.at[0], trip.id)), rows, junk)


def _take(
    row: list[str], places: list[int], found: dict[str, tuple[str, list[tuple[int, float, float]]]]
) -> str:
    """Keeps one row; why not, when it is junk."""
    try:
        trip, user, when, north, east = [row[i].strip() for i in places]
    except IndexError:
        return "too few columns"
    if not trip:
        return "no trip named"
    try:
        lat, lon = float(north), float(east)
    except ValueError:
        return "a coordinate is no number"
    if not (isfinite(lat) and isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        return "not on earth (or lat and lon swapped)"
    if abs(lat) < 0.01 and abs(lon) < 0.01:
        return "position 0, 0"
    at = time_of(when)
    if at is None:
        return "no time that can be read"
    found.setdefault(trip, (user, []))[1].append((at, lat, lon))
    return ""


def time_of(text: str) -> int | None:
    """ms since 1970 of an ISO time (UTC when it names no zone) or an epoch in s or ms; None: neither."""
    try:
        number = float(text)
    except ValueError:
        try:
            when = datetime.fromisoformat(text.replace("/", "-"))
        except ValueError:
            return None
        at = round((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1000)
    else:
        if not isfinite(number):
            return None
        at = round(number if abs(number) > _MS_FROM else number * 1000)
    return at if _EARLIEST < at < _LATEST else None


def _trips(found: dict[str, tuple[str, list[Any]]], junk: Counter[str]) -> Iterator[Trip]:
    for trip, (user, fixes) in found.items():
        fixes.sort(key=lambda fix: fix[0])
        at, points = list[int](), list[Point]()
        for when, lat, lon in fixes:
            if at and when == at[-1]:
                junk["same trip and time again"] += 1
                continue
            at.append(when)
            points.append(Point(lat, lon))
        yield Trip(trip, user, at, points)


def _summary(rows: int, junk: Counter[str]) -> str:
    return f"{rows} rows; " + ", ".join(f"{n} {why}" for why, n in junk.most_common(3))


def shifted(trip: Trip) -> Trip:
    """The trip with its positions read as GCJ-02."""
    points = [to_wgs84(MapPoint(p.lat, p.lon), "gcj02") for p in trip.points]
    return trip._replace(points=[Point(p.lat, p.lon) for p in points])
