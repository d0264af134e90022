"""The city's own plane: a straight grid in metres, bent smoothly into something that looks grown.

Everything is planned in *grid metres* (u east, v north, origin in the south-west corner), where streets are
straight and blocks are rectangles. :func:`warp` bends that plane; :func:`to_lonlat` puts it on the globe.
Streets that meet share the same grid position and therefore the same node.
"""

from __future__ import annotations

from math import atan2, cos, exp, hypot, pi, radians, sin

WIDTH, HEIGHT = 6000.0, 5160.0
RIVER_V = 2340.0
"""Grid latitude of the river's middle: the city bends most here, and less further away."""

_ORIGIN_LAT, _ORIGIN_LON = 30.228, 119.969
_TILT = radians(-4.0)  # nothing in a grown city points exactly north
_M_PER_DEG = 111_320.0


def warp(u: float, v: float) -> tuple[float, float]:
    """Grid metres to city metres (x east, y north). Smooth, one to one, nearly keeps lengths and angles."""
    x = u + 85.0 * sin(v / 870.0 + 0.6) + 32.0 * sin(u / 640.0 + v / 1250.0)
    near_river = exp(-(((v - RIVER_V) / 1750.0) ** 2))
    y = v + near_river * (245.0 * sin(u / 1020.0 + 0.4) + 48.0 * sin(u / 500.0 + 1.7))
    dx, dy = x - WIDTH / 2, y - HEIGHT / 2
    return (
        WIDTH / 2 + dx * cos(_TILT) - dy * sin(_TILT),
        HEIGHT / 2 + dx * sin(_TILT) + dy * cos(_TILT),
    )


def to_lonlat(x: float, y: float) -> tuple[float, float]:
    """City metres to WGS-84 (longitude, latitude), rounded to the 1e-7 degrees OpenStreetMap stores."""
    lat = _ORIGIN_LAT + y / _M_PER_DEG
    lon = _ORIGIN_LON + x / (_M_PER_DEG * cos(_ORIGIN_LAT * pi / 180.0))
    return round(lon, 7), round(lat, 7)


def heading(u: float, v: float) -> float:
    """Angle in radians, counter-clockwise from east, of the grid's u direction at a place."""
    x0, y0 = warp(u - 5.0, v)
    x1, y1 = warp(u + 5.0, v)
    return atan2(y1 - y0, x1 - x0)


def rectangle(u: float, v: float, width: float, depth: float) -> list[tuple[float, float]]:
    """Corners in city metres, counter-clockwise from the south-west, of a true rectangle centred at (u, v).

    Buildings are rectangles in the world, not in the bent grid.
    """
    return local(
        u,
        v,
        [(-width / 2, -depth / 2), (width / 2, -depth / 2), (width / 2, depth / 2), (-width / 2, depth / 2)],
    )


def local(u: float, v: float, offsets: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Offsets in metres (along the street, across it) around grid position (u, v), in city metres."""
    cx, cy = warp(u, v)
    angle = heading(u, v)
    c, s = cos(angle), sin(angle)
    return [(cx + a * c - b * s, cy + a * s + b * c) for a, b in offsets]


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Metres between two points of the plane."""
    return hypot(a[0] - b[0], a[1] - b[1])
