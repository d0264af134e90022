"""The command line `huaxin`.

Errors are one line on standard error and an exit code: 1 refused or failed, 2 wrong words or settings, 70 a
fault of the program itself, 130 interrupted. `--debug` shows the trace.
"""

import argparse
import atexit
import errno
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from huaxin import __version__
from huaxin.commands import city, eta, people, proof, routes, search, serve, server, watch
from huaxin.commands.common import Commands, Parser, add_command, finish
from huaxin.config import ConfigError

REFUSED, WRONG_USE, FAULT, INTERRUPTED = 1, 2, 70, 130

DESCRIPTION = """\
花信 Huaxin: every flower order is a live conversation.
每一份订单，都是一场实时的对话。
"""
EPILOG = """\
first steps:
  huaxin serve                          one port for buyer, courier and shop; prints what to open
  huaxin demo --speed 10                a shop's day, ten times faster than life
  huaxin city import shanghai.osm.pbf   real streets
  huaxin COMMAND --help                 everything about a command, with examples

Settings come from flags, HUAXIN_* variables and huaxin.toml in the data folder: `huaxin config` shows them.
"""


def build_parser(command: str = "") -> argparse.ArgumentParser:
    """The whole tree. `command` is the one about to run: the gateway's own flags are loaded only for it."""
    parser = Parser(
        prog="huaxin",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"huaxin {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for part in (serve, city, eta, people, proof):
        part.add(commands)
    _add_gateway(commands, load=command == "gateway")
    routes.add(commands)
    search.add(commands)
    server.add(commands)
    watch.add(commands)
    return parser


def _add_gateway(commands: Commands, *, load: bool) -> None:
    parser = add_command(
        commands,
        "gateway",
        _run_gateway,
        "The live gateway alone, with open channels, for any Centrifuge client",
        "单独运行实时网关（开放频道），可接任何 Centrifuge 客户端",
        "huaxin gateway --open --port 8000",
    )
    if load:
        from huaxin.gateway.cli import add_arguments

        add_arguments(parser)


def _run_gateway(args: argparse.Namespace) -> int:
    from huaxin.gateway.cli import run

    return finish(run(args))


def main(argv: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    parser = build_parser(next((word for word in words if not word.startswith("-")), ""))
    if not words:
        parser.print_help()
        return WRONG_USE
    args = parser.parse_args(words)
    try:
        return int(args.run(args))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (`huaxin city list | head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if args.debug:
            raise
        return report_error(error)


def report_error(error: Exception) -> int:
    """One line a problem: `error: code: sentence (value)`; the exit code."""
    code, sentence = getattr(error, "code", None), getattr(error, "sentence", None)
    if isinstance(error, ConfigError):
        for problem in error.problems:
            _complain("config", str(problem))
        return WRONG_USE
    if isinstance(code, str) and isinstance(sentence, str):
        value = getattr(error, "value", None)
        _complain(code, sentence + (f" ({value})" if value not in (None, "") else ""))
        return REFUSED
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        _complain("port.taken", "Another program listens on this port; choose one with --port.")
        return REFUSED
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        _complain("system", f"{error.strerror or error}{where}")
        return REFUSED
    _complain("internal", f"{type(error).__name__}: {error}; the same command with --debug shows the trace")
    return FAULT


def _complain(code: str, sentence: str) -> None:
    print(f"error: {code}: {' '.join(sentence.split())}", file=sys.stderr)


def launch() -> NoReturn:
    """`main` for a process of its own. Ends it without taking the interpreter apart: everything was stopped
    and closed before, and the bindings of the map engine would list what they leak, line after line."""
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    atexit._run_exitfuncs()
    os._exit(code)


if __name__ == "__main__":
    launch()
