"""For every test: nothing here may fail because the machine is slow."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

BROWSER = Path(__file__).parent / "browser"


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Over several processes (`-n 3 --dist loadgroup`) a file stays together. Those that need the browser
    share two: each costs a server, a city and a Chromium. They take longest, so they begin first."""
    items.sort(key=lambda item: BROWSER not in item.path.parents)
    halves: dict[Path, str] = {}
    weights = {"browser-1": 0, "browser-2": 0}
    counts = Counter(item.path for item in items if BROWSER in item.path.parents)
    for path, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        halves[path] = min(weights, key=lambda half: (weights[half], half))
        weights[halves[path]] += count
    for item in items:
        group = halves.get(item.path) or item.nodeid.split("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))
