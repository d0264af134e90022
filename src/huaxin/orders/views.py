"""What a member may see of an order. Redaction happens here, on the server, per role."""

import msgspec

from huaxin.kernel import Point
from huaxin.orders.model import (
    Address,
    Alert,
    Attempt,
    Block,
    Bouquet,
    Card,
    Change,
    Incident,
    Line,
    MissedCall,
    OpenCall,
    Payment,
    Promise,
    Proof,
    Rating,
    Refund,
    Report,
    Status,
    Substitution,
)
from huaxin.orders.overlays import Pin, QuestionAnswer, Reactor
from huaxin.orders.recipient.model import Contact, GateHelp, Preference, Thanks
from huaxin.orders.remedies.model import Complaint, Spent, Voucher


class PartyView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    person: str = ""
    name: str = ""
    phone: str = ""  # whole or masked (138****8888), by role


class HolderView(PartyView, frozen=True, kw_only=True, omit_defaults=True):
    point: Point | None = None  # where they meet


class UndoView(msgspec.Struct, frozen=True, kw_only=True):
    """Present only for the one who may take the tap back."""

    by: str
    command: str
    until: int


class Overlay(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What lies over a message: show the message through it. Times are ms since 1970, absent: not."""

    recalled_at: int = 0  # show "recalled" instead of the message (the shop still has its content)
    text: str = ""  # the text as edited last
    edited_at: int = 0
    reactions: dict[str, list[Reactor]] = {}  # emoji → who, first one first
    pinned: Pin | None = None
    answer: QuestionAnswer | None = None  # of a question: answered once
    closed_at: int = 0  # a live position ended before its `until`


class OrderView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An order as one role sees it. A field that role may not see is absent. A delta has the same fields:
    those that changed, null where one became empty. Only `overlays` comes by entry: a delta's entries are
    laid over those one has, a null entry takes one away, null instead of the whole empties it."""

    id: str
    shop: str
    number: int
    status: Status
    placed_at: int
    promise: Promise
    buyer: PartyView | None = None
    recipient: PartyView | None = None
    lines: list[Line] = []
    total: int | None = None
    fee: int = 0  # fen, of the total: bringing it
    payment: Payment | None = None
    zone: str = ""  # the shop's
    address: Address | None = None
    card: Card | None = None
    note: str = ""
    surprise: bool = False
    courier: PartyView | None = None
    held_by: HolderView | None = None  # who has the flowers and hands them over; shop and courier only
    times: dict[str, int] = {}
    eta_at: int = 0
    agreed_at: int = 0
    change: Change | None = None
    incidents: list[Incident] = []
    slipping: bool = False
    proof: Proof | None = None
    rating: Rating | None = None
    reason: str = ""
    privacy_closed: bool = False
    undo: UndoView | None = None
    overlays: dict[str, Overlay] = {}  # by seq of the message, as text
    blocks: list[Block] = []  # the shop sees all, everybody else their own
    reports: list[Report] = []  # the same
    talk_expired: int = 0  # when what was said was removed, ms
    stop_confirmed_at: int = 0  # the courier has confirmed time and place
    alerts: list[Alert] = []  # the shop sees all, the courier those that ask them
    when_out: str = ""  # ask | similar | refund
    substitutions: list[Substitution] = []  # buyer and shop; the last one may wait for an answer
    refunded: int = 0  # fen
    refunds: list[Refund] = []  # buyer and shop: why it costs less than it did, and what went back of it
    contact: Contact | None = None  # not for the recipient
    gate_help: GateHelp | None = None  # not for the buyer
    preference: Preference | None = None
    thanks: Thanks | None = None  # not for the courier
    complaint: Complaint | None = None  # shop and buyer; its recipient without the offers
    vouchers: list[Voucher] = []  # given for this order: shop and buyer
    voucher: Spent | None = None  # it was paid with: shop and buyer
    remake_of: str = ""  # id of the order this one makes good
    attempts: list[Attempt] = []  # tries to hand it over that did not succeed
    bouquet: Bouquet | None = None  # the recipient sees it once it is there
    receipt_code: str = ""  # to the courier: ****, that there is one
    missed_calls: list[MissedCall] = []  # one's own, to call back; the shop sees all
    calls: list[OpenCall] = []  # not over, and this role is in it or is rung; the shop sees all


class Attention(msgspec.Struct, frozen=True, kw_only=True):
    """Why an order needs a person of the shop, worst first."""

    kind: str  # incident | late | failed | slipping | change | fix | unassigned | confirm | report |
    # declined | unanswered (of a substitute) | an alert's
    since: int
    level: str  # alarm | warn | ask


class StopView(msgspec.Struct, frozen=True, kw_only=True):
    """One stop of a run, in visiting order."""

    rank: int
    eta_at: int
    order: OrderView
    actions: list[str]
    distance_m: float = 0.0  # along the road from the stop (or the courier) before
    unread: int = 0


class PositionView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    point: Point
    at: int  # server ms of the fix
    accuracy_m: float = 0.0
    heading: float = -1.0
    speed_kmh: float = -1.0
    battery: int = -1
