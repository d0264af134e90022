"""Reading while others write."""

import asyncio
from typing import Any, cast

from huaxin.journal.memory import Limits
from huaxin.journal.model import Head, Record, Rules, StateRow
from huaxin.journal.reader import Reader
from huaxin.storage.port import JournalStore


class SlowStore:
    """Reads a state, and takes its time to hand it over."""

    def __init__(self) -> None:
        self.handing_over = asyncio.Event()

    async def open_shop(self, shop: str) -> Head:
        return Head("epoch", 0)

    async def read(self, shop: str, after: int, limit: int) -> list[Record]:
        return []

    async def state(self, shop: str, subject: str) -> StateRow:
        await self.handing_over.wait()
        return StateRow(shop=shop, subject=subject, seq=1, doc=b"with the courier before")


class Words:
    def load(self, doc: bytes) -> str:
        return doc.decode()


async def test_a_commit_during_a_read_is_what_counts() -> None:
    """JR-9: who may listen is decided on the state as it is, not as it was when the read began."""
    store = SlowStore()
    reader = Reader(cast(JournalStore, store), cast(Rules, cast(Any, Words())), Limits())
    asked = asyncio.create_task(reader.state("shop", "order"))
    for _ in range(50):
        await asyncio.sleep(0)
    reader._memory.keep_state(("shop", "order"), "with the next courier")
    store.handing_over.set()
    assert await asked == "with the next courier"
