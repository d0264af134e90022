"""What the shop could do about an alert: one button, and in words what it would bring."""

from typing import Any

from huaxin.dispatch.handover import plan_handover
from huaxin.dispatch.model import ON_BOARD
from huaxin.kernel import Point, Text
from huaxin.live.tracking import LiveTracking
from huaxin.orders.lifecycle import MOVES
from huaxin.orders.model import Order
from huaxin.orders.words import local
from huaxin.tracking.watchdog_steps import RULES

_MAY_ASSIGN = next(move for move in MOVES if move.command == "assign_courier").sources
_WORDS = {
    "call": Text("请给{name}打电话", "Please call {name}"),
    "confirm": Text("请确认订单", "Please confirm the order"),
    "make": Text("请先做这一单", "Please make this one first"),
}


class Remedies:
    def __init__(self, tracking: LiveTracking) -> None:
        self._tracking = tracking

    async def fields(self, order: Order, kind: str) -> dict[str, Any]:
        """remedy, remedy_courier and remedy_text of an alert that goes to the shop."""
        remedy = RULES[kind].remedy
        if remedy == "reassign" or kind == "silent":
            better = await self._better(order)
            if better is not None:
                return better
            remedy = "call" if order.courier is not None else ""
        words = _WORDS.get(remedy)
        name = order.courier.name if order.courier else ""
        text = Text(words.zh.format(name=name), words.en.format(name=name)) if words else None
        return {"remedy": remedy, "remedy_text": text}

    async def _better(self, order: Order) -> dict[str, Any] | None:
        """Somebody who would be there in time without making others late; the earliest of them."""
        shop = self._tracking.shop(order.shop)
        if shop is None or shop.point is None or order.status not in _MAY_ASSIGN:
            return None
        tracker, current = self._tracking.tracker, order.courier.person if order.courier else ""
        best: tuple[int, str, str] | None = None
        for one in await self._tracking.couriers(order.shop):
            # Who is out and silent is no help; who has nothing to do must at least be reachable.
            if one.person == current or (one.stale if one.orders else not one.online):
                continue
            cost = tracker.preview_assign(order, one.person, shop.point)
            if not cost.reachable or cost.late_orders:
                continue
            at = cost.eta_at
            if order.status in ON_BOARD:  # the flowers change hands on the street first
                at = self._after_meeting(order, current, one.person, shop.point)
            if at and (best is None or at < best[0]):
                best = (at, one.person, one.name)
        if best is None or best[0] > order.promise.end:
            return None
        at, courier, name = best
        clock = f"{local(at, order.time_zone):%H:%M}"
        text = Text(f"可改派给{name},预计{clock}送达", f"{name} could be there at {clock}")
        return {"remedy": "reassign", "remedy_courier": courier, "remedy_text": text}

    def _after_meeting(self, order: Order, holder: str, taker: str, shop: Point) -> int:
        """When the taker would be there, having ridden to the holder's bike and taken the order over.
        0: they cannot meet, or nobody knows where the flowers are."""
        tracker = self._tracking.tracker
        here = tracker.position(holder)
        rider = tracker.rider(taker, order.shop, shop)
        (leg,) = plan_handover(
            tracker.roads, shop, [order], here.point if here else None, [rider], tracker.now
        )
        return leg.eta_at if leg.courier else 0
