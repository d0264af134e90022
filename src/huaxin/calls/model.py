"""A call as its order knows it while it lasts. Times are ms since 1970, 0: not. What is over is an event."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from huaxin.kernel import Role

RING_MS = 45_000  # how long somebody is rung
LONGEST_MS = 4 * 3_600_000  # what goes on longer was forgotten
MOST_CALLS = 4  # at once on one order
MOST_MISSED = 10  # kept of one order
MOST_MEMBERS = 4  # a mesh: each is connected with each

Media = Literal["audio", "video"]
Why = Literal["hung_up", "failed", "lost"]
CallId = Annotated[str, Meta(min_length=8, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]
DeviceId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]


class CallMember(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is in it, with one device: of several that rang, the one that answered."""

    person: str
    role: Role
    device: str
    joined_at: int
    name: str = ""


class OpenCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call that is not over. Who rang is its first member."""

    id: str
    media: str  # audio | video: what it began as
    at: int
    by_person: str
    by_role: Role
    by_name: str = ""
    to: list[Role]  # everybody who has been rung: they and the shop know of it
    ringing: list[Role] = []  # of these, whose phones ring now
    declined: list[str] = []  # persons whose phones ring no more although their role's go on
    members: list[CallMember] = []
    state: str = "ringing"  # ringing | talking
    answered_at: int = 0
    ring_until: int
    ring_ms: int = RING_MS  # by the house's clock, which may run faster than people talk

    @property
    def roles(self) -> set[Role]:
        """Who knows of it, besides the shop."""
        return {self.by_role, *self.to, *(one.role for one in self.members)}

    def member(self, person: str) -> CallMember | None:
        return next((one for one in self.members if one.person == person), None)


class MissedCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call somebody did not answer, until they call back or are in another with who rang."""

    id: str
    at: int
    media: str
    by_person: str
    by_role: Role
    by_name: str = ""
    to: list[Role]  # who has not called back


class CallParty(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who was in a call."""

    person: str
    role: Role
    name: str = ""


class CallQuality(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How it was, as the device that left it saw it."""

    words: Literal["", "good", "fair", "poor"] = ""
    rtt_ms: Annotated[int, Meta(ge=0, le=600_000)] = 0
    lost_percent: Annotated[float, Meta(ge=0, le=100)] = 0.0
    kbps: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    relayed: bool = False
    restarts: Annotated[int, Meta(ge=0, le=100_000)] = 0


def find_call(calls: list[OpenCall], call: str) -> OpenCall | None:
    return next((one for one in calls if one.id == call), None)
