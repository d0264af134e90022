"""What a plot is used for besides living: offices, schools, hospitals, malls, parks, old town, workshops."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random

from . import names
from .canvas import Canvas
from .plane import local, rectangle
from .plots import Plot, Side


class Drawer:
    """Draws uses onto plots of one canvas."""

    def __init__(self, canvas: Canvas, random: Random) -> None:
        self._canvas, self._random = canvas, random
        self._shop = 0

    def office(self, plot: Plot, name: names.Name, towers: int = 2) -> None:
        """Office towers (A座, B座, …) on a paved plot with a drive-in from the main street."""
        tags = self._address(plot) | names.tags(name)
        self._canvas.area(plot.inset(5.0), {"landuse": "commercial", **tags})
        spots = _row_spots(plot, towers)
        for index, (u, v) in enumerate(spots):
            letter = "ABCDEF"[index]
            size = min(44.0, plot.width / (towers + 0.8))
            self._building(
                u,
                v,
                size,
                min(40.0, plot.depth * 0.38),
                {
                    "building": "office",
                    "building:levels": str(self._random.randint(14, 42)),
                    "name": f"{letter}座" if towers > 1 else name[0],
                    "name:en": f"Block {letter}" if towers > 1 else name[1],
                    "addr:housenumber": f"{letter}座",
                    "addr:place": name[0],
                },
            )
        self._drive(plot)

    def school(self, plot: Plot, name: names.Name, *, college: bool = False) -> None:
        """A school with teaching buildings, and a sports pitch with its track."""
        tags = {"amenity": "college" if college else "school", **names.tags(name), **self._address(plot)}
        self._canvas.area(plot.inset(4.0), tags)
        u = plot.west + plot.width * 0.29
        v = plot.middle[1]
        a, b = min(46.0, plot.width * 0.2), min(80.0, plot.depth * 0.38)
        self._canvas.polygon(local(u, v, _stadium(a, b)), {"leisure": "track", "sport": "running"})
        self._canvas.polygon(
            local(u, v, _stadium(a * 0.72, b * 0.8)), {"leisure": "pitch", "sport": "soccer"}
        )
        for k in range(max(2, int(plot.depth // 58))):
            row = plot.south + 30.0 + k * 52.0
            if row < plot.north - 22.0:
                width = plot.width * 0.36
                self._building(plot.west + plot.width * 0.74, row, width, 17.0, {"building": "school"})
        self._drive(plot)

    def hospital(self, plot: Plot, name: names.Name) -> None:
        """A hospital: an H of wings, an outpatient building, a garden."""
        self._canvas.area(plot.inset(4.0), {"amenity": "hospital", **names.tags(name), **self._address(plot)})
        u, v = plot.middle
        w, d = plot.width * 0.34, plot.depth * 0.3
        shape = [
            (-w, -d),
            (-w * 0.55, -d),
            (-w * 0.55, -8),
            (w * 0.55, -8),
            (w * 0.55, -d),
            (w, -d),
            (w, d),
            (w * 0.55, d),
            (w * 0.55, 10),
            (-w * 0.55, 10),
            (-w * 0.55, d),
            (-w, d),
        ]
        self._canvas.polygon(
            local(u, v, shape),
            {"building": "hospital", "building:levels": "16", "name": "住院楼", "name:en": "Wards"},
        )
        tags = {"building": "hospital", "building:levels": "5", "name": "门诊楼", "name:en": "Outpatients"}
        self._building(u, plot.south + 26.0, plot.width * 0.5, 24.0, tags)
        self._canvas.polygon(
            local(u, plot.north - 30.0, _stadium(plot.width * 0.3, 14.0)), {"leisure": "garden"}
        )
        self._drive(plot)

    def mall(self, plot: Plot, name: names.Name) -> None:
        """One large building with a plaza."""
        self._canvas.area(plot.inset(5.0), {"landuse": "retail", **self._address(plot)})
        u, v = plot.middle
        w, d = plot.width * 0.4, plot.depth * 0.36
        shape = [(-w, -d), (w * 0.5, -d), (w, -d * 0.3), (w, d), (-w * 0.4, d), (-w, d * 0.4)]
        tags = {
            "building": "retail",
            "shop": "mall",
            "building:levels": "6",
            **names.tags(name),
            **self._address(plot),
        }
        self._canvas.polygon(local(u, v, shape), tags)
        self._drive(plot)

    def park(self, plot: Plot, name: names.Name, *, pond: bool = True) -> None:
        """Greenery with a looping path and perhaps a pond."""
        self._canvas.area(plot.inset(4.0), {"leisure": "park", **names.tags(name)})
        u, v = plot.middle
        a, b = plot.width / 2 - 22.0, plot.depth / 2 - 22.0
        for _ in range(max(2, int(plot.width * plot.depth / 9000))):
            self._grove(plot)
        if pond and min(a, b) > 24.0:
            self._canvas.polygon(
                local(u + a * 0.18, v, self._blob(a * 0.5, b * 0.5)), {"natural": "water", "water": "pond"}
            )
        self._paths(plot, a, b)

    def old_town(self, plot: Plot) -> None:
        """Small houses in rows along alleys, each with a number on its alley's street."""
        self._canvas.area(plot.inset(3.0), {"landuse": "residential"})
        side = plot.front()
        street = plot.streets[side]
        pitch = 15.5
        for row in range(int((plot.depth - 12.0) // pitch)):
            v = plot.south + 11.0 + row * pitch
            if row % 5 == 4:
                self._alley(plot, round(v, 2))
                continue
            u = plot.west + 9.0
            while u < plot.east - 16.0:
                width = self._random.uniform(9.0, 17.0)
                if self._random.random() < 0.9:
                    depth = self._random.uniform(8.5, 11.5)
                    tags = {"building": "house", "building:levels": str(self._random.randint(1, 3))}
                    if row == 0:
                        tags |= {
                            "addr:street": street.name[0],
                            "addr:housenumber": f"{street.number(u, True)}号",
                        }
                    self._building(u + width / 2, v, width, depth, tags)
                u += width + self._random.uniform(1.0, 4.5)

    def _alley(self, plot: Plot, v: float) -> None:
        """A lane too narrow for cars through an old quarter, from street to street."""
        spots = [(plot.west + plot.width * k / 4, v + self._random.uniform(-1.2, 1.2)) for k in range(5)]
        if "w" in plot.streets:
            spots.insert(0, plot.streets["w"].join(v))
        if "e" in plot.streets:
            spots.append(plot.streets["e"].join(v))
        self._canvas.line(spots, {"highway": "living_street", "motor_vehicle": "no"})

    def workshops(self, plot: Plot) -> None:
        """Large sheds of an industrial quarter."""
        self._canvas.area(plot.inset(4.0), {"landuse": "industrial"})
        columns, rows = max(1, int(plot.width // 85)), max(1, int(plot.depth // 60))
        for i in range(columns):
            for k in range(rows):
                u = plot.west + plot.width * (i + 0.5) / columns
                v = plot.south + plot.depth * (k + 0.5) / rows
                width = plot.width / columns - self._random.uniform(16.0, 30.0)
                self._building(
                    u,
                    v,
                    width,
                    plot.depth / rows - self._random.uniform(16.0, 26.0),
                    {"building": "industrial"},
                )

    def forest(self, plot: Plot, name: names.Name | None) -> None:
        """A wooded block, with a walking path."""
        self._canvas.area(plot.inset(2.0), {"landuse": "forest", **(names.tags(name) if name else {})})
        self._paths(plot, plot.width / 2 - 40.0, plot.depth / 2 - 40.0)

    def shops(self, plot: Plot, side: Side, count: int) -> None:
        """Shops and services as points along the street on one side of a plot."""
        if side not in plot.streets:
            return
        for k in range(count):
            key, value, name = names.SHOPS[self._shop % len(names.SHOPS)]
            self._shop += 1
            t = (k + self._random.uniform(0.25, 0.75)) / count
            self.point(plot, side, t, {key: value, **names.tags(name)})

    def point(self, plot: Plot, side: Side, t: float, tags: dict[str, str]) -> None:
        """A point of interest just inside the plot at fraction ``t`` along one side, with its address."""
        u, v = plot.west + plot.width * t, plot.south + plot.depth * t
        spot = {
            "s": (u, plot.south + 7),
            "n": (u, plot.north - 7),
            "w": (plot.west + 7, v),
            "e": (plot.east - 7, v),
        }[side]
        street = plot.streets[side]
        number = street.number(u if side in ("s", "n") else v, side in ("n", "w"))
        self._canvas.node(
            *spot,
            {
                **tags,
                "addr:street": street.name[0],
                "addr:street:en": street.name[1],
                "addr:housenumber": f"{number}号",
            },
        )

    def _address(self, plot: Plot) -> dict[str, str]:
        side = plot.front()
        street = plot.streets[side]
        along = plot.middle[0] if side in ("s", "n") else plot.middle[1]
        number = street.number(along, side in ("n", "w"))
        return {
            "addr:street": street.name[0],
            "addr:street:en": street.name[1],
            "addr:housenumber": f"{number}号",
        }

    def _drive(self, plot: Plot) -> None:
        """A service road from the main street to the middle of the plot's front."""
        side = plot.front()
        street = plot.streets[side]
        u, v = plot.middle
        across = round(u if side in ("s", "n") else v, 2)
        street.join(across)
        inner = {
            "s": plot.south + 14.0,
            "n": plot.north - 14.0,
            "w": plot.west + 14.0,
            "e": plot.east - 14.0,
        }[side]
        spots = (
            [(across, street.at), (across, inner)]
            if side in ("s", "n")
            else [(street.at, across), (inner, across)]
        )
        self._canvas.line(spots, {"highway": "service"})

    def _paths(self, plot: Plot, a: float, b: float) -> None:
        """A loop of footways, joined to the front street."""
        u, v = plot.middle
        loop = [(round(u + a * cos(t * pi / 8), 2), round(v + b * sin(t * pi / 8), 2)) for t in range(16)]
        tags = {"highway": "footway", "bicycle": "no"}
        self._canvas.line([*loop, loop[0]], tags)
        side = plot.front()
        street = plot.streets[side]
        start = {"s": loop[12], "n": loop[4], "w": loop[8], "e": loop[0]}[side]
        along = start[0] if side in ("s", "n") else start[1]
        self._canvas.line([street.join(along), start], {"highway": "path", "bicycle": "yes"})

    def _grove(self, plot: Plot) -> None:
        u = self._random.uniform(plot.west + 40.0, plot.east - 40.0)
        v = self._random.uniform(plot.south + 36.0, plot.north - 36.0)
        size = self._random.uniform(14.0, 30.0)
        self._canvas.polygon(local(u, v, self._blob(size, size * 0.8)), {"natural": "wood"})

    def _blob(self, a: float, b: float) -> list[tuple[float, float]]:
        """A rounded irregular shape of about half-axes a and b metres."""
        phase, wobble = self._random.uniform(0, 2 * pi), self._random.uniform(0.08, 0.18)
        ring = []
        for k in range(28):
            t = 2 * pi * k / 28
            r = 1.0 + wobble * sin(3 * t + phase) + wobble * 0.6 * sin(2 * t - phase)
            ring.append((a * r * cos(t), b * r * sin(t)))
        return ring

    def _building(self, u: float, v: float, width: float, depth: float, tags: dict[str, str]) -> None:
        self._canvas.polygon(rectangle(u, v, width, depth), tags)


def _row_spots(plot: Plot, count: int) -> list[tuple[float, float]]:
    v = plot.middle[1]
    lift = min(18.0, plot.depth * 0.1)
    return [
        (plot.west + plot.width * (k + 0.5) / count, v + (lift if k % 2 else -lift)) for k in range(count)
    ]


def _stadium(a: float, b: float) -> list[tuple[float, float]]:
    """A rounded rectangle with half-axes a (east) and b (north); round at the ends of the longer one."""
    if a > b:
        return [(y, -x) for x, y in _stadium(b, a)]
    ring = []
    for k in range(9):
        t = pi * k / 8
        ring.append((a * cos(t), b - a + a * sin(t)))
    for k in range(9):
        t = pi + pi * k / 8
        ring.append((a * cos(t), -(b - a) + a * sin(t)))
    return ring
