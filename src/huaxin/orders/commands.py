"""What may be wished of an order, in the imperative. The tag is the rpc method and the HTTP route.

Fields marked "server" are filled in by the server before the decision, whatever a client sent.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from huaxin.kernel import Point, Text
from huaxin.orders.fees import ChangeFees
from huaxin.orders.gates import Gates
from huaxin.orders.model import Address, Card, Line, Party, Promise, Reason
from huaxin.orders.recipient.model import ContactWish
from huaxin.orders.remedies.model import Voucher

Words = Annotated[str, Meta(max_length=500)]
Id = Annotated[str, Meta(max_length=128)]
Picture = Annotated[str, Meta(max_length=40, pattern="^[A-Za-z0-9_-]*$")]  # id of an upload
Stars = Annotated[int, Meta(ge=1, le=5)]
Kind = Annotated[str, Meta(max_length=40)]
Minutes = Annotated[int, Meta(ge=0, le=24 * 60)]


class OrderCommand(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="command",
    forbid_unknown_fields=False,
):
    """Every command names its order; the client makes the id of a new one."""

    order: Annotated[str, Meta(min_length=8, max_length=40)]


class LineWish(msgspec.Struct, frozen=True, kw_only=True):
    """`variant`: which of its sizes; without one the usual."""

    product: Id
    variant: Annotated[str, Meta(max_length=40)] = ""
    quantity: Annotated[int, Meta(ge=1, le=99)] = 1


class PlaceOrder(OrderCommand, frozen=True, kw_only=True, tag="place_order"):
    """A window or a note with a deadline (「下午三点前送到公司」) becomes the promise."""

    # Only here: elsewhere the order must be there, and a pattern costs as much as reading all the rest.
    order: Annotated[str, Meta(min_length=8, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]
    shop: Id
    lines: Annotated[list[LineWish], Meta(min_length=1, max_length=20)]
    recipient: Party
    address: Address
    promise: Promise | None = None  # None: read from the note, else as soon as possible
    card: Card = Card()
    note: Words = ""
    surprise: bool = False
    contact: ContactWish | None = None  # None: not before the door for a surprise, else at any time
    buyer_name: Annotated[str, Meta(max_length=40)] = ""
    when_out: Literal["ask", "similar", "refund"] = "ask"  # what to do when flowers are out
    pay: Literal["at_shop", "elsewhere"] = "at_shop"  # how the buyer means to pay
    voucher: Annotated[str, Meta(max_length=20)] = ""  # its code
    overbook: bool = False  # the shop takes it although the slot is full or closed; of others it is ignored
    spent: Voucher | None = None  # server: what the code stands for
    number: int = 0  # server
    fee: int = 0  # server: fen
    zone: str = ""  # server
    buyer: Party | None = None  # server
    priced: list[Line] = []  # server: with today's price
    shop_name: str = ""  # server
    time_zone: str = ""  # server
    remake_of: str = ""  # server


class ConfirmOrder(OrderCommand, frozen=True, kw_only=True, tag="confirm_order"):
    pass


class StartMaking(OrderCommand, frozen=True, kw_only=True, tag="start_making"):
    pass


class MarkReady(OrderCommand, frozen=True, kw_only=True, tag="mark_ready"):
    """`picture`: of the finished flowers, shown to the buyer."""

    picture: Picture = ""
    gates: Gates | None = None  # server


class ShowBouquet(OrderCommand, frozen=True, kw_only=True, tag="show_bouquet"):
    """A picture of the finished flowers: the first, a better one, or the one after a fix."""

    picture: Annotated[str, Meta(min_length=1, max_length=40, pattern="^[A-Za-z0-9_-]+$")]
    gates: Gates | None = None  # server


class AnswerBouquet(OrderCommand, frozen=True, kw_only=True, tag="answer_bouquet"):
    """The buyer approves, or says in words what to change; that once."""

    bouquet: Id
    approve: bool
    fix: Words = ""


class AssignCourier(OrderCommand, frozen=True, kw_only=True, tag="assign_courier"):
    """Assigns, or reassigns; an empty courier takes the order back."""

    courier: Id
    courier_name: str = ""  # server
    courier_phone: str = ""  # server
    meet: Point | None = None  # where flowers on the road change hands; unsaid: where they are (server)


class PickUp(OrderCommand, frozen=True, kw_only=True, tag="pick_up"):
    """`anyway`: although the buyer waits for a fix, where the shop allows that."""

    anyway: bool = False
    eta_at: int = 0  # server
    gates: Gates | None = None  # server
    receipt_code: str = ""  # server


class SetOff(OrderCommand, frozen=True, kw_only=True, tag="set_off"):
    pass


class AgreeTime(OrderCommand, frozen=True, kw_only=True, tag="agree_time"):
    """The courier called and agreed a new time with the customer."""

    at: int


class MarkArriving(OrderCommand, frozen=True, kw_only=True, tag="mark_arriving"):
    """By the geofence (500 m along the road or in a straight line), or by the courier's tap."""


