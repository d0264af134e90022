"""The tracker in the living house: fed by phones and the journal, heard on the channels.

Positions are signals: latest value wins, never in the journal. What they make certain (500 m away, left the
shop, the promise slips) becomes a command of the system, and so a fact.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from huaxin.conversation.events import LAID_OVER
from huaxin.dispatch.model import ON_BOARD, Bike, RunPlan
from huaxin.dispatch.run import plan_run
from huaxin.gateway.hub import Hub
from huaxin.journal.journal import Journal
from huaxin.journal.model import Record, Rejected
from huaxin.kernel import Point, Role
from huaxin.live import channels, signals
from huaxin.live import views as v
from huaxin.live.calm import CalmPace
from huaxin.live.commands import SYSTEM_KINDS
from huaxin.live.known_shops import KnownShops
from huaxin.live.orders import denied
from huaxin.live.pieces import report_all
from huaxin.live.presence import Presence
from huaxin.live.privacy_due import PrivacyDue
from huaxin.live.roads import City
from huaxin.live.run_desk import Desk
from huaxin.orders.commands import ClosePrivacy
from huaxin.orders.model import Order, Status
from huaxin.people.access import is_shop_staff
from huaxin.people.model import Principal
from huaxin.people.service import People
from huaxin.shops.model import Shop
from huaxin.storage.port import Store
from huaxin.tracking.learning.memory import Memory
from huaxin.tracking.service import Tracker
from huaxin.tracking.store import TrackStore
from huaxin.tracking.views import EtaView, PositionReport, TrackView

log = logging.getLogger(__name__)

TICK_S, FAST_TICK_S = 1.0, 0.25
SAVE_S = 10.0
AGE_S = 10.0  # how often a silent courier's eta is sent again, since it ages
_LOAD_SINCE_MS = 12 * 3_600_000
_CLOSED_LATELY_MS = 3 * 24 * 3_600_000  # by promise: what was late or tried again closes days after it
_MOST_OPEN = 50_000
PICK_UP_MARGIN = 1.3  # what is told at pick-up should be kept nine times in ten
_encode = msgspec.json.Encoder().encode

SystemCommand = Callable[[Order, Any, str], Any]


class LiveTracking:
    """One per node. Nothing here that cannot be rebuilt from the store and the next positions."""

    def __init__(
        self,
        city: City,
        clock: Callable[[], int],
        zone: str,
        shops: KnownShops,
        people: People,
        store: Store,
        presence: Presence,
        journal: Journal,
    ) -> None:
        self._city, self._clock, self._zone = city, clock, ZoneInfo(zone)
        self._shops, self._people, self._store = shops, people, store
        self._tracks, self._presence, self._journal = TrackStore(store), presence, journal
        self._tracker = Tracker(city, clock, self._zone, nearest=city.nearest)
        self._open: dict[str, Order] = {}
        self._runs: dict[tuple[str, str], set[str]] = {}  # (shop, courier) → open orders
        self._names: dict[str, v.CourierView] = {}
        self._moved: set[str] = set()
        self._calm = CalmPace()
        self._privacy = PrivacyDue()
        self._tasks: list[asyncio.Task[None]] = []
        self.loaded: list[Callable[[Order], None]] = []  # told of every open order at start
        self.speed: Callable[[], float] = lambda: 1.0
        self.desk = Desk()  # live/runs.py when there is one

    def bind(self, hub: Hub, system: SystemCommand) -> None:
        """`system` gives a command of the system (Dispatcher.system)."""
        self._hub, self._system = hub, system

    async def start(self) -> None:
        """Loads what was known before a restart."""
        now = self._clock()
        self._tracker = Tracker(
            self._city, self._clock, self._zone, nearest=self._city.nearest,
            memory=Memory(self._zone, await self._tracks.load_learned()),
            positions=await self._tracks.load_positions(now - _LOAD_SINCE_MS),
        )  # fmt: skip
        await self.desk.equip(self._tracker)
        await self._shops.learn()
        for shop in self._shops.all():
            await self._load_shop(shop, now)
        self._tasks = [asyncio.create_task(self._tick()), asyncio.create_task(self._save())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._save_now()

    async def _load_shop(self, shop: Shop, now: int) -> None:
        order: Order
        for order in await self._journal.open_states(shop.id, _MOST_OPEN):
            self._follow(order)
            for tell in self.loaded:
                tell(order)
        for key in [key for key in self._runs if key[0] == shop.id]:
            self._replan(*key)
        lately = await self._store.states(shop.id, since_due=now - _CLOSED_LATELY_MS, limit=_MOST_OPEN)
        for row in lately:
            if row.closed:
                self._privacy.schedule(self._journal.rules.load(row.doc), now)

    # from the journal

    def on_record(self, record: Record, order: Order) -> None:
        """Told by the feed of every record that changed its order, in order."""
        if record.type in LAID_OVER:
            return
        touched = self._follow(order)
        if record.courier_before:
            touched.add((order.shop, record.courier_before))
        for shop, courier in touched:
            self.replan(shop, courier)
        self._tell_track(order)
        if not order.open:
            self._privacy.schedule(order, self._clock())

    def _follow(self, order: Order) -> set[tuple[str, str]]:
        """Keeps the open orders by courier; the runs that this touched."""
        before = self._open.pop(order.id, None)
        touched = set()
        if before is not None and before.courier is not None:
            key = (before.shop, before.courier.person)
            self._runs.get(key, set()).discard(order.id)
            touched.add(key)
        if order.open:
            self._open[order.id] = order
            if order.courier is not None:
                key = (order.shop, order.courier.person)
                self._runs.setdefault(key, set()).add(order.id)
                touched.add(key)
        return touched

    def _replan(self, shop: str, courier: str) -> None:
        place = self._shops.get(shop)
        if place is None or place.point is None:
            return
        orders = [self._open[one] for one in sorted(self._runs.get((shop, courier), ()))]
        if not orders:
            self._runs.pop((shop, courier), None)
        known = self._tracker.run(courier, shop)
        plan = self._tracker.plan(courier, place.point, orders, shop)
        self.desk.planned(shop, plan, known.orders if known else [])

    def replan(self, shop: str, courier: str) -> None:
        """What is decided about a run is another than before: plan it anew and tell everybody."""
        self._replan(shop, courier)
        self.tell_run(shop, courier)

    # from the phones

    async def report(
        self, shop: str, who: Principal, fixes: Sequence[PositionReport], sent_at: int = 0
    ) -> dict[str, Any]:
        """Takes a batch of fixes and tells who watches this courier. `sent_at`: by the same clock."""
        accepted, refused = await report_all(self._tracker, who.person, fixes, sent_at)
        if accepted:
            self._moved.add(who.person)
            me = v.CourierView(person=who.person, name=who.name, phone=who.phone)
            self._names.setdefault(who.person, me)
            self._tell_courier(shop, who.person)
            self._tell_stops(shop, who.person)
            # 500 m away is told when it is known, not at the next tick.
            await self._give_due_commands(who.person)
        return {"accepted": accepted, "refused": refused}

    # to the screens

    def _tell_courier(self, shop: str, courier: str) -> None:
        for order_id in self._runs.get((shop, courier), ()):
            self._tell_track(self._open[order_id])
        channel = channels.shop_channel(shop)
        if self._hub.subscribers(channel):
            view = self._courier_view(shop, courier)
            etas = {one: eta for one in view.orders if (eta := self._tracker.eta(one)) is not None}
            signal = signals.CourierSignal(courier=view, etas=etas)
            self._hub.signal(channel, {Role.shop.value: _encode(signal)}, f"courier:{courier}")

    def _tell_track(self, order: Order) -> None:
        channel = channels.track_channel(order.id)
        if not self._hub.subscribers(channel):
            return
        track = self._tracker.track
        usual = _encode(signals.TrackSignal(track=track(order.id, changed_path_only=True)))
        views = self._calm.views(order.id, usual, lambda: _encode(signals.TrackSignal(track=track(order.id))))
        self._hub.signal(channel, views, "track")

    def tell_run(self, shop: str, courier: str) -> None:
        self._tell_stops(shop, courier)
        self._tell_courier(shop, courier)

    def _tell_stops(self, shop: str, courier: str) -> None:
        """To the courier's own devices."""
        channel = channels.run_channel(shop, courier)
        if not self._hub.subscribers(channel):
            return
        plan = self._tracker.run(courier, shop)
        stops = plan.stops if plan else []
        signal = signals.RunSignal(
            stops=[stop.order for stop in stops],
            etas={stop.order: stop.arrive_at for stop in stops},
            distances={stop.order: round(stop.distance_m) for stop in stops},
            **self.desk.news(shop, courier),
        )
        self._hub.signal(channel, {Role.courier.value: _encode(signal)}, "run")

    def _courier_view(self, shop: str, courier: str) -> v.CourierView:
        known = self._names.get(courier) or v.CourierView(person=courier, name="")
        plan = self._tracker.run(courier, shop)
        return replace(
            known,
            online=self._presence.is_online(courier),
            last_seen=self._presence.last_seen(courier),
            position=self._tracker.position(courier),
            stale=self._tracker.is_stale(courier),
            orders=plan.orders if plan else [],
            by_hand=plan.by_hand if plan else False,
            unkept=plan.unkept if plan else {},
        )

    # asked

    def track(self, order: Order, role: Role) -> TrackView | None:
        """Absent before a courier has it and after it is done: nobody is watched longer than needed."""
        if not order.open or order.courier is None:
            return None
        return self._tracker.track(order.id)

    def etas(self, orders: Iterable[Order]) -> dict[str, EtaView]:
        found = ((order.id, self._tracker.eta(order.id)) for order in orders if order.open)
        return {order: eta for order, eta in found if eta is not None}

    async def couriers(self, shop: str) -> list[v.CourierView]:
        """Everyone of the shop who carries, or may."""
        mine = set()
        for person in await self._people.couriers(shop):
            self._names[person.id] = v.CourierView(person=person.id, name=person.name, phone=person.phone)
            mine.add(person.id)
        carrying = {courier for owner, courier in self._runs if owner == shop}
        return [self._courier_view(shop, courier) for courier in sorted(mine | carrying)]

    def plan(self, shop: str, courier: str) -> RunPlan | None:
        return self._tracker.run(courier, shop)

    def order_of(self, who: Principal, order_id: str) -> tuple[Order, Point]:
        """An open order of the caller's shop; where that is. Raises Rejected."""
        order = self._open.get(order_id)
        if order is None or not is_shop_staff(who, order.shop):
            raise denied(order_id)
        return order, self.point_of(order.shop)

    def point_of(self, shop: str) -> Point:
        """Raises Rejected shop.no_point."""
        if (known := self._shops.get(shop)) is None or known.point is None:
            raise Rejected("shop.no_point", "Say where the shop is first.", shop)
        return known.point

    def open_of(self, shop: str) -> list[Order]:
        return [order for order in self._open.values() if order.shop == shop]

    # for the watchdog (live/watching.py)

    @property
    def open_orders(self) -> Mapping[str, Order]:
        return self._open

    @property
    def runs(self) -> Mapping[tuple[str, str], set[str]]:
        """(shop, courier) → their open orders."""
        return self._runs

    @property
    def tracker(self) -> Tracker:
        return self._tracker

    def shop(self, shop: str) -> Shop | None:
        return self._shops.get(shop)

    # forecasts for decisions (live/enrich.py)

    def eta_at(self, order: Order, now: int) -> int:
        """By when an order that is being picked up now will very likely be there; 0: cannot be said."""
        shop = self._shops.get(order.shop)
        if shop is None or shop.point is None or order.courier is None:
            return 0
        courier = order.courier.person
        taken = replace(order, status=Status.picked_up)
        others = (self._open[one] for one in self._runs.get((shop.id, courier), ()) if one != order.id)
        met_at = order.held_by and order.held_by.point  # taken over on the road
        bike = Bike(courier=courier, point=met_at or shop.point, at=now)
        pace, hold = self._tracker.memory.pace(courier, now), self._tracker.hold(courier, shop.id)
        plan = plan_run(self._city, shop.point, [*others, taken], bike, now, pace=pace, hold=hold, quick=True)
        stop = next((one for one in plan.stops if one.order == order.id), None)
        if stop is None or not stop.known:
            return 0
        return now + round((stop.arrive_at - now) * PICK_UP_MARGIN)

    def flowers_at(self, order: Order) -> Point | None:
        here = self._tracker.position(order.courier.person) if order.courier is not None else None
        return here.point if here is not None and order.status in ON_BOARD else None

    def reachable(self, shop: Shop, point: Point) -> bool:
        return shop.point is None or self._city.ride(shop.point, point) is not None

    # as time goes by

    async def _tick(self) -> None:
        aged = 0.0
        while True:
            pause = TICK_S if self.speed() <= 4 else FAST_TICK_S
            await asyncio.sleep(pause)
            aged += pause
            try:
                await self.pulse()
                if aged >= AGE_S:
                    aged = 0.0
                    await self._tell_aged()
                    await self.learn_shops()
            except Exception:
                log.exception("a tick of tracking failed; the next one goes on")

    async def pulse(self) -> None:
        """What is due by now: commands of the system, runs that time alone has changed."""
        for courier in dict.fromkeys(courier for _, courier in self._runs):
            await self._give_due_commands(courier)
            await asyncio.sleep(0)  # messages pass in between: etas take a millisecond for each courier
        await self._close_privacy()
        self.desk.think_over(self._tracker.thoughts_due(self._clock()))

    async def learn_shops(self) -> None:
        """A shop added or moved while this node runs: its runs begin there."""
        changed = await self._shops.learn()
        for key in [key for key in self._runs if key[0] in changed]:
            self.replan(*key)

    async def _tell_aged(self) -> None:
        for shop, courier in list(self._runs):
            if self._tracker.is_stale(courier):
                self._tell_courier(shop, courier)
                await asyncio.sleep(0)

    async def _give_due_commands(self, courier: str) -> None:
        for due in self._tracker.commands_due(self._clock(), courier):
            order = self._open.get(due.order)
            if order is not None:
                await self._give(order, SYSTEM_KINDS[due.command](order=due.order, **due.fields))

    async def _close_privacy(self) -> None:
        for shop, order_id in self._privacy.due(self._clock()):
            order = await self._journal.state(shop, order_id)
            if order is not None and not order.open and not order.privacy_closed:
                await self._give(order, ClosePrivacy(order=order_id))

    async def _give(self, order: Order, body: Any) -> None:
        try:
            await self._system(order, body, "")
        except Rejected as refusal:
            # A thumb was faster, or another node: what was to happen has happened.
            log.debug("%s of %s: %s", type(body).__name__, order.id, refusal.code)

    async def _save(self) -> None:
        while True:
            await asyncio.sleep(SAVE_S)
            try:
                await self._save_now()
            except Exception:
                log.exception("positions could not be kept; the next save takes them along")

    async def _save_now(self) -> None:
        moved, self._moved = self._moved, set()
        await self._tracks.save_positions(self._tracker.latest(moved))
        await self._tracks.save_learned(self._tracker.memory.take_changed())
