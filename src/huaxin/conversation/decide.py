"""Messages: who may speak, who hears it."""

import msgspec

from huaxin.conversation.commands import MAX_TEXT, Say, SendPlace
from huaxin.conversation.events import MessageSent, PlaceShared
from huaxin.conversation.speaking import TO_OF, check_talk, heard_by
from huaxin.journal.model import Command, Decision, Fact, Rejected
from huaxin.kernel import Role, tidy
from huaxin.orders.model import Order

_ROLES = {role.value: role for role in Role}  # Role(…) takes as long as the rest of a decision


def decide_message(order: Order | None, command: Command, now: int) -> Decision:
    """Raises Rejected. Changes nothing of the order: the message is the fact."""
    if order is None:
        raise Rejected(
            "order.not_found",
            "There is no such order, or it is not yours to see.",
            command.subject,
            status=404,
        )
    role = _ROLES[command.actor.role]
    if not order.open:
        check_talk(order, role, now)
    wish = command.body
    audience = heard_by(role, wish.to)
    to = TO_OF[audience]
    name = command.actor.name
    if isinstance(wish, Say):
        event = MessageSent(name=name, to=to, text=clean(wish.text), quick=wish.quick)
    else:
        event = MessageSent(name=name, to=to, place=place_of(wish))
    courier = order.courier.person if order.courier else ""
    body = msgspec.json.encode(event)
    fact = Fact(type="message_sent", version=1, audience=int(audience), body=_untagged(body), courier=courier)
    return Decision(facts=[fact], result={"order": order.id})


_TAG = b'{"type":"message_sent",'


def _untagged(body: bytes) -> bytes:
    """The tag is a column of the record; this runs for every message, so bytes are cut, not decoded."""
    return b"{" + body[len(_TAG) :]


def clean(text: str) -> str:
    """Trims, drops control and bidi-override characters, keeps line breaks. Raises Rejected."""
    kept = tidy(text)
    if not kept:
        raise Rejected("message.empty", "Write something first.", text[:40], status=422)
    if len(kept) > MAX_TEXT:
        raise Rejected(
            "message.too_long",
            f"A message holds up to {MAX_TEXT} characters; this one has {len(kept)}. Send it in parts.",
            len(kept),
            status=422,
        )
    return kept


def place_of(wish: SendPlace) -> PlaceShared:
    """Raises Rejected."""
    point = wish.point
    if not (-90 <= point.lat <= 90 and -180 <= point.lon <= 180):
        raise Rejected(
            "message.bad_place", "That is not a place on earth.", [point.lat, point.lon], status=422
        )
    return PlaceShared(point=point, name=tidy(wish.name), address=tidy(wish.address))
