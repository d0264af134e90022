"""A simulated day on a real house: the clock stands still and is moved by hand."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from huaxin.live import tracking
from huaxin.live.clock import Clock
from huaxin.simulation.day import Day, dawn_of, open_day
from tests.house import open_house

ZONE = "Asia/Shanghai"
A_DAY = 1_795_300_000_000  # some moment of 22 November 2026


@pytest.fixture
async def begin(data: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[..., Any]]:
    """Opens a house of its own and the day on it, at dawn."""
    # Tracking's own ticking goes by real time; here `skip_to` gives it its turns.
    monkeypatch.setattr(tracking, "TICK_S", 3_600.0)
    monkeypatch.setattr(tracking, "FAST_TICK_S", 3_600.0)
    async with AsyncExitStack() as stack:

        async def begin_one(seed: int = 1, real: Callable[[], float] = lambda: 0.0) -> Day:
            house = await stack.enter_async_context(open_house(data, clock=Clock(dawn_of(A_DAY, ZONE), 0)))
            return await open_day(house, seed, real)

        yield begin_one
