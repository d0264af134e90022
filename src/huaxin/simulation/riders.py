"""Where a courier's bike goes. The body follows the run whoever taps, the simulator or a real person."""

from typing import NamedTuple

from huaxin.dispatch.model import ON_BOARD, RIDING
from huaxin.kernel import Point
from huaxin.orders.model import Order, Status
from huaxin.simulation.couriers import Bike
from huaxin.simulation.world import AT_SHOP_M, World

MINUTE = 60_000
EARLY_MS = 8 * MINUTE  # loaded so long before it would arrive as the window opens
WAITS_MS = 8 * MINUTE  # for one more bouquet, at most
SLACK_S = 900.0  # with less to spare nobody waits for one more bouquet
TAPPED_MS = 60_000  # a person who picked up but did not set off: the bike goes all the same
WAITS_AT_DOOR_MS = 15 * MINUTE
STAND_AT_SHOP_MS = 4 * MINUTE  # with flowers on board
PASSES_SHOP_MS = 10 * MINUTE
HANDOVER_MS = 15 * MINUTE  # waits for whoever takes the flowers over
MEET_M = 30.0
MENDED_MS, TOW_MS = 22 * MINUTE, 32 * MINUTE
CLOSE_M = 45.0  # the shop's door and the road beside it


class Goal(NamedTuple):
    kind: str  # door | shop | meet | stay
    order: str = ""
    point: Point | None = None


def opens_at(order: Order) -> int:
    """From when the door expects a courier (ms), 0: from now."""
    if order.agreed_at and order.promise.source != "change":
        return order.agreed_at - 10 * MINUTE
    return order.promise.start


