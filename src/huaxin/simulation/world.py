"""The simulated world around a real house: its orders as they are, who acts, what is meant to happen.

Everything anybody does goes through the house's dispatcher, as a client's command would.
"""

import heapq
import logging
from collections import Counter
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from huaxin.compose import House
from huaxin.dispatch.model import RunPlan
from huaxin.gateway.ports import Identity
from huaxin.journal.model import Record, Rejected
from huaxin.kernel import Point
from huaxin.live.commands import JOURNALED
from huaxin.orders.model import ON_THE_ROAD, Order, Status
from huaxin.people.model import Principal
from huaxin.shops.model import Shop
from huaxin.simulation.cast import SIMULATOR, Cast, Player
from huaxin.simulation.couriers import Bike
from huaxin.simulation.plan import Wish
from huaxin.simulation.traffic import share, spread
from huaxin.simulation.will import TakeOver, Will

log = logging.getLogger("huaxin.simulation")

COMMANDS = "sim"  # how the ids of our commands begin
HELD = ON_THE_ROAD | {Status.failed, Status.returning}
AT_SHOP_M = 40.0
PHONE_S = 60.0  # a person's own phone moves their bike for so long after each report
NEAR_CITY = 0.02  # degrees around the map within which a phone is believed

Asked = tuple[int, str]  # seq, text


