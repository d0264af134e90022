"""The words of this room. Times are ms since 1970 by the house's clock, lengths of time in seconds."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta


class Channel(StrEnum):
    """The two rungs above the screen: a device's push service, then whatever reaches the person otherwise."""

    push = "push"
    next = "next"


class Urgency(StrEnum):
    urgent = "urgent"  # somebody must act or be at the door now: not held back by quiet hours
    soon = "soon"
    calm = "calm"  # good to know; enough when a device has received it


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What one kind of notice is worth to one role."""

    urgency: Urgency = Urgency.soon
    push_after_s: int = 4  # time for a screen that is looked at
    next_after_s: int = 0  # neither received nor read by then: the next channel; 0: never
    good_for_s: int = 3_600  # after this nobody wants to be told any more


class Listener(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who could be told of an order, and by what."""

    person: str  # "" is the shop as a whole
    role: str
    push: bool = False  # has a device that takes pushes
    further: bool = False  # can be reached by a next channel


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One rung for one person and one notice. (shop, seq, person, role, channel, target) is its identity."""

    shop: str
    seq: int
    order_id: str
    person: str
    role: str
    channel: Channel
    kind: str
    urgency: Urgency
    at: int
    due_at: int
    good_until: int
    target: str = ""  # one subscription, when only that one has to be tried again
    tries: int = 0


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """One browser's promise to take pushes (RFC 8030), for one person on one device."""

    id: str
    endpoint: str
    p256dh: str  # base64url, 65 bytes: the browser's public key
    auth: str  # base64url, 16 bytes
    person: str
    device: str
    app: str  # buyer | guest | courier | shop
    created_at: int
    language: str = ""


_Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


def _all_channels() -> list[str]:
    return list(CHANNELS)


class NoticePreferences(msgspec.Struct, frozen=True, kw_only=True):
    """What a person wishes. Urgent notices come in quiet hours too."""

    channels: Annotated[list[str], Meta(max_length=3)] = msgspec.field(default_factory=_all_channels)
    messages: bool = True  # be told of messages, not of notices alone
    calls: bool = True  # be rung in the app
    preview: bool = True  # show what was written on the locked screen
    quiet: bool = True
    quiet_from: _Clock = "22:00"
    quiet_to: _Clock = "08:00"
    time_zone: Annotated[str, Meta(max_length=60)] = ""  # "": the shop's
    budget: Annotated[int, Meta(ge=0, le=500)] = 60  # pushes a day; urgent ones come all the same


CHANNELS = ("push", "wechat", "sms")
APPS = ("buyer", "guest", "courier", "shop")
APPS_OF = {
    "buyer": ("buyer", "guest"),
    "recipient": ("guest",),
    "courier": ("courier",),
    "shop": ("shop",),
}
