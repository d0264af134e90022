"""For every test: nothing here may fail because the machine is slow, and the demo city is drawn once."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from huaxin.maps.library import CityLibrary
from tests.postgres import postgres_server

__all__ = ["postgres_server"]

settings.register_profile("steady", deadline=None)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def demo_cities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of cities with the demo city in it, for reading: drawing and importing it takes seconds, so
    it is done once in a run."""
    folder = tmp_path_factory.mktemp("cities")
    CityLibrary(folder).ensure_demo()
    return folder


@pytest.fixture(scope="module")
def data(demo_cities: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder for the houses of one file of tests, with the demo city in it."""
    return furnish(tmp_path_factory.mktemp("data"), demo_cities)


def furnish(folder: Path, cities: Path) -> Path:
    """Gives a data folder the cities; returns it. Links do: an import puts a new folder in a city's place and
    never writes into the files that are there."""
    shutil.copytree(cities, folder / "cities", copy_function=os.link)
    return folder
