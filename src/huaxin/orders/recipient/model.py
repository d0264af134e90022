"""What an order knows of its recipient's wishes. Times are ms since 1970, 0: not. No person is named here,
only roles: a recipient reads most of it, and must not learn who the buyer is."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from huaxin.kernel import Point

Policy = Literal["free", "door", "after", "never"]
Words = Annotated[str, Meta(max_length=500)]
Short = Annotated[str, Meta(max_length=40)]


class TimeWindow(msgspec.Struct, frozen=True, kw_only=True):
    """A time one would like; start 0 means "by end"."""

    end: int
    start: int = 0


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """When the recipient may be reached before the flowers are there: `free` at any time, `door` from the
    door on, `after` from a time on, `never` not at all; "": nobody has said so (orders of before).
    `anonymous`: nobody says who sent the flowers."""

    policy: Policy | Literal[""] = ""
    after: int = 0
    opened_at: int = 0  # when the time of `after` had come
    anonymous: bool = False


class ContactWish(msgspec.Struct, frozen=True, kw_only=True):
    policy: Policy
    after: Annotated[int, Meta(ge=0, le=2**53)] = 0


class GateHelp(msgspec.Struct, frozen=True, kw_only=True):
    """How to get in, in the recipient's words."""

    at: int
    code: str = ""
    floor: str = ""
    text: str = ""
    point: Point | None = None  # which gate


class Preference(msgspec.Struct, frozen=True, kw_only=True):
    """When the recipient would like to have it. Buyer or shop decide; on the road the courier may, too."""

    id: str
    at: int
    window: TimeWindow | None = None
    text: str = ""
    status: str = "asked"  # asked | accepted | declined
    answered_by: str = ""  # role
    reason: str = ""


class Thanks(msgspec.Struct, frozen=True, kw_only=True):
    """What the recipient says to whoever sent the flowers."""

    at: int
    text: str = ""
    picture: str = ""  # id of a medium
