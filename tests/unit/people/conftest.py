"""A real SQLite store, a clock that is moved by hand and chance that repeats."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from huaxin.people.limits import Limits
from huaxin.people.service import People
from huaxin.storage.open import open_store
from huaxin.storage.port import Store

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


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    store = await open_store(f"sqlite:///{tmp_path}/people.db")
    yield World(store)
    await store.close()
