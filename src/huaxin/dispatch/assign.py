"""Who should take an order: what each courier's run would be with it, and why one is named first."""

from collections.abc import Sequence

from msgspec.structs import replace

from huaxin.dispatch.load import Hold
from huaxin.dispatch.model import STOPS, AssignPreview, Bike
from huaxin.dispatch.roads import Roads, straight_m
from huaxin.dispatch.run import plan_run
from huaxin.kernel import Point
from huaxin.orders.model import Order, Status


def preview_assign(
    roads: Roads,
    shop: Point,
    order: Order,
    orders: Sequence[Order],
    bike: Bike,
    now: int,
    previous: Sequence[str] = (),
    pace: float = 1.0,
    *,
    hold: Hold | None = None,
    hand: Sequence[str] = (),
) -> AssignPreview:
    """What it would cost to add `order` to a courier's run. Changes nothing."""
    others = [o for o in orders if o.id != order.id]
    without = plan_run(roads, shop, others, bike, now, previous, pace, hold=hold, hand=hand)
    offered = order if order.status in STOPS else _as_assigned(order)
    added = [*others, offered]
    with_it = plan_run(roads, shop, added, bike, now, previous, pace, hold=hold, hand=hand)
    late_before = {s.order for s in without.stops if s.late_s > 0}
    late = [s.order for s in with_it.stops if s.late_s > 0 and s.order not in late_before]
    mine = next(s for s in with_it.stops if s.order == order.id)
    extra = round((with_it.finish_at - without.finish_at) / 60_000)
    return AssignPreview(
        extra_minutes=max(0, extra),
        late_orders=late,
        eta_at=mine.arrive_at,
        reachable=mine.known,
        extra_late_s=max(0.0, with_it.late_s - without.late_s),
    )


def _as_assigned(order: Order) -> Order:
    return replace(order, status=Status.assigned)


def is_same_door(a: Order, b: Order, metres: float = 30.0) -> bool:
    """Do two orders go to the same entrance?"""
    return straight_m(a.address.point, b.address.point) <= metres
