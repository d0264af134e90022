"""What an order is. Times are ms since 1970 (server clock), money is fen, positions are WGS-84."""

from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from huaxin.calls.model import MissedCall as MissedCall
from huaxin.calls.model import OpenCall as OpenCall
from huaxin.kernel import Point, Stem, Text
from huaxin.orders.account import Payment as Payment
from huaxin.orders.account import Refund as Refund
from huaxin.orders.handing import Bouquet as Bouquet
from huaxin.orders.handing import Proof as Proof
from huaxin.orders.overlays import OverlayState
from huaxin.orders.recipient.model import Contact, GateHelp, Preference, Thanks
from huaxin.orders.remedies.model import Complaint, Spent, Voucher

# How long a text may be. Orders are read back through these types too: a limit may grow, never shrink.
Name = Annotated[str, Meta(max_length=60)]
Short = Annotated[str, Meta(max_length=200)]


class Status(StrEnum):
    placed = "placed"
    confirmed = "confirmed"
    making = "making"
    ready = "ready"
    assigned = "assigned"
    picked_up = "picked_up"
    delivering = "delivering"
    arriving = "arriving"
    arrived = "arrived"
    delivered = "delivered"
    rated = "rated"
    cancelled = "cancelled"
    failed = "failed"
    returning = "returning"
    returned = "returned"


class Reason(StrEnum):
    """Why something went wrong (FIELD: reason codes in real use)."""

    vehicle_breakdown = "vehicle_breakdown"
    heavy_traffic = "heavy_traffic"
    flowers_damaged = "flowers_damaged"
    courier_unavailable = "courier_unavailable"
    out_of_stock = "out_of_stock"
    cannot_reach = "cannot_reach"
    cannot_find = "cannot_find"
    no_access = "no_access"
    recipient_absent = "recipient_absent"
    refused = "refused"
    wrong_number = "wrong_number"
    weather = "weather"
    accident = "accident"
    shop_slow = "shop_slow"
    route_closed = "route_closed"
    hand_over = "hand_over"
    no_answer = "no_answer"
    phone_off = "phone_off"
    disconnected = "disconnected"
    no_such_number = "no_such_number"
    no_parking = "no_parking"
    address_change = "address_change"
    out_of_area = "out_of_area"
    wants_later = "wants_later"
    packing = "packing"
    wrong_item = "wrong_item"
    missing_item = "missing_item"
    lost = "lost"
    shop_closed = "shop_closed"
    shop_unreachable = "shop_unreachable"
    shop_position = "shop_position"
    proof_missing = "proof_missing"
    other = "other"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    product: str
    name: str
    name_en: str = ""
    price: int = 0  # fen, each
    quantity: int = 1
    picture: str = ""
    size: int = 1  # places it takes on a bike, each
    tall: bool = False
    fragile: bool = False
    variant: str = ""  # which of its sizes
    recipe: list[Stem] = []  # of one, as it was when ordered (or agreed since); the shop's alone


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """A person as the order knows them. `person` is empty for somebody without an account."""

    person: str = ""
    name: Name = ""
    phone: Name = ""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    text: Annotated[str, Meta(max_length=500)] = ""
    signature: Name = ""
    anonymous: bool = False  # the recipient is never told who sent it


class Address(msgspec.Struct, frozen=True, kw_only=True):
    text: Short  # 阳光小区5号楼3单元401
    point: Point
    detail: Short = ""  # 5号楼3单元401, when `text` came from a search
    note: Short = ""  # gate code, which door
    gate: Point | None = None


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """What was promised: between start and end; start 0 means "by end"."""

    end: int
    start: int = 0
    source: Name = "window"  # window | note | asap | change | agreed


class Courier(msgspec.Struct, frozen=True, kw_only=True):
    person: str
    name: str
    phone: str = ""


class Holder(Courier, frozen=True, kw_only=True):
    """Who has the flowers on their bike and is to hand them over, at `point` (None: nobody knows where)."""

    point: Point | None = None


