"""Riding from one place to another: routes, matrices and snapping on a city's roads, by e-bike."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

import numpy as np
import osrm
from numpy.typing import NDArray

from .engine import OSRM_BASE
from .model import CityError, Point, Route, Unreachable

MAX_SNAP_M = 800.0
"""A place further than this from any road is off the map, metres."""

_MAX_TABLE = 2000
_MAX_WAYPOINTS = 500
_M_PER_DEG = 111_195.0

OFF_MAP = "This place is not on the map of the city; choose one nearer to its streets."
NO_WAY = "There is no way to ride there by e-bike."


def metres(a: Point, b: Point) -> float:
    """Straight distance in metres between near points (flat-earth; good to 0.1% within a city)."""
    shrink = cos(radians((a.lat + b.lat) / 2))
    return hypot((a.lon - b.lon) * shrink, a.lat - b.lat) * _M_PER_DEG


class Router:
    """Routes on one imported city. The road data is memory-mapped, so processes share it.

    Thread-safe: the engine keeps no state between queries. Opening takes milliseconds.
    """

    def __init__(self, city_dir: Path) -> None:
        base = city_dir / OSRM_BASE
        if not base.with_name(base.name + ".hsgr").is_file():
            raise CityError("city.not_found", "This city has no road data; import it again.", str(city_dir))
        try:
            self._engine = osrm.OSRM(
                storage_config=str(base),
                algorithm="CH",
                use_shared_memory=False,
                use_mmap=True,
                max_locations_distance_table=_MAX_TABLE,
                max_locations_viaroute=_MAX_WAYPOINTS,
                max_results_nearest=10,
            )
        except RuntimeError as error:
            raise CityError(
                "city.damaged", "The road data of this city is damaged; import it again.", str(error)
            ) from error

    def route(self, points: Sequence[Point]) -> Route:
        """The quickest ride through two or more points, in order.

        Raises Unreachable (``route.unreachable``, ``route.off_map``); ValueError for fewer than two points.
        """
        if len(points) < 2:
            raise ValueError("a route needs at least two points")
        try:
            answer = self._engine.Route(
                osrm.RouteParameters(
                    coordinates=_pairs(points), geometries="polyline6", overview="full", generate_hints=False
                )
            )
        except RuntimeError as error:
            raise _unreachable(error) from error
        if any(answer["waypoints"][i]["distance"] > MAX_SNAP_M for i in range(len(points))):
            raise Unreachable("route.off_map", OFF_MAP)
        best = answer["routes"][0]
        return Route(
            distance_m=float(best["distance"]),
            duration_s=float(best["duration"]),
            points=decode_polyline6(str(best["geometry"])),
        )

    def table(
        self, sources: Sequence[Point], destinations: Sequence[Point]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Durations (s) and distances (m) of every source to every destination.

        Both arrays have the shape (len(sources), len(destinations)); what cannot be reached, or is off the
        map, is ``inf``. At most 2,000 points altogether (ValueError).
        """
        shape = (len(sources), len(destinations))
        if 0 in shape:
            return np.zeros(shape), np.zeros(shape)
        unique = list(dict.fromkeys([*sources, *destinations]))
        if len(unique) > _MAX_TABLE:
            raise ValueError(f"a table takes at most {_MAX_TABLE} different points, not {len(unique)}")
        if len(unique) == 1:
            unique *= 2  # the engine refuses a table of one
        place = {point: index for index, point in enumerate(unique)}
        try:
            answer = self._engine.Table(
                osrm.TableParameters(
                    coordinates=_pairs(unique),
                    sources=[place[point] for point in sources],
                    destinations=[place[point] for point in destinations],
                    annotations=["duration", "distance"],
                    generate_hints=False,
                )
            )
        except RuntimeError as error:
            if "NoSegment" in str(error):
                return np.full(shape, np.inf), np.full(shape, np.inf)
            raise _unreachable(error) from error
        durations = _matrix(answer["durations"], shape)
        distances = _matrix(answer["distances"], shape)
        far_rows = [answer["sources"][i]["distance"] > MAX_SNAP_M for i in range(shape[0])]
        far_columns = [answer["destinations"][j]["distance"] > MAX_SNAP_M for j in range(shape[1])]
        for matrix in (durations, distances):
            matrix[far_rows, :] = np.inf
            matrix[:, far_columns] = np.inf
        distances[np.isinf(durations)] = np.inf
        return durations, distances

    def nearest(self, point: Point) -> Point:
        """The nearest position on a road. Raises Unreachable (``route.off_map``) when that is too far."""
        try:
            answer = self._engine.Nearest(
                osrm.NearestParameters(coordinates=_pairs([point]), generate_hints=False)
            )
        except RuntimeError as error:
            raise _unreachable(error) from error
        first = answer["waypoints"][0]
        if first["distance"] > MAX_SNAP_M:
            raise Unreachable("route.off_map", OFF_MAP)
        return Point(lat=float(first["location"][1]), lon=float(first["location"][0]))


def decode_polyline6(text: str) -> list[Point]:
    """Points of an encoded polyline with six decimals."""
    points: list[Point] = []
    values = [0, 0]
    which = shift = bits = 0
    for char in text:
        chunk = ord(char) - 63
        bits |= (chunk & 0x1F) << shift
        shift += 5
        if chunk < 0x20:
            values[which] += ~(bits >> 1) if bits & 1 else bits >> 1
            if which:
                points.append(Point(lat=values[0] / 1e6, lon=values[1] / 1e6))
            which, shift, bits = 1 - which, 0, 0
    return points


def _pairs(points: Sequence[Point]) -> list[tuple[float, float]]:
    return [(point.lon, point.lat) for point in points]


def _matrix(rows: Any, shape: tuple[int, int]) -> NDArray[np.float64]:
    out = np.empty(shape)
    for i in range(shape[0]):
        row = rows[i]
        for j in range(shape[1]):
            value = row[j]
            out[i, j] = np.inf if value is None else value
    return out


def _unreachable(error: RuntimeError) -> Unreachable:
    if "NoSegment" in str(error):
        return Unreachable("route.off_map", OFF_MAP)
    return Unreachable("route.unreachable", NO_WAY)
