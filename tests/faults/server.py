"""The real server in a process of its own, as anybody starts it; killed as a power cut would."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.house import SECRET

_START_S = 120.0


class ServerProcess:
    """`huaxin serve` on one database and one port, over and over."""

    def __init__(self, data: Path, database: str, port: int, log: Path) -> None:
        self._data, self._database, self._port, self._log = data, database, port, log
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> float:
        """Returns when it answers; the seconds that took. Raises RuntimeError when it ends by itself."""
        words = [
            "serve", "--host", "127.0.0.1", "--port", str(self._port), "--data", str(self._data),
            "--database", self._database, "--turn", "off",
        ]  # fmt: skip
        command = [sys.executable, "-c", "from huaxin.cli import main; raise SystemExit(main())", *words]
        began = time.monotonic()
        with self._log.open("ab") as log:
            env = os.environ | {"HUAXIN_SECRET": SECRET}
            # With its bytecode kept: started again, it should not compile the whole program anew.
            env.pop("PYTHONDONTWRITEBYTECODE", None)
            # Started as fast as can be; nothing else on this loop is worth a thread for it.
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env=env)  # noqa: ASYNC220
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self._port}", timeout=2) as client:
            while time.monotonic() < began + _START_S:
                if self._process.poll() is not None:
                    raise RuntimeError(f"the server ended by itself:\n{self._tail()}")
                try:
                    await client.get("/api/info")
                    return time.monotonic() - began
                except httpx.HTTPError:
                    await asyncio.sleep(0.05)
        raise RuntimeError(f"the server does not answer:\n{self._tail()}")

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """SIGKILL: no goodbye, no flush."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _tail(self) -> str:
        return self._log.read_text(errors="replace")[-2_000:]
