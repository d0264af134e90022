"""Instances we make ourselves: in the manner of Gehring & Homberger, and mornings of a real city. Seeded.

Nobody knows the best answers of these; they are compared with what a long run finds.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huaxin.dispatch.evaluate.solomon import BadInstance, Customer, Instance
from huaxin.dispatch.fleet.model import Bike, FleetTask

SIDE, CAPACITY, SERVICE = 140, 200, 10
HORIZON = 900
KINDS = ("C", "R", "RC")

# A morning in the city, in seconds.
SLOT_S, SLOTS = 2 * 3600, 3
BIKES, BASKET, TRIPS, RELOAD_S = 12, 8, 6, 240
TRIES = 6  # points asked of the map for each door wanted: water and parks have no street


def make_instance(kind: str, seed: int, customers: int = 200) -> Instance:
    """`kind`: C (clusters), R (anywhere) or RC (half and half). Windows of three in four customers."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    middle = SIDE / 2
    xy = rng.uniform(0, SIDE, (customers, 2))
    if kind != "R":
        count = customers if kind == "C" else customers // 2
        seeds = rng.uniform(10, SIDE - 10, (max(1, customers // 10), 2))
        nearby = seeds[rng.integers(0, len(seeds), count)] + rng.normal(0, 4, (count, 2))
        xy[:count] = np.clip(nearby, 0, SIDE)
    rows = [Customer(middle, middle, 0, 0, HORIZON, 0)]
    for x, y in xy.round(1):
        away = float(np.hypot(x - middle, y - middle))
        first, last = int(away) + 1, int(HORIZON - away - SERVICE) - 1
        ready, due = 0, last
        if rng.random() < 0.75:
            at = int(rng.integers(first, last))
            half = int(rng.integers(15, 90))
            ready, due = max(0, at - half), min(last, max(first, at + half))
        rows.append(Customer(float(x), float(y), int(rng.integers(1, 41)), ready, due, SERVICE))
    return Instance(f"{kind}-{customers}-{seed}", customers // 4, CAPACITY, rows)


def make_city_morning(
    box: tuple[float, float, float, float],
    point: Callable[[float, float], Any],
    table: Callable[[Sequence[Any], Sequence[Any]], tuple[NDArray[np.float64], NDArray[np.float64]]],
    seed: int,
    stops: int = 100,
) -> FleetTask:
    """Doors on real streets around the middle of `box` (south, west, north, east).

    `table` answers as a map does: (seconds, metres), inf where no way is. Raises BadInstance when the map
    has too few places that can be reached both ways.
    """
    rng = np.random.default_rng(seed)
    south, west, north, east = box
    shop = point((south + north) / 2, (west + east) / 2)
    lats, lons = rng.uniform(south, north, stops * TRIES), rng.uniform(west, east, stops * TRIES)
    found = [point(float(lat), float(lon)) for lat, lon in zip(lats, lons, strict=True)]
    away, _ = table([shop], found)
    back, _ = table(found, [shop])
    usable = [p for p, a, b in zip(found, away[0], back[:, 0], strict=True) if np.isfinite(a + b)]
    places = [shop, *usable[:stops]]
    if len(places) <= stops:
        raise BadInstance(f"The map has streets for {len(places) - 1} of {stops} stops only.", "city")
    seconds, _ = table(places, places)
    ways = np.where(np.isfinite(seconds), seconds, 10**8).astype(np.int64)
    slots = rng.integers(0, SLOTS, stops + 1)
    return FleetTask(
        durations=ways,
        costs=ways,
        ready=[int(slot) * SLOT_S for slot in slots],
        due=[int(slot + 1) * SLOT_S for slot in slots],
        service=[int(s) for s in rng.integers(150, 420, stops + 1)],
        released=[0] * (stops + 1),
        loads=[(1,)] * (stops + 1),
        prizes=[0] * (stops + 1),
        bikes=[Bike(number=BIKES, until=SLOT_S * (SLOTS + 1), capacity=(BASKET,), trips=TRIPS)],
        shop_until=SLOT_S * (SLOTS + 1),
        reload=RELOAD_S,
    )
