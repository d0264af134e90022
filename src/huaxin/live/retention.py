"""Removes what a shop keeps no longer, and says so.

The journal stays dense and its facts stay: that somebody spoke, when, and to whom. What was said is taken out
of the records' bodies in the store; then `talk_expired` is written, every node forgets what it had in memory,
and the order's overlays (edited texts, reactions) are emptied. A crash in between is gone over again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
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

MOST_ORDERS = 200  # in one sweep of one shop: the next one goes on
_PAGE = 100
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
    async def forget_order(self, order: str) -> int: ...


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

    def on_record(self, record: Record, order: Order) -> None:
        """Told by the feed on every node: what was removed from the store must not stay in memory."""
        if record.type == "talk_expired":
            self._journal.forget_recent(record.shop)

    async def sweep(self) -> int:
        """What is due now, at most MOST_ORDERS of each shop and kind; how many orders were touched."""
        touched = 0
        for shop, kept in (await self._retention.all()).items():
            touched += await self._sweep_shop(shop, kept)
        return touched

    async def _sweep_shop(self, shop: str, kept: Retention) -> int:
        now = self._clock()
        touched = 0
        for what, days, expire in (
            ("media", kept.pictures_days, self._expire_media),
            ("messages", kept.messages_days, self._expire_messages),
        ):
            for order in await self._due(shop, what, now - days * _DAY_MS) if days else ():
                await expire(order)
                await self._store.execute(
                    "INSERT INTO expired (order_id, what, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                    order.id,
                    what,
                    now,
                )
                touched += 1
                await asyncio.sleep(0)  # messages pass in between
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

    async def _expire_media(self, order: Order) -> None:
        await self._media.forget_order(order.id)

    async def _expire_messages(self, order: Order) -> None:
        after = 0
        while True:
            # From the store itself: memory may be of before a sweep that a crash cut short.
            records = await self._store.read_subject(order.shop, order.id, after, _PAGE)
            await self._empty([record for record in records if record.type in KEPT])
            if len(records) < _PAGE:
                break
            after = records[-1].seq
        await self._index.remove_messages(order.shop, order.id)
        try:
            await self._give(order, ExpireTalk(order=order.id), f"expire-talk-{order.id}")
        except Rejected as refusal:
            log.debug("%s: %s", order.id, refusal.code)  # done by another node

    async def _empty(self, records: Sequence[Record]) -> None:
        if records:
            await self._store.execute_many(
                [(_EMPTY_BODY, (emptied(one), _emptied_delta(one), one.shop, one.seq)) for one in records]
            )


_EMPTY_BODY = "UPDATE journal SET body = $1, delta = $2 WHERE shop = $3 AND seq = $4"
_DUE = """
SELECT subject FROM states WHERE shop = $1 AND closed AND due_at < $3
  AND NOT EXISTS (SELECT 1 FROM expired WHERE expired.order_id = states.subject AND expired.what = $2)
ORDER BY due_at LIMIT $4
"""
_FORGET_POSITIONS = """
DELETE FROM courier_positions
WHERE at < $2 AND courier IN (SELECT person FROM staff WHERE staff.shop = $1)
"""


def emptied(record: Record) -> bytes:
    """The body without what was said."""
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
