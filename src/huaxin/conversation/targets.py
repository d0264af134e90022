"""The message a command is about. The journal has it; the server looks it up before the decision."""

from typing import Any

import msgspec

from huaxin.conversation.events import Quote
from huaxin.journal.model import Rejected
from huaxin.kernel import AUDIENCE_OF, Role
from huaxin.orders.model import Order
from huaxin.orders.overlays import QUOTED, OverlayState

MESSAGES = frozenset({"message_sent", "question_asked", "live_shared"})  # what people put into a conversation


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it was written."""

    seq: int
    at: int
    type: str
    person: str
    role: str
    audience: int
    body: dict[str, Any]
    overlay: OverlayState | None = None  # of a message of another order; of this one the order knows best


class Aimed(msgspec.Struct, frozen=True, kw_only=True):
    """A command together with the messages it is about, in its own order; what is not there is left out."""

    wish: Any
    targets: list[Target] = []


def missing_message(seq: int) -> Rejected:
    return Rejected(
        "message.not_found", "There is no such message, or it is not yours to see.", seq, status=404
    )


def find_target(targets: list[Target], seq: int, order: Order, role: Role, person: str) -> Target:
    """The message when this role may see it and it is not recalled. Raises Rejected."""
    found = next((one for one in targets if one.seq == seq), None)
    if found is None or found.type not in MESSAGES or not is_seen(found, role, person):
        raise missing_message(seq)
    if is_recalled(found, order):
        raise Rejected("message.recalled", "This message was recalled.", seq)
    return found


def is_seen(target: Target, role: Role, person: str) -> bool:
    return bool(target.audience & AUDIENCE_OF[role]) or target.person == person


def is_recalled(target: Target, order: Order) -> bool:
    overlay = target.overlay or order.overlays.get(str(target.seq))
    return overlay is not None and overlay.recalled_at > 0


def text_of(target: Target, order: Order) -> str:
    """As edited last."""
    overlay = target.overlay or order.overlays.get(str(target.seq))
    if overlay is not None and overlay.edited_at:
        return overlay.text
    return str(target.body.get("text", ""))


def quote_of(target: Target, order: Order) -> Quote:
    return Quote(
        seq=target.seq,
        name=str(target.body.get("name", "")),
        role=target.role,
        kind=kind_of(target),
        text=_words(target, order)[:QUOTED],
    )


def kind_of(target: Target) -> str:
    if target.type == "question_asked":
        return "question"
    if target.type == "live_shared":
        return "live"
    media = target.body.get("media")
    if media:
        return str(media[0]["kind"])
    return "place" if target.body.get("place") else "text"


def _words(target: Target, order: Order) -> str:
    place = target.body.get("place")
    if place:
        return str(place.get("name") or place.get("address") or "")
    return text_of(target, order)
