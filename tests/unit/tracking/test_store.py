"""Positions and what was learned survive a restart, on real SQLite and PostgreSQL stores."""

from collections.abc import AsyncIterator
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from huaxin.orders.model import Status
from huaxin.storage.open import open_store
from huaxin.storage.port import Store
from huaxin.tracking.learning.memory import Memory
from huaxin.tracking.learning.rides import Example, Leg, Ride
from huaxin.tracking.positions import Fix
from huaxin.tracking.store import TrackStore
from tests.unit.dispatch.grid import NOON, at, order

SHANGHAI = timezone(timedelta(hours=8))


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


async def test_what_was_learned_comes_back(db: Store) -> None:
    """TR-61: what was learned survives and predicts the same; of a forgotten courier nothing stays."""
    memory, ride = Memory(SHANGHAI), Ride("c1", NOON)
    memory.rides.learn(ride, [Example(Leg(600, 2800, 2000), 900)], NOON + 900_000)
    memory.doors.learn(order("o1", at(500, 0), status=Status.arrived), "c1", 400.0)
    memory.arrivals.learn("0:1", 2.0)
    memory.touched()
    store = TrackStore(db)
    await store.save_learned(memory.take_changed())
    assert memory.take_changed() == {}
    again = Memory(SHANGHAI, await store.load_learned())
    assert again.pace("c1", NOON) == memory.pace("c1", NOON) > Memory(SHANGHAI).pace("c1", NOON)
    door = order("o2", at(500, 0))
    assert again.service(door, "c1") == memory.service(door, "c1")
    assert again.arrivals.shape("0:1") == memory.arrivals.shape("0:1")
    await store.forget("c1")
    kept = await store.load_learned()
    assert "model" in kept
    assert not [key for key in kept if "c1" in key]
    await store.forget_learned()
    assert await store.load_learned() == {}
