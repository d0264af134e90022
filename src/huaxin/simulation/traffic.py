"""How freely the roads flow by the hour, and how long people take. Pure."""

from datetime import datetime, tzinfo
from random import Random

FLOW = {7: 0.86, 8: 0.84, 9: 0.92, 11: 0.93, 12: 0.92, 16: 0.92, 17: 0.8, 18: 0.78, 19: 0.9}


def flow(at: int, zone: tzinfo) -> float:
    """Part of one's usual speed at this moment (ms since 1970)."""
    return FLOW.get(datetime.fromtimestamp(at / 1000, zone).hour, 1.0)


def spread(seed: int, key: str, low_s: float, high_s: float) -> int:
    """Milliseconds between two bounds, the same for the same key: whoever decides twice decides alike."""
    return round(Random(f"{seed}|{key}").uniform(low_s, high_s) * 1000)


def share(seed: int, key: str) -> float:
    """A number in [0, 1) that belongs to the key."""
    return Random(f"{seed}|{key}").random()


def stretch(seed: int, key: str, spread_of: float) -> float:
    """A factor around 1, never below a half: how much longer or shorter something takes this time."""
    return max(0.5, Random(f"{seed}|{key}").lognormvariate(0.0, spread_of))
