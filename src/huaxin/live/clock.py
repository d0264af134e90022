"""What time it is. Real for a shop; a demo's day may run faster, or stand still."""

import time


class Clock:
    """ms since 1970. Never goes backwards."""

    def __init__(self, start_ms: int = 0, speed: float = 1.0) -> None:
        """`start_ms` 0: the real time."""
        self._anchor = time.monotonic()
        self._at = float(start_ms or time.time() * 1000)
        self.speed = speed
        self._real = start_ms == 0 and speed == 1.0  # then it follows the wall clock
        self._last = 0

    @property
    def is_real(self) -> bool:
        return self._real

    def __call__(self) -> int:
        if self._real:
            # The wall clock may be set back; what was said stays said.
            self._last = max(self._last, int(time.time() * 1000))
            return self._last
        return int(self._at + (time.monotonic() - self._anchor) * 1000 * self.speed)

    def set_speed(self, speed: float) -> None:
        """0 pauses."""
        self._at, self._anchor = float(self()), time.monotonic()
        self._real = False
        self.speed = speed

    def step(self, ms: int) -> None:
        """Moves a clock that is not the real one ahead: for stories and tests."""
        self._at += ms


def real_ms() -> int:
    return int(time.time() * 1000)
