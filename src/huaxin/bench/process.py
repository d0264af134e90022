"""A server in a process of its own, on a core of its own, that tells what it has used."""

import asyncio
import contextlib
import multiprocessing
import os
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from huaxin.bench.durable import start_durable
from huaxin.bench.house import Preparation, Rider, Seat, open_house
from huaxin.bench.relays import RELAYS
from huaxin.gateway.cli import get_loop_factory, tune_gc

_STOP_S = 10.0


@dataclass(frozen=True)
class HouseAt:
    """Where a house is opened: its folder (with the city), database, secret and port."""

    data: Path
    database: str
    secret: str
    port: int = 0


@dataclass(frozen=True)
class DurableAt:
    """A durable relay on a database of its own."""

    database: str


type What = str | HouseAt | DurableAt


@dataclass(frozen=True)
class Usage:
    cpu_s: float  # of all threads since the start
    rss: int  # bytes


class ServerProcess:
    """The parent's side. Made by `running`."""

    def __init__(self, pipe: Connection, port: int, pid: int) -> None:
        self._pipe, self.port, self.pid = pipe, port, pid

    def usage(self) -> Usage:
        return self._ask(("usage",))  # type: ignore[no-any-return]  # a pipe carries anything

    def prepare(self, orders: int, sessions: int) -> list[Seat]:
        """Of a house only: places the orders and opens the sessions."""
        return self._ask(("prepare", orders, sessions))  # type: ignore[no-any-return]  # a pipe carries anything

    def riders(self, couriers: int, orders_each: int) -> list[Rider]:
        """Of a house only: couriers on the road, with orders on board."""
        return self._ask(("riders", couriers, orders_each))  # type: ignore[no-any-return]  # as above

    def _ask(self, question: tuple[Any, ...]) -> Any:
        self._pipe.send(question)
        answer = self._pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer


@contextlib.contextmanager
def running(what: What, core: int | None) -> Iterator[ServerProcess]:
    """A relay by its name, a durable one, or a house. Killed at the end. Raises what kept it away."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(what, theirs, core), daemon=True)
    process.start()
    theirs.close()
    try:
        port = ours.recv()
        if isinstance(port, Exception):
            raise port
        yield ServerProcess(ours, port, process.pid or 0)
    finally:
        process.kill()
        process.join(_STOP_S)
        ours.close()


def allow_sockets() -> int:
    """Raises the limit of open files to what the system allows; returns it."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    return limit


def _serve(what: What, pipe: Connection, core: int | None) -> None:
    if core is not None:
        os.sched_setaffinity(0, {core})
    allow_sockets()
    with asyncio.Runner(loop_factory=get_loop_factory()) as runner:
        runner.run(_answer(what, pipe))
    os._exit(0)


async def _answer(what: What, pipe: Connection) -> None:
    loop = asyncio.get_running_loop()
    try:
        house = None
        if isinstance(what, HouseAt):
            house = await open_house(what.data, what.database, what.secret, what.port)
            port = house.server.port
        elif isinstance(what, DurableAt):
            port = await start_durable(what.database)
        else:
            port = await RELAYS[what]()
    except Exception as error:
        pipe.send(RuntimeError(f"{type(error).__name__}: {error}"))
        return
    if house is None:
        tune_gc()  # as for the house
    pipe.send(port)
    while True:
        try:
            question = await loop.run_in_executor(None, pipe.recv)
        except EOFError:
            return
        if question[0] == "usage":
            pipe.send(Usage(time.process_time(), _rss()))
        elif house is not None:
            try:
                preparation = Preparation(house)
                make = preparation.riders if question[0] == "riders" else preparation.seats
                pipe.send(await make(*question[1:]))
            except Exception as error:
                pipe.send(RuntimeError(f"{type(error).__name__}: {error}"))


def _rss() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()
