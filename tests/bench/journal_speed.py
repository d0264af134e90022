"""How fast the journal is, on both stores in one run: python -m tests.bench.journal_speed [SECONDS]

Decisions are trivial, so this is the price of the journal itself: queue, decision, durable commit, memory,
hooks. "rush": as many commands as it takes. "steady": 1,000 and 10,000 messages/s, for the time to the ack.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from huaxin.journal.journal import Busy, Journal
from huaxin.storage.open import open_store
from tests.contract.storage.notebook import Notebook, wish
from tests.postgres import Unavailable, cluster

_TEXT = "x" * 150  # about 200 bytes of JSON with its frame
_SHOPS, _PAGES = 4, 2_000
_RUSH = 3_000  # commands on their way at once


class Meter:
    """One journal on one store, its commands numbered."""

    def __init__(self, name: str, journal: Journal) -> None:
        self.name, self.journal = name, journal
        self.acks: list[float] = []  # seconds
        self.refused = 0
        self._next = 0

    async def send(self) -> None:
        """One message on a page; the first on each page also makes its state, as placing an order does."""
        n = self._next
        self._next += 1
        shop, page = f"shop{n % _SHOPS}", f"page{n % _PAGES}"
        command = wish(f"c{n:012}", shop=shop, subject=page, text=_TEXT, keep=n < _PAGES)
        start = time.perf_counter()
        try:
            await self.journal.submit(command)
        except Busy:
            self.refused += 1
        else:
            self.acks.append(time.perf_counter() - start)

    @property
    def sent(self) -> int:
        return self._next

    async def prepare(self) -> None:
        await asyncio.gather(*[self.send() for _ in range(_PAGES)])

    async def rush(self, seconds: float) -> None:
        end = time.perf_counter() + seconds

        async def work() -> None:
            while time.perf_counter() < end:
                await self.send()

        await self._report(f"rush, {_RUSH} at once", asyncio.gather(*[work() for _ in range(_RUSH)]))

    async def steady(self, seconds: float, rate: int) -> None:
        await self._report(f"steady {rate}/s", self._send_steadily(seconds, rate))

    async def _send_steadily(self, seconds: float, rate: int) -> None:
        sending: set[asyncio.Task[None]] = set()
        start, sent = time.perf_counter(), 0
        while (passed := time.perf_counter() - start) < seconds:
            for _ in range(int(passed * rate) - sent):
                task = asyncio.create_task(self.send())
                sending.add(task)
                task.add_done_callback(sending.discard)
                sent += 1
            await asyncio.sleep(0.001)
        await asyncio.gather(*sending)

    async def _report(self, what: str, work: Any) -> None:
        self.acks.clear()
        wall, cpu = time.perf_counter(), time.process_time()
        await work
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        acks = sorted(self.acks)
        p50, p99 = acks[len(acks) // 2] * 1e3, acks[len(acks) * 99 // 100] * 1e3
        print(
            f"{self.name:8} {what:20} {len(acks) / wall:9,.0f} msg/s   {cpu / len(acks) * 1e6:5.1f} µs "
            f"of this process each   ack p50 {p50:7.2f} ms   p99 {p99:7.2f} ms",
            flush=True,
        )


async def measure(name: str, url: str, seconds: float) -> None:
    store = await open_store(url)
    journal = Journal(store, Notebook(), lambda: time.time_ns() // 1_000_000)
    heard = 0

    def count(_shop: str, records: Any) -> None:
        nonlocal heard
        heard += len(records)

    journal.on_commit.append(count)
    meter = Meter(name, journal)
    await meter.prepare()
    await meter.rush(seconds)
    await meter.steady(seconds, 1_000)
    await meter.steady(seconds, 10_000)
    await journal.drain()
    await store.close()
    if meter.refused:
        print(f"{name:8} {meter.refused} commands were refused: journal.busy")
    assert heard == meter.sent - meter.refused, "a hook missed something"


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3
    run: Callable[[Coroutine[Any, Any, None]], None] = asyncio.run
    try:
        import uvloop

        run = uvloop.run
    except ImportError:
        print("without uvloop")
    with tempfile.TemporaryDirectory() as folder:
        run(measure("sqlite", f"sqlite:///{Path(folder)}/huaxin.db", seconds))
    try:
        with cluster({"shared_buffers": "256MB", "max_wal_size": "4GB"}) as server:
            run(measure("postgres", server.make_database(), seconds))
    except Unavailable as why:
        print(why)


if __name__ == "__main__":
    main()
