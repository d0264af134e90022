"""What an OpenStreetMap object is on our map: layer, kind and first zoom; and what place an address can name.

Pure functions of tags. Layers and kinds are documented in ``docs/subsystems/maps.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .model import PlaceKind

Tags = Mapping[str, str]


class Shape(NamedTuple):
    """A drawn feature: its tile layer, its ``kind``, and the zoom it appears at."""

    layer: str
    kind: str
    minzoom: int


ROAD_CLASS = {
    "motorway": ("motorway", 10),
    "trunk": ("trunk", 10),
    "primary": ("primary", 10),
    "secondary": ("secondary", 10),
    "tertiary": ("tertiary", 12),
    "unclassified": ("residential", 13),
    "residential": ("residential", 13),
    "road": ("residential", 13),
    "living_street": ("service", 13),
    "service": ("service", 14),
    "track": ("path", 14),
    "busway": ("service", 14),
    "pedestrian": ("path", 14),
    "cycleway": ("cycleway", 14),
    "footway": ("path", 15),
    "path": ("path", 14),
    "steps": ("path", 15),
    "bridleway": ("path", 15),
}
"""Highway tag to (class, first zoom); links (``primary_link``) share their road's class."""

RIDEABLE = frozenset(ROAD_CLASS) - {"motorway", "steps", "busway"}
"""Highway values an e-bike can be on at all; a map without any of them has no roads for us."""

_GREEN = {
    ("leisure", "park"): ("park", 10),
    ("leisure", "garden"): ("garden", 14),
    ("leisure", "golf_course"): ("park", 12),
    ("leisure", "nature_reserve"): ("park", 10),
    ("leisure", "pitch"): ("pitch", 14),
    ("leisure", "track"): ("track", 14),
    ("leisure", "playground"): ("garden", 15),
    ("landuse", "grass"): ("grass", 13),
    ("landuse", "forest"): ("wood", 10),
    ("landuse", "meadow"): ("grass", 11),
    ("landuse", "recreation_ground"): ("park", 12),
    ("landuse", "cemetery"): ("park", 12),
    ("landuse", "farmland"): ("farmland", 10),
    ("landuse", "orchard"): ("farmland", 10),
    ("landuse", "allotments"): ("farmland", 12),
    ("landuse", "village_green"): ("grass", 13),
    ("landuse", "flowerbed"): ("garden", 15),
    ("natural", "wood"): ("wood", 11),
    ("natural", "scrub"): ("grass", 12),
    ("natural", "grassland"): ("grass", 12),
    ("natural", "heath"): ("grass", 12),
}
_LANDUSE = {
    ("landuse", "residential"): "residential",
    ("landuse", "commercial"): "commercial",
    ("landuse", "retail"): "retail",
    ("landuse", "industrial"): "industrial",
    ("landuse", "railway"): "industrial",
    ("landuse", "construction"): "industrial",
    ("amenity", "school"): "school",
    ("amenity", "university"): "school",
    ("amenity", "college"): "school",
    ("amenity", "kindergarten"): "school",
    ("amenity", "hospital"): "hospital",
    ("amenity", "parking"): "parking",
    ("highway", "pedestrian"): "square",
    ("place", "square"): "square",
}
_WATER_LINE = {"river": 11, "canal": 12, "stream": 13, "drain": 15, "ditch": 15}
_PLACE_ZOOM = {
    "city": 10,
    "town": 10,
    "borough": 11,
    "suburb": 11,
    "quarter": 12,
    "village": 12,
    "neighbourhood": 13,
    "hamlet": 13,
    "island": 13,
    "islet": 14,
    "square": 15,
    "locality": 14,
}

_PLACE_OF: dict[tuple[str, str], tuple[PlaceKind, int]] = {
    ("landuse", "residential"): ("compound", 14),
    ("residential", "gated"): ("compound", 14),
    ("amenity", "hospital"): ("hospital", 13),
    ("amenity", "clinic"): ("hospital", 15),
    ("amenity", "school"): ("school", 14),
    ("amenity", "university"): ("school", 13),
    ("amenity", "college"): ("school", 14),
    ("amenity", "kindergarten"): ("school", 15),
    ("shop", "mall"): ("mall", 13),
    ("shop", "department_store"): ("mall", 14),
    ("leisure", "park"): ("park", 12),
    ("leisure", "garden"): ("park", 15),
    ("leisure", "stadium"): ("poi", 13),
    ("landuse", "commercial"): ("office", 14),
    ("landuse", "retail"): ("mall", 14),
    ("landuse", "industrial"): ("office", 15),
    ("landuse", "forest"): ("park", 12),
    ("building", "office"): ("office", 15),
    ("building", "commercial"): ("office", 15),
    ("building", "retail"): ("mall", 15),
    ("building", "hospital"): ("hospital", 16),
    ("building", "school"): ("school", 16),
    ("building", "university"): ("school", 16),
}
_POI_KEYS = (
    "amenity",
    "shop",
    "tourism",
    "office",
    "leisure",
    "railway",
    "healthcare",
    "historic",
    "public_transport",
    "craft",
)
_POI_IGNORED = {
    "bench",
    "waste_basket",
    "vending_machine",
    "bicycle_parking",
    "platform",
    "stop_position",
    "rail",
    "signal",
    "switch",
}


