"""Importing a city: any ``.osm.pbf`` becomes a folder with roads, basemap, places and ``city.json``."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from .datum import has_shift
from .engine import build_routing
from .index import build_index
from .model import City, CityError, Point
from .scan import Scan, Scanner, check_pbf
from .tiles import build_tiles
from .tools import disk_full, disk_or_tool

CITY_JSON = "city.json"
IMPORTER_VERSION = "1"
"""Raise when the content of an imported folder changes, so that caches are rebuilt."""

OSM_ATTRIBUTION = "© OpenStreetMap contributors"
Progress = Callable[[str, float], None]
"""Called with a stage (reading, roads, basemap, places, done) and the fraction of all that is done."""

_BASE_NEED = 40 * 1024 * 1024  # bytes of work space for even the smallest city
_NEED_PER_BYTE = 25  # work space per byte of the extract, measured with room to spare
_MARGIN_DEG = 0.005
_STAGES = {"reading": (0.0, 0.35), "roads": (0.35, 0.6), "basemap": (0.6, 0.85), "places": (0.85, 0.99)}


def import_city(
    pbf: Path,
    out_dir: Path,
    *,
    name: str | None = None,
    progress: Progress = lambda stage, fraction: None,
    name_en: str | None = None,
    attribution: str = OSM_ATTRIBUTION,
    version: str = f"import-{IMPORTER_VERSION}",
) -> City:
    """Import ``pbf`` into the folder ``out_dir``, whose name becomes the city's id; replaces an older import.

    ``name`` defaults to the largest settlement named in the file, else the file's name. Works in a folder
    beside ``out_dir`` and renames at the end, so a failure leaves what was there before, and nothing new.
    Blocks for seconds to minutes: call it in a thread.

    Raises CityError: ``city.not_found``, ``city.not_pbf``, ``city.damaged``, ``city.empty``,
    ``city.no_roads``, ``city.disk``, ``city.tool``.
    """
    check_pbf(pbf)
    work: Path | None = None
    try:
        out_dir.parent.mkdir(parents=True, exist_ok=True)
        _check_space(pbf, out_dir.parent)
        work = Path(tempfile.mkdtemp(prefix=f".{out_dir.name}-", dir=out_dir.parent))
        city = _Import(pbf, work, out_dir.name, progress, attribution, version).run(name, name_en)
        _swap(work, out_dir)
    except sqlite3.Error as error:
        raise (
            disk_full(str(error))
            if "full" in str(error)
            else CityError("city.tool", "The step 'places' failed.", str(error))
        ) from error
    except OSError as error:
        raise disk_or_tool("import", error) from error
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)
    progress("done", 1.0)
    return city


def read_city(city_dir: Path) -> City:
    """The city imported in a folder. Raises CityError ``city.not_found`` or ``city.damaged``."""
    path = city_dir / CITY_JSON
    try:
        return msgspec.json.decode(path.read_bytes(), type=City)
    except FileNotFoundError as error:
        raise CityError("city.not_found", f"There is no city '{city_dir.name}' here.", str(path)) from error
    except (msgspec.DecodeError, OSError) as error:
        raise CityError(
            "city.damaged", f"The city '{city_dir.name}' is damaged; import it again.", str(error)
        ) from error


class _Import:
    def __init__(
        self, pbf: Path, work: Path, city_id: str, progress: Progress, attribution: str, version: str
    ) -> None:
        self._pbf, self._work, self._id, self._progress = pbf, work, city_id, progress
        self._attribution, self._version = attribution, version

    def run(self, name: str | None, name_en: str | None) -> City:
        features = self._work / "features.ndjson"
        with features.open("wb") as file:
            scan = Scanner(self._pbf, file, lambda fraction: self._report("reading", fraction)).read()
        city = self._describe(scan, name, name_en)
        scan.places = [place for place in scan.places if _within(place.lon, place.lat, city.bbox)]
        self._build(scan, city, features)
        features.unlink()
        (self._work / CITY_JSON).write_bytes(msgspec.json.format(msgspec.json.encode(city), indent=2))
        return city

    def _build(self, scan: Scan, city: City, features: Path) -> None:
        """Roads, basemap and places at the same time: two are other programs, so every core is used."""
        # Addresses begin with the city's name, but not with a file's name.
        spoken = city.name if not city.name.isascii() else ""
        with ThreadPoolExecutor(3, "city-import") as pool:
            steps: dict[str, Future[Any]] = {
                "roads": pool.submit(build_routing, self._pbf, self._work),
                "basemap": pool.submit(
                    build_tiles, features, self._work, city.bbox, city.name, self._attribution
                ),
                "places": pool.submit(build_index, scan, self._work, spoken, city.name_en),
            }
            for stage, step in steps.items():
                self._report(stage, 0.0)
                step.result()

    def _report(self, stage: str, fraction: float) -> None:
        low, high = _STAGES[stage]
        self._progress(stage, round(low + (high - low) * fraction, 4))

    def _describe(self, scan: Scan, name: str | None, name_en: str | None) -> City:
        box = _bbox(scan)
        center = Point(lat=round((box[1] + box[3]) / 2, 7), lon=round((box[0] + box[2]) / 2, 7))
        found, found_en = _settlement(scan, box)
        shown = name or found or self._pbf.name.removesuffix(".pbf").removesuffix(".osm")
        return City(
            id=self._id,
            name=shown,
            bbox=box,
            center=center,
            datum="wgs84+gcj02" if has_shift(center) else "wgs84",
            attribution=self._attribution,
            name_en=name_en or (found_en if shown == found else ""),
            version=self._version,
        )


def _bbox(scan: Scan) -> tuple[float, float, float, float]:
    """The file's own box when it holds the roads' middle, else the box of the roads."""
    west, south, east, north = (round(edge, 7) for edge in scan.road_box)
    box = scan.header_box
    if box and box[0] <= (west + east) / 2 <= box[2] and box[1] <= (south + north) / 2 <= box[3]:
        return box
    return west, south, east, north


def _within(lon: float, lat: float, box: tuple[float, float, float, float]) -> bool:
    """Inside the box or just outside: extracts carry whole relations, with members far away."""
    return (
        box[0] - _MARGIN_DEG <= lon <= box[2] + _MARGIN_DEG
        and box[1] - _MARGIN_DEG <= lat <= box[3] + _MARGIN_DEG
    )


def _settlement(scan: Scan, box: tuple[float, float, float, float]) -> tuple[str, str]:
    """Name (Chinese, English) of the largest settlement inside the box, or empty."""
    for size in ("city", "town", "suburb", "village"):
        for place in scan.places:
            inside = box[0] <= place.lon <= box[2] and box[1] <= place.lat <= box[3]
            if place.kind == "place" and place.tags.get("place") == size and place.name and inside:
                return place.name, place.name_en
    return "", ""


def _check_space(pbf: Path, folder: Path) -> None:
    need = _BASE_NEED + _NEED_PER_BYTE * pbf.stat().st_size
    free = shutil.disk_usage(folder).free
    if free < need:
        raise CityError(
            "city.disk",
            f"Importing this needs about {need // 1_000_000} MB of disk; {free // 1_000_000} MB are free.",
            str(folder),
        )


def _swap(work: Path, out_dir: Path) -> None:
    """Put the finished folder in place of an older one (a crash between the renames leaves it beside)."""
    os.chmod(work, 0o755)
    old = out_dir.with_name(f".{out_dir.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    if out_dir.exists():
        out_dir.rename(old)
    work.rename(out_dir)
    shutil.rmtree(old, ignore_errors=True)
