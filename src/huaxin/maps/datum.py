"""Conversion between WGS-84, GCJ-02 (国测局坐标) and BD-09 (百度坐标).

Positions are stored in WGS-84; public Chinese maps draw in GCJ-02, Baidu in BD-09. The shift is applied only
on the mainland (see :func:`has_shift`). The exact inverse of GCJ-02 does not exist in closed form, so it is
found by fixed-point iteration to well under a millimetre.
"""

from __future__ import annotations

from math import atan2, cos, hypot, pi, sin, sqrt
from typing import Literal, get_args

from .model import Point

Datum = Literal["wgs84", "gcj02", "bd09"]

_A = 6378245.0  # Krasovsky 1940 ellipsoid, semi-major axis in metres: the one GCJ-02 is defined on
_EE = 0.00669342162296594323  # its squared eccentricity
_BD_ANGLE = pi * 3000.0 / 180.0
_BD_DX, _BD_DY = 0.0065, 0.006
_ITERATIONS = 30
_EPSILON_DEG = 1e-12  # about 0.1 micrometres: the iteration stops when a round moves less than this

_MAINLAND_BOX = (73.5, 17.5, 135.1, 53.6)  # west, south, east, north

# Coarse outlines (lon, lat) of what lies inside the box and is published unshifted. They run through water
# or along the border, so the error of being coarse falls where nobody gets flowers delivered.
_TAIWAN = ((119.95, 21.7), (121.2, 21.4), (122.5, 24.4), (122.3, 25.6), (121.0, 25.6), (119.95, 24.0))
_PENGHU = ((119.2, 23.1), (119.8, 23.1), (119.8, 23.9), (119.2, 23.9))
_HONG_KONG = (
    (113.82, 22.14),
    (114.52, 22.14),
    (114.52, 22.56),
    (114.235, 22.557),
    (114.155, 22.553),
    (114.115, 22.534),
    (114.075, 22.520),
    (114.045, 22.500),
    (113.96, 22.480),
    (113.86, 22.430),
)
_MACAU = (
    (113.548, 22.100),
    (113.615, 22.100),
    (113.615, 22.200),
    (113.5605, 22.2155),
    (113.5465, 22.2145),
    (113.5345, 22.206),
    (113.5345, 22.172),
    (113.5395, 22.150),
)
_UNSHIFTED = (_TAIWAN, _PENGHU, _HONG_KONG, _MACAU)


def _contains(ring: tuple[tuple[float, float], ...], lon: float, lat: float) -> bool:
    inside = False
    x0, y0 = ring[-1]
    for x1, y1 in ring:
        if (y1 > lat) != (y0 > lat) and lon < (x0 - x1) * (lat - y1) / (y0 - y1) + x1:
            inside = not inside
        x0, y0 = x1, y1
    return inside


def has_shift(point: Point) -> bool:
    """True where public maps are shifted: mainland China. Hong Kong, Macau, Taiwan and abroad are not.

    The outer limit is a rectangle, as in common practice, so a strip of neighbouring countries inside it
    counts as mainland. ``point`` is WGS-84.
    """
    west, south, east, north = _MAINLAND_BOX
    if not (west <= point.lon <= east and south <= point.lat <= north):
        return False
    return not any(_contains(ring, point.lon, point.lat) for ring in _UNSHIFTED)


def _shift(lat: float, lon: float) -> tuple[float, float]:
    """Offset (dlat, dlon) in degrees that GCJ-02 adds to a WGS-84 position."""
    x, y = lon - 105.0, lat - 35.0
    root = sqrt(abs(x))
    wave = 20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += 2.0 / 3.0 * (wave + 20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi))
    north += 2.0 / 3.0 * (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += 2.0 / 3.0 * (wave + 20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi))
    east += 2.0 / 3.0 * (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi))
    phi = lat / 180.0 * pi
    magic = 1.0 - _EE * sin(phi) ** 2
    dlat = north * 180.0 / (_A * (1.0 - _EE) / (magic * sqrt(magic)) * pi)
    dlon = east * 180.0 / (_A / sqrt(magic) * cos(phi) * pi)
    return dlat, dlon


def _gcj_forward(lat: float, lon: float) -> tuple[float, float]:
    dlat, dlon = _shift(lat, lon)
    return lat + dlat, lon + dlon


