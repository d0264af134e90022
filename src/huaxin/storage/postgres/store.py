"""The store for more than one node: PostgreSQL, through a pool of connections."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

import asyncpg

from huaxin.storage.migrate import LEDGER, read_migrations, select_pending
from huaxin.storage.port import HeadMoved, Repeated, ShopAppend, StoreError
from huaxin.storage.postgres import append as appending
from huaxin.storage.postgres.errors import explain
from huaxin.storage.postgres.signals import SIGNALS, Pieces, in_pieces
from huaxin.storage.sql import SqlReads

POOL = 8  # connections of one node
_MIGRATING = 6_202_601  # the advisory lock of migrations; any number will do
_LISTEN_AGAIN_S = 1.0
# Failures after which the connection is in order: the server's own words, and ours about them.
_SERVER_SAID = (asyncpg.PostgresError, HeadMoved, StoreError, appending.DoubleCommand)
_log = logging.getLogger(__name__)


class _Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    def get_reset_query(self) -> str:
        # Nothing here changes the session, so giving a connection back costs no round trip.
        return ""


class PostgresStore(SqlReads):
    """A Store in a PostgreSQL database. Open with `await PostgresStore.open(url)`."""

    def __init__(self, pool: Any, url: str) -> None:
        self._pool, self._url = pool, url
        self._sender = ""  # who this process is in its wakes; empty: it sends none
        self._listener: asyncio.Task[None] | None = None
        self.on_signal: Callable[[str, bytes], None] | None = None

    @classmethod
    async def open(cls, url: str) -> Self:
        """Raises StoreError when the server cannot be reached, ValueError for a wrong address."""
        try:
            pool = await asyncpg.create_pool(
                url, min_size=1, max_size=POOL, init=_prepare, connection_class=_Connection, **_OPTIONS
            )
        except asyncpg.ClientConfigurationError as error:
            raise ValueError(f"The address of the database is wrong: {error}") from error
        except Exception as error:
            raise explain(error) from error
        return cls(pool, url)

    async def append(self, parts: Sequence[ShopAppend]) -> None:
        try:
            async with self._session() as connection:
                await appending.append(connection, parts, self._sender)
        except appending.DoubleCommand:
            keys = [(r.actor, r.command_id) for p in parts for r in p.records if r.nth == 0]
            raise Repeated(await self.find_commands(keys)) from None

    async def fetch(self, sql: str, *args: Any) -> list[tuple[Any, ...]]:
        async with self._session() as connection:
            return [tuple(row) for row in await connection.fetch(sql, *args)]

    async def execute(self, sql: str, *args: Any) -> int:
        async with self._session() as connection:
            return _count(await connection.execute(sql, *args))

    async def execute_many(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[int]:
        async with self._session() as connection, connection.transaction():
            return [_count(await connection.execute(sql, *args)) for sql, args in statements]

    async def migrate(self) -> list[str]:
        async with self._session() as connection, connection.transaction():
            # Held to the commit: a second process waits here, and then finds nothing to do.
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _MIGRATING)
            await connection.execute(LEDGER)
            applied = [row[0] for row in await connection.fetch("SELECT name FROM migrations")]
            pending = select_pending(read_migrations("postgres"), applied)
            for name, sql in pending:
                await connection.execute(sql)
                await connection.execute("INSERT INTO migrations (name) VALUES ($1)", name)
            return [m.name for m in pending]

    async def backup(self, target: str) -> None:
        """PostgreSQL has tools of its own for this: raises a StoreError that names them."""
        raise StoreError(
            "store.unsupported",
            f"PostgreSQL makes its own copies: pg_dump --format=custom --file={target} DATABASE, "
            "or pg_basebackup with an archive of the WAL for a copy of any moment.",
        )

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[Any]:
        """A connection of the pool; failures of the database come out as StoreError."""
        try:
            async with self._pool.acquire() as connection:
                try:
                    yield connection
                except BaseException as error:
                    if not isinstance(error, _SERVER_SAID):
                        # Broken in the middle of something: it must not go back to the pool like that.
                        connection.terminate()
                    raise
        except Exception as error:
            raise explain(error) from error

    async def listen(self, heard: Callable[[str, int], None]) -> None:
        """From now on sends a wake with each commit, and hears those of other processes."""
        self._sender = secrets.token_hex(4)
        listening = asyncio.get_running_loop().create_future()
        self._listener = asyncio.create_task(self._listen(heard, listening))
        await listening

    async def _listen(self, heard: Callable[[str, int], None], listening: "asyncio.Future[None]") -> None:
        def hint(_connection: Any, _pid: int, _channel: str, payload: str) -> None:
            sender, seq, shop = payload.split(" ", 2)
            if sender != self._sender:
                heard(shop, int(seq))

        pieces = Pieces()

        def signal(_connection: Any, _pid: int, _channel: str, payload: str) -> None:
            found = pieces.take(payload, self._sender)
            if found is not None and self.on_signal is not None:
                self.on_signal(*found)

        while True:
            try:
                connection = await asyncpg.connect(self._url, timeout=10)
                gone = asyncio.Event()
                connection.add_termination_listener(lambda _, gone=gone: gone.set())
                try:
                    await connection.add_listener(appending.CHANNEL, hint)
                    await connection.add_listener(SIGNALS, signal)
                    if not listening.done():
                        listening.set_result(None)
                    await gone.wait()
                finally:
                    connection.terminate()
            except Exception as error:
                if not listening.done():
                    listening.set_exception(explain(error))
                    return
                _log.warning("no wakes from the database: %s", error)
            # What was missed meanwhile is found at the next hint, or by the check of the heads.
            await asyncio.sleep(_LISTEN_AGAIN_S)

    async def tell_signal(self, person: str, data: bytes) -> None:
        """To every other process that listens. Does nothing before `listen`."""
        if self._sender:
            sql = "SELECT count(pg_notify($1, piece)) FROM unnest($2::text[]) AS piece"
            await self.fetch(sql, SIGNALS, in_pieces(self._sender, person, data.decode()))

    async def close(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.wait([self._listener])
        await self._pool.close()


_OPTIONS: dict[str, Any] = {
    "timeout": 10,
    "command_timeout": 60,
    "max_inactive_connection_lifetime": 0,
    "max_cached_statement_lifetime": 0,
    "statement_cache_size": 500,
}


async def _prepare(connection: Any) -> None:
    # An ack means: on the disk. Whatever the server's own default is.
    await connection.execute("SET synchronous_commit = on; SET jit = off; SET application_name = 'huaxin'")


def _count(status: str) -> int:
    """Rows changed, from "UPDATE 3" or "INSERT 0 3"; 0 for what counts nothing."""
    last = status.rpartition(" ")[2]
    return int(last) if last.isdigit() else 0
