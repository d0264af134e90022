"""Calls in the living house: who cannot be rung now, what devices say to each other, who has gone.

Nothing here needs to survive a restart: calls stand in their orders. What devices say is passed on to the
other device and kept nowhere.
"""

import asyncio
import itertools
import logging
import math
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import msgspec
from msgspec.structs import replace

from huaxin.calls import commands as c
from huaxin.calls.model import RING_MS, OpenCall, find_call
from huaxin.calls.timing import due_calls
from huaxin.gateway.hub import Hub
from huaxin.gateway.ports import Identity
from huaxin.journal.model import Record, Rejected
from huaxin.kernel import Role
from huaxin.live import channels, signals
from huaxin.live import commands as wishes
from huaxin.live.call_views import CallServers
from huaxin.live.orders import Orders
from huaxin.live.pace import Buckets
from huaxin.live.presence import Presence
from huaxin.notify.model import NoticePreferences
from huaxin.notify.quiet import quiet_until, zone_of
from huaxin.orders.model import ON_THE_ROAD, Order
from huaxin.people.access import roles_on
from huaxin.people.model import SHOP_ROLES, Principal
from huaxin.people.service import People

log = logging.getLogger(__name__)
LOOK_S = 1.0
LOST_S = 30.0  # without any session of theirs on this server
LOST_SHARED_S = 600.0  # where they may have come to another node meanwhile
RINGS, RINGS_PER_SECOND = 8, 8 / 60  # of one person
RINGS_OF_ORDER, RINGS_OF_ORDER_PER_SECOND = 4, 4 / 60  # of one person on one order
SIGNALS, SIGNALS_PER_SECOND = 240, 40.0
_encode = msgspec.json.Encoder().encode

GiveCommand = Callable[[Order, Any, str], Awaitable[Any]]
FindPreferences = Callable[[str], Awaitable[NoticePreferences]]
Tell = Callable[[str, bytes], Awaitable[None]]


class CallArgs(msgspec.Struct, frozen=True, kw_only=True):
    order: str
    call: str


class Clock(Protocol):
    @property
    def speed(self) -> float: ...

    def __call__(self) -> int: ...


