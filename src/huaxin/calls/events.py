"""What became of calls, in the past tense."""

from huaxin.calls.model import CallParty, CallQuality
from huaxin.kernel import Role, Text
from huaxin.orders.events import OrderEvent


class CallRung(OrderEvent, frozen=True, kw_only=True, tag="call_rung"):
    """The phones of `to` ring. `again`: the call goes on already, these are asked to join."""

    call: str
    media: str
    to: list[Role]
    role: Role  # of who rings
    name: str = ""
    ring_until: int
    again: bool = False


class CallAnswered(OrderEvent, frozen=True, kw_only=True, tag="call_answered"):
    call: str
    person: str
    role: Role
    device: str
    name: str = ""


class CallDeclined(OrderEvent, frozen=True, kw_only=True, tag="call_declined"):
    call: str
    person: str
    role: Role
    name: str = ""
    busy: bool = False  # in another call


class CallMissed(OrderEvent, frozen=True, kw_only=True, tag="call_missed"):
    """Who was asked to join did not answer; the call goes on."""

    call: str
    to: list[Role]


class CallLeft(OrderEvent, frozen=True, kw_only=True, tag="call_left"):
    call: str
    person: str
    role: Role
    why: str  # hung_up | failed | lost | reassigned
    name: str = ""
    quality: CallQuality | None = None


class CallEnded(OrderEvent, frozen=True, kw_only=True, tag="call_ended"):
    """`why`: hung_up | failed | lost | reassigned, or of a call nobody answered: missed | declined | busy |
    cancelled | failed. `text` says it to everybody alike; a screen says it from where its person stands."""

    call: str
    media: str
    why: str
    by_person: str
    by_role: Role
    by_name: str = ""
    to: list[Role]
    ended_by: str = ""  # person; "": nobody, the time was over
    members: list[CallParty] = []  # noqa: RUF012 (a Struct makes a new one): who was in it to the end
    duration_ms: int = 0  # 0: nobody talked
    text: Text
    quality: CallQuality | None = None


class MaskedCallPlaced(OrderEvent, frozen=True, kw_only=True, tag="masked_call_placed"):
    """A telephone call over a number that hides both. `number`: 138****1234."""

    call: str
    to: Role
    role: Role
    number: str
    until: int  # as long as the number in between leads there


class MaskedCallEnded(OrderEvent, frozen=True, kw_only=True, tag="masked_call_ended"):
    call: str
    to: Role
    role: Role
    answered: bool
    duration_ms: int = 0
    text: Text


CALL_EVENTS = frozenset(
    {"call_rung", "call_answered", "call_declined", "call_missed", "call_left", "call_ended"}
)
