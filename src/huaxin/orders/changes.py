"""The buyer changes the order; whoever must agree is asked; the buyer is answered.

Who must agree, what it costs and until when it is possible at all: orders/change_rules.py. Answers:
orders/agreeing.py.
"""

from msgspec.structs import replace

from huaxin.journal.model import Fact, Rejected
from huaxin.kernel import Role, Text, tidy
from huaxin.orders import change_rules as rules
from huaxin.orders import commands as c
from huaxin.orders.agreeing import carried_out, pending
from huaxin.orders.decide import Case, Outcome
from huaxin.orders.events import ChangeAnswered, ChangeAsked, TimeAgreed
from huaxin.orders.fees import USUAL
from huaxin.orders.lifecycle import check_act, not_yours
from huaxin.orders.model import Card, Change, Counter, Order, Party, Promise
from huaxin.orders.moves import own_courier, remember
from huaxin.orders.notices import notice
from huaxin.orders.place import check_ahead, check_promise
from huaxin.orders.settling import heard
from huaxin.orders.texts import tidy_address, tidy_card, tidy_party
from huaxin.orders.words import clock

LATEST_MS = 2**53


def ask(case: Case, wish: c.AskChange) -> Outcome:
    order = case.order
    check_act(order, "ask_change", case.role)
    change = wished(case, wish)
    parts = rules.parts_of(change)
    if not parts:
        raise Rejected("change.empty", "Choose what should be different.", None, status=422)
    if order.change is not None and rules.is_pending(order.change):
        raise Rejected(
            "change.pending",
            "A change is already waiting for an answer; take it back first.",
            order.change.id,
        )
    rules.check_allowed(order, parts)
    if wish.promise is not None:
        check_promise(wish.promise, case.now)
    fee = rules.fee_of(order, parts, change.lines, wish.way_fee, wish.fees or USUAL)
    if wish.seen_total is not None and wish.seen_total != order.total + fee:
        raise Rejected(
            "change.effect_changed",
            "It costs something else by now; look at it again.",
            {"seen": wish.seen_total, "total": order.total + fee},
        )
    change = replace(change, fee=fee)
    if case.role is Role.shop and order.buyer.person:
        return _proposed(case, change)
    needs = [role for role in rules.asked(order, parts) if role is not case.role]
    if not needs:
        return _at_once(case, change)
    change = replace(
        change,
        needs=[role.value for role in needs],
        expires_at=rules.expires_at(order, change, case.now),
    )
    return Outcome(
        order=replace(order, change=change, undo=None),
        event=ChangeAsked(change=change),
        audience=heard(change),
        notices=_asked_notices(order, change, needs),
    )


def wished(case: Case, wish: c.AskChange) -> Change:
    """The wish as a change of this order, in decent words."""
    order = case.order
    recipient = None
    if wish.recipient is not None:
        recipient = _whole(order, tidy_party(wish.recipient))
    return Change(
        id=case.command_id,
        asked_by=case.role.value,
        asked_at=case.now,
        promise=wish.promise,
        address=tidy_address(wish.address) if wish.address else None,
        zone=wish.zone if wish.address else None,
        recipient=recipient,
        card=_still_unknown(order, tidy_card(wish.card)) if wish.card else None,
        lines=wish.priced if wish.lines else None,
        cancel=wish.cancel,
        reason=tidy(wish.reason),
    )


def _still_unknown(order: Order, card: Card) -> Card:
    """A sender who asked not to be known is not made known by another text."""
    return replace(card, anonymous=card.anonymous or order.card.anonymous)


def _whole(order: Order, recipient: Party) -> Party:
    """What was left empty stays as it was."""
    return Party(
        person="",
        name=recipient.name or order.recipient.name,
        phone=recipient.phone or order.recipient.phone,
    )


def _proposed(case: Case, change: Change) -> Outcome:
    """By the shop, for a buyer who can answer for themselves."""
    order = case.order
    proposed = replace(
        change,
        status="countered",
        counter=Counter(role=case.role.value, at=case.now, note=change.reason),
        expires_at=min(case.now + rules.COUNTER_MS, change.promise.end if change.promise else LATEST_MS),
    )
    parts = [rules.PART_WORDS[part] for part in rules.parts_of(change)]
    what = Text("、".join(words.zh for words in parts), ", ".join(words.en for words in parts))
    return Outcome(
        order=replace(order, change=proposed, undo=None),
        event=ChangeAsked(change=proposed),
        audience=heard(proposed),
        notices=[notice("change_proposed", who=order.shop_name, what=what, note=change.reason)],
    )


def _at_once(case: Case, change: Change) -> Outcome:
    """Nobody needs to agree: nothing is made yet."""
    done = replace(change, status="confirmed", answered_by=case.actor.person)
    return carried_out(case, done, ChangeAsked(change=done), "ask_change")


_ASKED = {
    "time": "change_time_asked",
    "address": "change_address_asked",
    "recipient": "change_recipient_asked",
    "card": "change_card_asked",
    "items": "change_items_asked",
    "cancel": "change_cancel_asked",
}


def _asked_notices(order: Order, change: Change, needs: list[Role]) -> list[Fact]:
    names = {Role.courier: order.courier.name if order.courier else "", Role.shop: order.shop_name}
    who = "、".join(names[role] for role in needs)
    return [notice(_ASKED[part]) for part in rules.parts_of(change)] + [notice("change_sent", who=who)]


def withdraw(case: Case, wish: c.WithdrawChange) -> Outcome:
    change = pending(case.order, wish.change, "withdraw_change")
    if case.role.value != change.asked_by:
        raise not_yours("withdraw_change", case.role)
    return _stays(case, replace(change, status="withdrawn", needs=[]), "change_withdrawn")


def expire(case: Case, wish: c.ExpireChange) -> Outcome:
    """Nobody answered: it stays as it was. An answer that came first counts, however late."""
    if case.role is not Role.system:
        raise not_yours("expire_change", case.role)
    change = pending(case.order, wish.change, "expire_change")
    if not change.expires_at or case.now < change.expires_at:
        raise Rejected("change.not_due", "This change may still be answered.", wish.change)
    return _stays(case, replace(change, status="expired", needs=[]), "change_expired")


def _stays(case: Case, change: Change, template: str) -> Outcome:
    return Outcome(
        order=replace(case.order, change=change, undo=None),
        event=ChangeAnswered(change=change),
        audience=heard(change),
        notices=[notice(template)],
    )


def agree_time(case: Case, wish: c.AgreeTime) -> Outcome:
    """The courier called: one tap, and the buyer reads the new time."""
    order = case.order
    check_act(order, "agree_time", case.role)
    if case.role is Role.courier:
        own_courier(case)
    check_ahead(wish.at, case.now)
    promise = Promise(
        start=min(order.promise.start, wish.at) if order.promise.start else 0,
        end=max(wish.at, order.promise.end),
        source="agreed",
    )
    after = remember(
        case,
        "agree_time",
        order,
        replace(
            order,
            agreed_at=wish.at,
            eta_at=wish.at,
            promise=promise,
            slipping=False,
            slipping_told=False,
            # Who agrees a time has confirmed the stop.
            stop_confirmed_at=case.now if case.role is Role.courier else order.stop_confirmed_at,
        ),
    )
    return Outcome(
        order=after,
        event=TimeAgreed(at=wish.at),
        notices=[notice("time_agreed", time=clock(wish.at, order.time_zone))],
    )
