"""Plain changes in groups: what queues during one sync of the disk goes with the next one, together.

Each change stays all or nothing by itself (a savepoint), and is durable when its caller is told.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any

import apsw

from huaxin.storage.sqlite.errors import explain
from huaxin.storage.sqlite.threads import Threads, in_transaction, translate

type Statements = Sequence[tuple[str, Sequence[Any]]]

_MOST_TOGETHER = 256  # changes in one commit: the journal waits for the same thread


class Changes:
    def __init__(self, writer: Threads, path: str) -> None:
        self._writer, self._path = writer, path
        self._queue: deque[tuple[Statements, asyncio.Future[list[int]]]] = deque()
        self._task: asyncio.Task[None] | None = None

    async def run(self, statements: Statements) -> list[int]:
        """All of the statements or none; rows changed by each. Durable on return."""
        self._writer.check_room(len(self._queue))
        future: asyncio.Future[list[int]] = asyncio.get_running_loop().create_future()
        self._queue.append((statements, future))
        if self._task is None:
            self._task = asyncio.create_task(self._write())
        return await future

    async def finish(self) -> None:
        """Returns when everything asked so far is done."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _write(self) -> None:
        try:
            while self._queue:
                count = min(len(self._queue), _MOST_TOGETHER)
                await self._write_some([self._queue.popleft() for _ in range(count)])
        finally:
            self._task = None

    async def _write_some(self, some: list[tuple[Statements, "asyncio.Future[list[int]]"]]) -> None:
        wanted = [statements for statements, _ in some]
        outcomes: Sequence[list[int] | Exception]
        try:
            outcomes = await self._writer.run(lambda c: _apply(c, wanted))
        except Exception as error:
            outcomes = [error] * len(some)
        for (_, future), outcome in zip(some, outcomes, strict=True):
            if future.done():
                continue  # nobody waits any more; it is done all the same
            if isinstance(outcome, Exception):
                future.set_exception(explain(outcome, self._path))
            else:
                future.set_result(outcome)


def _apply(connection: apsw.Connection, wanted: list[Statements]) -> Sequence[list[int] | Exception]:
    if len(wanted) == 1:
        return [in_transaction(connection, lambda c: _change(c, wanted[0]))]
    return in_transaction(connection, lambda c: [_try(c, statements) for statements in wanted])


def _try(connection: apsw.Connection, statements: Statements) -> list[int] | Exception:
    connection.execute("SAVEPOINT one")
    try:
        counts = _change(connection, statements)
    except Exception as error:
        if not connection.in_transaction:
            raise  # a full disk ended the whole transaction: nobody's change was written
        connection.execute("ROLLBACK TO one")
        connection.execute("RELEASE one")
        return error
    connection.execute("RELEASE one")
    return counts


def _change(connection: apsw.Connection, statements: Statements) -> list[int]:
    counts = []
    for sql, args in statements:
        before = connection.total_changes()
        connection.execute(translate(sql), args)
        counts.append(connection.changes() if connection.total_changes() != before else 0)
    return counts
