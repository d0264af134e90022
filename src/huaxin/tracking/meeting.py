"""Flowers that are on another bike: the run begins where they change hands. Pure."""

from collections.abc import Iterable, Sequence
from math import hypot, isfinite

from msgspec.structs import replace

from huaxin.dispatch.assign import HANDOVER_S
from huaxin.dispatch.model import ON_BOARD, Bike, RunPlan
from huaxin.dispatch.roads import Roads, guess_leg
from huaxin.kernel import Point
from huaxin.orders.model import Order

FETCH_SPREAD = 0.35  # of the way to somebody who waits somewhere on a street


def meetings(orders: Iterable[Order], courier: str) -> list[Point | None]:
    """Where this courier meets others to take flowers over, each place once. None: nobody knows where."""
    found = [
        order.held_by.point
        for order in orders
        if order.held_by is not None and order.status not in ON_BOARD and order.held_by.person != courier
    ]
    return list(dict.fromkeys(found))


def after_meeting(
    roads: Roads, shop: Point, bike: Bike, places: Sequence[Point | None], now: int, pace: float
) -> tuple[Bike, int]:
    """(the bike at the last of these places, ms when it can leave there with the flowers)."""
    here, seconds = bike.point or shop, 0.0
    for place in places:
        there = place or shop  # nobody knows where they are: at best somebody brings them to the shop
        ride = float(roads.table([here], [there])[0][0][0])
        seconds += (ride if isfinite(ride) else guess_leg(here, there)[0]) * pace + HANDOVER_S
        here = there
    at = now + round(seconds * 1000)
    return Bike(courier=bike.courier, point=here, at=at), at


def with_meeting(plan: RunPlan, seconds: float) -> RunPlan:
    """The plan with the time until the flowers are taken over as a pause before the first stop, for what is
    not known of it."""
    if not plan.stops or seconds <= 0:
        return plan
    first = plan.stops[0]
    sd = hypot(first.pause_sd, FETCH_SPREAD * seconds)
    return replace(
        plan, stops=[replace(first, pause_s=first.pause_s + seconds, pause_sd=sd), *plan.stops[1:]]
    )
