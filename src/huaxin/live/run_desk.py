"""What tracking tells of runs and asks about them: the least that works, without a planner beside it."""

from collections.abc import Iterable, Sequence
from typing import Any

from huaxin.dispatch.model import RunPlan
from huaxin.tracking.service import Tracker


class Desk:
    """Nobody thinks runs over and nothing is remembered of them. live/runs.py does."""

    async def equip(self, tracker: Tracker) -> None:
        """Gives a new tracker what people decided. Called before any run is planned."""
        self._tracker = tracker

    def planned(self, shop: str, plan: RunPlan, before: Sequence[str]) -> None:
        """A run was planned; `before`: its visiting order until now."""

    def news(self, shop: str, courier: str) -> dict[str, Any]:
        """Fields of views.RunNews."""
        return {}

    def think_over(self, runs: Iterable[tuple[str, str]]) -> None:
        """(courier, shop) of runs that time alone may have changed."""
