"""A PostgreSQL of the measurement's own: a fresh cluster in a temporary folder, reached by a socket in it.

Its durability is as it comes (fsync and synchronous_commit on). PostgreSQL refuses to run as root, so it is
started as an unprivileged user when the measurement is root.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

_USERS = ("postgres", "nobody")
_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "40",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "log_min_messages": "fatal",
}
_READY_S = 30
_TICKS = os.sysconf("SC_CLK_TCK")


class Unavailable(Exception):
    """There is no PostgreSQL server here, in plain words."""


class Postgres:
    """A running server; made by `running_postgres`."""

    def __init__(self, folder: Path, programs: Path, user: pwd.struct_passwd | None) -> None:
        self.folder, self._programs, self._user = folder, programs, user
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0

    def start(self, core: int | None) -> None:
        """Makes the cluster and starts it, on one core when given. Raises Unavailable."""
        if self._user is not None:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-U", "huaxin", "-A", "trust", "-E", "UTF8", "--locale=C")
        options = [f"-c{name}={value}" for name, value in _OPTIONS.items()]
        command = [str(self._programs / "postgres"), "-D", data, "-k", str(self.folder), *options]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(self._as_user(command), stdout=log, stderr=log, cwd=self.folder)
        if core is not None:
            os.sched_setaffinity(self._process.pid, {core})
        self._run("pg_isready", "-h", str(self.folder), "-t", str(_READY_S), tries=100)

    def make_database(self) -> str:
        """The address of a fresh, empty database."""
        self._made += 1
        name = f"bench{self._made}"
        self._run("createdb", "-h", str(self.folder), "-U", "huaxin", name)
        return f"postgresql://huaxin@/{name}?host={quote(str(self.folder), safe='')}"

    def cpu_s(self) -> float:
        """CPU seconds of the server and its processes that live now."""
        return sum(_cpu_s(pid) for pid in self._pids())

    def stop(self) -> None:
        if self._process is not None:
            with contextlib.suppress(RuntimeError):
                self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
            self._process.kill()
            self._process.wait()

    def _pids(self) -> list[int]:
        main = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        return [main, *map(int, children)]

    def _as_user(self, command: list[str]) -> list[str]:
        if self._user is None:
            return command
        who = [f"--reuid={self._user.pw_uid}", f"--regid={self._user.pw_gid}", "--clear-groups"]
        return ["setpriv", *who, "--", *command]

    def _run(self, program: str, *args: str, tries: int = 1) -> None:
        command = self._as_user([str(self._programs / program), *args])
        words = ""
        for _ in range(tries):
            done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, check=False)
            if done.returncode == 0:
                return
            words = done.stderr or done.stdout
        raise RuntimeError(f"{program} failed: {words}")


@contextlib.contextmanager
def running_postgres(core: int | None = None) -> Iterator[Postgres]:
    """A server of its own, removed at the end. Raises Unavailable when none is installed."""
    programs, user = _find_programs(), _find_user()
    folder = Path(tempfile.mkdtemp(prefix="huaxin-pg"))
    server = Postgres(folder, programs, user)
    try:
        server.start(core)
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _find_programs() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = installed[-1] if installed else shutil.which("initdb")
    if not found:
        raise Unavailable("PostgreSQL is not installed here: apt-get install postgresql")
    return Path(found).parent


def _find_user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in _USERS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Unavailable("PostgreSQL refuses to run as root, and there is no unprivileged user here.")


def _cpu_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS
