"""Removes what a shop keeps no longer, and says so.

The journal stays dense and its facts stay: that somebody spoke, when, and to whom. What was said is taken out
of the records' bodies in the store; then `talk_expired` is written, every node forgets what it had in memory,
and the order's overlays (edited texts, reactions) are emptied. A crash in between is gone over again.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from typing import Any, Protocol

import msgspec

from huaxin.conversation.commands import ExpireTalk
from huaxin.conversation.speaking import done_at
from huaxin.journal.journal import Journal
from huaxin.journal.model import Record, Rejected
from huaxin.orders.model import Order
from huaxin.search.index import SearchIndex
from huaxin.shops.retention import Retention, RetentionStore
from huaxin.storage.port import Store

log = logging.getLogger(__name__)

MEDIA, MESSAGES = "media", "messages"  # what there is to remove
MOST_ORDERS = 200  # in one sweep of one shop: the next one goes on
_PAGE = 100
_ALL = 2**53
_DAY_MS = 24 * 3_600_000
# What stays of a body: who spoke and to whom, and what other events point at.
KEPT: dict[str, tuple[str, ...]] = {
    "message_sent": ("name", "to", "forwarded"),
    "question_asked": ("name", "to", "until"),
    "question_answered": ("seq", "option", "name"),
    "message_edited": ("seq",),
    "message_reported": ("seq", "by", "name"),
    "report_resolved": ("seq",),
    "message_recalled": ("seq",),
    "reaction_changed": ("seq", "emoji", "on", "name"),
    "message_pinned": ("seq", "on", "name"),
    "live_stopped": ("seq",),
}
# Fields that a body of this type has always.
_EMPTY: dict[str, dict[str, Any]] = {"question_answered": {"text": ""}}

GiveCommand = Callable[[Order, Any, str], Awaitable[Any]]


class Media(Protocol):
    async def forget_order(self, order: str, only: Collection[str] | None = None) -> int: ...


class Sweeper:
    """`give` is Dispatcher.system."""

    def __init__(
        self,
        store: Store,
        journal: Journal,
        retention: RetentionStore,
        index: SearchIndex,
        media: Media,
        give: GiveCommand,
        clock: Callable[[], int],
    ) -> None:
        self._store, self._journal, self._retention = store, journal, retention
        self._index, self._media, self._give, self._clock = index, media, give, clock
        self.also: list[Callable[[], Awaitable[int]]] = []  # what else is swept with it

    def on_record(self, record: Record, order: Order) -> None:
        """Told by the feed on every node: what was removed from the store must not stay in memory."""
        if record.type == "talk_expired":
            self._journal.forget_recent(record.shop)

    async def sweep(self) -> int:
        """What is due now, at most MOST_ORDERS of each shop and kind; how many orders were touched."""
        touched = 0
        for shop, kept in (await self._retention.all()).items():
            touched += await self._sweep_shop(shop, kept)
        for sweep in self.also:
            await sweep()
        return touched

    async def _sweep_shop(self, shop: str, kept: Retention) -> int:
        now = self._clock()
        touched = 0
        for what, days in ((MEDIA, kept.pictures_days), (MESSAGES, kept.messages_days)):
            if not days:
                continue
            before = now - days * _DAY_MS
            for order in await self._due(shop, what, before):
                await self._expire(order, what, 0)
                touched += 1
                await asyncio.sleep(0)  # messages pass in between
            touched += await self._sweep_later(shop, what, before)
        if kept.positions_days:
            await self._store.execute(_FORGET_POSITIONS, shop, now - kept.positions_days * _DAY_MS)
        return touched

    async def _due(self, shop: str, what: str, before: int) -> list[Order]:
        """Orders completed before that time of which nothing was removed yet."""
        found = []
        for (subject,) in await self._store.fetch(_DUE, shop, what, before, MOST_ORDERS):
            order: Order | None = await self._journal.state(shop, subject)
            if order is not None and not order.open and done_at(order) < before:
                found.append(order)
        return found

    async def _sweep_later(self, shop: str, what: str, before: int) -> int:
        """What was said on orders that were swept before: each goes when it is itself that old."""
        touched = 0
        for subject, seen, left_at in await self._store.fetch(_LATER, shop, what, before, MOST_ORDERS):
            order: Order | None = await self._journal.state(shop, subject)
            if order is None:
                continue
            if left_at and left_at < before:
                await self._expire(order, what, before)
                touched += 1
            else:
                left, seen = await self._look(order, what, seen)
                await self._remember(order, what, seen, min(filter(None, (left_at, left)), default=0))
            await asyncio.sleep(0)
        return touched

    async def _look(self, order: Order, what: str, seen: int) -> tuple[int, int]:
        """When the oldest of what is there after that seq was said (0: there is none), and the newest seq."""
        left = 0
        async for record in self._records(order, seen):
            seen = record.seq
            if _has_left(record, what) and not left:
                left = record.at
        return left, seen

    async def _expire(self, order: Order, what: str, before: int) -> None:
        """Removes what was said before that time; 0: all there is."""
        remove = self._remove_media if what == MEDIA else self._remove_words
        left = seen = 0
        due: list[Record] = []
        async for record in self._records(order, 0):
            seen = record.seq
            if record.type not in KEPT and not _repeats_words(record):
                continue
            if not before or record.at < before:
                due.append(record)
            elif _has_left(record, what):
                left = left or record.at
        await remove(order, due, bool(before))
        await self._remember(order, what, seen, left)

    async def _remember(self, order: Order, what: str, seen: int, left_at: int) -> None:
        await self._store.execute(_REMEMBER, order.id, what, self._clock(), seen, left_at)

    async def _remove_media(self, order: Order, due: list[Record], is_later: bool) -> None:
        only = {id for record in due for id in _media_of(record)} if is_later else None
        await self._media.forget_order(order.id, only)

    async def _remove_words(self, order: Order, due: list[Record], is_later: bool) -> None:
        for start in range(0, len(due), _PAGE):
            await self._empty(due[start : start + _PAGE])
        newest = due[-1].seq if due else 0
        await self._index.remove_messages(order.shop, order.id, newest if is_later else _ALL)
        up_to, id = (newest, f"-{newest}") if is_later else (0, "")
        try:
            await self._give(order, ExpireTalk(order=order.id, up_to=up_to), f"expire-talk-{order.id}{id}")
        except Rejected as refusal:
            log.debug("%s: %s", order.id, refusal.code)  # done by another node

    async def _records(self, order: Order, after: int) -> AsyncIterator[Record]:
        # From the store itself: memory may be of before a sweep that a crash cut short.
        while True:
            records = await self._store.read_subject(order.shop, order.id, after, _PAGE)
            for record in records:
                yield record
            if len(records) < _PAGE:
                return
            after = records[-1].seq

    async def _empty(self, records: Sequence[Record]) -> None:
        await self._store.execute_many(
            [(_EMPTY_BODY, (emptied(one), _emptied_delta(one), one.shop, one.seq)) for one in records]
        )


def _repeats_words(record: Record) -> bool:
    """Of no message, but its change shows what lies over them: when somebody's right to see them changed."""
    return b'"overlays":' in record.delta or b'"reports":' in record.delta


