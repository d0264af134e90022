"""The rules of the house: whom one does not want to hear, what the shop should look at, what is not kept.

Pure, like every decision. The shop answers for the order: nobody can be deaf to it, and it hears everybody.
"""

import msgspec
from msgspec.structs import replace

from huaxin.conversation import commands as c
from huaxin.conversation import events as e
from huaxin.conversation.speaking import TO_OF
from huaxin.conversation.targets import Aimed, is_seen, missing_message
from huaxin.journal.model import Actor, Command, Decision, Fact, Rejected
from huaxin.kernel import AUDIENCE_OF, Audience, Role, tidy
from huaxin.orders.decide import missing
from huaxin.orders.model import Block, Order, Report
from huaxin.orders.overlays import is_marked_by, view_all

MOST_REPORTS = 50
_SPOKEN = frozenset({"message_sent", "question_asked", "live_shared"})
_HIDDEN = _SPOKEN | {"reaction_changed"}
_MEMBERS = frozenset({Role.buyer, Role.recipient, Role.courier})


def decide_house(order: Order | None, command: Command, now: int) -> Decision:
    """Raises Rejected."""
    if order is None:
        raise missing(command.subject)
    wish, target = command.body, None
    if isinstance(wish, Aimed):
        wish, target = wish.wish, wish.targets[0] if wish.targets else None
    actor, role = command.actor, Role(command.actor.role)
    if role is Role.courier and (order.courier is None or order.courier.person != actor.person):
        raise Rejected("order.not_yours", "This order is with another courier.", order.id, status=403)
    if isinstance(wish, c.BlockMember):
        return _block(order, role, wish)
    if isinstance(wish, c.ExpireTalk):
        return _expire(order, wish.up_to, now)
    if isinstance(wish, c.ResolveReport):
        return _resolve(order, role, wish)
    if target is None or not is_seen(target, role, actor.person) or target.type not in _SPOKEN:
        raise missing_message(wish.seq)
    return _report(order, actor, role, target.person, wish, now)


def _block(order: Order, role: Role, wish: c.BlockMember) -> Decision:
    if role not in _MEMBERS or wish.role not in _MEMBERS or wish.role is role:
        raise Rejected(
            "block.not_this",
            "Buyer, recipient and courier can be blocked, and by each other only; the shop hears everybody.",
            wish.role.value,
            status=422,
        )
    person = _person_of(order, wish.role)
    rest = [one for one in order.blocks if (one.by, one.role) != (role.value, wish.role.value)]
    after = [*rest, Block(by=role.value, role=wish.role.value, person=person)] if wish.on else rest
    event = e.MemberBlocked(by=role.value, role=wish.role.value, on=wish.on)
    audience = AUDIENCE_OF[role] | Audience.shop
    # The marks they laid go from the screen of whoever blocks, or come back: told with the same event.
    about = [Block(by=role.value, role=wish.role.value, person=person)]
    marked = {seq: one for seq, one in order.overlays.items() if is_marked_by(one, about)}
    fields: dict[str, object] = {"blocks": after}
    if marked:
        fields["overlays"] = view_all(marked)
    return _change(order, event, audience, replace(order, blocks=after), fields)


def _person_of(order: Order, role: Role) -> str:
    """Who holds the role now; "" for one who needs no account. With another courier a block is over."""
    if role is Role.courier:
        return order.courier.person if order.courier else ""
    return order.buyer.person if role is Role.buyer else ""


def hide_from_blockers(decision: Decision, order: Order, actor: Actor) -> Decision:
    """What a blocked member says from now on is not for whoever blocked them: it is never sent, kept in no
    history and told by no push, because they are not in its audience. `to` shows who hears it."""
    deaf = Audience(0)
    for one in order.blocks:
        if one.role == actor.role and one.person in ("", actor.person):
            deaf |= AUDIENCE_OF[one.by]
    if not deaf or not any(fact.type in _HIDDEN for fact in decision.facts):
        return decision
    facts = [_quieter(fact, deaf) if fact.type in _HIDDEN else fact for fact in decision.facts]
    return replace(decision, facts=facts)


