"""Rung, answered, declined, left. Pure; of two at the same moment the first in the journal counts.

Calls leave everything else of the order as it is, also the tap that may still be taken back.
"""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from huaxin.calls import commands as c
from huaxin.calls import events as e
from huaxin.calls.missed import remember, settle_missed
from huaxin.calls.model import (
    LONGEST_MS,
    MOST_CALLS,
    MOST_MEMBERS,
    RING_MS,
    CallMember,
    MissedCall,
    OpenCall,
    find_call,
)
from huaxin.calls.moves import audience_of, end, leave, put, stop_ringing
from huaxin.calls.policy import clashes, hindered, refusal_of
from huaxin.calls.words import masked_line
from huaxin.journal.model import Command, Decision, Rejected
from huaxin.kernel import AUDIENCE_OF, Audience, Role
from huaxin.orders.decide import Case, Outcome, missing, seal
from huaxin.orders.events import OrderEvent
from huaxin.orders.lifecycle import not_yours
from huaxin.orders.model import Order


def decide_call(order: Order | None, command: Command, now: int) -> Decision:
    """Raises Rejected. The result names the call: of two who ring each other, the one both are in."""
    if order is None:
        raise missing(command.subject)
    role = Role(command.actor.role)
    if role is Role.courier and (order.courier is None or order.courier.person != command.actor.person):
        raise Rejected("order.not_yours", "This order is with another courier.", order.id, status=403)
    case = Case(order, command.actor, role, now, command.command_id, command.device_at)
    return _ABILITIES[type(command.body)](case, command.body)


def _sealed(
    case: Case, before: OpenCall, after: OpenCall | None, events: list[OrderEvent], **result: Any
) -> Decision:
    """`events`: at least one; the first carries what changed."""
    known = find_call(case.order.calls, before.id) is not None
    calls = put(case.order.calls, before, after) if known else [*case.order.calls, before]
    audience = audience_of(after or before)
    outcome = Outcome(
        order=replace(case.order, calls=calls, missed_calls=_missed(case, before, after, events)),
        event=events[0],
        audience=audience,
        more=[(event, audience) for event in events[1:]],
    )
    decision = seal(case.order, outcome)
    return replace(decision, result={**decision.result, "call": before.id, **result})


def _missed(
    case: Case, before: OpenCall, after: OpenCall | None, events: list[OrderEvent]
) -> list[MissedCall]:
    """What is missed since these events, and what is not any more."""
    missed = case.order.missed_calls
    for event in events:
        if isinstance(event, e.CallEnded) and not before.answered_at and event.why in ("missed", "cancelled"):
            missed = remember(missed, before, before.ringing)
        elif isinstance(event, e.CallMissed):
            missed = remember(missed, before, event.to)
        elif isinstance(event, e.CallRung):
            missed = settle_missed(missed, event.role, event.to)
        elif isinstance(event, e.CallAnswered) and after is not None:
            missed = settle_missed(missed, event.role, after.roles)
    return missed


def _over(call: str) -> Rejected:
    return Rejected("call.over", "This call is over already.", call)


def _find(case: Case, call: str) -> OpenCall:
    found = find_call(case.order.calls, call)
    if found is None or (case.role is not Role.system and case.role not in {*found.roles, Role.shop}):
        raise _over(call)
    return found


def ring(case: Case, wish: c.Ring) -> Decision:
    order, me = case.order, case.actor.person
    if case.role is Role.system:
        raise not_yours("ring", case.role)
    theirs = _ringing_me(case, wish.to)
    if theirs is not None:
        return _join(case, theirs, wish.device)
    mine = next((one for one in order.calls if one.member(me) is not None), None)
    if mine is not None:
        raise Rejected("call.own", "You are in a call on this order already.", mine.id)
    if find_call(order.calls, wish.call) is not None:
        raise Rejected("call.exists", "A call with this id is there already; make a new id.", wish.call)
    if len(order.calls) >= MOST_CALLS:
        raise Rejected("call.full", "There are enough calls on this order at once.", MOST_CALLS)
    to, left_out = _reachable(case, wish.to, wish.hindered, [case.role], {case.role})
    ring_ms = wish.ring_ms or RING_MS
    until = case.now + ring_ms
    caller = CallMember(
        person=me, role=case.role, device=wish.device, joined_at=case.now, name=case.actor.name
    )
    call = OpenCall(
        id=wish.call,
        media=wish.media,
        at=case.now,
        by_person=me,
        by_role=case.role,
        by_name=case.actor.name,
        to=to,
        ringing=to,
        members=[caller],
        ring_until=until,
        ring_ms=ring_ms,
    )
    rung = e.CallRung(
        call=call.id, media=call.media, to=to, role=case.role, name=call.by_name, ring_until=until
    )
    return _sealed(case, call, call, [rung], joined=False, left_out=left_out)


