"""What the shop could do about an alert: one button, and in words what it would bring."""

from typing import Any

from huaxin.dispatch.model import ON_BOARD
from huaxin.kernel import Text
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

    async def courier(self, order: Order) -> str:
        """Who could take it over and be there in time; "": nobody."""
        better = await self._better(order, gone=True)
        return str(better["remedy_courier"]) if better else ""

    async def fields(self, order: Order, kind: str) -> dict[str, Any]:
        """remedy, remedy_courier and remedy_text of an alert that goes to the shop."""
        remedy = RULES[kind].remedy
        if remedy == "reassign" or kind == "silent":
            better = await self._better(order, gone=kind == "silent" or self._is_out_of_sight(order))
            if better is not None:
                return better
            remedy = "call" if order.courier is not None else ""
        words = _WORDS.get(remedy)
        name = order.courier.name if order.courier else ""
        text = Text(words.zh.format(name=name), words.en.format(name=name)) if words else None
        return {"remedy": remedy, "remedy_text": text}

    def _is_out_of_sight(self, order: Order) -> bool:
        """Flowers on the road with somebody of whom nothing is heard."""
        has = order.courier.person if order.courier else ""
        return order.status in ON_BOARD and self._tracking.tracker.is_stale(has)

    async def _better(self, order: Order, *, gone: bool) -> dict[str, Any] | None:
        """Somebody with whom more promises are kept in all; the best of them. Of silence it is named for the
        case that a call, which comes first, finds nobody."""
        shop = self._tracking.shop(order.shop)
        if shop is None or shop.point is None or order.status not in _MAY_ASSIGN:
            return None
        # Who is out and silent is no help; who has nothing to do must at least be reachable.
        couriers = await self._tracking.couriers(order.shop)
        names = {one.person: one.name for one in couriers if (not one.stale if one.orders else one.online)}
        best = self._tracking.tracker.best_move(order, names, shop.point, gone=gone)
        if best is None:
            return None
        name, there = names[best.courier], f"{local(best.eta_at, order.time_zone):%H:%M}"
        text = Text(f"可改派给{name}，预计{there}送达", f"{name} could be there at {there}")
        if best.meet_at:
            meet = f"{local(best.meet_at, order.time_zone):%H:%M}"
            text = Text(
                f"可改派给{name}，{meet}前后在路上交接，预计{there}送达",
                f"{name} could take it over on the road at about {meet} and be there at {there}",
            )
        return {"remedy": "reassign", "remedy_courier": best.courier, "remedy_text": text}
