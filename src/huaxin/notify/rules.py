"""Which notice matters to whom, as one table. Pure.

Audience and surprise come first: nobody is told outside what they may see, and the recipient of a surprise
hears nothing before the flowers are there.
"""

from collections.abc import Iterable, Sequence

import msgspec

from huaxin.calls.model import RING_MS, find_call
from huaxin.journal.model import Record
from huaxin.kernel import AUDIENCE_OF, Audience, Role
from huaxin.notify.model import Channel, Listener, Rule, Step, Urgency
from huaxin.orders.model import ON_THE_ROAD, Order
from huaxin.orders.recipient.contact import hides_gift, may_write

_CALM = Rule(urgency=Urgency.calm, push_after_s=6, good_for_s=6 * 3_600)
_TELL = Rule(good_for_s=6 * 3_600)
_DOOR = Rule(urgency=Urgency.urgent, push_after_s=2, next_after_s=60, good_for_s=900)
_ASKED = Rule(urgency=Urgency.urgent, push_after_s=2, next_after_s=120, good_for_s=1_800)
_ALARM = Rule(urgency=Urgency.urgent, push_after_s=2, next_after_s=60, good_for_s=3_600)
_SORRY = Rule(urgency=Urgency.urgent, push_after_s=2, next_after_s=180, good_for_s=3_600)
_ANSWER = Rule(next_after_s=300, good_for_s=4 * 3_600)
_OVER = Rule(next_after_s=600, good_for_s=12 * 3_600)

B, R, S, C = Role.buyer, Role.recipient, Role.shop, Role.courier

