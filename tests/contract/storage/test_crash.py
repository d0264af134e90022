"""Processes die in the middle of a commit (JR-30)."""

import asyncio
import random
import sys

import pytest

from huaxin.journal.journal import Journal
from huaxin.storage.open import open_store
from huaxin.storage.port import StoreError
from tests.contract.storage.checking import Ack, check_journals, parse_ack
from tests.contract.storage.making import child_env
from tests.contract.storage.notebook import Notebook, wish
from tests.postgres import Unavailable, cluster


async def _write_until_killed(url: str, name: str, acks_before: int) -> list[Ack]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contract.storage.writer", url, name, "1000000",
        stdout=asyncio.subprocess.PIPE, env=child_env(),
    )  # fmt: skip
    assert process.stdout is not None
    acks = [parse_ack((await process.stdout.readline()).decode()) for _ in range(acks_before)]
    process.kill()
    # What was told before the end counts as well; the last line may be cut off.
    for line in (await process.stdout.read()).decode().splitlines(keepends=True):
        if line.endswith("\n"):
            acks.append(parse_ack(line))
    await process.wait()
    return acks


async def test_a_killed_writer_loses_nothing_it_acked(url: str) -> None:
    """JR-2, JR-3, JR-30: kill -9 after a random number of acks, again and again on one database."""
    moments = random.Random(7)
    acks: list[Ack] = []
    store = await open_store(url)
    for round_ in range(5):
        acks += await _write_until_killed(url, f"writer{round_}", moments.randrange(1, 400))
        assert await check_journals(store, acks) >= 2 * len(acks)
    await store.close()


async def test_a_killed_server_loses_nothing_it_acked_and_the_node_goes_on() -> None:
    """JR-3, JR-16, JR-30: PostgreSQL itself dies; what failed is sent again with the same ids."""
    try:
        running = cluster(in_memory=True)
        server = running.__enter__()
    except Unavailable as why:
        pytest.skip(str(why))
    try:
        url = server.make_database()
        store = await open_store(url)
        clock = iter(range(1, 1_000_000))
        journal = Journal(store, Notebook(), lambda: next(clock))
        seen: list[int] = []
        journal.on_commit.append(lambda _, records: seen.extend(r.seq for r in records))
        acks: list[Ack] = []
        failed: list[int] = []
        codes: set[str] = set()

        async def send(n: int) -> None:
            try:
                result = await journal.submit(wish(f"c{n}", subject=f"page{n % 5}", times=2))
                acks.append(("shop", result["seq"], f"c{n}"))
            except StoreError as error:
                codes.add(error.code)
                failed.append(n)

        sending = [asyncio.create_task(send(n)) for n in range(50)]
        await asyncio.gather(*sending)
        sending = [asyncio.create_task(send(n)) for n in range(50, 400)]
        await sending[50]
        server.kill()
        await asyncio.gather(*sending, send(400))
        assert 400 in failed
        assert codes == {"store.unavailable"}
        server.start()
        while failed:
            again, failed = failed, []
            for n in again:
                await send(n)
        assert len(acks) == 401
        await check_journals(store, acks)
        await asyncio.gather(*[send(n) for n in range(401, 410)])
        assert seen == list(range(1, 2 * 410 + 1)), "the hooks missed a commit, or heard one twice"
        await journal.drain()
        await store.close()
    finally:
        running.__exit__(None, None, None)