class MarkArrived(OrderCommand, frozen=True, kw_only=True, tag="mark_arrived"):
    pass


class Deliver(OrderCommand, frozen=True, kw_only=True, tag="deliver"):
    """`point`: where the courier stood when it was tapped. `received_by`: who, or which locker."""

    picture: Picture = ""
    received_by: Annotated[str, Meta(max_length=40)] = ""
    left_with: Literal["", "self", "family", "desk", "guard", "neighbour", "locker", "door", "other"] = ""
    signature: Picture = ""
    code: Annotated[str, Meta(max_length=12)] = ""
    point: Point | None = None
    accuracy_m: Annotated[float, Meta(ge=0, le=100_000)] = 0.0
    gates: Gates | None = None  # server


class Rate(OrderCommand, frozen=True, kw_only=True, tag="rate"):
    stars: Stars
    tags: Annotated[list[Annotated[str, Meta(max_length=20)]], Meta(max_length=20)] = []
    text: Words = ""
    picture: Picture = ""


class CancelOrder(OrderCommand, frozen=True, kw_only=True, tag="cancel_order"):
    reason: Words = ""


class AskChange(OrderCommand, frozen=True, kw_only=True, tag="ask_change"):
    """Another time, address, recipient, card or bouquet, several of these, or to cancel. `seen_total`: what
    the buyer was shown it will cost (fen); another sum is refused and shown anew."""

    promise: Promise | None = None
    address: Address | None = None
    recipient: Party | None = None
    card: Card | None = None
    lines: Annotated[list[LineWish], Meta(min_length=1, max_length=20)] | None = None
    cancel: bool = False
    reason: Words = ""
    seen_total: int | None = None
    priced: list[Line] | None = None  # server: with today's price
    way_fee: int = 0  # server: what another way or window costs, fen
    zone: str | None = None  # server: of the new address
    fees: ChangeFees | None = None  # server: the shop's


class AnswerChange(OrderCommand, frozen=True, kw_only=True, tag="answer_change"):
    """By whoever is asked; of a counter-proposal by the buyer."""

    change: Id
    accept: bool
    reason: Words = ""


class CounterChange(OrderCommand, frozen=True, kw_only=True, tag="counter_change"):
    """Not so, but so: another time, and from the shop another fee (fen more; negative: less). The buyer
    answers."""

    change: Id
    promise: Promise | None = None
    fee: Annotated[int, Meta(ge=-10_000_000, le=10_000_000)] | None = None
    note: Words = ""


class WithdrawChange(OrderCommand, frozen=True, kw_only=True, tag="withdraw_change"):
    change: Id


class ProposeSubstitute(OrderCommand, frozen=True, kw_only=True, tag="propose_substitute"):
    """Flowers are out: a `stem` is replaced wherever it is, or the whole line `line` (from 0) by another
    bouquet of the catalogue. Each bouquet then costs `difference` fen more, or less. The buyer sees the
    picture (its address) and answers within `minutes`."""

    stem: Annotated[str, Meta(max_length=40)] = ""
    line: Annotated[int, Meta(ge=-1, le=20)] = -1
    product: Id = ""
    name: Annotated[str, Meta(max_length=40)] = ""
    name_en: Annotated[str, Meta(max_length=40)] = ""
    picture: Annotated[str, Meta(max_length=120)]
    difference: Annotated[int, Meta(ge=-10_000_000, le=10_000_000)] = 0
    words: Annotated[str, Meta(max_length=200)] = ""
    minutes: Annotated[int, Meta(ge=1, le=24 * 60)] = 30
    priced: Line | None = None  # server: the other bouquet, with its recipe


class AnswerSubstitute(OrderCommand, frozen=True, kw_only=True, tag="answer_substitute"):
    """By the buyer; by the shop when it was agreed by telephone."""

    substitution: Id
    accept: bool


class WithdrawSubstitute(OrderCommand, frozen=True, kw_only=True, tag="withdraw_substitute"):
    """The flowers are there after all: it is made as it was ordered."""

    substitution: Id


class RefundLine(OrderCommand, frozen=True, kw_only=True, tag="refund_line"):
    """A bouquet cannot be made: it leaves the order and its price goes back. `line` from 0."""

    line: Annotated[int, Meta(ge=0, le=20)]


class DecideSubstitute(OrderCommand, frozen=True, kw_only=True, tag="decide_substitute"):
    """By the shop when nobody answered: refund what would change, or the whole order, or take more time."""

    substitution: Id
    choice: Literal["refund", "cancel", "wait"]


class SettleSubstitute(OrderCommand, frozen=True, kw_only=True, tag="settle_substitute"):
    """System only: nobody answered in time; and again when the time to call is over too."""

    substitution: Id


class ExpireChange(OrderCommand, frozen=True, kw_only=True, tag="expire_change"):
    """System only: nobody answered in time."""

    change: Id


