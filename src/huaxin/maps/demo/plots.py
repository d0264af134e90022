"""Cutting the city into plots: each block between through streets, divided by lanes of its own."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from random import Random

from . import names
from .streets import CANAL_EAST, CANAL_TOP, CANAL_WEST, Street

Side = str  # "s", "n", "w" or "e"


@dataclass(frozen=True)
class Plot:
    """A rectangle of building land in grid metres, and the street along each of its sides (if any)."""

    west: float
    south: float
    east: float
    north: float
    streets: dict[Side, Street]
    column: int
    row: int

    @property
    def width(self) -> float:
        """Metres from west to east."""
        return self.east - self.west

    @property
    def depth(self) -> float:
        """Metres from south to north."""
        return self.north - self.south

    @property
    def middle(self) -> tuple[float, float]:
        """Grid position of the centre."""
        return (self.west + self.east) / 2, (self.south + self.north) / 2

    def inset(self, by: float) -> list[tuple[float, float]]:
        """Corners of the plot shrunk by ``by`` metres, with points between so that it bends with the city."""
        w, s, e, n = self.west + by, self.south + by, self.east - by, self.north - by
        return bent([(w, s), (e, s), (e, n), (w, n)])

    def front(self) -> Side:
        """The side of the most important street."""
        order = ["primary", "secondary", "tertiary", "residential", "service"]
        return min(self.streets, key=lambda side: (order.index(self.streets[side].kind), "snew".index(side)))


def bent(corners: list[tuple[float, float]], step: float = 60.0) -> list[tuple[float, float]]:
    """A ring with extra points at most ``step`` metres apart along each side."""
    ring: list[tuple[float, float]] = []
    for (u0, v0), (u1, v1) in zip(corners, corners[1:] + corners[:1], strict=True):
        parts = max(1, round((abs(u1 - u0) + abs(v1 - v0)) / step))
        ring += [(u0 + (u1 - u0) * k / parts, v0 + (v1 - v0) * k / parts) for k in range(parts)]
    return ring


@dataclass
class Divider:
    """Divides blocks and keeps the lanes it made."""

    random: Random
    lanes: list[Street]

    def divide(self, block: Plot, cuts: str) -> list[Plot]:
        """Cut a block by lanes: ``cuts`` is "" (whole), "v" (a north-south lane), "h", or "+" (both)."""
        plots = [block]
        if cuts in ("v", "+"):
            plots = [part for plot in plots for part in self._cut_v(plot)]
        if cuts in ("h", "+"):
            plots = self._cut_h(plots, block)
        return plots

    def canal(self, block: Plot) -> list[Plot]:
        """Cut a block by the canal instead of a lane: no street on that side."""
        west = Plot(
            block.west,
            block.south,
            CANAL_WEST - 16,
            block.north,
            _without(block, "e"),
            block.column,
            block.row,
        )
        east = Plot(
            CANAL_EAST + 16,
            block.south,
            block.east,
            block.north,
            _without(block, "w"),
            block.column,
            block.row,
        )
        return [west, east]

    def _lane(self, axis: str, at: float, start: Street, end: Street) -> Street:
        name = names.lane(len(self.lanes))
        lane = Street("v" if axis == "v" else "u", at, start.at, end.at, "residential", name)
        if self.random.random() < 0.12:
            lane.oneway = self.random.choice(["yes", "-1"])
        for street in (start, end):
            street.join(at)
            lane.join(street.at)
        self.lanes.append(lane)
        return lane

    def _cut_v(self, plot: Plot) -> list[Plot]:
        at = round(plot.west + plot.width * self.random.uniform(0.42, 0.58), 2)
        lane = self._lane("v", at, plot.streets["s"], plot.streets["n"])
        left = {**plot.streets, "e": lane}
        right = {**plot.streets, "w": lane}
        return [
            Plot(plot.west, plot.south, at - lane.half, plot.north, left, plot.column, plot.row),
            Plot(at + lane.half, plot.south, plot.east, plot.north, right, plot.column, plot.row),
        ]

    def _cut_h(self, plots: list[Plot], block: Plot) -> list[Plot]:
        at = round(block.south + block.depth * self.random.uniform(0.42, 0.58), 2)
        lane = self._lane("h", at, block.streets["w"], block.streets["e"])
        for plot in plots[:-1]:
            middle = plot.streets["e"]
            middle.join(at)
            lane.join(middle.at)
        out: list[Plot] = []
        for p in plots:
            lower, upper = {**p.streets, "n": lane}, {**p.streets, "s": lane}
            out.append(Plot(p.west, p.south, p.east, at - lane.half, lower, p.column, p.row))
            out.append(Plot(p.west, at + lane.half, p.east, p.north, upper, p.column, p.row))
        return out


def _without(plot: Plot, side: Side) -> dict[Side, Street]:
    return {key: street for key, street in plot.streets.items() if key != side}


def blocks(ns: list[Street], ew: list[Street]) -> list[Plot]:
    """The blocks between neighbouring through streets, row by row from the south-west; the river is none."""
    found: list[Plot] = []
    columns = sorted({street.at for street in ns})
    for row, (low, high) in enumerate(itertools.pairwise(ew)):
        if low.at < 2340 < high.at:
            continue
        for column, (left, right) in enumerate(itertools.pairwise(columns)):
            west, east = _at(ns, left, low.at), _at(ns, right, low.at)
            found.append(
                Plot(
                    left + west.half,
                    low.at + low.half,
                    right - east.half,
                    high.at - high.half,
                    {"s": low, "n": high, "w": west, "e": east},
                    column,
                    row,
                )
            )
    return found


def _at(ns: list[Street], at: float, v: float) -> Street:
    return next(s for s in ns if s.at == at and s.lo <= v < s.hi)


def has_canal(plot: Plot) -> bool:
    """True for a block the canal runs through."""
    return plot.west < CANAL_WEST and plot.east > CANAL_EAST and 2440 < plot.south < CANAL_TOP
