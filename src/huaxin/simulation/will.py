"""What people mean to do and when they get round to it; and when a real person does it instead."""

from collections.abc import Callable
from math import inf

AGAIN_MS = 30_000
TAKEN_S = 600.0  # real seconds after the last thing a real person did


class Will:
    """Intentions by key. One is there as long as its reason is seen in every step, else it is forgotten."""

    def __init__(self) -> None:
        self._due: dict[str, float] = {}
        self._seen: set[str] = set()
        self._finished: set[str] = set()

    def is_due(self, key: str, now: int, delay: Callable[[], int]) -> bool:
        """True when the delay (ms, asked for once) has passed since the key was first seen."""
        if key in self._finished:
            return False
        self._seen.add(key)
        due = self._due.get(key)
        if due is None:
            due = self._due[key] = now + delay()
        return due <= now

    def finish(self, key: str) -> None:
        """Never again."""
        self._finished.add(key)

    def is_finished(self, key: str) -> bool:
        return key in self._finished

    def put_off(self, key: str, now: int, ms: int = AGAIN_MS) -> None:
        self._due[key] = now + ms

    def end_step(self) -> None:
        for gone in self._due.keys() - self._seen:
            del self._due[gone]
        self._seen.clear()

    def forget(self, person: str) -> None:
        """Somebody comes back to their work: they look at it afresh. Keys begin with the person."""
        for key in [key for key in self._due if key.startswith(person + "|")]:
            del self._due[key]


class TakeOver:
    """Which persons are played by a real one. Real seconds, from `real`."""

    def __init__(self, real: Callable[[], float]) -> None:
        self._real = real
        self._until: dict[str, float] = {}
        self.given_back: list[Callable[[str], None]] = []

    def act(self, person: str) -> None:
        """A real person did something: theirs for ten more minutes."""
        self._until[person] = max(self._until.get(person, 0.0), self._real() + TAKEN_S)

    def take(self, person: str) -> None:
        """Until given back."""
        self._until[person] = inf

    def give_back(self, person: str) -> None:
        if self._until.pop(person, None) is not None:
            for tell in self.given_back:
                tell(person)

    def is_taken(self, person: str) -> bool:
        until = self._until.get(person)
        if until is None:
            return False
        if until <= self._real():
            self.give_back(person)
            return False
        return True

    def left_s(self, person: str) -> float:
        """Seconds until the simulator goes on; inf: until given back; 0: it plays."""
        return max(0.0, self._until.get(person, 0.0) - self._real())
