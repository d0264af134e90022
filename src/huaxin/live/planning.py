"""The planner beside the event loop: a process that solves, so that messages never wait for it.

Asked about a run again before its turn came, the newest question counts. A process that dies is begun anew.
"""

import asyncio
import logging
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from huaxin.dispatch.ask import QUICK_PLACES, Ask
from huaxin.journal.model import Rejected
from huaxin.live import planning_work as work

log = logging.getLogger(__name__)

MOST_WAITING = 32  # questions of people; runs are not counted, each has one place in the queue
Key = tuple[str, str]  # (courier, shop)
Question = tuple[Any, Ask]  # what the answer holds for, and what is asked


class Planner:
    """`ask(key)` gives the question as it is when its turn comes; `take(key, state, visits)` takes the answer
    and says whether it still held."""

    def __init__(self, city: Path | None) -> None:
        self._city = city
        self._pool: ProcessPoolExecutor | None = None
        self._queue: dict[Key, None] = {}
        self._draining: asyncio.Task[None] | None = None
        self._waiting = 0
        self.ask: Callable[[Key], Question | None] = lambda key: None
        self.take: Callable[[Key, Any, list[int]], bool] = lambda key, state, visits: True
        self.restarts = 0

    def warm(self) -> None:
        """Begins the process before anybody waits for it, so that the first long run is answered as fast as
        all others. Returns at once."""
        self._process().submit(work.be_there)

    def request(self, key: Key) -> None:
        """This run is to be thought over. Returns at once."""
        self._queue[key] = None
        if self._draining is None:
            self._draining = asyncio.get_running_loop().create_task(self._drain())

    async def run[T](self, job: Callable[..., T], *args: Any) -> T:
        """`job(roads, *args)` in the process. Raises Rejected planning.busy, planning.failed."""
        if self._waiting >= MOST_WAITING:
            raise Rejected("planning.busy", "Too much is being planned; try again in a moment.", status=503)
        self._waiting += 1
        try:
            answer: T = await self.submit(work.with_roads, job, *args)
            return answer
        finally:
            self._waiting -= 1

    async def settle(self) -> None:
        """Waits until every run that was asked about has its answer (for tests and the simulation)."""
        while self._draining is not None:
            await asyncio.shield(self._draining)

    async def stop(self) -> None:
        if self._draining is not None:
            self._draining.cancel()
            await asyncio.gather(self._draining, return_exceptions=True)
        self._end_process()

    async def _drain(self) -> None:
        try:
            while self._queue:
                key = next(iter(self._queue))
                del self._queue[key]
                try:
                    await self._think(key)
                except Rejected as refusal:
                    log.warning("the run of %s keeps its order: %s", key, refusal.sentence)
                except Exception:
                    log.exception("the run of %s could not be thought over", key)
        finally:
            self._draining = None

    async def _think(self, key: Key) -> None:
        question = self.ask(key)
        if question is None:
            return
        state, ask = question
        if len(ask.task.ready) - 1 <= QUICK_PLACES:
            visits = work.solve(ask)  # a third of a millisecond: the way to the process takes longer
        else:
            visits = await self.submit(work.solve, ask)
        if not self.take(key, state, visits):
            self._queue[key] = None  # it is another run by now

    async def submit(self, job: Callable[..., Any], *args: Any) -> Any:
        """`job(*args)` in the process. Raises Rejected planning.failed when it dies of it twice."""
        for _ in range(2):
            pool = self._process()
            try:
                return await asyncio.get_running_loop().run_in_executor(pool, job, *args)
            except BrokenProcessPool:
                log.warning("the planning process died; a new one is begun")
                self.restarts += 1
                if self._pool is pool:
                    self._end_process()
        raise Rejected("planning.failed", "This could not be planned. Everything is as it was.", status=503)

    def _process(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                1, multiprocessing.get_context("spawn"), initializer=work.begin, initargs=(self._city,)
            )
        return self._pool

    def _end_process(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            for process in list((pool._processes or {}).values()):
                process.kill()  # it holds nothing that is worth a wait
            pool.shutdown(wait=False, cancel_futures=True)