def _ringing_me(case: Case, to: list[Role]) -> OpenCall | None:
    """A call by one of these that rings here now: two who ring each other want one call."""
    for call in case.order.calls:
        rings = case.role in call.ringing and call.member(case.actor.person) is None
        if rings and call.by_role in to and len(call.members) < MOST_MEMBERS:
            return call
    return None


def _reachable(
    case: Case, to: list[Role], known: dict[str, str], inside: list[Role], aware: set[Role]
) -> tuple[list[Role], dict[str, str]]:
    """Who of these can be rung, and why not the others; `aware`: who knows of the call, in it or not. Raises
    Rejected, with the first reason, for none."""
    found: list[Role] = []
    refused: dict[str, Rejected] = {}
    for other in dict.fromkeys(to):
        refusal = next(
            (why for one in inside if (why := refusal_of(case.order, one, other, case.now)) is not None), None
        )
        if refusal is None and clashes(case.order, {*aware, *found, other}):
            refusal = refusal_of(case.order, Role.buyer, Role.recipient, case.now)
        if refusal is None and other.value in known:
            refusal = hindered(other, known[other.value])
        if refusal is None:
            found.append(other)
        else:
            refused[other.value] = refusal
    if not found:
        raise next(iter(refused.values()))
    return found, {role: why.code for role, why in refused.items()}


def answer(case: Case, wish: c.AnswerCall) -> Decision:
    return _join(case, _find(case, wish.call), wish.device)


def _join(case: Case, call: OpenCall, device: str) -> Decision:
    me, actor = call.member(case.actor.person), case.actor
    if me is not None and me.device == device:  # asked again: it is in
        result = {"order": case.order.id, "status": case.order.status.value, "call": call.id, "joined": True}
        return Decision(facts=[], result=result)
    same = next((one for one in call.members if one.role is case.role), None)
    if me is not None or (same is not None and case.role not in call.ringing):
        by = same.name if same is not None else ""
        raise Rejected("call.taken", "This call was answered on another device.", {"name": by})
    if case.role not in call.ringing:
        raise _over(call.id)
    if len(call.members) >= MOST_MEMBERS:
        raise Rejected("call.full", "Four are in this call already.", MOST_MEMBERS)
    if any(one.device == device for one in call.members):
        raise Rejected("call.device", "Another member has this device id; make another.", device, status=422)
    joined = CallMember(
        person=actor.person, role=case.role, device=device, joined_at=case.now, name=actor.name
    )
    after = replace(
        call,
        state="talking",
        answered_at=call.answered_at or case.now,
        ringing=[role for role in call.ringing if role is not case.role],
        members=[*call.members, joined],
    )
    event = e.CallAnswered(call=call.id, person=actor.person, role=case.role, device=device, name=actor.name)
    return _sealed(case, call, after, [event], joined=True)


def decline(case: Case, wish: c.DeclineCall) -> Decision:
    """Of the shop's people one does not want to; the phones of the others ring on."""
    call, actor = _find(case, wish.call), case.actor
    if call.member(actor.person) is not None or case.role not in call.ringing:
        raise _over(call.id)
    if actor.person in call.declined:
        raise Rejected("call.declined", "You have declined this call already.", call.id)
    event = e.CallDeclined(call=call.id, person=actor.person, role=case.role, name=actor.name, busy=wish.busy)
    said_no = replace(call, declined=[*call.declined, actor.person])
    if case.role is Role.shop and set(wish.crew) - {*said_no.declined, *_persons(call)}:
        return _sealed(case, call, said_no, [event])
    after, over = stop_ringing(
        said_no, {case.role}, "busy" if wish.busy else "declined", case.now, actor.person
    )
    return _sealed(case, call, after, [event, *over])


