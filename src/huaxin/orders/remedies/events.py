"""What happened about a complaint, in the past tense."""

from huaxin.orders.events import OrderEvent
from huaxin.orders.model import Rating
from huaxin.orders.remedies.model import Complaint, Remedy


class ComplaintMade(OrderEvent, frozen=True, kw_only=True, tag="complaint_made"):
    complaint: Complaint


class RemedyProposed(OrderEvent, frozen=True, kw_only=True, tag="remedy_proposed"):
    complaint: str  # its id
    remedy: Remedy


class RemedyAnswered(OrderEvent, frozen=True, kw_only=True, tag="remedy_answered"):
    complaint: str
    remedy: Remedy
    remake: str = ""  # id of the order that is made for it


class ComplaintWithdrawn(OrderEvent, frozen=True, kw_only=True, tag="complaint_withdrawn"):
    complaint: str


class RatingAnswered(OrderEvent, frozen=True, kw_only=True, tag="rating_answered"):
    rating: Rating
