"""One courier's run while it is ridden: the plan kept up with the positions, fences, etas, what was told.

Re-planning (which stop next) happens on events; keeping up (when will it be) with every position: the walk
over the known legs is cheap, and only the leg from the bike to its next place is asked of the map, once per
cell of about 50 m.
"""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from huaxin.dispatch.ask import Ask
from huaxin.dispatch.load import Hold
from huaxin.dispatch.model import HEADING, ON_BOARD, RIDING, Bike, RunPlan, window_of
from huaxin.dispatch.roads import METRES_PER_DEGREE, Roads, flat_m
from huaxin.dispatch.run import Row, RunProblem, ask_of, plan_problem, solve, walk
from huaxin.kernel import Point
from huaxin.orders.model import Address, Order, Status
from huaxin.tracking.eta import (
    Arrival,
    arrivals,
    arrived_eta,
    eta_of,
    should_report_slipping,
)
from huaxin.tracking.geofence import RING_M, Ring, ShopFence, reach_of
from huaxin.tracking.learning.memory import Memory
from huaxin.tracking.learning.rides import Leg
from huaxin.tracking.lessons import ON_THE_WAY, STRAIGHT_PART, Lessons
from huaxin.tracking.meeting import after_meeting, meetings, with_meeting
from huaxin.tracking.moves import Basis, Move, move_of
from huaxin.tracking.off_route import OffRoute
from huaxin.tracking.path import RoadAhead
from huaxin.tracking.positions import LOST_MS, STALE_MS, CourierTrack, Fix
from huaxin.tracking.views import EtaView
from huaxin.tracking.watchdog import AT_SHOP_M, AT_STOP_M

CELL_M = 50.0
CELLS_KEPT = 256
RIDE_MPS = 5.0  # an e-bike in the city, where nothing better is known
REFRESH_MS = 5_000  # without a new position an eta still ages
WHY_SHOWN_MS = 10 * 60_000  # for how long "why it moved" stays on the card
SLIP_HOLD_MS = 20_000  # a promise must look broken for so long before anybody is told
TOLD_QUANTILE = 0.6744897501960817  # the time named in a warning: three in four come true

Cell = tuple[int, int]


def cell_of(point: Point) -> Cell:
    scale = METRES_PER_DEGREE / CELL_M
    return round(point.lat * scale), round(point.lon * scale)


class Memo:
    """What is remembered of one order while it is in the run."""

    __slots__ = ("asked", "door", "move", "moved_at", "ring", "road", "slips_since", "told")

    def __init__(self, door: Address) -> None:
        self.door = door
        self.ring = Ring()
        self.road = RoadAhead()
        self.told: Basis | None = None
        self.move: Move | None = None
        self.moved_at = 0
        self.slips_since = 0
        self.asked: dict[str, int] = {}  # command → when it was last asked for


class How(NamedTuple):
    """How a run is to be planned. `visits`: found elsewhere for these very orders."""

    hold: Hold | None = None
    hand: Sequence[str] = ()
    quick: bool = False
    visits: Sequence[int] | None = None


USUAL = How()
State = tuple[object, ...]


