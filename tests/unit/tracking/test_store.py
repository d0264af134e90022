"""Positions and paces survive a restart, on real SQLite and PostgreSQL stores."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from huaxin.storage.open import open_store
from huaxin.storage.port import Store
from huaxin.tracking.positions import Fix
from huaxin.tracking.store import TrackStore
from tests.unit.dispatch.grid import NOON, at


@pytest.fixture(params=["sqlite", "postgres"])
async def db(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    url = f"sqlite:///{tmp_path}/t.db"
    if request.param == "postgres":
        url = str(request.getfixturevalue("postgres_server").make_database())
    store = await open_store(url)
    yield store
    await store.close()


def fix(at_ms: int, east: float = 0) -> Fix:
    return Fix(
        point=at(east, 0), at=at_ms, device_at=at_ms - 5, accuracy_m=7.5, battery=80, datum="gcj02",
        reported=at(east, 1),
    )  # fmt: skip


async def test_latest_position_wins_and_comes_back_whole(db: Store) -> None:
    """TR-60: the newest by server time, whoever writes last."""
    store = TrackStore(db)
    await store.save_positions({"c1": fix(NOON), "c2": fix(NOON - 999_000)})
    await store.save_positions({"c1": fix(NOON + 5, 100)})
    await store.save_positions({"c1": fix(NOON + 1, 50)})
    assert await store.load_positions(NOON - 1000) == {"c1": fix(NOON + 5, 100)}
    await store.save_positions({})
    await store.forget("c1")
    assert list(await store.load_positions(0)) == ["c2"]


async def test_paces_come_back(db: Store) -> None:
    """TR-61: what was learned of a courier survives."""
    store = TrackStore(db)
    learned = {"c1": {"all": (12.5, 10.0), "8": (3.0, 2.0)}}
    await store.save_paces(learned)
    await store.save_paces({"c1": {"all": (13.5, 11.0)}})
    assert await store.load_paces() == {"c1": {"all": (13.5, 11.0), "8": (3.0, 2.0)}}