def _media_of(record: Record) -> list[str]:
    if record.type != "message_sent" or b'"media":' not in record.body:
        return []
    return [one["id"] for one in msgspec.json.decode(record.body).get("media") or ()]


def _has_left(record: Record, what: str) -> bool:
    """Whether something is in it that will have to go."""
    if what == MEDIA:
        return bool(_media_of(record))
    if record.type in KEPT:
        return bool(msgspec.json.decode(record.body) != msgspec.json.decode(emptied(record)))
    return _repeats_words(record) and any(
        one is not None for one in (msgspec.json.decode(record.delta).get("overlays") or {}).values()
    )


_EMPTY_BODY = "UPDATE journal SET body = $1, delta = $2 WHERE shop = $3 AND seq = $4"
_DUE = """
SELECT subject FROM states WHERE shop = $1 AND closed AND due_at < $3
  AND NOT EXISTS (SELECT 1 FROM expired WHERE expired.order_id = states.subject AND expired.what = $2)
ORDER BY due_at LIMIT $4
"""
_LATER = """
SELECT expired.order_id, expired.seen, expired.left_at
FROM expired JOIN states ON states.subject = expired.order_id
WHERE states.shop = $1 AND expired.what = $2
  AND ((expired.left_at > 0 AND expired.left_at < $3) OR states.seq > expired.seen)
LIMIT $4
"""
_REMEMBER = """
INSERT INTO expired (order_id, what, at, seen, left_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (order_id, what) DO UPDATE SET
  at = excluded.at, seen = excluded.seen, left_at = excluded.left_at
"""
_FORGET_POSITIONS = """
DELETE FROM courier_positions
WHERE at < $2 AND courier IN (SELECT person FROM staff WHERE staff.shop = $1)
"""


def emptied(record: Record) -> bytes:
    """The body without what was said."""
    if record.type not in KEPT:
        return record.body
    body = msgspec.json.decode(record.body)
    kept = {name: body[name] for name in KEPT[record.type] if name in body}
    said = {"expired": True} if "to" in kept else {}
    return msgspec.json.encode(kept | _EMPTY.get(record.type, {}) | said)


def _emptied_delta(record: Record) -> bytes:
    """The change without the words in it: an edited text, the reason of a report."""
    if not record.delta:
        return b""
    fields = msgspec.json.decode(record.delta)
    if fields.get("overlays"):
        fields["overlays"] = dict.fromkeys(fields["overlays"])
    if fields.get("reports"):
        fields["reports"] = [{**one, "reason": "", "answer": ""} for one in fields["reports"]]
    return msgspec.json.encode(fields)
