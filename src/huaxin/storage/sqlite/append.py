"""The append of a batch to SQLite: few statements, many rows each.

Every statement costs a handover of the interpreter lock, which a busy event loop grants late; a row per
statement made a commit thirty times slower under load (measured).
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

import apsw
import msgspec

from huaxin.journal.model import Head, Record, StateRow
from huaxin.storage.port import HeadMoved, ShopAppend
from huaxin.storage.rows import RECORD_COLUMNS, RECORD_LIST, STATE_CHANGES, STATE_COLUMNS, STATE_LIST, row_of
from huaxin.storage.sqlite.threads import in_transaction

_ROWS = (256, 64, 16, 4, 1)  # rows in one statement: few shapes to prepare, at most 5,000 values


class DoubleCommand(Exception):
    """A command of the batch is in the journal already. Nothing was written."""


def append(connection: apsw.Connection, parts: Sequence[ShopAppend]) -> None:
    """One durable transaction. Raises HeadMoved, DoubleCommand or apsw's errors."""
    wanted = msgspec.json.encode([(p.shop, p.expected.epoch, p.expected.seq, len(p.records)) for p in parts])
    # A look alone must not cost a sync of the disk.
    look = not any(p.records for p in parts)
    if not look:
        try:
            in_transaction(connection, lambda c: _append(c, parts, wanted.decode()))
            return
        except _Misfit:
            pass  # rolled back: now the heads are again what others see
    rows: list[tuple[Any, ...]] = connection.execute(_HEADS, (wanted.decode(),)).fetchall()
    heads = {shop: Head(epoch, seq) for shop, epoch, seq in rows}
    if not look or heads != {p.shop: p.expected for p in parts}:
        raise HeadMoved(heads)


class _Misfit(Exception):
    """A head is not where it was expected."""


def _append(connection: apsw.Connection, parts: Sequence[ShopAppend], wanted: str) -> None:
    connection.execute(_MOVE, (wanted,))
    if connection.changes() != len(parts):
        raise _Misfit
    try:
        _insert(connection, _record_statement, [r for p in parts for r in p.records])
    except apsw.ConstraintError as error:
        if "journal.command_id" in str(error):
            raise DoubleCommand from error
        raise
    _insert(connection, _state_statement, [s for p in parts for s in p.states])


_WANTED = "json_each(?1) AS want"
_MOVE = f"""
UPDATE heads SET seq = heads.seq + (want.value ->> 3) FROM {_WANTED}
WHERE heads.shop = want.value ->> 0 AND heads.epoch = want.value ->> 1 AND heads.seq = want.value ->> 2
"""
_HEADS = (
    f"SELECT heads.shop, heads.epoch, heads.seq FROM heads, {_WANTED} WHERE heads.shop = want.value ->> 0"
)


def _insert(
    connection: apsw.Connection, statement: Callable[[int], str], values: Sequence[Record | StateRow]
) -> None:
    for some in _slices(values):
        connection.execute(statement(len(some)), list(chain.from_iterable(map(row_of, some))))


def _slices[T](values: Sequence[T]) -> Iterator[Sequence[T]]:
    start = 0
    for size in _ROWS:
        while len(values) - start >= size:
            yield values[start : start + size]
            start += size


def _rows_of(columns: int, count: int) -> str:
    return ", ".join([f"({', '.join('?' * columns)})"] * count)


_RECORD_SQL = {
    n: f"INSERT INTO journal ({RECORD_LIST}) VALUES {_rows_of(len(RECORD_COLUMNS), n)}" for n in _ROWS
}
_STATE_SQL = {
    n: f"INSERT INTO states ({STATE_LIST}) VALUES {_rows_of(len(STATE_COLUMNS), n)} "
    f"ON CONFLICT (shop, subject) DO UPDATE SET {STATE_CHANGES}"
    for n in _ROWS
}
_record_statement = _RECORD_SQL.__getitem__
_state_statement = _STATE_SQL.__getitem__
