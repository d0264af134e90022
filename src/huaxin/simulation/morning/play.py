"""The morning from beginning to end."""

import time
from collections.abc import Awaitable, Callable
from functools import partial

from huaxin.orders.model import Order, Status
from huaxin.simulation.morning import after, dispatch, opening, papers, report, table
from huaxin.simulation.morning.couriers import plan_troubles
from huaxin.simulation.morning.hours import Hours
from huaxin.simulation.morning.scale import LATEST, MINUTE, MORNING, ROAD, Window
from huaxin.simulation.morning.scene import Scene
from huaxin.simulation.morning.screens import Screens
from huaxin.simulation.morning.town import Town, open_town

AHEAD = 35  # minutes before a window its orders are shared out
type Say = Callable[[str], None]


class Play:
    """`screens` None: nobody looks at a screen (and the table is imported over HTTP)."""

    def __init__(self, scene: Scene, screens: Screens | None, say: Say = print) -> None:
        self.scene, self.screens, self._say = scene, screens, say
        self._began = time.monotonic()

    def say(self, words: str) -> None:
        self._say(f"  {time.monotonic() - self._began:5.1f} s  {words}")

    async def run(self) -> None:
        """Everything; `scene.checks` has what came of it."""
        await self._evening()
        town = await open_town(self.scene)
        hours = Hours(self.scene, town)
        await self._confirm(town)
        self._plan(hours, town)
        await hours.until(self.scene.at(LATEST), hours.is_over)
        self.say("the last flowers are handed over")
        await self._afterwards(hours, town)

    async def _look(self, take: Callable[[Screens], Awaitable[None]]) -> None:
        if self.screens is not None:
            await take(self.screens)

    async def _evening(self) -> None:
        scene = self.scene
        await opening.furnish(scene)
        self.say("the evening before: an empty shop has a catalogue, windows, rings, fees and rules")
        await self._look(lambda screens: screens.catalogue())
        rows = table.make_rows(scene)
        await table.look_at_mistakes(scene, rows)
        if self.screens is not None:
            await self.screens.table(rows)
        else:
            await table.bring_in(scene, rows)
        await table.after_import(scene, rows)
        self.say(f"{len(rows)} orders out of a table, and what was paid for them")

    async def _confirm(self, town: Town) -> None:
        """In the morning, one after the other as the promises end."""
        scene = self.scene
        scene.clock.step(scene.at(MORNING) - scene.clock())
        town.now = scene.clock()
        for order in town.open_orders():
            await scene.desk.do("confirm_order", order=order.id)
        self.say("the morning: every order is confirmed, the florists begin")

    def _plan(self, hours: Hours, town: Town) -> None:
        scene = self.scene
        stock_out = scene.at(MORNING + scene.scale.stock_out)
        hours.at(stock_out, lambda: self._stock_out(hours, town))
        for nth, window in enumerate(scene.scale.windows):
            if window.orders:
                at = max(scene.at(ROAD), scene.at(window.start - AHEAD))
                hours.at(at, partial(self._share_out, town, nth, window))
        if self.screens is not None:
            bench = stock_out + 10 * MINUTE
            hours.at(bench, lambda: self._look(lambda screens: screens.bench()))
            road = scene.scale.windows[0].start + 35
            hours.at(scene.at(road), lambda: self._on_the_road(town))

    async def _stock_out(self, hours: Hours, town: Town) -> None:
        await hours.stock.begin()
        self.say(f"no more pink roses: {len(hours.stock.asked)} buyers are asked")
        first = next(iter(hours.stock.asked), "")
        if first:
            await self._look(lambda screens: screens.stock(town.orders[first]))

    async def _share_out(self, town: Town, nth: int, window: Window) -> None:
        scene = self.scene
        orders = dispatch.wanted_in(scene, town, window)
        await papers.print_for(scene, orders, window.words.replace(":", ""))
        waiting = [one for one in orders if one.courier is None]
        if scene.scale.batch:
            batch = await dispatch.plan(scene, waiting)
            if nth == 0:
                await self._look(lambda screens: screens.dispatch())
            await dispatch.apply(scene, batch)
        else:
            await dispatch.one_by_one(scene, waiting)
        if scene.scale.troubles:
            plan_troubles(scene, orders, nth)
        self.say(f"{window.words}: slips and cards of {len(orders)} printed, all with a courier")

    async def _on_the_road(self, town: Town) -> None:
        await self._look(lambda screens: screens.board("board"))
        riding = [one for one in town.open_orders() if one.status in (Status.delivering, Status.arriving)]
        if riding and riding[0].courier is not None:
            order: Order = riding[0]
            courier = next(one for one in self.scene.couriers if one.id == riding[0].courier.person)
            buyer = await self.scene.buyer_of(order)
            await self._look(lambda screens: screens.on_the_road(buyer, courier))

    async def _afterwards(self, hours: Hours, town: Town) -> None:
        scene = self.scene
        await hours.stock.report()
        await after.complain(scene)
        await self._look(lambda screens: screens.refunds())
        await after.pay_back(scene)
        repaid = next((one.id for one in await scene.orders() if one.refunds), "")
        if repaid:
            await self._look(lambda screens: screens.account(repaid))
        await self._look(lambda screens: screens.board("board-at-the-end"))
        if self.screens is not None:
            scene.check("no screen failed", not self.screens.errors, self.screens.errors[:2])
        begun = sum(1 for one in await scene.orders() if "making" in one.times)
        scene.said.append(
            f"photographs: {hours.buyers.fixes} wish for a change, {hours.buyers.rated} ratings; "
            f"{begun} bouquets begun in the bench's order"
        )
        if town.refused:
            scene.said.append(
                "refused on the way: " + ", ".join(f"{c} × {n}" for c, n in town.refused.items())
            )
        await report.judge(scene)
        self.say("everything is counted")
