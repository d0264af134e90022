"""Looks at the clock for changes, incidents and calls: what nobody answered in time is decided as was said.

Nothing is kept here. What is due stands in the orders, so a restart or another node goes on where this one
was; a step's fixed id makes it happen once.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from huaxin.journal.model import Rejected
from huaxin.orders.commands import AssignCourier
from huaxin.orders.model import Order
from huaxin.orders.timing import DueStep, due_steps

log = logging.getLogger(__name__)

LOOK_S = 0.5
IN_A_ROW = 200  # orders looked at before messages pass
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
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self.look()
            except Exception:
                log.exception("the timers failed to look; they look again")

    async def look(self) -> None:
        """One look at everything that is open."""
        now = self._clock()
        for n, order in enumerate(list(self._open_orders().values())):
            if n % IN_A_ROW == IN_A_ROW - 1:
                await asyncio.sleep(0)
            if order.change is None and not order.incidents and not order.calls:
                continue  # nearly every order
            for step in list(due_steps(order, now)):
                await self._do(order, step)

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
