"""Every command by name: the rpc methods and the POST routes. One list serves both."""

from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

from huaxin.calls.commands import OF_THE_SYSTEM as OF_CALLS
from huaxin.calls.commands import CallCommands
from huaxin.calls.model import CallId, DeviceId
from huaxin.catalogue.commands import CATALOGUE_WISHES
from huaxin.conversation.commands import ConversationCommands, Mark, Seq
from huaxin.kernel import Point, Role, Text
from huaxin.live.run_commands import ApplyBatch, ApplyHandover, SetAssignment, SetBike, SetRunOrder
from huaxin.notify.commands import WISHES as NOTICE_WISHES
from huaxin.orders.commands import Id, OrderCommands
from huaxin.orders.fees import ChangeFees
from huaxin.orders.gates import Gates
from huaxin.orders.recipient.commands import RecipientCommands
from huaxin.orders.remedies.commands import RemedyCommands
from huaxin.slots.commands import SetSlots
from huaxin.standing.model import EndStanding, PauseStanding, StartStanding
from huaxin.tracking.devices.commands import TRACKER_WISHES
from huaxin.tracking.views import PositionReport


class MarkOrder(Mark, frozen=True, kw_only=True, tag_field="command", tag="mark"):
    """How far one has received and read. Only moves forward; no event."""


class Typing(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="type"):
    """A signal: somebody is writing."""

    order: Id


class ReportPositions(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="report_positions"):
    """Fixes of the calling courier, oldest first; late ones after a tunnel are welcome, up to 10,000 at once.
    `sent_at`: the moment of sending by the phone's own clock. With it a queue sent in several batches keeps
    its ages; without it the newest fix of a batch counts as now."""

    shop: Id
    positions: list[PositionReport]
    sent_at: Annotated[int, Meta(ge=0, le=2**53)] = 0  # ms since 1970; 0: not told


class CreateGuestLink(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="create_guest_link"
):
    """A link for somebody without an account: one order, one role (recipient or buyer)."""

    order: Id
    role: Annotated[str, Meta(max_length=20)] = "recipient"
    hours: Annotated[int, Meta(ge=1, le=720)] = 48


class RevokeGuestLink(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="revoke_guest_link"
):
    """Ends a link and the sessions that came by it; without `link` all of the order's."""

    order: Id
    link: Id = ""


class ReportLivePosition(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="report_live_position"
):
    """Where the sender of a live_shared event is now. Send at most one a second; the newest counts."""

    order: Id
    seq: Seq
    point: Point
    accuracy_m: Annotated[float, Meta(ge=0, le=100_000)] = 0.0
    at: Annotated[int, Meta(ge=0, le=2**53)] = 0  # ms by the device; 0: now


class QuickReplyWish(msgspec.Struct, frozen=True, kw_only=True):
    text: Text  # one language is enough
    key: Annotated[str, Meta(max_length=40, pattern="^[a-z0-9_-]*$")] = ""


class SetQuickReplies(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="set_quick_replies"
):
    """The shop's own quick replies for a role, in their order. None: the usual ones again."""

    shop: Id
    role: Role
    replies: Annotated[list[QuickReplyWish], Meta(max_length=30)]


class MuteOrder(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="mute_order"):
    """Hear nothing of this order's messages outside the screen, on none of one's devices. Notices that
    matter still come."""

    order: Id
    on: bool = True


class SetRetention(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="set_retention"):
    """How many days after an order's completion the shop keeps what was said, its media, and the last
    positions of couriers. 0: for ever. For the owner."""

    shop: Id
    messages_days: Annotated[int, Meta(ge=0, le=3650)] = 0
    media_days: Annotated[int, Meta(ge=0, le=3650)] = 0
    positions_days: Annotated[int, Meta(ge=0, le=3650)] = 0


class SetGates(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="set_gates"):
    """What the shop asks for before flowers leave and when they are handed over. For the owner."""

    shop: Id
    gates: Gates


class SetChangeFees(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="set_change_fees"):
    """What a change costs when it is late, farther away, or needs another ride; and what stays with the shop
    of an order that is cancelled. For the owner."""

    shop: Id
    fees: ChangeFees


class SetLanguage(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="set_language"):
    language: Annotated[str, Meta(max_length=20)]


class SetName(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="set_name"):
    name: Annotated[str, Meta(max_length=200)]


class SignalCall(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="signal_call"):
    """From a device in a call to another in it: what browsers tell each other, what is pointed at.
    Passed on as it is, kept nowhere."""

    order: Id
    call: CallId
    to_person: Id
    to_device: DeviceId
    from_device: DeviceId
    kind: Literal["offer", "answer", "ice", "bye", "point", "still"]
    data: Annotated[str, Meta(max_length=16_384)] = ""


class CallMasked(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="call_masked"):
    """A telephone call over a number that hides both: the answer says what to dial."""

    order: Id
    to: Role


def _by_name(kinds: tuple[Any, ...]) -> dict[str, type]:
    return {str(kind.__struct_config__.tag): kind for kind in kinds}


JOURNALED: dict[str, type] = _by_name(
    get_args(OrderCommands)
    + get_args(RecipientCommands)
    + get_args(RemedyCommands)
    + get_args(ConversationCommands)
    + get_args(CallCommands)
)
UNJOURNALED: dict[str, type] = _by_name(
    (
        MarkOrder,
        Typing,
        ReportPositions,
        CreateGuestLink,
        RevokeGuestLink,
        SetLanguage,
        SetName,
        ReportLivePosition,
        SignalCall,
        CallMasked,
        SetQuickReplies,
        MuteOrder,
        SetRetention,
        SetSlots,
        StartStanding,
        PauseStanding,
        EndStanding,
        SetGates,
        SetChangeFees,
        SetRunOrder,
        SetBike,
        SetAssignment,
        ApplyBatch,
        ApplyHandover,
        *NOTICE_WISHES,
        *TRACKER_WISHES,
        *CATALOGUE_WISHES,
    )
)
COMMANDS: dict[str, type] = JOURNALED | UNJOURNALED
ALERTS = frozenset({"raise_alert", "escalate_alert", "close_alert"})
TIMED = frozenset({"expire_change", "advance_incident", "settle_substitute"})  # what time alone decides
SYSTEM_ONLY = (
    frozenset({"report_slipping", "close_privacy", "expire_talk", "open_contact"}) | ALERTS | TIMED | OF_CALLS
)
# What tracking may make happen by itself.
SYSTEM_KINDS: dict[str, type[Any]] = {
    name: JOURNALED[name] for name in ("set_off", "mark_arriving", "report_slipping")
}
