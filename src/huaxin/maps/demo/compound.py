"""小区: a walled compound with gates on its streets, inner lanes, rows of numbered buildings with units."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from random import Random

from . import names
from .canvas import Canvas
from .plane import local, warp
from .plots import Plot, Side
from .streets import Street

_ROAD = 3.5  # half width kept free beside an inner lane, metres


@dataclass(frozen=True)
class Style:
    """Size of a compound's buildings in metres, floors, and units (单元) per building."""

    width: float
    depth: float
    row: float
    floors: tuple[int, int]
    units: tuple[int, int]


SLAB = Style(width=46.0, depth=12.5, row=34.0, floors=(5, 7), units=(2, 4))
MIDRISE = Style(width=34.0, depth=14.0, row=44.0, floors=(9, 12), units=(2, 2))
TOWER = Style(width=25.0, depth=21.0, row=58.0, floors=(18, 33), units=(1, 1))


class Builder:
    """Draws one compound on a plot."""

    def __init__(self, canvas: Canvas, random: Random, plot: Plot, name: names.Name, style: Style) -> None:
        self._canvas, self._random, self._plot, self._style = canvas, random, plot, style
        self._name = name
        self._entry: Street = plot.streets[plot.front()]
        self._number = 0
        self._garden = random.random() < 0.75
        self.units_of: dict[int, int] = {}
        """Number of units by building number; fill before :meth:`draw` to fix some."""

    def draw(self) -> None:
        """Draw wall, gates, lanes, buildings and garden."""
        self._ground()
        rows = self._rows()
        spine = round(self._plot.middle[0] + self._random.uniform(-6.0, 6.0), 2)
        lanes = self._lanes(rows, spine)
        self._spine(spine, lanes)
        self._buildings(rows, spine)

    def _ground(self) -> None:
        side = self._plot.front()
        along = self._plot.middle[0] if side in ("s", "n") else self._plot.middle[1]
        tags = {
            "landuse": "residential",
            "residential": "gated",
            "barrier": "wall",
            **names.tags(self._name),
            "addr:street": self._entry.name[0],
            "addr:street:en": self._entry.name[1],
            "addr:housenumber": str(self._entry.number(along, side in ("n", "w"))),
            "addr:city": names.CITY[0],
        }
        self._canvas.area(self._plot.inset(3.0), tags)

    def _rows(self) -> list[float]:
        """Grid latitudes of the middles of the building rows, from the gate's end."""
        usable = self._plot.depth - 2 * 12.0
        count = max(1, int((usable + 8.0) // self._style.row))
        pitch = usable / count
        rows = [self._plot.south + 12.0 + pitch * (k + 0.5) for k in range(count)]
        return rows[::-1] if self._plot.front() == "n" else rows

    def _lanes(self, rows: list[float], spine: float) -> list[float]:
        """East-west lanes in every gap between rows (every second one when there are many)."""
        ordered = sorted(rows)
        gaps = [(a + b) / 2 for a, b in itertools.pairwise(ordered)]
        if not gaps:
            gaps = [ordered[0] + self._style.depth / 2 + 9.0]
        gaps = [round(gap, 2) for gap in (gaps[::2] if len(gaps) > 3 else gaps)]
        main = self._entry_lane(gaps)
        for gap in gaps:
            west, east = self._plot.west + 14.0, self._plot.east - 14.0
            ends = [west, spine, east]
            if gap == main and self._plot.front() == "w":
                ends = self._gate("w", gap, ends, first=True)
            elif gap == main and self._plot.front() == "e":
                ends = self._gate("e", gap, ends, first=False)
            self._service([(u, gap) for u in ends])
        return gaps

    def _entry_lane(self, gaps: list[float]) -> float:
        return min(gaps, key=lambda gap: abs(gap - self._plot.middle[1]))

    def _gate(self, side: Side, across: float, ends: list[float], *, first: bool) -> list[float]:
        """Lengthen a lane to the street on ``side`` and put a gate where it passes the wall."""
        street = self._plot.streets[side]
        street.join(across)
        wall = {
            "w": self._plot.west + 3.0,
            "e": self._plot.east - 3.0,
            "s": self._plot.south + 3.0,
            "n": self._plot.north - 3.0,
        }[side]
        spot = (wall, across) if side in ("w", "e") else (across, wall)
        main = side == self._plot.front()
        self._canvas.node(
            *spot,
            {
                "barrier": "gate",
                "access": "destination",
                "bicycle": "yes",
                "foot": "yes",
                "name": f"{self._name[0]}{_SIDE_ZH[side]}门",
                "name:en": f"{self._name[1]} {_SIDE_EN[side]} Gate",
                "entrance": "main" if main else "yes",
            },
        )
        return [street.at, wall, *ends] if first else [*ends, wall, street.at]

    def _spine(self, spine: float, lanes: list[float]) -> None:
        """The north-south inner lane; carries the gate when the main street is south or north."""
        low = self._plot.south + 9.0
        high = self._plot.north - 9.0
        ends = [low, *[lane for lane in sorted(lanes) if low < lane < high], high]
        front = self._plot.front()
        back = {"s": "n", "n": "s"}.get(front, "")
        if front == "s" or (back == "s" and "s" in self._plot.streets and self._random.random() < 0.45):
            ends = self._gate("s", spine, ends, first=True)
        if front == "n" or (back == "n" and "n" in self._plot.streets and self._random.random() < 0.45):
            ends = self._gate("n", spine, ends, first=False)
        self._service([(spine, v) for v in ends])

    def _service(self, spots: list[tuple[float, float]]) -> None:
        self._canvas.line(spots, {"highway": "service", "service": "driveway", "access": "destination"})

    def _buildings(self, rows: list[float], spine: float) -> None:
        garden_row = rows[len(rows) // 2] if self._garden and len(rows) > 2 else None
        for row in rows:
            for side in (-1, 1):
                inner = spine + side * (_ROAD + 4.0)
                outer = self._plot.west + 13.0 if side < 0 else self._plot.east - 13.0
                if row == garden_row and side == 1:
                    self._park((inner + outer) / 2, row, abs(outer - inner))
                    continue
                for u in _spread(min(inner, outer), max(inner, outer), self._style.width, self._random):
                    self._building(u, row)

    def _park(self, u: float, v: float, width: float) -> None:
        depth = self._style.row - 12.0
        ring = local(u, v, _octagon(min(width, 90.0) / 2, depth / 2))
        self._canvas.polygon(ring, {"leisure": "garden", "access": "destination"})
        if width > 50.0 and self._random.random() < 0.4:
            pond = local(u, v, _octagon(min(width, 90.0) / 5, depth / 5))
            self._canvas.polygon(pond, {"natural": "water", "water": "pond"})

    def _building(self, u: float, v: float) -> None:
        style, self._number = self._style, self._number + 1
        width = style.width * self._random.uniform(0.94, 1.04)
        units = self.units_of.get(self._number) or self._random.randint(*style.units)
        number = f"{self._number}号楼"
        w, d = width / 2, style.depth / 2
        doors = [-w + width * (k + 0.5) / units for k in range(units)]
        # The outline runs along the north face, where the doors are: southern rooms are for living.
        offsets = [(-w, -d), (w, -d), (w, d), *((x, d) for x in reversed(doors)), (-w, d)]
        ring = []
        for index, (x, y) in enumerate(local(u, v, offsets)):
            unit = units - (index - 3) if 3 <= index < 3 + units else 0
            ring.append(self._canvas.free_node(x, y, _door(unit) if unit else None))
        floors = self._random.randint(*style.floors)
        tags = {
            "building": "apartments",
            "building:levels": str(floors),
            "name": number,
            "name:en": f"Building {self._number}",
            "addr:housenumber": number,
            "addr:place": self._name[0],
            "building:units": str(units),
        }
        self._canvas.way([*ring, ring[0]], tags)


_SIDE_ZH = {"s": "南", "n": "北", "w": "西", "e": "东"}
_SIDE_EN = {"s": "South", "n": "North", "w": "West", "e": "East"}


def _door(unit: int) -> dict[str, str]:
    return {"entrance": "staircase", "addr:unit": str(unit), "name": f"{unit}单元", "name:en": f"Unit {unit}"}


def _spread(lo: float, hi: float, width: float, random: Random) -> list[float]:
    """Middles of as many buildings of ``width`` as fit between lo and hi with at least 9 m between."""
    room = hi - lo
    count = int((room + 9.0) // (width + 9.0))
    if count < 1:
        return [(lo + hi) / 2] if room > width * 0.85 else []
    gap = (room - count * width) / count
    shift = random.uniform(-1.5, 1.5)
    return [lo + (width + gap) * (k + 0.5) + shift for k in range(count)]


def _octagon(a: float, b: float) -> list[tuple[float, float]]:
    c = 0.45
    return [
        (-a, -b * c),
        (-a * 0.8, -b),
        (a * 0.8, -b),
        (a, -b * c),
        (a, b * c),
        (a * 0.8, b),
        (-a * 0.8, b),
        (-a, b * c),
    ]


def middle_of(plot: Plot) -> tuple[float, float]:
    """City metres of a plot's centre."""
    return warp(*plot.middle)
