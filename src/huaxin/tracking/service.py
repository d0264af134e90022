"""The tracker: positions in, plans, etas, commands and alerts out. Lives in memory, rebuilt from the orders.

Called from one event loop only (no locks). It does no I/O of its own; the road map it is given answers in
about a millisecond and is asked about once per 50 m ridden.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Any, NamedTuple

from huaxin.dispatch.ask import Ask
from huaxin.dispatch.assign import Rider, preview_rider
from huaxin.dispatch.load import Hold
from huaxin.dispatch.model import ON_BOARD, RIDING, AssignPreview, RunPlan, window_of
from huaxin.dispatch.roads import Roads, flat_m
from huaxin.kernel import Point
from huaxin.orders.model import ON_THE_ROAD, Order, Status
from huaxin.orders.views import PositionView
from huaxin.tracking.eta import should_report_slipping
from huaxin.tracking.jam import jammed
from huaxin.tracking.learning.memory import Memory
from huaxin.tracking.moving import Desk, Moving, Run, best_of, chance_as_ridden, moving
from huaxin.tracking.positions import CourierTrack, Fix, Report
from huaxin.tracking.riding import SLIP_HOLD_MS, How, Memo, Riding, State, replan_would_change
from huaxin.tracking.shift import NearestRoad, ShiftCheck
from huaxin.tracking.views import EtaView, PositionReport, TrackView
from huaxin.tracking.watchdog import Alert, Watched, watch

ASK_AGAIN_MS = 30_000  # a due command that changed nothing is due again after this
REPLAN_MS = 120_000  # a run that nothing happened to is thought over this often …
SNAP_M = 25.0  # further from a road than this a bike is shown where it says
MOVING_MS = 20_000  # who has stood for so long is shown where they stand, beside the road
REPLAN_LATE_MS = 45_000  # … and this often while something on it is late


class Due(NamedTuple):
    """A command the system should give now: (order, name, fields)."""

    order: str
    command: str
    fields: dict[str, Any]


class Tracker:
    """`roads`: the city's; `clock`: ms since 1970; `tz`: of the shops (for the hour of the day)."""

    def __init__(
        self,
        roads: Roads,
        clock: Callable[[], int],
        tz: tzinfo,
        *,
        memory: Memory | None = None,
        positions: Mapping[str, Fix] | None = None,
        nearest: NearestRoad | None = None,
    ) -> None:
        self.roads, self._clock = roads, clock
        self.memory = memory or Memory(tz)
        self.quick = False  # True: full answers come from elsewhere (`ask`, `take`)
        self.hands: dict[tuple[str, str], tuple[str, ...]] = {}  # (courier, shop) → order set by hand
        self.hold: Callable[[str, str], Hold | None] = lambda courier, shop: None  # (courier, shop)
        self.rings: dict[str, tuple[int, int]] = {}  # shop → (metres, minutes) of its ring
        self.jams: frozenset[str] = frozenset()
        self._nearest = nearest
        self._shifts: dict[str, ShiftCheck] = {}
        self._tracks: dict[str, CourierTrack] = {}
        self._ridings: dict[tuple[str, str], Riding] = {}  # (courier, shop)
        self._by_courier: dict[str, list[Riding]] = {}
        self._by_order: dict[str, Riding] = {}
        for courier, fix in (positions or {}).items():
            self._track(courier).restore(fix)

    # In

    def report(self, courier: str, fixes: Sequence[PositionReport], sent_at: int = 0) -> Report:
        """Takes a batch from a courier's phone. `sent_at`: the phone's clock at sending, when it says so."""
        track = self._track(courier)
        report = track.report(fixes, self._clock(), sent_at)
        if report.accepted:
            self._look_at_roads(courier, track)
            for riding in self._by_courier.get(courier, ()):
                riding.ring = self.rings.get(riding.shop, riding.ring)
                riding.judge()
        return report

    def plan(self, courier: str, shop_point: Point, orders: Sequence[Order], shop: str = "") -> RunPlan:
        """Call when anything of a courier's open orders at one shop changed (and at start): all of them, as
        they are now. Gives the visiting order. `shop` is needed only when `orders` is empty."""
        shop = orders[0].shop if orders else shop
        key = (courier, shop)
        riding = self._ridings.get(key)
        if riding is None:
            riding = self._ridings[key] = Riding(courier, shop, shop_point, self._track(courier))
            self._by_courier.setdefault(courier, []).append(riding)
        now = self._clock()
        gone = riding.orders.keys() - {o.id for o in orders}
        plan = self._replan(riding, orders, now, shop_point)
        for order in gone:
            if self._by_order.get(order) is riding:
                del self._by_order[order]
        for order in riding.orders:
            before = self._by_order.get(order)
            if before is not None and before is not riding:  # reassigned: the other run goes on without it
                rest = [o for o in before.orders.values() if o.id != order]
                self._replan(before, rest, now)
            self._by_order[order] = riding
        if not riding.orders:
            del self._ridings[key]
            self._by_courier[courier].remove(riding)
        return plan

    def forget(self, courier: str) -> None:
        """Drops what is known of a courier's way: they went off duty or left."""
        self._tracks.pop(courier, None)
        self._shifts.pop(courier, None)
        for riding in self._by_courier.pop(courier, ()):
            self._ridings.pop((courier, riding.shop), None)
            for order in riding.orders:
                self._by_order.pop(order, None)

    # Out

    def track(self, order: str, *, changed_path_only: bool = False) -> TrackView:
        """Position, eta and road ahead of one order. The road only when this order is the next stop: it
        must not lead a buyer past another buyer's door. With `changed_path_only` (for signals) the road is
        there only when it is new; call it from one place."""
        now = self._clock()
        riding = self._by_order.get(order)
        if riding is None:
            return TrackView(order=order)
        self._keep_up(riding, now)
        one = riding.orders.get(order)
        if one is None:  # still the courier's, but no longer a stop: a failed handover
            return TrackView(order=order)
        fix = riding.track.latest
        eta = riding.etas.get(order)
        if one.status not in ON_THE_ROAD or fix is None:
            return TrackView(order=order, eta=eta, stale=one.status in RIDING)
        return TrackView(
            order=order, position=self._position_view(riding.track), stale=riding.track.is_stale(now),
            eta=eta, path=self._path(riding, one, fix, changed_path_only),
        )  # fmt: skip

    def eta(self, order: str) -> EtaView | None:
        """The prediction for an order that is in somebody's run."""
        riding = self._by_order.get(order)
        if riding is None:
            return None
        self._keep_up(riding, self._clock())
        return riding.etas.get(order)

    def run(self, courier: str, shop: str) -> RunPlan | None:
        """The plan as of the newest position."""
        riding = self._ridings.get((courier, shop))
        if riding is None:
            return None
        self._keep_up(riding, self._clock())
        return riding.plan

    def position(self, courier: str) -> PositionView | None:
        """Where a courier is, smoothed for show."""
        track = self._tracks.get(courier)
        return self._position_view(track) if track else None

    def is_stale(self, courier: str) -> bool:
        track = self._tracks.get(courier)
        return track is None or track.is_stale(self._clock())

    def latest(self, couriers: Iterable[str]) -> dict[str, Fix]:
        """Newest fixes, for the store."""
        tracks = ((c, self._tracks.get(c)) for c in couriers)
        return {c: t.latest for c, t in tracks if t is not None and t.latest is not None}

    @property
    def now(self) -> int:
        return self._clock()

    def rider(self, courier: str, shop: str, shop_point: Point) -> Rider:
        """A courier as the one who assigns must know them."""
        now = self._clock()
        riding = self._ridings.get((courier, shop)) or Riding(courier, shop, shop_point, self._track(courier))
        fix = riding.track.latest
        return Rider(
            courier=courier, name=courier, bike=riding.bike(now), orders=list(riding.orders.values()),
            previous=riding.plan.orders, hand=list(self.hands.get((courier, shop), ())),
            pace=self.memory.pace(courier, now), hold=self.hold(courier, shop) or Hold(),
            battery=fix.battery if fix else -1, stale=riding.track.is_stale(now),
        )  # fmt: skip

    def preview_assign(self, order: Order, courier: str, shop_point: Point) -> AssignPreview:
        """What giving this order to this courier would cost. Changes nothing."""
        rider = self.rider(courier, order.shop, shop_point)
        has = self._by_order.get(order.id)
        holder = self.rider(has.courier, has.shop, shop_point) if has is not None else None
        return preview_rider(self.roads, shop_point, order, rider, self._clock(), holder)

    def best_move(
        self, order: Order, takers: Iterable[str], shop_point: Point, *, gone: bool = False
    ) -> Moving | None:
        """Who should have this order instead, if that keeps more promises in all. Changes nothing. `gone`:
        for the case that who has it does not ride on."""
        giver, now = self._by_order.get(order.id), self._clock()
        if giver is None:
            return None
        self._keep_up(giver, now)
        desk = Desk(self.roads, shop_point, self.memory, now)
        age_ms = giver.track.age_ms(now)
        chance = 0.0 if gone else chance_as_ridden(order, giver.arrival(order.id), age_ms, now)
        gives = self._run_of(giver.courier, order.shop, shop_point)
        found = [
            moving(desk, order, chance, gives, self._run_of(one, order.shop, shop_point))
            for one in takers if one != giver.courier
        ]  # fmt: skip
        return best_of(found, window_of(order)[1])

    def _run_of(self, courier: str, shop: str, shop_point: Point) -> Run:
        now = self._clock()
        pace = self.memory.pace(courier, now)
        riding = self._ridings.get((courier, shop)) or Riding(courier, shop, shop_point, self._track(courier))
        hand = self.hands.get((courier, shop), ())
        hold = self.hold(courier, shop) or Hold()
        orders = list(riding.orders.values())
        return Run(courier, orders, *riding.start(now, pace), riding.plan.orders, pace, hold, hand)

    def commands_due(self, now: int, courier: str = "") -> list[Due]:
        """System commands to give now, of everyone's or one courier's orders. Each stays due (asked again
        every 30 s) until the order, passed to `plan`, shows it done; a refusal ("already told") is as good
        as done."""
        due: list[Due] = []
        ridings = self._by_courier.get(courier, ()) if courier else self._ridings.values()
        for riding in ridings:
            self._keep_up(riding, now)
            for order in riding.orders.values():
                due += self._due_of(riding, order, now)
        return due

    def replan_due(self, now: int) -> list[RunPlan]:
        """Runs whose visiting order changed because time went on, without any event."""
        changed = []
        for riding in self._overdue(now):
            if replan_would_change(riding, self.memory.pace(riding.courier, now), now):
                orders = list(riding.orders.values())
                changed.append(self._replan(riding, orders, now))
        return changed

    def thoughts_due(self, now: int) -> list[tuple[str, str]]:
        """(courier, shop) of the runs to `ask` about again because time went on. Each is named once."""
        return [(riding.courier, riding.shop) for riding in self._overdue(now)]

    def _overdue(self, now: int) -> list[Riding]:
        found = []
        for riding in self._ridings.values():
            late = riding.plan.late_s > 0
            if now - riding.planned_at >= (REPLAN_LATE_MS if late else REPLAN_MS):
                riding.planned_at = now
                found.append(riding)
        return found

    def ask(self, courier: str, shop: str) -> tuple[State, Ask] | None:
        """The question for the solver, and what its answer will hold for."""
        riding, now = self._ridings.get((courier, shop)), self._clock()
        ask = riding.ask(self.memory.pace(courier, now), now) if riding else None
        return (riding.state(), ask) if riding is not None and ask is not None else None

    def take(self, courier: str, shop: str, state: State, visits: Sequence[int]) -> RunPlan | None:
        """Takes the solver's answer. None: the run is another by now, ask again."""
        riding = self._ridings.get((courier, shop))
        if riding is None or riding.plan.by_hand or riding.state() != state:
            return None
        return self._replan(riding, list(riding.orders.values()), self._clock(), visits=visits)

    def _replan(
        self,
        riding: Riding,
        orders: Sequence[Order],
        now: int,
        shop_point: Point | None = None,
        visits: Sequence[int] | None = None,
    ) -> RunPlan:
        hand = self.hands.get((riding.courier, riding.shop), ())
        how = How(self.hold(riding.courier, riding.shop), hand, self.quick, visits)
        point = shop_point or riding.shop_point
        return riding.replan(self.roads, point, orders, self.memory, now, how)

    def alerts(self, now: int, courier: str = "") -> list[Alert]:
        """What the watchdog sees now, of everyone or one courier."""
        watched, etas = [], dict[str, EtaView]()
        ridings = self._by_courier.get(courier, ()) if courier else self._ridings.values()
        for riding in ridings:
            self._keep_up(riding, now)
            etas |= riding.etas
            orders = list(riding.orders.values())
            name = next((o.courier.name for o in orders if o.courier), riding.courier)
            riding.off_route.look_at(riding.track.latest, orders, riding.shop_point, self.roads)
            watched.append(
                Watched(
                    riding.courier, name, riding.shop_point, orders, riding.track, riding.plan.finish_at,
                    riding.off_route.since, self._shifted_since(riding.courier),
                )
            )  # fmt: skip
        return watch(watched, etas, now)

    def look_for_jams(self, now: int) -> None:
        """Who is stuck in traffic; a warning given now says so. Every ten seconds or so."""
        on_road: dict[str, CourierTrack] = {}
        for riding in self._ridings.values():
            riding_now = [o for o in riding.orders.values() if o.status in RIDING]
            if riding_now and not any(o.status is Status.arrived for o in riding_now):
                on_road[riding.courier] = riding.track
        self.jams = jammed(on_road, now)

    # Inside

    def _track(self, courier: str) -> CourierTrack:
        return self._tracks.setdefault(courier, CourierTrack())

    def _keep_up(self, riding: Riding, now: int) -> None:
        riding.keep_up(self.memory, now)

    def _look_at_roads(self, courier: str, track: CourierTrack) -> None:
        """A moving bike is shown on its road; a way that lies beside all roads is remembered as such."""
        here = track.shown
        if self._nearest is None or track.latest is None or here is None:
            return
        self._shifts.setdefault(courier, ShiftCheck()).see(track.latest, self._nearest)
        track.on_road = None
        if track.still_ms() < MOVING_MS:
            road = self._nearest(here)
            if road is not None and flat_m(road, here) <= SNAP_M:
                track.on_road = road

    def _shifted_since(self, courier: str) -> int:
        check = self._shifts.get(courier)
        return check.since if check is not None else 0

    @staticmethod
    def _position_view(track: CourierTrack) -> PositionView | None:
        fix = track.latest
        if fix is None:
            return None
        return PositionView(
            point=track.on_road or track.shown or fix.point, at=fix.at, accuracy_m=fix.accuracy_m,
            heading=fix.heading, speed_kmh=fix.speed_kmh, battery=fix.battery,
        )  # fmt: skip

    def _path(self, riding: Riding, order: Order, fix: Fix, changed_only: bool) -> list[Point] | None:
        head = riding.plan.stops[0] if riding.plan.stops else None
        if head is None or head.order != order.id or head.via_shop or order.status is Status.arrived:
            return None
        road = riding.memos[order.id].road
        here = riding.track.shown or fix.point
        road.follow(self.roads, here, order.address.point)
        if changed_only and not road.take_changed():
            return None
        return road.ahead(here) or None

    def _due_of(self, riding: Riding, order: Order, now: int) -> list[Due]:
        memo = riding.memos[order.id]
        due: list[Due] = []
        if order.status is Status.picked_up and riding.has_left_shop:
            self._ask(due, memo, Due(order.id, "set_off", {}), now)
        if order.status is Status.delivering and memo.ring.closed and not order.arriving_told:
            self._ask(due, memo, Due(order.id, "mark_arriving", {}), now)
        eta = riding.etas.get(order.id)
        if eta is None or not memo.slips_since or now - memo.slips_since < SLIP_HOLD_MS:
            return due
        if order.status in ON_BOARD or order.courier is not None:
            fields = {
                "eta_at": eta.p50_at, "to_at": max(eta.p90_at, riding.warned_at(order.id, now)),
                "why": eta.why.zh if eta.why else "", "jam": riding.courier in self.jams,
            }  # fmt: skip
            if should_report_slipping(order, eta, now):
                self._ask(due, memo, Due(order.id, "report_slipping", fields), now)
        return due

    @staticmethod
    def _ask(due: list[Due], memo: Memo, wish: Due, now: int) -> None:
        if now - memo.asked.get(wish.command, -ASK_AGAIN_MS) >= ASK_AGAIN_MS:
            memo.asked[wish.command] = now
            due.append(wish)
