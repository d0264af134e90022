"""Learning from what is in the journal already: the legs and handovers of orders that have ended."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from math import isfinite
from typing import NamedTuple

from huaxin.dispatch.roads import Roads, flat_m
from huaxin.kernel import Point
from huaxin.orders.model import Order
from huaxin.tracking.learning.memory import Memory
from huaxin.tracking.learning.rides import Example, Leg, Ride
from huaxin.tracking.leg import cell_name, is_ride

SAME_TRIP_MS = 60 * 60_000
_REACHED = frozenset({"delivering", "arrived", "delivered"})


class PastLeg(NamedTuple):
    """A way that was ridden to a door, and the handover there. Times are ms since 1970."""

    order: Order
    courier: str
    begin: Point
    begun_at: int
    arrived_at: int
    delivered_at: int


class Learned(NamedTuple):
    """How much there was to learn from."""

    orders: int
    rides: int
    doors: int


def legs_of(orders: Sequence[Order], shops: Mapping[str, Point]) -> list[PastLeg]:
    """The legs of delivered orders, by when they ended. A leg begins at the shop, or at the door before when
    that was on the same trip."""
    ended = [o for o in orders if o.courier is not None and o.shop in shops and o.times.keys() >= _REACHED]
    ended.sort(key=lambda o: (_courier(o), o.times["arrived"], o.id))
    legs = []
    for courier, theirs in groupby(ended, key=_courier):
        before: Order | None = None
        for order in theirs:
            begin, begun_at = _begin(order, before, shops[order.shop])
            times = order.times
            legs.append(PastLeg(order, courier, begin, begun_at, times["arrived"], times["delivered"]))
            before = order
    return sorted(legs, key=lambda leg: (leg.delivered_at, leg.order.id))


def _courier(order: Order) -> str:
    return order.courier.person if order.courier else ""


def _begin(order: Order, before: Order | None, shop: Point) -> tuple[Point, int]:
    set_off = order.times["delivering"]
    if before is None or before.times["delivered"] <= set_off:
        return shop, set_off
    left = before.times["delivered"]
    if order.times["arrived"] - left > SAME_TRIP_MS:
        return shop, set_off
    return before.address.point, left


def learn_history(memory: Memory, legs: Sequence[PastLeg], roads: Roads) -> Learned:
    """Teaches the memory leg by leg, as they ended. Deliveries with an incident teach nothing."""
    rides = doors = 0
    for leg in legs:
        if leg.order.incidents:
            continue
        door = leg.order.address.point
        seconds, metres = roads.table([leg.begin], [door])
        whole = Leg(float(seconds[0][0]), float(metres[0][0]), flat_m(leg.begin, door))
        took_s = (leg.arrived_at - leg.begun_at) / 1000
        if isfinite(whole.seconds) and is_ride(whole.seconds, took_s):
            ride = Ride(leg.courier, leg.begun_at, cell_name(leg.begin), cell_name(door))
            memory.rides.learn(ride, [Example(whole, took_s)], leg.arrived_at)
            rides += 1
        doors += memory.doors.learn(leg.order, leg.courier, (leg.delivered_at - leg.arrived_at) / 1000)
    memory.touched()
    return Learned(len(legs), rides, doors)
