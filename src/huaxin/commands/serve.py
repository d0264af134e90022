"""`huaxin serve` and `huaxin demo`: the server, and a simulated day on it."""

import argparse

from huaxin.commands.common import Commands, add_command, finish, read_config
from huaxin.config import add_flags

SPEED_LIMITS = (1.0, 60.0)


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "serve",
        run_serve,
        "Serve buyers, couriers and the shop on one port",
        "启动服务：订花人、配送员、花店三端同一端口",
        "huaxin serve",
        "huaxin serve --port 9000 --data /srv/huaxin",
        "huaxin serve --database postgresql://huaxin@localhost/huaxin",
    )
    add_flags(parser)
    parser = add_command(
        commands,
        "demo",
        run_demo,
        "A simulated day in a flower shop, live: watch it, or take over any role",
        "模拟花店的一天：可旁观，也可随时接手任一角色",
        "huaxin demo",
        "huaxin demo --speed 10 --seed 7",
        "huaxin demo --city shanghai_center --speed 60",
    )
    parser.add_argument(
        "--speed",
        type=_read_speed,
        default=1.0,
        metavar="N",
        help="how many times faster than life, 1 to 60 (1)",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=1,
        metavar="N",
        help="which day: the same number is the same day again (1)",
    )
    parser.add_argument(
        "--keep", action="store_true", help="go on with the last demo's orders instead of a fresh day"
    )
    parser.add_argument("--quiet", action="store_true", help="do not tell the day in the terminal")
    add_flags(parser)


def _read_speed(text: str) -> float:
    low, high = SPEED_LIMITS
    try:
        speed = float(text.rstrip("x×"))
    except ValueError:
        speed = 0.0
    if not low <= speed <= high:
        raise argparse.ArgumentTypeError(f"{text!r}: give a number from {low:.0f} to {high:.0f}")
    return speed


def run_serve(args: argparse.Namespace) -> int:
    config = read_config(args)
    from huaxin import compose

    return finish(compose.serve(config))


def run_demo(args: argparse.Namespace) -> int:
    # A database of its own: invented orders never mix with a shop's real ones.
    config = read_config(args, database_name="demo.db")
    from huaxin.simulation import cli

    return finish(cli.run(config, args))
