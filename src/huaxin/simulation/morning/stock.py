"""In the middle of it the pink roses are gone: one proposal to all who ordered them, and what they say."""

import asyncio

from huaxin.orders.lifecycle import unsettled
from huaxin.orders.model import Order, Status
from huaxin.simulation.morning.hands import Refused
from huaxin.simulation.morning.pictures import draw_bouquet
from huaxin.simulation.morning.scale import AGAIN, INSTEAD, MINUTE, OUT
from huaxin.simulation.morning.scene import SHOP, Scene
from huaxin.simulation.morning.town import Town

_CHAMPAGNE, _WHITE = (236, 204, 160), (240, 238, 232)
CHEAPER = -1000  # fen a bouquet
MINUTES = 30  # to answer in
READS_AFTER = 4 * MINUTE
# Of five buyers: yes, yes, no (and then to the second proposal), silent until the shop calls, no: cancelled.
_SAYS = ("yes", "yes", "other", "silent", "cancel")


class StockOut:
    """From the florist's word to the last answer. `live` once a step."""

    def __init__(self, scene: Scene, town: Town) -> None:
        self.scene, self.town = scene, town
        self.asked: dict[str, str] = {}  # order → what its buyer is going to say
        self._second: set[str] = set()
        self._since = 0

    async def begin(self) -> None:
        """A florist says it once, with a picture of what comes instead."""
        scene, florist = self.scene, self.scene.florists[0]
        photo = draw_bouquet(_CHAMPAGNE, scene.chance("instead"), 480)
        kept = await florist.send_file(f"/api/shops/{SHOP}/pictures", photo, "image/jpeg")
        told = await florist.do(
            "report_stock_out", shop=SHOP, stem=OUT[0], name=INSTEAD[0], name_en=INSTEAD[1],
            difference=CHEAPER, picture=kept["picture"], words="今早没到货,香槟玫瑰一样新鲜", minutes=MINUTES,
        )  # fmt: skip
        async with asyncio.timeout(90):
            while True:
                job = await florist.ask("get_stock_out", shop=SHOP)
                if job is not None and job["state"] == "proposed":
                    break
                await asyncio.sleep(0.05)
        waiting = sorted((one for one in await scene.orders() if _asks(one)), key=lambda one: one.number)
        self.asked = {one.id: _SAYS[nth % len(_SAYS)] for nth, one in enumerate(waiting)}
        self._since = self.town.now
        scene.check(
            "everybody whose flowers are out is asked, each once",
            len(self.asked) == told["orders"] == job["proposed"] > 0, f"{len(self.asked)} asked",
        )  # fmt: skip

    async def live(self) -> None:
        if self.town.now - self._since < READS_AFTER:
            return
        for id, says in self.asked.items():
            order = self.town.orders.get(id)
            if order is not None and order.open and unsettled(order) is not None:
                await self._answer(order, says)

    async def _answer(self, order: Order, says: str) -> None:
        scene, open_ = self.scene, order.substitutions[-1]
        try:
            if open_.status == "declined":
                await self._after_no(order, says)
            elif says == "silent":
                if open_.overdue:  # nobody answered: the shop calls, and is told yes
                    await self._say(order, open_.id, accept=True, by_phone=True)
            else:
                yes = says == "yes" or order.id in self._second
                await self._say(order, open_.id, accept=yes)
        except Refused as no:
            scene.check("an answer about other flowers is taken", False, f"{order.number}: {no}")
            self.asked[order.id] = "silent"

    async def _say(self, order: Order, proposal: str, *, accept: bool, by_phone: bool = False) -> None:
        who = self.scene.desk if by_phone else await self.scene.buyer_of(order)
        await who.do("answer_substitute", order=order.id, substitution=proposal, accept=accept)

    async def _after_no(self, order: Order, says: str) -> None:
        """Other flowers again, or the money back."""
        scene = self.scene
        if says == "cancel":
            await scene.desk.do("cancel_order", order=order.id, reason=f"{OUT[0]}缺货,客户不想换")
            return
        self._second.add(order.id)
        photo = draw_bouquet(_WHITE, scene.chance("again"), 480)
        kept = await scene.desk.send_file(f"/api/shops/{SHOP}/pictures", photo, "image/jpeg")
        await scene.desk.do(
            "propose_substitute", order=order.id, stem=OUT[0], name=AGAIN[0], name_en=AGAIN[1],
            picture=kept["picture"], difference=0, minutes=MINUTES,
        )  # fmt: skip

    async def report(self) -> None:
        """What became of them, for the table."""
        if not self.asked:
            return
        orders = [one for one in await self.scene.orders() if one.id in self.asked]
        left = [
            one.number for one in orders if unsettled(one) is not None and one.status is not Status.cancelled
        ]
        by = {"buyer": 0, "shop": 0, "policy": 0}
        for one in orders:
            last = one.substitutions[-1]
            if last.status == "accepted":
                by[last.answered_by] += 1
        gone = sum(1 for one in orders if one.status is Status.cancelled)
        self.scene.check("no proposal is left without an answer", not left, left)
        self.scene.said.append(
            f"stock-out of {OUT[0]}: {len(orders)} asked, {by['buyer']} agreed by link, "
            f"{by['shop']} by telephone, {gone} cancelled and refunded"
        )


def _asks(order: Order) -> bool:
    open_ = unsettled(order)
    return open_ is not None and open_.status == "asked" and open_.stem == OUT[0]
