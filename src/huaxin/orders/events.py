"""What happened to an order, in the past tense. Bodies are small: the state after is in the delta."""

import msgspec

from huaxin.orders.model import Change, Incident, Proof, Rating, Status


class OrderEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    pass


class OrderPlaced(OrderEvent, frozen=True, kw_only=True, tag="order_placed"):
    number: int


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


class IncidentReported(OrderEvent, frozen=True, kw_only=True, tag="incident_reported"):
    incident: Incident


class IncidentResolved(OrderEvent, frozen=True, kw_only=True, tag="incident_resolved"):
    incident: Incident


class PromiseSlipping(OrderEvent, frozen=True, kw_only=True, tag="promise_slipping"):
    eta_at: int
    why: str = ""


class OrderDelivered(OrderEvent, frozen=True, kw_only=True, tag="order_delivered"):
    proof: Proof


class OrderRated(OrderEvent, frozen=True, kw_only=True, tag="order_rated"):
    rating: Rating


class ActionUndone(OrderEvent, frozen=True, kw_only=True, tag="action_undone"):
    command: str


class PrivacyClosed(OrderEvent, frozen=True, kw_only=True, tag="privacy_closed"):
    pass
