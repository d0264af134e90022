"""The buyer moves the delivery; whoever has the order is asked; the buyer is answered."""

from msgspec.structs import replace

from huaxin.journal.model import Fact, Rejected
from huaxin.kernel import Role, Text, tidy
from huaxin.orders import commands as c
from huaxin.orders.decide import Case, Outcome
from huaxin.orders.events import ChangeAnswered, ChangeAsked, TimeAgreed
from huaxin.orders.lifecycle import ACTS, answerer, check_act, illegal, not_yours
from huaxin.orders.model import Address, Change, Order, Promise, Status
from huaxin.orders.moves import own_courier, remember
from huaxin.orders.notices import notice
from huaxin.orders.place import check_ahead, check_promise
from huaxin.orders.texts import tidy_address
from huaxin.orders.words import clock, new_time_words


def ask(case: Case, wish: c.AskChange) -> Outcome:
    order = case.order
    check_act(order, "ask_change", case.role)
    if wish.promise is None and wish.address is None:
        raise Rejected("change.empty", "Choose a new time or a new address.", None, status=422)
    if order.change is not None and order.change.status == "asked":
        raise Rejected(
            "change.pending",
            "A change is already waiting for an answer; take it back first.",
            order.change.id,
        )
    if wish.promise is not None:
        check_promise(wish.promise, case.now)
    change = Change(
        id=case.command_id,
        asked_by=case.role.value,
        asked_at=case.now,
        promise=wish.promise,
        address=tidy_address(wish.address) if wish.address else None,
    )
    who = order.courier.name if order.courier else order.shop_name
    notices = [notice("change_time_asked")] if wish.promise else []
    notices += [notice("change_address_asked")] if wish.address else []
    notices.append(notice("change_sent", who=who))
    return Outcome(
        order=replace(order, change=change, undo=None), event=ChangeAsked(change=change), notices=notices
    )


def answer(case: Case, wish: c.AnswerChange) -> Outcome:
    order = case.order
    change = pending(order, wish.change, "answer_change")
    if case.role not in (answerer(order), Role.shop):
        raise not_yours("answer_change", case.role)
    if case.role is Role.courier:
        own_courier(case)
    answered = replace(
        change,
        status="confirmed" if wish.accept else "declined",
        answered_by=case.actor.person,
        reason=tidy(wish.reason),
    )
    after = replace(order, change=answered, undo=None)
    if not wish.accept:
        return Outcome(
            order=after,
            event=ChangeAnswered(change=answered),
            notices=[notice("change_declined", reason=answered.reason)],
        )
    if change.promise is not None:
        check_ahead(change.promise.end, case.now)  # it may have waited for an answer too long
    return Outcome(
        order=_changed(after, change, case.now),
        event=ChangeAnswered(change=answered),
        notices=_confirmed(case, change.promise, change.address),
    )


def _changed(order: Order, change: Change, now: int) -> Order:
    """The order with what was asked for."""
    if change.promise is not None:
        order = replace(
            order,
            promise=replace(change.promise, source="change"),
            eta_at=order.eta_at and change.promise.end,  # the buyer is told this time now
            agreed_at=0,
            slipping=False,
            slipping_told=False,
        )
    if change.address is not None:
        order = replace(order, address=change.address, arriving_told=False)
        if order.status in (Status.arriving, Status.arrived):  # there, but it is no longer the place
            order = replace(
                order, status=Status.delivering, times={**order.times, Status.delivering.value: now}
            )
    return order


def _confirmed(case: Case, promise: Promise | None, address: Address | None) -> list[Fact]:
    order = case.order
    by_courier = order.courier is not None
    who = order.courier.name if order.courier else order.shop_name
    suffix = "" if by_courier else "_shop"
    notices: list[Fact] = []
    if promise is not None:
        words = new_time_words(promise, case.now, order.time_zone)
        notices.append(notice(f"change_time_confirmed{suffix}", time=words, courier=who))
    if address is not None:
        where = Text(address.text, address.text)
        notices.append(notice(f"change_address_confirmed{suffix}", address=where, courier=who))
    return notices


def withdraw(case: Case, wish: c.WithdrawChange) -> Outcome:
    change = pending(case.order, wish.change, "withdraw_change")
    if case.role is not Role.buyer:
        raise not_yours("withdraw_change", case.role)
    gone = replace(change, status="withdrawn")
    return Outcome(
        order=replace(case.order, change=gone, undo=None),
        event=ChangeAnswered(change=gone),
        notices=[notice("change_withdrawn")],
    )


def pending(order: Order, change_id: str, command: str) -> Change:
    """The change that waits for an answer. Raises Rejected."""
    statuses = ACTS["ask_change"][1]
    if order.status not in statuses:
        raise illegal(command, order.status, sorted(status.value for status in statuses))
    change = order.change
    if change is None or change.id != change_id or change.status != "asked":
        raise Rejected("change.not_pending", "This change no longer waits for an answer.", change_id)
    return change


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
