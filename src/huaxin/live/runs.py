"""Runs as people see and steer them: visiting orders set by hand, what changed and why, who should take an
order, who takes over. What is computed is computed in another process (live/planning.py)."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from huaxin.dispatch.assign import Rider, preview_rider, suggest
from huaxin.dispatch.load import Hold
from huaxin.dispatch.model import WAITING_AT_SHOP, RunPlan
from huaxin.dispatch.store import RunStore
from huaxin.journal.model import Record, Rejected
from huaxin.kernel import Text
from huaxin.live import run_commands as c
from huaxin.live import run_views as rv
from huaxin.live import views as v
from huaxin.live.attention import ASSIGN_AHEAD_MS
from huaxin.live.orders import denied
from huaxin.live.planning import Planner
from huaxin.live.run_desk import Desk
from huaxin.live.tracking import LiveTracking
from huaxin.orders.commands import AssignCourier
from huaxin.orders.model import Order, Reason, Status
from huaxin.people.access import access_shop, is_shop_staff, staff_of
from huaxin.people.model import Principal, StaffRole
from huaxin.people.service import People
from huaxin.tracking.service import Tracker

log = logging.getLogger(__name__)

TOLD_MS = 10 * 60_000  # for so long the courier is shown what changed
AUTOMATIC_S = 5.0
TRY_AGAIN_MS = 60_000
STOPS_RIDING = frozenset({Reason.vehicle_breakdown, Reason.accident, Reason.courier_unavailable})

UNSEEN_MS = 15_000  # from one change to the next: too little to have read the first

Key = tuple[str, str]  # (courier, shop)


class Change(msgspec.Struct, frozen=True):
    at: int
    why: Text
    before: list[str]


class RunDesk(Desk):
    """One per node. Raises Rejected."""

    def __init__(
        self,
        tracking: LiveTracking,
        planner: Planner,
        store: RunStore,
        people: People,
        clock: Callable[[], int],
    ) -> None:
        self._tracking, self._planner, self._store = tracking, planner, store
        self._people, self._clock = people, clock
        self._changes: dict[Key, Change] = {}
        self._holds: dict[Key, Hold] = {}
        self._automatic: set[str] = set()
        self._tried: dict[str, int] = {}
        self._history: dict[str, tuple[int, int]] = {}  # courier → (done, late) since this node began
        self._task: asyncio.Task[None] | None = None
        planner.ask = lambda key: tracking.tracker.ask(*key)
        planner.take = self._take

    def bind(self, system: Callable[[Order, Any, str], Any]) -> None:
        """`system` gives a command of the system (Dispatcher.system)."""
        self._system = system

    async def equip(self, tracker: Tracker) -> None:
        tracker.quick = True
        tracker.hands = await self._store.orders_by_hand()
        self._holds = await self._store.bikes()
        self._automatic = await self._store.automatic()
        tracker.hold = self.hold

    async def start(self) -> None:
        self._task = asyncio.create_task(self._assign_by_itself())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._planner.stop()

    # told by tracking

    def planned(self, shop: str, plan: RunPlan, before: Sequence[str]) -> None:
        key = (plan.courier, shop)
        if not plan.stops:
            self._changes.pop(key, None)
            return
        if plan.changed and plan.why is not None and not plan.by_hand:
            self._note(key, plan, before)
        if not plan.by_hand and len(plan.stops) > 1:
            self._planner.request(key)

    def think_over(self, runs: Iterable[Key]) -> None:
        for key in runs:
            self._planner.request(key)

    def _take(self, key: Key, state: Any, visits: list[int]) -> bool:
        courier, shop = key
        tracker = self._tracking.tracker
        before = tracker.run(courier, shop)
        plan = tracker.take(courier, shop, state, visits)
        if plan is None:
            return tracker.ask(courier, shop) is None
        if plan.changed and plan.why is not None and before is not None:
            self._note(key, plan, before.orders)
            self._tracking.tell_run(shop, courier)
        return True

    def _note(self, key: Key, plan: RunPlan, before: Sequence[str]) -> None:
        """What the courier is told. Of two changes close together nobody saw the order in between: "as it
        was" is the one before both."""
        assert plan.why is not None
        earlier = self._changes.get(key)
        if earlier is not None and plan.at - earlier.at < UNSEEN_MS and set(earlier.before) == set(before):
            before = earlier.before
        self._changes[key] = Change(plan.at, plan.why, list(before))

    def news(self, shop: str, courier: str) -> dict[str, Any]:
        plan = self._tracking.tracker.run(courier, shop)
        if plan is None:
            return {}
        found: dict[str, Any] = {"kept_by_hand": plan.by_hand, "unkept": plan.unkept}
        change = self._changes.get((courier, shop))
        if change is not None and self._clock() - change.at < TOLD_MS and not plan.by_hand:
            found |= {"changed": change.why, "changed_at": change.at, "before": change.before}
        return found

    # the visiting order by hand

    async def set_run_order(self, who: Principal, wish: c.SetRunOrder) -> dict[str, Any]:
        """By the courier for the own run, by the shop for any. Foreign and repeated orders are refused."""
        courier = wish.courier or who.person
        own = courier == who.person and staff_of(who, wish.shop) is not None
        if not own and not is_shop_staff(who, wish.shop):
            raise denied(wish.shop)
        tracker = self._tracking.tracker
        plan = tracker.run(courier, wish.shop)
        mine = set(plan.orders) if plan else set()
        if len(set(wish.orders)) != len(wish.orders):
            raise Rejected("run.repeated", "An order is named twice.", ",".join(wish.orders), status=422)
        foreign = [one for one in wish.orders if one not in mine]
        if foreign:
            raise Rejected("run.foreign", "This order is not on that run.", foreign[0], status=422)
        key, orders = (courier, wish.shop), tuple(wish.orders)
        await self._store.put_order(wish.shop, courier, orders, who.person, self._clock())
        if orders:
            tracker.hands[key] = orders
        else:
            tracker.hands.pop(key, None)
        self._changes.pop(key, None)
        self._tracking.replan(wish.shop, courier)
        return {"shop": wish.shop, "courier": courier, "orders": list(orders)}

    async def preview_run_order(self, who: Principal, wish: c.PreviewRunOrder) -> c.RunOrderEffect:
        """What an order of visits would do, before it is set."""
        courier = wish.courier or who.person
        if not (is_shop_staff(who, wish.shop) or (courier == who.person and staff_of(who, wish.shop))):
            raise denied(wish.shop)
        point = self._tracking.point_of(wish.shop)
        rider = self._tracking.tracker.rider(courier, wish.shop, point)
        return await self._planner.run(c.effect_of, point, rider, list(wish.orders), self._clock())

    def on_record(self, record: Record, order: Order) -> None:
        """Counts who keeps promises; an order set by hand ends with its last stop."""
        if record.type == "delivered" and order.courier is not None:
            done, late = self._history.get(order.courier.person, (0, 0))
            is_late = order.times.get("delivered", 0) > order.promise.end
            self._history[order.courier.person] = done + 1, late + is_late

    # who should take it

    def hold(self, courier: str, shop: str) -> Hold:
        return self._holds.get((courier, shop)) or self._holds.get(("", shop)) or Hold()

    async def riders(self, shop: str) -> list[Rider]:
        """Everyone who may carry for this shop, as they are now."""
        point, found = self._tracking.point_of(shop), []
        for person in await self._people.couriers(shop):
            rider = self._tracking.tracker.rider(person.id, shop, point)
            done, late = self._history.get(person.id, (0, 0))
            found.append(
                replace(
                    rider, name=person.name or person.phone, done=done, late=late,
                    in_trouble=any(is_in_trouble(order, person.id) for order in rider.orders),
                )
            )  # fmt: skip
        return found

    async def preview_assign(self, who: Principal, args: c.PreviewArgs) -> v.AssignCost:
        order, point = self._tracking.order_of(who, args.order)
        if all(one.person.id != args.courier for one in await self._people.staff(order.shop)):
            raise Rejected(
                "order.courier_unknown", "That is nobody of this shop's staff.", args.courier, status=422
            )
        rider = self._tracking.tracker.rider(args.courier, order.shop, point)
        cost = await self._planner.run(preview_rider, point, order, rider, self._clock())
        return v.AssignCost(
            courier=args.courier,
            extra_minutes=cost.extra_minutes,
            late_orders=cost.late_orders,
            eta_at=cost.eta_at,
            reachable=cost.reachable,
        )

    async def suggest_couriers(self, who: Principal, args: c.SuggestArgs) -> list[rv.SuggestionView]:
        order, point = self._tracking.order_of(who, args.order)
        found = await self._planner.run(suggest, point, order, await self.riders(order.shop), self._clock())
        return [
            rv.SuggestionView(
                courier=one.courier, name=one.name, reason=one.reason, extra_minutes=one.extra_minutes,
                late_orders=one.late_orders, eta_at=one.eta_at, reachable=one.reachable,
            )
            for one in found
        ]  # fmt: skip

    # settings

    async def set_bike(self, who: Principal, wish: c.SetBike) -> dict[str, Any]:
        access_shop(who, wish.shop)
        if wish.courier and all(one.person.id != wish.courier for one in await self._people.staff(wish.shop)):
            raise Rejected(
                "order.courier_unknown", "That is nobody of this shop's staff.", wish.courier, status=422
            )
        hold = Hold(places=wish.places, tall=wish.tall)
        await self._store.put_bike(wish.shop, wish.courier, hold)
        self._holds[wish.courier, wish.shop] = hold
        for rider in await self.riders(wish.shop):
            if rider.orders and wish.courier in ("", rider.courier):
                self._tracking.replan(wish.shop, rider.courier)
        return {"shop": wish.shop}

    async def set_assignment(self, who: Principal, wish: c.SetAssignment) -> dict[str, Any]:
        access_shop(who, wish.shop, StaffRole.owner, StaffRole.dispatcher)
        await self._store.put_automatic(wish.shop, wish.automatic, self._clock())
        (self._automatic.add if wish.automatic else self._automatic.discard)(wish.shop)
        return {"shop": wish.shop, "automatic": wish.automatic}

    async def get_assignment(self, who: Principal, args: c.ShopOnly) -> rv.AssignmentView:
        access_shop(who, args.shop)
        usual = self.hold("", args.shop)
        own = {key[0]: hold for key, hold in self._holds.items() if key[1] == args.shop and key[0]}
        bikes = {"": usual} | own
        return rv.AssignmentView(
            automatic=args.shop in self._automatic,
            bikes=[rv.BikeView(courier=one, places=h.places, tall=h.tall) for one, h in bikes.items()],
        )

    # by itself

    async def _assign_by_itself(self) -> None:
        while True:
            await asyncio.sleep(AUTOMATIC_S)
            try:
                await self.assign_due()
            except Exception:
                log.exception("automatic assignment failed; the next round goes on")

    async def assign_due(self) -> int:
        """Assigns what is ready, or 45 min before its promise, where the shop wants that; how many."""
        given, now = 0, self._clock()
        for shop in list(self._automatic):
            for order in self._tracking.open_of(shop):
                if _is_due(order, now) and now - self._tried.get(order.id, -TRY_AGAIN_MS) >= TRY_AGAIN_MS:
                    self._tried[order.id] = now
                    given += await self._assign_best(order)
        open_now = {o.id for shop in self._automatic for o in self._tracking.open_of(shop)}
        self._tried = {one: at for one, at in self._tried.items() if one in open_now}
        return given

    async def _assign_best(self, order: Order) -> bool:
        point = self._tracking.point_of(order.shop)
        riders = [one for one in await self.riders(order.shop) if not one.in_trouble and not one.stale]
        found = await self._planner.run(suggest, point, order, riders, self._clock()) if riders else []
        if not found or not found[0].reachable:
            return False  # a person decides; the board says that it waits
        try:
            await self._system(order, AssignCourier(order=order.id, courier=found[0].courier), "")
        except Rejected as refusal:
            log.info("%s was not assigned by itself: %s", order.id, refusal.code)
            return False
        return True


def _is_due(order: Order, now: int) -> bool:
    if order.courier is not None or order.status not in WAITING_AT_SHOP or order.status is Status.placed:
        return False
    return order.status is Status.ready or order.promise.end - now < ASSIGN_AHEAD_MS


def is_in_trouble(order: Order, courier: str) -> bool:
    """Has this courier said that they cannot go on?"""
    return any(
        one.status == "open" and one.reporter == courier and one.reason in STOPS_RIDING
        for one in order.incidents
    )
