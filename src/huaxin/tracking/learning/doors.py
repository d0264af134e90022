"""How long a handover takes at this door, learned per building and compound, from what the address says."""

from math import exp, floor, log

from huaxin.dispatch.roads import METRES_PER_DEGREE
from huaxin.dispatch.service_time import Service, service_time
from huaxin.kernel import Point
from huaxin.orders.model import Order
from huaxin.tracking.learning.effects import Effects, Level
from huaxin.tracking.learning.spread import Scales

BUILDING_M, COMPOUND_M = 25.0, 250.0
MIN_S, MAX_S = 20.0, 45 * 60.0  # outside it was no handover but a forgotten tap
FAR = 1.2  # one handover may not teach more than this, in logarithms
FIRST_SPREAD = 0.42

_LEVELS = [
    Level("everywhere", 6.0, 300),
    Level("carrier", 5.0, 60),
    Level("compound", 3.0, 40),
    Level("building", 1.5, 15),
]


class Doors:
    """Predicts and learns handovers."""

    def __init__(self) -> None:
        self.effects = Effects(_LEVELS)
        self.scales = Scales(FIRST_SPREAD)

    def expect(self, order: Order, courier: str) -> Service:
        """Seconds at the door of this order."""
        keys = _keys(order, courier)
        usual = service_time(order).mean_s * exp(self.effects.value(keys))
        # Where nobody has been yet the building itself is unknown on top.
        seen = self.effects.weight("building", keys[-1])
        return Service(usual, usual * self.scales.scale("door") * (1.0 if seen >= 2 else 1.15))

    def learn(self, order: Order, courier: str, spent_s: float) -> bool:
        """One handover that has ended. False when it teaches nothing."""
        if not MIN_S <= spent_s <= MAX_S:
            return False
        keys = _keys(order, courier)
        left = log(spent_s / service_time(order).mean_s)
        off = left - self.effects.value(keys)
        self.scales.learn("door", off * off)
        self.effects.learn(keys, min(FAR, max(-FAR, left)))
        return True


def _keys(order: Order, courier: str) -> list[str]:
    point = order.address.point
    gate = order.address.gate or point
    return ["all", courier, _cell(gate, COMPOUND_M), _cell(point, BUILDING_M)]


def _cell(point: Point, metres: float) -> str:
    scale = METRES_PER_DEGREE / metres
    return f"{floor(point.lat * scale)},{floor(point.lon * scale)}"
