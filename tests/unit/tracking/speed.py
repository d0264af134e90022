"""What tracking costs: `python -m tests.unit.tracking.speed [city folder]`.

200 couriers with five open orders each on the demo city's roads; every fix is taken as the server takes it:
report, then the track of the next order and the commands due.
"""

import random
import tempfile
import time
from datetime import timedelta, timezone
from pathlib import Path

from huaxin.orders.model import Status
from huaxin.tracking.service import Tracker
from tests.unit.dispatch.grid import MINUTE, NOON, order
from tests.unit.tracking.rides import reports
from tests.unit.tracking.test_real_city import Town

COURIERS, ORDERS, FIXES = 200, 5, 60


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        measure(Town(Path(folder)))


def measure(town: Town) -> None:
    rng = random.Random(1)
    now = NOON
    tracker = Tracker(town.roads, lambda: now, timezone(timedelta(hours=8)))
    rides = {}
    began = time.process_time()
    for n in range(COURIERS):
        orders = [
            order(
                f"o{n}-{i}", town.somewhere(rng), status=Status.delivering, end=NOON + (40 + 20 * i) * MINUTE
            )
            for i in range(ORDERS)
        ]
        plan = tracker.plan(f"c{n}", town.shop, orders)
        door = {o.id: o.address.point for o in orders}
        ride = list(reports(town.roads, [town.shop, *(door[o] for o in plan.orders)], rng, NOON))
        rides[f"c{n}"] = (plan.orders, ride[:FIXES])
    spent = time.process_time() - began
    print(f"plan of {ORDERS} stops (with making the ride): {spent / COURIERS * 1000:.2f} ms")
    began, fixes, ticks = time.process_time(), 0, 0.0
    for step in range(FIXES):
        now = NOON + 3000 * (step + 1)
        for courier, (ids, ride) in rides.items():
            if step < len(ride):
                tracker.report(courier, [ride[step][2]])
                tracker.track(ids[0], changed_path_only=True)
                fixes += 1
        tick = time.process_time()
        tracker.commands_due(now)
        ticks += time.process_time() - tick
    spent = time.process_time() - began
    per_fix = spent / fixes
    print(f"fix → plan, etas, fences, view, commands: {per_fix * 1e6:.0f} µs")
    print(f"commands_due over {COURIERS} couriers: {ticks / FIXES * 1000:.1f} ms a tick")
    print(f"{COURIERS} couriers at 1 fix / 3 s: {per_fix * COURIERS / 3 * 100:.1f} % of a core")
    began = time.process_time()
    for _ in range(20):
        now += 1000
        for ids, _ in rides.values():
            tracker.track(ids[-1])
    print(f"track of {COURIERS} orders: {(time.process_time() - began) / 20 * 1000:.1f} ms")


if __name__ == "__main__":
    main()
