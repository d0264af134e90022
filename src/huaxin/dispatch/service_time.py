"""How long a handover takes: gate, lift, door. Read from the address until it is learned (issue 4)."""

import re
from typing import NamedTuple

from huaxin.orders.model import Order

BASE_S = 180.0  # park, find the door, hand over
GATE_S = 30.0  # a compound's gate to the building, on foot
WALK_UP_S = 15.0  # one floor of stairs
LIFT_S = 60.0  # waiting for and riding a lift
LOBBY_S = 45.0  # the front desk of an office tower
WALK_UP_FLOORS = 6  # Chinese houses up to this height usually have no lift
SHOP_S = 120.0  # one visit at the shop …
SHOP_EACH_S = 30.0  # … and each order taken there

_UNIT = re.compile(r"(\d+)\s*(?:单元|unit)", re.IGNORECASE)
# The last 3–4 digit number of an address is its room: 401 is floor 4, 1203 is floor 12.
_ROOM = re.compile(r"(?<!\d)(\d{3,4})(?:室|房|号)?\s*$")
_FLOOR = re.compile(r"(\d{1,2})\s*(?:楼|层|f\b|floor)", re.IGNORECASE)
_TOWER = re.compile(r"大厦|写字楼|中心|广场|tower|office|plaza", re.IGNORECASE)


class Service(NamedTuple):
    """Seconds at the door: mean and standard deviation."""

    mean_s: float
    sd_s: float


def floor_of(text: str) -> int:
    """The floor an address names, 0 when it names none. 「5号楼」 is a building, not a floor."""
    room = _ROOM.search(text)
    if room:
        return int(room[1][:-2])
    floors = [int(m[1]) for m in _FLOOR.finditer(text)]
    return floors[-1] if floors else 0


def service_time(order: Order) -> Service:
    """What handing this order over is expected to take."""
    text = f"{order.address.text} {order.address.detail}".strip()
    mean = BASE_S
    if order.address.gate is not None or "小区" in text:
        mean += GATE_S
    floor = floor_of(text)
    if _TOWER.search(text):
        mean += LOBBY_S + (LIFT_S if floor > 1 else 0.0)
    elif floor > WALK_UP_FLOORS:
        mean += LIFT_S
    elif floor > 1 or _UNIT.search(text):
        mean += WALK_UP_S * max(1, floor - 1)
    return Service(mean, 0.45 * mean)


def shop_time(orders: int) -> Service:
    """One visit at the shop to take this many orders."""
    mean = SHOP_S + SHOP_EACH_S * orders
    return Service(mean, 0.5 * mean)
