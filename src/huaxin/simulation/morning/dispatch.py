"""The dispatcher of the morning: shares out a window's orders, and puts right what goes wrong on the way."""

import asyncio
from typing import Any

from huaxin.orders.model import Order, Reason, Status
from huaxin.simulation.morning.scale import Window
from huaxin.simulation.morning.scene import SHOP, Scene
from huaxin.simulation.morning.town import Town
from huaxin.simulation.shopfolk import NEEDS_ANOTHER, Desk

_RESOLVED = NEEDS_ANOTHER | {Reason.heavy_traffic}
PATIENCE_S = 120.0


def wanted_in(scene: Scene, town: Town, window: Window) -> list[Order]:
    """The open orders that were promised for a window."""
    start, end = scene.at(window.start), scene.at(window.end)
    return [one for one in town.open_orders() if start < one.promise.end <= end]


async def plan(scene: Scene, orders: list[Order]) -> dict[str, Any]:
    """A proposal of the planner for these orders. Raises TimeoutError when none comes."""
    await scene.desk.ask("plan_batch", shop=SHOP, orders=[one.id for one in orders])
    return await _until(scene, "proposed", "failed")


async def apply(scene: Scene, batch: dict[str, Any]) -> None:
    await scene.desk.do("apply_batch", job=batch["job"])
    done = await _until(scene, "applied", "failed")
    said = f"{done['applied']} assigned, {len(done['failed'])} refused"
    scene.check("what the planner proposed is assigned", not done["failed"] and done["applied"] > 0, said)
    scene.said.append(
        f"shared out: {done['orders']} orders to {len(done['shares'])} couriers, "
        f"{done['kept']} promises kept by plan"
    )


async def _until(scene: Scene, *states: str) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found: dict[str, Any] | None = await scene.desk.ask("get_batch", shop=SHOP)
            if found is not None and found["state"] in states:
                return found
            await asyncio.sleep(0.1)


async def one_by_one(scene: Scene, orders: list[Order]) -> None:
    """Without the planner: in turns."""
    for nth, order in enumerate(orders):
        courier = scene.couriers[nth % len(scene.couriers)]
        await scene.desk.do("assign_courier", order=order.id, courier=courier.id)


class MorningDesk(Desk):
    """Reassigns, takes back, offers a part of the price; the rest is the florists' and the planner's."""

    def __init__(self, scene: Scene, town: Town) -> None:
        super().__init__(town)
        self.scene = scene

    async def _look_at(self, order: Order) -> None:
        if order.status is Status.returning:
            await self._take_back(order)
        for incident in order.incidents:
            if incident.status != "open":
                continue
            if incident.reason in _RESOLVED:
                await self._mend(order, incident)
            elif incident.playbook == "damage" and incident.stage == "offer":
                what = f"offer|{incident.id}"
                if self.world.wants(self.me, what, 30, 90):
                    await self.world.act(
                        self.me, what, "decide_incident", order=order.id, incident=incident.id,
                        stage="offer", choice="refund", percent=30, note="非常抱歉,退您三成",
                    )  # fmt: skip

    async def _choose(self, order: Order, but: str) -> str:
        """Whom the house names first."""
        found = await self.scene.desk.ask("suggest_couriers", order=order.id)
        bikes = self.world.bikes
        fit = [one for one in found if one["courier"] != but and not bikes[one["courier"]].broken]
        return str(fit[0]["courier"]) if fit else ""