class ReportIncident(OrderCommand, frozen=True, kw_only=True, tag="report_incident"):
    """`delay_minutes`: None says what is usual for the reason."""

    reason: Reason
    note: Words = ""
    delay_minutes: Minutes | None = None
    picture: Picture = ""


class DecideIncident(OrderCommand, frozen=True, kw_only=True, tag="decide_incident"):
    """One decision of an incident's playbook. `stage`: what was to be decided when it was tapped."""

    incident: Id
    stage: Kind
    choice: Kind
    note: Words = ""
    percent: Annotated[int, Meta(ge=5, le=100)] = 30  # of the price, for `refund`
    minutes: Minutes = 60  # that a new bouquet takes, for `remake` and `replace`


class AdvanceIncident(OrderCommand, frozen=True, kw_only=True, tag="advance_incident"):
    """System only: the time to decide is over, the default is done."""

    incident: Id
    stage: Kind


class ResolveIncident(OrderCommand, frozen=True, kw_only=True, tag="resolve_incident"):
    incident: Id
    resolution: Words = ""


class FailDelivery(OrderCommand, frozen=True, kw_only=True, tag="fail_delivery"):
    reason: Reason
    note: Words = ""


class RetryDelivery(OrderCommand, frozen=True, kw_only=True, tag="retry_delivery"):
    """After a failed handover: try again with the same courier."""


class StartReturn(OrderCommand, frozen=True, kw_only=True, tag="start_return"):
    pass


class ConfirmReturn(OrderCommand, frozen=True, kw_only=True, tag="confirm_return"):
    pass


class UndoLast(OrderCommand, frozen=True, kw_only=True, tag="undo"):
    """Takes the actor's last tap back, within 10 seconds."""


class ReportSlipping(OrderCommand, frozen=True, kw_only=True, tag="report_slipping"):
    """System only: the promise is about to be missed."""

    eta_at: int
    why: Words = ""
    to_at: int = 0  # P90: the buyer is told the range from eta_at to here
    jam: bool = False


class ConfirmStop(OrderCommand, frozen=True, kw_only=True, tag="confirm_stop"):
    """The courier has called: time and place of this stop are right."""


class AnswerAlert(OrderCommand, frozen=True, kw_only=True, tag="answer_alert"):
    """The courier says how it is: `fine` ends it, `jam` ends it and is kept as the reason, `help` goes to
    the shop at once."""

    kind: Kind
    answer: Literal["fine", "jam", "help"]


class RaiseAlert(OrderCommand, frozen=True, kw_only=True, tag="raise_alert"):
    """System only: the watchdog saw something."""

    kind: Kind
    since: int
    level: Literal["courier", "shop"]
    text: Text
    asks: bool = False
    remedy: Kind = ""
    remedy_courier: Id = ""
    remedy_text: Text | None = None


class EscalateAlert(OrderCommand, frozen=True, kw_only=True, tag="escalate_alert"):
    """System only: nobody answered, or it got worse."""

    kind: Kind
    level: Literal["shop", "buyer"]
    text: Text
    remedy: Kind = ""
    remedy_courier: Id = ""
    remedy_text: Text | None = None


class CloseAlert(OrderCommand, frozen=True, kw_only=True, tag="close_alert"):
    """System only: its cause is gone."""

    kind: Kind


Fen = Annotated[int, Meta(ge=1, le=100_000_000)]


class RecordPayment(OrderCommand, frozen=True, kw_only=True, tag="record_payment"):
    """The shop has been paid so much, there or by the buyer's own means."""

    amount: Fen
    method: Literal["at_shop", "elsewhere"] = "at_shop"
    reference: Annotated[str, Meta(max_length=60)] = ""


class RecordRefund(OrderCommand, frozen=True, kw_only=True, tag="record_refund"):
    """So much was given back. `refund`: for which entry of the order's account; "": the oldest first."""

    amount: Fen
    reason: Words = ""
    refund: Id = ""


class ClosePrivacy(OrderCommand, frozen=True, kw_only=True, tag="close_privacy"):
    """System only: shortly after completion the courier no longer sees address and phone."""


OrderCommands = (
    PlaceOrder | ConfirmOrder | StartMaking | MarkReady | AssignCourier | PickUp | SetOff | AgreeTime
    | ShowBouquet | AnswerBouquet
    | MarkArriving | MarkArrived | Deliver | Rate | CancelOrder | AskChange | AnswerChange | WithdrawChange
    | ReportIncident | ResolveIncident | FailDelivery | RetryDelivery | StartReturn | ConfirmReturn
    | CounterChange | ExpireChange | DecideIncident | AdvanceIncident
    | UndoLast | ReportSlipping | ClosePrivacy | ConfirmStop | AnswerAlert
    | RaiseAlert | EscalateAlert | CloseAlert
    | ProposeSubstitute | AnswerSubstitute | WithdrawSubstitute | RefundLine | SettleSubstitute
    | DecideSubstitute
    | RecordPayment | RecordRefund
)  # fmt: skip
