"""The disk is full (JR-16, JR-31). A small memory disk is mounted for this, which only root may do."""

import asyncio
import contextlib
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from huaxin.journal.journal import Journal
from huaxin.storage.open import open_store
from huaxin.storage.port import StoreError
from tests.contract.storage.checking import Ack, check_journals
from tests.contract.storage.notebook import Notebook, wish
from tests.postgres import Cluster

_TEXT = random.Random(5).randbytes(8_000).hex()  # a database may compress what is regular


@contextlib.contextmanager
def _tiny_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of that size at `folder`, one megabyte of which is taken by `filler`."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=777", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command here")
    if done.returncode != 0:
        pytest.skip(f"may not mount a small disk here: {done.stderr.strip()}")
    try:
        (folder / "filler").write_bytes(bytes(1 << 20))
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


async def _fill_and_recover(url: str, disk: Path) -> None:
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
            result = await journal.submit(wish(f"c{n}", subject=f"page{n % 5}", text=_TEXT, times=2))
            acks.append(("shop", result["seq"], f"c{n}"))
        except StoreError as error:
            codes.add(error.code)
            failed.append(n)

    for start in range(0, 3_000, 20):
        await asyncio.gather(*[send(n) for n in range(start, start + 20)])
        if failed:
            break
    assert codes == {"store.full"}
    assert acks, "nothing fitted at all: the disk of the test is too small"
    # Nothing half-written, nothing changed in memory, and reading goes on.
    head = await journal.head("shop")
    assert (head.seq, len(seen)) == (2 * len(acks), 2 * len(acks))
    await check_journals(store, acks)

    (disk / "filler").unlink()
    again, failed[:] = failed[:3], []
    await asyncio.gather(*[send(n) for n in again])
    assert failed == []
    await check_journals(store, acks)
    assert seen == list(range(1, 2 * len(acks) + 1))
    await journal.drain()
    await store.close()


async def test_sqlite_on_a_full_disk(tmp_path: Path) -> None:
    """JR-16, JR-31: a clear error to the sender, nothing half-written, service when space returns."""
    with _tiny_disk(tmp_path, 4) as disk:
        await _fill_and_recover(f"sqlite:///{disk}/huaxin.db", disk)


async def test_postgres_on_a_full_disk(postgres_server: Cluster) -> None:
    """JR-16, JR-31: the tables lie on the full disk."""
    folder = postgres_server.make_folder("tiny")
    with _tiny_disk(folder, 16) as disk:
        tables = disk / "tables"
        tables.mkdir()
        postgres_server.give(tables)
        postgres_server.sql(f"CREATE TABLESPACE tiny LOCATION '{tables}'")
        url = postgres_server.make_database("TABLESPACE tiny")
        try:
            await _fill_and_recover(url, disk)
        finally:
            name = url.partition("@/")[2].partition("?")[0]
            postgres_server.sql(f"DROP DATABASE {name} WITH (FORCE)", "DROP TABLESPACE tiny")
