"""Yes, no, or not so but so: the answers to a change, and the order with what was agreed."""

from msgspec.structs import replace

from huaxin.journal.model import Fact, Rejected
from huaxin.kernel import Audience, Role, Text, tidy
from huaxin.orders import change_rules as rules
from huaxin.orders import commands as c
from huaxin.orders.decide import Case, Outcome
from huaxin.orders.events import ChangeAnswered, OrderEvent, StatusChanged
from huaxin.orders.lifecycle import ACTS, illegal, not_yours
from huaxin.orders.model import ON_THE_ROAD, Attempt, Change, Counter, Order, Status
from huaxin.orders.moves import own_courier
from huaxin.orders.notices import notice
from huaxin.orders.place import check_ahead, check_promise
from huaxin.orders.settling import heard
from huaxin.orders.words import new_time_words


def answer(case: Case, wish: c.AnswerChange) -> Outcome:
    """By those who are asked, each for themselves; the shop for all. Of a counter-proposal by the buyer."""
    order = case.order
    change = pending(order, wish.change, "answer_change")
    _check_answerer(case, change)
    if not wish.accept:
        declined = replace(
            change, status="declined", answered_by=case.actor.person, reason=tidy(wish.reason), needs=[]
        )
        return Outcome(
            order=replace(order, change=declined, undo=None),
            event=ChangeAnswered(change=declined),
            audience=heard(declined),
            notices=[notice("change_declined", reason=declined.reason)],
        )
    change = as_countered(change)
    if change.promise is not None:
        check_ahead(change.promise.end, case.now)  # it may have waited for an answer too long
    rules.check_allowed(order, rules.parts_of(change))
    missing = _still_missing(case, change)
    if missing:
        waits = replace(
            change,
            status="asked",
            agreed=[*change.agreed, case.role.value],
            needs=[role.value for role in missing],
        )
        return Outcome(
            order=replace(order, change=waits, undo=None),
            event=ChangeAnswered(change=waits),
            audience=heard(waits),
        )
    agreed = replace(change, status="confirmed", answered_by=case.actor.person, needs=[])
    return _agreed(case, agreed)


def _agreed(case: Case, change: Change) -> Outcome:
    return carried_out(case, change, ChangeAnswered(change=change), "answer_change")


def carried_out(case: Case, change: Change, event: OrderEvent, by: str) -> Outcome:
    """The order with the change, and who is told."""
    after = apply(replace(case.order, change=change, undo=None), change, case.now)
    more: list[tuple[OrderEvent, Audience]] = []
    if after.status is not case.order.status:
        moved = StatusChanged(before=case.order.status, after=after.status, by=by, reason=after.reason)
        more.append((moved, Audience.everyone))
    return Outcome(
        order=after,
        event=event,
        audience=heard(change),
        notices=applied_notices(case, change),
        more=more,
    )


def as_countered(change: Change) -> Change:
    """The change with what was proposed instead."""
    other = change.counter
    if change.status != "countered" or other is None:
        return change
    return replace(
        change,
        promise=other.promise or change.promise,
        fee=other.fee if other.fee is not None else change.fee,
        agreed=[*change.agreed, other.role],
    )


def _still_missing(case: Case, change: Change) -> list[Role]:
    by = Role.shop if case.role is Role.shop else case.role
    if by is Role.shop:
        return []
    agreed = {*change.agreed, by.value}
    if Role.shop.value in agreed:  # the shop's word stands for everybody
        return []
    asked = rules.asked(case.order, rules.parts_of(change))
    return [role for role in asked if role.value not in agreed]


def _check_answerer(case: Case, change: Change) -> None:
    if change.status == "countered":
        if case.role is not Role.buyer:
            raise not_yours("answer_change", case.role)
        return
    if case.role not in (*rules.awaited(case.order, change), Role.shop):
        raise not_yours("answer_change", case.role)
    if case.role is Role.courier:
        own_courier(case)


def counter(case: Case, wish: c.CounterChange) -> Outcome:
    """Not so, but so. The buyer is asked in turn."""
    order = case.order
    change = pending(order, wish.change, "counter_change")
    if change.status == "countered":
        raise _answered(change)
    if case.role is Role.buyer:
        raise not_yours("counter_change", case.role)
    _check_answerer(case, change)
    if wish.promise is None and wish.fee is None:
        raise Rejected("change.empty", "Choose what should be different.", None, status=422)
    if wish.fee is not None:
        _check_fee(case, wish.fee)
    if wish.promise is not None:
        if change.promise is None:
            raise Rejected("change.no_time", "No other time was asked for.", change.id, status=422)
        check_promise(wish.promise, case.now)
    proposed = Counter(
        role=case.role.value, at=case.now, promise=wish.promise, fee=wish.fee, note=tidy(wish.note)
    )
    until = case.now + rules.COUNTER_MS
    if wish.promise is not None:
        until = min(until, wish.promise.end)
    countered = replace(change, status="countered", counter=proposed, needs=[], expires_at=until)
    return Outcome(
        order=replace(order, change=countered, undo=None),
        event=ChangeAnswered(change=countered),
        audience=heard(countered),
        notices=[_countered_notice(case, proposed)],
    )


