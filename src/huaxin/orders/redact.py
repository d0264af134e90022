"""What each role may see, field by field. One rule for snapshots, deltas and event bodies."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from huaxin.calls.events import CALL_EVENTS
from huaxin.calls.views import see_call_event, see_calls, see_missed
from huaxin.kernel import Role
from huaxin.orders.model import Order
from huaxin.orders.overlays import body_now, changed_entries, seen_entries
from huaxin.orders.recipient.contact import DELIVERED, hides_gift, may_call
from huaxin.orders.words import mask_phone

Fields = dict[str, Any]
INCIDENTS = frozenset({"incident_reported", "incident_joined", "incident_decided", "incident_resolved"})

VIEW_FIELDS = (
    "id", "shop", "number", "status", "placed_at", "promise", "buyer", "recipient", "lines", "total",
    "fee", "payment", "zone",
    "address", "card", "note", "surprise", "courier", "held_by", "times", "eta_at", "agreed_at", "change",
    "incidents", "slipping", "proof", "rating", "reason", "privacy_closed", "undo", "overlays",
    "blocks", "reports", "talk_expired", "stop_confirmed_at", "alerts", "when_out", "substitutions",
    "refunded", "refunds", "contact", "gate_help", "preference", "thanks", "complaint", "vouchers",
    "voucher", "remake_of", "attempts", "bouquet", "receipt_code", "calls", "missed_calls",
)  # fmt: skip
# What is not named here a recipient never sees, whatever is added to an order.
RECIPIENT_FIELDS = frozenset(
    {
        "id", "shop", "number", "status", "placed_at", "promise", "buyer", "recipient", "lines", "address",
        "card", "courier", "times", "eta_at", "agreed_at", "proof", "privacy_closed", "undo", "overlays",
        "blocks", "reports", "talk_expired", "gate_help", "preference", "thanks", "complaint",
        "bouquet", "receipt_code", "calls", "missed_calls",
    }
)  # fmt: skip


_OF_MONEY = ("fee", "payment", "refunds", "zone", "vouchers", "voucher")
_OF_SALE = ("when_out", "substitutions", "refunded")  # between buyer and shop


def _masked(party: Fields | None) -> Fields | None:
    return party and {**party, "phone": mask_phone(party.get("phone", ""))}


def _no_phone(party: Fields | None) -> Fields | None:
    return party and {**party, "phone": ""}


def _undo(undo: Fields | None, role: Role) -> Fields | None:
    if undo is None or undo["role"] != role.value:
        return None
    return {"by": undo["by"], "command": undo["command"], "until": undo["until"]}


def _incident(incident: Fields) -> Fields:
    """For the buyer: what it is and what they are asked; the picture once a remedy is offered for it."""
    seen = {**incident, "note": "", "reporter": "", "resolution": "", "joined": []}
    seen["decided"] = [{**one, "note": ""} for one in incident.get("decided", ())]
    return seen if incident.get("offer") else {**seen, "picture": ""}


def _plain_change(change: Fields) -> Fields:
    return {**change, "zone": None, "lines": change.get("lines") and _plain(change["lines"])}


def _unpaid_incident(incident: Fields) -> Fields:
    return {**incident, "refund": 0}


def _unpriced_change(change: Fields) -> Fields:
    """For the courier: neither what stands on the card nor what it costs."""
    lines, counter = change.get("lines"), change.get("counter")
    return {
        **change,
        "card": None,
        "fee": 0,
        "zone": None,
        "lines": lines and _unpriced(lines),
        "counter": counter and {**counter, "fee": None},
    }


def _proof(proof: Fields, role: Role) -> Fields:
    """Where the courier stood is the shop's and the courier's to know; how far from the door, the buyer's."""
    if role is Role.courier:
        return proof
    nowhere: Fields = {"point": None, "accuracy_m": 0.0}
    return proof | nowhere | ({"distance_m": -1.0, "far": False} if role is Role.recipient else {})


def _bouquet(bouquet: Fields) -> Fields:
    """For the recipient: the flowers, not what was said about them."""
    return {**bouquet, "fix": "", "status": "shown", "answer_by": 0, "answered_at": 0, "earlier": []}


def _unpriced(lines: list[Fields]) -> list[Fields]:
    return [{**line, "price": 0, "recipe": []} for line in lines]


def _plain(lines: list[Fields]) -> list[Fields]:
    """Without what the florist takes."""
    return [{**line, "recipe": []} for line in lines]


def _substitution(one: Fields) -> Fields:
    return {**one, "by": "", "before": _plain(one["before"]), "after": _plain(one["after"])}


