"""The tracker as a whole, on the grid town: a ride from shop to doors."""

from datetime import timedelta, timezone
from typing import Any

import pytest
from msgspec.structs import replace

from huaxin.kernel import Point
from huaxin.orders.model import Order, Status
from huaxin.tracking.learning.memory import Memory
from huaxin.tracking.service import Tracker
from huaxin.tracking.views import PositionReport
from tests.unit.dispatch.grid import MINUTE, NOON, Grid, at, order

SHANGHAI = timezone(timedelta(hours=8))
SHOP = at(0, 0)


class Day:
    """A tracker, a clock and a courier to move about."""

    def __init__(self, roads: Grid | None = None) -> None:
        self.now = NOON
        self.roads = roads or Grid()
        self.tracker = Tracker(self.roads, lambda: self.now, SHANGHAI)
        self.orders: list[Order] = []
        self.given: list[tuple[str, str]] = []

    def plan(self, *orders: Order) -> None:
        self.orders = list(orders)
        self.tracker.plan("c1", SHOP, orders, "s1")

    def change(self, id: str, **fields: Any) -> None:
        self.plan(*(replace(o, **fields) if o.id == id else o for o in self.orders))

    def at(self, p: Point, *, accuracy: float = 8) -> None:
        self.tracker.report("c1", [PositionReport(at=self.now, lat=p.lat, lon=p.lon, accuracy_m=accuracy)])

    def ride(
        self, start: float, end: float, *, north: float = 0, speed: float = 5, obey: bool = True
    ) -> None:
        """Rides along the street, a fix every 3 s, carrying out what the tracker asks for."""
        step = speed * 3 if end > start else -speed * 3
        east = start
        while (east < end) == (step > 0) and east != end:
            self.now += 3_000
            east += step
            self.at(at(east, north))
            self.obey(obey)

    def obey(self, carry_out: bool = True) -> None:
        for id, command, _ in self.tracker.commands_due(self.now):
            self.given.append((id, command))
            if carry_out and command == "mark_arriving":
                self.change(id, status=Status.arriving, arriving_told=True)
            if carry_out and command == "set_off":
                self.change(id, status=Status.delivering)
            if carry_out and command == "report_slipping":
                self.change(id, slipping=True, slipping_told=True)


def test_a_whole_ride_is_told_by_itself() -> None:
    """TR-10, TR-14: leaves the shop → set_off; 500 m before the door → one arrival notice; nothing else."""
    day = Day()
    day.at(SHOP)
    day.plan(order("mine", at(2000, 0), status=Status.picked_up))
    day.ride(0, 2000)
    assert day.given == [("mine", "set_off"), ("mine", "mark_arriving")]


def test_passing_the_later_door_on_the_way_says_nothing_there() -> None:
    """TR-13: the second stop's door is passed first; its notice comes on the way back."""
    day = Day()
    day.at(SHOP)
    day.plan(order("far", at(2000, 0), end=NOON + 8 * MINUTE), order("passed", at(900, 0)))
    assert day.tracker.run("c1", "s1").orders == ["far", "passed"]  # type: ignore[union-attr]
    day.ride(0, 2000)
    assert [g for g in day.given if g[1] == "mark_arriving"] == [("far", "mark_arriving")]
    day.plan(*(o for o in day.orders if o.id != "far"))
    day.ride(2000, 900)
    assert day.given[-1] == ("passed", "mark_arriving")


def test_a_command_that_was_not_carried_out_is_asked_again_later() -> None:
    """TR-15: due until the order shows it done, every 30 s."""
    day = Day()
    day.at(at(300, 0))
    day.plan(order("mine", at(0, 0)))
    day.ride(300, 0, obey=False)
    asked = [g for g in day.given if g[1] == "mark_arriving"]
    assert len(asked) == 2  # 60 s of riding
    assert day.tracker.commands_due(day.now + 1_000) == []


