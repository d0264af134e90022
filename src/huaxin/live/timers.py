"""Looks at the clock for changes, incidents, other flowers and calls: what nobody answered in time is decided
as was said.

What is due stands in the orders (orders/timing.py), so a restart or another node goes on where this one was;
a step's fixed id makes it happen once. Here is only which of thousands of open orders wait for a time at all.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from huaxin.journal.model import Record, Rejected
from huaxin.orders.commands import AssignCourier
from huaxin.orders.model import Order
from huaxin.orders.timing import DueStep, due_steps, next_step_at

log = logging.getLogger(__name__)

LOOK_S = 0.5
IN_A_ROW = 20  # orders settled before messages pass
GiveCommand = Callable[[Order, Any, str], Awaitable[Any]]
FindCourier = Callable[[Order], Awaitable[str]]


class Timers:
    """One per node. `open_orders`: by id, as they are now. `give`: Dispatcher.system. `find_courier`: who
    could take an order over in time, "": nobody."""

    def __init__(
        self,
        open_orders: Callable[[], Mapping[str, Order]],
        give: GiveCommand,
        find_courier: FindCourier,
        clock: Callable[[], int],
    ) -> None:
        self._open_orders, self._give, self._find_courier = open_orders, give, find_courier
        self._clock = clock
        self._due: dict[str, int] = {}  # order → when its next step is due, ms: few of the open ones
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def on_record(self, record: Record, order: Order) -> None:
        """Told by the feed of every record that changed its order, on every node."""
        self.follow(order)

    def follow(self, order: Order) -> None:
        at = next_step_at(order)
        if at:
            self._due[order.id] = at
        else:
            self._due.pop(order.id, None)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self.look()
            except Exception:
                log.exception("the timers failed to look; they look again")

    async def look(self) -> None:
        """Does what is due by now. What fails stays due for the next look."""
        now = self._clock()
        due = [(at, id) for id, at in self._due.items() if at <= now]
        for n, (_, id) in enumerate(sorted(due)):
            if n % IN_A_ROW == IN_A_ROW - 1:
                await asyncio.sleep(0)
            order = self._open_orders().get(id)
            if order is None:
                self._due.pop(id, None)
                continue
            try:
                for step in list(due_steps(order, now)):
                    await self._do(order, step)
            except Exception:
                # One that cannot be done now must not hold up those behind it.
                log.exception("what is due of %s failed; the next look tries again", id)

    async def _do(self, order: Order, step: DueStep) -> None:
        try:
            courier = await self._find_courier(order) if step.handover else ""
            if courier:  # taking it over ends the incident; else a person must
                taken = AssignCourier(order=order.id, courier=courier)
                await self._give(order, taken, f"a:{step.id}"[:64])
                return
        except Rejected as refusal:
            log.info("%s was not handed over by itself: %s", order.id, refusal.code)
        try:
            await self._give(order, step.body, step.id)
        except Rejected as refusal:
            # A person was faster, or another node: what was to happen has happened.
            log.debug("%s of %s: %s", type(step.body).__name__, order.id, refusal.code)
