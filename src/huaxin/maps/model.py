"""Plain values of the map: points, places, routes, cities, and the two errors.

Every coordinate in this package is WGS-84 degrees unless a name says otherwise; every distance is metres,
every duration seconds.
"""

from __future__ import annotations

from typing import Literal

import msgspec

PlaceKind = Literal[
    "compound", "office", "building", "school", "hospital", "mall", "park", "street", "poi", "place"
]
"""What a place is. ``compound`` is a 小区; ``place`` is a named part of town (village, quarter, square)."""


class Point(msgspec.Struct, frozen=True):
    """A position in WGS-84 degrees."""

    lat: float
    lon: float


class Place(msgspec.Struct, frozen=True):
    """Something an address can name.

    ``point`` is where the place itself is (a building's entrance when one is known), ``gate`` the entrance
    a courier uses from the street, when the place is inside a compound that has one. For a numbered
    building of a compound ``name`` is the compound's name: the building's number is the detail of the match.
    """

    id: str
    name: str
    address: str
    kind: PlaceKind
    point: Point
    gate: Point | None = None


class Match(msgspec.Struct, frozen=True):
    """One search result. Show it as ``place.name`` followed by ``detail``.

    ``detail`` is what the text adds to the place (``5号楼3单元401``), empty when nothing. ``score`` is
    comparable within one answer only; higher is better.
    """

    place: Place
    detail: str
    score: float


class Route(msgspec.Struct, frozen=True):
    """A way to ride: ``points`` is the line along the road from first to last waypoint."""

    distance_m: float
    duration_s: float
    points: list[Point]


class City(msgspec.Struct, frozen=True):
    """An imported city, as kept in ``city.json``.

    ``bbox`` is (west, south, east, north). ``datum`` says which datum the stored data has (always
    ``wgs84``) and, for mainland China, what must be shifted at the edge. ``version`` names what made it:
    the generator's version for the demo city, else the importer's.
    """

    id: str
    name: str
    bbox: tuple[float, float, float, float]
    center: Point
    datum: str
    attribution: str
    name_en: str = ""
    version: str = ""


class MapError(Exception):
    """Base of the errors below: a stable ``code`` for programs and a ``sentence`` for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence


class Unreachable(MapError):
    """No way to ride there. Codes: ``route.unreachable``, ``route.off_map``."""


class CityError(MapError):
    """A city cannot be imported or opened; ``value`` is what was wrong (a path, a tool's last words)."""

    def __init__(self, code: str, sentence: str, value: str = "") -> None:
        super().__init__(code, sentence)
        self.value = value