class Calling:
    """One per node. `give` is Dispatcher.system; `tell` passes a signal for a person on to other nodes."""

    def __init__(
        self,
        orders: Orders,
        people: People,
        hub: Hub,
        presence: Presence,
        preferences: FindPreferences,
        clock: Clock,
        *,
        shared: bool = False,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._orders, self._people, self._hub, self._presence = orders, people, hub, presence
        self._preferences, self._clock, self._seconds = preferences, clock, seconds
        self._lost_s = LOST_SHARED_S if shared else LOST_S
        self._calling: dict[str, set[str]] = {}  # order → persons who are in a call on it
        self._gone: dict[str, float] = {}  # person → since when without a session
        self._rings = Buckets(RINGS, RINGS_PER_SECOND)
        self._rings_of_order = Buckets(RINGS_OF_ORDER, RINGS_OF_ORDER_PER_SECOND)
        self._signals = Buckets(SIGNALS, SIGNALS_PER_SECOND)
        self._count = itertools.count()
        self._task: asyncio.Task[None] | None = None
        self.give: GiveCommand | None = None
        self.tell: Tell | None = None
        self.servers: Callable[[str], CallServers] = no_servers
        presence.changed.append(self._on_presence)

    # what the order does not know before a ring is decided (live/enrich.py)

    async def fill(self, wish: Any, who: Principal, order: Order | None, now: int) -> Any:
        """A wish about a call with its server fields. Raises Rejected call.flood (429)."""
        if isinstance(wish, c.DeclineCall):
            crew = await self._crew(order) if order is not None else []
            return replace(wish, crew=crew)
        if order is None:
            return replace(wish, hindered={}, ring_ms=0)
        self._check_rings(who.person, order.id)
        await self._end_forgotten(order, now)
        hindered = {}
        for role in wish.to:
            if why := await self._hindrance(order, Role(role), now):
                hindered[role.value] = why
        ring_ms = int(RING_MS * max(1.0, self._clock.speed))
        return replace(wish, hindered=hindered, ring_ms=ring_ms)

    def _check_rings(self, person: str, order: str) -> None:
        now = self._seconds()
        for buckets, key in ((self._rings, person), (self._rings_of_order, f"{person} {order}")):
            if not buckets.take(key, now):
                raise too_often(buckets.wait_s(key, now))

    async def _end_forgotten(self, order: Order, now: int) -> None:
        """Of an order that is done nobody looks at the clock."""
        for body, due_at in list(due_calls(order, now)):
            await self._give(order, body, f"{body.call}:m:{due_at}"[:64])

    async def _hindrance(self, order: Order, role: Role, now: int) -> str:
        """nobody | busy | quiet, "": their phone may ring."""
        persons = await self._persons(order, role)
        if role is Role.recipient:
            links = await self._people.guests.open_links(order.id)
            return "" if any(one.role == role for one in links) else "nobody"
        if not persons:
            return "nobody"
        busy = self._busy()
        free = [person for person in persons if person not in busy]
        if not free:
            return "busy"
        for person in free:
            if not await self._is_quiet(person, order, now):
                return ""
        return "quiet"

    async def _persons(self, order: Order, role: Role) -> list[str]:
        if role is Role.buyer:
            return [order.buyer.person] if order.buyer.person else []
        if role is Role.courier:
            return [order.courier.person] if order.courier is not None else []
        return await self._crew(order) if role is Role.shop else []

    async def _crew(self, order: Order) -> list[str]:
        return [one.person.id for one in await self._people.staff(order.shop) if one.role in SHOP_ROLES]

    def _busy(self) -> set[str]:
        return set().union(*self._calling.values())

    async def _is_quiet(self, person: str, order: Order, now: int) -> bool:
        """Who waits at the door may ring in quiet hours as well; who wants no calls is never rung."""
        wished = await self._preferences(person)
        if not wished.calls:
            return True
        if order.status in ON_THE_ROAD:
            return False
        return quiet_until(wished, now, zone_of(wished, order.time_zone)) > 0

    # what devices say to each other

    async def signal_call(self, who: Principal, wish: wishes.SignalCall) -> dict[str, Any]:
        """Raises Rejected call.over, call.signal (403), call.flood (429)."""
        order, _ = await self._orders.access(wish.order, who)
        call = find_call(order.calls, wish.call)
        if call is None:
            raise Rejected("call.over", "This call is over already.", wish.call)
        me, other = call.member(who.person), call.member(wish.to_person)
        if me is None or me.device != wish.from_device or other is None or other.device != wish.to_device:
            raise Rejected(
                "call.signal", "Only devices in the same call talk to each other.", wish.call, status=403
            )
        now = self._seconds()
        if not self._signals.take(who.person, now):
            raise too_often(self._signals.wait_s(who.person, now))
        data = _encode(
            signals.CallSignal(
                order=order.id,
                call=call.id,
                from_person=who.person,
                from_role=me.role.value,
                from_device=me.device,
                to_device=other.device,
                kind=wish.kind,
                data=wish.data,
            )
        )
        self.pass_on(other.person, data)
        if self.tell is not None:
            await self.tell(other.person, data)
        return {"order": order.id}

    async def get_call_servers(self, who: Principal, args: CallArgs) -> CallServers:
        """For who is in the call or is rung. Raises Rejected call.over."""
        order, _ = await self._orders.access(args.order, who)
        call = find_call(order.calls, args.call)
        if call is None or not (call.member(who.person) or {*roles_on(order, who)} & {*call.ringing}):
            raise Rejected("call.over", "This call is over already.", args.call)
        return self.servers(who.person)

    def pass_on(self, person: str, data: bytes) -> None:
        """To the person's devices here. A key of its own each: none takes the place of another."""
        self._hub.signal(channels.me_channel(person), {"me": data}, f"call:{next(self._count)}")

    # who has gone, and what was forgotten

    def on_record(self, record: Record, order: Order) -> None:
        """Told by the feed of every record that changed its order."""
        self.follow(order)

    def follow(self, order: Order) -> None:
        if order.calls:
            self._calling[order.id] = {one.person for call in order.calls for one in call.members}
        else:
            self._calling.pop(order.id, None)

    def load(self, order: Order) -> None:
        """At start: whoever was in a call has to come back soon."""
        self.follow(order)
        for person in self._calling.get(order.id, ()):
            if not self._presence.is_online(person):
                self._gone.setdefault(person, self._seconds())

    def _on_presence(self, who: Identity, online: bool) -> None:
        if online:
            self._gone.pop(who.user, None)
        elif who.user in self._busy():
            self._gone[who.user] = self._seconds()

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
                log.exception("calls could not be looked after; they are looked at again")

    async def look(self) -> None:
        """Ends what nobody is in any more. Open orders' rings are ended by the timers, others' here."""
        seconds, now = self._seconds(), self._clock()
        for id in list(self._calling):
            order = await self._orders.find(id)
            if order is None:
                continue
            if not order.open:
                await self._end_forgotten(order, now)
            for call in order.calls:
                for member in call.members:
                    if seconds - self._gone.get(member.person, seconds) >= self._lost_s:
                        await self._lose(order, call, member.person, member.joined_at)
        busy = self._busy()
        self._gone = {person: since for person, since in self._gone.items() if person in busy}

    async def _lose(self, order: Order, call: OpenCall, person: str, joined_at: int) -> None:
        body = c.LoseMember(order=order.id, call=call.id, person=person)
        await self._give(order, body, f"{call.id}:l:{joined_at}:{person}"[:64])

    async def _give(self, order: Order, body: Any, id: str) -> None:
        if self.give is None:
            return
        try:
            await self.give(order, body, id)
        except Rejected as refusal:
            log.debug("%s of %s: %s", type(body).__name__, order.id, refusal.code)  # it was over by itself


def no_servers(person: str) -> CallServers:
    return CallServers(ice_servers=[], expires_at=0, relay=False)


def too_often(wait_s: float) -> Rejected:
    seconds = max(1, math.ceil(wait_s))
    return Rejected(
        "call.flood",
        f"That is too often. Please try again in {seconds} s.",
        {"wait_s": seconds},
        status=429,
    )
