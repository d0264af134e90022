"""The fictional city: the same every time, and holding what the stories need."""

from __future__ import annotations

import hashlib
from pathlib import Path

import osmium
import pytest
from shapely import wkb
from shapely.geometry import LineString, MultiPolygon
from shapely.ops import unary_union

from huaxin.maps.fiction import demo_bbox, write_demo_city
from huaxin.maps.library import CityLibrary, OpenCity
from huaxin.maps.model import Point
from huaxin.maps.routing import metres


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_same_seed_gives_the_same_bytes(demo_pbf: Path, tmp_path: Path) -> None:
    """MAP-10."""
    again, other = tmp_path / "again.osm.pbf", tmp_path / "other.osm.pbf"
    write_demo_city(again, seed=1)
    write_demo_city(other, seed=2)
    assert digest(again) == digest(demo_pbf)
    assert digest(other) != digest(demo_pbf)


@pytest.mark.parametrize("seed", range(2, 6))
def test_every_seed_has_what_the_stories_name(seed: int, tmp_path: Path) -> None:
    """MAP-11: the named places do not depend on the dice."""
    path = tmp_path / "city.osm.pbf"
    write_demo_city(path, seed=seed)
    names: dict[str, int] = {}
    units: set[str] = set()
    doors: dict[int, str] = {}
    for item in osmium.FileProcessor(str(path)):
        tags = item.tags
        if item.is_node() and "addr:unit" in tags:
            doors[item.id] = tags["addr:unit"]
        if "name" in tags:
            names[tags["name"]] = names.get(tags["name"], 0) + 1
        if item.is_way() and tags.get("addr:place") == "阳光小区" and tags.get("name") == "5号楼":
            units = {doors[node.ref] for node in item.nodes if node.ref in doors}
    assert units == {"1", "2", "3"}
    for name in ("阳光小区", "花信花店", "云溪国际中心", "云溪市第一人民医院", "云溪天地", "镜湖", "云溪江"):
        assert names.get(name), name


def test_compounds_have_names_of_their_own(demo_pbf: Path) -> None:
    """MAP-11: no two compounds share a name, or an address could mean two doors."""
    seen: list[str] = []
    for item in osmium.FileProcessor(str(demo_pbf)):
        if item.is_way() and item.tags.get("residential") == "gated":
            seen.append(item.tags["name"])
    assert len(seen) > 150
    assert len(seen) == len(set(seen))


def river_and_bridges(pbf: Path) -> tuple[MultiPolygon, MultiPolygon]:
    """The river's water, and everything within 4 m of a bridge (both in degrees)."""
    factory = osmium.geom.WKBFactory()
    river, bridges = None, []
    for item in osmium.FileProcessor(str(pbf)).with_locations().with_areas():
        if item.is_area() and item.tags.get("water") == "river":
            river = wkb.loads(factory.create_multipolygon(item), hex=True)
        elif item.is_way() and "bridge" in item.tags:
            line = LineString([(node.lon, node.lat) for node in item.nodes])
            bridges.append(line.buffer(0.00004))
    assert river is not None
    return river, unary_union(bridges)


def test_the_river_is_crossed_on_bridges_only(demo_pbf: Path, demo: OpenCity) -> None:
    """MAP-12: every ride from bank to bank is over the water only where a bridge is."""
    river, bridges = river_and_bridges(demo_pbf)
    west, south, east, north = demo_bbox()
    for k in range(1, 12):
        lon = west + (east - west) * k / 12
        ride = demo.router.route([Point(south + 0.014, lon), Point(north - 0.014, lon)])
        line = LineString([(point.lon, point.lat) for point in ride.points])
        wet = line.intersection(river)
        assert not wet.is_empty
        assert bridges.contains(wet)


def test_everything_can_be_reached(demo: OpenCity) -> None:
    """MAP-13: from the flower shop to every compound, office, school, hospital and mall, and back."""
    shop = demo.places.search("花信花店")[0].place.point
    west, south, east, north = demo.city.bbox
    doors: list[Point] = []
    for i in range(24):
        for k in range(20):
            pin = Point(south + (north - south) * k / 20, west + (east - west) * i / 24)
            found = demo.places.reverse(pin)
            if found and found.place.kind in ("compound", "building", "office", "school", "hospital", "mall"):
                doors.append(found.place.point)
    assert len(doors) > 150
    there, _ = demo.router.table([shop], doors)
    back, _ = demo.router.table(doors, [shop])
    assert there.max() < 1800
    assert back.max() < 1800


def test_the_story_addresses_are_a_ride_apart(demo: OpenCity) -> None:
    """MAP-11: from shop to 阳光小区 is a ride of minutes, across the river."""
    shop = demo.places.search("花信花店")[0].place
    home = demo.places.search("阳光小区5号楼3单元401")[0].place
    ride = demo.router.route([shop.point, home.point])
    assert 2000 < ride.distance_m < 6000
    assert 300 < ride.duration_s < 1200
    assert home.gate is not None
    assert metres(home.gate, home.point) < 250


def test_the_attribution_says_it_is_fiction(demo: OpenCity) -> None:
    """MAP-14."""
    assert "虚构" in demo.city.attribution
    assert "fictional" in demo.city.attribution


def test_the_demo_city_is_built_once(library: CityLibrary, demo: OpenCity) -> None:
    """MAP-10: asked for again, the city of the same version is used as it is; an older one is rebuilt."""
    stages: list[str] = []
    city = library.ensure_demo(lambda stage, fraction: stages.append(stage))
    assert city == demo.city
    assert stages == []
    assert demo.city in library.list()
