"""Carries out due steps: looks what is true now, and tells or lets be. Each step is claimed by one node.

A step is let be when it was seen meanwhile, may not be known any more, was taken back, repeats what is being
said, or would break the person's wishes or budget. Whatever becomes of it is written down with the reason.
"""

import asyncio
import logging
from collections.abc import Callable
from zoneinfo import ZoneInfo

import msgspec

from huaxin.conversation.marks import MemberMarks
from huaxin.journal.model import Record
from huaxin.kernel import Role
from huaxin.notify.model import Channel, NoticePreferences, Step, Urgency
from huaxin.notify.ports import FindMarks, FindOrder, Journals, Persons, See
from huaxin.notify.quiet import day_start, quiet_until, zone_of
from huaxin.notify.rules import is_recalled, is_still_ringing, may_know, text_now
from huaxin.notify.store import NotifyStore
from huaxin.notify.words import Seen
from huaxin.orders.model import Order
from huaxin.people.model import SHOP_ROLES

log = logging.getLogger(__name__)
_seen = msgspec.json.Decoder(Seen).decode
AGAIN_S = (20, 60, 300, 900, 1_800)  # after a failure that may pass
TEXTS_A_DAY = 4  # SMS and WeChat to one person
STAFF_A_DAY = 300  # to the group chats of one shop
MESSAGE_AGAIN_MS = 15 * 60_000
LOST_MS = 120_000  # a sending that began so long ago has ended with its server
_LOOK_S = 5.0
_AT_ONCE = 16


class Verdict(msgspec.Struct, frozen=True):
    """What became of a step. `wait_s`: to be tried again after so long (state "due")."""

    state: str  # sent | seen | skipped | failed | due
    via: str = ""
    why: str = ""
    wait_s: int = 0


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """A step that is to be told, with everything its sender needs."""

    step: Step
    order: Order
    seen: Seen
    speaker: str
    preferences: NoticePreferences


class Teller:
    """How a ready step is told: implemented by service.py, which has the senders."""

    async def push(self, ready: Ready) -> Verdict:
        raise NotImplementedError

    async def text(self, ready: Ready) -> Verdict:
        raise NotImplementedError

    async def staff(self, ready: Ready) -> Verdict:
        raise NotImplementedError


