"""What may be wished of a conversation."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from huaxin.conversation.media import MOST_CAPTION, MOST_MEDIA, Attachment, MediaId
from huaxin.kernel import Point, Role
from huaxin.orders.commands import Id, OrderCommand

MAX_TEXT = 4000
Roles = Annotated[list[Role], Meta(max_length=8)]
Seq = Annotated[int, Meta(ge=0, le=2**53)]


class Message(OrderCommand, frozen=True, kw_only=True):
    """What every message may carry. `to`: roles that see it besides the sender and the shop; None: the
    sender's usual audience, or those of it who saw what is answered. `mentions`: roles of that audience."""

    to: Roles | None = None
    reply_to: Seq = 0  # seq of the message it answers; 0: none
    mentions: Roles = []  # noqa: RUF012 (a Struct makes a new one each time)


class Say(Message, frozen=True, kw_only=True, tag="say"):
    """A text."""

    text: Annotated[str, Meta(min_length=1)]
    quick: Annotated[str, Meta(max_length=64)] = ""  # key of the quick reply it came from


class SendPlace(Message, frozen=True, kw_only=True, tag="send_place"):
    point: Point
    name: Annotated[str, Meta(max_length=100)] = ""
    address: Annotated[str, Meta(max_length=200)] = ""


class SendMedia(Message, frozen=True, kw_only=True, tag="send_media"):
    """Voice, pictures, clips or files that were uploaded for this order, with a few words if one likes."""

    media: Annotated[list[MediaId], Meta(min_length=1, max_length=MOST_MEDIA)]
    text: Annotated[str, Meta(max_length=4 * MOST_CAPTION)] = ""
    attachments: list[Attachment] = []  # noqa: RUF012 (server; a Struct makes a new one each time)


class RecallMessage(OrderCommand, frozen=True, kw_only=True, tag="recall_message"):
    """Takes one's own message back, within 2 minutes. The shop keeps its trace."""

    seq: Seq


class EditMessage(OrderCommand, frozen=True, kw_only=True, tag="edit_message"):
    """A new text for one's own message, within 2 minutes."""

    seq: Seq
    text: Annotated[str, Meta(min_length=1)]


class React(OrderCommand, frozen=True, kw_only=True, tag="react"):
    """Lays one emoji on a message, or takes it off again."""

    seq: Seq
    emoji: Annotated[str, Meta(min_length=1, max_length=16)]
    on: bool = True


class PinMessage(OrderCommand, frozen=True, kw_only=True, tag="pin_message"):
    """Pins a message for everybody who sees it, or takes the pin out."""

    seq: Seq
    on: bool = True


class ForwardMessages(OrderCommand, frozen=True, kw_only=True, tag="forward_messages"):
    """Copies messages into `order`, from it or from another order of the shop that the sender is on too."""

    from_order: Id
    seqs: Annotated[list[Seq], Meta(min_length=1, max_length=20)]
    to: Roles | None = None


class Ask(OrderCommand, frozen=True, kw_only=True, tag="ask"):
    """A question with buttons. Whoever is quickest answers it for all."""

    text: Annotated[str, Meta(min_length=1)]
    options: Annotated[list[Annotated[str, Meta(max_length=60)]], Meta(min_length=2, max_length=5)]
    to: Roles | None = None
    minutes: Annotated[int, Meta(ge=1, le=24 * 60)] = 60


class AnswerQuestion(OrderCommand, frozen=True, kw_only=True, tag="answer_question"):
    seq: Seq
    option: Annotated[int, Meta(ge=0, le=4)]


class ShareLive(OrderCommand, frozen=True, kw_only=True, tag="share_live"):
    """Shows one's own position as it moves, for a while (`report_live_position` carries it)."""

    minutes: Literal[15, 30, 60] = 15
    to: Roles | None = None


class StopLive(OrderCommand, frozen=True, kw_only=True, tag="stop_live"):
    seq: Seq


class BlockMember(OrderCommand, frozen=True, kw_only=True, tag="block_member"):
    """From now on hear nothing of what this member says on the order. Never the shop."""

    role: Role
    on: bool = True


class ReportMessage(OrderCommand, frozen=True, kw_only=True, tag="report_message"):
    """Asks the shop to look at a message."""

    seq: Seq
    reason: Annotated[str, Meta(max_length=200)] = ""


class ResolveReport(OrderCommand, frozen=True, kw_only=True, tag="resolve_report"):
    """The shop has looked at what was reported."""

    seq: Seq
    answer: Annotated[str, Meta(max_length=200)] = ""


class ExpireTalk(OrderCommand, frozen=True, kw_only=True, tag="expire_talk"):
    """System only: the shop's time of keeping is over, and what was said has been removed.

    `up_to`: the newest message of which that is so; what was said after it has its own time. 0: all."""

    up_to: Seq = 0


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """Received up to, read up to (seq of the shop's journal). Only ever moves forward."""

    order: Id
    received: int = 0
    read: int = 0


ConversationCommands = (
    Say | SendPlace | SendMedia | RecallMessage | EditMessage | React | PinMessage | ForwardMessages | Ask
    | AnswerQuestion | ShareLive | StopLive | BlockMember | ReportMessage | ResolveReport | ExpireTalk
)  # fmt: skip
