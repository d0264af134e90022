"""Connections and the threads they live in: one writer, a few readers. The loop is never blocked."""

import asyncio
import re
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import apsw

from huaxin.storage.port import StoreError
from huaxin.storage.sqlite.errors import explain

_MOST_WAITING = 10_000  # jobs that may wait for one thread
_BUSY_MS = 10_000
# A database thread gives the interpreter lock up for every statement and must wait this long to get it
# back from a busy event loop. With Python's own 5 ms a commit under load takes 20 ms instead of 5.
_SWITCH_S = 0.0005


class Threads:
    """A pool of threads, each with its own connection to one file."""

    def __init__(self, path: str, count: int, *, writes: bool) -> None:
        self._path, self._writes = path, writes
        self._local = threading.local()
        self._connections: list[apsw.Connection] = []
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="sqlite-w" if writes else "sqlite-r")
        self._waiting = 0
        if sys.getswitchinterval() > _SWITCH_S:
            sys.setswitchinterval(_SWITCH_S)

    async def run[T](self, job: Callable[[apsw.Connection], T]) -> T:
        """Runs the job in one of the threads. A job once begun is always finished, also when nobody waits."""
        self.check_room(self._waiting)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, partial(self._do, job))
        finally:
            self._waiting -= 1

    def check_room(self, waiting: int) -> None:
        """Raises StoreError when too much waits already."""
        if waiting >= _MOST_WAITING:
            raise StoreError("store.unavailable", "The database cannot keep up; try again in a moment.")

    def _do[T](self, job: Callable[[apsw.Connection], T]) -> T:
        try:
            connection: apsw.Connection | None = getattr(self._local, "connection", None)
            if connection is None:
                connection = self._local.connection = connect(self._path, writes=self._writes)
                self._connections.append(connection)
            return job(connection)
        except apsw.Error as error:
            raise explain(error, self._path) from error

    async def close(self) -> None:
        await asyncio.to_thread(self._pool.shutdown)
        for connection in self._connections:
            connection.close()


def connect(path: str, *, writes: bool) -> apsw.Connection:
    """A connection as this store uses it. A reader cannot write; a writer makes the file when missing."""
    if writes:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    else:
        flags = apsw.SQLITE_OPEN_READONLY
    connection = apsw.Connection(path, flags=flags, statementcachesize=200)
    connection.set_busy_timeout(_BUSY_MS)
    if writes:
        connection.pragma("journal_mode", "wal")
        connection.pragma("synchronous", "full")
        connection.pragma("wal_autocheckpoint", 4000)  # pages: 16 MB, so a checkpoint is rare and sequential
        connection.pragma("journal_size_limit", 64 << 20)
        connection.pragma("foreign_keys", "on")
    connection.pragma("cache_size", -32_768)  # kB
    connection.pragma("temp_store", "memory")
    return connection


def in_transaction[T](connection: apsw.Connection, job: Callable[[apsw.Connection], T]) -> T:
    """The job between BEGIN IMMEDIATE and COMMIT; on any failure nothing of it stays."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = job(connection)
        connection.execute("COMMIT")
    except BaseException:
        # A full disk may have ended the transaction already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result


@lru_cache(maxsize=2000)
def translate(sql: str) -> str:
    """$1 → ?1, outside of quotes. SQLite would take $1 for a name, numbered by first appearance."""
    parts = re.split(r"('(?:[^']|'')*')", sql)
    return "".join(p if i % 2 else re.sub(r"\$(\d+)", r"?\1", p) for i, p in enumerate(parts))


def fetch_rows(connection: apsw.Connection, sql: str, args: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows; columns declared BOOLEAN come back as bool."""
    cursor = connection.execute(translate(sql), args)
    rows: list[tuple[Any, ...]] = []
    flags: list[int] = []
    for row in cursor:
        if not rows:
            declared: Iterable[tuple[str, str | None]] = cursor.get_description()
            flags = [i for i, (_, kind) in enumerate(declared) if kind == "BOOLEAN"]
        rows.append(_with_flags(row, flags) if flags else row)
    return rows


def _with_flags(row: tuple[Any, ...], flags: list[int]) -> tuple[Any, ...]:
    values = list(row)
    for i in flags:
        if values[i] is not None:
            values[i] = bool(values[i])
    return tuple(values)
