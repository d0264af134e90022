"""The florist's hands and the dispatcher's head. They look at the orders as they are, not at the plan."""

from huaxin.journal.model import Rejected
from huaxin.kernel import Role
from huaxin.orders.lifecycle import answerer
from huaxin.orders.model import ON_THE_ROAD, Incident, Order, Reason, Status
from huaxin.simulation import words as w
from huaxin.simulation.talk import answer_to
from huaxin.simulation.traffic import stretch
from huaxin.simulation.world import World

MINUTE = 60_000
HANDS = 2  # bouquets in the making at once
MAKING_S = 540.0
WINDOW_LEAD, SLOT_LEAD, DEADLINE_LEAD = 45 * MINUTE, 95 * MINUTE, 75 * MINUTE
ASSIGN_AFTER = 5 * MINUTE  # from when the making may begin
MOST_CARRIED = 6
LATE_COSTS_MIN, LOAD_COSTS_MIN = 25, 3  # the load's grows: a fourth order counts for more than a second
NEEDS_ANOTHER = frozenset({Reason.vehicle_breakdown, Reason.courier_unavailable, Reason.accident})


def make_at(order: Order) -> int:
    """When a florist would begin: fresh, but not in a hurry."""
    start, end = order.promise.start, order.promise.end
    if order.promise.source == "asap":
        return order.placed_at
    return min(start - WINDOW_LEAD, end - SLOT_LEAD) if start else end - DEADLINE_LEAD


class Florist:
    def __init__(self, world: World) -> None:
        self.world = world
        self.me = world.cast.florist.person

    async def live(self) -> None:
        world, now = self.world, self.world.now
        orders = world.open_orders()
        busy = sum(1 for o in orders if o.status is Status.making)
        for order in orders:
            if order.status is Status.making:
                await self._finish(order)
            elif order.status is Status.confirmed and busy < HANDS and now >= make_at(order):
                busy += 1
                what = f"make|{order.number}"
                if world.wants(self.me, what, 5, 40):
                    await world.act(self.me, what, "start_making", order=order.id)

    async def _finish(self, order: Order) -> None:
        world = self.world
        takes_ms = MAKING_S * 1000 * stretch(world.seed, f"making|{order.number}", 0.25)
        if world.now >= order.times.get("making", 0) + takes_ms:
            what = f"ready|{order.number}"
            if world.wants(self.me, what, 0, 5):
                await world.act(self.me, what, "mark_ready", order=order.id)


class Desk:
    """The dispatcher: confirms, assigns, answers, and puts right what went wrong."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.me = world.cast.dispatcher.person

    async def live(self) -> None:
        if self.world.taken.is_taken(self.me):
            return
        for order in self.world.open_orders():
            await self._look_at(order)

    async def _look_at(self, order: Order) -> None:
        world = self.world
        if order.status is Status.placed:
            what = f"confirm|{order.number}"
            if world.wants(self.me, what, 8, 45):
                await world.act(self.me, what, "confirm_order", order=order.id)
        elif order.status is Status.failed:
            await self._try_again(order)
        elif order.status is Status.returning:
            await self._take_back(order)
        elif order.courier is None and world.now >= make_at(order) + ASSIGN_AFTER:
            what = f"assign|{order.number}"
            if world.wants(self.me, what, 10, 50):
                await self._assign(order, what)
        await self._answer(order)
        for incident in order.incidents:
            if incident.status == "open":
                await self._mend(order, incident)

    # who carries it

    async def _assign(self, order: Order, what: str, *, but: str = "") -> bool:
        courier = await self._choose(order, but)
        if not courier:
            self.world.will.put_off(f"{self.me}|{what}", self.world.now)
            return False
        return await self.world.act(self.me, what, "assign_courier", order=order.id, courier=courier)

    async def _choose(self, order: Order, but: str) -> str:
        """The courier whom it costs least, by the house's own preview."""
        best, cheapest = "", float("inf")
        for player in self.world.cast.couriers:
            carried = len(self.world.carried_by(player.person))
            if player.person == but or self.world.bikes[player.person].broken or carried >= MOST_CARRIED:
                continue
            try:
                cost = await self.world.house.dispatcher.run(
                    self.world.cast.players[self.me].principal,
                    "preview_assign",
                    {"order": order.id, "courier": player.person},
                )
            except Rejected:
                continue
            late = len(getattr(cost, "late_orders", []))
            minutes = float(getattr(cost, "extra_minutes", 0)) + LATE_COSTS_MIN * late
            minutes += LOAD_COSTS_MIN * carried**1.5
            if minutes < cheapest:
                best, cheapest = player.person, minutes
        return best

    # what is asked

    async def _answer(self, order: Order) -> None:
        world, change = self.world, order.change
        if change is not None and change.status == "asked" and answerer(order) is Role.shop:
            what = f"answer|{change.id}"
            if world.wants(self.me, what, 15, 60):
                await world.act(self.me, what, "answer_change", order=order.id, change=change.id, accept=True)
        asked = world.unanswered.get(order.id)
        if asked is None or order.courier is not None:
            return
        text = answer_to(world, order, asked[1], from_shop=True)
        what = f"reply|{order.number}|{asked[0]}"
        if text and world.wants(self.me, what, 20, 80):
            await world.say(self.me, what, order.id, text)

    # what goes wrong

    async def _mend(self, order: Order, incident: Incident) -> None:
        world = self.world
        again = incident.reason in NEEDS_ANOTHER and order.courier is not None
        if again and order.courier is not None and order.courier.person == incident.reporter:
            what = f"reassign|{incident.id}"
            on_the_way = order.status in ON_THE_ROAD or order.status is Status.assigned
            if on_the_way and world.wants(self.me, what, 15, 50):
                await self._assign(order, what, but=incident.reporter)
            if world.bikes.get(incident.reporter) is not None and world.bikes[incident.reporter].broken:
                return  # nobody else yet: it stays open
        what = f"resolve|{incident.id}"
        low_s, high_s = (40, 120) if incident.reason in NEEDS_ANOTHER else (180, 480)
        if world.wants(self.me, what, low_s, high_s):
            taken_over = order.courier is not None and order.courier.person != incident.reporter
            words = w.RESOLVED_OTHER
            if taken_over and order.courier is not None and incident.reason in NEEDS_ANOTHER:
                words = w.RESOLVED_TAKEN_OVER.format(courier=order.courier.name)
            await world.act(
                self.me, what, "resolve_incident", order=order.id, incident=incident.id, resolution=words
            )

    async def _try_again(self, order: Order) -> None:
        """Not handed over: a word to the buyer, a call, and another try; after two the flowers come home."""
        world, times = self.world, self.world.fails[order.id]
        what = f"sorry|{order.number}|{times}"
        if world.wants(self.me, what, 30, 90):
            await world.say(self.me, what, order.id, w.FAILED_SHOP)
        again = times <= 1 and order.reason != Reason.refused.value
        what = f"{'retry' if again else 'return'}|{order.number}|{times}"
        if world.wants(self.me, what, 420, 720):
            command = "retry_delivery" if again else "start_return"
            await world.act(self.me, what, command, order=order.id)

    async def _take_back(self, order: Order) -> None:
        world = self.world
        bike = world.bikes.get(world.holder.get(order.id, ""))
        if bike is None or bike.is_at(world.shop_point, 60.0):
            what = f"back|{order.number}"
            if world.wants(self.me, what, 30, 90):
                await world.act(self.me, what, "confirm_return", order=order.id)
