"""Orders coming in: a table of five thousand looked at and imported, and the slots of sixty days found among
them. The yardsticks in the same run: the bare csv reader on the same bytes, the bare calendar of those days.
"""

import asyncio
import csv
import io
import secrets
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from huaxin.bench.house import open_house
from huaxin.compose import House
from huaxin.people.model import Principal, StaffRole
from huaxin.shops.model import at_minute, local_day
from huaxin.simulation.starter import SHOP_ID

ROWS, DAYS, TIMES = 5_000, 60, 100
FIND_MS, PREVIEW_S, IMPORT_S = 50.0, 5.0, 20.0
_HOURS = (9, 11, 13, 15, 17, 19)
_ADDRESSES = 1_000  # different ones: people order to the same places
PLAN: dict[str, Any] = {
    "slots": [
        {"start": hour * 60, "end": (hour + 2) * 60, "couriers": 8, "drops": 8, "florists": 12, "cut_off": 60}
        for hour in _HOURS
    ],
    "zones": [
        {"id": "near", "up_to_m": 3_000, "fee": 500},
        {"id": "far", "up_to_m": 60_000, "fee": 1_500, "seats": 30},
    ],
}


def run_intake() -> int:
    return asyncio.run(_run())


async def _run() -> int:
    with tempfile.TemporaryDirectory(prefix="huaxin-bench") as folder:
        path = Path(folder)
        house = await open_house(path, f"sqlite:///{path / 'bench.db'}", secrets.token_hex(32), 0)
        try:
            return await _measure(house)
        finally:
            await house.stop(1.0)


async def _measure(house: House) -> int:
    person = await house.people.add_person("13800000001")
    owner = Principal(person=person.id, name="店主", staff={SHOP_ID: StaffRole.owner})
    await house.dispatcher.run(owner, "set_slots", {"shop": SHOP_ID, "plan": PLAN})
    data = _table(house)
    bare = _ms(lambda: list(csv.reader(io.StringIO(data.decode()))))
    room = house.intake.imports
    began = time.perf_counter()
    preview = await room.preview(owner, SHOP_ID, data)
    look_s = time.perf_counter() - began
    if preview.wrong or preview.new != ROWS:
        print(f"WRONG: {preview.wrong} rows, {preview.problems[:3]}")
        return 1
    _say(
        "a table of 5,000 looked at", look_s, "s", PREVIEW_S, f"{look_s * 1000 / bare:.0f} × the bare reader"
    )
    lags: list[float] = []
    watch = asyncio.create_task(_lag(lags))
    began, worked = time.perf_counter(), time.process_time()
    job = await room.make(owner, SHOP_ID, data)
    while job.state != "done":
        await asyncio.sleep(0.05)
        job = room._running[SHOP_ID, job.id]
    made_s = time.perf_counter() - began
    cpu_s = time.process_time() - worked
    watch.cancel()
    lags.sort()
    felt = f"others waited {lags[len(lags) // 2]:.1f} ms, worst {lags[-1]:.0f} ms"
    _say("… and imported", made_s, "s", IMPORT_S, f"{cpu_s * 1000 / ROWS:.2f} ms of a core an order; {felt}")
    return await _find(house, owner)


async def _find(house: House, owner: Principal) -> int:
    shop = await house.shops.get(SHOP_ID)
    today = local_day(shop, house.clock())
    days = [today + timedelta(days=ahead) for ahead in range(DAYS)]
    calendar = _ms(lambda: [at_minute(shop, day, hour * 60) for day in days for hour in _HOURS])
    wish = {"shop": SHOP_ID, "days": DAYS}
    times, worked = [], time.process_time()
    for _ in range(TIMES):
        began = time.perf_counter()
        found = await house.dispatcher.run(owner, "find_slots", wish)
        times.append((time.perf_counter() - began) * 1000)
    cpu_ms = (time.process_time() - worked) * 1000 / TIMES
    times.sort()
    slots = len(found.slots)  # type: ignore[union-attr]  # this query answers a SlotsView
    p50, p99 = times[TIMES // 2], times[-2]
    words = f"p99 {p99:.1f} ms, {cpu_ms:.1f} ms of a core; {slots} slots, {ROWS:,} orders; "
    words += f"{p50 / calendar:.1f} × the bare calendar"
    _say("slots of 60 days", p50, "ms", FIND_MS, words)
    return 0


async def _lag(lags: list[float]) -> None:
    """How late the loop serves somebody who asks every 10 ms."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.01)
        lags.append((time.perf_counter() - began) * 1000 - 10)


def _table(house: House) -> bytes:
    places = [one for kind in ("compound", "office", "building") for one in house.city.places(kind)]
    first = datetime.fromtimestamp(house.clock() / 1000, UTC) + timedelta(days=2)
    lines = ["单号,配送日期,配送时间,收花人,收花人电话,地址,花束,贺卡,备注"]
    for nth in range(ROWS):
        place = places[nth % min(len(places), _ADDRESSES)]
        day = (first + timedelta(days=nth % (DAYS - 5))).strftime("%Y-%m-%d")
        hour = _HOURS[nth % len(_HOURS)]
        lines.append(
            f"B{nth},{day},{hour}:00-{hour + 2}:00,收花人{nth},139{nth:08},{place.name}{place.detail},"
            f'carnation,"生日快乐,永远年轻",请轻放'
        )
    return "\n".join(lines).encode()


def _ms(work: Any) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _say(what: str, value: float, unit: str, target: float, more: str) -> None:
    kept = "" if value <= target else "   MISSED"
    print(f"{what:30}{value:9.2f} {unit:3} of {target:g} {unit}   {more}{kept}", flush=True)
