"""A stem is out on a holiday: one substitute proposed on thousands of orders, from the button on.

The whole house in this process, with durable commits, redaction, and a board that hears everything.
"""

import asyncio
import secrets
import tempfile
import time
from pathlib import Path
from random import Random

from huaxin.bench.house import open_house
from huaxin.bench.report import Report
from huaxin.catalogue.commands import ReportStockOut
from huaxin.compose import House
from huaxin.people.model import Principal, StaffRole
from huaxin.simulation.starter import SHOP_ID

ORDERS, ELSE, MOST_S, LOOK_MS = 2_000, 200, 5.0, 100.0
_AT_ONCE = 32
_STEM, _PICTURE = "粉玫瑰", "/pictures/red_rose.svg"


async def _order(house: House, who: Principal, nth: int, product: str, policy: str) -> None:
    point = house.city.middle
    wish = {
        "order": f"stock-{nth}-{secrets.token_hex(4)}",
        "shop": SHOP_ID,
        "lines": [{"product": product}],
        "recipient": {"name": "妈妈", "phone": "13900001111"},
        "address": {"text": f"云溪路{nth}号", "point": {"lat": point.lat, "lon": point.lon}},
        "promise": {"end": house.clock() + 6 * 3_600_000},
        "when_out": policy,
    }
    await house.dispatcher.run(who, "place_order", wish, secrets.token_hex(8))


async def _fill(house: House, who: Principal) -> None:
    """Orders that need the stem, and some that do not."""
    chance, room = Random("stock"), asyncio.Semaphore(_AT_ONCE)

    async def one(nth: int) -> None:
        async with room:
            policy = chance.choice(("ask", "ask", "similar", "refund"))
            await _order(house, who, nth, "pink_rose" if nth < ORDERS else "lily", policy)

    await asyncio.gather(*(one(nth) for nth in range(ORDERS + ELSE)))


async def measure_stock(folder: Path) -> tuple[float, float, float, int]:
    """(seconds until the last was proposed, seconds of CPU, worst ms that another question waited, how many
    failed)."""
    house = await open_house(folder, f"sqlite:///{folder / 'stock.db'}", secrets.token_hex(16), 0)
    try:
        person = await house.people.add_person("13500000099", "店主")
        await house.people.add_staff(SHOP_ID, person.id, StaffRole.owner)
        issued = await house.people.open_session(person.id, "bench")
        who = await house.people.authenticate(issued.access)
        await _fill(house, who)
        asked, begun, busy = list[float](), time.perf_counter(), time.process_time()
        wish = ReportStockOut(shop=SHOP_ID, stem=_STEM, name="香槟玫瑰", picture=_PICTURE)
        found = await house.stock.report_stock_out(who, wish)
        assert found["orders"] == ORDERS, found
        while True:
            before = time.perf_counter()
            job = await house.dispatcher.run(who, "get_stock_out", {"shop": SHOP_ID})
            asked.append((time.perf_counter() - before) * 1000)
            if job is not None and getattr(job, "state", "") == "proposed":
                took, cpu = time.perf_counter() - begun, time.process_time() - busy
                return took, cpu, max(asked), len(getattr(job, "failed", []))
            before = time.perf_counter()
            await asyncio.sleep(0.02)
            asked.append((time.perf_counter() - before - 0.02) * 1000)
    finally:
        await house.stop(2.0)


def run_stock() -> int:
    """`huaxin bench stock`. 1 when an order was left out."""
    report = Report()
    print(f"\nA stem is out: a substitute on {ORDERS:,} orders, {ELSE} others beside them")
    with tempfile.TemporaryDirectory(prefix="huaxin-bench") as folder:
        seconds, cpu, waited, failed = asyncio.run(measure_stock(Path(folder)))
    print(f"  {ORDERS / seconds:,.0f} orders a second, {cpu:.1f} s of CPU for all of them; {failed} failed")
    report.show_target(f"seconds to propose on {ORDERS:,} orders", seconds, MOST_S, most=True)
    report.show_target("ms that others waited at worst", waited, LOOK_MS, most=True)
    report.show_end()
    return 1 if failed else 0
