"""Everything about runs in one room: the desk, batches, handovers, and the planner beside them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from huaxin.dispatch.store import Rows, RunStore
from huaxin.gateway.hub import Hub
from huaxin.live import run_commands as c
from huaxin.live import run_views as rv
from huaxin.live import views as v
from huaxin.live.batches import Batches
from huaxin.live.dispatch import Dispatcher
from huaxin.live.handovers import Handovers
from huaxin.live.planning import Planner
from huaxin.live.roads import City
from huaxin.live.runs import RunDesk
from huaxin.live.tracking import LiveTracking
from huaxin.people.service import People


class RunRoom:
    """`city_folder`: where the planning process finds the city's roads."""

    def __init__(
        self,
        tracking: LiveTracking,
        store: Rows,
        people: People,
        city: City,
        city_folder: Path,
        hub: Hub,
        clock: Callable[[], int],
        zone: str,
    ) -> None:
        self.planner = Planner(city_folder)
        self.desk = RunDesk(tracking, self.planner, RunStore(store), people, clock)
        self.batches = Batches(tracking, self.desk, hub, clock, lambda: Planner(city_folder))
        self.handovers = Handovers(tracking, self.desk, self.planner, city, clock, zone)
        tracking.desk = self.desk

    def bind(self, dispatcher: Dispatcher) -> None:
        self.desk.bind(dispatcher.system)
        self.batches.bind(dispatcher)
        self.handovers.bind(dispatcher)

    async def start(self) -> None:
        await self.desk.start()

    async def stop(self) -> None:
        await self.batches.stop()
        await self.desk.stop()

    def acts(self) -> dict[str, Any]:
        return {
            "set_run_order": self.desk.set_run_order,
            "set_bike": self.desk.set_bike,
            "set_assignment": self.desk.set_assignment,
            "apply_batch": self.batches.apply_batch,
            "apply_handover": self.handovers.apply_handover,
        }

    def queries(self) -> dict[str, tuple[Any, Any, Any]]:
        """For the dispatcher: name → (arguments, answer, who answers)."""
        return {
            "preview_assign": (c.PreviewArgs, v.AssignCost, self.desk.preview_assign),
            "suggest_couriers": (c.SuggestArgs, list[rv.SuggestionView], self.desk.suggest_couriers),
            "preview_run_order": (c.PreviewRunOrder, c.RunOrderEffect, self.desk.preview_run_order),
            "get_assignment": (c.ShopOnly, rv.AssignmentView, self.desk.get_assignment),
            "plan_batch": (c.BatchArgs, rv.BatchView, self.batches.plan_batch),
            "get_batch": (c.ShopOnly, rv.BatchView | None, self.batches.get_batch),
            "plan_handover": (c.HandoverArgs, rv.HandoverView, self.handovers.plan_handover),
        }
