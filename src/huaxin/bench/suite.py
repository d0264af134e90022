"""One run of everything, in order, within its time."""

import asyncio
import os
import platform
import secrets
import shutil
import sys
import sysconfig
import tempfile
import time
from collections.abc import Coroutine
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huaxin.bench.clients import Fault, leave_for_good
from huaxin.bench.measure import (
    ROOM,
    Lag,
    measure_idle,
    measure_lag,
    measure_rate,
    measure_relay,
    measure_resume,
    no_cpu,
    speak_once_each,
)
from huaxin.bench.postgres import Postgres, Unavailable, running_postgres
from huaxin.bench.process import DurableAt, HouseAt, What, allow_sockets, running
from huaxin.bench.relays import RELAYS
from huaxin.bench.report import FLOOR, Report
from huaxin.gateway.cli import get_loop_factory
from huaxin.maps.library import CityLibrary

_SPARE_FILES = 200


@dataclass(frozen=True)
class Plan:
    """How much of everything."""

    rooms: int = 100
    window: int = 4  # messages each member keeps on the way
    rate_s: float = 8.0
    lag_s: float = 8.0
    offers: tuple[int, ...] = (1_000, 10_000)
    sessions: int = 10_000
    idle_orders: int = 1_000


QUICK = Plan(rooms=60, rate_s=2.0, lag_s=2.0, sessions=1_500, idle_orders=150)


def run_suite(*, quick: bool = False) -> int:
    plan, report, began = QUICK if quick else Plan(), Report(), time.monotonic()
    cores = sorted(os.sched_getaffinity(0))
    server_core = cores[0] if len(cores) > 1 else None
    if len(cores) > 1:
        os.sched_setaffinity(0, set(cores[1:]))
    print(f"server on one core, load on {max(1, len(cores) - 1)}; {_load()}; {_python()}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="huaxin-bench"))
    _keep_bytecode(folder)
    try:
        CityLibrary(folder / "cities").ensure_demo()
        _Run(plan, report, folder, server_core, cores[-1] if len(cores) > 1 else None).all()
    except Fault as fault:
        print(f"WRONG: {fault}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.sched_setaffinity(0, cores)
    report.show_end()
    print(f"{time.monotonic() - began:.0f} s; {_load()}")
    return 0


def _keep_bytecode(folder: Path) -> None:
    """For the servers to come: a restart must not compile everything anew; an installed one does not."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")


def _python() -> str:
    """Two thirds of the server's time are the interpreter's, so it matters how that was built."""
    optimised = "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "")
    version = platform.python_version()
    return f"Python {version} built with{'' if optimised else 'out'} profile-guided optimisation"


def _load() -> str:
    return f"load of the machine {os.getloadavg()[0]:.1f}"


class _Run:
    def __init__(
        self, plan: Plan, report: Report, folder: Path, server_core: int | None, other_core: int | None
    ) -> None:
        self.plan, self.report, self.folder = plan, report, folder
        self.server_core, self.other_core = server_core, other_core
        self.secret = secrets.token_hex(32)

    def all(self) -> None:
        report = self.report
        report.show_rates_head()
        for name in RELAYS:
            self._relay(name, name)
        with ExitStack() as stack:
            databases: dict[str, str] = {"SQLite": f"sqlite:///{self.folder / 'bench.db'}"}
            postgres: Postgres | None = None
            try:
                postgres = stack.enter_context(running_postgres(self.other_core))
                databases["PostgreSQL"] = postgres.make_database()
            except Unavailable as why:
                print(f"PostgreSQL        not measured: {why}")
            floors = {"SQLite": f"sqlite:///{self.folder / 'floor.db'}"}
            if postgres is not None:
                floors["PostgreSQL"] = postgres.make_database()
            for store, at in floors.items():
                self._relay(f"{FLOOR}{store}", DurableAt(at))
            lags = {store: self._store(store, at, postgres) for store, at in databases.items()}
        report.show_rate_targets()
        self._show_lags(lags)
        self._sessions()

    def _at(self, database: str, port: int = 0) -> HouseAt:
        return HouseAt(self.folder, database, self.secret, port)

    def _relay(self, name: str, what: What) -> None:
        plan = self.plan
        try:
            with running(what, self.server_core) as server:
                self.report.show_rate(
                    name, _async(measure_relay(server, plan.rooms, plan.window, plan.rate_s / 2))
                )
        except RuntimeError as why:
            print(f"{name:24}not measured: {why}")

    def _store(self, store: str, database: str, postgres: Postgres | None) -> list[Lag]:
        """Throughput and lags of one store, in one house."""
        plan = self.plan
        cpu = postgres.cpu_s if postgres and store == "PostgreSQL" else no_cpu
        with running(self._at(database), self.server_core) as server:
            seats = server.prepare(plan.rooms, plan.rooms * ROOM)
            self.report.show_rate(store, _async(measure_rate(server, seats, plan.window, plan.rate_s, cpu)))
            return [_async(measure_lag(server, seats, offered, plan.lag_s)) for offered in plan.offers]

    def _show_lags(self, lags: dict[str, list[Lag]]) -> None:
        self.report.show_lags_head()
        for store, measured in lags.items():
            for lag in measured:
                self.report.show_lag(store, lag)
        for store, measured in lags.items():
            hardest = max(measured, key=lambda lag: lag.offered)
            words = f"{store}, ack p99 in ms at {hardest.offered:,}/s"
            self.report.show_target(words, hardest.p99, 5.0, most=True)

    def _sessions(self) -> None:
        """Memory of idle sessions, and how long all take to come back after the server was restarted."""
        sessions = min(self.plan.sessions, allow_sockets() - _SPARE_FILES)
        database = f"sqlite:///{self.folder / 'idle.db'}"
        with asyncio.Runner(loop_factory=get_loop_factory()) as runner:
            with running(self._at(database), self.server_core) as server:
                port = server.port
                seats = server.prepare(self.plan.idle_orders, sessions)
                idle, members = runner.run(measure_idle(server, seats))
                self.report.show_idle(idle)
                self.report.show_target("kB of an idle session", idle.kb, 20.0, most=True)
                runner.run(speak_once_each(members))
                runner.run(leave_for_good(members))
            began = time.perf_counter()
            with running(self._at(database, port), self.server_core) as server:
                start_s = time.perf_counter() - began
                resumed = measure_resume(server, members, start_s)
                self.report.show_resumed(resumed)
                self.report.show_target(
                    "seconds until all sessions have resumed", resumed.resume_s, 5.0, most=True
                )


def _async[T](work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=get_loop_factory()) as runner:
        return runner.run(work)
