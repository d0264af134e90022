"""(state, command, actor, now) → facts or rejection. Pure: one door, one small file per ability behind it."""

from collections.abc import Callable
from typing import Any

import msgspec

from huaxin.journal.model import Actor, Command, Decision, Fact, Rejected
from huaxin.kernel import Audience, Role
from huaxin.orders import redact
from huaxin.orders.commands import UndoLast
from huaxin.orders.events import OrderEvent
from huaxin.orders.model import Order
from huaxin.orders.refunds import book, recount
from huaxin.orders.settling import settle


class Case(msgspec.Struct, frozen=True):
    """What an ability decides about."""

    order: Order
    actor: Actor
    role: Role
    now: int
    command_id: str
    device_at: int


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The order after, the event that says why, the notices that follow."""

    order: Order
    event: OrderEvent
    audience: Audience = Audience.without_recipient
    notices: list[Fact] = []
    more: list[tuple[OrderEvent, Audience]] = []


Ability = Callable[[Case, Any], Outcome]


def decide(order: Order | None, command: Command, now: int, abilities: dict[type, Ability]) -> Decision:
    """Raises Rejected. Every outcome passes here: the one place where facts are put together."""
    ability = abilities[type(command.body)]
    if order is None:
        raise missing(command.subject)
    role = Role(command.actor.role)
    if role is Role.courier and order.courier is not None and order.courier.person != command.actor.person:
        # It was theirs when they tapped; another node, or the queue, was faster with the next courier.
        raise Rejected("order.not_yours", "This order is with another courier.", order.id, status=403)
    case = Case(order, command.actor, role, now, command.command_id, command.device_at)
    outcome = ability(case, command.body)
    # What a tap brought about goes with it when it is taken back: that is no move of its own.
    is_undo = type(command.body) is UndoLast
    return seal(order, outcome if is_undo else _settled(order, outcome, now))


def _settled(before: Order, outcome: Outcome, now: int) -> Outcome:
    """With what follows by itself: a change that came too late, an incident that is over, money owed."""
    after, more, notices = settle(before, outcome.order, now)
    after = book(before, after, now)
    if after is outcome.order and not more:
        return outcome
    return msgspec.structs.replace(
        outcome, order=after, more=[*outcome.more, *more], notices=[*outcome.notices, *notices]
    )


def missing(subject: str) -> Rejected:
    return Rejected(
        "order.not_found", "There is no such order, or it is not yours to see.", subject, status=404
    )


def seal(before: Order | None, outcome: Outcome) -> Decision:
    after = recount(_with_fresh_stop(before, outcome.order))
    courier = after.courier.person if after.courier else ""
    was = before.courier.person if before and before.courier else ""
    facts = [
        Fact(
            type=_tag(outcome.event),
            version=1,
            audience=int(outcome.audience),
            body=_body(outcome.event),
            delta=redact.delta(before, after),
            courier=courier,
            courier_before=was if was != courier else "",
        )
    ]
    for event, audience in outcome.more:
        facts.append(_fact(event, audience, courier))
    facts += [msgspec.structs.replace(fact, courier=courier) for fact in outcome.notices]
    return Decision(facts=facts, state=after, result={"order": after.id, "status": after.status.value})


def _with_fresh_stop(before: Order | None, after: Order) -> Order:
    """What was confirmed for one time, place and courier is not confirmed for another."""
    if before is None or not after.stop_confirmed_at or after.stop_confirmed_at != before.stop_confirmed_at:
        return after
    same = (
        (before.courier and before.courier.person) == (after.courier and after.courier.person)
        and before.promise == after.promise
        and before.address == after.address
    )
    return after if same else msgspec.structs.replace(after, stop_confirmed_at=0)


def _fact(event: OrderEvent, audience: Audience, courier: str) -> Fact:
    return Fact(type=_tag(event), version=1, audience=int(audience), body=_body(event), courier=courier)


def _tag(event: msgspec.Struct) -> str:
    return str(event.__struct_config__.tag)


def _body(event: msgspec.Struct) -> bytes:
    fields = msgspec.to_builtins(event)
    fields.pop("type", None)  # the record's own column
    return msgspec.json.encode(fields)
