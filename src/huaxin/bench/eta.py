"""Arrival times: a thousand live orders brought up to new positions, beside as many bare map lookups.

No sockets and no store: what a tick costs the core that also carries the messages.
"""

import tempfile
import time
from datetime import timedelta, timezone
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

from huaxin.bench.report import Report
from huaxin.dispatch.roads import flat_m
from huaxin.kernel import Point
from huaxin.live.roads import City
from huaxin.maps.library import CityLibrary
from huaxin.orders.model import Address, Courier, Order, Party, Promise, Status
from huaxin.tracking.service import Tracker
from huaxin.tracking.views import PositionReport

ORDERS, TICKS, WARM = 1_000, 24, 4
STEP_MS, SPEED_MPS = 1_000, 5.0
BOUND_MS = 100.0
_BEGIN = 1_800_072_000_000
_ZONE = timezone(timedelta(hours=8))


class Refreshed(NamedTuple):
    """Milliseconds for a thousand orders: per tick (median, worst), and of a thousand bare table lookups."""

    couriers: int
    median_ms: float
    worst_ms: float
    lookups_ms: float


def measure_eta(couriers: int, city: City) -> Refreshed:
    """Every courier of `couriers` rides a run; every tick brings each one a new position."""
    run = _Run(couriers, city)
    ticks = [run.tick() for _ in range(WARM + TICKS)][WARM:]
    return Refreshed(couriers, sorted(ticks)[len(ticks) // 2], max(ticks), run.lookups_ms())


class _Run:
    def __init__(self, couriers: int, city: City) -> None:
        self.city, self.now = city, _BEGIN
        self.tracker = Tracker(city, lambda: self.now, _ZONE)
        self.chance = Random(f"eta/{couriers}")
        self.shop = city.middle
        doors = [place.point for kind in ("building", "office", "street") for place in city.places(kind)]
        self.lines: dict[str, list[Point]] = {}
        self.ahead_m: dict[str, float] = {}
        self.orders: list[tuple[str, Point]] = []
        for n in range(couriers):
            self.now = _BEGIN + 5_000 * n // couriers  # not everybody sets off in the same second
            self._courier(f"c{n}", doors, ORDERS // couriers)
        self.step = 0

    def _courier(self, courier: str, doors: list[Point], count: int) -> None:
        mine = [self._order(f"{courier}-{i}", courier, self.chance.choice(doors)) for i in range(count)]
        self.tracker.report(courier, [self._fix(self.shop)])
        plan = self.tracker.plan(courier, self.shop, mine)
        first = next(o.address.point for o in mine if o.id == plan.orders[0])
        self.lines[courier] = self.city.path([self.shop, first]) or [self.shop, first]
        self.ahead_m[courier] = self.chance.uniform(0, 600)  # a shop's couriers are not all at its door

    def _order(self, order: str, courier: str, door: Point) -> Order:
        self.orders.append((order, door))
        return Order(
            id=order, shop="s", number=1, status=Status.delivering, placed_at=self.now,
            buyer=Party(name="李女士"), recipient=Party(name="妈妈"), lines=[], total=0,
            address=Address(text="云溪路1号", point=door), promise=Promise(end=self.now + 7_200_000),
            courier=Courier(person=courier, name="小张"), times={"delivering": self.now},
        )  # fmt: skip

    def _fix(self, point: Point) -> PositionReport:
        return PositionReport(at=self.now, lat=point.lat, lon=point.lon, accuracy_m=8.0)

    def tick(self) -> float:
        """CPU milliseconds from all positions being in to all arrival times being told anew."""
        self.now += STEP_MS
        self.step += 1
        for courier, line in self.lines.items():
            way_m = self.ahead_m[courier] + self.step * SPEED_MPS
            self.tracker.report(courier, [self._fix(_along(line, way_m))])
        began = time.process_time()
        for order, _ in self.orders:
            self.tracker.eta(order)
        return (time.process_time() - began) * 1000

    def lookups_ms(self) -> float:
        """The yardstick: the map asked once for each order, and nothing else done."""
        began = time.process_time()
        for _, door in self.orders:
            self.city.table([self.shop], [door])
        return (time.process_time() - began) * 1000


def _along(line: list[Point], metres: float) -> Point:
    """About so far along a line: what counts is a position that moves."""
    for a, b in pairwise(line):
        length = flat_m(a, b)
        if metres < length:
            t = metres / length
            return Point(a.lat + t * (b.lat - a.lat), a.lon + t * (b.lon - a.lon))
        metres -= length
    return line[-1]


def show_eta(report: Report, city: City) -> None:
    """Measures and prints; the target counts for the harder of both."""
    print(f"\nArrival times of {ORDERS:,} live orders, every courier with a new position")
    found = [measure_eta(couriers, city) for couriers in (200, 500)]
    for one in found:
        print(
            f"  {one.couriers} couriers: median {one.median_ms:.0f} ms, worst {one.worst_ms:.0f} ms a tick; "
            f"{one.median_ms / one.lookups_ms:.2f} of {ORDERS:,} bare map lookups ({one.lookups_ms:.0f} ms)"
        )
    worst = max(one.median_ms for one in found)
    report.show_target(f"ms to refresh {ORDERS:,} arrival times", worst, BOUND_MS, most=True)


def run_eta() -> int:
    """`huaxin bench eta`."""
    report = Report()
    with tempfile.TemporaryDirectory(prefix="huaxin-bench") as folder:
        library = CityLibrary(Path(folder))
        show_eta(report, City(library.open(library.ensure_demo().id)))
    report.show_end()
    return 0
