"""Telephone calls with hidden numbers: the rule of all calls says who may, the number itself never leaves."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from huaxin.calls.commands import NoteMaskedCall
from huaxin.calls.masked import MaskedLines, Pair, SimulatedLines, Talked, Unavailable, shown
from huaxin.calls.policy import refusal_of
from huaxin.journal.model import Rejected
from huaxin.kernel import Role
from huaxin.live import commands as c
from huaxin.live.call_views import MaskedLineView
from huaxin.live.calling import too_often
from huaxin.live.orders import Orders
from huaxin.live.pace import Buckets
from huaxin.orders.model import Order
from huaxin.people.model import Principal
from huaxin.people.service import People
from huaxin.shops.store import ShopStore

log = logging.getLogger(__name__)
LENT_MS = 30 * 60_000
TOLD_AFTER_S = 2.0  # by the simulator
MOST, PER_SECOND = 6, 6 / 60  # of one person
GiveCommand = Callable[[Order, Any, str], Awaitable[Any]]


class Masking:
    """`lines`: the carrier; None: this server has none."""

    def __init__(
        self,
        orders: Orders,
        people: People,
        shops: ShopStore,
        lines: MaskedLines | None,
        clock: Callable[[], int],
    ) -> None:
        self._orders, self._people, self._shops = orders, people, shops
        self._lines, self._clock = lines, clock
        self._pace = Buckets(MOST, PER_SECOND)
        self._known: dict[str, tuple[Order, Role, Role]] = {}  # lent: order, who called, whom
        self._tasks: set[asyncio.Task[None]] = set()
        self.give: GiveCommand | None = None
        self.told_after_s = TOLD_AFTER_S

    async def call_masked(self, who: Principal, wish: c.CallMasked) -> MaskedLineView:
        """Raises Rejected call.closed, contact.*, call.no_phone, call.no_masking, call.flood."""
        order, role = await self._orders.access(wish.order, who)
        now = self._clock()
        if (refusal := refusal_of(order, role, wish.to, now)) is not None:
            raise refusal
        mine, theirs = await self._phone(order, role, who), await self._phone(order, wish.to, None)
        if not mine or not theirs:
            missing = wish.to if not theirs else role
            raise Rejected("call.no_phone", "There is no phone number to call.", missing.value)
        seconds = asyncio.get_running_loop().time()
        if not self._pace.take(who.person, seconds):
            raise too_often(self._pace.wait_s(who.person, seconds))
        id = "mc-" + secrets.token_urlsafe(12)
        if self._lines is None:
            raise Rejected("call.no_masking", "Phone calls with hidden numbers are not available.")
        try:
            lent = await self._lines.lend(Pair(id=id, from_phone=mine, to_phone=theirs, until=now + LENT_MS))
        except Unavailable as failure:
            log.warning("no number was lent: %s", failure)
            raise Rejected(
                "call.no_masking", "Phone calls with hidden numbers are not available.", status=503
            ) from failure
        number = shown(theirs)
        noted = NoteMaskedCall(order=order.id, call=id, by=role, to=wish.to, number=number, until=lent.until)
        await self._give(order, noted, f"{id}:placed")
        self._known[id] = (order, role, wish.to)
        if lent.simulated and isinstance(self._lines, SimulatedLines):
            self._spawn(self._simulate(self._lines, id))
        return MaskedLineView(
            call=id, dial=lent.dial, shown=number, until=lent.until, simulated=lent.simulated
        )

    async def talked(self, talked: Talked) -> None:
        """The carrier's word on a call; a repeated one changes nothing."""
        known = self._known.pop(talked.id, None)
        if known is None:
            return
        order, by, to = known
        noted = NoteMaskedCall(
            order=order.id,
            call=talked.id,
            by=by,
            to=to,
            answered=talked.answered,
            duration_ms=talked.duration_ms,
        )
        await self._give(order, noted, f"{talked.id}:ended")

    async def _phone(self, order: Order, role: Role, who: Principal | None) -> str:
        if role is Role.buyer:
            return order.buyer.phone
        if role is Role.recipient:
            return order.recipient.phone
        if role is Role.courier:
            return order.courier.phone if order.courier is not None else ""
        if who is not None and who.phone:
            return who.phone
        return (await self._shops.get(order.shop)).phone

    async def _give(self, order: Order, body: Any, id: str) -> None:
        if self.give is not None:
            await self.give(order, body, id[-64:])

    async def _simulate(self, lines: SimulatedLines, id: str) -> None:
        await asyncio.sleep(self.told_after_s)
        try:
            await self.talked(lines.talked(id))
        except Exception:
            log.exception("the end of a simulated telephone call could not be told")

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
