"""How fast one person may give commands: far above any thumb, far below what would be felt by others."""

import time
from collections.abc import Callable

from huaxin.journal.model import Rejected

PER_SECOND = 20.0
BURST = 60
_REMEMBERED = 50_000


class Pace:
    """A bucket per person, over all their devices. In memory: a restart forgives."""

    def __init__(self, speed: Callable[[], float], now: Callable[[], float] = time.monotonic) -> None:
        """`speed` of the house's clock: a demo's hurried day is not held up. `now` in seconds."""
        self._speed, self._now = speed, now
        self._full_at: dict[str, float] = {}  # when the bucket will have filled up again

    def take(self, person: str) -> None:
        """Raises Rejected rate.too_fast (429)."""
        now = self._now()
        full_at = max(now, self._full_at.get(person, 0.0))
        if full_at - now > (BURST - 1) / PER_SECOND and self._speed() == 1.0:
            raise Rejected(
                "rate.too_fast",
                "That is too fast. Please wait a moment and try again.",
                {"wait_s": 1},
                status=429,
            )
        self._full_at[person] = full_at + 1 / PER_SECOND
        if len(self._full_at) > _REMEMBERED:
            self._full_at = {one: at for one, at in self._full_at.items() if at > now}
