"""Means of many small groups (couriers, hours, doors), each shrunk towards what is known without it."""

from math import exp
from typing import NamedTuple

MIN_WEIGHT = 1e-6


class Level(NamedTuple):
    """One kind of group. `worth`: as many examples as the prior (no effect) is worth, the ratio of the
    variance within groups to that between them; `memory`: older examples fade beyond so many."""

    name: str
    worth: float
    memory: float = 60.0


class Effects:
    """Levels are added up in order; each explains what those before it left over."""

    def __init__(self, levels: list[Level]) -> None:
        self.levels = levels
        self.groups: dict[str, tuple[float, float]] = {}  # "level:key" → (sum, weight)
        self.changed: set[str] = set()

    def value(self, keys: list[str]) -> float:
        """The effects of these groups together; `keys` in the order of the levels, "" for none."""
        return sum(self._one(level, key) for level, key in zip(self.levels, keys, strict=True) if key)

    def _one(self, level: Level, key: str) -> float:
        total, weight = self.groups.get(f"{level.name}:{key}", (0.0, 0.0))
        return total / (weight + level.worth)

    def weight(self, level: str, key: str) -> float:
        """How much was seen of a group."""
        return self.groups.get(f"{level}:{key}", (0.0, 0.0))[1]

    def learn(self, keys: list[str], left: float, weight: float = 1.0) -> None:
        """`left`: what an example leaves over before any effect."""
        for level, key in zip(self.levels, keys, strict=True):
            if not key:
                continue
            name = f"{level.name}:{key}"
            total, known = self.groups.get(name, (0.0, 0.0))
            fade = 1 - 1 / level.memory if known >= level.memory else 1.0
            self.groups[name] = (total * fade + weight * left, known * fade + weight)
            self.changed.add(name)
            left -= self._one(level, key)


class Drift:
    """The level of everything now: a mean that forgets by the clock."""

    def __init__(self, half_life_ms: float, worth: float) -> None:
        self._half_life, self._worth = half_life_ms, worth
        self.total = self.weight = 0.0
        self.at = 0

    def _fade(self, now: int) -> float:
        return exp(-0.6931471805599453 * max(0, now - self.at) / self._half_life)

    def value(self, now: int) -> float:
        if self.weight < MIN_WEIGHT:
            return 0.0
        fade = self._fade(now)
        return self.total * fade / (self.weight * fade + self._worth)

    def learn(self, now: int, left: float, weight: float = 1.0) -> None:
        fade = self._fade(now)
        self.total = self.total * fade + weight * left
        self.weight = self.weight * fade + weight
        self.at = max(self.at, now)
