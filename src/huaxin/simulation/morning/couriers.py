"""The couriers of the morning: they ride and tap as on any simulated day, and prove what they deliver."""

from typing import Any

from huaxin.kernel import Point
from huaxin.orders.model import Incident, Order, Reason, Status
from huaxin.simulation.minds import CourierMind
from huaxin.simulation.morning.hands import Person
from huaxin.simulation.morning.pictures import draw_bouquet, draw_door
from huaxin.simulation.morning.scale import MINUTE
from huaxin.simulation.morning.scene import Scene, colour_of
from huaxin.simulation.morning.town import Town
from huaxin.simulation.plan import Wish
from huaxin.simulation.riders import Rider

# What goes wrong: a flat tyre, a jam, a broken bloom; nobody at the door, and the buyer says the guard or
# nothing at all; a door that cannot be found.
FLAT, JAM, DAMAGED, GUARD, SILENT, LOST = "flat", "jam", "damaged", "guard", "silent", "lost"
_AT_DOOR = frozenset({GUARD, SILENT, LOST})
_JAM_MS = 10 * MINUTE
_FAR_M = 250.0


def plan_troubles(scene: Scene, orders: list[Order], nth: int) -> None:
    """Which orders of a window meet with what; spread over it, the same for the same seed."""
    kinds = ((GUARD, SILENT, FLAT), (DAMAGED, JAM, GUARD), (LOST, GUARD, DAMAGED))[nth % 3]
    picked = sorted(orders, key=lambda one: one.number)
    for place, kind in enumerate(kinds):
        if picked:
            scene.troubles[picked[(place + 1) * len(picked) // (len(kinds) + 1)].id] = kind


class Courier(CourierMind):
    def __init__(self, scene: Scene, town: Town, rider: Rider, hands: Person) -> None:
        super().__init__(town, rider)
        self.scene, self._hands = scene, hands
        self._done: set[str] = set()

    async def _tap(self, command: str, order: Order, low_s: float, high_s: float, **data: Any) -> bool:
        if command != "deliver":
            return await super()._tap(command, order, low_s, high_s, **data)
        what = f"deliver|{order.number}|{self.world.fails[order.id]}"
        if not self.world.wants(self.me, what, low_s, high_s):
            return False
        photo = draw_door(colour_of(order), self.scene.chance("door", order.number))
        picture = await self._hands.upload(order.id, photo, "proof")
        return await self.world.act(self.me, what, "deliver", order=order.id, picture=picture, **data)

    async def _carry(self, order: Order) -> None:
        trouble = self.scene.troubles.get(order.id, "")
        if trouble and order.status is Status.delivering and order.id not in self._done:
            await self._on_the_way(order, trouble)
        await super()._carry(order)

    async def _on_the_way(self, order: Order, trouble: str) -> None:
        bike = self.rider.bike
        if self.rider.goal.order != order.id or not bike.length_m or bike.left_m > 0.7 * bike.length_m:
            return
        if trouble == FLAT and bike.left_m > _FAR_M:
            self._done.add(order.id)
            self.rider.break_down()
            for one in self.rider.aboard():
                await self._say_why(one, Reason.vehicle_breakdown)
        elif trouble == JAM:
            self._done.add(order.id)
            bike.jam_until = self.world.now + _JAM_MS
            await self._say_why(order, Reason.heavy_traffic, delay_minutes=10)
        elif trouble == DAMAGED:
            self._done.add(order.id)
            photo = draw_bouquet(colour_of(order), self.scene.chance("broken", order.number))
            await self._say_why(
                order, Reason.flowers_damaged, picture=await self._hands.upload(order.id, photo, "picture")
            )

    async def _say_why(self, order: Order, reason: Reason, **data: Any) -> None:
        what = f"report|{order.number}|{reason}"
        await self.world.act(self.me, what, "report_incident", order=order.id, reason=reason.value, **data)

    # at the door

    async def _hand_over(self, order: Order, wish: Wish | None) -> None:
        trouble = self.scene.troubles.get(order.id, "")
        if trouble not in _AT_DOOR or await self._is_open(order, trouble):
            await super()._hand_over(order, wish)

    async def _is_open(self, order: Order, trouble: str) -> bool:
        """Whether there is somebody now; else the playbook is gone through, one tap at a time."""
        incident = order.incidents[-1] if order.incidents else None
        if incident is None:
            reason = Reason.cannot_find if trouble == LOST else Reason.no_answer
            if self.world.wants(self.me, f"ring|{order.number}", 60, 120):
                await self._say_why(order, reason)
            return False
        if incident.status != "open":
            return True
        if incident.stage == "call" and self.world.wants(self.me, f"called|{incident.id}", 60, 120):
            await self._decide(order, incident, "not_reached")
        elif incident.stage == "leave":
            point = self.rider.bike.point
            await self._tap(
                "deliver", order, 30, 90, left_with="guard", received_by="门卫老王", point=_plain(point)
            )
        return False

    async def _decide(self, order: Order, incident: Incident, choice: str) -> None:
        await self.world.act(
            self.me, f"called|{incident.id}", "decide_incident", order=order.id, incident=incident.id,
            stage=incident.stage, choice=choice,
        )  # fmt: skip


def _plain(point: Point) -> dict[str, float]:
    return {"lat": point.lat, "lon": point.lon}
