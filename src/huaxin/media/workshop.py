"""The parent of the worker process: one job at a time, a limit of time, another worker after a crash."""

import asyncio
import contextlib
import logging
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from pathlib import Path

import msgspec

from huaxin.media.worker import Job, Result

log = logging.getLogger(__name__)

IDLE_S = 3_600.0  # then the worker goes, and its memory with it
MOST_JOBS = 200  # then a fresh worker, whatever the libraries leaked
_WORKER = (sys.executable, "-m", "huaxin.media.worker")
_SOURCES = str(Path(__file__).resolve().parents[2])
# Nothing of the server's own environment: no secret, no database.
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "PYTHONPYCACHEPREFIX")
_encode, _decode = msgspec.json.Encoder().encode, msgspec.json.Decoder(Result).decode


class Workshop:
    """Call from one event loop."""

    def __init__(self, limit_s: float, command: Sequence[str] = _WORKER) -> None:
        self._limit_s, self._command = limit_s, command
        self._process: Process | None = None
        self._done = 0
        self._turn = asyncio.Lock()
        self._idle: asyncio.TimerHandle | None = None
        self._closed = False

    async def warm(self) -> None:
        """Starts the worker ahead of its first job, or keeps the one there is from going."""
        if not self._turn.locked() and not self._closed:
            async with self._turn:
                await self._ready()
                self._rest()

    async def make(self, job: Job) -> Result:
        """What came of it; a crash or too long a time is media.broken."""
        async with self._turn:
            if self._idle is not None:
                self._idle.cancel()
            process = await self._ready()
            try:
                async with asyncio.timeout(self._limit_s):
                    result = await self._ask(process, job)
            except TimeoutError:
                log.warning("media %s took longer than %s s", job.id, self._limit_s)
                await self._end()
                return Result(id=job.id, code="media.broken", sentence="This takes too long to open.")
            except (OSError, EOFError, msgspec.MsgspecError) as crash:
                log.warning("the media worker died of %s: %s", job.id, crash)
                await self._end()
                return Result(id=job.id, code="media.broken", sentence="This cannot be opened.")
            except BaseException:
                await self._end()  # cancelled: its answer would be taken for the next one's
                raise
            self._done += 1
            if self._done >= MOST_JOBS:
                await self._end()
            self._rest()
            return result

    @property
    def pid(self) -> int:
        """Of the worker; 0 while there is none."""
        return self._process.pid if self._process is not None else 0

    async def close(self) -> None:
        self._closed = True
        if self._idle is not None:
            self._idle.cancel()
        await self._end()

    async def _ask(self, process: Process, job: Job) -> Result:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(_encode(job) + b"\n")
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line:
            raise EOFError("no answer")
        result = _decode(line)
        if result.id != job.id:
            raise EOFError("the answer is another job's")
        return result

    async def _ready(self) -> Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        env = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=PIPE, stdout=PIPE, stderr=None if log.isEnabledFor(logging.INFO) else DEVNULL,
            env=env | {"PYTHONPATH": _SOURCES}, start_new_session=True,
        )  # fmt: skip
        self._done = 0
        return self._process

    def _rest(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(IDLE_S, self._go_home)

    def _go_home(self) -> None:
        if not self._turn.locked() and self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()  # it ends with its input
            self._process = None

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
