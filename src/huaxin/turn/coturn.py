"""coturn beside the server: a config file of its own, started, watched, started again, ended with the server.

The secret stands in the file alone, which this user alone can read: it is on no command line and in no log.
"""

import asyncio
import logging
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

log = logging.getLogger(__name__)
COMMAND = "turnserver"
PACKAGE = "coturn"
READY_S = 60.0  # on the slowest machine
AGAIN_S = (0.2, 0.5, 1.0, 2.0, 5.0)
SETTLED_S = 60.0  # what ran so long may begin again at once
STOP_S = 5.0
# Nobody is to reach through the relay what only this machine's own network can.
_CLOSED = ("0.0.0.0-0.255.255.255", "169.254.0.0-169.254.255.255", "224.0.0.0-255.255.255.255")
_PRIVATE = ("10.0.0.0-10.255.255.255", "172.16.0.0-172.31.255.255", "192.168.0.0-192.168.255.255",
            "100.64.0.0-100.127.255.255")  # fmt: skip


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is to run. `listen`: addresses of this machine, none: all. `external`: the address it is reached
    by from outside, where that is another. `port` 0: a free one. `loopback`: may relay to this machine."""

    folder: Path
    secret: str
    listen: Sequence[str] = ()
    external: str = ""
    port: int = 0
    ports: tuple[int, int] = (49_152, 65_535)
    public: bool = False  # reached from outside: private networks are closed to it
    loopback: bool = False
    bits_per_second: int = 0  # of one allocation, 0: not limited


class Coturn:
    """One process. `changed` is told when it is ready (port) and when it is not (0)."""

    def __init__(self, plan: Plan, changed: Callable[[int], None] = lambda port: None) -> None:
        self._plan, self._changed = plan, changed
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self.port = plan.port
        self.starts = 0

    @staticmethod
    def command() -> str:
        """The program, "": not installed."""
        return shutil.which(COMMAND) or ""

    @property
    def pid(self) -> int:
        return self._process.pid if self._process is not None else 0

    async def start(self) -> bool:
        """False when it is not installed or does not come up; the log says why."""
        if not self.command():
            return False
        self._end_left_over()
        self.port = self._plan.port or free_port(self._plan.listen[0] if self._plan.listen else "0.0.0.0")
        self._write()
        if not await self._run():
            await self._end_process()
            return False
        self._changed(self.port)
        self._task = asyncio.create_task(self._watch())
        return True

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._changed(0)
        await self._end_process()

    async def _run(self) -> bool:
        """Starts it and waits until it takes connections."""
        self._process = await asyncio.create_subprocess_exec(
            self.command(), "-c", str(self._file),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            cwd=self._plan.folder,
            start_new_session=True,  # a Ctrl-C is for the server, which ends it
        )  # fmt: skip
        self.starts += 1
        try:
            async with asyncio.timeout(READY_S):
                while self._process.returncode is None:
                    with suppress(OSError):
                        _, writer = await asyncio.open_connection(self._here, self.port)
                        writer.close()
                        return self._process.returncode is None
                    await asyncio.sleep(0.05)
        except TimeoutError:
            log.warning("coturn does not answer on port %d", self.port)
            return False
        log.warning("coturn ended as it started (%s): %s", self._process.returncode, self._last_words())
        return False

    async def _watch(self) -> None:
        """Starts it again whenever it ends: on the same port, so that devices find it where it was."""
        tries, clock = 0, asyncio.get_running_loop().time
        began = clock()
        while self._process is not None:
            await self._process.wait()
            self._changed(0)
            tries = 0 if clock() - began > SETTLED_S else tries
            log.warning("coturn ended with code %s; it is started again", self._process.returncode)
            await asyncio.sleep(AGAIN_S[min(tries, len(AGAIN_S) - 1)])
            tries, began = tries + 1, clock()
            if await self._run():
                self._changed(self.port)
            else:
                await self._end_process()

    async def _end_process(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(STOP_S):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    @property
    def _here(self) -> str:
        return self._plan.listen[0] if self._plan.listen else "127.0.0.1"

    # its files

    @property
    def _file(self) -> Path:
        return self._plan.folder / "turnserver.conf"

    @property
    def _log(self) -> Path:
        return self._plan.folder / "turnserver.log"

    @property
    def _pid_file(self) -> Path:
        return self._plan.folder / "turnserver.pid"

    def _write(self) -> None:
        self._plan.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._log.unlink(missing_ok=True)
        self._file.unlink(missing_ok=True)
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(self.lines()) + "\n")

    def lines(self) -> list[str]:
        plan = self._plan
        closed = [*_CLOSED, *(_PRIVATE if plan.public else ())]
        return [
            *(f"listening-ip={ip}" for ip in plan.listen),
            *(f"relay-ip={ip}" for ip in plan.listen),
            *([f"external-ip={plan.external}"] if plan.external else []),
            f"listening-port={self.port}",
            f"min-port={plan.ports[0]}",
            f"max-port={plan.ports[1]}",
            "use-auth-secret",
            f"static-auth-secret={plan.secret}",
            "realm=huaxin",
            "fingerprint",
            "no-tls",
            "no-dtls",
            "no-cli",
            "no-multicast-peers",
            "user-quota=24",
            "total-quota=600",
            "stale-nonce=600",
            f"userdb={plan.folder / 'turndb'}",
            f"pidfile={self._pid_file}",
            f"log-file={self._log}",
            "simple-log",
            *(["allow-loopback-peers"] if plan.loopback else []),
            *([f"max-bps={plan.bits_per_second // 8}"] if plan.bits_per_second else []),
            *([] if plan.loopback else [f"denied-peer-ip={one}" for one in closed]),
            # Two devices behind this relay meet at its own addresses.
            *(f"allowed-peer-ip={ip}" for ip in (*plan.listen, plan.external) if plan.public and ip),
        ]

    def _last_words(self) -> str:
        with suppress(OSError):
            lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
            wrong = [line for line in lines if "ERROR" in line or "Cannot" in line] or lines[-1:]
            return wrong[-1].replace(self._plan.secret, "***") if wrong else ""
        return ""

    def _end_left_over(self) -> None:
        """One of a server that was killed: known by our own file on its command line."""
        with suppress(OSError, ValueError):
            pid = int(self._pid_file.read_text())
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if str(self._file).encode() in words:
                os.kill(pid, signal.SIGTERM)
                log.info("ended the coturn (%d) that an earlier server left", pid)


def free_port(host: str) -> int:
    """One that is free for both TCP and UDP."""
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        with socket.socket(kind, socket.SOCK_STREAM) as tcp, socket.socket(kind, socket.SOCK_DGRAM) as udp:
            tcp.bind((host, 0))
            port = int(tcp.getsockname()[1])
            with suppress(OSError):
                udp.bind((host, port))
                return port