def _for_shop(fields: Fields, order: Order) -> Fields:
    return fields


def _for_buyer(fields: Fields, order: Order) -> Fields:
    _drop(fields, "zone", "held_by")
    _apply(fields, "courier", _masked)
    _apply(fields, "incidents", lambda incidents: [_incident(incident) for incident in incidents])
    _apply(fields, "attempts", lambda attempts: [{**attempt, "courier": ""} for attempt in attempts])
    _apply(fields, "proof", lambda proof: _proof(proof, Role.buyer))
    _apply(fields, "lines", _plain)
    _apply(fields, "change", _plain_change)
    _apply(fields, "substitutions", lambda all_: [_substitution(one) for one in all_])
    _drop(fields, "gate_help")  # somebody else's door
    return fields


def _for_courier(fields: Fields, order: Order) -> Fields:
    """Never the price, the card or the buyer's number; address and phone only while they are needed."""
    _apply(fields, "buyer", _no_phone)
    _apply(fields, "lines", _unpriced)
    _drop(fields, "total", "card", "rating", "thanks", "complaint", "remake_of", *_OF_SALE, *_OF_MONEY)
    # That there is one, so that the phone asks for it.
    _apply(fields, "receipt_code", lambda code: "*" * len(code))
    _apply(fields, "change", _unpriced_change)
    _apply(fields, "incidents", lambda incidents: [_unpaid_incident(incident) for incident in incidents])
    if order.privacy_closed:
        _drop(fields, "address", "note", "change", "held_by", "bouquet", "gate_help", "preference")
    if order.privacy_closed or not may_call(order):
        _apply(fields, "recipient", _no_phone)
    return fields


def _for_recipient(fields: Fields, order: Order) -> Fields:
    """Never the price; not the sender if asked; card and flowers are a surprise until they are there."""
    _drop(fields, *(name for name in fields if name not in RECIPIENT_FIELDS))
    _apply(fields, "complaint", _own_complaint)
    if order.card.anonymous:
        _drop(fields, "buyer")
    else:
        _apply(fields, "buyer", _no_phone)
    _apply(fields, "courier", _masked)
    _apply(fields, "lines", _unpriced)
    _apply(fields, "proof", lambda proof: _proof(proof, Role.recipient))
    _apply(fields, "bouquet", _bouquet)
    if order.status not in DELIVERED:
        _drop(fields, "card", "bouquet")
        if hides_gift(order):
            _drop(fields, "lines")
    return fields


def _own_complaint(complaint: Fields) -> Fields | None:
    """What the recipient said was wrong; what is offered for it is between those who paid and were paid."""
    if complaint["by"] != Role.recipient.value:
        return None
    return {**complaint, "remedies": [], "remake": ""}


def _apply(fields: Fields, name: str, change: Callable[[Any], Any]) -> None:
    if fields.get(name) is not None:
        fields[name] = change(fields[name])


def _drop(fields: Fields, *names: str) -> None:
    for name in names:
        if name in fields:
            fields[name] = None


_RULES: dict[Role, Callable[[Fields, Order], Fields]] = {
    Role.shop: _for_shop,
    Role.system: _for_shop,
    Role.buyer: _for_buyer,
    Role.courier: _for_courier,
    Role.recipient: _for_recipient,
}


def redact_fields(fields: Mapping[str, Any], role: Role, order: Order) -> Fields:
    """`fields`: top-level fields of an order as plain JSON values, all or some. `order`: as it is now."""
    seen = {name: value for name, value in fields.items() if name in VIEW_FIELDS}
    if "undo" in seen:
        seen["undo"] = _undo(seen["undo"], role)
    if "overlays" in seen:
        _see_overlays(seen, role, order)
    if seen.get("calls") is not None:
        seen["calls"] = see_calls(seen["calls"], role, order)
    if seen.get("missed_calls") is not None:
        seen["missed_calls"] = see_missed(seen["missed_calls"], role, order)
    if role not in (Role.shop, Role.system):
        if seen.get("alerts") is not None:
            seen["alerts"] = _asked(seen["alerts"]) if role is Role.courier else None
        for name in ("blocks", "reports"):
            if seen.get(name) is not None:
                seen[name] = _own(seen[name], role)
    return _RULES[role](seen, order)


def _asked(alerts: list[Fields]) -> list[Fields] | None:
    """What the courier is asked and has not answered; what the shop is offered is the shop's."""
    hidden: Fields = {"remedy": "", "remedy_courier": "", "remedy_text": None}
    open_ = [one for one in alerts if one["asks"] and not one["closed_at"] and not one["answer"]]
    return [{**one, **hidden} for one in open_] or None


