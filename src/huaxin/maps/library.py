"""The cities of one installation: list, open, and the demo city made when missing."""

from __future__ import annotations

import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from .fiction import ATTRIBUTION, DEMO_ID, DEMO_NAME, DEMO_NAME_EN, GENERATOR_VERSION, write_demo_city
from .importer import CITY_JSON, IMPORTER_VERSION, Progress, import_city, read_city
from .model import City, CityError
from .routing import Router
from .search import Places
from .tiles import BASEMAP

DEMO_VERSION = f"demo-{GENERATOR_VERSION}.{IMPORTER_VERSION}"
_SEED = 1


@dataclass(frozen=True)
class OpenCity:
    """A city ready for use. ``router`` and ``places`` may be used from any thread."""

    city: City
    router: Router
    places: Places
    pmtiles: Path


class CityLibrary:
    """The folder ``root`` with one folder per city. Thread-safe; an opened city is kept open."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._open: dict[str, OpenCity] = {}

    def path(self, city_id: str) -> Path:
        """The folder of a city (which may not exist): the ``out_dir`` for importing it.

        Raises CityError ``city.bad_id`` for an id that is not a plain folder name.
        """
        plain = city_id.replace("-", "").replace("_", "")
        if not plain.isalnum() or len(city_id) > 80:
            raise CityError("city.bad_id", "A city's id is made of letters, digits, '-' and '_'.", city_id)
        return self._root / city_id

    def list(self) -> list[City]:
        """Every city imported here, by id; folders that cannot be read are left out."""
        cities: list[City] = []
        for path in sorted(self._root.glob(f"[!.]*/{CITY_JSON}")):
            try:
                cities.append(read_city(path.parent))
            except CityError:
                continue
        return cities

    def open(self, city_id: str) -> OpenCity:
        """Open a city. Raises CityError: ``city.not_found``, ``city.damaged``, ``city.bad_id``."""
        with self._lock:
            found = self._open.get(city_id)
            if found is None:
                path = self.path(city_id)
                city = read_city(path)
                found = OpenCity(city, Router(path), Places(path), path / BASEMAP)
                self._open[city_id] = found
            return found

    def forget(self, city_id: str) -> None:
        """Open the city anew at the next :meth:`open`: call after importing over it."""
        with self._lock:
            self._open.pop(city_id, None)

    def ensure_demo(self, progress: Progress = lambda stage, fraction: None) -> City:
        """The demo city 云溪市, built when missing or outdated (a few seconds). Raises CityError."""
        path = self.path(DEMO_ID)
        try:
            city = read_city(path)
            if city.version == DEMO_VERSION and (path / BASEMAP).is_file():
                return city
        except CityError:
            pass
        progress("drawing", 0.0)
        with tempfile.TemporaryDirectory(prefix="huaxin-city-") as folder:
            pbf = Path(folder) / f"{DEMO_ID}.osm.pbf"
            write_demo_city(pbf, _SEED)
            city = import_city(
                pbf,
                path,
                name=DEMO_NAME,
                name_en=DEMO_NAME_EN,
                attribution=ATTRIBUTION,
                version=DEMO_VERSION,
                progress=progress,
            )
        self.forget(DEMO_ID)
        return city
