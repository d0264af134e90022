"""Two processes write to the same shops at once (JR-32)."""

import asyncio
import sys

import pytest

from huaxin.storage.open import open_store
from tests.contract.storage.checking import Ack, check_journals, parse_ack
from tests.contract.storage.making import child_env
from tests.postgres import Cluster

_COMMANDS = 1_500  # each


async def _write(url: str, name: str, *more: str) -> list[Ack]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contract.storage.writer", url, name, str(_COMMANDS), *more,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=child_env(),
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return [parse_ack(line) for line in out.decode().splitlines()]


@pytest.mark.parametrize("pages", [["shared"], []], ids=["same pages", "own pages"])
async def test_two_processes_leave_dense_journals_and_double_nothing(
    postgres_server: Cluster, pages: list[str]
) -> None:
    """JR-1, JR-9, JR-32. On PostgreSQL, thousands of commands, every one decided on the newest state."""
    url = postgres_server.make_database()
    store = await open_store(url)
    acks = [
        a for both in await asyncio.gather(*[_write(url, n, *pages) for n in ("ann", "bob")]) for a in both
    ]
    assert len(acks) == 2 * _COMMANDS
    assert await check_journals(store, acks) == 4 * _COMMANDS
    await store.close()