def _own(entries: list[Fields], role: Role) -> list[Fields] | None:
    """Those this role made, without who it is about: a sender may wish to stay unknown. None instead of an
    empty list, which would tell that there is something of somebody else's."""
    return [{**one, "person": ""} for one in entries if one["by"] == role.value] or None


def _see_overlays(fields: Fields, role: Role, order: Order) -> None:
    if role is Role.courier and order.privacy_closed:
        fields["overlays"] = None  # nor the conversation they lie over
        return
    hides_buyer = is_sender_hidden(Role.buyer.value, role, order)
    deaf_to = [one for one in order.blocks if one.by == role.value]
    entries = seen_entries(fields["overlays"] or (), order.overlays, role, hides_buyer, deaf_to)
    if entries is None:
        del fields["overlays"]  # null would empty what is there already
    else:
        fields["overlays"] = entries


def redact(order: Order, role: Role) -> Fields:
    """The whole order as this role sees it: the plain form of views.OrderView."""
    return redact_fields(msgspec.to_builtins(order), role, order)


def is_sender_hidden(by: str, role: Role, order: Order) -> bool:
    """Whether this role must not learn who acted: `by` is the role they acted in."""
    return role is Role.recipient and by == Role.buyer.value and order.card.anonymous


def redact_body(kind: str, body: Fields, role: Role, order: Order, by: str = "", seq: int = 0) -> Fields:
    """The body of an event as this role sees it now. `by`: the role of who made it happen; `seq`: the
    event's own, for what was laid over it since."""
    if role in (Role.shop, Role.system):
        return body
    body = body_now(kind, seq, body, order.overlays)
    if role is Role.recipient:
        body = _without_sender(body, by, order)
    if kind in CALL_EVENTS:
        return see_call_event(body, role, order)
    if kind == "status_changed" and role is Role.recipient:
        return {**body, "reason": ""}
    if kind in ("substitute_proposed", "substitute_answered"):
        return {"substitution": _substitution(body["substitution"])}
    if kind == "order_placed" and role is not Role.buyer:
        return {name: value for name, value in body.items() if name != "voucher"}
    if kind == "line_refunded":
        return {**body, "line": _plain([body["line"]])[0]}
    if kind == "gate_helped" and role is Role.courier and order.privacy_closed:
        return {"help": {"at": body["help"]["at"]}}
    if kind in ("change_asked", "change_answered"):
        known = body["change"]
        return {"change": _courier_change(known, order) if role is Role.courier else _plain_change(known)}
    if kind in INCIDENTS:
        known = body["incident"]
        return {"incident": _unpaid_incident(known) if role is Role.courier else _incident(known)}
    if kind == "order_delivered":
        return {"proof": _proof(body["proof"], role)}
    if kind == "message_sent" and role is Role.courier and order.privacy_closed and "place" in body:
        return {**body, "place": None}
    return body


def _courier_change(change: Fields, order: Order) -> Fields:
    seen = _unpriced_change(change)
    if order.privacy_closed:
        return {**seen, "address": None, "recipient": None}
    return seen


def _without_sender(body: Fields, by: str, order: Order) -> Fields:
    """For a recipient: neither who sends nor who is quoted, when that must not be known."""
    if "name" in body and is_sender_hidden(by, Role.recipient, order):
        body = {**body, "name": ""}
    quote = body.get("quote")
    if quote and is_sender_hidden(quote["role"], Role.recipient, order):
        body = {**body, "quote": {**quote, "name": ""}}
    return body


def delta(before: Order | None, after: Order) -> bytes:
    """Raw JSON of the fields that changed for anybody: a field may appear to a role (the card, once
    delivered) although its value is as it was."""
    now = msgspec.to_builtins(after)
    if before is None:
        return msgspec.json.encode({name: now[name] for name in VIEW_FIELDS if name in now})
    then = msgspec.to_builtins(before)
    changed = {name for name in VIEW_FIELDS if then.get(name) != now.get(name)}
    for role in (Role.buyer, Role.recipient, Role.courier):
        seen_then, seen_now = redact_fields(then, role, before), redact_fields(now, role, after)
        changed |= {name for name in VIEW_FIELDS if seen_then.get(name) != seen_now.get(name)}
    if "overlays" in changed:
        now["overlays"] = changed_entries(before.overlays, after.overlays)
    return msgspec.json.encode({name: now.get(name) for name in VIEW_FIELDS if name in changed})
