"""Queries that search: one order's conversation for whoever is on it, all orders of a shop for its staff.

Within an order the conversation itself is read, newest first, and what is found is what the asker sees of it:
the same rendering as history, so the same redaction. Over a shop the index narrows (huaxin.search).
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from huaxin.journal.journal import Journal
from huaxin.journal.model import Record, Rejected
from huaxin.kernel import Role
from huaxin.live import views as v
from huaxin.live.orders import Orders, denied
from huaxin.live.queries import MOST_SEQ
from huaxin.live.render import render
from huaxin.orders.model import Order
from huaxin.people.access import is_shop_staff
from huaxin.people.model import Principal
from huaxin.search.documents import SEARCHED, Fields, fields_of, spoken_fields
from huaxin.search.excerpt import cut
from huaxin.search.index import MESSAGES, ORDERS, Document, SearchIndex
from huaxin.search.words import Match, Sought, find, read_query

PAGE = 100  # records looked at in one go
MOST_LOOKED = 4_000  # records looked at for one answer: beyond, the asker goes on from `before`
MOST_CANDIDATES = 300  # documents of each kind that are compared word by word
PATIENCE_S = 3.0
BREATH_S = 0.002  # how long it looks without letting others run
# How much a field says about which order is meant, most first.
_RANK = {name: rank for rank, name in enumerate(
    ("number", "phone", "recipient", "buyer", "address", "card", "note", "flowers", "courier")
)}  # fmt: skip
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class SearchMessagesArgs(msgspec.Struct, frozen=True, kw_only=True):
    """Within one order, newest first. `before`: seq to go on from, 0 to begin."""

    order: str
    text: str
    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    before: Annotated[int, Meta(ge=0, le=MOST_SEQ)] = 0


class SearchOrdersArgs(msgspec.Struct, frozen=True, kw_only=True):
    """Over all orders of a shop, for its staff."""

    shop: str
    text: str
    limit: Annotated[int, Meta(ge=1, le=50)] = 20


class Searching:
    """Raises Rejected."""

    def __init__(self, journal: Journal, orders: Orders, index: SearchIndex) -> None:
        self._journal, self._orders, self._index = journal, orders, index

    async def search_messages(self, who: Principal, args: SearchMessagesArgs) -> v.MessageHits:
        sought = read_query(args.text)
        order, role = await self._orders.access(args.order, who)
        hits: list[v.MessageHit] = []
        before, looked, breath = args.before, 0, _Breath()
        while sought.words and looked < MOST_LOOKED:
            records = await self._journal.read_subject(
                order.shop, order.id, 0, PAGE, before=before, newest=True
            )
            order = await self._orders.find(order.id) or order  # recalled meanwhile is not found
            for record in reversed(records):
                looked, before = looked + 1, record.seq
                await breath.take()
                hit = _hit(record, order, role, sought)
                if hit is not None:
                    hits.append(hit)
                if len(hits) == args.limit:
                    return v.MessageHits(hits=hits, more=before > 1, before=before)
            if len(records) < PAGE:
                return v.MessageHits(hits=hits, more=False, before=0)
        return v.MessageHits(hits=hits, more=bool(sought.words), before=before if sought.words else 0)

    async def search_orders(self, who: Principal, args: SearchOrdersArgs) -> v.OrderHits:
        if not is_shop_staff(who, args.shop):
            raise denied(args.shop)
        sought = read_query(args.text)
        if not sought.terms:
            return v.OrderHits(hits=[])
        try:
            async with asyncio.timeout(PATIENCE_S):
                orders = await self._index.look(args.shop, ORDERS, sought.terms, MOST_CANDIDATES)
                said = await self._index.look(args.shop, MESSAGES, sought.terms, MOST_CANDIDATES)
        except TimeoutError:
            raise Rejected(
                "search.busy", "Searching takes too long right now; try more words.", status=503
            ) from None
        found, breath = [], _Breath()
        for one in [*orders, *said]:
            await breath.take()
            if (match := find(one.texts, sought)) is not None:
                found.append((one, match))
        return v.OrderHits(hits=await self._shown(args.shop, _best_of_each(found)[: args.limit]))

    async def _shown(self, shop: str, found: Sequence[tuple[Document, Match]]) -> list[v.OrderHit]:
        hits = []
        for document, match in found:
            order: Order | None = await self._journal.state(shop, document.subject)
            if order is None:
                continue
            where, text = document.fields[match.field]
            excerpt, ranges = cut(text, match.places)
            hits.append(
                v.OrderHit(
                    order=order.id,
                    number=order.number,
                    status=order.status,
                    where=where,
                    excerpt=excerpt,
                    ranges=ranges,
                    at=document.at,
                    seq=document.seq,
                )
            )
        return hits


class _Breath:
    """Lets messages pass in between: long texts take milliseconds each."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    async def take(self) -> None:
        if time.monotonic() - self._since > BREATH_S:
            await asyncio.sleep(0)
            self._since = time.monotonic()


def _best_of_each(found: Sequence[tuple[Document, Match]]) -> list[tuple[Document, Match]]:
    """One hit for each order: what the order itself says before what was said on it. Orders by how telling
    the field is, then the newest."""
    best: dict[str, tuple[Document, Match]] = {}
    for one in sorted(found, key=_order_of_hits):
        best.setdefault(one[0].subject, one)
    return list(best.values())


def _order_of_hits(hit: tuple[Document, Match]) -> tuple[int, int, int]:
    document, match = hit
    rank = len(_RANK) if document.seq else _RANK.get(document.fields[match.field][0], len(_RANK))
    return rank, -document.at, -document.seq


def _hit(record: Record, order: Order, role: Role, sought: Sought) -> v.MessageHit | None:
    # First what was written, which is quick; then what this role sees of it, which decides.
    if find([text for _, text in _written(record, order)], sought) is None:
        return None
    seen = render(record, order, role)
    if seen is None:
        return None
    event = _decode(seen)
    overlay = _overlay(order, record.seq)
    fields = _texts(event["type"], event["body"], event.get("delta"), overlay)
    match = find([text for _, text in fields], sought)
    if match is None:
        return None
    where, text = fields[match.field]
    excerpt, ranges = cut(text, match.places)
    return v.MessageHit(
        seq=record.seq,
        at=record.at,
        type=record.type,
        where=where,
        name=str(event["body"].get("name") or ""),
        role=record.role,
        excerpt=excerpt,
        ranges=ranges,
    )


def _written(record: Record, order: Order) -> Fields:
    body = _decode(record.body) if record.body else {}
    delta = _decode(record.delta) if record.delta else None
    return _texts(record.type, body, delta, _overlay(order, record.seq))


def _texts(kind: str, body: Any, delta: Any, overlay: Any) -> Fields:
    """The texts of an event: what was said in it, by whom, and what it changed of the order."""
    edited = getattr(overlay, "text", None)
    if edited and kind == "message_sent" and body.get("text"):
        body = {**body, "text": edited}
    found = spoken_fields(kind, body)
    if found and body.get("name"):
        found.append(("name", str(body["name"])))
    if delta and not SEARCHED.isdisjoint(delta):
        found += fields_of(delta)
    return found


def _overlay(order: Order, seq: int) -> Any:
    """What became of a message later (edited, recalled), folded into the order."""
    overlays = getattr(order, "overlays", None) or {}
    return overlays.get(str(seq))
