"""River, canal, lake, islet, the green banks, the railway, and the fields around the city."""

from __future__ import annotations

import itertools
from math import cos, pi, sin
from random import Random

from . import names
from .canvas import Canvas, Spot
from .plane import rectangle
from .plots import bent
from .streets import CANAL_EAST, CANAL_TOP, CANAL_WEST, OUTSKIRTS, RAILWAY_V, RIVER_NORTH, RIVER_SOUTH

_WEST, _EAST = -OUTSKIRTS, 6000.0 + OUTSKIRTS
_FIELDS, _FIELD_SHARES = ["farmland", "orchard", "forest", "meadow"], [5, 2, 3, 2]
_LAKE_MIDDLE = (4262.0, 4118.0)


def _steps(lo: float, hi: float, step: float) -> list[float]:
    count = max(1, round((hi - lo) / step))
    return [lo + (hi - lo) * k / count for k in range(count + 1)]


def _bank(u: float, north: bool) -> float:
    """Grid latitude of a bank; it swings a little but stays clear of bridge ends and riverside roads."""
    swing = 5.0 * sin(u / 170.0) + 3.0 * sin(u / 71.0)
    return RIVER_NORTH - 8.0 + swing if north else RIVER_SOUTH + 8.0 + swing


def river(canvas: Canvas) -> None:
    """The river with its islet (a multipolygon), its centre line, and green banks."""
    south = [(u, _bank(u, False)) for u in _steps(_WEST, _EAST, 40.0)]
    north = [(u, _bank(u, True)) for u in _steps(_WEST, _EAST, 40.0)]
    outer = canvas.area([*south, *north[::-1]], {})
    ring: list[Spot] = []
    for k in range(36):
        t = 2 * pi * k / 36
        taper = 1.0 - 0.25 * cos(t)
        ring.append((3510.0 + 170.0 * cos(t), 2338.0 + 24.0 * taper * sin(t)))
    inner = canvas.area(ring, {"natural": "wood", "place": "islet", **names.tags(names.ISLAND)})
    canvas.multipolygon(outer, [inner], {"natural": "water", "water": "river", **names.tags(names.RIVER)})
    line = [(u, (RIVER_SOUTH + RIVER_NORTH) / 2) for u in _steps(_WEST, _EAST, 120.0)]
    # The centre line has nodes of its own: a bridge and a river must never share one.
    canvas.line([(u + 0.37, v + 0.37) for u, v in line], {"waterway": "river", **names.tags(names.RIVER)})
    for low, high, bank in ((2234.0, None, False), (None, 2446.0, True)):
        edge = [(u, _bank(u, bank)) for u in _steps(300.0, 5640.0, 60.0)]
        far = [(u, low if low is not None else high or 0.0) for u in _steps(300.0, 5640.0, 60.0)]
        canvas.area([*edge, *far[::-1]], {"leisure": "park"})


def canal(canvas: Canvas) -> None:
    """The canal from the lake down to the river, with tree-lined banks."""
    top, bottom = CANAL_TOP + 80.0, RIVER_NORTH - 14.0
    west = [(CANAL_WEST, v) for v in _steps(bottom, top, 50.0)]
    east = [(CANAL_EAST, v) for v in _steps(bottom, top, 50.0)]
    canvas.area([*west, *east[::-1]], {"natural": "water", "water": "canal", **names.tags(names.CANAL)})
    middle = (CANAL_WEST + CANAL_EAST) / 2
    canvas.line(
        [(middle + 0.37, v + 0.37) for v in _steps(top, bottom, 110.0)],
        {"waterway": "canal", **names.tags(names.CANAL)},
    )
    for rows in ((2470.0, 2905.0), (2935.0, 3378.0), (3422.0, 3886.0)):
        for lo, hi in ((CANAL_WEST - 14.0, CANAL_WEST - 1.0), (CANAL_EAST + 1.0, CANAL_EAST + 14.0)):
            canvas.area(
                bent([(lo, rows[0]), (hi, rows[0]), (hi, rows[1]), (lo, rows[1])]), {"landuse": "grass"}
            )


