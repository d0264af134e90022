"""How fast one person may go: far above any thumb, far below what would be felt by others."""

import math
import time
from collections.abc import Callable

from huaxin.journal.model import Rejected

PER_SECOND = 20.0
BURST = 60
# One device that runs wild leaves the others of its person something.
DEVICE_PER_SECOND = 15.0
DEVICE_BURST = 45
# What a device has written down without network comes all at once when it returns. It is drawn from a reserve
# that fills up so slowly that nobody can live from it: in the long run a person has 21 commands a second.
RESERVE = 600
RESERVE_PER_SECOND = 1.0
QUERIES_PER_SECOND = 30.0
QUERIES_BURST = 150
# Queries that cost more than a look: (in a row, a second).
DEAR: dict[str, tuple[int, float]] = {
    "search_messages": (20, 4.0),
    "search_orders": (20, 4.0),
    "export_order": (5, 0.2),
}
# Counted where they are carried out: two browsers that look for a way to each other say much at once.
OWN_PACE = frozenset({"signal_call"})
_REMEMBERED = 50_000


class Buckets:
    """For each key, how much of `size` is left; it fills by `per_second`. Times in seconds."""

    def __init__(self, size: int, per_second: float) -> None:
        # A hair more than the sum of its parts: they do not add up exactly.
        self._most_s, self._each_s = (size - 0.999) / per_second, 1 / per_second
        self._full_at: dict[str, float] = {}  # when the bucket will have filled up again

    def take(self, key: str, now: float) -> bool:
        full_at = max(now, self._full_at.get(key, 0.0))
        if full_at - now > self._most_s:
            return False
        self._full_at[key] = full_at + self._each_s
        if len(self._full_at) > _REMEMBERED:
            self._full_at = {one: at for one, at in self._full_at.items() if at > now}
        return True

    def wait_s(self, key: str, now: float) -> float:
        """Until there is one again."""
        return max(0.0, self._full_at.get(key, 0.0) - now - self._most_s)


class Pace:
    """Buckets per person and per device. In memory: a restart forgives."""

    def __init__(self, speed: Callable[[], float], now: Callable[[], float] = time.monotonic) -> None:
        """`speed` of the house's clock: a demo's hurried day is not held up. `now` in seconds."""
        self._speed, self._now = speed, now
        self._usual, self._reserve = Buckets(BURST, PER_SECOND), Buckets(RESERVE, RESERVE_PER_SECOND)
        self._devices = Buckets(DEVICE_BURST, DEVICE_PER_SECOND)
        self._queries = Buckets(QUERIES_BURST, QUERIES_PER_SECOND)
        self._dear = {name: Buckets(size, rate) for name, (size, rate) in DEAR.items()}

    def take(self, person: str, device: str = "") -> None:
        """One command. Raises Rejected rate.too_fast (429) with the seconds to wait."""
        now = self._now()
        of_device = not device or self._devices.take(device, now)
        if of_device and self._usual.take(person, now):
            return
        if self._reserve.take(person, now) or self._speed() != 1.0:
            return
        waits = [self._usual.wait_s(person, now), self._devices.wait_s(device, now)]
        raise _too_fast(min(max(waits), self._reserve.wait_s(person, now)))

    def ask(self, person: str, name: str) -> None:
        """One query of this name. Raises Rejected rate.too_fast (429) with the seconds to wait."""
        now = self._now()
        buckets = self._dear.get(name, self._queries)
        if not buckets.take(person, now) and self._speed() == 1.0:
            raise _too_fast(buckets.wait_s(person, now))


def _too_fast(wait_s: float) -> Rejected:
    seconds = max(1, math.ceil(wait_s))
    return Rejected(
        "rate.too_fast",
        f"That is too fast. Please wait {seconds} s and try again.",
        {"wait_s": seconds},
        status=429,
    )
