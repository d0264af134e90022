"""Reading a journal as this node knows it: from memory when it can, from the store when it must.

What a node hands out never runs ahead of its own head, so that everything after an answer is still told
to the hooks.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from huaxin.journal.memory import Limits, Memory, ShopMemory
from huaxin.journal.model import Head, Record, Rules, Tallies, Tally
from huaxin.storage.port import JournalStore

_log = logging.getLogger(__name__)
_PAGE = 1_000  # records in one read while catching up

type Hook = Callable[[str, Sequence[Record]], None]


class Reader:
    """The reading half of a Journal, and the one place where records enter memory and reach the hooks."""

    def __init__(self, store: JournalStore, rules: Rules, limits: Limits) -> None:
        self.store, self.rules = store, rules
        self.on_commit: list[Hook] = []
        """Called after each commit with the shop and its new records; per shop dense and in seq order."""
        self.on_reset: list[Callable[[str], None]] = []
        """Called when a shop's journal is no longer the one that was known (another epoch)."""
        self.tallies: Tallies | None = None
        """What is counted over all of a shop's subjects; None: nothing."""
        self._memory = Memory(limits)
        self._opening: dict[str, asyncio.Task[ShopMemory]] = {}

    async def head(self, shop: str) -> Head:
        return (await self._shop(shop)).head

    async def since(self, shop: str, after: int, limit: int) -> list[Record]:
        """Records with seq > after, ascending, at most `limit`."""
        memory = await self._shop(shop)
        found = memory.recents.since(after, limit)
        return found if found is not None else self._clip(memory, await self.store.read(shop, after, limit))

    async def read_subject(
        self, shop: str, subject: str, after: int, limit: int, *, before: int = 0, newest: bool = False
    ) -> list[Record]:
        """Ascending records of one subject with after < seq (< before when not 0); with `newest` the last
        `limit` of them."""
        memory = await self._shop(shop)
        found = memory.recents.subject(subject, after, limit, before, newest)
        if found is not None:
            return found
        before = min(before or memory.head.seq + 1, memory.head.seq + 1)
        return await self.store.read_subject(shop, subject, after, limit, before=before, newest=newest)

    async def read_run(self, shop: str, courier: str, after: int, limit: int) -> list[Record]:
        """Ascending records that belong or belonged to this courier's run."""
        memory = await self._shop(shop)
        found = memory.recents.run(courier, after, limit)
        if found is not None:
            return found
        return self._clip(memory, await self.store.read_run(shop, courier, after, limit))

    async def state(self, shop: str, subject: str) -> Any | None:
        """The state of a subject as the rules know it, or None. Must not be mutated."""
        memory = await self._shop(shop)
        key = (shop, subject)
        known = self._memory.state(key)
        if known is not None:
            return known
        head = memory.head
        row = await self.store.state(shop, subject)
        known = self._memory.state(key)
        if known is not None:
            return known  # a commit came meanwhile: what was read may be older
        if row is None:
            return None
        state = self.rules.load(row.doc)
        # Only what is surely of this moment may be decided upon later.
        if memory.head is head and row.seq <= head.seq and self._memory.shop(shop) is memory:
            self._memory.keep_state(key, state)
        return state

    async def open_states(self, shop: str, limit: int) -> list[Any]:
        """The states of at most `limit` subjects that need further work; in memory from now on, so that those
        who come back after a restart need not each ask the store."""
        memory = await self._shop(shop)
        head = memory.head
        rows = await self.store.states(shop, open_only=True, limit=limit)
        current = memory.head is head and self._memory.shop(shop) is memory
        states = []
        for row in rows:
            key = (shop, row.subject)
            known = self._memory.state(key)
            if known is not None:
                states.append(known)
                continue
            states.append(self.rules.load(row.doc))
            if current and row.seq <= head.seq:
                self._memory.keep_state(key, states[-1])
        return states

    async def tally(self, shop: str) -> Tally | None:
        """What the shop's subjects take up, as of its head; None: nothing is counted here."""
        memory = await self._shop(shop)
        if self.tallies is None:
            return None
        while memory.tally is None or memory.tally.stale:
            head = memory.head
            opened = await self.tallies.open(shop)
            if memory.head is head:  # else a record between the reading and now would be missing in it
                memory.tally = opened
        return memory.tally

    def cached_state(self, shop: str, subject: str) -> Any | None:
        """Like state, but only from memory: None also means "ask state"."""
        return self._memory.state((shop, subject))

    async def first_result(self, actor: str, command_id: str) -> dict[str, Any] | None:
        """What a command that was carried out answered, or None."""
        first = await self.store.find_command(actor, command_id)
        return msgspec.json.decode(first.result, type=dict[str, Any]) if first is not None else None

    async def catch_up(self, shop: str) -> None:
        """Reads what other nodes wrote after this node's head, and tells the hooks."""
        memory = await self._shop(shop)
        while True:
            records = await self.store.read(shop, memory.head.seq, _PAGE)
            if self._memory.shop(shop) is not memory:
                return
            new = self._memory.absorb(memory, records)
            self._memory.drop_states(shop, {r.subject for r in new})
            self._tell(shop, new)
            if len(records) < _PAGE:
                return

    def forget_recent(self, shop: str) -> None:
        """Reads this shop from the store from now on: some of what is in memory was changed there."""
        self._memory.forget_recents(shop)

    def _reset(self, shop: str) -> None:
        """The store holds another journal than the one known (restored from a copy): start afresh."""
        _log.warning("the journal of %s is another one now: known records dropped", shop)
        self._memory.forget_shop(shop)
        for hook in self.on_reset:
            _call(hook, shop)

    def _tell(self, shop: str, records: Sequence[Record]) -> None:
        if records:
            for hook in self.on_commit:
                _call(hook, shop, records)

    async def _shop(self, shop: str) -> ShopMemory:
        memory = self._memory.shop(shop)
        if memory is not None:
            return memory
        task = self._opening.get(shop)
        if task is None:
            task = self._opening[shop] = asyncio.create_task(self._open(shop))
            task.add_done_callback(lambda _: self._opening.pop(shop, None))
        # Several may wait for one opening; the one that gives up must not take it from the others.
        return await asyncio.shield(task)

    async def _open(self, shop: str) -> ShopMemory:
        head = await self.store.open_shop(shop)
        warm = max(1, min(self._memory.limits.warm, self._memory.limits.records))
        newest = await self.store.read(shop, max(0, head.seq - warm), 2 * warm) if head.seq else []
        return self._memory.adopt(shop, head, newest)

    def _clip(self, memory: ShopMemory, records: list[Record]) -> list[Record]:
        if records and records[-1].seq > memory.head.seq:
            return [r for r in records if r.seq <= memory.head.seq]
        return records


def _call(hook: Callable[..., None], *args: Any) -> None:
    try:
        hook(*args)
    except Exception:
        # A hub that missed a commit sees the gap at the next one; the commit itself stands.
        _log.exception("a hook of the journal failed")
