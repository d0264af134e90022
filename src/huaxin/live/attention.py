"""Why an order needs a person of the shop: one rule for the board, the badge and the sound."""

from huaxin.kernel import Role
from huaxin.orders.lifecycle import UNMADE, unsettled
from huaxin.orders.model import ON_THE_ROAD, Order, Status
from huaxin.orders.remedies.model import standing
from huaxin.orders.views import Attention
from huaxin.tracking.watchdog_steps import RULES

ASSIGN_AHEAD_MS = 45 * 60_000  # a courier should be known this long before the promise


def attention_for(order: Order, now: int) -> list[Attention]:
    """Worst first; empty when the order runs by itself."""
    reported = [one.at for one in order.reports if one.status == "open"]
    # Also about an order that is done: whoever reports waits for the shop.
    reports = [Attention(kind="report", since=min(reported), level="ask")] if reported else []
    found = _complaint(order)
    if not order.open:
        return found + reports
    for incident in order.incidents:
        if incident.status == "open":
            found.append(Attention(kind="incident", since=incident.at, level="alarm"))
    if order.status is Status.failed:
        found.append(Attention(kind="failed", since=order.times.get("failed", now), level="alarm"))
    if now > order.promise.end and order.status is not Status.returning:
        found.append(Attention(kind="late", since=order.promise.end, level="alarm"))
    alerts = _alerts(order)
    found += alerts
    said = {one.kind for one in alerts}
    if order.slipping and "slipping" not in said:
        found.append(Attention(kind="slipping", since=now, level="warn"))
    if order.bouquet is not None and order.bouquet.status == "fix" and order.status not in ON_THE_ROAD:
        found.append(Attention(kind="fix", since=order.bouquet.answered_at, level="ask"))
    if order.change is not None and order.change.status == "asked":
        found.append(Attention(kind="change", since=order.change.asked_at, level="ask"))
    found += _flowers(order)
    if order.preference is not None and order.preference.status == "asked":
        found.append(Attention(kind="preference", since=order.preference.at, level="ask"))
    if order.status is Status.placed:
        if "not_accepted" not in said:
            found.append(Attention(kind="confirm", since=order.placed_at, level="ask"))
    elif order.courier is None and order.status not in ON_THE_ROAD and _due_soon(order, now):
        found.append(Attention(kind="unassigned", since=order.promise.end - ASSIGN_AHEAD_MS, level="warn"))
    return found + reports


def _complaint(order: Order) -> list[Attention]:
    """One that waits for the shop: nothing offered yet, or what the other side asks for."""
    complaint, waits = order.complaint, standing(order.complaint)
    if complaint is None or complaint.status != "open" or (waits is not None and waits.by == Role.shop):
        return []
    since = waits.at if waits is not None else complaint.at
    return [Attention(kind="complaint", since=since, level="alarm")]


def _flowers(order: Order) -> list[Attention]:
    """Other flowers than ordered that the buyer did not agree to, or did not answer."""
    open_ = unsettled(order)
    if open_ is None or order.status not in UNMADE:
        return []
    if open_.status == "declined":
        return [Attention(kind="declined", since=open_.answered_at, level="warn")]
    return [Attention(kind="unanswered", since=open_.until, level="alarm")] if open_.overdue else []


def _alerts(order: Order) -> list[Attention]:
    """What the watchdog has told the shop. What the courier is still asked is not the shop's business yet."""
    return [
        Attention(
            kind=one.kind,
            since=one.told_at,
            level="alarm" if one.answer == "help" else RULES[one.kind].level if one.kind in RULES else "warn",
        )
        for one in order.alerts
        if one.told_at and not one.closed_at
    ]


def _due_soon(order: Order, now: int) -> bool:
    return order.promise.end - now < ASSIGN_AHEAD_MS or order.status is Status.ready
