"""What an order itself waits for too long: to be accepted, made, picked up, read. Pure."""

from huaxin.dispatch.model import MAKING_MS, window_of
from huaxin.kernel import Text
from huaxin.orders.model import Order, Status
from huaxin.tracking.watchdog import Alert

ACCEPT_MS = 5 * 60_000
SPARE_MS = 10 * 60_000  # what is kept in hand against everything else
HANDOVER_MS = 4 * 60_000
UNREAD_MS = 2 * 60_000
_UNMADE = frozenset({Status.confirmed, Status.making})
_AT_SHOP = frozenset({Status.ready, Status.assigned})


def watch_order(order: Order, ride_ms: int, unread_since: int, now: int) -> list[Alert]:
    """`ride_ms`: from the shop to the door; `unread_since`: since when its courier has not read a change of
    time or place, 0: has read it."""
    courier = order.courier.person if order.courier else ""
    found: list[Alert] = []

    def tell(kind: str, since: int, zh: str, en: str) -> None:
        found.append(Alert(kind, courier, order.id, since, Text(zh, en)))

    n, leave_by = order.number, window_of(order)[1] - ride_ms - HANDOVER_MS - SPARE_MS
    waited = now - order.placed_at
    if order.status is Status.placed and waited > ACCEPT_MS:
        zh, en = (
            f"订单{n}已等{waited // 60_000}分钟未确认",
            f"Order {n} unconfirmed for {waited // 60_000} min",
        )
        tell("not_accepted", order.placed_at, zh, en)
    begun = order.times.get("making", now) if order.status is Status.making else now
    if order.status in _UNMADE and max(now, begun + MAKING_MS) > leave_by:
        zh, en = f"订单{n}还没做好，再晚就来不及送", f"Order {n} is not made yet and will miss its time"
        tell("not_made", min(now, leave_by), zh, en)
    at_shop = order.status in _AT_SHOP and order.held_by is None
    if at_shop and order.courier is not None and now > leave_by:
        name = order.courier.name
        zh, en = f"{name}还没取订单{n}，该出发了", f"{name} has not picked up order {n}; it is time to go"
        tell("not_picked_up", leave_by, zh, en)
    if unread_since and order.courier is not None and now - unread_since > UNREAD_MS:
        zh = f"{order.courier.name}还没看到订单{n}的更改"
        en = f"{order.courier.name} has not read the change of order {n}"
        tell("unread", unread_since, zh, en)
    return found