# template of a notice (orders/notices.py) → role → what it is worth. What is not here is read on the screen.
NOTICES: dict[str, dict[Role, Rule]] = {
    "placed": {S: _ASKED},
    "confirmed": {B: _CALM},
    "picked_up_minutes": {B: _TELL},
    "picked_up_at": {B: _TELL},
    "arriving": {B: _DOOR, R: _DOOR},
    "time_agreed": {B: _TELL},
    "at_gate": {B: _DOOR, R: _DOOR},
    "delivered": {B: _OVER},
    "delivered_recipient": {R: _TELL},
    "bouquet_asked": {B: _ASKED},
    "bouquet_shown": {B: _CALM},
    "bouquet_fixed": {B: _TELL},
    "bouquet_fix_asked": {S: _ASKED},
    "proof_far": {S: _TELL},
    "change_time_asked": {C: _ASKED, S: _ASKED},
    "change_address_asked": {C: _ASKED, S: _ASKED},
    "change_time_confirmed": {B: _ANSWER},
    "change_address_confirmed": {B: _ANSWER},
    "change_time_confirmed_shop": {B: _ANSWER, C: _ASKED},
    "change_address_confirmed_shop": {B: _ANSWER, C: _ASKED},
    "change_declined": {B: _ANSWER},
    "change_recipient_asked": {C: _ASKED, S: _ASKED},
    "change_card_asked": {S: _ASKED},
    "change_items_asked": {S: _ASKED},
    "change_cancel_asked": {S: _ALARM},
    "change_recipient_confirmed": {B: _ANSWER, C: _ASKED},
    "change_card_confirmed": {B: _ANSWER, S: _CALM},
    "change_items_confirmed": {B: _ANSWER},
    "change_countered": {B: _ASKED},
    "change_proposed": {B: _ASKED},
    "change_expired": {B: _ANSWER, S: _ALARM},
    "change_overtaken": {B: _ANSWER},
    "change_withdrawn": {C: _TELL, S: _CALM},
    "incident_apology": {B: _SORRY},
    "incident_before_road": {B: _SORRY},
    "incident_alert": {S: _ALARM},
    "incident_resolved": {C: _TELL},
    "incident_joined": {S: _CALM},
    "ask_buyer": {B: _DOOR, S: _CALM},
    "ask_courier": {C: _ASKED},
    "ask_shop": {S: _ALARM},
    "ask_shop_open": {S: _ALARM},
    "decided": {C: _ASKED, S: _CALM},
    "decided_by_time": {B: _ANSWER, C: _ASKED, S: _ALARM},
    "made_again": {B: _ANSWER},
    "slipping": {B: _SORRY, S: _ALARM},
    "slipping_jam": {B: _SORRY, S: _ALARM},
    "watch_courier": {C: _ASKED},
    "watch_shop": {S: _ALARM},
    "watch_help": {S: _ALARM},
    "reassigned": {B: _CALM},
    "failed": {B: _SORRY, S: _ALARM},
    "retry": {B: _TELL},
    "returning": {B: _CALM},
    "returned": {B: _CALM},
    "cancelled": {B: _OVER, C: _ASKED, S: _ASKED},
    "corrected": {B: _TELL},
    "substitute_asked": {B: _ASKED},
    "substitute_accepted": {S: _ASKED},
    "substitute_by_policy": {B: _TELL},
    "substitute_by_phone": {B: _TELL},
    "substitute_declined": {S: _ASKED},
    "substitute_overdue": {B: _ASKED, S: _ALARM},
    "substitute_waits": {B: _TELL},
    "substitute_withdrawn": {B: _ANSWER},
    "line_refunded": {B: _ANSWER},
    "order_refunded": {B: _OVER, S: _ASKED},
    "order_refunded_unagreed": {B: _OVER, S: _ASKED},
    "contact_changed": {C: _ASKED, S: _TELL},
    "contact_opened": {C: _TELL},
    "preference_asked": {B: _ANSWER, S: _ASKED, C: _TELL},
    "preference_accepted": {B: _ANSWER, R: _ANSWER, C: _ASKED},
    "preference_taken": {R: _ANSWER, C: _TELL},
    "preference_declined": {R: _ANSWER},
    "gate_help": {C: _ASKED, S: _TELL},
    "thanked": {B: _CALM},
    "complaint_made": {S: _ALARM},
    "remedy_from_shop": {B: _SORRY},
    "remedy_from_buyer": {S: _ASKED},
    "remedy_agreed": {B: _ANSWER, S: _TELL},
    "voucher_given": {B: _TELL},
    "remedy_declined": {B: _ANSWER, S: _ASKED},
    "complaint_withdrawn": {S: _TELL},
    "rating_answered": {B: _CALM},
}
_MESSAGE = Rule(good_for_s=6 * 3_600)
_AT_THE_DOOR = Rule(urgency=Urgency.urgent, push_after_s=3, next_after_s=120, good_for_s=1_800)
_TO_THE_SHOP = Rule(push_after_s=3, next_after_s=180, good_for_s=3_600)
_GIVEN = Rule(urgency=Urgency.urgent, push_after_s=2, next_after_s=120, good_for_s=3_600)

