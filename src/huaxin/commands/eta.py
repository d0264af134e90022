"""`huaxin eta`: how good the arrival times are, on simulated months and on real GPS trips."""

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from huaxin.commands.common import (
    Commands,
    Progress,
    add_command,
    add_group,
    opened_store,
    read_config,
    run_async,
)
from huaxin.config import Config, add_flags

if TYPE_CHECKING:
    from huaxin.simulation.month import Town

_ALL = 10_000_000  # orders of a shop


def add(commands: Commands) -> None:
    group = add_group(
        commands,
        "eta",
        "Judge the arrival times",
        "评估预计送达时间",
        "huaxin eta evaluate",
        "huaxin eta evaluate --trips rides.csv.gz --map shanghai.osm.pbf",
    )
    parser = add_command(
        group,
        "evaluate",
        run_evaluate,
        "Judge arrival times on simulated months, or on GPS trips (trip,user,t_utc,lat,lon) with a map",
        "在模拟月份或真实 GPS 轨迹上评估预计送达时间",
        "huaxin eta evaluate",
        "huaxin eta evaluate --seeds 1 2 3 --days 30",
        "huaxin eta evaluate --trips rides.csv.gz --map shanghai.osm.pbf",
    )
    parser.add_argument(
        "--trips", type=Path, metavar="FILE.csv", help="GPS trips, plain or gzip; needs --map"
    )
    parser.add_argument(
        "--map", type=Path, metavar="FILE.osm.pbf", help="the city (without --trips: else the demo city)"
    )
    parser.add_argument(
        "--datum", choices=("auto", "wgs84", "gcj02"), default="auto", help="of the trips' positions"
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], metavar="N", help="simulated months")
    parser.add_argument("--days", type=int, default=30, metavar="N", help="days of a simulated month")
    parser = add_command(
        group,
        "learn",
        run_learn,
        "Learn rides and doors anew from the journal's own orders; stop the server before",
        "从日志中的历史订单重新学习骑行与上门时间（先停止服务器）",
        "huaxin eta learn",
    )
    add_flags(parser, "data", "database", "city", "timezone")
    parser = add_command(
        group,
        "make-trips",
        run_make,
        "Write made bike trips on a map, as hard as real ones, to try the evaluation with",
        "在地图上生成仿真骑行轨迹",
        "huaxin eta make-trips rides.csv.gz --map shanghai.osm.pbf --count 900",
    )
    parser.add_argument("file", type=Path, metavar="FILE.csv", help="where to; gzip when it ends in .gz")
    parser.add_argument("--map", type=Path, required=True, metavar="FILE.osm.pbf", help="the city")
    parser.add_argument("--count", type=int, default=900, metavar="N", help="how many trips")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed makes the same trips")


def run_evaluate(args: argparse.Namespace) -> int:
    if args.trips is not None:
        return _evaluate_trips(args)
    if args.map is None:
        from huaxin.maps.library import CityLibrary

        with tempfile.TemporaryDirectory(prefix="huaxin-month-") as folder:
            library = CityLibrary(Path(folder))
            from huaxin.simulation.month import Town

            return _play(Town(library.open(library.ensure_demo(Progress()).id)), args)
    return _play_on(args)


def _evaluate_trips(args: argparse.Namespace) -> int:
    from huaxin.simulation.trips.read import TripsError
    from huaxin.simulation.trips.report import evaluate_trips, print_evaluated

    if args.map is None:
        raise TripsError("trips.no_map", "Trips need the map they were ridden on: --map FILE.osm.pbf.")
    print_evaluated(evaluate_trips(args.trips, args.map, args.datum, Progress()))
    return 0


def _play_on(args: argparse.Namespace) -> int:
    from huaxin.maps.importer import import_city
    from huaxin.maps.library import CityLibrary
    from huaxin.simulation.month import Town

    with tempfile.TemporaryDirectory(prefix="huaxin-month-") as folder:
        import_city(args.map, Path(folder) / "map", progress=Progress())
        return _play(Town(CityLibrary(Path(folder)).open("map")), args)


def _play(town: "Town", args: argparse.Namespace) -> int:
    from huaxin.simulation.month import Setting
    from huaxin.simulation.month.report import play_month, print_month

    progress = Progress()
    seen = []
    for seed in args.seeds:
        seen += play_month(town, Setting(seed=seed, days=args.days), progress)
    progress("done", 1.0)
    print(f"{len(args.seeds)} simulated months of {args.days} days, seeds {' '.join(map(str, args.seeds))}")
    print_month(seen)
    return 0


def run_learn(args: argparse.Namespace) -> int:
    run_async(_learn(read_config(args)))
    return 0


async def _learn(config: Config) -> None:
    from zoneinfo import ZoneInfo

    from huaxin.live.roads import City
    from huaxin.live.rules import HuaxinRules
    from huaxin.maps.library import CityLibrary
    from huaxin.shops.store import ShopStore
    from huaxin.tracking.learning.history import learn_history, legs_of
    from huaxin.tracking.learning.memory import Memory
    from huaxin.tracking.store import TrackStore

    library, progress = CityLibrary(config.data / "cities"), Progress()
    city = City(library.open(config.city or library.ensure_demo(progress).id))
    async with opened_store(config) as store:
        shops = await ShopStore(store).all()
        load, orders = HuaxinRules().load, []
        for shop in shops:
            orders += [load(row.doc) for row in await store.states(shop.id, limit=_ALL)]
        memory = Memory(ZoneInfo(config.timezone))
        legs = legs_of(orders, {shop.id: shop.point for shop in shops if shop.point is not None})
        found = learn_history(memory, legs, city)
        tracks = TrackStore(store)
        await tracks.forget_learned()
        await tracks.save_learned(memory.take_changed())
    print(f"{found.orders} delivered orders: {found.rides} rides and {found.doors} handovers learned")


def run_make(args: argparse.Namespace) -> int:
    from huaxin.simulation.trips.make import Bikes, write_trips
    from huaxin.simulation.trips.report import opened_map

    with opened_map(args.map, Progress()) as (city, router):
        users = max(1, args.count // 4)
        bikes = Bikes(seed=args.seed, trips=args.count, users=users)
        count = write_trips(args.file, router, city.bbox, bikes)
    print(f"{count} trips in {args.file}")
    return 0
