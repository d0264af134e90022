"""The shop's side of a simulated month: takes orders, makes flowers in time, gives them to couriers."""

from math import inf
from typing import TYPE_CHECKING

from huaxin.kernel import Role
from huaxin.orders import commands as c
from huaxin.orders.model import ON_THE_ROAD, Order, Status
from huaxin.simulation.month.setting import MINUTE
from huaxin.simulation.month.wishes import Wish

if TYPE_CHECKING:
    from huaxin.simulation.month.month import Month

AHEAD_MS = 40 * MINUTE  # flowers should be ready so long before the ride to them must begin
PATIENT_MS = 25 * MINUTE
FULL = 5  # orders that one courier is given at once


class ShopMind:
    """A plain dispatcher without any help: whoever has least to do takes the next bouquet."""

    def __init__(self, month: "Month") -> None:
        self.month = month
        self._number = 1000

    def take(self, wish: Wish) -> None:
        """Places the order of a wish and confirms it; the making begins in time for its window."""
        from huaxin.simulation.month.month import placing

        month = self.month
        self._number += 1
        order = month.give(wish.order, placing(wish, self._number), Role.buyer, "buyer")
        if order is None:
            return
        month.give(order.id, c.ConfirmOrder(order=order.id), Role.shop, "owner")
        ride_ms = round(min(month.town.ride_s(month.town.shop, wish.spot.point), 3_600) * 1000)
        begin = wish.end - ride_ms - AHEAD_MS - 15 * MINUTE
        month.later(max(month.now + MINUTE, begin), lambda: self._make(wish.order))

    def _make(self, order: str) -> None:
        month = self.month
        month.give(order, c.StartMaking(order=order), Role.shop, "florist")
        done = month.now + round(month.hidden.making_s(order) * 1000)
        month.later(done, lambda: month.give(order, c.MarkReady(order=order), Role.shop, "florist"))

    def look(self) -> None:
        """Gives what is ready to couriers."""
        for order in sorted(self.month.open_orders.values(), key=lambda o: (o.promise.end, o.id)):
            if order.status is Status.ready and order.courier is None:
                self.assign(order, self.choose(order))

    def choose(self, order: Order) -> str:
        """The courier with the fewest orders, those at the shop first; empty when all are full."""
        month = self.month
        best, best_cost = "", inf
        for who, rider in month.riders.items():
            load = len(month.carried_by(who))
            if load >= FULL or month.bodies[who].broken_until > month.now:
                continue
            if rider.is_out and month.now - order.times["ready"] < PATIENT_MS:
                continue  # rather to somebody who comes back than to somebody who must come back for it
            # Two more bouquets for who is here are better than waiting for somebody to come back.
            cost = load * (0.5 if rider.is_home else 1.0) + (0.0 if rider.is_home else 2.0)
            if cost < best_cost:
                best, best_cost = who, cost
        return best

    def assign(self, order: Order, courier: str) -> None:
        """Gives an order to a courier, as the dispatcher (or a watcher) does."""
        if courier:
            name = self.month.bodies[courier].name
            has = order.courier and self.month.tracker.position(order.courier.person)
            meet = has.point if has and order.status in ON_THE_ROAD else None
            wish = c.AssignCourier(order=order.id, courier=courier, courier_name=name, meet=meet)
            self.month.give(order.id, wish, Role.shop, "dispatcher")