def _check_fee(case: Case, fee: int) -> None:
    if case.role is not Role.shop:
        raise not_yours("counter_change", case.role)  # what it costs is the shop's to say
    if case.order.total + fee < 0:
        raise Rejected("change.below_zero", "An order cannot cost less than nothing.", fee, status=422)


def _countered_notice(case: Case, proposed: Counter) -> Fact:
    order = case.order
    who = order.courier.name if order.courier and case.role is Role.courier else order.shop_name
    what = Text("", "")
    if proposed.promise is not None:
        what = new_time_words(proposed.promise, case.now, order.time_zone)
    if proposed.fee is not None:
        price = f"¥{(order.total + proposed.fee) / 100:g}"
        join_zh, join_en = (",合计", ", ") if what.zh else ("合计", "")
        what = Text(f"{what.zh}{join_zh}{price}", f"{what.en}{join_en}{price} in all")
    return notice("change_countered", who=who, what=what, note=proposed.note)


def apply(order: Order, change: Change, now: int) -> Order:
    """The order with what was asked for."""
    if change.cancel:
        return _cancelled(order, change, now)
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
        zone = order.zone if change.zone is None else change.zone  # its seat goes along
        order = replace(order, address=change.address, zone=zone, arriving_told=False)
        if order.status in (Status.arriving, Status.arrived):  # there, but it is no longer the place
            order = replace(
                order, status=Status.delivering, times={**order.times, Status.delivering.value: now}
            )
    if change.recipient is not None:
        order = replace(order, recipient=change.recipient)
    if change.card is not None:
        order = replace(order, card=change.card)
    way = change.fee  # of the fee, what bringing it costs more
    if change.lines is not None:
        way -= rules.price_of(change.lines) - rules.price_of(order.lines)
        order = replace(order, lines=change.lines)
    return replace(order, total=max(0, order.total + change.fee), fee=max(0, order.fee + way))


def _cancelled(order: Order, change: Change, now: int) -> Order:
    """What is on the bike, or was tried already, comes back first."""
    out = order.status in ON_THE_ROAD or order.status is Status.failed
    status = Status.returning if out else Status.cancelled
    attempts = order.attempts
    if order.status in ON_THE_ROAD:
        tried = Attempt(
            at=now,
            reason="cancelled",
            courier=order.courier.person if order.courier else "",
            after="returning",
        )
        attempts = [*attempts, tried]
    return replace(
        order,
        status=status,
        times={**order.times, status.value: now},
        reason=change.reason,
        attempts=attempts,
        total=max(0, order.total + change.fee),
    )


def applied_notices(case: Case, change: Change) -> list[Fact]:
    """What is different now, part by part."""
    order = case.order
    by_courier = order.courier is not None
    who = order.courier.name if order.courier else order.shop_name
    suffix = "" if by_courier else "_shop"
    if change.cancel:
        out = order.status in ON_THE_ROAD or order.status is Status.failed
        return [notice("cancelled", reason=change.reason)] + ([notice("returning")] if out else [])
    notices: list[Fact] = []
    if change.promise is not None:
        words = new_time_words(change.promise, case.now, order.time_zone)
        notices.append(notice(f"change_time_confirmed{suffix}", time=words, courier=who))
    if change.address is not None:
        where = Text(change.address.text, change.address.text)
        notices.append(notice(f"change_address_confirmed{suffix}", address=where, courier=who))
    if change.recipient is not None:
        notices.append(notice("change_recipient_confirmed", name=change.recipient.name))
    if change.card is not None:
        notices.append(notice("change_card_confirmed"))
    if change.lines is not None:
        notices.append(notice("change_items_confirmed", price=f"{(order.total + change.fee) / 100:g}"))
    return notices


def pending(order: Order, change_id: str, command: str) -> Change:
    """The change that waits for an answer. Raises Rejected: to whoever was slower, what it has become."""
    statuses = ACTS["ask_change"][1]
    if order.status not in statuses:
        raise illegal(command, order.status, sorted(status.value for status in statuses))
    change = order.change
    if change is None or change.id != change_id:
        raise Rejected("change.not_pending", "This change no longer waits for an answer.", change_id)
    if not rules.is_pending(change):
        raise _answered(change)
    return change


def _answered(change: Change) -> Rejected:
    words = _BECAME.get(change.status, Text("处理完了", "settled"))
    return Rejected(
        "change.not_pending",
        f"This change is {words.en} already; nothing was changed.",
        {"change": change.id, "status": change.status, "became": {"zh": words.zh, "en": words.en}},
    )


_BECAME = {
    "confirmed": Text("被接受了", "accepted"),
    "declined": Text("被婉拒了", "declined"),
    "withdrawn": Text("被订花人撤回了", "taken back by the buyer"),
    "expired": Text("因为没人答复而失效了", "over because nobody answered"),
    "overtaken": Text("没能赶上", "overtaken by what happened"),
    "countered": Text("有了另一个建议,在等订花人答复", "answered with another proposal"),
}
