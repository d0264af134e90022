"""What a courier does in a simulated month: loads, rides the run as the Tracker plans it, hands over."""

from random import Random
from typing import TYPE_CHECKING

from huaxin.dispatch.roads import flat_m
from huaxin.dispatch.service_time import service_time
from huaxin.kernel import Point, Role
from huaxin.orders import commands as c
from huaxin.orders.model import ON_THE_ROAD, Order, Status
from huaxin.simulation.month.body import Body
from huaxin.simulation.month.setting import MINUTE

if TYPE_CHECKING:
    from huaxin.simulation.month.month import Month

HOME_M = 60.0
MEET_M = 40.0
LOAD_MS = 90_000
WAITS_MS = 9 * MINUTE  # for one more bouquet
FULL = 5
URGENT_S = 20 * 60.0
EARLY_MS = 12 * MINUTE  # nobody stands longer than this at a door that opens later


class Rider:
    """One courier's day. The body follows the plan whatever the phone can tell."""

    def __init__(self, month: "Month", body: Body) -> None:
        self.month, self.body, self.me = month, body, body.courier
        self.is_out = False
        self.is_home = True
        self._busy_until = 0
        self._handing = ""
        self._loaded_at = 0
        self._told_at = 0

    # mishaps

    def break_down(self, for_ms: int) -> None:
        if self.is_out:
            self.body.broken_until = self.month.now + for_ms

    def lose_phone(self, for_ms: int) -> None:
        self.body.phone_dead_until = self.month.now + for_ms

    # what is on the bike

    def aboard(self) -> list[Order]:
        holder = self.month.holder
        mine = self.month.carried_by(self.me)
        return [o for o in mine if o.status in ON_THE_ROAD and holder.get(o.id) == self.me]

    def _at_others(self) -> list[Order]:
        """Mine by now, but on somebody else's bike."""
        holder = self.month.holder
        mine = self.month.carried_by(self.me)
        return [o for o in mine if o.status is Status.assigned and holder.get(o.id, self.me) != self.me]

    def _is_awaited(self) -> bool:
        """Somebody else's by now, but on this bike: stays where it is until they come."""
        month = self.month
        given = (month.open_orders.get(one) for one, who in month.holder.items() if who == self.me)
        return any(o is not None and o.courier is not None and o.courier.person != self.me for o in given)

    # the clock

    def step(self, since: int, until: int) -> None:
        """Lives from one moment to the next."""
        month, at = self.month, since
        while at < until:
            if self._busy_until > at:
                at = min(self._busy_until, until)
                if self._busy_until > at or at == until:
                    month.now = until
                    if self._busy_until > until:
                        return
            month.now = at
            if self._handing:
                self._deliver()
                continue
            goal = self._goal()
            if goal is None:
                self.body.stop()
                return
            reached = self._go(goal, at, until)
            if not reached:
                return
            at = month.now = max(at, reached)
            self._reach(goal)
            if self._busy_until <= at and not self._handing:
                return

    def tell(self) -> None:
        """The phone's positions, less often while at the shop."""
        now = self.month.now
        if not self.is_out and now - self._told_at < 2 * MINUTE:
            return
        self._told_at = now
        reports = self.body.take_reports(now)
        if reports:
            self.month.tracker.report(self.me, reports, now)

    # deciding

    def _goal(self) -> tuple[str, str, Point] | None:
        """(kind, order, where) of what comes next; None: wait here."""
        month, here = self.month, self.body.point
        self.is_home = flat_m(here, month.town.shop) <= HOME_M
        others = self._at_others()
        if others:
            self.is_out = True
            body = month.bodies[month.holder[others[0].id]]
            return "meet", others[0].id, body.point
        if self._is_awaited():
            return None
        if self.is_home and not self.is_out:
            self._load()
        aboard = self.aboard()
        if aboard and (self.is_out or self._leaves(aboard)):
            self.is_out = True
            return self._next_stop(aboard)
        if not self.is_home:
            return "shop", "", month.town.shop
        self.is_out = False
        return None

    def _next_stop(self, aboard: list[Order]) -> tuple[str, str, Point]:
        """As the run says; back by the shop when it says so and the flowers there are ready."""
        month, by_id = self.month, {o.id: o for o in aboard}
        plan = month.tracker.run(self.me, aboard[0].shop)
        for stop in plan.stops if plan else []:
            order = by_id.get(stop.order)
            if order is not None:
                return "door", order.id, order.address.point
            if month.orders[stop.order].status is Status.assigned and stop.order not in month.holder:
                return "shop", "", month.town.shop
        return "door", aboard[0].id, aboard[0].address.point

    def _leaves(self, aboard: list[Order]) -> bool:
        """Full, urgent, or waited long enough for another bouquet."""
        now = self.month.now
        if now < self._loaded_at + LOAD_MS:
            return False
        plan = self.month.tracker.run(self.me, aboard[0].shop)
        stops = plan.stops if plan else []
        if stops and stops[0].wait_s * 1000 > EARLY_MS:
            return False
        urgent = any(stop.slack_s < URGENT_S for stop in stops)
        return len(aboard) >= FULL or urgent or now - self._loaded_at >= WAITS_MS

    def _load(self) -> None:
        """Takes what is ready here."""
        month = self.month
        for order in month.carried_by(self.me):
            if order.status is Status.assigned and order.id not in month.holder:
                if not self.aboard():
                    self._loaded_at = month.now
                month.holder[order.id] = self.me
                month.give(order.id, c.PickUp(order=order.id), Role.courier, self.me)

    # going

    def _go(self, goal: tuple[str, str, Point], since: int, until: int) -> int:
        kind, order, where = goal
        target = (kind, order, round(where.lat, 4), round(where.lon, 4))
        if self.body.target != target:
            self._aim(target, where)
        if self.body.is_there:
            return since
        return self.body.ride(since, until)

    def _aim(self, target: object, where: Point) -> None:
        here, town = self.body.point, self.month.town
        line = town.line([here, where])
        chance = Random(f"way|{self.month.setting.seed}|{self.me}|{here.lat:.4f},{here.lon:.4f}|{target}")
        if chance.random() < self.month.setting.detours and flat_m(here, where) > 500:
            # Not everybody goes the quickest way: past somewhere beside it.
            off = chance.uniform(-0.35, 0.35)
            mid = Point(
                (here.lat + where.lat) / 2 + off * (where.lon - here.lon),
                (here.lon + where.lon) / 2 - off * (where.lat - here.lat),
            )
            line = town.line([here, mid, where])
        self.body.aim(target, line, where)

    def _reach(self, goal: tuple[str, str, Point]) -> None:
        kind, order_id, _ = goal
        month = self.month
        order = month.orders.get(order_id)
        if kind == "meet":
            month.holder[order_id] = self.me
            month.give(order_id, c.PickUp(order=order_id), Role.courier, self.me)
            self._busy_until = month.now + LOAD_MS
        elif kind == "shop" and self.is_out:
            self._load()
            self._busy_until = month.now + LOAD_MS
        elif kind == "door" and order is not None:
            if order.status is Status.picked_up:  # the phone could not tell that it had set off
                month.give(order_id, c.SetOff(order=order_id), Role.courier, self.me)
            if month.now < order.promise.start:  # too early to ring: waits outside
                self._busy_until = order.promise.start
                return
            month.give(order_id, c.MarkArrived(order=order_id), Role.courier, self.me)
            building = f"{order.address.point.lat:.4f},{order.address.point.lon:.4f}"
            usual = service_time(order).mean_s
            spent = month.hidden.door_s(order_id, building, self.me, usual)
            self._handing, self._busy_until = order_id, month.now + round(spent * 1000)

    def _deliver(self) -> None:
        order, self._handing = self._handing, ""
        self.month.holder.pop(order, None)
        self.month.give(order, c.Deliver(order=order), Role.courier, self.me)