def name_of(tags: Tags) -> tuple[str, str]:
    """(Chinese or local name, English name), empty when there is none."""
    return tags.get("name:zh") or tags.get("name") or "", tags.get("name:en") or tags.get("int_name") or ""


def area_shape(tags: Tags) -> Shape | None:
    """How a closed area is drawn."""
    if "building" in tags and tags["building"] != "no":
        return Shape("building", tags["building"], 13)
    if (
        tags.get("natural") == "water"
        or tags.get("waterway") == "riverbank"
        or tags.get("landuse") in ("reservoir", "basin")
    ):
        return Shape("water", tags.get("water", "water"), 10)
    for key, value in _pairs(tags):
        if (key, value) in _GREEN:
            kind, zoom = _GREEN[key, value]
            return Shape("green", kind, zoom)
    for key, value in _pairs(tags):
        if (key, value) in _LANDUSE:
            return Shape("landuse", _LANDUSE[key, value], 11)
    return None


def line_shape(tags: Tags) -> Shape | None:
    """How a way is drawn as a line."""
    highway = tags.get("highway", "").removesuffix("_link")
    if highway in ROAD_CLASS and tags.get("area") != "yes":
        return Shape("road", *ROAD_CLASS[highway])
    if tags.get("waterway") in _WATER_LINE:
        return Shape("water", tags["waterway"], _WATER_LINE[tags["waterway"]])
    if tags.get("railway") in ("rail", "light_rail", "subway", "tram") and tags.get("tunnel", "no") == "no":
        return Shape("rail", tags["railway"], 11)
    if tags.get("boundary") == "administrative" and tags.get("admin_level", "") in ("4", "5", "6", "7", "8"):
        return Shape("boundary", tags["admin_level"], 10)
    return None


def road_properties(tags: Tags) -> dict[str, object]:
    """Properties of a road feature beside its class and names."""
    oneway = {"yes": 1, "1": 1, "true": 1, "-1": -1, "reverse": -1}.get(tags.get("oneway", ""), 0)
    if not oneway and tags.get("junction") in ("roundabout", "circular"):
        oneway = 1
    layer = tags.get("layer", "0")
    return {
        "oneway": oneway,
        "bridge": tags.get("bridge", "no") != "no",
        "tunnel": tags.get("tunnel", "no") != "no",
        "link": tags.get("highway", "").endswith("_link"),
        "layer": int(layer) if layer.lstrip("-").isdigit() else 0,
    }


def is_rideable(tags: Tags) -> bool:
    """True for a road an e-bike may be on."""
    return tags.get("highway", "").removesuffix("_link") in RIDEABLE


def place_of(tags: Tags, *, area: bool) -> tuple[PlaceKind, str, int] | None:
    """What an address can call this: (place kind, poi kind for the map label, label zoom), or None."""
    settlement = tags.get("place", "")
    if settlement in _PLACE_ZOOM:
        return "place", settlement, _PLACE_ZOOM[settlement]
    for key, value in _pairs(tags):
        found = _PLACE_OF.get((key, value))
        if found and (area or key not in ("landuse", "natural")):
            return found[0], found[0], found[1]
    if area and tags.get("natural") == "water":
        return "poi", "water", 13
    for key in _POI_KEYS:
        value = tags.get(key, "")
        if value and value != "no" and value not in _POI_IGNORED:
            return "poi", value, 15
    if tags.get("building", "no") != "no" or "addr:housenumber" in tags:
        return "building", "building", 16
    return None


def is_gate(tags: Tags) -> bool:
    """True for a node people pass to enter a compound."""
    if tags.get("barrier") in ("gate", "lift_gate", "swing_gate", "sliding_gate", "entrance"):
        return tags.get("access") != "no" or tags.get("bicycle") == "yes"
    return tags.get("entrance") == "main"


def _pairs(tags: Tags) -> list[tuple[str, str]]:
    keys = ("amenity", "shop", "leisure", "residential", "landuse", "natural", "building", "highway", "place")
    return [(key, tags[key]) for key in keys if key in tags]
