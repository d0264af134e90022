"""How fast one person may give commands: far above any thumb, far below what would be felt by others."""

import time
from collections.abc import Callable

from huaxin.journal.model import Rejected

PER_SECOND = 20.0
BURST = 60
# What a device has written down without network comes all at once when it returns. It is drawn from a reserve
# that fills up so slowly that nobody can live from it: in the long run a person has 21 commands a second.
RESERVE = 600
RESERVE_PER_SECOND = 1.0
_REMEMBERED = 50_000


class _Buckets:
    """For each person, how much of `size` is left; it fills by `per_second`."""

    def __init__(self, size: int, per_second: float) -> None:
        self._most_s, self._each_s = (size - 1) / per_second, 1 / per_second
        self._full_at: dict[str, float] = {}  # when the bucket will have filled up again

    def take(self, person: str, now: float) -> bool:
        full_at = max(now, self._full_at.get(person, 0.0))
        if full_at - now > self._most_s:
            return False
        self._full_at[person] = full_at + self._each_s
        if len(self._full_at) > _REMEMBERED:
            self._full_at = {one: at for one, at in self._full_at.items() if at > now}
        return True


class Pace:
    """Two buckets per person, over all their devices. In memory: a restart forgives."""

    def __init__(self, speed: Callable[[], float], now: Callable[[], float] = time.monotonic) -> None:
        """`speed` of the house's clock: a demo's hurried day is not held up. `now` in seconds."""
        self._speed, self._now = speed, now
        self._usual, self._reserve = _Buckets(BURST, PER_SECOND), _Buckets(RESERVE, RESERVE_PER_SECOND)

    def take(self, person: str) -> None:
        """Raises Rejected rate.too_fast (429)."""
        now = self._now()
        if self._usual.take(person, now) or self._reserve.take(person, now) or self._speed() != 1.0:
            return
        raise Rejected(
            "rate.too_fast",
            "That is too fast. Please wait a moment and try again.",
            {"wait_s": 1},
            status=429,
        )