def _persons(call: OpenCall) -> list[str]:
    return [one.person for one in call.members]


def invite(case: Case, wish: c.InviteToCall) -> Decision:
    call = _find(case, wish.call)
    if call.member(case.actor.person) is None:
        raise Rejected("call.not_in", "Only who is in a call can ask others to join.", call.id, status=403)
    inside = [one.role for one in call.members]
    new = [role for role in wish.to if role not in inside and role not in call.ringing]
    if not new:
        raise Rejected("call.taken", "They are in this call or being called already.", {"name": ""})
    to, left_out = _reachable(case, new, wish.hindered, inside, call.roles)
    if len(call.members) + len(call.ringing) + len(to) > MOST_MEMBERS:
        raise Rejected("call.full", f"Up to {MOST_MEMBERS} can be in one call.", MOST_MEMBERS)
    until = case.now + (wish.ring_ms or RING_MS)
    after = replace(
        call,
        to=list(dict.fromkeys([*call.to, *to])),
        ringing=[*call.ringing, *to],
        declined=[],
        ring_until=until,
    )
    event = e.CallRung(
        call=call.id,
        media=call.media,
        to=to,
        role=case.role,
        name=case.actor.name,
        ring_until=until,
        again=True,
    )
    return _sealed(case, call, after, [event], left_out=left_out)


def leave_call(case: Case, wish: c.LeaveCall) -> Decision:
    """From any device: who closed the page that was in it can still end it with another."""
    call = _find(case, wish.call)
    member = call.member(case.actor.person)
    if member is None:
        raise _over(call.id)
    after, events = leave(call, member, wish.why, case.now, wish.quality)
    return _sealed(case, call, after, events)


def miss(case: Case, wish: c.MissCall) -> Decision:
    call = _system_call(case, "miss_call", wish.call)
    if case.now >= call.at + LONGEST_MS:
        return _sealed(case, call, None, [end(call, "lost", case.now)])
    if not call.ringing or case.now < call.ring_until:
        raise Rejected("call.not_due", "It is still ringing, or nobody is rung.", call.id)
    after, over = stop_ringing(call, call.ringing, "missed", case.now)
    missed = e.CallMissed(call=call.id, to=call.ringing)
    return _sealed(case, call, after, [missed, *over] if call.answered_at else over)


def lose(case: Case, wish: c.LoseMember) -> Decision:
    call = _system_call(case, "lose_member", wish.call)
    member = call.member(wish.person)
    if member is None:
        raise _over(call.id)
    after, events = leave(call, member, "lost", case.now)
    return _sealed(case, call, after, events)


def _system_call(case: Case, command: str, call: str) -> OpenCall:
    if case.role is not Role.system:
        raise not_yours(command, case.role)
    return _find(case, call)


def note_masked(case: Case, wish: c.NoteMaskedCall) -> Decision:
    """A telephone call is no call of ours: it changes nothing, it is known that it was."""
    if case.role is not Role.system:
        raise not_yours("note_masked_call", case.role)
    event: OrderEvent
    if wish.until:
        event = e.MaskedCallPlaced(
            call=wish.call, to=wish.to, role=wish.by, number=wish.number, until=wish.until
        )
    else:
        event = e.MaskedCallEnded(
            call=wish.call,
            to=wish.to,
            role=wish.by,
            answered=wish.answered,
            duration_ms=wish.duration_ms,
            text=masked_line(wish.answered, wish.duration_ms),
        )
    audience = Audience.shop | AUDIENCE_OF[wish.by] | AUDIENCE_OF[wish.to]
    decision = seal(case.order, Outcome(order=case.order, event=event, audience=audience))
    # Nothing of the order is another one: no delta, and no state to write.
    facts = [replace(fact, delta=b"") for fact in decision.facts]
    return replace(decision, facts=facts, state=None)


_ABILITIES: dict[type, Callable[[Case, Any], Decision]] = {
    c.Ring: ring,
    c.AnswerCall: answer,
    c.DeclineCall: decline,
    c.InviteToCall: invite,
    c.LeaveCall: leave_call,
    c.MissCall: miss,
    c.LoseMember: lose,
    c.NoteMaskedCall: note_masked,
}
CALL_KINDS = frozenset(_ABILITIES)
