"""The florists: what must be ready first is made first, photographed, and only then out of their hands."""

from huaxin.orders.lifecycle import unsettled
from huaxin.orders.model import Order, Status
from huaxin.simulation.morning.hands import Person, Refused
from huaxin.simulation.morning.pictures import draw_bouquet
from huaxin.simulation.morning.scale import MINUTE
from huaxin.simulation.morning.scene import SHOP, Scene, colour_of
from huaxin.simulation.morning.town import Town
from huaxin.simulation.traffic import stretch

ASKS_EVERY = 2 * MINUTE  # how often somebody looks at the list anew


class Bench:
    """Everyone at the table. `live` once a step."""

    def __init__(self, scene: Scene, town: Town) -> None:
        self.scene, self.town = scene, town
        self._free = list(scene.florists)
        self._making: dict[str, tuple[Person, int]] = {}  # order → who makes it, until when
        self._ready_by: dict[str, int] = {}
        self._asked_at = 0
        self._tried_without = False
        self.order: list[str] = []  # in which they were begun

    async def live(self) -> None:
        now = self.town.now
        for order, (florist, done_at) in list(self._making.items()):
            if now >= done_at:
                await self._finish(order, florist)
        await self._mend()
        if self._free and now - self._asked_at >= ASKS_EVERY:
            self._asked_at = now
            self._ready_by = (await self._free[0].ask("get_making", shop=SHOP))["ready_by"]
        for urgent in self._waiting()[: len(self._free)]:
            await self._begin(urgent)

    def _waiting(self) -> list[Order]:
        """To make, most urgent first, without those that wait for the buyer's word."""
        found = [
            one for one in self.town.open_orders()
            if one.status is Status.confirmed and one.id in self._ready_by and unsettled(one) is None
        ]  # fmt: skip
        return sorted(found, key=lambda one: (self._ready_by[one.id], one.number))

    async def _begin(self, order: Order) -> None:
        florist = self._free.pop(0)
        try:
            await florist.do("start_making", order=order.id)
        except Refused:  # a word about other flowers came in between
            self._free.append(florist)
            return
        self.order.append(order.id)
        bouquets = sum(line.quantity for line in order.lines)
        takes = self.scene.scale.making * MINUTE * 0.85 * bouquets
        takes *= stretch(self.scene.seed, f"making|{order.number}", 0.2)
        self._making[order.id] = florist, self.town.now + round(takes)

    async def _finish(self, id: str, florist: Person) -> None:
        order = self.town.orders[id]
        if order.status is not Status.making:  # cancelled while it was made
            self._let_go(id, florist)
            return
        if unsettled(order) is not None:
            return  # half made; the buyer is asked about the rest
        if not self._tried_without:
            self._tried_without = True
            code = await florist.refused("mark_ready", order=id)
            self.scene.check("without a picture nothing is ready", code == "photo.required", code)
        picture = await self._photograph(florist, order, "made")
        try:
            await florist.do("mark_ready", order=id, picture=picture)
        except Refused as no:
            if no.code != "substitution.open":
                raise
            return
        self._let_go(id, florist)

    def _let_go(self, id: str, florist: Person) -> None:
        del self._making[id]
        self._free.append(florist)

    async def _mend(self) -> None:
        """What a buyer wished to be changed is changed, and shown again."""
        for order in self.town.open_orders():
            if order.bouquet is not None and order.bouquet.status == "fix" and "ready" in order.times:
                florist = self.scene.florists[-1]
                picture = await self._photograph(florist, order, "mended")
                await florist.do("show_bouquet", order=order.id, picture=picture)

    async def _photograph(self, florist: Person, order: Order, what: str) -> str:
        photo = draw_bouquet(colour_of(order), self.scene.chance(what, order.number))
        return await florist.upload(order.id, photo, "picture")
