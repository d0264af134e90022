"""Messages and notices."""

import msgspec

from huaxin.conversation.media import Attachment
from huaxin.kernel import Point, Text


class ConversationEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    pass


class Quote(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The message that is answered, in short, as it was when it was answered or as it was edited since."""

    seq: int
    name: str
    role: str
    kind: str  # text | place | voice | picture | video | file | question | live | recalled
    text: str = ""


class MessageSent(ConversationEvent, frozen=True, kw_only=True, tag="message_sent"):
    """One kind of event: a text, a place, or media with a text beside it if there is one."""

    name: str  # the sender's name, as members see it
    to: list[str]  # roles that see it, plainly shown
    text: str = ""
    place: "PlaceShared | None" = None
    media: list[Attachment] = []
    quick: str = ""
    reply_to: int = 0
    quote: Quote | None = None  # of what it answers
    mentions: list[str] = []
    forwarded: bool = False
    recalled: bool = False  # only when shown: its content is gone, but for the shop
    expired: bool = False  # its content was removed when the shop's time of keeping was over


class PlaceShared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    point: Point
    name: str = ""
    address: str = ""


class MessageRecalled(ConversationEvent, frozen=True, kw_only=True, tag="message_recalled"):
    seq: int


class MessageEdited(ConversationEvent, frozen=True, kw_only=True, tag="message_edited"):
    """The shop alone reads the text here; everybody else reads it in the overlay, as it is now."""

    seq: int
    text: str = ""


class ReactionChanged(ConversationEvent, frozen=True, kw_only=True, tag="reaction_changed"):
    seq: int
    emoji: str
    on: bool
    name: str


class MessagePinned(ConversationEvent, frozen=True, kw_only=True, tag="message_pinned"):
    seq: int
    on: bool
    name: str


class QuestionAsked(ConversationEvent, frozen=True, kw_only=True, tag="question_asked"):
    """A card with buttons, open until it is answered (overlay `answer`), recalled or `until` has passed."""

    name: str
    to: list[str]
    until: int
    text: str = ""
    options: list[str] = []
    recalled: bool = False


class QuestionAnswered(ConversationEvent, frozen=True, kw_only=True, tag="question_answered"):
    seq: int
    option: int
    text: str  # the words of the option
    name: str


class LiveShared(ConversationEvent, frozen=True, kw_only=True, tag="live_shared"):
    """A live position, until it is stopped (overlay `closed_at`), recalled or `until` has passed."""

    name: str
    to: list[str]
    until: int
    minutes: int
    recalled: bool = False


class LiveStopped(ConversationEvent, frozen=True, kw_only=True, tag="live_stopped"):
    seq: int


# What is laid over a message: it changes what is shown of the conversation, nothing of the delivery.
LAID_OVER = frozenset(
    {
        "message_recalled",
        "message_edited",
        "reaction_changed",
        "message_pinned",
        "question_answered",
        "live_stopped",
    }
)


class NoticePosted(ConversationEvent, frozen=True, kw_only=True, tag="notice_posted"):
    """The system speaks for the facts. `template` names the rule it came from."""

    template: str
    text: Text
    tone: str = "info"  # info | good | warn | alarm | ask


class AnswerGiven(ConversationEvent, frozen=True, kw_only=True, tag="answer_given"):
    """The system answers a question from the facts, right after it: a person need not. Times are ms, 0: not
    known. The live card shows the same and stays up to date; this is what was true when it was asked."""

    question: str  # where | how_long | on_time
    asked: int  # seq of the question
    text: Text
    eta_from: int = 0
    eta_to: int = 0
    verdict: str = "unknown"  # on_time | slipping | late | unknown
    stops_before: int = 0
    stale: bool = False  # the courier's position is old


class MemberBlocked(ConversationEvent, frozen=True, kw_only=True, tag="member_blocked"):
    """Whoever is `by` hears nothing more of what `role` says, or hears it again. The shop hears everybody."""

    by: str
    role: str
    on: bool


class MessageReported(ConversationEvent, frozen=True, kw_only=True, tag="message_reported"):
    """Seen by the shop and by who reports."""

    seq: int
    by: str
    name: str
    reason: str = ""


class ReportResolved(ConversationEvent, frozen=True, kw_only=True, tag="report_resolved"):
    seq: int
    answer: str = ""


class TalkExpired(ConversationEvent, frozen=True, kw_only=True, tag="talk_expired"):
    """What was said on this order was removed: the shop keeps it no longer. The facts stay."""
