"""What the watchdog saw, as facts of the order: raised once, escalated, answered, closed. And the stop that
the courier confirms before setting out."""

from msgspec.structs import replace

from huaxin.journal.model import Fact, Rejected
from huaxin.kernel import Audience, Role, Text
from huaxin.orders import commands as c
from huaxin.orders.decide import Case, Outcome
from huaxin.orders.events import AlertAnswered, AlertClosed, AlertEscalated, AlertRaised, StopConfirmed
from huaxin.orders.lifecycle import check_act, not_yours
from huaxin.orders.model import Alert, Order
from huaxin.orders.moves import own_courier, remember
from huaxin.orders.notices import ASKED_WORDS, notice

AGAIN_MS = 10 * 60_000  # a cause that comes back sooner is the same one: nobody is told twice
LEVELS = ("courier", "shop", "buyer")
_NOTHING = Text("", "")


def confirm_stop(case: Case, wish: c.ConfirmStop) -> Outcome:
    """One tap: the customer was called, time and place are right."""
    order = case.order
    check_act(order, "confirm_stop", case.role)
    own_courier(case)
    if order.stop_confirmed_at:
        raise Rejected("stop.confirmed", "This stop is confirmed already.", order.id)
    after = remember(case, "confirm_stop", order, replace(order, stop_confirmed_at=case.now))
    return Outcome(order=after, event=StopConfirmed())


def raise_(case: Case, wish: c.RaiseAlert) -> Outcome:
    order = case.order
    _check_system(case, "raise_alert")
    before = newest(order, wish.kind)
    if before is not None and (not before.closed_at or case.now - before.closed_at < AGAIN_MS):
        raise Rejected("alert.told_already", "This has been said already.", wish.kind)
    if not order.open:
        raise Rejected("alert.order_closed", "The order is done; nobody needs to look.", wish.kind)
    alert = Alert(
        kind=wish.kind,
        at=case.now,
        since=wish.since,
        level=wish.level,
        text=wish.text,
        asks=wish.asks,
        told_at=case.now if wish.level == "shop" else 0,
        remedy=wish.remedy,
        remedy_courier=wish.remedy_courier,
        remedy_text=wish.remedy_text,
    )
    notices = [notice("watch_courier", text=ASKED_WORDS.get(wish.kind, wish.text))] if wish.asks else []
    if wish.level == "shop":
        notices.append(_to_shop(alert))
    return Outcome(
        order=_with(order, alert), event=AlertRaised(alert=alert), audience=_heard(alert), notices=notices
    )


def escalate(case: Case, wish: c.EscalateAlert) -> Outcome:
    _check_system(case, "escalate_alert")
    before = _open(case.order, wish.kind)
    if LEVELS.index(wish.level) <= LEVELS.index(before.level):
        raise Rejected("alert.told_already", "This has been said already.", wish.kind)
    alert = replace(
        before,
        level=wish.level,
        text=wish.text,
        told_at=before.told_at or case.now,
        remedy=wish.remedy,
        remedy_courier=wish.remedy_courier,
        remedy_text=wish.remedy_text,
    )
    return Outcome(
        order=_with(case.order, alert),
        event=AlertEscalated(alert=alert),
        audience=Audience.shop,
        notices=[] if before.told_at else [_to_shop(alert)],
    )


def answer(case: Case, wish: c.AnswerAlert) -> Outcome:
    """`help` tells the shop at once; the other answers end it."""
    order = case.order
    check_act(order, "answer_alert", case.role)
    courier = own_courier(case)
    before = _open(order, wish.kind)
    if wish.answer == "help":
        alert = replace(before, answer=wish.answer, level="shop", told_at=before.told_at or case.now)
        alert = alert if alert.remedy else replace(alert, remedy="call")
        notices = [notice("watch_help", courier=courier.name, text=before.text)]
    else:
        alert = replace(before, answer=wish.answer, closed_at=case.now)
        notices = [notice("watch_jam", courier=courier.name)] if wish.answer == "jam" else []
    return Outcome(
        order=replace(_with(order, alert), undo=None),
        event=AlertAnswered(alert=alert),
        audience=Audience.staff_and_courier,
        notices=notices,
    )


def close(case: Case, wish: c.CloseAlert) -> Outcome:
    _check_system(case, "close_alert")
    alert = replace(_open(case.order, wish.kind), closed_at=case.now)
    after = _with(case.order, alert)
    if wish.kind == "slipping":
        after = replace(after, slipping=False)
    return Outcome(order=after, event=AlertClosed(alert=alert), audience=_heard(alert))


def newest(order: Order, kind: str) -> Alert | None:
    """The newest alert of a kind, open or over."""
    return next((one for one in order.alerts if one.kind == kind), None)


def _open(order: Order, kind: str) -> Alert:
    found = newest(order, kind)
    if found is None or found.closed_at:
        raise Rejected("alert.not_open", "This alert is over already.", kind)
    return found


def _with(order: Order, alert: Alert) -> Order:
    rest = [one for one in order.alerts if one.kind != alert.kind]
    return replace(order, alerts=[*rest, alert])


def _heard(alert: Alert) -> Audience:
    return Audience.staff_and_courier if alert.asks else Audience.shop


def _to_shop(alert: Alert) -> Fact:
    return notice("watch_shop", text=alert.text, remedy=alert.remedy_text or _NOTHING)


def _check_system(case: Case, command: str) -> None:
    if case.role is not Role.system:
        raise not_yours(command, case.role)
