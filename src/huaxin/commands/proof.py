"""`huaxin story`, `huaxin morning` and `huaxin bench`: the project's promises, shown."""

import argparse

from huaxin.commands.common import Commands, add_command, finish, read_config
from huaxin.config import add_flags


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "story",
        run_story,
        "Replay stories word for word in three real browser pages",
        "在三个真实浏览器页面中逐字重演故事",
        "huaxin story 1",
        "huaxin story 1 2 3 4 7",
    )
    parser.add_argument("numbers", type=int, nargs="+", metavar="N", help="the stories' numbers")
    add_flags(parser, "data", "database", "city")
    parser = add_command(
        commands,
        "morning",
        run_morning,
        "A morning from an empty shop: 200 orders made, photographed, ridden, proved and counted",
        "从一家空店开始的一个早晨：200 单从导入、制作、拍照到送达、对账",
        "huaxin morning",
        "huaxin morning --seed 7",
        "huaxin morning --small --no-screens",
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which morning (1)")
    parser.add_argument("--small", action="store_true", help="12 orders and 3 couriers instead")
    parser.add_argument(
        "--no-screens", action="store_true", help="without a browser: the table is imported over HTTP"
    )
    add_flags(parser, "data", "city")
    parser = add_command(
        commands,
        "bench",
        run_bench,
        "Measure deliveries, latency and memory beside bare relays",
        "性能测量：与裸转发对比吞吐、延迟、内存",
        "huaxin bench",
        "huaxin bench --quick",
        "huaxin bench talk riding",
    )
    parser.add_argument(
        "--quick", action="store_true", help="a short run: the order of magnitude in a minute"
    )
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help="messages: deliveries, acks, memory, resuming · talk: texts, pictures, voice messages until the "
        "other side has them, a history of 1,000 opened and scrolled · "
        "riding: 500 couriers a position a second · eta: a thousand arrival times · "
        "runs: 15 stops planned again, 100 in five seconds · "
        "stock: a substitute proposed on 2,000 orders · "
        "intake: a table of 5,000 orders, the slots of 60 days (default: all of them)",
    )


def run_story(args: argparse.Namespace) -> int:
    config = read_config(args, database_name="story.db")
    from huaxin.simulation import story

    return finish(story.run(config, args))


def run_morning(args: argparse.Namespace) -> int:
    config = read_config(args, database_name="morning.db")
    from huaxin.simulation import morning

    return finish(morning.run(config, args))


def run_bench(args: argparse.Namespace) -> int:
    from huaxin import bench

    return finish(bench.run(args))
