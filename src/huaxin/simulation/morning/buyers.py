"""What buyers do with the link they were sent: look at their flowers, decide at the door, complain, rate."""

from huaxin.orders.model import Incident, Order, Status
from huaxin.simulation.morning.couriers import SILENT
from huaxin.simulation.morning.hands import Refused
from huaxin.simulation.morning.scale import MINUTE
from huaxin.simulation.morning.scene import Scene
from huaxin.simulation.morning.town import Town
from huaxin.simulation.traffic import spread

LOOKS_EVERY, FIX_EVERY = 9, 40  # one in so many looks at the picture; one in so many wishes something else
RATES_EVERY = 4
_CHOICES = {"ask": "guard", "way": "explained", "agree": "accept"}


class Buyers:
    """Those who have something to say. `live` once a step."""

    def __init__(self, scene: Scene, town: Town) -> None:
        self.scene, self.town = scene, town
        self._told: set[str] = set()
        self.fixes = 0
        self.rated = 0

    async def live(self) -> None:
        for order in list(self.town.orders.values()):
            if order.open:
                await self._look(order)
                for incident in order.incidents:
                    if incident.status == "open" and incident.decides == "buyer":
                        await self._decide(order, incident)
            elif order.status is Status.delivered and order.number % RATES_EVERY == 0:
                await self._rate(order)

    def _is_time(self, order: Order, what: str, since: int, low_s: float, high_s: float) -> bool:
        """Once for each thing, some time after it came to them."""
        key = f"{what}|{order.id}"
        if key in self._told or self.town.now < since + low_s * 1000:
            return False
        if self.town.now < since + spread(self.scene.seed, f"{what}|{order.number}", low_s, high_s):
            return False
        self._told.add(key)
        return True

    async def _look(self, order: Order) -> None:
        bouquet = order.bouquet
        if bouquet is None or bouquet.status != "asked" or order.number % LOOKS_EVERY:
            return
        if order.status not in (Status.ready, Status.assigned):
            return
        if self.town.now > bouquet.answer_by or not self._is_time(order, "look", bouquet.at, 60, 300):
            return
        fix = self.fixes == 0 or order.number % FIX_EVERY == 0
        who = await self.scene.buyer_of(order)
        words = "丝带换成白色的,谢谢" if fix else ""
        try:
            await who.do("answer_bouquet", order=order.id, bouquet=bouquet.id, approve=not fix, fix=words)
        except Refused:
            return  # it was picked up, or the time was over, a moment before
        self.fixes += fix

    async def _decide(self, order: Order, incident: Incident) -> None:
        choice = _CHOICES.get(incident.stage, "")
        if not choice or self.scene.troubles.get(order.id) == SILENT:
            return
        if not self._is_time(order, f"decide {incident.id} {incident.stage}", incident.at, 30, 150):
            return
        who = await self.scene.buyer_of(order)
        try:
            await who.do(
                "decide_incident", order=order.id, incident=incident.id, stage=incident.stage, choice=choice
            )
        except Refused as no:
            self.scene.check("a buyer's decision is taken", no.code.startswith("incident."), no)

    async def _rate(self, order: Order) -> None:
        since = order.times.get("delivered", 0)
        complaint = order.number % (RATES_EVERY * 16) == 0
        if complaint or not self._is_time(order, "rate", since, 5 * MINUTE / 1000, 40 * MINUTE / 1000):
            return
        late = since > order.promise.end
        who = await self.scene.buyer_of(order)
        await who.do("rate", order=order.id, stars=3 if late else 5, text="" if late else "花很新鲜,谢谢")
        self.rated += 1