class Ladder:
    """`speed`: house seconds per real second; waits shrink with it."""

    def __init__(
        self,
        store: NotifyStore,
        journal: Journals,
        people: Persons,
        find: FindOrder,
        marks: FindMarks,
        see: See,
        teller: Teller,
        clock: Callable[[], int],
        speed: Callable[[], float],
    ) -> None:
        self._store, self._journal, self._people, self._find = store, journal, people, find
        self._marks, self._see, self._teller = marks, see, teller
        self._clock, self._speed = clock, speed
        self._next = 0  # when the next step is due, as far as known; 0: nothing known
        self._recovered_at = 0
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._next = await self._store.next_due()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def expect(self, due_at: int) -> None:
        """A step was written down."""
        if not self._next or due_at < self._next:
            self._next = due_at
            self._wake.set()

    async def _run(self) -> None:
        while True:
            left_ms = self._next - self._clock() if self._next else 60_000
            left = left_ms / 1000 / max(self._speed(), 0.001)
            try:
                async with asyncio.timeout(min(max(left, 0.01), _LOOK_S)):
                    await self._wake.wait()
                    self._wake.clear()
                    continue  # something is due earlier than was known
            except TimeoutError:
                pass
            try:
                await self.run_due()
            except Exception:
                log.exception("due notices could not be told; they are tried again")
                await asyncio.sleep(1)

    async def run_due(self) -> int:
        """Carries out everything that is due; returns how many steps that were."""
        now = self._clock()
        if abs(now - self._recovered_at) > LOST_MS:
            self._recovered_at = now
            await self._store.recover(now - LOST_MS)
        count = 0
        while steps := await self._store.due(now, _AT_ONCE):
            rows: dict[tuple[str, str], list[Step]] = {}
            for step in sorted(steps, key=lambda one: one.seq):
                rows.setdefault((step.order_id, step.person), []).append(step)
            done = sum(await asyncio.gather(*(self._do_in_turn(row, now) for row in rows.values())))
            count += done
            if not done:
                break  # all of them are another node's
        self._next = await self._store.next_due()
        return count

    async def _do_in_turn(self, steps: list[Step], now: int) -> int:
        """What one person is told of one order comes in the order it happened."""
        return sum([await self._do(step, now) for step in steps])

    async def _do(self, step: Step, now: int) -> bool:
        if not await self._store.claim(step, now):
            return False
        try:
            verdict = await self._judge(step, now)
        except Exception as failure:
            log.exception("a notice could not be told")
            verdict = Verdict("due", why=type(failure).__name__)
        await self._write(step, verdict, now)
        return True

    async def _write(self, step: Step, verdict: Verdict, now: int) -> None:
        if verdict.state != "due":
            await self._store.finish(step, verdict.state, now, via=verdict.via, why=verdict.why)
            return
        wait_s = verdict.wait_s or AGAIN_S[min(step.tries, len(AGAIN_S) - 1)]
        due_at = now + wait_s * 1_000
        if step.tries >= len(AGAIN_S) or due_at > step.good_until:
            await self._store.finish(step, "failed", now, why=verdict.why or "too late")
        else:
            await self._store.put_off(step, due_at, verdict.why)

    async def _judge(self, step: Step, now: int) -> Verdict:
        if now > step.good_until:
            return Verdict("skipped", why="too late")
        order = await self._find(step.order_id)
        record = await self._record(step)
        if order is None or record is None or not await self._is_member(step, order):
            return Verdict("skipped", why="not theirs")
        if not may_know(order, step.role) or is_recalled(order, step.seq):
            return Verdict("skipped", why="not to be known")
        if step.kind == "call" and not is_still_ringing(record, order, step.role, step.person):
            return Verdict("skipped", why="rings no more")
        data = self._see(record, order, Role(step.role))
        if data is None:
            return Verdict("skipped", why="not to be seen")
        if await self._was_seen(step, order):
            return Verdict("seen")
        if await self._store.superseded(step, now, now - MESSAGE_AGAIN_MS):
            return Verdict("skipped", why="superseded")
        preferences = await self._store.preferences(step.person) if step.person else NoticePreferences()
        held = await self._held_back(step, preferences, zone_of(preferences, order.time_zone), now)
        if held is not None:
            return held
        seen = _seen(data)
        if edited := text_now(order, step.seq):
            seen.body["text"] = edited
        ready = Ready(step=step, order=order, seen=seen, speaker=record.role, preferences=preferences)
        if step.channel is Channel.push:
            return await self._teller.push(ready)
        return await (self._teller.text(ready) if step.person else self._teller.staff(ready))

    async def _record(self, step: Step) -> Record | None:
        found = await self._journal.read_subject(step.shop, step.order_id, step.seq - 1, 1)
        return found[0] if found and found[0].seq == step.seq else None

    async def _is_member(self, step: Step, order: Order) -> bool:
        """Still, now: an order may be another courier's meanwhile, and staff may have left."""
        if step.role == Role.buyer:
            return order.buyer.person == step.person or step.person.startswith("guest:")
        if step.role == Role.recipient:
            return step.person.startswith("guest:")  # whether the link holds is asked with the subscription
        crew = {one.person.id: one.role for one in await self._people.staff(order.shop)}
        if step.role == Role.courier:
            courier = order.courier
            mine = courier is not None and courier.person == step.person and step.person in crew
            return mine and not order.privacy_closed
        return not step.person or crew.get(step.person) in SHOP_ROLES

    async def _was_seen(self, step: Step, order: Order) -> bool:
        """By any device: read; received, when that is enough (the next channel, good to know); or acted."""
        received_is_enough = step.channel is Channel.next or step.urgency is Urgency.calm
        for mark in await self._marks(order.id):
            known = max(mark.read, mark.received) if received_is_enough else mark.read
            if self._is_mark_of(mark, step) and known >= step.seq:
                return True
        after = await self._journal.read_subject(step.shop, step.order_id, step.seq, 40)
        if step.role == Role.shop:  # one of them is at it
            return any(one.role == Role.shop for one in after)
        return any(one.actor == step.person for one in after)

    @staticmethod
    def _is_mark_of(mark: MemberMarks, step: Step) -> bool:
        return mark.role == step.role and step.person in ("", mark.person)

    async def _held_back(
        self, step: Step, wishes: NoticePreferences, zone: ZoneInfo, now: int
    ) -> Verdict | None:
        if step.kind == "message" and not wishes.messages and step.urgency is not Urgency.urgent:
            return Verdict("skipped", why="no messages wished")
        if step.kind == "call" and not wishes.calls:
            return Verdict("skipped", why="no calls wished")
        if step.channel is Channel.push and "push" not in wishes.channels:
            return Verdict("skipped", why="no pushes wished")
        until = quiet_until(wishes, now, zone) if step.person else 0
        if until and step.urgency is not Urgency.urgent:
            if until > step.good_until:
                return Verdict("skipped", why="quiet hours")
            return Verdict("due", why="quiet hours", wait_s=-(-(until - now) // 1_000))
        return await self._over_budget(step, wishes, zone, now)

    async def _over_budget(
        self, step: Step, wishes: NoticePreferences, zone: ZoneInfo, now: int
    ) -> Verdict | None:
        if step.channel is Channel.push:
            if step.urgency is Urgency.urgent:
                return None
            most = wishes.budget
        else:
            most = TEXTS_A_DAY if step.person else STAFF_A_DAY
        key = (step.person, "" if step.person else step.shop)
        sent = await self._store.sent_since(key, step.channel, day_start(now, zone))
        return Verdict("skipped", why="budget") if sent >= most else None
