"""The simulated world of the morning: what the minds of the simulation see and do, through HTTP alone."""

from typing import Any

from huaxin.journal.model import Record
from huaxin.orders.model import Order
from huaxin.people.model import Principal
from huaxin.simulation.cast import SIMULATOR, Cast, Player
from huaxin.simulation.morning.hands import Person, Refused
from huaxin.simulation.morning.scene import SHOP, Scene
from huaxin.simulation.world import World


class Town(World):
    """As World, but every command is a request of the person who gives it."""

    def __init__(self, scene: Scene, cast: Cast, hands: dict[str, Person]) -> None:
        self._hands = hands
        self._sorted: list[Order] | None = None
        point = scene.shop.point
        if point is None:
            raise ValueError("the shop is nowhere on the map")
        super().__init__(scene.house, scene.shop, point, cast, scene.seed, lambda: 0.0)

    async def _give(self, person: str, command: str, data: dict[str, Any]) -> bool:
        try:
            await self._hands[person].do(command, **data)
        except Refused as no:
            self.refused[f"{command} {no.code}"] += 1
            return False
        return True

    def _on_command(self, who: Principal, name: str, body: Any) -> None:
        """Everybody here is played: nobody steps aside."""

    def _follow(self, record: Record, order: Order) -> None:
        self._sorted = None
        super()._follow(record, order)

    def open_orders(self) -> list[Order]:
        """Most urgent first; sorted anew only when something has changed: everybody asks all the time."""
        if self._sorted is None:
            self._sorted = super().open_orders()
        return self._sorted


async def open_town(scene: Scene) -> Town:
    """With everybody who has logged in."""
    cast, hands = Cast(), dict[str, Person]()
    everybody = [scene.owner, scene.desk, *scene.florists, *scene.couriers]
    by_id = {one.id: one for one in everybody}
    for member in await scene.house.people.staff(SHOP):
        person = member.person
        principal = Principal(
            person=person.id, device=SIMULATOR, name=person.name, phone=person.phone,
            staff={SHOP: member.role},
        )  # fmt: skip
        role = "courier" if member.role.value == "courier" else "shop"
        cast.add(Player(principal, role, member.role.value))
        hands[person.id] = by_id[person.id]
    town = Town(scene, cast, hands)
    await town.load()
    return town
