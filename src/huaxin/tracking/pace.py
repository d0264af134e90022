"""How fast this courier really is against the map, learned hour by hour.

`pace` = actual ÷ map travel time. Few rides prove little, so what was seen is shrunk towards what is known
without it: an hour's mean towards the courier's own, the courier's towards the city's at that hour.
"""

from datetime import datetime, tzinfo

HOUR_FACTOR = (
    0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 1.0, 1.15, 1.2, 1.1, 1.0, 1.05,
    1.05, 1.0, 1.0, 1.0, 1.05, 1.2, 1.25, 1.1, 1.0, 1.0, 0.95, 0.95,
)  # fmt: skip
"""What a city is like before anything was learned: two rush hours."""

PRIOR_RIDES = 5.0  # as many rides as the prior is worth
MEMORY_RIDES = 60.0  # older rides fade once there are more
MIN_RATIO, MAX_RATIO = 0.4, 3.0  # outside it was no ride but a forgotten tap
MIN_EXPECTED_S = 90.0  # shorter rides say more about traffic lights than about the courier
ALL = "all"

Learned = dict[str, dict[str, tuple[float, float]]]
"""courier → bucket (`all` or an hour `0`…`23`) → (sum of ratios, rides). What is persisted."""


def hour_of(at: int, tz: tzinfo) -> int:
    return datetime.fromtimestamp(at / 1000, tz).hour


class Paces:
    """The learned paces of all couriers. Ratios are kept relative to the hour's factor."""

    def __init__(self, learned: Learned | None = None) -> None:
        self.learned: Learned = learned if learned is not None else {}

    def pace(self, courier: str, hour: int) -> float:
        """Factor on the map's travel time."""
        return HOUR_FACTOR[hour] * self._relative(courier, hour)

    def _relative(self, courier: str, hour: int) -> float:
        buckets = self.learned.get(courier)
        if not buckets:
            return 1.0
        total, rides = buckets.get(ALL, (0.0, 0.0))
        own = (PRIOR_RIDES + total) / (PRIOR_RIDES + rides)
        total, rides = buckets.get(str(hour), (0.0, 0.0))
        return (PRIOR_RIDES * own + total) / (PRIOR_RIDES + rides)

    def learn(self, courier: str, hour: int, expected_s: float, actual_s: float) -> bool:
        """One finished ride; `expected_s` is the map's time. False when it teaches nothing."""
        if expected_s < MIN_EXPECTED_S:
            return False
        ratio = actual_s / expected_s
        if not MIN_RATIO <= ratio <= MAX_RATIO:
            return False
        buckets = self.learned.setdefault(courier, {})
        for bucket in (ALL, str(hour)):
            total, rides = buckets.get(bucket, (0.0, 0.0))
            if rides >= MEMORY_RIDES:
                total, rides = total * (1 - 1 / MEMORY_RIDES), rides - rides / MEMORY_RIDES
            buckets[bucket] = (total + ratio / HOUR_FACTOR[hour], rides + 1)
        return True