def test_buyer_sees_eta_stops_before_and_only_their_own_road() -> None:
    """TR-16: the road ahead is drawn for the next stop only; the second knows how many are before it."""
    day = Day()
    day.at(SHOP)
    day.plan(order("a", at(1000, 0)), order("b", at(2000, 500)))
    day.ride(0, 300)
    first, second = day.tracker.track("a"), day.tracker.track("b")
    assert first.path is not None
    assert first.path[-1] == at(1000, 0)
    assert second.path is None
    assert first.eta is not None
    assert second.eta is not None
    assert (first.eta.stops_before, second.eta.stops_before) == (0, 1)
    assert first.eta.p50_at < first.eta.p90_at < second.eta.p50_at < second.eta.p90_at
    assert first.eta.verdict == "on_time"
    assert first.eta.distance_m == pytest.approx(700, abs=60)
    assert day.tracker.track("b", changed_path_only=True).path is None
    assert day.tracker.track("a", changed_path_only=True).path is not None
    assert day.tracker.track("a", changed_path_only=True).path is None


def test_position_is_hidden_before_pick_up_and_unknown_orders_are_empty() -> None:
    """TR-16: nobody is followed before the flowers are in hand."""
    day = Day()
    day.at(SHOP)
    day.plan(order("a", at(1000, 0), status=Status.assigned))
    view = day.tracker.track("a")
    assert view.position is None
    assert view.path is None
    assert view.eta is not None
    assert day.tracker.track("nobody").eta is None


def test_silence_is_said_and_never_sold_as_knowledge() -> None:
    """TR-31: stale after 90 s, unknown after three minutes, silent for the watchdog; a fix mends it."""
    day = Day()
    day.at(SHOP)
    day.plan(order("a", at(3000, 0)))
    day.ride(0, 600)
    known = day.tracker.eta("a")
    day.now += 100_000
    wide = day.tracker.track("a")
    assert wide.stale
    assert wide.eta is not None
    assert known is not None
    assert wide.eta.p90_at - wide.eta.p50_at > known.p90_at - known.p50_at
    day.now += 100_000
    lost = day.tracker.eta("a")
    assert lost is not None
    assert lost.verdict == "unknown"
    assert [(a.kind, a.courier) for a in day.tracker.alerts(day.now)] == [("silent", "c1")]
    day.at(at(1600, 0))
    mended = day.tracker.eta("a")
    assert mended is not None
    assert mended.verdict == "on_time"
    assert day.tracker.alerts(day.now) == []


def test_a_new_stop_before_mine_is_explained() -> None:
    """TR-33: an eta that moves by three minutes or more says why."""
    day = Day()
    day.at(SHOP)
    mine = order("mine", at(2000, 0))
    day.plan(mine)
    assert day.tracker.eta("mine").why is None  # type: ignore[union-attr]
    day.plan(mine, order("other", at(900, 300), end=NOON + 10 * MINUTE))
    eta = day.tracker.eta("mine")
    assert eta is not None
    assert eta.stops_before == 1
    assert eta.moved_minutes >= 3
    assert eta.why is not None
    assert eta.why.zh == f"+{eta.moved_minutes} 分钟：前面加了一站"


def test_a_long_handover_before_mine_is_explained() -> None:
    """TR-33: 「第1单停留较久」."""
    day = Day()
    day.at(at(900, 0))
    day.plan(order("a", at(900, 0), status=Status.arrived, times={"arrived": NOON}), order("b", at(2000, 0)))
    for _ in range(24):
        day.now += 30_000
        day.at(at(900 + day.now % 7, 0))
        day.obey()
    eta = day.tracker.eta("b")
    assert eta is not None
    assert eta.why is not None
    assert "第1单停留较久" in eta.why.zh


def test_slipping_is_reported_once_before_the_promise_breaks() -> None:
    """TR-32: a promise that is more likely broken than kept is told once, ahead of time."""
    day = Day()
    day.at(SHOP)
    day.plan(order("mine", at(4000, 0), end=NOON + 16 * MINUTE, status=Status.delivering))
    assert day.tracker.eta("mine").verdict != "late"  # type: ignore[union-attr]
    for i in range(140):  # a jam: seven minutes on the spot
        day.now += 3_000
        day.at(at(60 + i % 3, 0))
        day.obey()
    told = [g for g in day.given if g[1] == "report_slipping"]
    assert told == [("mine", "report_slipping")]
    assert day.now < NOON + 16 * MINUTE


def test_standing_still_off_any_stop_is_noticed() -> None:
    """TR-41: eight minutes on the spot, not at the shop and not at a door."""
    day = Day()
    day.at(at(700, 0))
    day.plan(order("mine", at(4000, 0)))
    for _ in range(17):
        day.now += 30_000
        day.at(at(700, 0))
    assert [a.kind for a in day.tracker.alerts(day.now)] == ["standstill"]


