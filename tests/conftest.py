"""For every test: nothing here may fail because the machine is slow."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

BROWSER = Path(__file__).parent / "browser"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Over several processes (`-n 3 --dist loadgroup`) a file stays together, and so do all that need the
    browser: they share one. They take longest, so they begin first."""
    items.sort(key=lambda item: BROWSER not in item.path.parents)
    for item in items:
        group = "browser" if BROWSER in item.path.parents else item.nodeid.split("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))
