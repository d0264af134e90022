"""The one door through which facts enter the log.

One writer per node takes what has queued while the last commit ran: no timer, no delay when it is quiet,
and bigger commits when it is busy.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

import msgspec

from huaxin.journal.batch import Draft, Key, Plan, decide_batch
from huaxin.journal.entry import Busy, Entry, FutureWaiter, Waiter, check_command, reused, wish_of
from huaxin.journal.memory import Limits, ShopMemory
from huaxin.journal.model import Command, Head, Record, Rules
from huaxin.journal.reader import Reader
from huaxin.journal.wake.local import LocalWake
from huaxin.journal.wake.port import Wake
from huaxin.storage.port import HeadMoved, JournalStore, Repeated, StoreError

__all__ = ["Busy", "Journal", "Limits"]

_log = logging.getLogger(__name__)
_read_result = msgspec.json.Decoder(dict[str, Any]).decode
_ATTEMPTS = 50  # other nodes may win the same shop this often before a batch is sent back


class Journal(Reader):
    """The journals of all shops, as one node writes and reads them.

    `clock` gives ms since 1970. `queue` bounds the commands that wait, `batch` those in one commit.
    `check_every` (s, 0: never) looks at the heads in the store, which repairs lost wakes.
    """

    def __init__(
        self,
        store: JournalStore,
        rules: Rules,
        clock: Callable[[], int],
        *,
        wake: Wake | None = None,
        limits: Limits | None = None,
        queue: int = 16_384,
        batch: int = 1_024,
        check_every: float = 0,
    ) -> None:
        super().__init__(store, rules, limits or Limits())
        self._clock, self._wake = clock, wake or LocalWake()
        self._most_queued, self._most_batch, self._check_every = queue, batch, check_every
        self._queue: deque[Entry] = deque()
        self._asked: dict[tuple[str, str], Entry] = {}  # on their way, by (actor, command_id)
        self._writer: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._catching: set[str] = set()
        self._closing = False

    async def start(self) -> None:
        """Begins to listen for other nodes. Not needed on a node that is alone."""
        await self._wake.start(self.heard)
        if self._check_every:
            self._spawn(self._check_heads())

    async def submit(self, command: Command) -> dict[str, Any]:
        """Carries the command out; durable on return. The result has shop, seq (of its last fact) and at.

        A repeat of (actor, command_id) returns the first result. Raises Rejected (Busy: try again) and
        StoreError. Whoever stops waiting does not stop the command.
        """
        return _read_result(await self.submit_raw(command))

    async def submit_raw(self, command: Command) -> bytes:
        """Like submit, with the result as the raw JSON it is kept as."""
        check_command(command)
        waiter = FutureWaiter()
        self.begin(command, waiter)
        return await waiter.future

    async def drain(self) -> None:
        """Refuses new commands, finishes those on their way, stops listening."""
        self._closing = True
        while self._writer is not None:
            await asyncio.wait([self._writer])
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._wake.close()

    async def wake(self, shop: str, seq: int) -> None:
        """Another node wrote: reads up to there and tells the hooks. Cheap when nothing is new."""
        memory = self._memory.shop(shop)
        if memory is not None and seq > memory.head.seq:
            await self.catch_up(shop)

    def heard(self, shop: str, seq: int) -> None:
        """The same for a hint from outside any task. Hints for shops nobody here asked for are dropped."""
        memory = self._memory.shop(shop)
        if memory is None or seq <= memory.head.seq:
            return
        memory.hinted = max(memory.hinted, seq)
        if shop not in self._catching and not self._closing:
            self._catching.add(shop)
            self._spawn(self._follow(memory))

    @property
    def queued(self) -> int:
        """Commands that wait for the next commit."""
        return len(self._queue)

    def begin(self, command: Command, waiter: Waiter) -> None:
        """Puts a command into the queue; `waiter` is told later, never before this returns. Commands of one
        actor are decided in the order they were begun. Raises Rejected (Busy: try again).

        The command must be one that `entry.check_command` lets pass; whoever cannot know that asks it.
        """
        entry = self._asked.get((command.actor.person, command.command_id))
        if entry is not None:
            # The same command, still on its way: both get the one result.
            first = entry.command
            same_place = (first.shop, first.subject) == (command.shop, command.subject)
            if not same_place or wish_of(first) != wish_of(command):
                raise reused(command)
            entry.waiting.append(waiter)
            return
        if self._closing:
            raise Busy("journal.closing", "This server is stopping. Send it again to the next one.")
        if len(self._queue) >= self._most_queued:
            raise Busy("journal.busy", "Too much at once. Try again in a moment.")
        entry = Entry(command, waiter)
        self._asked[entry.key] = entry
        self._queue.append(entry)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())

    async def _write(self) -> None:
        try:
            while self._queue:
                count = min(len(self._queue), self._most_batch)
                await self._carry_out([self._queue.popleft() for _ in range(count)])
        finally:
            self._writer = None
            if self._queue:  # only when this task was cancelled: nobody may wait for ever
                self._queue.clear()
                self._fail(list(self._asked.values()), Busy("journal.closing", "This server stopped."))

    async def _carry_out(self, entries: list[Entry], behind: deque[Entry] | None = None) -> None:
        """Settles every entry, one way or the other. `behind`: what comes next, before the queue."""
        try:
            await self._commit(entries)
        except StoreError as error:
            self._turn_away(entries, error, behind)
        except Exception as error:
            _log.exception("a commit of %d commands failed", len(entries))
            rest = deque(e for e in entries if e.key in self._asked)
            if len(entries) == 1:
                self._fail(rest, error)
                return
            # One command that no store can keep must not take the others down with it.
            while rest:
                await self._carry_out([rest.popleft()], rest)

    async def _commit(self, entries: list[Entry]) -> None:
        """Decides and writes, again and again while other nodes are faster."""
        for _ in range(_ATTEMPTS):
            plan = await self._plan(entries)
            await self._answer_repeats(plan)
            try:
                parts = plan.make_parts(self.rules)
                if parts:
                    await self.store.append(parts)
            except HeadMoved as moved:
                await self._follow_heads(list(plan.drafts), moved.heads)
            except Repeated as repeated:
                self._answer_firsts(plan, repeated.firsts)
            else:
                self._finish(plan)
                return
            entries = [e for e in entries if e.key in self._asked]
            if not entries:
                return
        self._turn_away(entries, Busy("journal.busy", "Too many servers write for this shop. Try again."))

    async def _plan(self, entries: list[Entry]) -> Plan:
        shops = {e.command.shop for e in entries}
        while True:
            memories = {shop: await self._shop(shop) for shop in shops}
            heads = {shop: memory.head for shop, memory in memories.items()}
            states = await self._states({(e.command.shop, e.command.subject) for e in entries})
            tallies = {shop: tally for shop in shops if (tally := await self.tally(shop)) is not None}
            # While states were read, a wake may have moved a head: then they may be of two moments.
            if all(self._memory.shop(s) is m and m.head is heads[s] for s, m in memories.items()):
                known = {shop: (memory.head, memory.at) for shop, memory in memories.items()}
                return decide_batch(entries, known, states, self.rules, self._clock(), tallies)

    async def _states(self, keys: set[Key]) -> dict[Key, Any]:
        states: dict[Key, Any] = {}
        missing: dict[str, list[str]] = {}
        for key in keys:
            states[key] = self._memory.state(key)
            if states[key] is None:
                missing.setdefault(key[0], []).append(key[1])
        for shop, subjects in missing.items():
            for row in await self.store.states_of(shop, subjects):
                states[shop, row.subject] = self.rules.load(row.doc)
        return states

    async def _answer_repeats(self, plan: Plan) -> None:
        """What may not be now may be the retry of what was carried out: then it gets its first result."""
        if plan.refused:
            keys = [entry.key for entry, _ in plan.refused]
            self._answer_firsts(plan, await self.store.find_commands(keys))

    def _answer_firsts(self, plan: Plan, firsts: Sequence[Record]) -> None:
        for first in firsts:
            entry = self._asked.pop((first.actor, first.command_id), None)
            if entry is not None:
                entry.answer_from(first)
        plan.refused = [(e, r) for e, r in plan.refused if e.key in self._asked]

    def _finish(self, plan: Plan) -> None:
        """After the commit: memory, then the senders, then the hooks."""
        news = [(draft.shop, self._remember(plan, draft)) for draft in plan.drafts.values()]
        for entry, raw in plan.accepted:
            self._asked.pop(entry.key, None)
            entry.settle(raw)
        for entry, error in [*plan.refused, *plan.broken]:
            self._fail([entry], error)
        for shop, records in news:
            if records:
                self._wake.hint(shop, records[-1].seq)
                self._tell(shop, records)

    def _remember(self, plan: Plan, draft: Draft) -> Sequence[Record]:
        memory = self._memory.shop(draft.shop)
        if memory is None:
            return []
        current = memory.head == draft.expected
        new = self._memory.absorb(memory, draft.records)
        for subject in draft.subjects:
            # A catch-up may have read this commit, and more, before the store told us of it.
            if current and plan.states[draft.shop, subject] is not None:
                self._memory.keep_state((draft.shop, subject), plan.states[draft.shop, subject])
            elif not current:
                self._memory.drop_states(draft.shop, [subject])
        return new

    def _fail(self, entries: Sequence[Entry], error: Exception) -> None:
        for entry in entries:
            if self._asked.pop(entry.key, None) is not None:
                entry.fail(error)

    def _turn_away(
        self, entries: Sequence[Entry], error: Exception, behind: deque[Entry] | None = None
    ) -> None:
        """For now. What the same people sent behind it for the same orders must not overtake it."""
        held = {(e.command.actor.person, e.command.subject) for e in entries}
        overtaking: list[Entry] = []
        for line in (self._queue,) if behind is None else (behind, self._queue):
            waiting = list(line)
            line.clear()
            for entry in waiting:
                is_held = (entry.command.actor.person, entry.command.subject) in held
                (overtaking if is_held else line).append(entry)
        self._fail([*entries, *overtaking], error)

    async def _follow_heads(self, shops: Sequence[str], heads: Mapping[str, Head]) -> None:
        for shop in shops:
            memory, head = self._memory.shop(shop), heads.get(shop)
            if memory is None:
                continue
            if head is None or head.epoch != memory.head.epoch or head.seq < memory.head.seq:
                self._reset(shop)
            elif head.seq > memory.head.seq:
                await self.catch_up(shop)

    async def _follow(self, memory: ShopMemory) -> None:
        """Catches up for hints; those that come meanwhile are served by the same task."""
        try:
            while memory.hinted > (before := memory.head.seq):
                await self.catch_up(memory.shop)
                if memory.head.seq == before:
                    return  # a hint of what is not there: the next check will tell
        except StoreError as error:
            _log.warning("catching up %s: %s", memory.shop, error)
        finally:
            self._catching.discard(memory.shop)

    async def _check_heads(self) -> None:
        while True:
            await asyncio.sleep(self._check_every)
            try:
                shops = self._memory.shops()
                heads = await self.store.heads(shops) if shops else {}
                # Heads of just now, so that a commit of this node in between is no surprise.
                stale = {s: h for s, h in heads.items() if self._is_behind(s, h)}
                await self._follow_heads(list(stale), stale)
            except StoreError as error:
                _log.warning("checking heads: %s", error)

    def _is_behind(self, shop: str, head: Head) -> bool:
        memory = self._memory.shop(shop)
        return memory is not None and (head.epoch != memory.head.epoch or head.seq > memory.head.seq)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
