import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from huaxin.compose import House
from tests.house import open_house

# What must come about has this long on the slowest machine; only a test that fails waits so long.
LONG = 90.0


@pytest.fixture
async def house(data: Path) -> AsyncIterator[House]:
    async with open_house(data) as house:
        yield house


@pytest.fixture
async def open_another(data: Path) -> AsyncIterator[Callable[..., Any]]:
    """Further houses in one test: a restart, a second node."""
    async with AsyncExitStack() as stack:

        async def open_one(**options: Any) -> House:
            return await stack.enter_async_context(open_house(data, **options))

        yield open_one


async def until(check: Callable[[], bool], seconds: float = LONG) -> None:
    """Waits for what another task brings about; fails when it does not come."""
    async with asyncio.timeout(seconds):
        while not check():  # noqa: ASYNC110 - what other tasks and processes bring about has no event
            await asyncio.sleep(0.02)