def is_blocked_by_any(order: Order, role: str, person: str) -> bool:
    return any(one.role == role and one.person in ("", person) for one in order.blocks)


def _quieter(fact: Fact, deaf: Audience) -> Fact:
    audience = Audience(fact.audience) & ~deaf
    if fact.type not in _SPOKEN:
        return replace(fact, audience=int(audience))
    body = msgspec.json.decode(fact.body)
    body["to"] = TO_OF[audience]
    return replace(fact, audience=int(audience), body=msgspec.json.encode(body))


def _report(
    order: Order, actor: Actor, role: Role, speaker: str, wish: c.ReportMessage, now: int
) -> Decision:
    if role is Role.shop:
        raise Rejected("report.is_shop", "Reports go to the shop: that is you.", wish.seq, status=422)
    if speaker == actor.person:
        raise Rejected("report.own", "That is your own message; you can recall it.", wish.seq, status=422)
    if any(one.seq == wish.seq and one.person == actor.person for one in order.reports):
        raise Rejected("report.already", "You have reported this message; the shop sees it.", wish.seq)
    if len(order.reports) >= MOST_REPORTS:
        raise Rejected("report.too_many", "The shop has enough reports here; please call.", MOST_REPORTS)
    reason = tidy(wish.reason)
    report = Report(seq=wish.seq, by=role.value, person=actor.person, name=actor.name, reason=reason, at=now)
    event = e.MessageReported(seq=wish.seq, by=role.value, name=actor.name, reason=reason)
    after = [*order.reports, report]
    audience = AUDIENCE_OF[role] | Audience.shop
    return _change(order, event, audience, replace(order, reports=after), {"reports": after})


def _resolve(order: Order, role: Role, wish: c.ResolveReport) -> Decision:
    if role is not Role.shop:
        raise Rejected("order.not_yours", "Only the shop can do this.", wish.seq, status=403)
    mine = [one for one in order.reports if one.seq == wish.seq and one.status == "open"]
    if not mine:
        raise Rejected("report.none", "No open report is about this message.", wish.seq)
    answer = tidy(wish.answer)
    after = [replace(one, status="resolved", answer=answer) if one in mine else one for one in order.reports]
    audience = Audience.shop
    for one in mine:
        audience |= AUDIENCE_OF[one.by]
    event = e.ReportResolved(seq=wish.seq, answer=answer)
    return _change(order, event, audience, replace(order, reports=after), {"reports": after})


def _expire(order: Order, up_to: int, now: int) -> Decision:
    """What was laid over the messages goes with them; that it went is a fact of its own."""
    if order.talk_expired and not up_to:
        raise Rejected("talk.expired", "This is done already.", order.id)

    def is_gone(seq: int) -> bool:
        return not up_to or seq <= up_to

    reports = [replace(one, reason="", answer="") if is_gone(one.seq) else one for one in order.reports]
    gone = [seq for seq in order.overlays if is_gone(int(seq))]
    overlays = {seq: one for seq, one in order.overlays.items() if seq not in gone}
    after = replace(order, overlays=overlays, reports=reports, talk_expired=now)
    fields = {"overlays": dict.fromkeys(gone), "talk_expired": now, "reports": reports}
    return _change(order, e.TalkExpired(), Audience.everyone, after, fields)


def _change(
    order: Order, event: e.ConversationEvent, audience: Audience, after: Order, fields: dict[str, object]
) -> Decision:
    body = msgspec.to_builtins(event)
    kind = body.pop("type")
    fact = Fact(
        type=kind,
        version=1,
        audience=int(audience),
        body=msgspec.json.encode(body),
        delta=msgspec.json.encode(fields),
        courier=order.courier.person if order.courier else "",
    )
    return Decision(facts=[fact], state=after, result={"order": order.id})
