"""How much of each moment is taken. Orders count where they must be delivered, not when they were placed."""

from bisect import bisect_right
from collections import Counter

import msgspec

from huaxin.orders.model import Order, Status


class Taken(msgspec.Struct, frozen=True, gc=False):
    """What one order takes. `at`: the end of its promise, ms: it is counted in the slot that holds this."""

    at: int
    bouquets: int = 1
    zone: str = ""


class Load(msgspec.Struct, gc=False):
    """Orders and bouquets in a span of time."""

    orders: int = 0
    bouquets: int = 0
    zones: Counter[str] = msgspec.field(default_factory=Counter)


def taken_by(order: Order | None) -> Taken | None:
    """None: it takes nothing (cancelled, or not there)."""
    if order is None or order.status is Status.cancelled:
        return None
    return Taken(order.promise.end, sum(line.quantity for line in order.lines), order.zone)


class Book:
    """Sums by moment. Promises end at few moments, however many orders there are."""

    def __init__(self) -> None:
        self._at: dict[int, Load] = {}
        self._moments: list[int] | None = None  # sorted; None: to be sorted again

    def add(self, one: Taken, sign: int = 1) -> None:
        load = self._at.get(one.at)
        if load is None:
            load = self._at[one.at] = Load()
            self._moments = None
        load.orders += sign
        load.bouquets += sign * one.bouquets
        load.zones[one.zone] += sign

    def moments(self) -> list[int]:
        return list(self._at)

    def between(self, start: int, end: int) -> Load:
        """Of promises that end after `start` and not after `end` (ms)."""
        if self._moments is None:
            self._moments = sorted(self._at)
        found = Load()
        for at in self._moments[bisect_right(self._moments, start) : bisect_right(self._moments, end)]:
            load = self._at[at]
            found.orders += load.orders
            found.bouquets += load.bouquets
            found.zones.update(load.zones)
        return found