class Rider:
    """One courier's body: what is on the bike, where it is going next, and the going."""

    def __init__(self, world: World, person: str) -> None:
        self.world, self.me = world, person
        self.bike: Bike = world.bikes[person]
        self.goal = Goal("stay")
        self.out = False
        self.broken_at = 0
        self._at_shop_since = 0
        self._passes_shop_until = 0
        self._before = world.now

    # what is whose

    def aboard(self) -> list[Order]:
        holder = self.world.holder
        mine = self.world.carried_by(self.me)
        return [o for o in mine if o.status in ON_BOARD and holder.get(o.id) == self.me]

    def to_meet(self) -> list[Order]:
        """Mine, but still on somebody else's bike."""
        holder = self.world.holder
        mine = self.world.carried_by(self.me)
        return [o for o in mine if o.status is Status.assigned and holder.get(o.id, self.me) != self.me]

    def at_shop(self) -> bool:
        return self.bike.is_at(self.world.shop_point, CLOSE_M)

    def loadable(self) -> list[Order]:
        """At the shop, made, and it is time."""
        return [o for o in self._waiting() if o.status in (Status.assigned, Status.ready)]

    def _waiting(self, ahead_ms: int = 0) -> list[Order]:
        world = self.world
        found = []
        for order in world.carried_by(self.me):
            if order.status in ON_BOARD or order.id in world.holder or order.status is Status.failed:
                continue
            leave = opens_at(order) - round(world.ride_s(order.address.point) * 1000) - EARLY_MS
            if world.now + ahead_ms >= leave:
                found.append(order)
        return found

    def _expected(self) -> list[Order]:
        """On the florist's bench and soon in the box."""
        soon = self._waiting(WAITS_MS)
        return [o for o in soon if o.status in (Status.making, Status.assigned, Status.ready)]

    # moving

    async def ride(self) -> None:
        """Lets the time since the last step pass for the bike and tells its phone's positions."""
        world, bike, now = self.world, self.bike, self.world.now
        before, self._before = self._before, now
        if world.real() < bike.own_until:
            return
        bike.broken = self._is_broken()
        self.goal = self._choose()
        self._steer()
        bike.ride(before, now)
        if self.at_shop() and not self.aboard():
            self.out = False
            bike.charge()
        if fixes := bike.take_fixes():
            positions = [{name: getattr(fix, name) for name in fix.__struct_fields__} for fix in fixes]
            await world.act(self.me, "positions", "report_positions", shop=world.shop.id, positions=positions)

    def wake(self) -> None:
        """A new morning: no time to make up for, the bike mended and at the shop."""
        self._before, self.broken_at, self.out = self.world.now, 0, False
        self.bike.place(self.world.shop_point)

    def break_down(self) -> None:
        self.broken_at = self.world.now
        self.bike.stop()

    def _is_broken(self) -> bool:
        if not self.broken_at:
            return False
        holds = any(who == self.me for who in self.world.holder.values())
        for_ms = self.world.now - self.broken_at
        if for_ms > TOW_MS or (for_ms > MENDED_MS and not holds):
            self.broken_at = 0
        return bool(self.broken_at)

    def _choose(self) -> Goal:
        world, aboard = self.world, self.aboard()
        arrived = next((o for o in aboard if o.status is Status.arrived), None)
        if self.bike.broken or self._is_awaited():
            return Goal("stay")
        if arrived is not None:
            return Goal("door", arrived.id, arrived.address.point)
        for order in self.to_meet():
            other = world.bikes.get(world.holder[order.id])
            if other is not None:
                return Goal("meet", order.id, other.point)
        now_aboard = [o for o in aboard if not self._is_early(o)]
        if now_aboard and (self.out or not self.at_shop() or self._leaves(now_aboard)):
            self.out = True
            return self._next_stop(now_aboard)
        mine = world.carried_by(self.me)
        if any(o.status is Status.failed for o in mine) and not aboard:
            return Goal("stay")
        return Goal("shop", "", world.shop_point)

    def _is_awaited(self) -> bool:
        """Somebody comes for flowers that are on this bike."""
        for order_id, who in self.world.holder.items():
            order = self.world.orders.get(order_id)
            if who != self.me or order is None or order.status is not Status.assigned:
                continue
            if order.courier is not None and order.courier.person != self.me:
                return self.world.now - order.times.get("assigned", 0) < HANDOVER_MS
        return False

    def _is_early(self, order: Order) -> bool:
        """Wanted later than when it was picked up: nobody stands at a door for an hour."""
        ride_ms = round(self.world.ride_s(order.address.point) * 1000)
        return self.world.now < opens_at(order) - ride_ms - WAITS_AT_DOOR_MS

    def _next_stop(self, aboard: list[Order]) -> Goal:
        """As the run says; back by the shop when it says so and the flowers there are made."""
        world = self.world
        by_id = {o.id: o for o in aboard}
        plan = world.plan_of(self.me)
        for stop in plan.stops if plan else []:
            if stop.via_shop and self.loadable() and not self._stood_long_at_shop():
                return Goal("shop", "", world.shop_point)
            order = by_id.get(stop.order)
            if order is not None:
                return Goal("door", order.id, order.address.point)
        return Goal("door", aboard[0].id, aboard[0].address.point)

    def _stood_long_at_shop(self) -> bool:
        """What was to be fetched is not handed out (or not tapped): on without it, for a while."""
        now = self.world.now
        if now < self._passes_shop_until:
            return True
        if not self.at_shop():
            self._at_shop_since = 0
            return False
        self._at_shop_since = self._at_shop_since or now
        longest = TAPPED_MS if self.world.taken.is_taken(self.me) else STAND_AT_SHOP_MS
        if now - self._at_shop_since > longest:
            self._at_shop_since, self._passes_shop_until = 0, now + PASSES_SHOP_MS
            return True
        return False

    def _leaves(self, aboard: list[Order]) -> bool:
        """At the shop with flowers on the bike: go, or wait for one more?"""
        now = self.world.now
        picked = [o.times.get("picked_up", now) for o in aboard]
        if any(o.status in RIDING for o in aboard):
            return True
        if self.world.taken.is_taken(self.me):
            return now - max(picked) > TAPPED_MS
        if now - max(picked) < 15_000:
            return False
        if self.loadable():
            return now - max(picked) > WAITS_MS
        if not self._expected() or now - min(picked) > WAITS_MS:
            return True
        plan = self.world.plan_of(self.me)
        return plan is not None and any(stop.slack_s < SLACK_S for stop in plan.stops)

    def _steer(self) -> None:
        goal, bike = self.goal, self.bike
        if goal.point is None:
            if bike.target:
                bike.stop()
            return
        target = f"{goal.kind}:{goal.order}:{goal.point.lat:.4f},{goal.point.lon:.4f}"
        if bike.target == target:
            return
        close = MEET_M if goal.kind == "meet" else AT_SHOP_M if goal.kind == "shop" else 8.0
        if bike.is_at(goal.point, close):
            bike.stop()
            bike.target = target
            return
        line = self.world.house.city.path([bike.point, goal.point])
        bike.aim(target, line or [bike.point, goal.point], goal.point)