def test_the_pace_of_a_courier_is_learned() -> None:
    """TR-34: slow rides make later predictions longer; a restart keeps them."""
    day = Day()
    before = day.tracker.memory.pace("c1", NOON)
    for n in range(6):
        start = day.now
        day.at(SHOP)
        day.plan(order(f"o{n}", at(1500, 0), end=NOON + 600 * MINUTE))
        day.now += 500_000  # the map says 300 s
        day.at(at(1490, 0))
        day.change(f"o{n}", status=Status.arrived, times={"arrived": day.now, "delivering": start})
        day.plan()
        day.now += 60_000
        day.tracker.report("c1", [])
        day.tracker.forget("c1")
    after = day.tracker.memory.pace("c1", day.now)
    assert after > before * 1.2
    memory = Memory(SHANGHAI, day.tracker.memory.take_changed())
    again = Tracker(day.roads, lambda: day.now, SHANGHAI, memory=memory)
    assert again.memory.pace("c1", day.now) == after


def test_reassigning_moves_the_order_between_runs() -> None:
    """TR-29: an order is in one run; the run it left goes on."""
    day = Day()
    day.at(SHOP)
    day.plan(order("a", at(1000, 0)), order("b", at(2000, 0)))
    day.tracker.plan("c2", SHOP, [order("b", at(2000, 0), status=Status.assigned)], "s1")
    assert day.tracker.run("c1", "s1").orders == ["a"]  # type: ignore[union-attr]
    assert day.tracker.run("c2", "s1").orders == ["b"]  # type: ignore[union-attr]
    assert day.tracker.eta("b") is not None
    day.tracker.plan("c2", SHOP, [], "s1")
    assert day.tracker.run("c2", "s1") is None
    assert day.tracker.eta("b") is None


def test_time_alone_can_change_the_run() -> None:
    """TR-24: a stop that becomes urgent while the courier dawdles is moved forward."""
    day = Day()
    day.at(at(1000, 0))
    day.plan(order("near", at(1400, 0)), order("tight", at(-200, 0), end=NOON + 16 * MINUTE))
    assert day.tracker.run("c1", "s1").orders == ["near", "tight"]  # type: ignore[union-attr]
    changed = []
    for _ in range(8):
        day.now += 60_000
        day.at(at(1000, 0))
        changed += day.tracker.replan_due(day.now)
    assert [p.orders for p in changed] == [["tight", "near"]]
    assert changed[0].why is not None


def test_two_shops_keep_their_runs_apart() -> None:
    """TR-29: one courier, two shops: two runs, one position."""
    day = Day()
    day.at(SHOP)
    day.plan(order("a", at(1000, 0)))
    day.tracker.plan("c1", at(500, 500), [order("z", at(0, 900), shop="s2")])
    assert day.tracker.run("c1", "s1").orders == ["a"]  # type: ignore[union-attr]
    assert day.tracker.run("c1", "s2").orders == ["z"]  # type: ignore[union-attr]


def test_preview_changes_nothing() -> None:
    """TR-26: asked through the tracker, for a courier with and without a run."""
    day = Day()
    day.at(SHOP)
    day.plan(order("a", at(1000, 0)))
    new = order("n", at(1000, 300), status=Status.ready)
    cost = day.tracker.preview_assign(new, "c1", SHOP)
    assert cost.extra_minutes > 0
    assert day.tracker.run("c1", "s1").orders == ["a"]  # type: ignore[union-attr]
    assert day.tracker.preview_assign(new, "c9", SHOP).eta_at > day.now


def test_no_road_is_an_unknown_eta_without_a_path() -> None:
    """TR-25: a door across a river without a bridge: said, not guessed as fact."""
    day = Day(Grid(river_m=500))
    day.at(SHOP)
    day.plan(order("a", at(900, 0)))
    view = day.tracker.track("a")
    assert view.path is None
    assert view.eta is not None
    assert view.eta.verdict == "unknown"


def test_a_door_across_the_river_waits_for_the_bridge() -> None:
    """TR-12: 200 m over the water is not arriving."""
    day = Day(Grid(river_m=500, bridge_m=3000))
    day.at(at(400, 0))
    day.plan(order("a", at(600, 0)))
    day.ride(100, 490)
    assert day.given == []
