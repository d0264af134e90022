"""What travels between server and screens besides orders: snapshots, publications, signals, queries.

TypeScript is generated from these types (live/typescript.py), never written twice.
"""

from typing import Any

import msgspec

from huaxin.catalogue.model import Variant
from huaxin.kernel import Point, Role, Text
from huaxin.orders.gates import Gates
from huaxin.orders.model import Promise
from huaxin.orders.views import Attention, OrderView, PositionView, StopView
from huaxin.tracking.views import EtaView, TrackView


class Cursor(msgspec.Struct, frozen=True):
    epoch: str
    seq: int


class ActorView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    person: str
    role: str
    name: str = ""


class EventView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event as one role sees it: the `data` of every publication with an offset."""

    shop: str
    order: str
    seq: int
    at: int
    type: str  # orders/events.py, conversation/events.py, or "access_ended"
    v: int
    actor: ActorView
    body: dict[str, Any]
    delta: dict[str, Any] | None = None  # Partial<OrderView>: assign over what you have
    actions: list[str] | None = None  # what this role may do now (with delta only)
    attention: list[Attention] | None = None  # shop only (with delta only)
    command_id: str = ""  # of the command it came from, for its sender's pending list
    device_at: int = 0


class MarksView(msgspec.Struct, frozen=True, kw_only=True):
    person: str
    role: str
    received: int
    read: int


class MemberView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    person: str
    role: str
    name: str
    online: bool = False
    last_seen: int = 0


class LiveView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where somebody is who shares their position for a while (event live_shared with this seq)."""

    seq: int
    person: str  # "" when the reader must not know who
    role: str
    point: Point
    at: int  # ms
    until: int
    accuracy_m: float = 0.0  # 0: not known


class OrderSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    cursor: Cursor
    role: Role
    order: OrderView
    actions: list[str]
    events: list[EventView]  # the newest, ascending
    more: bool  # older ones exist: get_history
    marks: list[MarksView]
    members: list[MemberView]
    track: TrackView | None
    shop_name: str
    shop_point: Point | None
    attention: list[Attention] = []
    live: list[LiveView] = []
    muted: bool = False  # by the one who asks: no pushes of its messages


class HistoryPage(msgspec.Struct, frozen=True, kw_only=True):
    events: list[EventView]
    more: bool


class MessageHit(msgspec.Struct, frozen=True, kw_only=True):
    """One event of an order where the words were found. `ranges`: [start, end) in `excerpt`, UTF-16 units."""

    seq: int
    at: int
    type: str  # of the event
    where: str  # message | place | file | name, or the field of the order it set: card, address, …
    name: str  # who said it; "" for what nobody said
    role: str
    excerpt: str
    ranges: list[list[int]]


class MessageHits(msgspec.Struct, frozen=True, kw_only=True):
    """Newest first. With `more`, the same again with this `before` goes on (also when `hits` is empty)."""

    hits: list[MessageHit]
    more: bool
    before: int


class OrderHit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One order of a shop where the words were found, and where. `ranges` as in MessageHit."""

    order: str
    number: int
    status: str
    where: str  # number | phone | recipient | buyer | address | card | note | flowers | courier | message | …
    excerpt: str
    ranges: list[list[int]]
    at: int
    seq: int = 0  # of the message, when one was found


class OrderHits(msgspec.Struct, frozen=True, kw_only=True):
    hits: list[OrderHit]


class RetentionView(msgspec.Struct, frozen=True, kw_only=True):
    """How many days after an order's completion a shop keeps these; 0: for ever."""

    messages_days: int
    media_days: int
    positions_days: int


class OrderExport(msgspec.Struct, frozen=True, kw_only=True):
    """One order's whole conversation as one role sees it at one moment."""

    exported_at: int
    cursor: Cursor
    role: Role
    shop_name: str
    time_zone: str
    order: OrderView
    events: list[EventView]  # ascending
    complete: bool  # False: it is longer than an export may be


