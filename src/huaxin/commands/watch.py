"""`huaxin watch`: what the watchdog is worth, on simulated months."""

import argparse
import tempfile
from pathlib import Path

from huaxin.commands.common import Commands, Progress, add_command, add_group


def add(commands: Commands) -> None:
    group = add_group(
        commands,
        "watch",
        "Judge the watchdog",
        "评估异常预警",
        "huaxin watch evaluate",
    )
    parser = add_command(
        group,
        "evaluate",
        run_evaluate,
        "One simulated month with and without watchdog and reassignment: promises kept, calls avoided",
        "同一个模拟月份,有无预警与改派的对比",
        "huaxin watch evaluate",
        "huaxin watch evaluate --days 7 --seed 3 --orders 40",
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed makes the same month")
    parser.add_argument("--days", type=int, default=30, metavar="N", help="how many days")
    parser.add_argument("--orders", type=int, default=48, metavar="N", help="orders a day")
    parser.add_argument("--couriers", type=int, default=3, metavar="N", help="couriers of the shop")


def run_evaluate(args: argparse.Namespace) -> int:
    from huaxin.maps.library import CityLibrary
    from huaxin.simulation.month import Setting
    from huaxin.simulation.month.arms import play_arms
    from huaxin.simulation.month.kept import print_kept

    setting = Setting(
        seed=args.seed, days=args.days, couriers=args.couriers, orders_per_day=args.orders,
        breakdowns_per_day=0.5, dead_phones_per_day=0.7,
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="huaxin-month-") as folder:
        library = CityLibrary(Path(folder))
        progress = Progress()
        arms = play_arms(Path(folder), library.ensure_demo(progress).id, setting, progress)
        progress("done", 1.0)
    print(
        f"a simulated month of {args.days} days, seed {args.seed}: {args.orders} orders a day,"
        f" {args.couriers} couriers, jams, rain, a breakdown every other day, a phone going dark most days"
    )
    print_kept(arms)
    return 0
