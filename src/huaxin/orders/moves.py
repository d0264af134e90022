"""Moves along the life cycle, each with what the people are told."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from huaxin.journal.model import Fact, Rejected
from huaxin.kernel import Audience, Role, tidy
from huaxin.orders import bouquet as photo
from huaxin.orders import commands as c
from huaxin.orders.decide import Case, Outcome
from huaxin.orders.events import BouquetShown, CourierAssigned, OrderEvent, OrderRated, StatusChanged
from huaxin.orders.gates import Gates
from huaxin.orders.lifecycle import UNDO_MS, Move, find_move
from huaxin.orders.model import ON_THE_ROAD, Attempt, Courier, Holder, Order, Rating, Status, Undo
from huaxin.orders.notices import REASON_WORDS, STATUS_WORDS, notice
from huaxin.orders.reasons import check_failure
from huaxin.orders.words import clock, mask_phone, promise_words

WITHIN_MINUTES = 60  # up to here a forecast is said in minutes, beyond as a time
_TOLD = frozenset({"arriving_told", "slipping_told"})  # what was said stays said
_ENDED_BADLY = frozenset({Status.cancelled, Status.failed, Status.returning, Status.returned})
_HEARD_BY_RECIPIENT = frozenset({"mark_arriving", "mark_arrived", "deliver"})


def remember(case: Case, command: str, before: Order, after: Order) -> Order:
    """Keeps what a tap changed, so that its maker can take it back for 10 seconds."""
    if case.role is Role.system:
        return replace(after, undo=None)
    then, now = msgspec.to_builtins(before), msgspec.to_builtins(after)
    changed = {name for name in then if then[name] != now[name]} - {"undo"}
    fields = {name: then[name] for name in changed if name not in _TOLD or then[name]}
    undo = Undo(
        by=case.actor.person, role=case.role.value, command=command, until=case.now + UNDO_MS, fields=fields
    )
    return replace(after, undo=undo)


def reach(case: Case, move: Move, **fields: object) -> Order:
    """The order at the target of a move, with the time it got there."""
    order = case.order
    after = replace(
        order,
        status=move.target,
        times={**order.times, move.target.value: case.now},
        undo=None,
        **fields,
    )
    return remember(case, move.command, order, after) if move.undoable else after


def _moved(
    case: Case, command: str, notices: list[Fact] | None = None, *, reason: str = "", **fields: object
) -> Outcome:
    """`reason`: why it was cancelled or failed; it stays on the order until it is tried again."""
    move = find_move(case.order, command, case.role)
    event = StatusChanged(before=case.order.status, after=move.target, by=command, reason=reason)
    if reason or move.target not in _ENDED_BADLY:
        fields["reason"] = reason
    return Outcome(
        order=reach(case, move, **fields), event=event, audience=Audience.everyone, notices=notices or []
    )


def simple(command: str) -> Callable[[Case, object], Outcome]:
    return lambda case, wish: _moved(case, command)


def confirm(case: Case, wish: c.ConfirmOrder) -> Outcome:
    when = promise_words(case.order.promise, case.now, case.order.time_zone)
    return _moved(case, "confirm_order", [notice("confirmed", when=when)])


def mark_ready(case: Case, wish: c.MarkReady) -> Outcome:
    """With a courier already chosen the order is assigned as soon as it is ready."""
    move = find_move(case.order, "mark_ready", case.role)
    if case.order.courier is not None:
        move = replace(move, target=Status.assigned)
    gates = wish.gates or Gates()
    photo.check_ready(case, wish.picture, gates)
    times = {**case.order.times, Status.ready.value: case.now, move.target.value: case.now}
    after = replace(case.order, status=move.target, times=times, undo=None)
    more: list[tuple[OrderEvent, Audience]] = []
    notices = []
    if wish.picture:
        bouquet = photo.shown(case, wish.picture, gates)
        after = replace(after, bouquet=bouquet)
        more = [(BouquetShown(bouquet=bouquet), Audience.without_recipient)]
        notices = [photo.told(case, bouquet)]
    event = StatusChanged(before=case.order.status, after=move.target, by=move.command)
    return Outcome(
        order=remember(case, move.command, case.order, after),
        event=event,
        audience=Audience.everyone,
        notices=notices,
        more=more,
    )


def assign(case: Case, wish: c.AssignCourier) -> Outcome:
    order = case.order
    move = find_move(order, "assign_courier", case.role)
    before = order.courier
    if before is not None and before.person == wish.courier:
        raise Rejected("order.same_courier", "This courier already has the order.", wish.courier)
    if not wish.courier and before is None:
        raise Rejected("order.no_courier", "No courier has this order yet.", wish.courier)
    courier = (
        Courier(person=wish.courier, name=wish.courier_name, phone=wish.courier_phone)
        if wish.courier
        else None
    )
    told = order.status in ON_THE_ROAD or order.status is Status.failed
    status = _status_after_assigning(order, courier)
    after = replace(
        order,
        status=status,
        courier=courier,
        held_by=_held_by(order, wish),
        eta_at=0 if told else order.eta_at,  # the one who said it does not bring it
        times=order.times if status is order.status else {**order.times, status.value: case.now},
        arriving_told=False,
        reason="",
        undo=None,
    )
    event = CourierAssigned(
        courier=wish.courier, courier_name=wish.courier_name, before=before.person if before else ""
    )
    return Outcome(
        order=remember(case, move.command, order, after),
        event=event,
        notices=[notice("reassigned", courier=wish.courier_name)] if told and courier else [],
    )


def _status_after_assigning(order: Order, courier: Courier | None) -> Status:
    """Assigning ahead, while the flowers are made, leaves the status; on the road it starts over."""
    if courier is None:
        return Status.ready if order.status not in (Status.confirmed, Status.making) else order.status
    return order.status if order.status in (Status.confirmed, Status.making) else Status.assigned


def _held_by(order: Order, wish: c.AssignCourier) -> Holder | None:
    """Who has the flowers: whoever carried them, until the next one picks them up."""
    before = order.courier
    if before is None or (order.status not in ON_THE_ROAD and order.status is not Status.failed):
        return order.held_by
    return Holder(person=before.person, name=before.name, phone=before.phone, point=wish.meet)


def pick_up(case: Case, wish: c.PickUp) -> Outcome:
    order = case.order
    courier = own_courier(case)
    find_move(order, "pick_up", case.role)
    photo.check_pick_up(case, wish)
    notices = [_picked_up_notice(case, courier, wish.eta_at)]
    if courier.phone:
        notices.append(notice("courier_contact", courier=courier.name, phone=mask_phone(courier.phone)))
    told = wish.eta_at or order.promise.end
    code = order.receipt_code or wish.receipt_code  # the same one also for the next courier
    return _moved(case, "pick_up", notices, eta_at=told, receipt_code=code, held_by=None)


def _picked_up_notice(case: Case, courier: Courier, eta_at: int) -> Fact:
    order = case.order
    told = eta_at or order.promise.end
    minutes = max(5, -(-(told - case.now) // 300_000) * 5)  # people say 30 minutes, not 27
    if minutes <= WITHIN_MINUTES:
        return notice("picked_up_minutes", courier=courier.name, minutes=str(minutes))
    rounded = round(told / 300_000) * 300_000
    return notice("picked_up_at", courier=courier.name, time=clock(rounded, order.time_zone))


def own_courier(case: Case) -> Courier:
    courier = case.order.courier
    if courier is None:
        raise Rejected("order.no_courier", "Assign a courier to this order first.", case.order.id)
    return courier


def mark_arriving(case: Case, wish: c.MarkArriving) -> Outcome:
    """One arrival notice per delivery, whether the geofence or a thumb asks for it again."""
    told = case.order.arriving_told
    return _moved(case, "mark_arriving", [] if told else [notice("arriving")], arriving_told=True)


def mark_arrived(case: Case, wish: c.MarkArrived) -> Outcome:
    return _moved(case, "mark_arrived", [notice("at_gate")])


def rate(case: Case, wish: c.Rate) -> Outcome:
    move = find_move(case.order, "rate", case.role)
    rating = Rating(
        stars=wish.stars,
        at=case.now,
        tags=[tidy(tag) for tag in wish.tags],
        text=tidy(wish.text),
        picture=wish.picture,
    )
    return Outcome(
        order=reach(case, move, rating=rating),
        event=OrderRated(rating=rating),
        audience=Audience.buyer | Audience.shop,
    )


def cancel(case: Case, wish: c.CancelOrder) -> Outcome:
    reason = tidy(wish.reason)
    return _moved(case, "cancel_order", [notice("cancelled", reason=reason)], reason=reason)


def fail(case: Case, wish: c.FailDelivery) -> Outcome:
    """One attempt that did not succeed; what becomes of the flowers is decided next."""
    find_move(case.order, "fail_delivery", case.role)
    check_failure(wish.reason)
    words = REASON_WORDS[wish.reason.value]
    courier = case.order.courier.person if case.order.courier else ""
    tried = Attempt(at=case.now, reason=wish.reason.value, courier=courier, after="failed")
    return _moved(
        case,
        "fail_delivery",
        [notice("failed", reason=words)],
        reason=wish.reason.value,
        attempts=[*case.order.attempts, tried],
    )


def told(command: str, template: str) -> Callable[[Case, object], Outcome]:
    return lambda case, wish: _moved(case, command, [notice(template)])


def corrected(order: Order, command: str) -> Fact:
    """Tells again whoever was told of the tap that is taken back."""
    words = STATUS_WORDS[order.status.value]
    said = notice("corrected", status=words, status_en=words)
    return replace(said, audience=int(Audience.everyone)) if command in _HEARD_BY_RECIPIENT else said