class OrderCard(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a list of orders."""

    order: OrderView
    role: Role
    actions: list[str]
    attention: list[Attention] = []
    unread: int = 0
    last: EventView | None = None  # newest message or notice, for the list


class CourierView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    person: str
    name: str
    phone: str = ""
    online: bool = False
    last_seen: int = 0
    position: PositionView | None = None
    stale: bool = False
    orders: list[str] = []  # open orders in visiting order
    by_hand: bool = False  # that order was set by a person
    unkept: dict[str, Text] = {}  # orders whose promise the run cannot keep, and why


class Board(msgspec.Struct, frozen=True, kw_only=True):
    cursor: Cursor
    shop: str
    shop_name: str
    shop_point: Point | None
    orders: list[OrderCard]
    couriers: list[CourierView]
    etas: dict[str, EtaView]
    gates: Gates = Gates()


class RunNews(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a courier should know of the visiting order besides the order itself."""

    changed: Text | None = None  # what changed lately and what it gains
    changed_at: int = 0
    before: list[str] = []  # the order of stops before that: "keep my order"
    kept_by_hand: bool = False
    unkept: dict[str, Text] = {}  # orders whose promise cannot be kept, and why


class Run(msgspec.Struct, frozen=True, kw_only=True):
    cursor: Cursor
    shop: str
    shop_name: str
    shop_point: Point | None
    courier: str
    stops: list[StopView]
    done: list[OrderCard]  # finished today
    news: RunNews = RunNews()
    gates: Gates = Gates()  # what the shop asks for at pick-up and delivery


class MediaLinks(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Addresses of one medium on this server, for the one who asked. With `?save` at the end the browser
    keeps it as a file."""

    id: str
    expires_at: int  # ms by the real clock
    original: str
    thumb: str = ""  # a picture's or clip's small picture
    play: str = ""  # of a voice message or clip


class QuickReply(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence that is said with one tap. `key` goes into `say.quick`."""

    key: str
    text: Text


class ProductView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    name_en: str
    price: int  # fen
    picture: str  # address of an image on this server
    words: str = ""
    words_en: str = ""
    fragile: bool = False
    size: int = 1  # places on a bike
    tall: bool = False
    days: list[int] = []  # delivered on these (1 Monday … 7 Sunday) only; none: on all
    pictures: list[str] = []
    variants: list[Variant] = []  # its sizes, the usual one first; none: it comes in one


class ShopView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    name_en: str
    point: Point | None
    phone: str
    time_zone: str


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    shop: ShopView
    products: list[ProductView]


class PlaceMatch(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    address: str
    kind: str
    point: Point
    detail: str = ""
    gate: Point | None = None
    local: str = ""  # the name as signs in the city have it, when `name` is in another language


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    start: int
    end: int
    label: Text
    open: bool  # may be booked
    full: bool = False  # it could be, but nothing is left
    left: int = -1  # orders that still fit, -1: not limited
    fee: int = 0  # fen: zone, slot and day together
    occasion: Text | None = None  # why the day costs more


class AsapView(msgspec.Struct, frozen=True, kw_only=True):
    """Whether "as soon as possible" can be had, and what it costs. `words` say why not."""

    open: bool
    fee: int = 0
    words: Text | None = None


class NoteSlot(msgspec.Struct, frozen=True, kw_only=True):
    """What a note's deadline means for the shop's slots. `words` say why it cannot be had."""

    open: bool
    fee: int = 0
    words: Text | None = None


class NoteView(msgspec.Struct, frozen=True, kw_only=True):
    """What a note was read as. With a `doubt` one of `choices` is to be chosen; without: `promise`."""

    promise: Promise | None = None
    choices: list[Promise] = []
    doubt: str = ""  # "" | half | either | past


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """Can it be delivered there, and when. `reachable` False comes with words that say why."""

    reachable: bool
    minutes: int = 0
    distance_m: float = 0.0
    words: Text | None = None
    slots: list[Slot] = []
    note: NoteView | None = None  # None: there was no note to read
    note_slot: NoteSlot | None = None  # of a note with one reading, where the shop counts its slots
    asap: AsapView | None = None  # None: the shop counts no slots
    zone: Text | None = None


class TrackerView(msgspec.Struct, frozen=True, kw_only=True):
    """A tracker app that reports for a courier. `last_at`: when it was heard, 0: never."""

    id: str
    courier: str
    courier_name: str
    name: str
    created_at: int
    last_at: int


class RingView(msgspec.Struct, frozen=True, kw_only=True):
    """When "almost there" is said; `minutes` 0: by metres."""

    metres: int
    minutes: int


class AssignCost(msgspec.Struct, frozen=True, kw_only=True):
    """What giving an order to a courier would cost, shown before the drop."""

    courier: str
    extra_minutes: int
    late_orders: list[str]
    eta_at: int
    reachable: bool = True


class StaffRole(msgspec.Struct, frozen=True, kw_only=True):
    shop: str
    shop_name: str
    role: str  # owner | florist | dispatcher | courier


class Me(msgspec.Struct, frozen=True, kw_only=True):
    person: str
    name: str
    phone: str
    language: str  # zh-CN | en
    staff: list[StaffRole]
    guest_order: str = ""  # set when this session came by a guest link
    guest_role: str = ""


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    access: str  # short-lived, for API and gateway
    access_expires_at: int  # unix seconds
    refresh: str  # rotates on every use
    person: str
    device: str