class World:
    """Kept in step by `on_record`; changed by `act`. One event loop."""

    def __init__(
        self, house: House, shop: Shop, shop_point: Point, cast: Cast, seed: int, real: Callable[[], float]
    ) -> None:
        self.house, self.shop, self.shop_point = house, shop, shop_point
        self.cast, self.seed, self.real = cast, seed, real
        self.zone = ZoneInfo(shop.time_zone)
        self.now = house.clock()
        self.orders: dict[str, Order] = {}  # open ones, and closed ones that still matter
        self.wishes: dict[str, Wish] = {}
        self.holder: dict[str, str] = {}  # order → courier who has the flowers; absent: at the shop
        self.fails: Counter[str] = Counter()
        self.unanswered: dict[str, Asked] = {}  # the buyer's last words, until somebody answers
        self.to_buyer: dict[str, Asked] = {}  # what a real person wrote to a buyer
        self.will = Will()
        self.taken = TakeOver(real)
        self.taken.given_back.append(self.will.forget)
        self.bikes = {
            one.person: Bike(one.principal.phone, shop_point, seed, self.zone) for one in cast.couriers
        }
        self.refused: Counter[str] = Counter()
        self.heard_of: list[Callable[[Record, Order], None]] = []
        self._rides: dict[Point, float] = {}
        self._agenda: list[tuple[int, int, str, str, dict[str, Any]]] = []
        self._count = 0
        self._boot = f"{COMMANDS}{self.now // 1000:x}-"
        self._online: set[str] = set()
        house.feed.watch(self.on_record)
        house.dispatcher.heard.append(self._on_command)

    async def load(self) -> None:
        """Open orders of before."""
        for row in await self.house.store.states(self.shop.id, open_only=True, limit=5_000):
            order: Order = self.house.journal.rules.load(row.doc)
            self.orders[order.id] = order
            if order.status in HELD and order.courier is not None:
                self.holder[order.id] = order.courier.person

    # what happens

    def on_record(self, record: Record, order: Order) -> None:
        if record.shop != self.shop.id:
            return
        if record.delta:
            self._follow(record, order)
        if record.type == "message_sent":
            self._note_message(record, order)
        for tell in self.heard_of:
            tell(record, order)

    def _follow(self, record: Record, order: Order) -> None:
        before = self.orders.get(order.id)
        self.orders[order.id] = order
        courier = order.courier.person if order.courier else ""
        if order.status in HELD and courier:
            if before is None or before.status is not order.status or order.id not in self.holder:
                self.holder[order.id] = courier
        elif order.status is not Status.assigned or record.type == "action_undone":
            self.holder.pop(order.id, None)
        if order.status is Status.failed and before is not None and before.status is not Status.failed:
            self.fails[order.id] += 1
        if not order.open and order.buyer.person:
            self.set_online(order.buyer.person, False)

    def _note_message(self, record: Record, order: Order) -> None:
        text = str(msgspec.json.decode(record.body).get("text", ""))
        ours = record.command_id.startswith(COMMANDS)
        if record.role in ("buyer", "recipient"):
            self.unanswered[order.id] = (record.seq, text)
        else:
            self.unanswered.pop(order.id, None)
            if not ours:
                self.to_buyer[order.id] = (record.seq, text)
        # Everyone of the shop, so that their board asks for a person only when one of them is played by one.
        readers = {one.person for one in self.cast.players.values() if one.role == "shop"}
        readers.add(order.buyer.person)
        readers.add(order.courier.person if order.courier else "")
        for person in sorted(readers - {record.actor, ""}):
            at = self.now + spread(self.seed, f"read|{record.seq}", 4, 20)
            self.later(at, person, "mark", order=order.id, received=record.seq, read=record.seq)

    def _on_command(self, who: Principal, name: str, body: Any) -> None:
        """A real person's command: the simulator leaves that person alone for a while."""
        if who.device == SIMULATOR or who.person not in self.cast.players:
            return
        if name in JOURNALED:
            self.taken.act(who.person)
        bike = self.bikes.get(who.person)
        if name == "report_positions" and bike is not None and body.positions:
            west, south, east, north = self.house.city.facts.bbox
            last = body.positions[-1]
            near_lat = south - NEAR_CITY <= last.lat <= north + NEAR_CITY
            if near_lat and west - NEAR_CITY <= last.lon <= east + NEAR_CITY:
                bike.own_until = self.real() + PHONE_S
                bike.place(Point(last.lat, last.lon))

    # what people do

    def wants(self, person: str, what: str, low_s: float, high_s: float) -> bool:
        """Is it time for this person to do this? A taken-over person decides alone."""
        if self.taken.is_taken(person):
            return False
        key = f"{person}|{what}"
        phone = self.cast.players[person].principal.phone
        return self.will.is_due(key, self.now, lambda: spread(self.seed, f"{phone}|{what}", low_s, high_s))

    async def act(self, person: str, what: str, command: str, *, once: bool = False, **data: Any) -> bool:
        """Does it. `what`: the key it was wanted by; `once`: never again. False when it was refused."""
        key = f"{person}|{what}"
        done = await self._give(person, command, data)
        if done and once:
            self.will.finish(key)
        else:
            self.will.put_off(key, self.now)
        return done

    async def _give(self, person: str, command: str, data: dict[str, Any]) -> bool:
        self._count += 1
        principal = self.cast.players[person].principal
        command_id = f"{self._boot}{self._count}"
        try:
            await self.house.dispatcher.run(principal, command, data, command_id, self.now)
        except Rejected as refusal:
            self.refused[refusal.code] += 1
            log.debug("%s of %s: %s %s", command, principal.name, refusal.code, refusal)
            return False
        return True

    def later(self, at: int, person: str, command: str, **data: Any) -> None:
        """Something small that will be done then, unless a real person plays."""
        self._count += 1
        heapq.heappush(self._agenda, (at, self._count, person, command, data))

    async def keep_agenda(self) -> None:
        while self._agenda and self._agenda[0][0] <= self.now:
            _, _, person, command, data = heapq.heappop(self._agenda)
            if person in self.cast.players and not self.taken.is_taken(person):
                await self._give(person, command, data)

    async def say(self, person: str, what: str, order: str, text: str) -> bool:
        """Types for a moment as people do, then sends."""
        await self._give(person, "type", {"order": order})
        return await self.act(person, what, "say", once=True, order=order, text=text)

    def set_online(self, person: str, online: bool) -> None:
        """As if their app were open."""
        player = self.cast.players.get(person)
        if player is None or (person in self._online) is online:
            return
        who = Identity(user=person, device=SIMULATOR, claims=player.principal)
        if online:
            self._online.add(person)
            self.house.presence.connected(who)
        else:
            self._online.discard(person)
            self.house.presence.disconnected(who, 1000)

    # what can be known

    def open_orders(self) -> list[Order]:
        """Most urgent first."""
        return sorted((o for o in self.orders.values() if o.open), key=lambda o: (o.promise.end, o.number))

    def carried_by(self, courier: str) -> list[Order]:
        return [o for o in self.open_orders() if o.courier is not None and o.courier.person == courier]

    def plan_of(self, courier: str) -> RunPlan | None:
        return self.house.tracking.plan(self.shop.id, courier)

    def ride_s(self, point: Point) -> float:
        """Seconds from the shop, as the map says."""
        found = self._rides.get(point)
        if found is None:
            ride = self.house.city.ride(self.shop_point, point)
            found = self._rides[point] = ride[0] if ride else 900.0
        return found

    def eta_minutes(self, order: Order) -> int:
        eta = self.house.tracking.etas([order]).get(order.id)
        return max(1, round((eta.p50_at - self.now) / 60_000)) if eta else 0

    def stops_before(self, order: Order) -> int:
        eta = self.house.tracking.etas([order]).get(order.id)
        return eta.stops_before if eta else 0

    def share(self, what: str) -> float:
        return share(self.seed, what)

    def name_of(self, person: str) -> str:
        player: Player | None = self.cast.players.get(person)
        return player.principal.name if player else ""

    def forget_closed(self) -> None:
        """Orders that nobody will come back to."""
        for order in [o for o in self.orders.values() if not o.open]:
            if self.now - max(order.times.values(), default=0) > 2 * 3_600_000:
                del self.orders[order.id]
                self.unanswered.pop(order.id, None)
                self.to_buyer.pop(order.id, None)
