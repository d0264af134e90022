"""Positions for those who save data: the same, seldom."""

import time
from collections.abc import Callable

from huaxin.kernel import Role

EVERY_S = 15.0
# A view ends so when its session saves data (live/policy.py).
CALM = ".calm"
_WATCHERS = (Role.buyer, Role.recipient, Role.shop, Role.courier)
_REMEMBERED = 10_000


class CalmPace:
    """Who is due for the next position, by order. `now` in seconds of real time: real data is saved."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._told: dict[str, float] = {}

    def views(self, order: str, usual: bytes, whole: Callable[[], bytes]) -> dict[str, bytes]:
        """What each view of a track gets now. `whole` makes what is understood without the one before it."""
        given = {role.value: usual for role in _WATCHERS}
        now = self._now()
        told = self._told.get(order)
        if told is None or now - told >= EVERY_S:
            data = whole()
            given |= {role.value + CALM: data for role in _WATCHERS}
            self._told.pop(order, None)  # put last: the first is the oldest
            self._told[order] = now
            if len(self._told) > _REMEMBERED:
                del self._told[next(iter(self._told))]
        return given
