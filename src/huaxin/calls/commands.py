"""What may be wished of a call. `call` is an id made by whoever rings.

Fields marked "server" are filled in by the server before the decision, whatever a client sent.
"""

from typing import Annotated

from msgspec import Meta

from huaxin.calls.model import CallId, CallQuality, DeviceId, Media, Why
from huaxin.kernel import Role
from huaxin.orders.commands import Id, OrderCommand

To = Annotated[list[Role], Meta(min_length=1, max_length=3)]
Hindered = dict[str, str]  # role → why its phone is not to ring: nobody | busy | quiet


class Ring(OrderCommand, frozen=True, kw_only=True, tag="ring"):
    """Rings all devices of these people. `device`: this page's own id, another one for each page. When one of
    them is ringing here at this moment, it answers that call instead: the result names it."""

    call: CallId
    media: Media = "audio"
    to: To
    device: DeviceId
    hindered: Hindered = {}  # server  # noqa: RUF012 (a Struct makes a new one each time)
    ring_ms: int = 0  # server


class AnswerCall(OrderCommand, frozen=True, kw_only=True, tag="answer_call"):
    """The first device of a person wins, of a shop's people the first person."""

    call: CallId
    device: DeviceId


class DeclineCall(OrderCommand, frozen=True, kw_only=True, tag="decline_call"):
    """`busy`: the page is in another call."""

    call: CallId
    busy: bool = False
    crew: list[str] = []  # server: the shop's people, whose phones all ring  # noqa: RUF012 (as above)


class InviteToCall(OrderCommand, frozen=True, kw_only=True, tag="invite_to_call"):
    """By who is in it: the call goes on, these are rung and may join."""

    call: CallId
    to: To
    hindered: Hindered = {}  # server  # noqa: RUF012 (as above)
    ring_ms: int = 0  # server


class LeaveCall(OrderCommand, frozen=True, kw_only=True, tag="leave_call"):
    """With fewer than two left it is over; before an answer whoever rang takes it back with this."""

    call: CallId
    why: Why = "hung_up"
    quality: CallQuality | None = None


class MissCall(OrderCommand, frozen=True, kw_only=True, tag="miss_call"):
    """System only: nobody answered in time, or the call was forgotten."""

    call: Id


class LoseMember(OrderCommand, frozen=True, kw_only=True, tag="lose_member"):
    """System only: nothing has been heard of this member's devices for a while."""

    call: Id
    person: Id


class NoteMaskedCall(OrderCommand, frozen=True, kw_only=True, tag="note_masked_call"):
    """System only: what became of a telephone call over a number that hides both. `until`: it begins."""

    call: Id
    by: Role
    to: Role
    number: Id = ""
    until: int = 0
    answered: bool = False
    duration_ms: int = 0


CallCommands = (
    Ring | AnswerCall | DeclineCall | InviteToCall | LeaveCall | MissCall | LoseMember | NoteMaskedCall
)  # fmt: skip
OF_THE_SYSTEM = frozenset({"miss_call", "lose_member", "note_masked_call"})
