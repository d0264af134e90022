"""What a courier taps and says, and what a buyer does: as people would, a little late and not always."""

from typing import Any

from huaxin.dispatch.model import RIDING
from huaxin.dispatch.service_time import service_time
from huaxin.kernel import Point, Role
from huaxin.orders.lifecycle import BEFORE_PICK_UP, answerer
from huaxin.orders.model import ON_THE_ROAD, Order, Reason, Status
from huaxin.orders.words import local, zh_clock
from huaxin.simulation import words as w
from huaxin.simulation.plan import ABSENT, DOORMAN, FLAT_TYRE, TRAFFIC, Wish
from huaxin.simulation.riders import MEET_M, WAITS_AT_DOOR_MS, Rider, opens_at
from huaxin.simulation.talk import answer_to
from huaxin.simulation.traffic import stretch
from huaxin.simulation.world import World

MINUTE = 60_000
DOOR_M = 25.0
NOT_BEFORE_MS = 10 * MINUTE  # before the window opens nobody rings
FLAT_FROM_M, JAM_MS = 500.0, 12 * MINUTE
DELAY_FLAT, DELAY_JAM = 30, 15


class CourierMind:
    """Taps for one courier. The bike itself is the rider's."""

    def __init__(self, world: World, rider: Rider) -> None:
        self.world, self.rider, self.me = world, rider, rider.me
        self._happened: set[str] = set()

    async def live(self) -> None:
        if self.world.taken.is_taken(self.me):
            return
        await self._load()
        for order in self.world.carried_by(self.me):
            await self._answer(order)
            if order.status in RIDING or order.status is Status.picked_up:
                await self._carry(order)

    async def _tap(self, command: str, order: Order, low_s: float, high_s: float, **data: Any) -> bool:
        what = f"{command}|{order.number}|{self.world.fails[order.id]}"
        if not self.world.wants(self.me, what, low_s, high_s):
            return False
        return await self.world.act(self.me, what, command, order=order.id, **data)

    async def _load(self) -> None:
        rider = self.rider
        if rider.at_shop():
            for order in rider.loadable():
                await self._tap("pick_up", order, 25, 90)
        for order in rider.to_meet():
            other = self.world.bikes.get(self.world.holder[order.id])
            if other is not None and rider.bike.is_at(other.point, MEET_M + 15):
                await self._tap("pick_up", order, 20, 60)

    async def _carry(self, order: Order) -> None:
        world, rider = self.world, self.rider
        wish = world.wishes.get(order.id)
        if wish is not None and wish.calls_ahead and not order.agreed_at and order.status in ON_THE_ROAD:
            await self._call_ahead(order)
        if order.status is Status.picked_up and (rider.out or not rider.at_shop()):
            await self._tap("set_off", order, 2, 15)
        if wish is not None and wish.mishap and order.status is Status.delivering:
            await self._mishap(order, wish)
        here = rider.goal.order == order.id and rider.bike.is_at(order.address.point, DOOR_M)
        if not here or rider.bike.broken:
            return
        if order.status is Status.arrived:
            await self._hand_over(order, wish)
        elif rider.bike.left_m < 1:
            await self._tap("mark_arrived", order, 4, 18)

    async def _call_ahead(self, order: Order) -> None:
        what = f"agree|{order.number}"
        if not self.world.wants(self.me, what, 30, 120):
            return
        soonest = self.world.now + (self.world.eta_minutes(order) + 6) * MINUTE
        at = -(-max(soonest, order.promise.start) // (15 * MINUTE)) * 15 * MINUTE
        await self.world.act(self.me, what, "agree_time", once=True, order=order.id, at=at)

    # at the door

    async def _hand_over(self, order: Order, wish: Wish | None) -> None:
        world = self.world
        arrived = order.times.get("arrived", world.now)
        since = max(arrived, min(opens_at(order) - NOT_BEFORE_MS, arrived + WAITS_AT_DOOR_MS))
        takes = service_time(order).mean_s * 0.8 * stretch(world.seed, f"door|{order.number}", 0.3)
        mishap = wish.mishap if wish is not None and not world.fails[order.id] else ""
        received = order.recipient.name
        if mishap in (ABSENT, DOORMAN):
            what = f"absent|{order.number}"
            if world.wants(self.me, what, 60, 110):
                await world.say(self.me, what, order.id, w.ABSENT_ASK)
            takes += 240
            received = w.GUARD
        if world.now < since + takes * 1000:
            return
        if mishap == ABSENT:
            await self._tap("fail_delivery", order, 0, 20, reason=Reason.recipient_absent.value)
            return
        point = {"lat": self.rider.bike.point.lat, "lon": self.rider.bike.point.lon}
        await self._tap("deliver", order, 0, 15, received_by=received, point=point)

    # what goes wrong on the way

    async def _mishap(self, order: Order, wish: Wish) -> None:
        world, bike = self.world, self.rider.bike
        under_way = self.rider.goal.order == order.id and bike.length_m and bike.left_m < 0.6 * bike.length_m
        if order.incidents or order.id in self._happened or not under_way:
            return
        if wish.mishap == TRAFFIC:
            self._happened.add(order.id)
            bike.jam_until = world.now + JAM_MS
            await self._report(order, Reason.heavy_traffic, w.TRAFFIC_NOTE, DELAY_JAM)
        elif wish.mishap == FLAT_TYRE and bike.left_m > FLAT_FROM_M / 2 and len(world.bikes) > 1:
            self._happened.add(order.id)
            self.rider.break_down()
            for one in self.rider.aboard():
                await self._report(one, Reason.vehicle_breakdown, w.FLAT_NOTE, DELAY_FLAT)

    async def _report(self, order: Order, reason: Reason, note: str, delay: int) -> None:
        await self.world.act(
            self.me, f"report|{order.number}|{reason}", "report_incident", order=order.id,
            reason=reason.value, note=note, delay_minutes=delay,
        )  # fmt: skip

    # what is asked

    async def _answer(self, order: Order) -> None:
        world, change = self.world, order.change
        if change is not None and change.status == "asked" and answerer(order) is Role.courier:
            what = f"answer|{change.id}"
            if world.wants(self.me, what, 15, 60):
                await world.act(self.me, what, "answer_change", order=order.id, change=change.id, accept=True)
        asked = world.unanswered.get(order.id)
        if asked is None:
            return
        text = answer_to(world, order, asked[1], from_shop=False)
        what = f"reply|{order.number}|{asked[0]}"
        if text and world.wants(self.me, what, 15, 70):
            await world.say(self.me, what, order.id, text)


class BuyerMind:
    """One order's buyer. Orders that no plan wished for (a real person's) are left to that person."""

    def __init__(self, world: World, wish: Wish) -> None:
        self.world, self.wish = world, wish
        self.me = world.cast.by_phone[wish.buyer.phone].person

    async def place(self) -> None:
        """The order as the buyer's page would send it."""
        wish, world = self.wish, self.world
        if world.taken.is_taken(self.me):
            return
        address: dict[str, Any] = {
            "text": wish.spot.text, "point": _plain(wish.spot.point),
            "note": wish.door_note,
        }  # fmt: skip
        if wish.spot.gate is not None:
            address["gate"] = _plain(wish.spot.gate)
        data: dict[str, Any] = {
            "shop": world.shop.id,
            "lines": [{"product": wish.bouquet, "quantity": wish.quantity}],
            "recipient": {"name": wish.recipient, "phone": wish.recipient_phone},
            "address": address,
            "card": {"text": wish.card, "signature": wish.signature, "anonymous": wish.anonymous},
            "note": wish.note,
            "surprise": wish.surprise,
        }
        if wish.end:
            data["promise"] = {"start": wish.start, "end": wish.end}
        world.set_online(self.me, True)
        await world.act(self.me, f"place|{wish.order}", "place_order", once=True, order=wish.order, **data)

    async def live(self) -> None:
        """Returns without effect when the order is not there, or somebody else plays this buyer."""
        order = self.world.orders.get(self.wish.order)
        if order is None or self.world.taken.is_taken(self.me):
            return
        if not order.open:
            await self._afterwards(order)
            return
        await self._open(order)
        await self._turn(order)
        await self._ask(order)
        await self._reply(order)

    async def _say(self, order: Order, what: str, low_s: float, high_s: float, text: str) -> None:
        if self.world.wants(self.me, what, low_s, high_s):
            await self.world.say(self.me, what, order.id, text)

    async def _open(self, order: Order) -> None:
        if self.wish.opening:
            await self._say(order, f"opening|{order.number}", 20, 120, self.wish.opening)

    async def _turn(self, order: Order) -> None:
        turn, world = self.wish.turn, self.world
        # A new time is no use once the flowers are on the bike; a new address still is.
        allowed = order.status in BEFORE_PICK_UP
        allowed |= order.status is Status.delivering and turn is not None and turn.spot is not None
        if turn is None or world.now < turn.at or not allowed or order.change is not None:
            return
        what = f"turn|{order.number}"
        if not world.wants(self.me, what, 0, 30):
            return
        if turn.spot is not None:
            address = {"text": turn.spot.text, "point": _plain(turn.spot.point)}
            words = w.ADDRESS_TALK
            data: dict[str, Any] = {"address": address}
        else:
            if turn.end <= world.now:
                return
            time = zh_clock(local(turn.end, order.time_zone))
            words = w.CHANGE_TALK.format(time=time)
            data = {"promise": {"start": turn.start, "end": turn.end}}
        await world.say(self.me, f"why|{order.number}", order.id, words)
        await world.act(self.me, what, "ask_change", once=True, order=order.id, **data)

    async def _ask(self, order: Order) -> None:
        world = self.world
        nth = int(world.share(f"words|{order.number}") * 3)
        if self.wish.asks_where and order.status is Status.delivering:
            await self._say(order, f"where|{order.number}", 90, 400, w.ASK_WHERE[nth])
        if order.slipping and world.share(f"worried|{order.number}") < 0.5:
            await self._say(order, f"worried|{order.number}", 60, 240, w.WORRIED[nth])
        if order.status is Status.arrived and world.share(f"gate|{order.number}") < 0.35:
            answer = w.AT_GATE_ANSWERS[int(world.share(f"at|{order.number}") * len(w.AT_GATE_ANSWERS))]
            await self._say(order, f"gate|{order.number}", 15, 60, answer)

    async def _reply(self, order: Order) -> None:
        world = self.world
        absent = f"absent|{order.number}"
        asked = order.courier is not None and world.will.is_finished(f"{order.courier.person}|{absent}")
        if asked and self.wish.mishap in (ABSENT, DOORMAN) and order.status is Status.arrived:
            words = w.ABSENT_GUARD if self.wish.mishap == DOORMAN else w.ABSENT_LATER
            await self._say(order, absent, 25, 80, words)
        told = world.to_buyer.get(order.id)
        if told is not None:
            english = int(bool(told[1]) and told[1].isascii())
            await self._say(order, f"told|{order.number}|{told[0]}", 15, 60, w.BUYER_ANSWER[english])

    async def _afterwards(self, order: Order) -> None:
        wish, world = self.wish, self.world
        if order.status is not Status.delivered or not wish.stars:
            return
        what = f"rate|{order.number}"
        if world.wants(self.me, what, 90, 900):
            late = order.times.get("delivered", 0) > order.promise.end
            stars = min(wish.stars, 3) if late else wish.stars
            tags = [tag for tag in w.RATING_TAGS if world.share(f"{tag}|{order.number}") < 0.45]
            tags = [tag for tag in tags if not (late and tag == w.RATING_TAGS[0])]
            text = "" if late else wish.praise
            await world.act(
                self.me, what, "rate", once=True, order=order.id, stars=stars, tags=tags, text=text
            )


def _plain(point: Point) -> dict[str, float]:
    return {"lat": point.lat, "lon": point.lon}