# A phone that rings; after the ringing it is of no use any more. A courier at the door may ring at any
# hour, else quiet hours hold.
_RUNG = Rule(urgency=Urgency.soon, push_after_s=0, good_for_s=RING_MS // 1_000)
_RUNG_NOW = Rule(urgency=Urgency.urgent, push_after_s=0, good_for_s=RING_MS // 1_000)
_MISSED = Rule(push_after_s=2, good_for_s=6 * 3_600)

MESSAGES = frozenset({"message_sent", "question_asked"})
CALLS = frozenset({"call_rung", "call_ended"})
WATCHED = MESSAGES | CALLS | {"notice_posted", "courier_assigned"}


class _Template(msgspec.Struct):
    template: str = ""


class _Assigned(msgspec.Struct):
    courier: str = ""


class _Call(msgspec.Struct):
    call: str
    to: list[str] = []
    why: str = ""


_call = msgspec.json.Decoder(_Call).decode
_template = msgspec.json.Decoder(_Template).decode
_assigned = msgspec.json.Decoder(_Assigned).decode


def may_know(order: Order, role: str) -> bool:
    """Whether this role may be told anything at all from outside the screen."""
    return role != Role.recipient or (may_write(order) and not hides_gift(order))


def rule_of(record: Record, order: Order, role: Role) -> tuple[str, Rule] | None:
    """The kind of what is told and what it is worth to this role; None: nothing."""
    if not AUDIENCE_OF[role] & Audience(record.audience) or not may_know(order, role):
        return None
    if record.type == "notice_posted":
        template = _template(record.body).template
        rule = NOTICES.get(template, {}).get(role)
        return (template, rule) if rule is not None else None
    if record.type == "courier_assigned":
        return ("given", _GIVEN) if role is Role.courier else None
    if record.type in CALLS:
        return _call_rule(record, order, role)
    if record.type in MESSAGES:
        return "message", _message_rule(record.role, role, order)
    return None


def _call_rule(record: Record, order: Order, role: Role) -> tuple[str, Rule] | None:
    call = _call(record.body)
    if role not in call.to:
        return None
    if record.type == "call_rung":
        return "call", _RUNG_NOW if order.status in ON_THE_ROAD else _RUNG
    return ("call_missed", _MISSED) if call.why == "missed" else None


def is_still_ringing(record: Record, order: Order, role: str, person: str) -> bool:
    """Whether this person's phone is still to ring for what was rung then."""
    call = find_call(order.calls, _call(record.body).call)
    return call is not None and role in call.ringing and person not in call.declined


def _message_rule(speaker: str, role: Role, order: Order) -> Rule:
    if role is Role.shop:
        return _TO_THE_SHOP
    if speaker == Role.courier and order.status in ON_THE_ROAD and role in (Role.buyer, Role.recipient):
        return _AT_THE_DOOR  # at the gate without a code: it cannot wait
    return _MESSAGE


def decide_steps(
    record: Record, order: Order, cause: tuple[str, str], listeners: Iterable[Listener]
) -> list[Step]:
    """The ladder of one record. `cause`: (person, role) of who made it happen; they know already, and so does
    the whole shop when it was one of them. Raises msgspec.MsgspecError for a body that cannot be read."""
    if record.type not in WATCHED:
        return []
    found: list[Step] = []
    by_role: dict[str, tuple[str, Rule] | None] = {}
    for one in listeners:
        if (one.person and one.person == cause[0]) or (one.role == cause[1] == Role.shop):
            continue
        if record.type == "courier_assigned" and one.person != _assigned(record.body).courier:
            continue
        if one.role not in by_role:
            by_role[one.role] = rule_of(record, order, Role(one.role))
        match = by_role[one.role]
        if match is not None:
            found += _rungs(record, one, *match)
    return found


def _rungs(record: Record, one: Listener, kind: str, rule: Rule) -> Sequence[Step]:
    step = Step(
        shop=record.shop,
        seq=record.seq,
        order_id=record.subject,
        person=one.person,
        role=one.role,
        channel=Channel.push,
        kind=kind,
        urgency=rule.urgency,
        at=record.at,
        due_at=record.at + rule.push_after_s * 1_000,
        good_until=record.at + rule.good_for_s * 1_000,
    )
    rungs = [step] if one.push else []
    if one.further and rule.next_after_s:
        due_at = record.at + rule.next_after_s * 1_000
        rungs.append(msgspec.structs.replace(step, channel=Channel.next, due_at=due_at))
    return rungs


def is_recalled(order: Order, seq: int) -> bool:
    """Whether a message was taken back meanwhile."""
    overlay = order.overlays.get(str(seq))
    return overlay is not None and bool(overlay.recalled_at)


def text_now(order: Order, seq: int) -> str:
    """A message's text as edited last, "" when it was not."""
    overlay = order.overlays.get(str(seq))
    return overlay.text if overlay is not None else ""