class Counter(msgspec.Struct, frozen=True, kw_only=True):
    """What was proposed instead of a change, for the buyer to say yes or no to."""

    role: str
    at: int
    promise: Promise | None = None
    fee: int | None = None  # fen, instead of the change's
    note: str = ""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A wish of the buyer to move the delivery in time or place, to write or order something else, or to
    cancel (orders/change_rules.py says who must agree)."""

    id: str
    asked_by: str
    asked_at: int
    promise: Promise | None = None
    address: Address | None = None
    recipient: Party | None = None
    card: Card | None = None
    lines: list[Line] | None = None
    cancel: bool = False
    status: str = "asked"  # asked | countered | confirmed | declined | withdrawn | expired | overtaken
    answered_by: str = ""
    reason: str = ""
    needs: list[str] = []  # roles whose yes is still awaited
    agreed: list[str] = []  # roles that have said yes
    expires_at: int = 0  # then it stays as it was; 0: it waits
    fee: int = 0  # fen that the order costs more with it; negative: less
    zone: str | None = None  # of the new address; None: the shop counts none there
    counter: Counter | None = None


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """The same incident, said by somebody else."""

    role: str
    reporter: str
    at: int
    reason: Reason
    note: str = ""
    picture: str = ""


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """One decision of a playbook. `role` system: the time was over."""

    stage: str
    choice: str
    role: str
    at: int
    note: str = ""


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    reason: Reason
    at: int
    reporter: str
    role: str
    note: str = ""
    delay_minutes: int = 0
    picture: str = ""  # id of a medium
    status: str = "open"  # open | resolved
    resolution: str = ""
    playbook: str = ""  # orders/playbooks.py; "": the shop settles it
    stage: str = ""  # what is to be decided now; "": nothing
    decides: str = ""  # role; the shop may always
    choices: list[str] = []
    until: int = 0  # then `default` is done; 0: no end
    default: str = ""
    decided: list[Decided] = []
    offer: str = ""  # of the shop for damaged flowers: refund | remake | replace
    percent: int = 0  # of the price that is refunded
    minutes: int = 0  # that a new bouquet takes
    refund: int = 0  # fen
    joined: list[Joined] = []
    outcome: str = ""  # how it ended: a choice, a status of the order, or reassigned
    closed_at: int = 0


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One try to hand the flowers over that did not succeed."""

    at: int
    reason: str
    courier: str = ""
    after: str = ""  # what was done: failed | returning


class Rating(msgspec.Struct, frozen=True, kw_only=True):
    stars: int
    at: int
    tags: list[str] = []
    text: str = ""
    picture: str = ""  # id of a medium
    answer: str = ""  # of the shop
    answered_at: int = 0


class Undo(msgspec.Struct, frozen=True, kw_only=True):
    """The last tap that may still be taken back, by whoever made it."""

    by: str
    role: str
    command: str
    until: int
    fields: dict[str, Any]  # plain JSON: what the tap changed, as it was before


