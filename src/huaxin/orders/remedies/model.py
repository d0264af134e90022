"""A complaint and what is offered for it. Times are ms since 1970, 0: not; money is fen. Roles, not persons:
a recipient reads their own complaint and must not learn who the buyer is."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Kind = Literal["refund", "remake", "voucher"]
Fault = Literal["damaged", "wilted", "different", "missing", "late", "wrong_place", "manner", "other"]
Fen = Annotated[int, Meta(ge=0, le=100_000_000)]
Days = Annotated[int, Meta(ge=1, le=730)]
MOST_OFFERS = 30  # of one complaint; people who have not agreed by then should call


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """One offer. `amount`: of a refund or a voucher. Of a voucher also for how many `days` it is good;
    agreed: its `code`, and `until` when."""

    id: str
    kind: Kind
    by: str  # role: shop | buyer
    at: int
    amount: int = 0
    text: str = ""
    status: str = "proposed"  # proposed | accepted | declined | countered | withdrawn
    answered_at: int = 0
    reason: str = ""
    code: str = ""
    days: int = 0
    until: int = 0


class Voucher(msgspec.Struct, frozen=True, kw_only=True):
    """Good for one order whose bouquets cost at least `least` (fen), until `until`. Kept on the order that it
    was given for."""

    code: str
    amount: int
    least: int
    until: int


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """The voucher that an order is paid with: `amount` fen less."""

    code: str
    amount: int


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """One at a time; a settled one stays until another is made. Offers are in the order they were made."""

    id: str
    at: int
    by: str  # role: buyer | recipient
    fault: Fault
    text: str = ""
    pictures: list[str] = []  # ids of media
    status: str = "open"  # open | settled | withdrawn
    remedies: list[Remedy] = []
    closed_at: int = 0
    remake: str = ""  # id of the order made for it


def standing(complaint: Complaint | None) -> Remedy | None:
    """The offer that waits for an answer."""
    if complaint is None or complaint.status != "open":
        return None
    return next((one for one in reversed(complaint.remedies) if one.status == "proposed"), None)