def lake(canvas: Canvas) -> None:
    """The lake the canal comes from."""
    u, v = _LAKE_MIDDLE
    ring: list[Spot] = []
    for k in range(48):
        t = 2 * pi * k / 48
        r = 1.0 + 0.12 * sin(2 * t + 0.7) + 0.07 * sin(5 * t + 0.4)
        ring.append((u + 172.0 * r * cos(t), v + 138.0 * r * sin(t)))
    canvas.area(ring, {"natural": "water", "water": "lake", **names.tags(names.LAKE)})


def outskirts(canvas: Canvas, random: Random) -> None:
    """The country around the city: fields, orchards, woods, and a village here and there."""
    sides = [*_pairs(-OUTSKIRTS, 280.0), *_pairs(5662.0, 6000.0 + OUTSKIRTS)]
    beside = [*_pairs(345.0, RIVER_SOUTH - 14.0), *_pairs(RIVER_NORTH + 14.0, 4940.0)]
    beyond = [*_pairs(-OUTSKIRTS, 318.0), *_pairs(5000.0, 5000.0 + OUTSKIRTS)]
    plots = [(column, row) for row in beside for column in sides]
    plots += [(column, row) for row in beyond for column in [*sides, *_pairs(290.0, 5652.0)]]
    villages = iter(names.VILLAGES)
    for (west, east), (low, high) in plots:
        box = (west + 8.0, low + 8.0, east - 8.0, high - 8.0)
        village = next(villages, None) if random.random() < 0.08 else None
        if village:
            _village(canvas, random, box, village)
        else:
            _field(canvas, random, box, random.choices(_FIELDS, _FIELD_SHARES)[0])


def _village(
    canvas: Canvas, random: Random, box: tuple[float, float, float, float], name: names.Name
) -> None:
    u, v = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    canvas.node(u, v, {"place": "village", **names.tags(name)})
    for k in range(36):
        at = (
            u + (k % 6 - 2.5) * 30.0 + random.uniform(-7, 7),
            v + (k // 6 - 2.5) * 27.0 + random.uniform(-6, 6),
        )
        size = (random.uniform(9.0, 15.0), random.uniform(8.0, 11.0))
        if random.random() < 0.85 and not _on_a_road(*at):
            canvas.polygon(rectangle(*at, *size), {"building": "house", "building:levels": "2"})


def _on_a_road(u: float, v: float) -> bool:
    """True near a road that leads out of the city."""
    ns = any(abs(u - at) < 28.0 for at, kind, *_ in names.ROADS_NS if kind != "tertiary")
    return ns or any(abs(v - at) < 28.0 for at, kind, _ in names.ROADS_EW if kind != "tertiary")


def _pairs(low: float, high: float) -> list[tuple[float, float]]:
    return list(itertools.pairwise(_steps(low, high, 420.0)))


def railway(canvas: Canvas) -> None:
    """Two tracks north of the city, the station between them and the last street, and a green belt."""
    tags = {"railway": "rail", **names.tags(names.RAILWAY)}
    for track in (-3.0, 3.0):
        canvas.line([(u + 0.37, RAILWAY_V + track) for u in _steps(_WEST, _EAST, 90.0)], tags)
    for low, high in ((300.0, 2385.0), (3495.0, 5640.0)):
        canvas.area(
            bent([(low, 4780.0), (high, 4780.0), (high, 4935.0), (low, 4935.0)]), {"landuse": "grass"}
        )
    ground = [(2720.0, 4860.0), (3180.0, 4860.0), (3180.0, 4945.0), (2720.0, 4945.0)]
    station = {
        "building": "train_station",
        "railway": "station",
        "building:levels": "3",
        **names.tags(names.STATION),
    }
    canvas.area(bent(ground), {"landuse": "railway"})
    canvas.polygon(rectangle(3065.0, 4912.0, 190.0, 38.0), station)
    canvas.polygon(
        rectangle(2832.0, 4912.0, 190.0, 38.0), {"building": "train_station", "building:levels": "2"}
    )
    square = [(2990.0, 4785.0), (3180.0, 4785.0), (3180.0, 4855.0), (2990.0, 4855.0)]
    canvas.area(
        bent(square),
        {"highway": "pedestrian", "area": "yes", "name": "站前广场", "name:en": "Station Square"},
    )


def _field(canvas: Canvas, random: Random, box: tuple[float, float, float, float], kind: str) -> None:
    w, s, e, n = (edge + random.uniform(-6.0, 6.0) for edge in box)
    canvas.area(bent([(w, s), (e, s), (e, n), (w, n)]), {"landuse": kind})
