"""Messages and notices."""

import msgspec

from huaxin.kernel import Point, Text


class ConversationEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    pass


class MessageSent(ConversationEvent, frozen=True, kw_only=True, tag="message_sent"):
    """One kind of event. Exactly one of text and place is set."""

    name: str  # the sender's name, as members see it
    to: list[str]  # roles that see it, plainly shown
    text: str = ""
    place: "PlaceShared | None" = None
    quick: str = ""


class PlaceShared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    point: Point
    name: str = ""
    address: str = ""


class NoticePosted(ConversationEvent, frozen=True, kw_only=True, tag="notice_posted"):
    """The system speaks for the facts. `template` names the rule it came from."""

    template: str
    text: Text
    tone: str = "info"  # info | good | warn | alarm | ask
