"""What may be asked about orders: snapshots with a cursor, so that events after it can be applied."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from huaxin.conversation.marks import Marks
from huaxin.conversation.targets import MESSAGES
from huaxin.journal.journal import Journal
from huaxin.journal.model import Record
from huaxin.kernel import Role
from huaxin.live import views as v
from huaxin.live.attention import attention_for
from huaxin.live.evidence_views import GuestLinkView
from huaxin.live.orders import Orders, denied
from huaxin.live.presence import Presence
from huaxin.live.render import render
from huaxin.live.tracking import LiveTracking
from huaxin.orders.gates import Gates
from huaxin.orders.lifecycle import allowed_actions
from huaxin.orders.model import Order
from huaxin.orders.recipient.contact import hides_gift
from huaxin.orders.redact import redact
from huaxin.orders.views import OrderView, StopView
from huaxin.people.access import is_shop_staff, staff_of
from huaxin.people.model import Principal
from huaxin.people.service import People
from huaxin.shops.model import local_day
from huaxin.shops.store import ShopStore
from huaxin.storage.port import Store

NEWEST = 60  # events in a snapshot; older ones by get_history
MOST_SEQ = 2**53  # what a screen can count to
_MOST = 200
_SHOWN_IN_LISTS = MESSAGES | {"notice_posted"}
_UNREAD_SHOWN = 99
_DAY_MS = 24 * 3_600_000


class OrderArgs(msgspec.Struct, frozen=True, kw_only=True):
    order: str


class HistoryArgs(msgspec.Struct, frozen=True, kw_only=True):
    order: str
    before: Annotated[int, Meta(ge=0, le=MOST_SEQ)]
    limit: Annotated[int, Meta(ge=1, le=_MOST)] = 50


class ShopArgs(msgspec.Struct, frozen=True, kw_only=True):
    shop: str


class NoArgs(msgspec.Struct, frozen=True, kw_only=True):
    pass


class Queries:
    """Every answer is redacted for the role that asks. Raises Rejected."""

    def __init__(
        self,
        journal: Journal,
        orders: Orders,
        store: Store,
        people: People,
        shops: ShopStore,
        marks: Marks,
        presence: Presence,
        tracking: LiveTracking,
        clock: Any,
    ) -> None:
        self._journal, self._orders, self._store, self._people = journal, orders, store, people
        self._shops, self._marks, self._presence, self._tracking = shops, marks, presence, tracking
        self._clock = clock
        self.live: Callable[[Order, Role], Awaitable[list[v.LiveView]]] | None = None  # shared positions
        self.muted: Callable[[str, str], Awaitable[bool]] | None = None
        self.gates: Callable[[str], Awaitable[Gates]] | None = None

    # one order

    async def get_order(self, who: Principal, args: OrderArgs) -> v.OrderSnapshot:
        order, role = await self._orders.access(args.order, who)
        # The cursor before what it speaks of: an event that comes in between is applied twice, never lost.
        head = await self._journal.head(order.shop)
        records = await self._journal.read_subject(order.shop, order.id, 0, NEWEST + 1, newest=True)
        order = await self._orders.find(order.id) or order
        shop = await self._shops.get(order.shop)
        events = self._events(records[-NEWEST:], order, role)
        return v.OrderSnapshot(
            cursor=v.Cursor(head.epoch, head.seq),
            role=role,
            order=view_of(order, role),
            actions=allowed_actions(order, role, self._clock()),
            events=events,
            more=len(records) > NEWEST,
            marks=await self._marks_of(order, role),
            members=await self._members(order, role),
            track=self._tracking.track(order, role),
            shop_name="" if is_secret(order, role) else shop.name,
            shop_point=None if is_secret(order, role) else shop.point,
            attention=attention_for(order, self._clock()) if role is Role.shop else [],
            live=await self.live(order, role) if self.live is not None else [],
            muted=await self.muted(who.person, order.id) if self.muted is not None else False,
        )

    async def get_history(self, who: Principal, args: HistoryArgs) -> v.HistoryPage:
        order, role = await self._orders.access(args.order, who)
        before, more, size = args.before, True, args.limit
        events: list[v.EventView] = []
        # Read on while nothing is for this role: an empty page that says there is more leads nowhere.
        while more and len(events) < args.limit:
            records = await self._journal.read_subject(
                order.shop, order.id, 0, size + 1, before=before, newest=True
            )
            more, page = len(records) > size, records[-size:]
            events = self._events(page, order, role) + events
            before, size = page[0].seq if page else before, _MOST
        return v.HistoryPage(events=events[-args.limit :], more=more or len(events) > args.limit)

    def _events(self, records: list[Record], order: Order, role: Role) -> list[v.EventView]:
        found = (render(record, order, role, self._clock()) for record in records)
        return [msgspec.json.decode(data, type=v.EventView) for data in found if data is not None]

    async def _marks_of(self, order: Order, role: Role) -> list[v.MarksView]:
        shown = await self._marks.get(order.id)
        return [
            v.MarksView(person=one.person, role=one.role, received=one.received, read=one.read)
            for one in shown
            if role is not Role.recipient or one.role in (Role.recipient, Role.courier, Role.shop)
        ]

    async def _members(self, order: Order, role: Role) -> list[v.MemberView]:
        hide_buyer = role is Role.recipient and order.card.anonymous
        found = []
        if order.buyer.person and not hide_buyer:
            found.append(await self._member(order.buyer.person, Role.buyer, order.buyer.name))
        if order.courier is not None:
            found.append(await self._member(order.courier.person, Role.courier, order.courier.name))
        name = "" if is_secret(order, role) else order.shop_name
        found.append(v.MemberView(person="", role=Role.shop, name=name, online=True))
        return found

    async def _member(self, person: str, role: Role, name: str) -> v.MemberView:
        known = await self._people.person(person)
        return v.MemberView(
            person=person,
            role=role,
            name=name,
            online=self._presence.is_online(person),
            last_seen=self._presence.last_seen(person) or (known.last_seen if known else 0),
        )

    # lists

    async def list_orders(self, who: Principal, args: NoArgs) -> list[v.OrderCard]:
        if who.guest_order:
            order, role = await self._orders.access(who.guest_order, who)
            return [await self._card(order, role, who)]
        rows = await self._store.states(buyer=who.person, limit=_MOST)
        orders = [self._journal.rules.load(row.doc) for row in rows]
        cards = [await self._card(order, Role.buyer, who) for order in orders]
        return sorted(cards, key=lambda card: -card.order.placed_at)

    async def list_guest_links(self, who: Principal, args: OrderArgs) -> list[GuestLinkView]:
        """Those that still open the order; the shop sees all, a buyer the recipient's. Raises Rejected."""
        order, role = await self._orders.access(args.order, who)
        if role not in (Role.buyer, Role.shop) or who.guest_order:
            raise denied("list_guest_links")
        links = await self._people.guests.open_links(order.id)
        return [
            GuestLinkView(
                id=one.id,
                role=one.role,
                created_at=one.created_at,
                expires_at=one.expires_at,
                opened=one.opened,
            )
            for one in links
            if role is Role.shop or one.role == Role.recipient
        ]

    async def get_board(self, who: Principal, args: ShopArgs) -> v.Board:
        if not is_shop_staff(who, args.shop):
            raise denied(args.shop)
        shop = await self._shops.get(args.shop)
        head = await self._journal.head(args.shop)
        orders = await self._today(args.shop)
        return v.Board(
            cursor=v.Cursor(head.epoch, head.seq),
            shop=shop.id,
            shop_name=shop.name,
            shop_point=shop.point,
            orders=[await self._card(order, Role.shop, who) for order in orders],
            couriers=await self._tracking.couriers(shop.id),
            etas=self._tracking.etas(orders),
            gates=await self._gates_of(shop.id),
        )

    async def get_run(self, who: Principal, args: ShopArgs) -> v.Run:
        if staff_of(who, args.shop) is None:
            raise denied(args.shop)
        shop = await self._shops.get(args.shop)
        head = await self._journal.head(args.shop)
        mine = [o for o in await self._today(args.shop) if o.courier and o.courier.person == who.person]
        plan = self._tracking.plan(shop.id, who.person)
        by_id = {order.id: order for order in mine}
        stops = []
        for stop in plan.stops if plan else []:
            order = by_id.pop(stop.order, None)
            if order is None:
                continue
            stops.append(await self._stop(order, stop.rank, stop.arrive_at, stop.distance_m, who))
        for order in (one for one in by_id.values() if one.open):
            stops.append(await self._stop(order, len(stops), 0, 0.0, who))
        closed = [one for one in by_id.values() if not one.open]
        return v.Run(
            cursor=v.Cursor(head.epoch, head.seq),
            shop=shop.id,
            shop_name=shop.name,
            shop_point=shop.point,
            courier=who.person,
            stops=stops,
            done=[await self._card(order, Role.courier, who) for order in closed],
            news=v.RunNews(**self._tracking.desk.news(shop.id, who.person)),
            gates=await self._gates_of(shop.id),
        )

    async def _gates_of(self, shop: str) -> Gates:
        return await self.gates(shop) if self.gates is not None else Gates()

    async def _stop(
        self, order: Order, rank: int, eta_at: int, distance_m: float, who: Principal
    ) -> StopView:
        return StopView(
            rank=rank,
            eta_at=eta_at,
            order=view_of(order, Role.courier),
            actions=allowed_actions(order, Role.courier, self._clock()),
            distance_m=distance_m,
            unread=await self._unread(order, Role.courier, who),
        )

    async def list_couriers(self, who: Principal, args: ShopArgs) -> list[v.CourierView]:
        if not is_shop_staff(who, args.shop):
            raise denied(args.shop)
        return await self._tracking.couriers(args.shop)

    async def _today(self, shop_id: str) -> list[Order]:
        """Open orders, and those that were due today or lately."""
        shop = await self._shops.get(shop_id)
        now = self._clock()
        day_start = now - _DAY_MS
        open_rows = await self._store.states(shop_id, open_only=True, limit=2_000)
        recent = await self._store.states(shop_id, since_due=day_start, limit=2_000)
        found: dict[str, Order] = {}
        today = local_day(shop, now)
        for row in [*open_rows, *recent]:
            order: Order = await self._journal.state(shop_id, row.subject) or self._journal.rules.load(
                row.doc
            )
            waits = any(one.status == "open" for one in order.reports) or is_complained(order)
            if order.open or waits or local_day(shop, max(order.times.values(), default=0)) == today:
                found[order.id] = order
        return list(found.values())

    async def _card(self, order: Order, role: Role, who: Principal) -> v.OrderCard:
        if role is Role.courier and order.privacy_closed:
            # That it was done still counts; what was said there is no longer theirs.
            return v.OrderCard(order=view_of(order, role), role=role, actions=[])
        last = await self._journal.read_subject(order.shop, order.id, 0, 12, newest=True)
        talk = [record for record in last if record.type in _SHOWN_IN_LISTS]
        events = self._events(talk, order, role)
        return v.OrderCard(
            order=view_of(order, role),
            role=role,
            actions=allowed_actions(order, role, self._clock()),
            attention=attention_for(order, self._clock()) if role is Role.shop else [],
            unread=await self._unread(order, role, who),
            last=events[-1] if events else None,
        )

    async def _unread(self, order: Order, role: Role, who: Principal) -> int:
        marks = await self._marks.get(order.id)
        read = max((one.read for one in marks if one.person == who.person and one.role == role), default=0)
        records = await self._journal.read_subject(order.shop, order.id, read, _UNREAD_SHOWN + 1)
        return sum(
            1
            for record in records
            if record.type in MESSAGES
            and record.actor != who.person
            and render(record, order, role) is not None
        )


def is_complained(order: Order) -> bool:
    """Whether a complaint is open: then the order stays on the board although it is done."""
    return order.complaint is not None and order.complaint.status == "open"


def is_secret(order: Order, role: Role) -> bool:
    """Whether the shop's name and place would tell this role what comes."""
    return role is Role.recipient and hides_gift(order)


def view_of(order: Order, role: Role) -> OrderView:
    fields = {name: value for name, value in redact(order, role).items() if value is not None}
    return msgspec.convert(fields, OrderView)
