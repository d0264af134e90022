"""What happened to an order, in the past tense. Bodies are small: the state after is in the delta."""

import msgspec

from huaxin.orders.model import Change, Incident, Proof, Rating, Status


class OrderEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    pass


class OrderPlaced(OrderEvent, tag="order_placed"):
    number: int


class StatusChanged(OrderEvent, tag="status_changed"):
    """Every move along the life cycle: one event type, so that each screen treats them alike."""

    before: Status
    after: Status
    by: str = ""  # the command that moved it
    reason: str = ""


class CourierAssigned(OrderEvent, tag="courier_assigned"):
    courier: str  # "" when taken back
    courier_name: str = ""
    before: str = ""


class TimeAgreed(OrderEvent, tag="time_agreed"):
    at: int


class ChangeAsked(OrderEvent, tag="change_asked"):
    change: Change


class ChangeAnswered(OrderEvent, tag="change_answered"):
    change: Change


class IncidentReported(OrderEvent, tag="incident_reported"):
    incident: Incident


class IncidentResolved(OrderEvent, tag="incident_resolved"):
    incident: Incident


class PromiseSlipping(OrderEvent, tag="promise_slipping"):
    eta_at: int
    why: str = ""


class OrderDelivered(OrderEvent, tag="order_delivered"):
    proof: Proof


class OrderRated(OrderEvent, tag="order_rated"):
    rating: Rating


class ActionUndone(OrderEvent, tag="action_undone"):
    command: str


class PrivacyClosed(OrderEvent, tag="privacy_closed"):
    pass
