"""Brings the index up to date: follows the journal by seq, behind it, and never in its way.

Nothing waits for it. What it is told after a commit is only "there is more"; it reads the journal from where
the index is, writes documents and progress in one transaction, and rests nine times as long as it worked.
After a crash, or when it was told nothing, it goes on from what the index says.
"""

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence

import msgspec

from huaxin.journal.journal import Journal
from huaxin.journal.model import Record
from huaxin.orders.model import Order
from huaxin.search.documents import EDITED, SEARCHED, message_document, order_fields
from huaxin.search.index import Document, Progress, SearchIndex
from huaxin.storage.port import JournalStore

log = logging.getLogger(__name__)
BATCH = 256  # records in one write when nothing else is to be done …
BESIDE = 8  # … and beside the living: the one writer is held from messages for a few ms (64: 30 ms at worst)
GATHER_S = 0.05  # what comes together is written together
REST = 9  # times as long as the work took
RETRY_S = 5.0


class _Edit(msgspec.Struct, frozen=True):
    seq: int = 0
    text: str = ""


_edit = msgspec.json.Decoder(_Edit)


class Follower:
    """One per node. Two that follow the same journal do the same work twice, and nothing else."""

    def __init__(self, journal: Journal, store: JournalStore, index: SearchIndex) -> None:
        self._journal, self._store, self._index = journal, store, index
        self._behind: dict[str, None] = {}  # shops with more to read, in the order they were told
        self._told = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def on_commit(self, shop: str, records: Sequence[Record]) -> None:
        """Told by the journal. As quick as can be."""
        self._behind[shop] = None
        self._told.set()

    async def start(self, shops: Iterable[str]) -> None:
        """Looks at these shops first: something may be left from before a restart."""
        self._behind |= dict.fromkeys(shops)
        self._told.set()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def catch_up(self, shop: str, *, rest: int = 0) -> int:
        """Returns when everything committed before the call is in the index; how many records were read."""
        read = 0
        head = await self._journal.head(shop)
        while True:
            began = time.monotonic()
            count = await self._step(shop, BESIDE if rest else BATCH)
            read += count
            if (await self._index.progress(shop)).seq >= head.seq or not count:
                return read
            await asyncio.sleep(rest * (time.monotonic() - began))

    async def rebuild(self, shop: str) -> int:
        """Makes the shop's index anew from its journal; how many records were read."""
        await self._index.clear(shop)
        return await self.catch_up(shop)

    async def _run(self) -> None:
        while True:
            await self._told.wait()
            self._told.clear()
            await asyncio.sleep(GATHER_S)
            shops, self._behind = list(self._behind), {}
            for shop in shops:
                try:
                    await self.catch_up(shop, rest=REST)
                except Exception:
                    log.exception("the search index of %s could not follow; it tries again", shop)
                    self.on_commit(shop, ())
                    await asyncio.sleep(RETRY_S)

    async def _step(self, shop: str, most: int) -> int:
        """One batch; how many records it had."""
        progress = await self._index.progress(shop)
        head = await self._journal.head(shop)
        if progress.epoch != head.epoch:
            if progress.epoch:
                await self._index.clear(shop)  # the journal is another one now
            progress = Progress(head.epoch, 0)
        records = await self._journal.since(shop, progress.seq, most)
        if not records:
            return 0
        documents = [*await self._orders(shop, records), *await self._messages(shop, records)]
        await self._index.write(shop, Progress(head.epoch, records[-1].seq), documents)
        return len(records)

    async def _orders(self, shop: str, records: Sequence[Record]) -> list[Document]:
        changed = {one.subject for one in records if one.delta and _touches(one.delta)}
        # From the store, not from memory: the row says of which seq it is, so the newest wins.
        rows = await self._store.states_of(shop, sorted(changed))
        found = []
        for row in rows:
            order: Order = self._journal.rules.load(row.doc)
            found.append(
                Document(
                    shop=shop,
                    subject=row.subject,
                    seq=0,
                    changed=row.seq,
                    at=order.placed_at,
                    fields=order_fields(order),
                )
            )
        return sorted(found, key=lambda one: one.at)

    async def _messages(self, shop: str, records: Sequence[Record]) -> list[Document]:
        found: dict[int, Document] = {}
        for record in records:
            document = message_document(record)
            if record.type == EDITED:
                document = await self._edited(shop, record)
            if document is not None:
                found[document.seq] = document
        return list(found.values())

    async def _edited(self, shop: str, edit: Record) -> Document | None:
        """The message as it reads now. A recalled one stays: the shop alone searches here (SRC-7)."""
        said = _edit.decode(edit.body)
        original = await self._journal.since(shop, said.seq - 1, 1)
        if not original or original[0].subject != edit.subject:
            return None
        return message_document(original[0], said.text, edit.seq)


def _touches(delta: bytes) -> bool:
    return not SEARCHED.isdisjoint(msgspec.json.decode(delta))
