"""Follows the journals by seq and writes down what is due. Behind the commit, never in its way.

What was decided and how far are one transaction, and a step's identity comes from its record: after a crash,
or on several nodes at once, deciding again adds nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable

import msgspec

from huaxin.journal.model import Head, Record
from huaxin.notify.model import Step
from huaxin.notify.ports import FindOrder, Journals
from huaxin.notify.reach import Reach
from huaxin.notify.rules import MESSAGES, WATCHED, decide_steps
from huaxin.notify.store import NotifyStore
from huaxin.orders.model import Order

log = logging.getLogger(__name__)
_PAGE = 500
_TOO_FAR = 20_000  # records behind: older ones would not be told any more anyway
_GATHER_S = 0.05  # what one busy moment brings is decided together
_KEEP_EVERY = 2_000  # records without a step after which the place is written down all the same
_AGAIN_S = 2.0


class Follower:
    """`decided(steps)` is told of what was written down."""

    def __init__(
        self,
        journal: Journals,
        store: NotifyStore,
        reach: Reach,
        find: FindOrder,
        decided: Callable[[list[Step]], None],
    ) -> None:
        self._journal, self._store, self._reach, self._find = journal, store, reach, find
        self._decided = decided
        self._at: dict[str, Head] = {}
        self._kept: dict[str, int] = {}
        self._heard: set[str] = set()
        self._first: dict[str, int] = {}  # shop → before the first record heard here
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self, shops: Iterable[str]) -> None:
        """Goes on where it stopped; a shop not seen before is followed from now on."""
        await self._reach.look(fresh=True)
        for shop in shops:
            await self._open(shop)
            self._heard.add(shop)
        self._wake.set()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for shop in list(self._at):
            await self._keep(shop)

    def on_record(self, record: Record, order: Order) -> None:
        """Told by the feed of every record, on the loop: it only remembers that there is something."""
        if record.type in WATCHED and record.shop not in self._heard:
            self._heard.add(record.shop)
            self._first.setdefault(record.shop, record.seq - 1)
            self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(_GATHER_S)
            self._wake.clear()
            shops, self._heard = self._heard, set()
            for shop in sorted(shops):
                try:
                    await self.follow(shop)
                except Exception:
                    log.exception("notices of %s could not be decided; they are tried again", shop)
                    self._heard.add(shop)
            if self._heard:
                await asyncio.sleep(_AGAIN_S)
                self._wake.set()

    async def follow(self, shop: str) -> int:
        """Decides everything up to the head; returns how many steps that made."""
        at = self._at.get(shop) or await self._open(shop)
        head = await self._journal.head(shop)
        if head.epoch != at.epoch:  # another history: what it holds of old was told by whoever told it then
            at = self._at[shop] = head
            await self._keep(shop)
        if not self._reach.anybody():
            await self._reach.look()
        if not self._reach.anybody():
            self._at[shop] = head
            if head.seq - self._kept.get(shop, 0) >= _KEEP_EVERY:
                await self._keep(shop)
            return 0
        await self._reach.look()
        count = 0
        while at.seq < head.seq:
            records = await self._journal.since(shop, at.seq, _PAGE)
            if not records:
                break
            steps = await self._decide(records)
            at = Head(at.epoch, records[-1].seq)
            if steps or at.seq - self._kept.get(shop, 0) >= _KEEP_EVERY:
                await self._store.advance(shop, at, steps)
                self._kept[shop] = at.seq
                self._decided(steps)
            self._at[shop] = at
            count += len(steps)
        return count

    async def _decide(self, records: list[Record]) -> list[Step]:
        found: list[Step] = []
        causes: dict[str, tuple[str, str]] = {}
        for record in records:
            if record.nth == 0:
                causes[record.command_id] = (record.actor, record.role)
            if record.type not in WATCHED:
                continue
            order = await self._find(record.subject)
            if order is None:
                continue
            cause = causes.get(record.command_id) or await self._cause(record)
            try:
                spoken = record.type in MESSAGES
                listeners = self._reach.wanting_messages(order) if spoken else self._reach.of(order)
                found += decide_steps(record, order, cause, await listeners)
            except msgspec.MsgspecError:
                log.exception("seq %d of %s could not be read", record.seq, record.shop)
        return found

    async def _cause(self, record: Record) -> tuple[str, str]:
        """Who made it happen, when that was on the page before."""
        first = await self._journal.since(record.shop, record.seq - record.nth - 1, 1)
        return (first[0].actor, first[0].role) if first else (record.actor, record.role)

    async def _open(self, shop: str) -> Head:
        head, kept = await self._journal.head(shop), await self._store.cursor(shop)
        at = Head(head.epoch, min(head.seq, self._first.get(shop, head.seq)))
        if kept is not None and kept.epoch == head.epoch and kept.seq <= head.seq:
            at = Head(head.epoch, max(kept.seq, head.seq - _TOO_FAR))
        self._at[shop] = at
        self._kept[shop] = at.seq
        if kept != at:
            await self._store.advance(shop, at)
        return at

    async def _keep(self, shop: str) -> None:
        at = self._at[shop]
        await self._store.advance(shop, at)
        self._kept[shop] = at.seq