class Substitution(msgspec.Struct, frozen=True, kw_only=True):
    """Other flowers than ordered: proposed, answered, kept. `before` and `after` are all lines of the order,
    so that it stays known what was sold, made of what, and at which price."""

    id: str
    at: int
    by: str  # person of the shop
    stem: str  # what is out: a stem, or a whole bouquet
    stem_en: str = ""
    name: str  # what instead
    name_en: str = ""
    picture: str = ""  # address on this server
    words: str = ""
    before: list[Line]
    after: list[Line]
    difference: int = 0  # fen that the order costs more (less: below 0)
    until: int = 0  # when `otherwise` happens without an answer
    otherwise: str = "call"  # call | similar | refund
    status: str = "asked"  # asked | accepted | declined | refunded | withdrawn
    overdue: bool = False  # nobody answered in time: the shop calls
    decide_by: int = 0  # overdue: when `default` is done unless something was agreed on the phone
    default: str = ""  # refund (of what would change) | cancel
    answered_by: str = ""  # buyer | shop (by telephone) | policy (what was chosen when ordering)
    answered_at: int = 0


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """`by` hears nothing of what `role` says, as long as `person` is who holds it ("": whoever)."""

    by: str
    role: str
    person: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A message somebody asks the shop to look at."""

    seq: int
    by: str  # role
    at: int
    person: str = ""
    name: str = ""
    reason: str = ""
    status: str = "open"  # open | resolved
    answer: str = ""


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Something the watchdog saw (tracking/watchdog.py). Of one kind an order has one, the newest; what is
    over stays with `closed_at`, so that it is not said twice."""

    kind: str  # silent | battery | standstill | off_route | slipping | not_accepted | not_made | …
    at: int  # when it was raised
    since: int  # when its cause began
    level: str  # who has been told so far: courier | shop | buyer
    text: Text
    asks: bool = False  # the courier is asked and may answer
    told_at: int = 0  # when the shop was told, 0: not yet
    remedy: str = ""  # what the shop may do: reassign | call | confirm | make
    remedy_courier: str = ""  # to whom it could be given
    remedy_text: Text | None = None
    answer: str = ""  # of the courier: fine | jam | help
    closed_at: int = 0


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """The whole state of one order. Clients see it redacted (orders/views.py)."""

    id: str
    shop: str
    number: int  # what people say: 1042
    status: Status
    placed_at: int
    buyer: Party
    recipient: Party
    lines: list[Line]
    total: int
    address: Address
    promise: Promise
    card: Card = Card()
    fee: int = 0  # fen, of `total`: what bringing it costs
    payment: Payment = Payment()
    refunds: list[Refund] = []  # why it costs less than it did, in the order it was agreed
    zone: str = ""  # of the shop's delivery zones, "": it has none
    note: str = ""
    surprise: bool = False  # the recipient does not learn what comes before it is there
    contact: Contact = Contact()  # when the recipient may be reached (orders/recipient/contact.py)
    courier: Courier | None = None
    held_by: Holder | None = None  # given on while on the road: who has the flowers until they are picked up
    times: dict[str, int] = {}  # status → when it was reached last
    eta_at: int = 0  # what was last told to the buyer, 0: nothing yet
    agreed_at: int = 0  # a time agreed by phone with the customer
    change: Change | None = None
    incidents: list[Incident] = []
    slipping: bool = False
    proof: Proof | None = None
    rating: Rating | None = None
    reason: str = ""  # why cancelled or failed
    privacy_closed: bool = False
    arriving_told: bool = False  # one arrival notice per delivery
    slipping_told: bool = False  # one warning per promise
    time_zone: str = "Asia/Shanghai"
    shop_name: str = ""
    undo: Undo | None = None
    overlays: dict[str, OverlayState] = {}  # by seq of the message they lie over (orders/overlays.py)
    blocks: list[Block] = []
    reports: list[Report] = []
    talk_expired: int = 0  # when what was said was removed, 0: it is all there
    stop_confirmed_at: int = 0  # the courier has confirmed time and place of this stop; 0: not (again)
    alerts: list[Alert] = []
    when_out: str = "ask"  # what the buyer wishes when flowers are out: ask | similar | refund
    substitutions: list[Substitution] = []
    refunded: int = 0  # fen that went back, or are to go, for what is not made
    gate_help: GateHelp | None = None  # from the recipient
    preference: Preference | None = None  # the recipient's, of the time
    thanks: Thanks | None = None
    complaint: Complaint | None = None  # the newest
    vouchers: list[Voucher] = []  # given for this order
    voucher: Spent | None = None  # that this order was paid with, of `total`
    remake_of: str = ""  # id of the order this one makes good
    attempts: list[Attempt] = []
    bouquet: Bouquet | None = None
    receipt_code: str = ""  # who knows it may take the flowers
    calls: list[OpenCall] = []  # those that are not over
    missed_calls: list[MissedCall] = []  # not called back

    @property
    def open(self) -> bool:
        return self.status not in CLOSED


CLOSED = frozenset({Status.delivered, Status.rated, Status.cancelled, Status.returned})
ON_THE_ROAD = frozenset({Status.picked_up, Status.delivering, Status.arriving, Status.arrived})
