"""Every test here that asks for a `store` runs on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from huaxin.storage.open import open_store
from huaxin.storage.port import Store


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh, empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/huaxin.db"
    return str(request.getfixturevalue("postgres_server").make_database())


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = await open_store(url)
    yield opened
    await opened.close()
