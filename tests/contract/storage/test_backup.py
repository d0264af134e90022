"""Copies of a running store (JR-35)."""

import asyncio
from pathlib import Path

import pytest

from huaxin.storage.open import open_store
from huaxin.storage.port import ShopAppend, StoreError
from tests.contract.storage.making import append, record, state


async def test_a_copy_made_while_writing_is_whole(tmp_path: Path) -> None:
    """JR-35."""
    store = await open_store(f"sqlite:///{tmp_path}/huaxin.db")
    await append(store, [record(n, body=b"x" * 2_000) for n in range(1, 1_001)])
    done = asyncio.Event()

    async def write() -> int:
        count = 0
        while not done.is_set() or not count:
            head = await store.open_shop("shop")
            new = [record(head.seq + 1, command_id=f"w{count}")]
            await store.append([ShopAppend("shop", head, new, [state("page", head.seq + 1)])])
            count += 1
        return count

    writing = asyncio.create_task(write())
    target = tmp_path / "copy.db"
    await store.backup(str(target))
    done.set()
    assert await writing > 0

    copy = await open_store(f"sqlite:///{target}")
    records = await copy.read("shop", 0, 100_000)
    head = await copy.open_shop("shop")
    assert [r.seq for r in records] == list(range(1, head.seq + 1))
    assert head.seq >= 1_000
    # Cursors of the original may be ahead of the copy: they must not fit it.
    assert head.epoch != (await store.open_shop("shop")).epoch
    assert await copy.fetch("PRAGMA integrity_check") == [("ok",)]
    await copy.close()
    with pytest.raises(StoreError, match="exists already"):
        await store.backup(str(target))
    await store.close()


async def test_postgres_says_how(url: str) -> None:
    """JR-35."""
    if url.startswith("sqlite"):
        return
    store = await open_store(url)
    with pytest.raises(StoreError, match="pg_dump"):
        await store.backup("copy")
    await store.close()
