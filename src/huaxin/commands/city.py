"""`huaxin city`: the cities whose streets the server knows."""

import argparse
import re
from pathlib import Path

from huaxin.commands.common import Commands, Progress, add_command, add_group, print_table, read_config
from huaxin.config import Config, add_flags

SUFFIXES = (".osm.pbf", ".pbf")


def add(commands: Commands) -> None:
    group = add_group(
        commands,
        "city",
        "Import cities from OpenStreetMap files, and list them",
        "导入与列出城市地图",
        "huaxin city import shanghai.osm.pbf --name 上海",
        "huaxin city list",
    )
    parser = add_command(
        group,
        "import",
        run_import,
        "Import roads, map and addresses from an .osm.pbf file",
        "从 .osm.pbf 文件导入道路、底图与地址",
        "huaxin city import shanghai.osm.pbf --name 上海",
        "huaxin city import extract.osm.pbf --id beijing-wudaokou",
    )
    parser.add_argument("file", type=Path, metavar="FILE.osm.pbf", help="an extract of OpenStreetMap")
    parser.add_argument("--name", metavar="NAME", help="what people call the city (else as the file says)")
    parser.add_argument(
        "--id", metavar="ID", help="its id for --city, in a-z 0-9 _ - (else from the file's name)"
    )
    add_flags(parser, "data")
    parser = add_command(
        group, "list", run_list, "List the imported cities", "列出已导入的城市", "huaxin city list"
    )
    add_flags(parser, "data")


def cities_folder(config: Config) -> Path:
    """Where imported cities live."""
    return config.data / "cities"


def read_city_id(file: Path) -> str:
    """An id made from a file's name: `Shanghai Center.osm.pbf` is `shanghai_center`."""
    name = file.name
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return re.sub(r"[^a-z0-9_-]+", "_", name.lower()).strip("_") or "city"


def run_import(args: argparse.Namespace) -> int:
    from huaxin.maps.importer import import_city

    config = read_config(args)
    target = cities_folder(config) / (read_city_id(Path(args.id)) if args.id else read_city_id(args.file))
    target.parent.mkdir(parents=True, exist_ok=True)
    city = import_city(args.file, target, name=args.name, progress=Progress())
    print(f"{city.name} is ready as {city.id}. Try it:  huaxin demo --city {city.id}")
    return 0


def run_list(args: argparse.Namespace) -> int:
    from huaxin.maps.library import CityLibrary

    cities = CityLibrary(cities_folder(read_config(args))).list()
    if not cities:
        print("No city yet. `huaxin serve` makes the demo city; `huaxin city import` brings real ones.")
        return 0
    rows = [
        (city.id, city.name, f"{city.center.lat:.4f}, {city.center.lon:.4f}", city.attribution)
        for city in cities
    ]
    print_table(("id", "name", "centre", "attribution"), rows)
    return 0
