"""Streets as straight lines of the grid: planned first, drawn last, so that anything may still join them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Literal

from . import names
from .canvas import Canvas, Spot

HALF_WIDTH = {"primary": 20.0, "secondary": 15.0, "tertiary": 11.0, "residential": 7.0, "service": 4.0}
"""Half of the space a street takes between plots, by class, in metres."""

RIVER_SOUTH, RIVER_NORTH = 2262.0, 2418.0  # grid latitude of the banks
CANAL_WEST, CANAL_EAST = 4243.0, 4277.0  # grid longitude of the canal's banks
CANAL_TOP = 3900.0
RAILWAY_V = 4965.0
OUTSKIRTS = 1700.0
"""How far the country around the city is drawn beyond its edge, in grid metres."""
_RIVERSIDE_SOUTH, _RIVERSIDE_NORTH = 2225.0, 2455.0
_SAMPLE = 45.0  # bends are drawn with a point about every 45 m
_LANES = {"primary": "6", "secondary": "4", "tertiary": "2"}
_SPEED = {"primary": "60", "secondary": "50", "tertiary": "40", "residential": "30"}


@dataclass
class Street:
    """A street along one grid line. ``axis`` is the coordinate that varies; ``at`` the one that does not."""

    axis: Literal["u", "v"]
    at: float
    lo: float
    hi: float
    kind: str
    name: names.Name
    oneway: str = ""
    joints: set[float] = field(default_factory=set)
    bridges: list[tuple[float, float, names.Name | None]] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def half(self) -> float:
        """Half width in metres."""
        return HALF_WIDTH[self.kind]

    def spot(self, along: float) -> Spot:
        """Grid position at ``along`` on the street."""
        return (along, self.at) if self.axis == "u" else (self.at, along)

    def join(self, along: float) -> Spot:
        """Give the street a node at ``along`` so that something can meet it there; returns its position."""
        self.joints.add(round(along, 2))
        return self.spot(along)

    def number(self, along: float, odd: bool) -> int:
        """House number at ``along``: one every 8 m from the city's edge, odd on one side."""
        return 2 * int(max(0.0, along - max(0.0, self.lo)) / 16.0) + (1 if odd else 2)

    def draw(self, canvas: Canvas) -> None:
        """Draw the street as ways: one per stretch between bridge ends."""
        for a, b, bridge in self._stretches():
            canvas.line([self.spot(t) for t in self._samples(a, b)], self._tags(bridge))

    def _stretches(self) -> list[tuple[float, float, names.Name | bool]]:
        found: list[tuple[float, float, names.Name | bool]] = []
        start = self.lo
        for a, b, name in sorted(self.bridges, key=lambda bridge: bridge[0]):
            if a > start:
                found.append((start, a, False))
            found.append((a, b, name or True))
            start = b
        if start < self.hi:
            found.append((start, self.hi, False))
        return found

    def _samples(self, a: float, b: float) -> list[float]:
        fixed = sorted({a, b, *(t for t in self.joints if a < t < b)})
        points = [fixed[0]]
        for left, right in itertools.pairwise(fixed):
            parts = max(1, round((right - left) / _SAMPLE))
            points += [left + (right - left) * k / parts for k in range(1, parts)]
            points.append(right)
        return points

    def _tags(self, bridge: names.Name | bool) -> dict[str, str]:
        tags = {"highway": self.kind, **names.tags(self.name), **self.extra}
        if self.kind in _LANES:
            tags["lanes"] = _LANES[self.kind]
        if self.kind in _SPEED:
            tags["maxspeed"] = _SPEED[self.kind]
        if self.kind in ("primary", "secondary"):
            tags["cycleway"] = "lane"
        if self.oneway:
            tags["oneway"] = self.oneway
        if bridge:
            tags |= {"bridge": "yes", "layer": "1"}
            if not isinstance(bridge, bool):
                tags |= {"bridge:name": bridge[0], "bridge:name:en": bridge[1]}
        return tags


def plan() -> tuple[list[Street], list[Street]]:
    """The through streets (north-south, east-west) with their crossings and bridges, not yet drawn."""
    ns = [street for row in names.ROADS_NS for street in _north_south(*row)]
    ew = [_east_west(*row) for row in names.ROADS_EW]
    for road in ns:
        for street in ew:
            if road.lo <= street.at <= road.hi and street.lo <= road.at <= street.hi:
                road.join(street.at)
                street.join(road.at)
    return ns, ew


def footbridge() -> Street:
    """A bridge for bicycles and walkers between the two riverside roads."""
    bridge = Street("v", 2400.0, _RIVERSIDE_SOUTH, _RIVERSIDE_NORTH, "service", names.FOOTBRIDGE)
    bridge.extra = {"highway": "cycleway", "foot": "yes"}
    bridge.bridges = [(RIVER_SOUTH, RIVER_NORTH, names.FOOTBRIDGE)]
    return bridge


def _north_south(at: float, kind: str, name: names.Name, bridge: names.Name | None) -> list[Street]:
    outward = kind != "tertiary"
    lo, hi = (-OUTSKIRTS, 5000.0 + OUTSKIRTS) if outward else (350.0, 4760.0)
    over_rails = [(RAILWAY_V - 30.0, RAILWAY_V + 30.0, None)] if outward else []
    if bridge:
        return [
            Street("v", at, lo, hi, kind, name, bridges=[(RIVER_SOUTH, RIVER_NORTH, bridge), *over_rails])
        ]
    return [
        Street("v", at, lo, _RIVERSIDE_SOUTH, kind, name),
        Street("v", at, _RIVERSIDE_NORTH, hi, kind, name, bridges=[*over_rails]),
    ]


def _east_west(at: float, kind: str, name: names.Name) -> Street:
    lo, hi = (300.0, 5640.0) if kind == "tertiary" else (-OUTSKIRTS, 6000.0 + OUTSKIRTS)
    street = Street("u", at, lo, hi, kind, name)
    if name[0] in ("春分街", "雨水街"):
        # A pair of one-way streets, as many an old town centre has.
        street.oneway = "yes" if name[0] == "春分街" else "-1"
    if _RIVERSIDE_NORTH <= at <= CANAL_TOP:
        street.bridges = [(CANAL_WEST - 6, CANAL_EAST + 6, None)]
    return street
