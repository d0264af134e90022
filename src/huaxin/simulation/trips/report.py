"""`huaxin eta evaluate --trips`: from a file of trips and a map to a table."""

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta, timezone, tzinfo
from pathlib import Path
from typing import NamedTuple

from huaxin.maps.importer import import_city
from huaxin.maps.model import City
from huaxin.maps.routing import Router
from huaxin.simulation.trips.judge import Judged, judge, reliability, score
from huaxin.simulation.trips.moments import Cut, cut, snap_m
from huaxin.simulation.trips.read import Trip, Trips, TripsError, read_trips, shifted
from huaxin.simulation.trips.targets import Stage, print_targets

Progress = Callable[[str, float], None]
STAGES = ("at departure", "half-way", "three quarters")
_SAMPLE = 200  # positions asked when finding out the datum
_DATUM_GAIN = 0.6  # so much nearer to roads as GCJ-02 that it must be


class Evaluated(NamedTuple):
    """What came of a file of trips."""

    read: Trips
    judged: list[Judged]
    used: int
    skipped: Counter[str]
    datum: str
    map_name: str


class opened_map:
    """A map for as long as it is needed: imported into a folder that is removed again."""

    def __init__(self, pbf: Path, progress: Progress) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="huaxin-map-")
        self._pbf, self._progress = pbf, progress

    def __enter__(self) -> tuple[City, Router]:
        try:
            city = import_city(self._pbf, Path(self._folder.name) / "map", progress=self._progress)
            return city, Router(Path(self._folder.name) / "map")
        except BaseException:
            self._folder.cleanup()
            raise

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def evaluate_trips(file: Path, pbf: Path, datum: str, progress: Progress) -> Evaluated:
    """Reads, cuts and judges. `datum`: wgs84 | gcj02 | auto. Raises TripsError, CityError."""
    read = read_trips(file, progress)
    with opened_map(pbf, progress) as (city, router):
        if datum == "auto":
            datum = find_datum(read.trips, router)
        trips = [shifted(trip) for trip in read.trips] if datum == "gcj02" else read.trips
        cuts, skipped = list[Cut](), Counter[str]()
        for n, trip in enumerate(trips):
            one = cut(trip, router, city.bbox)
            if isinstance(one, str):
                skipped[one] += 1
            else:
                cuts.append(one)
            if n % 100 == 0:
                progress("laying trips on the map", n / len(trips))
        if not cuts:
            reasons = "; ".join(f"{n} {why}" for why, n in skipped.most_common(3))
            raise TripsError("trips.none_on_map", "No trip of this file can be laid on this map.", reasons)
        judged = judge(cuts, zone_of(city), progress)
    progress("done", 1.0)
    return Evaluated(read, judged, len(cuts), skipped, datum, city.name)


def zone_of(city: City) -> tzinfo:
    """Local time good enough to tell a rush hour: by the sun, in whole hours."""
    return timezone(timedelta(hours=round(city.center.lon / 15)))


def find_datum(trips: Sequence[Trip], router: Router) -> str:
    """Which datum brings the positions nearer to roads."""
    some = trips[:: max(1, len(trips) // _SAMPLE)][:_SAMPLE]
    plain = sum(snap_m(router, one.points[len(one.points) // 2]) for one in some)
    moved = sum(snap_m(router, shifted(one).points[len(one.points) // 2]) for one in some)
    return "gcj02" if moved < _DATUM_GAIN * plain else "wgs84"


def print_evaluated(found: Evaluated) -> None:
    """The table, and what was left out."""
    read = found.read
    print(f"{read.rows:,} rows, {len(read.trips):,} trips; {found.used:,} judged on {found.map_name}")
    for why, n in read.junk.most_common():
        print(f"  {n:,} rows left out: {why}")
    for why, n in found.skipped.most_common():
        print(f"  {n:,} trips left out: {why}")
    if found.datum != "wgs84":
        print("  positions read as GCJ-02: so they lie on the roads")
    print_scores(found.judged)


def print_scores(judged: Sequence[Judged]) -> None:
    print(
        "\nMAPE of the time left, and of the whole ride's time; the others of the time left;"
        "\nband: P10 to P90, in parts of P50"
    )
    print(
        f"{'':16}{'n':>7}{'left':>8}{'whole':>8}{'median':>8}{'bias':>8}{'covered':>9}{'band':>7}"
        f"{'map':>9}{'constant':>10}"
    )
    stages = list[Stage]()
    for stage, name in enumerate(STAGES):
        one = score(judged, stage)
        if one is None:
            continue
        stages.append(Stage(name, one.mape, one.mape_whole, one.coverage))
        print(
            f"{name:16}{one.n:7,}{one.mape:8.1f}{one.mape_whole:8.1f}{one.median_ape:8.1f}{one.bias:+8.1f}"
            f"{one.coverage:8.1f}%{one.width / 100:7.2f}{one.map_mape:9.1f}{one.constant_mape:10.1f}"
        )
    print("map: MAPE of the map's own time, uncalibrated. constant: of one learned speed by road.")
    print_targets(stages)
    print("\nChance of keeping a promise: said, and kept")
    pairs = [(one.chance, one.left_s <= one.promise_s) for one in judged]
    for part in reliability(pairs):
        print(
            f"  {part.low:.1f}–{part.high:.1f}  n {part.n:6,}  said {part.said:5.0%}  kept {part.kept:5.0%}"
        )
