"""A record as one role sees it. Runs for every delivery, so messages take a short way.

A message or notice has no delta and reads the same for every role in its audience: its bytes are made
once and shared by all views.
"""

from typing import Any

import msgspec

from huaxin.journal.model import Record
from huaxin.kernel import AUDIENCE_OF, Audience, Role
from huaxin.live.attention import attention_for
from huaxin.orders.lifecycle import allowed_actions
from huaxin.orders.model import Order
from huaxin.orders.overlays import is_touched
from huaxin.orders.redact import is_sender_hidden, redact, redact_body, redact_fields

VIEWS: dict[str, Role] = {role.value: role for role in (Role.buyer, Role.recipient, Role.shop, Role.courier)}
# Bit operations on flags are slow in Python, and this is asked for every message: views by the bare mask.
_VIEWS_OF: dict[int, tuple[str, ...]] = {
    mask: tuple(view for view, role in VIEWS.items() if mask & int(AUDIENCE_OF[role]))
    for mask in range(int(Audience.everyone) + 1)
}
_MASK_OF: dict[str, int] = {role: int(mask) for role, mask in AUDIENCE_OF.items()}
_RECIPIENT = int(Audience.recipient)
_REPORTS = frozenset({"incident_reported", "incident_joined", "incident_resolved"})
# What only those who hear the event see anything of: whoever does not must not learn that there is something,
# not from an entry that went or from a list of theirs that stayed as it was (CO-11, HR-6).
_OF_TALK = frozenset({"overlays", "blocks", "reports", "calls", "missed_calls"})
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class _Actor(msgspec.Struct, frozen=True, gc=False):
    person: str
    role: str


class _Wire(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """live.views.EventView with the body still as the bytes it was stored in."""

    shop: str
    order: str
    seq: int
    at: int
    type: str
    v: int
    actor: _Actor
    body: msgspec.Raw
    delta: dict[str, Any] | None = None
    actions: list[str] | None = None
    attention: list[Any] | None = None
    command_id: str = ""
    device_at: int = 0


def _wire(record: Record, body: bytes, actor: _Actor, type: str = "", **more: Any) -> bytes:
    return _encode(
        _Wire(
            shop=record.shop,
            order=record.subject,
            seq=record.seq,
            at=record.at,
            type=type or record.type,
            v=record.version,
            actor=actor,
            body=msgspec.Raw(body),
            command_id=record.command_id,
            device_at=record.device_at,
            **more,
        )
    )


def _wire_plain(record: Record) -> bytes:
    """_wire of a record without a delta, read the same by all: nearly every one. By position: quicker."""
    return _encode(
        _Wire(
            record.shop,
            record.subject,
            record.seq,
            record.at,
            record.type,
            record.version,
            _Actor(record.actor, record.role),
            msgspec.Raw(record.body),
            None,
            None,
            None,
            record.command_id,
            record.device_at,
        )
    )


def render_for_all(record: Record, order: Order) -> dict[str, bytes]:
    """Raw JSON by view, for those who may see something of it."""
    if _is_plain(record, order):
        payload = _wire_plain(record)
        return dict.fromkeys(_VIEWS_OF[record.audience], payload)
    seen = {view: render(record, order, role) for view, role in VIEWS.items()}
    return {view: payload for view, payload in seen.items() if payload is not None}


def _is_plain(record: Record, order: Order) -> bool:
    """Whether it reads the same for everybody who may see it."""
    return record.type == "notice_posted" or (
        record.type == "message_sent" and _reads_the_same(record, order)
    )


def _reads_the_same(message: Record, order: Order) -> bool:
    """Whether nobody who hears this message must be kept from a part of it."""
    heard = message.audience & _RECIPIENT
    if is_touched(message.seq, message.body, order.overlays) or (heard and b'"quote"' in message.body):
        return False
    return not order.privacy_closed and not (heard and is_sender_hidden(message.role, Role.recipient, order))


def render(record: Record, order: Order, role: Role, now: int = 0) -> bytes | None:
    """Raw JSON, or None when this role sees nothing of it. `order` is as it is now: redaction only tightens.

    A role outside the audience whose view of the order changed gets the change without its story.
    """
    heard = bool(_MASK_OF[role] & record.audience)
    if heard and _is_plain(record, order):
        return _wire_plain(record)
    delta = _decode(record.delta) if record.delta else None
    if not heard and (delta is None or _OF_TALK.issuperset(delta)):
        return None
    actor = _actor(record, order, role)
    if delta is None:
        seen = redact_body(record.type, _decode(record.body), role, order, record.role, record.seq)
        return _wire(record, _encode(seen), actor)
    # Who was just given it has nothing yet to lay a change over: the card is drawn from this (CO-23).
    first = role is Role.courier and record.type == "courier_assigned"
    fields = redact(order, role) if first else redact_fields(delta, role, order)
    if not heard and all(fields[name] is None and delta[name] is not None for name in fields):
        return None  # everything that changed is hidden from this role
    body: dict[str, Any] = {}
    if heard:
        body = redact_body(record.type, _decode(record.body), role, order, record.role, record.seq)
    more: dict[str, Any] = {"delta": fields, "actions": allowed_actions(order, role, now or record.at)}
    if role is Role.shop:
        more["attention"] = attention_for(order, now or record.at)
    if not heard:
        more["type"] = "order_updated"
    return _wire(record, _encode(body), actor, **more)


def _actor(record: Record, order: Order, role: Role) -> _Actor:
    """Who did it, unless this role must not know: a sender who stays unknown, a reporter of an incident."""
    hidden = is_sender_hidden(record.role, role, order) or (
        record.type in _REPORTS and role in (Role.buyer, Role.recipient)
    )
    return _Actor("" if hidden else record.actor, record.role)


def render_access_ended(record: Record) -> bytes:
    """To a courier whose order this no longer is: nothing but that."""
    return _wire(record, b"{}", _Actor("", record.role), type="access_ended")
