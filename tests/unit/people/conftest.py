"""Real stores, SQLite and PostgreSQL; a clock that is moved by hand and chance that repeats."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from huaxin.people.limits import Limits
from huaxin.people.service import People
from huaxin.storage.open import open_store
from huaxin.storage.port import Store
from tests.postgres import Cluster

__all__ = ["World", "world"]

SECRET = "a secret that is long enough for tests"


class Clock:
    def __init__(self, now: int = 1_800_000_000_000) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += int(seconds * 1000)


class CountingChance:
    def __init__(self) -> None:
        self.count = 0

    def _next(self) -> int:
        self.count += 1
        return self.count

    def code(self) -> str:
        return f"{self._next():06d}"

    def token(self) -> str:
        return f"token-{self._next():037d}"

    def name(self) -> str:
        return f"id-{self._next():013d}"


class Outbox:
    """A sender that keeps what it sent."""

    reveals = False

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    async def send(self, phone: str, code: str, language: str) -> None:
        self.sent.append((phone, code))


class World:
    def __init__(self, db: Store) -> None:
        self.db, self.clock, self.outbox, self.chance = db, Clock(), Outbox(), CountingChance()
        self.people = self.again()

    def again(self, limits: Limits | None = None) -> People:
        """As after a restart: same database, nothing remembered."""
        return People(self.db, self.clock, SECRET, self.outbox, limits, self.chance)

    async def log_in(self, phone: str = "13812345678", device: str = "phone"):
        await self.people.ask_code(phone)
        return await self.people.login(phone, self.outbox.sent[-1][1], device)


TABLES = [
    "persons",
    "devices",
    "login_codes",
    "guest_links",
    "rate_counters",
    "shops",
    "staff",
    "products",
    "marks",
]


@pytest.fixture(scope="session")
def postgres_url(postgres_server: Cluster) -> str:
    """One database for all tests here, emptied before each: quicker than making fifty."""
    return postgres_server.make_database()


@pytest.fixture(params=["sqlite", "postgres"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    if request.param == "sqlite":
        store = await open_store(f"sqlite:///{tmp_path}/people.db")
    else:
        store = await open_store(request.getfixturevalue("postgres_url"))
        await store.execute_many([(f"DELETE FROM {table}", ()) for table in TABLES])
    yield World(store)
    await store.close()
