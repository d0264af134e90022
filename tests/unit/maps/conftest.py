"""Cities imported once for all map tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from huaxin.maps.fiction import DEMO_ID, write_demo_city
from huaxin.maps.importer import import_city
from huaxin.maps.library import CityLibrary, OpenCity
from tests.conftest import furnish

SHARED_MAPS = Path(__file__).resolve().parents[4] / "shared" / "data" / "maps"


@pytest.fixture(scope="session")
def demo_pbf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional city as ``.osm.pbf``, seed 1."""
    path = tmp_path_factory.mktemp("drawn") / "yunxi.osm.pbf"
    write_demo_city(path)
    return path


@pytest.fixture(scope="session")
def library(demo_cities: Path, tmp_path_factory: pytest.TempPathFactory) -> CityLibrary:
    """A library shared by the tests; cities are imported into it when first asked for."""
    return CityLibrary(furnish(tmp_path_factory.mktemp("maps"), demo_cities) / "cities")


@pytest.fixture(scope="session")
def demo(library: CityLibrary) -> OpenCity:
    """The demo city, opened."""
    return library.open(DEMO_ID)


def open_real(library: CityLibrary, city_id: str, file: str) -> OpenCity:
    """A real city from the shared data, imported when first asked for; skips when the data is absent."""
    pbf = SHARED_MAPS / file
    if not pbf.is_file():
        pytest.skip(f"real map {file} is not beside the checkout (../shared/data/maps)")
    if not library.path(city_id).exists():
        import_city(pbf, library.path(city_id))
    return library.open(city_id)


@pytest.fixture(scope="session")
def shanghai(library: CityLibrary) -> OpenCity:
    """Central Shanghai: roads only."""
    return open_real(library, "shanghai", "shanghai_center_roads_20250809.osm.pbf")


@pytest.fixture(scope="session")
def beijing(library: CityLibrary) -> OpenCity:
    """Wudaokou in Beijing: full tags."""
    return open_real(library, "beijing", "beijing_wudaokou_full_2017.osm.pbf")


@pytest.fixture(scope="session")
def guixi(library: CityLibrary) -> OpenCity:
    """Guixi, a small town: full tags."""
    return open_real(library, "guixi", "guixi_jiangxi_full_2024.osm.pbf")
