"""Import of real extracts and refusal of bad files."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import osmium
import pytest
from osmium.osm import mutable
from pmtiles.reader import MmapSource, Reader

from huaxin.maps import importer, tools
from huaxin.maps.importer import import_city, read_city
from huaxin.maps.library import CityLibrary, OpenCity
from huaxin.maps.model import CityError


def layers(city: OpenCity) -> dict[str, set[str]]:
    """Layer names of a basemap, each with its properties."""
    with city.pmtiles.open("rb") as file:
        metadata = Reader(MmapSource(file)).metadata()
    return {layer["id"]: set(layer["fields"]) for layer in metadata["vector_layers"]}


def write_pbf(path: Path, draw: Callable[[osmium.SimpleWriter], None]) -> Path:
    writer = osmium.SimpleWriter(str(path))
    draw(writer)
    writer.close()
    return path


def draw_road(writer: osmium.SimpleWriter, **tags: str) -> None:
    writer.add_node(mutable.Node(id=1, location=(120.0, 30.0)))
    writer.add_node(mutable.Node(id=2, location=(120.01, 30.0)))
    writer.add_way(mutable.Way(id=1, nodes=[1, 2], tags=tags))


def test_shanghai_with_roads_only(shanghai: OpenCity) -> None:
    """MAP-20: a file with nothing but roads is a city too, with the roads' box and the streets' names."""
    assert "road" in layers(shanghai)
    west, south, east, north = shanghai.city.bbox
    assert (round(west, 3), round(south, 3), round(east, 3), round(north, 3)) == (
        121.409,
        31.179,
        121.552,
        31.279,
    )
    assert shanghai.places.search("南京西路")[0].place.kind == "street"
    assert shanghai.places.search("huaihai")[0].place.name.startswith("淮海")


def test_beijing_with_full_tags(beijing: OpenCity) -> None:
    """MAP-20: buildings, water, greens, places and addresses of a fully mapped quarter."""
    assert {"road", "building", "green", "water", "poi", "landuse"} <= set(layers(beijing))
    assert beijing.city.bbox == (116.3084, 39.9905, 116.332, 40.0123)
    assert beijing.places.search("清华大学")[0].place.kind == "school"
    assert beijing.places.search("KFC")[0].place.name == "肯德基"


def test_guixi_a_small_town(guixi: OpenCity) -> None:
    """MAP-20: the town names itself, and its streets are ridden."""
    assert guixi.city.name == "贵溪市"
    assert guixi.city.name_en == "Guixi"
    assert guixi.city.attribution == "© OpenStreetMap contributors"
    assert guixi.router.route([guixi.city.center, guixi.places.search("西街")[0].place.point]).distance_m > 0


def test_the_demo_basemap_has_every_layer(demo: OpenCity) -> None:
    """MAP-20: layers and properties are as documented for the screens."""
    found = layers(demo)
    assert set(found) == {
        "water", "green", "landuse", "building", "road", "rail", "boundary", "place", "poi",
    }  # fmt: skip
    assert found["road"] == {"class", "name", "name_en", "oneway", "bridge", "tunnel", "link", "layer"}
    assert {"kind", "name", "name_en"} <= found["poi"]
    with demo.pmtiles.open("rb") as file:
        header = Reader(MmapSource(file)).header()
    assert (header["min_zoom"], header["max_zoom"]) == (10, 16)


def one_street(folder: Path) -> Path:
    """The smallest map that can be ridden on: 一条街."""

    def draw(writer: osmium.SimpleWriter) -> None:
        draw_road(writer, highway="residential", name="一条街")

    return write_pbf(folder / "one.osm.pbf", draw)


def test_progress_moves_forward_and_ends(tmp_path: Path) -> None:
    """MAP-23."""
    seen: list[tuple[str, float]] = []
    import_city(
        one_street(tmp_path), tmp_path / "c", progress=lambda stage, fraction: seen.append((stage, fraction))
    )
    fractions = [fraction for _, fraction in seen]
    assert fractions == sorted(fractions)
    assert seen[-1] == ("done", 1.0)
    assert list(dict.fromkeys(stage for stage, _ in seen)) == [
        "reading",
        "roads",
        "basemap",
        "places",
        "done",
    ]


def bad_files(tmp_path: Path, demo_pbf: Path) -> list[tuple[str, Path]]:
    """(expected code, file) of every kind of bad file."""
    files = tmp_path / "files"
    files.mkdir()
    whole = demo_pbf.read_bytes()

    def made(name: str, content: bytes) -> Path:
        path = files / name
        path.write_bytes(content)
        return path

    def no_road(writer: osmium.SimpleWriter) -> None:
        draw_road(writer, building="yes")

    def motorway(writer: osmium.SimpleWriter) -> None:
        draw_road(writer, highway="motorway")

    return [
        ("city.not_found", files / "missing.osm.pbf"),
        ("city.empty", made("zero.osm.pbf", b"")),
        ("city.not_pbf", made("text.osm.pbf", b"<?xml version='1.0'?><osm/>" * 20)),
        ("city.not_pbf", made("zip.osm.pbf", b"PK\x03\x04" + bytes(4000))),
        ("city.damaged", made("cut.osm.pbf", whole[: len(whole) // 2])),
        ("city.damaged", made("head.osm.pbf", whole[:40])),
        ("city.damaged", made("noise.osm.pbf", whole[:5000] + bytes(5000) + whole[10000:])),
        ("city.empty", write_pbf(files / "nothing.osm.pbf", lambda writer: None)),
        ("city.no_roads", write_pbf(files / "house.osm.pbf", no_road)),
        ("city.no_roads", write_pbf(files / "motorway.osm.pbf", motorway)),
    ]


def test_bad_files_are_refused_and_leave_nothing(tmp_path: Path, demo_pbf: Path) -> None:
    """MAP-21, MAP-22: every kind of bad file has its code, a sentence and a value, and leaves no trace."""
    out = tmp_path / "cities"
    out.mkdir()
    for code, path in bad_files(tmp_path, demo_pbf):
        with pytest.raises(CityError) as caught:
            import_city(path, out / "bad")
        assert caught.value.code == code, path.name
        assert caught.value.sentence.endswith(".")
        assert caught.value.value
        assert list(out.iterdir()) == [], path.name


def test_one_street_is_a_city(tmp_path: Path) -> None:
    """MAP-20: one street is enough."""
    city = import_city(one_street(tmp_path), tmp_path / "cities" / "one")
    opened = CityLibrary(tmp_path / "cities").open(city.id)
    assert opened.places.search("一条街")[0].place.kind == "street"


def test_an_older_import_survives_a_failed_one(tmp_path: Path, demo_pbf: Path) -> None:
    """MAP-21."""
    out = tmp_path / "cities" / "town"
    first = import_city(one_street(tmp_path), out, name="旧城")
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(demo_pbf.read_bytes()[:100_000])
    with pytest.raises(CityError):
        import_city(cut, out, name="新城")
    assert read_city(out) == first
    assert CityLibrary(out.parent).open("town").places.search("一条街")
    assert [path.name for path in out.parent.iterdir()] == ["town"]


def test_too_little_disk_is_said_before_work_begins(
    tmp_path: Path, demo_pbf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MAP-22: free space is looked at first."""
    usage = type("Usage", (), {"free": 1_000_000})()
    monkeypatch.setattr(importer.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(CityError, match=r"city\.disk: Importing this needs about \d+ MB"):
        import_city(demo_pbf, tmp_path / "cities" / "c")
    assert list((tmp_path / "cities").iterdir()) == []


def test_a_disk_that_fills_up_and_a_tool_that_fails(tmp_path: Path) -> None:
    """MAP-22: the tools' own words decide between a full disk and a failure."""
    shell = shutil.which("sh") or "/bin/sh"
    with pytest.raises(CityError) as full:
        tools.run_tool(
            "basemap", [shell, "-c", "echo 'write: No space left on device' >&2; exit 1"], tmp_path
        )
    assert full.value.code == "city.disk"
    with pytest.raises(CityError) as failed:
        tools.run_tool("roads", [shell, "-c", "echo boom >&2; exit 3"], tmp_path)
    assert (failed.value.code, failed.value.value) == ("city.tool", "boom")
    with pytest.raises(CityError) as missing:
        tools.run_tool("roads", [str(tmp_path / "no-such-program")], tmp_path)
    assert missing.value.code == "city.tool"
    assert tools.disk_or_tool("x", OSError(errno.ENOSPC, "full")).code == "city.disk"


@pytest.mark.parametrize("city_id", ["", "../x", "a/b", ".hidden", "x" * 81])
def test_a_city_id_is_a_plain_name(library: CityLibrary, city_id: str) -> None:
    """MAP-22: an id from outside never leaves the library's folder."""
    with pytest.raises(CityError) as caught:
        library.open(city_id)
    assert caught.value.code == "city.bad_id"


def test_unknown_and_damaged_cities(tmp_path: Path) -> None:
    """MAP-22: opening says what is wrong; listing leaves the damaged out."""
    cities = CityLibrary(tmp_path)
    with pytest.raises(CityError) as unknown:
        cities.open("nowhere")
    assert unknown.value.code == "city.not_found"
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "city.json").write_text('{"id": 3')
    with pytest.raises(CityError) as damaged:
        cities.open("broken")
    assert damaged.value.code == "city.damaged"
    assert cities.list() == []
