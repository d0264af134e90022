"""The embedded store: one file, WAL, every commit on the disk before it is told."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import apsw

from huaxin.storage.migrate import LEDGER, read_migrations, select_pending
from huaxin.storage.port import Repeated, ShopAppend, StoreError
from huaxin.storage.sql import SqlReads, new_epoch
from huaxin.storage.sqlite import append as appending
from huaxin.storage.sqlite.changes import Changes
from huaxin.storage.sqlite.threads import Threads, connect, fetch_rows, in_transaction

READERS = 3


class SqliteStore(SqlReads):
    """A Store in one file. Open with `await SqliteStore.open(path)`."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._writer = Threads(path, 1, writes=True)
        self._readers = Threads(path, READERS, writes=False)
        self._changes = Changes(self._writer, path)

    @classmethod
    async def open(cls, path: str) -> Self:
        """Raises StoreError when the file cannot be opened or is no database."""
        store = cls(path)
        try:
            await store._writer.run(lambda c: c.execute("SELECT count(*) FROM sqlite_master").fetchall())
        except OSError as error:
            await store.close()
            raise StoreError("store.unavailable", f"{path} cannot be made: {error}") from error
        except BaseException:
            await store.close()
            raise
        return store

    async def append(self, parts: Sequence[ShopAppend]) -> None:
        try:
            await self._writer.run(lambda c: appending.append(c, parts))
        except appending.DoubleCommand:
            keys = [(r.actor, r.command_id) for p in parts for r in p.records if r.nth == 0]
            raise Repeated(await self.find_commands(keys)) from None

    async def fetch(self, sql: str, *args: Any) -> list[tuple[Any, ...]]:
        if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            return await self._writer.run(lambda c: in_transaction(c, lambda c: fetch_rows(c, sql, args)))
        return await self._readers.run(lambda c: fetch_rows(c, sql, args))

    async def execute(self, sql: str, *args: Any) -> int:
        return (await self.execute_many([(sql, args)]))[0]

    async def execute_many(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[int]:
        return await self._changes.run(statements)

    async def migrate(self) -> list[str]:
        def apply(connection: apsw.Connection) -> list[str]:
            connection.execute(LEDGER)
            applied = [str(row[0]) for row in connection.execute("SELECT name FROM migrations").fetchall()]
            pending = select_pending(read_migrations("sqlite"), applied)
            for name, sql in pending:
                connection.execute(sql)
                connection.execute("INSERT INTO migrations (name) VALUES (?)", (name,))
            return [m.name for m in pending]

        # The write lock is taken before looking, so a second process waits and then finds nothing to do.
        return await self._writer.run(lambda c: in_transaction(c, apply))

    async def backup(self, target: str) -> None:
        """Copies the database as of now to a new file, in one step in a thread of its own readers."""
        await self._readers.run(lambda c: _copy(c, target))

    async def close(self) -> None:
        await self._changes.finish()
        await self._readers.close()
        await self._writer.close()


def _copy(source: apsw.Connection, target: str) -> None:
    if Path(target).exists():
        raise StoreError("store.unsupported", f"{target} exists already; name a new file.")
    copy = connect(target, writes=True)
    try:
        with copy.backup("main", source, "main") as backup:
            while not backup.done:
                backup.step(-1)  # all pages in one read transaction: writers in WAL mode are not held up
        # Whoever resumes against a copy may have seen more than it holds: its journals are others.
        for (shop,) in copy.execute("SELECT shop FROM heads").fetchall():
            copy.execute("UPDATE heads SET epoch = ? WHERE shop = ?", (new_epoch(), shop))
    finally:
        copy.close()
