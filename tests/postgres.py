"""A real PostgreSQL for tests: a cluster of its own in a fresh folder, reached by a socket in it.

    with cluster() as server:
        url = server.make_database()

The server refuses to run as root, so it is started as an unprivileged user when the tests are root.
Syncing stays on: durability is what is tested.
"""

import contextlib
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import pytest

_USERS = ("postgres", "nobody")
_MEMORY_NEEDED = 3 << 30  # bytes
_OPTIONS = {
    "listen_addresses": "''",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "log_min_messages": "fatal",
}


class Unavailable(Exception):
    """No PostgreSQL server is installed here, in plain words."""


def find_binaries() -> Path:
    """The newest installed server's folder of programs. Raises Unavailable."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise Unavailable("PostgreSQL is not installed: apt-get install postgresql")
    return (found[-1] if found else Path(str(on_path))).parent


class Cluster:
    """A running server. Stopped and removed by `close`."""

    def __init__(self, folder: Path, options: dict[str, str] | None = None) -> None:
        self.folder, self.data = folder, folder / "data"
        self._bin = find_binaries()
        self._user = _unprivileged()
        self._numbers = itertools.count(1)
        self._options = _OPTIONS | (options or {})
        self._server: subprocess.Popen[bytes] | None = None

    def create(self) -> None:
        self._give(self.folder)
        self._run("initdb", "-D", str(self.data), "-U", "huaxin", "-A", "trust", "-E", "UTF8", "--locale=C")

    def start(self) -> None:
        options = [f"-c{k}={v.strip(chr(39))}" for k, v in self._options.items()]
        command = [str(self._bin / "postgres"), "-D", str(self.data), "-k", str(self.folder), *options]
        log = (self.folder / "log").open("ab")
        self._server = subprocess.Popen(self._as_user(command), stdout=log, stderr=log, cwd=self.folder)
        log.close()
        self._run(
            "pg_isready", "-h", str(self.folder), "-t", "20", tries=1200
        )  # recovery after a kill takes its time

    def kill(self) -> None:
        """Ends the server as a power cut would: no checkpoint, no goodbye."""
        assert self._server is not None
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in [pid, *map(int, children)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, 9)
        self._server.wait()
        self._server = None

    def stop(self) -> None:
        if self._server is not None:
            self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")
            self._server.wait()
            self._server = None

    def url(self, database: str) -> str:
        return f"postgresql://huaxin@/{database}?host={quote(str(self.folder), safe='')}"

    def make_database(self, extra: str = "") -> str:
        """The address of a fresh, empty database."""
        name = f"d{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name} {extra}")
        return self.url(name)

    def sql(self, *statements: str, database: str = "postgres") -> str:
        """Runs statements one by one; returns what psql prints."""
        commands = [part for s in statements for part in ("-c", s)]
        return self._run(
            "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-U", "huaxin",
            "-d", database, *commands,
        )  # fmt: skip

    def make_folder(self, name: str) -> Path:
        """A folder that belongs to the server's user."""
        path = self.folder / name
        path.mkdir()
        self._give(path)
        return path

    def give(self, path: Path) -> None:
        self._give(path)

    def _give(self, path: Path) -> None:
        if self._user is not None:
            os.chown(path, self._user.pw_uid, self._user.pw_gid)
            path.chmod(0o700)

    def _as_user(self, command: Sequence[str]) -> list[str]:
        if self._user is None:
            return list(command)
        user = self._user
        return [
            "setpriv",
            f"--reuid={user.pw_uid}",
            f"--regid={user.pw_gid}",
            "--clear-groups",
            "--",
            *command,
        ]

    def _run(self, program: str, *args: str, tries: int = 1) -> str:
        command = self._as_user([str(self._bin / program), *args])
        for _ in range(tries):
            done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, check=False)
            if done.returncode == 0:
                return done.stdout
            if tries > 1:
                time.sleep(0.05)
        raise RuntimeError(f"{program} failed: {done.stderr or done.stdout}")


@contextlib.contextmanager
def cluster(options: dict[str, str] | None = None, *, in_memory: bool = False) -> Iterator[Cluster]:
    """A running server of its own. Raises Unavailable when none is installed.

    `in_memory`: its files lie on a memory disk where there is one. A killed server finds them again all
    the same, and the hundreds of files of each fresh database come and go ten times as fast.
    """
    memory = Path("/dev/shm")
    fits = in_memory and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _MEMORY_NEEDED
    folder = Path(tempfile.mkdtemp(prefix="pg", dir=memory if fits else tempfile.gettempdir()))
    server = Cluster(folder, options)
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom to start the server as: nobody else when the tests are not root."""
    if os.geteuid() != 0:
        return None
    for name in _USERS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Unavailable("PostgreSQL refuses to run as root, and there is no unprivileged user to start it as.")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Cluster]:
    """One server for the whole test run; take a fresh database from it with `make_database`.

    It belongs to tests/conftest.py alone: every conftest that imports it would start a server of its own.
    """
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(cluster(in_memory=True))
        except Unavailable as why:
            pytest.skip(str(why))
        yield server
