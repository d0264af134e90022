"""The time to answer about other flowers, and what follows when nobody did.

Nothing here needs to survive a restart: until when stands in the orders, which are read again then.
"""

import asyncio
import heapq
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from huaxin.journal.model import Record, Rejected
from huaxin.live.orders import Orders
from huaxin.orders.commands import SettleSubstitute
from huaxin.orders.lifecycle import unsettled
from huaxin.orders.model import Order

log = logging.getLogger(__name__)

LOOK_S = 0.5
GiveCommand = Callable[[Order, Any, str], Awaitable[Any]]


class AnswerTimes:
    """One per node; the journal lets only one of them be first. `give` is Dispatcher.system."""

    def __init__(self, orders: Orders, give: GiveCommand, clock: Callable[[], int]) -> None:
        self._orders, self._give, self._clock = orders, give, clock
        self._due: list[tuple[int, str, str]] = []  # heap: until, order, substitution
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def on_record(self, record: Record, order: Order) -> None:
        """Told by the feed of every record that changed its order."""
        if record.type == "substitute_proposed":
            self.follow(order)

    def follow(self, order: Order) -> None:
        open_ = unsettled(order)
        if open_ is not None and open_.status == "asked" and not open_.overdue:
            heapq.heappush(self._due, (open_.until, order.id, open_.id))

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self.look()
            except Exception:
                log.exception("answers that are due could not be settled; the next look tries again")

    async def look(self) -> None:
        """Settles what is due by now."""
        now = self._clock()
        while self._due and self._due[0][0] <= now:
            due = heapq.heappop(self._due)
            _, order_id, substitution = due
            try:
                order = await self._orders.find(order_id)
                if order is not None:
                    await self._settle(order, substitution)
            except Exception:
                heapq.heappush(self._due, due)
                raise

    async def _settle(self, order: Order, substitution: str) -> None:
        try:
            await self._give(order, SettleSubstitute(order=order.id, substitution=substitution), "")
        except Rejected as refusal:
            # Answered at the last moment, or another node was faster.
            log.debug("settling %s of %s: %s", substitution, order.id, refusal.code)