def _gcj_inverse(gcj_lat: float, gcj_lon: float) -> tuple[float, float]:
    lat, lon = gcj_lat, gcj_lon
    for _ in range(_ITERATIONS):
        dlat, dlon = _shift(lat, lon)
        next_lat, next_lon = gcj_lat - dlat, gcj_lon - dlon
        moved = max(abs(next_lat - lat), abs(next_lon - lon))
        lat, lon = next_lat, next_lon
        if moved < _EPSILON_DEG:
            break
    return lat, lon


def _bd_forward(lat: float, lon: float) -> tuple[float, float]:
    z = hypot(lon, lat) + 0.00002 * sin(lat * _BD_ANGLE)
    theta = atan2(lat, lon) + 0.000003 * cos(lon * _BD_ANGLE)
    return z * sin(theta) + _BD_DY, z * cos(theta) + _BD_DX


def _bd_inverse(bd_lat: float, bd_lon: float) -> tuple[float, float]:
    lat, lon = bd_lat - _BD_DY, bd_lon - _BD_DX
    for _ in range(_ITERATIONS):
        now_lat, now_lon = _bd_forward(lat, lon)
        err_lat, err_lon = bd_lat - now_lat, bd_lon - now_lon
        lat, lon = lat + err_lat, lon + err_lon
        if max(abs(err_lat), abs(err_lon)) < _EPSILON_DEG:
            break
    return lat, lon


# The public conversions decide shift or no shift on the WGS-84 side. Deciding on the shifted coordinates
# would break the round trip in the half kilometre of Shenzhen and Zhuhai whose shifted position lies across
# the border. (The price: shifted-datum
# coordinates read as the mainland in a strip of Hong Kong and Macau, 0.6 km wide, 1.3 km in BD-09.)


def wgs84_to_gcj02(point: Point) -> Point:
    """The GCJ-02 position of a WGS-84 point; unchanged where there is no shift."""
    return Point(*_gcj_forward(point.lat, point.lon)) if has_shift(point) else point


def gcj02_to_wgs84(point: Point) -> Point:
    """The WGS-84 position of a GCJ-02 point, exact to well under a centimetre."""
    wgs = Point(*_gcj_inverse(point.lat, point.lon))
    return wgs if has_shift(wgs) else point


def gcj02_to_bd09(point: Point) -> Point:
    """The BD-09 position of a GCJ-02 point; unchanged where there is no shift."""
    if not has_shift(Point(*_gcj_inverse(point.lat, point.lon))):
        return point
    return Point(*_bd_forward(point.lat, point.lon))


def bd09_to_gcj02(point: Point) -> Point:
    """The GCJ-02 position of a BD-09 point, by iteration (the usual closed form is off by decimetres)."""
    gcj = _bd_inverse(point.lat, point.lon)
    return Point(*gcj) if has_shift(Point(*_gcj_inverse(*gcj))) else point


def wgs84_to_bd09(point: Point) -> Point:
    """WGS-84 to BD-09 through GCJ-02."""
    return Point(*_bd_forward(*_gcj_forward(point.lat, point.lon))) if has_shift(point) else point


def bd09_to_wgs84(point: Point) -> Point:
    """BD-09 to WGS-84 through GCJ-02."""
    wgs = Point(*_gcj_inverse(*_bd_inverse(point.lat, point.lon)))
    return wgs if has_shift(wgs) else point


def _known(datum: str) -> None:
    if datum not in get_args(Datum):
        raise ValueError(f"unknown datum {datum!r}; use one of {', '.join(get_args(Datum))}")


def to_wgs84(point: Point, datum: Datum) -> Point:
    """A point given in ``datum`` as WGS-84. Raises ValueError for an unknown datum."""
    _known(datum)
    if datum == "gcj02":
        return gcj02_to_wgs84(point)
    return bd09_to_wgs84(point) if datum == "bd09" else point


def from_wgs84(point: Point, datum: Datum) -> Point:
    """A WGS-84 point in ``datum``. Raises ValueError for an unknown datum."""
    _known(datum)
    if datum == "gcj02":
        return wgs84_to_gcj02(point)
    return wgs84_to_bd09(point) if datum == "bd09" else point
