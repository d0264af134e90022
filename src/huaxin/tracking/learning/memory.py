"""All that is learned of a city's couriers: the tracker asks and teaches it, the store keeps it."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from huaxin.dispatch.service_time import Service
from huaxin.orders.model import Order
from huaxin.tracking.learning.doors import Doors
from huaxin.tracking.learning.rides import RideTimes
from huaxin.tracking.learning.spread import Quantiles

PACE_MS = 60_000  # a courier's pace is worked out anew this often
_MODEL, _RIDES, _DOORS = "model", "ride:", "door:"

Kept = Mapping[str, Any]
"""key → plain value. `model`, and one row for each group: `ride:courier:p7`, `door:building:…`."""


_PERSONAL = frozenset({"courier", "way", "hour", "carrier"})  # levels whose groups begin with a courier


def courier_of(key: str) -> str:
    """Whom a kept row is about, "" when about nobody."""
    _, _, group = key.partition(":")
    level, _, name = group.partition(":")
    return name.split("|")[0] if level in _PERSONAL else ""


class Memory:
    """`tz`: of the shops."""

    def __init__(self, tz: tzinfo, kept: Kept | None = None) -> None:
        self.rides = RideTimes(tz)
        self.doors = Doors()
        self.arrivals = Quantiles()
        self._paces: dict[str, tuple[int, float]] = {}
        self._model_changed = False
        if kept:
            self._restore(kept)

    def pace(self, courier: str, now: int) -> float:
        """Factor on the map's travel time for this courier at this moment."""
        known = self._paces.get(courier)
        if known is not None and 0 <= now - known[0] < PACE_MS:
            return known[1]
        pace = self.rides.pace(courier, now)
        self._paces[courier] = (now, pace)
        return pace

    def service(self, order: Order, courier: str) -> Service:
        """What handing this order over is expected to take."""
        return self.doors.expect(order, courier)

    def touched(self) -> None:
        """Something was learned: what is worked out from it is worked out anew."""
        self._model_changed = True
        self._paces.clear()

    def take_changed(self) -> dict[str, Any]:
        """What has changed since the last call, to be kept."""
        changed: dict[str, Any] = {}
        for prefix, effects in ((_RIDES, self.rides.effects), (_DOORS, self.doors.effects)):
            for group in effects.changed:
                changed[prefix + group] = list(effects.groups[group])
            effects.changed.clear()
        if self._model_changed:
            self._model_changed = False
            changed[_MODEL] = {
                "rides": self.rides.state(), "doors": self.doors.scales.known,
                "arrivals": self.arrivals.known,
            }  # fmt: skip
        return changed

    def _restore(self, kept: Kept) -> None:
        for key, value in kept.items():
            if key == _MODEL:
                self.rides.restore(value["rides"])
                self.doors.scales.known = {k: tuple(v) for k, v in value["doors"].items()}
                self.arrivals.known = {k: tuple(v) for k, v in value["arrivals"].items()}
            elif key.startswith(_RIDES):
                self.rides.effects.groups[key.removeprefix(_RIDES)] = (value[0], value[1])
            elif key.startswith(_DOORS):
                self.doors.effects.groups[key.removeprefix(_DOORS)] = (value[0], value[1])
