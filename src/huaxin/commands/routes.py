"""`huaxin routes evaluate`: how near the solver comes to the best known answers."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from huaxin.commands.common import Commands, Progress, add_command, add_group, print_table, read_config
from huaxin.config import add_flags

if TYPE_CHECKING:
    from huaxin.dispatch.evaluate.run import Found, Trial

MOST_SECONDS = 3600.0
SEEDS = (1, 2)
MANY = 120  # stops; above it the second target holds
TARGETS = (0.01, 0.02)  # mean gap wished for


def add(commands: Commands) -> None:
    group = add_group(
        commands,
        "routes",
        "Judge the planning of routes",
        "检验路线规划",
        "huaxin routes evaluate data/vrp/solomon",
    )
    parser = add_command(
        group,
        "evaluate",
        run_evaluate,
        "Solve Solomon's instances, made ones of 200 stops, and mornings of a city; show the gaps",
        "求解 Solomon 算例、自制 200 站算例与真实城市的一个上午，列出与最优解的差距",
        "huaxin routes evaluate data/vrp/solomon",
        "huaxin routes evaluate data/vrp/solomon --seconds 2 --limit 6",
        "huaxin routes evaluate --made 200",
        "huaxin routes evaluate --city shanghai",
    )
    parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="with Solomon's .txt files")
    parser.add_argument("--seconds", type=_seconds, default=5.0, help="of CPU for each instance (default 5)")
    parser.add_argument(
        "--long", type=_seconds, default=60.0, help="seconds of the run to compare with (default 60)"
    )
    parser.add_argument("--limit", type=_count, default=0, metavar="N", help="only N instances of each kind")
    parser.add_argument(
        "--made", type=_count, default=0, metavar="STOPS", help="instances like Gehring & Homberger's"
    )
    parser.add_argument("--city", default="", metavar="ID", help="100 stops on an imported city's streets")
    add_flags(parser, "data")


def _seconds(word: str) -> float:
    value = float(word)
    if not 0 < value <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"between 0 and {MOST_SECONDS:g} seconds")
    return value


def _count(word: str) -> int:
    value = int(word)
    if not 1 <= value <= 1000:
        raise argparse.ArgumentTypeError("between 1 and 1000")
    return value


def run_evaluate(args: argparse.Namespace) -> int:
    from huaxin.dispatch.evaluate.run import evaluate
    from huaxin.dispatch.evaluate.solomon import BadInstance

    if not (args.folder or args.made or args.city):
        raise BadInstance("Name a folder with instances, or --made STOPS, or --city ID.")
    known, unknown = _solomon(args), [*_made(args), *_city(args)]
    if known:
        found = list(evaluate(known, args.seconds, args.long, Progress()))
        _print(found, f"{args.seconds:g} s of CPU each")
        print(
            "best: the best known by distance alone, however many vehicles it takes (12th DIMACS challenge:"
            "\ndistances cut after one decimal). Tables that count vehicles first name other, longer ways."
        )
    if unknown:
        found = list(evaluate(unknown, args.seconds, args.long, Progress()))
        _print(
            found,
            f"{args.seconds:g} s of CPU each",
        )
        print(
            f"best: what {args.long:g} s of CPU and another seed find, or ours; the true best is not known."
        )
    return 0


def _solomon(args: argparse.Namespace) -> "list[Trial]":
    from huaxin.dispatch.evaluate.run import Trial
    from huaxin.dispatch.evaluate.solomon import TENTHS, BadInstance, read_best_known, read_instance, task_of

    if not args.folder:
        return []
    if not args.folder.is_dir():
        raise BadInstance("There is no such folder.", str(args.folder))
    paths = sorted(args.folder.glob("*.txt"))
    if not paths:
        raise BadInstance("The folder has no .txt files.", str(args.folder))
    best = read_best_known(args.folder)
    trials = []
    for path in _spread(paths, args.limit):
        instance = read_instance(path)
        known = round(best.get(path.stem.upper(), 0.0) * TENTHS)
        trials.append(Trial(instance.name, task_of(instance), known, what=f"{len(instance.customers) - 1}"))
    return trials


def _spread(paths: list[Path], limit: int) -> list[Path]:
    """`limit` of them, from all kinds: they are sorted by kind."""
    if not limit or limit >= len(paths):
        return paths
    return [paths[n * len(paths) // limit] for n in range(limit)]


def _made(args: argparse.Namespace) -> "Iterator[Trial]":
    from huaxin.dispatch.evaluate.made import KINDS, make_instance
    from huaxin.dispatch.evaluate.run import Trial
    from huaxin.dispatch.evaluate.solomon import task_of

    if not args.made:
        return
    wanted = [(kind, seed) for seed in SEEDS for kind in KINDS]
    for kind, seed in wanted[: args.limit or len(wanted)]:
        instance = make_instance(kind, seed, args.made)
        yield Trial(instance.name, task_of(instance), what=str(args.made))


def _city(args: argparse.Namespace) -> "Iterator[Trial]":
    from huaxin.commands.city import cities_folder
    from huaxin.dispatch.evaluate.made import make_city_morning
    from huaxin.dispatch.evaluate.run import Trial
    from huaxin.maps.library import CityLibrary
    from huaxin.maps.model import Point

    if not args.city:
        return
    opened = CityLibrary(cities_folder(read_config(args))).open(args.city)
    west, south, east, north = opened.city.bbox
    for seed in SEEDS[: args.limit or len(SEEDS)]:
        task = make_city_morning((south, west, north, east), Point, opened.router.table, seed)
        yield Trial(f"{opened.city.name} {seed}", task, unit=60.0, what=f"{task.places - 1}, min ridden")


def _print(found: "list[Found]", how: str) -> None:
    from huaxin.dispatch.evaluate.run import summarise

    rows = [
        (
            one.name,
            one.what,
            str(one.vehicles),
            f"{one.ours:.1f}",
            f"{one.best:.1f}",
            f"{one.gap:+.2%}" if one.feasible else "not solved",
            f"{one.iterations:,}",
        )
        for one in found
    ]
    print_table(("instance", "stops", "vehicles", "ours", "best", "gap", "iterations"), rows)
    stops = max(int(one.what.split(",")[0]) for one in found)
    target = TARGETS[stops > MANY]
    all_ = summarise(found, target)
    verdict = "met" if all_.feasible and all_.mean <= target else "missed"
    print(
        f"\n{all_.instances} instances, {how}: mean gap {all_.mean:+.2%} (target {target:.0%}: {verdict}),"
        f" worst {all_.worst:+.2%}, {all_.within} of {all_.instances} within {target:.0%}"
    )
