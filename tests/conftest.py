"""For every test: nothing here may fail because the machine is slow."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

BROWSER = Path(__file__).parent / "browser"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Over several processes (`-n 3 --dist loadgroup`) a file stays together. Those that need the browser
    share two: each costs a server, a city and a Chromium. They take longest, so they begin first."""
    items.sort(key=lambda item: BROWSER not in item.path.parents)
    files = sorted({item.path for item in items if BROWSER in item.path.parents})
    halves = {path: f"browser-{n % 2}" for n, path in enumerate(files)}
    for item in items:
        group = halves.get(item.path) or item.nodeid.split("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))
