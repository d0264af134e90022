"""Makes the entries of an order's account: whatever an ability agreed, here it becomes money that is owed.

Runs after every ability (orders/decide.py), like orders/settling.py: an ability says what was agreed in its
own words, and none of them has to think of payments. Pure.
"""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from huaxin.orders.account import Refund, counted, due_of
from huaxin.orders.model import Order, Status
from huaxin.orders.remedies.model import Complaint


def book(before: Order, after: Order, now: int) -> Order:
    """`after` with an entry for each thing that makes it cost less than `before`."""
    if after is before:
        return after
    refunds = list(after.refunds)
    for one in _found(before, after, now):
        # No entry is more than what the order still costs: together they are never more than it did.
        amount = min(one.amount, due_of(after.total, refunds)) if one.lowers else one.amount
        if amount > 0:
            refunds.append(replace(one, amount=amount))
    if len(refunds) == len(after.refunds):
        return after
    booked = replace(after, refunds=refunds)
    undo = after.undo
    if undo is None or undo is before.undo or "refunds" in undo.fields:
        return booked
    # A tap that is taken back takes back what it would have cost.
    fields = {**undo.fields, "refunds": msgspec.to_builtins(before.refunds)}
    return replace(booked, undo=replace(undo, fields=fields))


def recount(order: Order) -> Order:
    """With what it costs and what is owed as they follow from the rest: kept in one place, on every order."""
    payment = counted(order.total, order.payment, order.refunds)
    return order if payment is order.payment else replace(order, payment=payment)


def _found(before: Order, after: Order, now: int) -> Iterator[Refund]:
    if after.total < before.total:
        yield _less(before, after, now)
    if after.incidents is not before.incidents:
        yield from _of_incidents(before, after, now)
    if after.complaint is not before.complaint:
        yield from _of_complaint(before.complaint, after.complaint, now)
    if after.status is Status.cancelled and before.status is not Status.cancelled:
        yield from _cancelled(before, after, now)


def _less(before: Order, after: Order, now: int) -> Refund:
    """The total has become less: by a change, by other flowers, by a bouquet that is not made."""
    amount, change = before.total - after.total, after.change
    if change is not None and change is not before.change and change.status == "confirmed":
        source = "cancelled" if change.cancel else "change"
        return Refund(id=change.id, source=source, at=now, amount=amount, reason=change.reason)
    if after.substitutions != before.substitutions and after.substitutions:
        last = after.substitutions[-1]
        source = "substitution" if last.status == "accepted" else "out_of_stock"
        return Refund(id=last.id, source=source, at=now, amount=amount, reason=last.stem)
    gone = next((line.name for line in before.lines if line not in after.lines), "")
    own = f"line-{len(after.refunds) + 1}"
    return Refund(id=own, source="out_of_stock", at=now, amount=amount, reason=gone)


def _of_incidents(before: Order, after: Order, now: int) -> Iterator[Refund]:
    had = {one.id: one.refund for one in before.incidents}
    for one in after.incidents:
        more = one.refund - had.get(one.id, 0)
        if more > 0:
            yield Refund(
                id=one.id, source="incident", at=now, amount=more, reason=one.reason.value, lowers=True
            )


def _of_complaint(before: Complaint | None, after: Complaint | None, now: int) -> Iterator[Refund]:
    known = {one.id for one in before.remedies if one.status == "accepted"} if before is not None else set()
    for one in after.remedies if after is not None else ():
        if one.status == "accepted" and one.kind == "refund" and one.id not in known:
            reason = after.fault if after is not None else ""
            yield Refund(id=one.id, source="remedy", at=now, amount=one.amount, reason=reason, lowers=True)


def _cancelled(before: Order, after: Order, now: int) -> Iterator[Refund]:
    """Nothing is kept, unless a change said what is: then the total says it already."""
    change = after.change
    if change is not None and change.cancel and change is not before.change:
        return
    last = after.substitutions[-1] if after.substitutions else None
    if last is not None and last.status == "refunded" and after.reason == "out_of_stock":
        yield Refund(
            id=last.id, source="out_of_stock", at=now, amount=after.total, reason=last.stem, lowers=True
        )
        return
    own = f"cancelled-{len(after.refunds) + 1}"
    yield Refund(id=own, source="cancelled", at=now, amount=after.total, reason=after.reason, lowers=True)
