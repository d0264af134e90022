"""The watchdog in the living house: looks, and gives the system's commands.

Nothing here needs to survive a restart: what was said stands in the orders, and is not said again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from huaxin.conversation.marks import Marks
from huaxin.dispatch.model import RIDING
from huaxin.journal.model import Record, Rejected
from huaxin.kernel import Audience, Role
from huaxin.live.commands import JOURNALED
from huaxin.live.remedy import Remedies
from huaxin.live.roads import City
from huaxin.live.tracking import LiveTracking
from huaxin.orders.alerts import newest
from huaxin.orders.model import Order
from huaxin.orders.recipient.commands import OpenContact
from huaxin.orders.recipient.contact import is_due
from huaxin.tracking.riding import SLIP_HOLD_MS
from huaxin.tracking.watchdog import Alert
from huaxin.tracking.watchdog_orders import watch_order
from huaxin.tracking.watchdog_steps import SaidOfCouriers, Step, silences, steps, tell_buyer_of_silence

log = logging.getLogger(__name__)

LOOK_S = 1.0
LOOK_MS = 4_000  # by the house's clock: between two looks at the same
HOLD_MS = 3_000  # what is seen once and not again a look later was nothing
RIDE_UNKNOWN_MS = 30 * 60_000  # where the map knows no way
IN_A_ROW = 100  # orders looked at before messages pass
READ_THIS = frozenset({"change_asked", "change_answered"})  # what a courier must have read
GiveCommand = Callable[[Order, Any, str], Awaitable[Any]]


class Watching:
    """One per node. `give` is Dispatcher.system."""

    def __init__(
        self,
        city: City,
        tracking: LiveTracking,
        marks: Marks,
        give: GiveCommand,
        clock: Callable[[], int],
    ) -> None:
        self._city = city
        self._tracking, self._marks, self._give, self._clock = tracking, marks, give, clock
        self.remedies = Remedies(tracking)
        self._said = SaidOfCouriers()
        self._seen: dict[tuple[str, str], int] = {}  # (order, kind) → since when
        self._unread: dict[str, tuple[int, int]] = {}  # order → (seq, ms) of a change its courier must read
        self._rides: dict[str, int] = {}  # order → ms from shop to door
        self._looked_at = 0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def on_record(self, record: Record, order: Order) -> None:
        """Told by the feed of changes: the courier must have read them."""
        told = record.audience & Audience.courier  # what is on the card is not theirs to read
        if order.courier is not None and told and record.role != Role.courier.value:
            self._unread[order.id] = (record.seq, record.at)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S if self._tracking.speed() <= 4 else LOOK_S / 4)
            try:
                if self._clock() - self._looked_at >= LOOK_MS:
                    await self.look()
            except Exception:
                log.exception("the watchdog failed to look; it looks again")

    async def look(self) -> None:
        """One look at everything that is open."""
        self._looked_at = now = self._clock()
        tracker, open_orders = self._tracking.tracker, self._tracking.open_orders
        tracker.look_for_jams(now)
        found: dict[str, list[Alert]] = {}
        for courier in dict.fromkeys(courier for _, courier in self._tracking.runs):
            for alert in tracker.alerts(now, courier):
                for bearer in [alert.order] if alert.order else self._bearers(alert, now):
                    found.setdefault(bearer, []).append(alert)
            await asyncio.sleep(0)
        quiet = silences(open_orders.values())
        for n, order in enumerate(list(open_orders.values())):
            if n % IN_A_ROW == IN_A_ROW - 1:
                await asyncio.sleep(0)
            here = found.get(order.id, [])
            here = here + watch_order(order, self._ride_ms(order), await self._unread_since(order), now)
            if here or order.alerts:
                await self._act(order, here, now)
            if is_due(order, now):
                await self._open_contact(order)
            told_at = quiet.get(order.courier.person, 0) if quiet and order.courier else 0
            told = tell_buyer_of_silence(order, tracker.eta(order.id), told_at, now) if told_at else None
            if told is not None:
                await self._do(order, told)
        self._forget(open_orders.keys())

    async def _open_contact(self, order: Order) -> None:
        try:
            await self._give(order, OpenContact(order=order.id), f"contact-{order.id}-{order.contact.after}")
        except Rejected as refusal:
            log.debug("contact of %s: %s", order.id, refusal.code)  # another node was faster

    def _bearers(self, alert: Alert, now: int) -> list[str]:
        """The order of each shop on which what concerns a courier as such is said: the one it stands on
        already, else the next stop."""
        courier, kind, bearers = alert.courier, alert.kind, []
        for shop, one in self._tracking.runs:
            plan = self._tracking.plan(shop, courier) if one == courier else None
            if plan is None:
                continue
            orders = [o for o in map(self._tracking.open_orders.get, plan.orders) if o is not None]
            said = next((o for o in orders if (a := newest(o, kind)) is not None and not a.closed_at), None)
            riding = next((o for o in orders if o.status in RIDING), None)
            first = said or riding
            if first is not None and self._said.lets(alert, first, now):
                bearers.append(first.id)
        return bearers

    def _ride_ms(self, order: Order) -> int:
        found = self._rides.get(order.id)
        if found is None:
            place = self._tracking.shop(order.shop)
            ride = self._city.ride(place.point, order.address.point) if place and place.point else None
            found = self._rides[order.id] = round(ride[0] * 1000) if ride else RIDE_UNKNOWN_MS
        return found

    async def _unread_since(self, order: Order) -> int:
        seq, at = self._unread.get(order.id, (0, 0))
        if not seq:
            return 0
        if order.courier is None or not order.open or await self._has_read(order, order.courier.person, seq):
            del self._unread[order.id]
            return 0
        return at

    async def _has_read(self, order: Order, courier: str, seq: int) -> bool:
        answered = order.change is not None and order.change.answered_by == courier
        marks = await self._marks.get(order.id)
        return answered or any(one.person == courier and one.read >= seq for one in marks)

    async def _act(self, order: Order, found: list[Alert], now: int) -> None:
        held = []
        for alert in found:
            since = self._seen.setdefault((order.id, alert.kind), now)
            known = newest(order, alert.kind)
            hold = SLIP_HOLD_MS if alert.kind == "slipping" else HOLD_MS
            if now - since >= hold or (known is not None and not known.closed_at):
                held.append(alert)
        for kind in [k for o, k in self._seen if o == order.id and k not in {a.kind for a in found}]:
            del self._seen[order.id, kind]
        for step in steps(order, held, now):
            await self._do(order, step)

    async def _do(self, order: Order, step: Step) -> None:
        fields = step.fields
        if step.command in ("raise_alert", "escalate_alert") and fields.get("level") == "shop":
            fields = fields | await self.remedies.fields(order, fields["kind"])
        try:
            await self._give(order, JOURNALED[step.command](order=order.id, **fields), "")
        except Rejected as refusal:
            log.debug("%s of %s: %s", step.command, order.id, refusal.code)

    def _forget(self, open_orders: Any) -> None:
        for order in self._rides.keys() - open_orders:
            self._rides.pop(order)
            self._unread.pop(order, None)
        for key in [one for one in self._seen if one[0] not in open_orders]:
            del self._seen[key]
