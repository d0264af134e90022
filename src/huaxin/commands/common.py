"""What the commands share: parsers that teach, settings, the event loop, a store that is closed again."""

import argparse
import asyncio
import inspect
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from huaxin.config import Config, load_config, prepare_data

if TYPE_CHECKING:
    from huaxin.storage.port import Store

type Commands = argparse._SubParsersAction[Parser]
type Run = Callable[[argparse.Namespace], int]


class Parser(argparse.ArgumentParser):
    """Says what is wrong with the words in one line, and where to learn them."""

    def error(self, message: str) -> NoReturn:
        print(f"error: usage: {message}; `{self.prog} --help` teaches", file=sys.stderr)
        sys.exit(2)


def add_command(
    commands: Commands, name: str, run: Run | None, help_en: str, help_zh: str, *examples: str
) -> Parser:
    """A parser with a one-line help in both languages and examples to copy."""
    epilog = "examples:\n" + "\n".join(f"  {line}" for line in examples) if examples else None
    parser = commands.add_parser(
        name,
        help=f"{help_en}  {help_zh}",
        description=f"{help_en}.\n{help_zh}。",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--debug", action="store_true", help="show the whole trace when something fails")
    if run is None:
        # A group without a subcommand: its help is the answer.
        parser.set_defaults(run=lambda _: print_help(parser))
    else:
        parser.set_defaults(run=run)
    return parser


def print_help(parser: argparse.ArgumentParser) -> int:
    parser.print_help()
    return 2


def add_group(commands: Commands, name: str, help_en: str, help_zh: str, *examples: str) -> Commands:
    """A command that has commands of its own."""
    parser = add_command(commands, name, None, help_en, help_zh, *examples)
    return parser.add_subparsers(title="commands", metavar="COMMAND")


def read_config(args: argparse.Namespace, *, database_name: str = "huaxin.db") -> Config:
    """The settings in force with the data folder made and the secret in place. Raises ConfigError."""
    return prepare_data(load_config(args, database_name=database_name).config)


def finish(result: Any) -> int:
    """Runs what a command's implementation gave back, if it is a coroutine; its exit code (None is 0)."""
    if inspect.isawaitable(result):
        result = run_async(_wait(result))
    return int(result or 0)


async def _wait(result: Any) -> Any:
    return await result


def run_async[T](work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine on uvloop where there is one."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return asyncio.run(work)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(work)


@asynccontextmanager
async def opened_store(config: Config) -> "AsyncIterator[Store]":
    """The configured store, migrated; closed at the end."""
    from huaxin.storage.open import open_store

    store = await open_store(config.database)
    try:
        yield store
    finally:
        await store.close()


def print_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Columns under their names; Chinese characters count as two cells, as terminals draw them."""
    from unicodedata import east_asian_width

    def width(text: str) -> int:
        return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)

    table = [head, *rows]
    widths = [max(width(row[column]) for row in table) for column in range(len(head))]
    for row in table:
        cells = (text + " " * (size - width(text)) for text, size in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


class Progress:
    """One line per stage on standard error: rewritten in place on a terminal, else said once."""

    def __init__(self) -> None:
        self.stage = ""
        self.live = sys.stderr.isatty()

    def __call__(self, stage: str, fraction: float) -> None:
        if stage != self.stage and stage != "done":
            end = "" if self.live else "\n"
            print(f"{self._close()}  {stage} …", end=end, file=sys.stderr, flush=True)
            self.stage = stage
        if self.live and self.stage:
            percent = 1.0 if stage == "done" else fraction
            print(f"\r  {self.stage} … {percent:4.0%}", end="", file=sys.stderr, flush=True)
        if stage == "done":
            print(self._close(), end="", file=sys.stderr, flush=True)

    def _close(self) -> str:
        """Ends the line of the last stage."""
        open_line, self.stage = self.live and bool(self.stage), ""
        return "\n" if open_line else ""