class Riding:
    """A courier's run at one shop."""

    def __init__(self, courier: str, shop: str, shop_point: Point, track: CourierTrack) -> None:
        self.courier, self.shop, self.shop_point, self.track = courier, shop, shop_point, track
        self.ring = (round(RING_M), 0)  # metres, minutes: the shop's wish
        self.orders: dict[str, Order] = {}
        self.memos: dict[str, Memo] = {}
        self.problem: RunProblem | None = None
        self.visits: list[int] = []
        self.plan = RunPlan(courier=courier, at=0, stops=[], finish_at=0, late_s=0.0, distance_m=0.0)
        self.etas: dict[str, EtaView] = {}
        self.planned_at = 0
        self._arrivals: dict[str, Arrival] = {}
        self._kept_up_at = 0
        self._kept_up_fix: Fix | None = None
        self._kept_up_cell: Cell | None = None
        self._judged_at = 0  # the newest fix the fences have seen
        self.off_route = OffRoute()
        self._fence = ShopFence()
        self._on_board: frozenset[str] = frozenset()
        self._lessons = Lessons(courier)
        self._usual_s: dict[str, float] = {}  # order → what its handover is expected to take
        self._head_spread = 0.0
        self._cells: dict[tuple[Cell, int], tuple[float, float, bool]] = {}

    # Planning

    def replan(
        self,
        roads: Roads,
        shop_point: Point,
        orders: Sequence[Order],
        memory: Memory,
        now: int,
        how: How = USUAL,
    ) -> RunPlan:
        """Takes the orders as they are now and finds their visiting order."""
        self._lessons.hear(self.orders, orders, self._usual_s, memory, now)
        self.shop_point = shop_point
        legs = self.problem.legs if self.problem else None
        self.problem = RunProblem(roads, shop_point, orders, legs, how.hold)
        if self.problem.legs is not legs:
            self._cells.clear()
        self.orders = {o.id: o for o in orders if o.id in self.problem.place_of}
        self.problem.services = [memory.service(o, self.courier) for o in self.problem.orders]
        services = zip(self.problem.orders, self.problem.services, strict=True)
        self._usual_s = {o.id: service.mean_s for o, service in services}
        self._remember(now)
        pace = memory.pace(self.courier, now)
        bike, begin = self.start(now, pace)
        before = self.plan.orders
        plan = plan_problem(
            self.problem, bike, begin, before, pace, hand=how.hand, quick=how.quick, visits=how.visits
        )
        self.plan = replace(plan, at=now)
        self.visits = self._visits_of(self.plan)
        self.planned_at = now
        self._kept_up_fix = None
        self._begin_leg(now)
        self.keep_up(memory, now)
        return self.plan

    def state(self) -> State:
        """What an answer of the solver holds for: as long as this is the same, its places mean the same."""
        assert self.problem is not None
        orders = ((o.id, o.status, o.address.point, window_of(o)) for o in self.problem.orders)
        return (self.shop_point, self.problem.hold, *orders)

    def ask(self, pace: float, now: int) -> Ask | None:
        """What is to be asked of the solver; None when there is nothing to choose."""
        if self.problem is None or len(self.orders) < 2 or self.plan.by_hand:
            return None
        bike, begin = self.start(now, pace)
        return ask_of(self.problem, bike, begin, self.plan.orders, pace)

    def _visits_of(self, plan: RunPlan) -> list[int]:
        assert self.problem is not None
        visits = []
        for stop in plan.stops:
            if stop.via_shop:
                visits.append(1)
            visits.append(self.problem.place_of[stop.order])
        return visits

    def bike(self, now: int) -> Bike:
        """Where the ride starts: the newest fix; the shop when none is recent and nothing is on the road."""
        fix = self.track.latest
        riding = any(o.status in RIDING for o in self.orders.values())
        if fix is None or (not riding and now - fix.at > STALE_MS):
            return Bike(courier=self.courier)
        return Bike(courier=self.courier, point=fix.point, at=fix.at)

    def start(self, now: int, pace: float) -> tuple[Bike, int]:
        """From where and when the stops are ridden to: flowers on another bike are met first."""
        bike, places = self.bike(now), meetings(self.orders.values(), self.courier)
        if not places or self.problem is None:
            return bike, now
        return after_meeting(self.problem.roads, self.shop_point, bike, places, now, pace)

    def _remember(self, now: int) -> None:
        for gone in self.memos.keys() - self.orders.keys():
            del self.memos[gone]
        for order in self.orders.values():
            memo = self.memos.get(order.id)
            # A new door, or a delivery begun again with another courier, may be announced again.
            if memo is None or memo.door.point != order.address.point:
                self.memos[order.id] = Memo(order.address)
        on_board = frozenset(o.id for o in self.orders.values() if o.status is Status.picked_up)
        if on_board != self._on_board:
            self._fence, self._on_board = ShopFence(), on_board

    # Keeping up

    def keep_up(self, memory: Memory, now: int) -> None:
        """Brings plan and etas up to the newest fix and the time."""
        fix = self.track.latest
        if self.problem is None or self._is_kept_up(fix, now):
            return
        self._kept_up_fix, self._kept_up_at = fix, now
        self._kept_up_cell = cell_of(fix.point) if fix is not None else None
        bike, pace = self.bike(now), memory.pace(self.courier, now)
        self._head_spread = 0.0
        if self.visits:
            kept = self.plan
            there, begin = self.start(now, pace)
            row = self._row(there)
            if begin == now:
                row = self._with_ride_so_far(row, memory, fix, pace)
            plan = walk(self.problem, self.visits, there, row, begin, pace)
            plan = with_meeting(plan, (begin - now) / 1000)
            self.plan = replace(plan, at=now, changed=kept.changed, why=kept.why, by_hand=kept.by_hand)
        self._predict(bike, memory, now)

    def _is_kept_up(self, fix: Fix | None, now: int) -> bool:
        """Within a few seconds nothing changes but by riding on, and that was foreseen: a wheel's turn in the
        same cell makes no arrival time earlier or later."""
        if now - self._kept_up_at >= REFRESH_MS:
            return False
        before = self._kept_up_fix
        if fix is before or fix is None or before is None:
            return fix is before
        near = fix.at - before.at < REFRESH_MS and before.at - self._kept_up_at > -REFRESH_MS
        return near and cell_of(fix.point) == self._kept_up_cell

    def _with_ride_so_far(self, row: Row, memory: Memory, fix: Fix | None, pace: float) -> Row:
        """The row with the leg being ridden as the ride so far says, not as couriers usually ride."""
        leg, place = self._lessons.leg, self.visits[0]
        assert self.problem is not None
        if leg is None or fix is None or self.problem.place_of.get(leg.order) != place or not row[2][place]:
            return row
        left = Leg(row[0][place], row[1][place], STRAIGHT_PART * row[1][place])
        rest_s, self._head_spread = self._lessons.predict_left(memory, fix, left, self._still_s())
        row[0][place] = rest_s / pace
        return row

    def _row(self, bike: Bike) -> Row:
        """The row of the task, with only the next place and those the courier heads to filled in."""
        assert self.problem is not None
        if bike.point is None:
            return self.problem.row(None)
        heading = [p for o, p in self.problem.place_of.items() if self.orders[o].status in HEADING]
        n = len(self.problem.points) + 1
        seconds, metres, known = [0.0] * n, [0.0] * n, [True] * n
        for place in {self.visits[0], *heading}:
            seconds[place], metres[place], known[place] = self._leg(bike.point, place)
        return seconds, metres, known

    def _leg(self, here: Point, place: int) -> tuple[float, float, bool]:
        """(seconds, metres, known) from here to a place, asked once per cell."""
        assert self.problem is not None
        key = (cell_of(here), place)
        found = self._cells.get(key)
        if found is None:
            seconds, metres, known = self.problem.row(here, [place])
            if len(self._cells) >= CELLS_KEPT:
                self._cells.clear()
            found = self._cells[key] = (seconds[place], metres[place], known[place])
        return found

    def _age_ms(self, bike: Bike, now: int) -> int:
        return max(0, now - bike.at) if bike.point is not None else 0

    def is_lost(self, now: int) -> bool:
        """Flowers are on the road and nobody knows where."""
        riding = any(o.status in RIDING for o in self.orders.values())
        age = self.track.age_ms(now)
        return riding and (age is None or age > LOST_MS)

    def _predict(self, bike: Bike, memory: Memory, now: int) -> None:
        lost, age_ms = self.is_lost(now), self._age_ms(bike, now)
        total_m, before = 0.0, frozenset[str]()
        still_s, stops = self._still_s(), self.plan.stops
        handovers = self._lessons.handovers(self.orders, self._usual_s, now)
        way_m = self._lessons.way_m(stops[0].distance_m) if stops else 0.0
        self.etas.clear()
        self._arrivals.clear()
        found = arrivals(self.plan, now, age_ms, self._head_spread, memory.arrivals.shape)
        for stop, arrival in zip(stops, found, strict=True):
            order = self.orders[stop.order]
            total_m += stop.distance_m
            if order.status is Status.arrived:
                self.etas[order.id] = arrived_eta(order, now)
            else:
                self._arrivals[order.id] = arrival
                eta = eta_of(order, stop, arrival, now, lost=lost, distance_m=total_m)
                basis = Basis(
                    p50_at=eta.p50_at, before=before, floor_at=window_of(order)[0], stale=age_ms > STALE_MS,
                    handovers=handovers, waiting=order.status not in ON_BOARD, still_s=still_s,
                    heading=stops[0].order, way_m=way_m,
                )  # fmt: skip
                if order.status in ON_THE_WAY and stop.known and not lost:
                    self._lessons.note(order.id, arrival, now)
                self.etas[order.id] = self._tell(order, eta, basis, now)
            before |= {order.id}

    def _tell(self, order: Order, eta: EtaView, basis: Basis, now: int) -> EtaView:
        """The eta with the words why it moved, while they are news; notes since when it slips."""
        memo = self.memos[order.id]
        if memo.told is None:
            memo.told = basis
        move = move_of(memo.told, basis)
        if move is not None:
            memo.move, memo.moved_at, memo.told = move, now, basis
        if memo.move is not None and memo.move.unseen and not basis.stale:
            memo.move = None  # a position is there again: the eta stands on it
        if not should_report_slipping(order, eta, now):
            memo.slips_since = 0
        elif not memo.slips_since:
            memo.slips_since = now
        if memo.move is None or now - memo.moved_at > WHY_SHOWN_MS:
            return eta
        return replace(eta, why=memo.move.why, moved_minutes=memo.move.minutes)

    def arrival(self, order: str) -> Arrival | None:
        """What is known of the time left until this door."""
        return self._arrivals.get(order)

    def _still_s(self) -> float:
        """For how long the courier has stood where there is no reason to stand."""
        anchor = self.track.anchor
        if anchor is None or any(o.status is Status.arrived for o in self.orders.values()):
            return 0.0
        if flat_m(anchor, self.shop_point) <= AT_SHOP_M:
            return 0.0
        if any(flat_m(anchor, o.address.point) <= AT_STOP_M for o in self.orders.values()):
            return 0.0
        return self.track.still_ms() / 1000

    # Fences

    def judge(self) -> None:
        """Shows every fix not seen yet to the fences."""
        for fix in list(self.track.tail):
            if fix.at > self._judged_at:
                self._judged_at = fix.at
                self._judge(fix)

    def _judge(self, fix: Fix) -> None:
        if self._on_board:
            picked = max(self.orders[o].times.get("picked_up", 0) for o in self._on_board)
            self._fence.see(fix, self.shop_point, picked)
        upcoming = self.plan.stops[0] if self.plan.stops else None
        for order in self.orders.values():
            if order.status is not Status.delivering or order.arriving_told or self.problem is None:
                continue
            ring, door = self.memos[order.id].ring, order.address.point
            straight_m = flat_m(door, fix.point)
            road_m = float("inf")
            reach = reach_of(*self.ring, RIDE_MPS)
            if straight_m <= self.look_m + 2 * fix.accuracy_m:
                seconds, metres, known = self._leg(fix.point, self.problem.place_of[order.id])
                road_m = max(metres, straight_m) if known else road_m
                reach = reach_of(*self.ring, metres / seconds if seconds > 0 else RIDE_MPS)
            is_next = upcoming is not None and upcoming.order == order.id and not upcoming.via_shop
            next_m = 1e9
            if upcoming is not None and not is_next:
                next_m = flat_m(self.orders[upcoming.order].address.point, fix.point)
            ring.see(fix, straight_m, road_m, is_next=is_next, next_m=next_m, reach=reach)

    @property
    def look_m(self) -> float:
        """From further away the map need not be asked."""
        metres, minutes = self.ring
        return minutes * 60 * RIDE_MPS * 2 if minutes else metres

    @property
    def has_left_shop(self) -> bool:
        return bool(self._on_board) and self._fence.is_left

    def warned_at(self, order: str, now: int) -> int:
        """The time to name in a warning that a promise slips."""
        arrival = self._arrivals.get(order)
        return 0 if arrival is None else now + round(arrival.quantile_s(TOLD_QUANTILE) * 1000)

    # Learning

    def _begin_leg(self, now: int) -> None:
        """Who heads to a door from a known place begins a leg that will teach something."""
        head, fix = self.plan.stops[0] if self.plan.stops else None, self.track.latest
        if head is None or head.via_shop or not head.known or fix is None or self.problem is None:
            return
        order = self.orders[head.order]
        if order.status in ON_THE_WAY and now - fix.at <= STALE_MS:
            seconds, metres, _ = self._leg(fix.point, self.problem.place_of[order.id])
            self._lessons.begin(order, fix, seconds, metres)


def replan_would_change(riding: Riding, pace: float, now: int) -> bool:
    """Would the solver, asked again, choose another visiting order?"""
    if riding.problem is None or len(riding.orders) < 2 or riding.plan.by_hand:
        return False
    bike, begin = riding.start(now, pace)
    visits = solve(riding.problem, bike, begin, riding.plan.orders, pace)
    return [p for p in visits if p != 1] != [p for p in riding.visits if p != 1]
