"""One reading of a ``.osm.pbf``: features for the tiles go to a file, what addresses need stays in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import osmium
from shapely import wkb
from shapely.geometry.base import BaseGeometry

from .features import Shape, area_shape, is_gate, is_rideable, line_shape, name_of, place_of, road_properties
from .model import CityError, PlaceKind

_KEYS = (
    "highway",
    "building",
    "landuse",
    "natural",
    "waterway",
    "leisure",
    "amenity",
    "shop",
    "tourism",
    "office",
    "railway",
    "place",
    "boundary",
    "barrier",
    "entrance",
    "addr:housenumber",
    "healthcare",
    "historic",
    "public_transport",
    "craft",
    "residential",
    "route",
)
_ALSO_KNOWN = (
    "name",
    "alt_name",
    "old_name",
    "short_name",
    "official_name",
    "name:zh-Hans",
    "name:zh-Hant",
    "addr:place",
)
_MAGIC = b"OSMHeader"
_EVERY = 2000  # objects between two progress reports


@dataclass
class RawPlace:
    """Something an address can name, as found: coordinates in degrees, ``outline`` in (lon, lat) degrees."""

    key: str
    kind: PlaceKind
    name: str
    name_en: str
    lon: float
    lat: float
    tags: dict[str, str]
    outline: BaseGeometry | None = None
    units: dict[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def is_building(self) -> bool:
        """True for one building (rather than grounds, a street or a point)."""
        return self.tags.get("building", "no") != "no"


@dataclass
class Scan:
    """What one reading found."""

    places: list[RawPlace] = field(default_factory=list)
    streets: dict[str, list[tuple[int, list[tuple[float, float]]]]] = field(default_factory=dict)
    street_en: dict[str, str] = field(default_factory=dict)
    gates: list[tuple[float, float, bool]] = field(default_factory=list)
    header_box: tuple[float, float, float, float] | None = None
    road_box: list[float] = field(default_factory=lambda: [180.0, 90.0, -180.0, -90.0])
    generator: str = ""
    objects: int = 0
    roads: int = 0


def also_known(tags: dict[str, str]) -> list[str]:
    """Every other name an object goes by."""
    return [tags[key] for key in _ALSO_KNOWN if key in tags]


def check_pbf(pbf: Path) -> None:
    """Raise CityError unless ``pbf`` begins like an OpenStreetMap PBF file."""
    try:
        with pbf.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        raise CityError("city.not_found", f"The map file cannot be read: {pbf.name}.", str(error)) from error
    if not head:
        raise CityError("city.empty", f"The map file {pbf.name} is empty.", str(pbf))
    if _MAGIC not in head:
        raise CityError(
            "city.not_pbf",
            f"{pbf.name} is not an OpenStreetMap extract in PBF format (.osm.pbf).",
            repr(head[:16]),
        )


class Scanner:
    """Reads a file once and fills a :class:`Scan`."""

    def __init__(self, pbf: Path, features: BinaryIO, progress: Callable[[float], None]) -> None:
        self._pbf, self._features, self._progress = pbf, features, progress
        self._geojson = osmium.geom.GeoJSONFactory()
        self._wkb = osmium.geom.WKBFactory()
        self._doors: dict[int, tuple[str, float, float]] = {}
        self.found = Scan()

    def read(self) -> Scan:
        """Read everything. Raises CityError for a damaged, empty or road-less file."""
        try:
            self._header()
            self._objects()
        except RuntimeError as error:
            raise CityError(
                "city.damaged", f"{self._pbf.name} is damaged or incomplete; download it again.", str(error)
            ) from error
        if self.found.objects == 0:
            raise CityError("city.empty", f"The map file {self._pbf.name} has nothing in it.", str(self._pbf))
        if self.found.roads == 0:
            raise CityError(
                "city.no_roads",
                f"{self._pbf.name} has no roads an e-bike can ride on.",
                f"{self.found.objects} objects",
            )
        return self.found

    def _header(self) -> None:
        reader = osmium.io.Reader(str(self._pbf))
        header = reader.header()
        box = header.box()
        if box.valid() and box.size() > 0:
            low, high = box.bottom_left, box.top_right
            self.found.header_box = (low.lon, low.lat, high.lon, high.lat)
        self.found.generator = header.get("generator")
        reader.close()

    def _objects(self) -> None:
        size = self._pbf.stat().st_size
        guess = max(1.0, size / 11.0)  # an extract has about one object per 11 bytes, before filtering
        source = osmium.FileProcessor(str(self._pbf)).with_locations().with_areas()
        source.with_filter(osmium.filter.KeyFilter(*_KEYS))
        for item in source:
            self.found.objects += 1
            if self.found.objects % _EVERY == 0:
                self._progress(min(0.95, self.found.objects / guess * 4))
            self._one(item)
        self._progress(1.0)

    def _one(self, item: Any) -> None:
        tags = {tag.k: tag.v for tag in item.tags}
        if item.is_node():
            self._node(item, tags)
        elif item.is_way():
            self._way(item, tags)
        elif item.is_area():
            self._area(item, tags)

    def _node(self, node: Any, tags: dict[str, str]) -> None:
        lon, lat = node.location.lon, node.location.lat
        if is_gate(tags):
            self.found.gates.append((lon, lat, tags.get("entrance") == "main"))
            self._label("gate", 16, tags, lon, lat)
        unit = tags.get("addr:unit") or (tags.get("ref", "") if "entrance" in tags else "")
        if "entrance" in tags and unit:
            self._doors[node.id] = (unit, lon, lat)
            return
        self._place(f"n{node.id}", tags, lon, lat, area=False)

    def _way(self, way: Any, tags: dict[str, str]) -> None:
        shape = line_shape(tags)
        if shape is None:
            return
        try:
            geometry = self._geojson.create_linestring(way)
        except RuntimeError:  # nodes outside the extract, or all in one place
            return
        properties: dict[str, object] = {"kind": shape.kind}
        if shape.layer == "road":
            properties = {"class": shape.kind, **road_properties(tags)}
            self._road(way, tags)
        self._write(shape, tags, geometry, properties)

    def _road(self, way: Any, tags: dict[str, str]) -> None:
        if not is_rideable(tags):
            return
        self.found.roads += 1
        spots = [(node.lon, node.lat) for node in way.nodes]
        box = self.found.road_box
        for lon, lat in spots:
            box[0], box[1] = min(box[0], lon), min(box[1], lat)
            box[2], box[3] = max(box[2], lon), max(box[3], lat)
        name, english = name_of(tags)
        if name:
            self.found.streets.setdefault(name, []).append((way.id, spots))
            if english:
                self.found.street_en.setdefault(name, english)

    def _area(self, area: Any, tags: dict[str, str]) -> None:
        try:
            outline = wkb.loads(self._wkb.create_multipolygon(area), hex=True)
        except RuntimeError:
            return
        shape = area_shape(tags)
        middle = outline.representative_point()
        if shape is not None:
            properties: dict[str, object] = {"kind": shape.kind}
            levels = tags.get("building:levels", "")
            if levels.isdigit():
                properties["levels"] = int(levels)
            self._write(shape, tags, self._geojson.create_multipolygon(area), properties)
        letter = "w" if area.from_way() else "r"
        place = self._place(f"{letter}{area.orig_id()}", tags, middle.x, middle.y, area=True)
        if place is not None:
            place.outline = outline
            place.units = dict(self._units(area))

    def _units(self, area: Any) -> Iterator[tuple[str, tuple[float, float]]]:
        if not self._doors:
            return
        for ring in area.outer_rings():
            for node in ring:
                door = self._doors.get(node.ref)
                if door:
                    yield door[0], (door[1], door[2])

    def _place(
        self, key: str, tags: dict[str, str], lon: float, lat: float, *, area: bool
    ) -> RawPlace | None:
        found = place_of(tags, area=area)
        if found is None:
            return None
        kind, label, zoom = found
        name, english = name_of(tags)
        if not name and "addr:housenumber" not in tags:
            return None
        if name:
            self._label(label, zoom, tags, lon, lat, layer="place" if kind == "place" else "poi")
        place = RawPlace(key, kind, name, english, lon, lat, tags)
        self.found.places.append(place)
        return place

    def _label(
        self, kind: str, zoom: int, tags: dict[str, str], lon: float, lat: float, layer: str = "poi"
    ) -> None:
        geometry = f'{{"type":"Point","coordinates":[{lon:.7f},{lat:.7f}]}}'
        self._write(Shape(layer, kind, zoom), tags, geometry, {"kind": kind})

    def _write(
        self, shape: Shape, tags: dict[str, str], geometry: str, properties: dict[str, object]
    ) -> None:
        name, english = name_of(tags)
        if name:
            properties["name"] = name
        if english:
            properties["name_en"] = english
        head = msgspec.json.encode({"layer": shape.layer, "minzoom": shape.minzoom})
        body = msgspec.json.encode(properties)
        line = b'{"type":"Feature","tippecanoe":%b,"properties":%b,"geometry":%b}\n'
        self._features.write(line % (head, body, geometry.encode()))
