"""What happened to an order, in the past tense. Bodies are small: the state after is in the delta."""

import msgspec

from huaxin.orders.model import (
    Alert,
    Bouquet,
    Change,
    Incident,
    Line,
    Payment,
    Proof,
    Rating,
    Status,
    Substitution,
)
from huaxin.orders.remedies.model import Spent


class OrderEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    pass


class OrderPlaced(OrderEvent, frozen=True, kw_only=True, tag="order_placed"):
    number: int
    voucher: Spent | None = None


class StatusChanged(OrderEvent, frozen=True, kw_only=True, tag="status_changed"):
    """Every move along the life cycle: one event type, so that each screen treats them alike."""

    before: Status
    after: Status
    by: str = ""  # the command that moved it
    reason: str = ""


class CourierAssigned(OrderEvent, frozen=True, kw_only=True, tag="courier_assigned"):
    courier: str  # "" when taken back
    courier_name: str = ""
    before: str = ""


class TimeAgreed(OrderEvent, frozen=True, kw_only=True, tag="time_agreed"):
    at: int


class ChangeAsked(OrderEvent, frozen=True, kw_only=True, tag="change_asked"):
    change: Change


class ChangeAnswered(OrderEvent, frozen=True, kw_only=True, tag="change_answered"):
    change: Change


class SubstituteProposed(OrderEvent, frozen=True, kw_only=True, tag="substitute_proposed"):
    substitution: Substitution


class SubstituteAnswered(OrderEvent, frozen=True, kw_only=True, tag="substitute_answered"):
    """By whom and how is in it; also withdrawn, or what follows without an answer."""

    substitution: Substitution


class LineRefunded(OrderEvent, frozen=True, kw_only=True, tag="line_refunded"):
    line: Line
    amount: int  # fen


class IncidentReported(OrderEvent, frozen=True, kw_only=True, tag="incident_reported"):
    incident: Incident


class IncidentJoined(OrderEvent, frozen=True, kw_only=True, tag="incident_joined"):
    """Somebody else said the same."""

    incident: Incident


class IncidentDecided(OrderEvent, frozen=True, kw_only=True, tag="incident_decided"):
    """A step of its playbook: somebody chose, or the time was over."""

    incident: Incident


class IncidentResolved(OrderEvent, frozen=True, kw_only=True, tag="incident_resolved"):
    incident: Incident


class PromiseSlipping(OrderEvent, frozen=True, kw_only=True, tag="promise_slipping"):
    eta_at: int
    why: str = ""
    to_at: int = 0  # with it, a range from eta_at to here was told


class OrderDelivered(OrderEvent, frozen=True, kw_only=True, tag="order_delivered"):
    proof: Proof


class BouquetShown(OrderEvent, frozen=True, kw_only=True, tag="bouquet_shown"):
    """A picture of the finished flowers, before they leave."""

    bouquet: Bouquet


class BouquetAnswered(OrderEvent, frozen=True, kw_only=True, tag="bouquet_answered"):
    """The buyer likes it, or wishes one thing to be changed."""

    bouquet: Bouquet


class OrderRated(OrderEvent, frozen=True, kw_only=True, tag="order_rated"):
    rating: Rating


class ActionUndone(OrderEvent, frozen=True, kw_only=True, tag="action_undone"):
    command: str


class StopConfirmed(OrderEvent, frozen=True, kw_only=True, tag="stop_confirmed"):
    """The courier has confirmed time and place with the customer."""


class AlertRaised(OrderEvent, frozen=True, kw_only=True, tag="alert_raised"):
    alert: Alert


class AlertEscalated(OrderEvent, frozen=True, kw_only=True, tag="alert_escalated"):
    alert: Alert


class AlertAnswered(OrderEvent, frozen=True, kw_only=True, tag="alert_answered"):
    """By the courier, with one tap."""

    alert: Alert


class AlertClosed(OrderEvent, frozen=True, kw_only=True, tag="alert_closed"):
    alert: Alert


class PaymentRecorded(OrderEvent, frozen=True, kw_only=True, tag="payment_recorded"):
    """`amount` in fen, negative: given back. `payment`: all of it since. `refund`: id of the entry of the
    order's account that it settles."""

    amount: int
    payment: Payment
    reason: str = ""
    refund: str = ""


class PrivacyClosed(OrderEvent, frozen=True, kw_only=True, tag="privacy_closed"):
    pass
