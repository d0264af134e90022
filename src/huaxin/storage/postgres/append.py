"""The append of a batch to PostgreSQL: one statement, so one round trip and one transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg

from huaxin.journal.model import Head, Record, StateRow
from huaxin.storage.port import HeadMoved, ShopAppend
from huaxin.storage.rows import RECORD_COLUMNS, RECORD_LIST, STATE_CHANGES, STATE_COLUMNS, STATE_LIST, row_of

CHANNEL = "huaxin_journal"

_TYPES = {str: "text", int: "bigint", bytes: "bytea", bool: "boolean"}
_WANTED = "unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) AS w (shop, epoch, seq, grown)"


def _columns(struct: type[Record] | type[StateRow], first: int) -> str:
    """unnest(...) of one array for each field: parameters stay few however many rows there are."""
    hints = struct.__annotations__
    return ", ".join(f"${n}::{_TYPES[hints[c]]}[]" for n, c in enumerate(struct.__struct_fields__, first))


_FIRST_RECORD = 5
_FIRST_STATE = _FIRST_RECORD + len(RECORD_COLUMNS)

# `held` takes the locks in the order of the names, so that two nodes never wait for each other in a ring.
# A waiter sees the heads as the winner left them (read committed): then nothing fits and nothing is written.
_MOVE = f"""
WITH wanted AS (SELECT * FROM {_WANTED}),
held AS MATERIALIZED (
    SELECT shop, epoch, seq FROM heads WHERE shop = ANY($1::text[]) ORDER BY shop FOR UPDATE
),
fit AS MATERIALIZED (
    SELECT count(*) = cardinality($1::text[]) AS ok FROM held JOIN wanted USING (shop, epoch, seq)
),
moved AS (
    UPDATE heads SET seq = heads.seq + wanted.grown FROM wanted, fit
    WHERE fit.ok AND heads.shop = wanted.shop AND wanted.grown > 0
)"""
_WRITE = f""",
written AS (
    INSERT INTO journal ({RECORD_LIST})
    SELECT rows.* FROM unnest({_columns(Record, _FIRST_RECORD)}) AS rows, fit WHERE fit.ok
),
kept AS (
    INSERT INTO states ({STATE_LIST})
    SELECT rows.* FROM unnest({_columns(StateRow, _FIRST_STATE)}) AS rows, fit WHERE fit.ok
    ON CONFLICT (shop, subject) DO UPDATE SET {STATE_CHANGES}
)"""
_HEADS = "\nSELECT held.shop, held.epoch, held.seq, fit.ok FROM fit LEFT JOIN held ON true"


def _told(number: int) -> str:
    """The same, with hints sent (parameter `number`): they leave with the commit, or not at all. A statement
    of their own would cost a round trip, and a transaction around it two more."""
    return f""",
told AS MATERIALIZED (
    SELECT count(pg_notify('{CHANNEL}', hint)) AS hints
    FROM unnest(${number}::text[]) AS hint, fit WHERE fit.ok
)
SELECT held.shop, held.epoch, held.seq, fit.ok, told.hints FROM fit CROSS JOIN told LEFT JOIN held ON true"""


_KEEP = f"""
INSERT INTO states ({STATE_LIST}) SELECT * FROM unnest({_columns(StateRow, 1)})
ON CONFLICT (shop, subject) DO UPDATE SET {STATE_CHANGES}
"""
_FEW_TOLD = _MOVE + _WRITE + _told(_FIRST_STATE + len(STATE_COLUMNS))
_MANY_TOLD = _MOVE + _told(_FIRST_RECORD)

# Up to here one statement for everything is quicker; beyond, the round trips of a COPY are soon paid for:
# a row costs 4 µs here and 6 µs in the server instead of 22 and 10 (measured).
_FEW = 16


class DoubleCommand(Exception):
    """A command of the batch is in the journal already. Nothing was written."""


async def append(connection: Any, parts: Sequence[ShopAppend], sender: str = "") -> None:
    """One durable transaction. `sender`: sends wakes in that name. Raises HeadMoved, DoubleCommand or
    asyncpg's errors."""
    records = [r for p in parts for r in p.records]
    states = [s for p in parts for s in p.states]
    if not records:
        await _look(connection, parts)
        return
    hints = (
        [f"{sender} {p.expected.seq + len(p.records)} {p.shop}" for p in parts if p.records] if sender else []
    )
    try:
        if len(records) <= _FEW:
            await _write_few(connection, parts, records, states, hints)
            return
        async with connection.transaction():
            await _write_many(connection, parts, records, states, hints)
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "journal_command":
            raise DoubleCommand from error
        raise


async def _write_few(
    connection: Any,
    parts: Sequence[ShopAppend],
    records: list[Record],
    states: list[StateRow],
    hints: list[str],
) -> None:
    arrays = [*_transpose(records, len(RECORD_COLUMNS)), *_transpose(states, len(STATE_COLUMNS))]
    if hints:
        _check_fit(await connection.fetch(_FEW_TOLD, *_wanted(parts), *arrays, hints))
    else:
        _check_fit(await connection.fetch(_MOVE + _WRITE + _HEADS, *_wanted(parts), *arrays))


async def _write_many(
    connection: Any,
    parts: Sequence[ShopAppend],
    records: list[Record],
    states: list[StateRow],
    hints: list[str],
) -> None:
    if hints:
        _check_fit(await connection.fetch(_MANY_TOLD, *_wanted(parts), hints))
    else:
        _check_fit(await connection.fetch(_MOVE + _HEADS, *_wanted(parts)))
    rows = list(map(row_of, records))
    await connection.copy_records_to_table("journal", records=rows, columns=RECORD_COLUMNS)
    if states:
        await connection.execute(_KEEP, *_transpose(states, len(STATE_COLUMNS)))


def _wanted(parts: Sequence[ShopAppend]) -> list[list[Any]]:
    return [
        [p.shop for p in parts],
        [p.expected.epoch for p in parts],
        [p.expected.seq for p in parts],
        [len(p.records) for p in parts],
    ]


def _check_fit(rows: Sequence[Any]) -> None:
    if not rows[0][3]:
        raise HeadMoved({shop: Head(epoch, seq) for shop, epoch, seq, *_ in rows if shop is not None})


async def _look(connection: Any, parts: Sequence[ShopAppend]) -> None:
    # Without locks: a transaction that takes one must sync the disk, and a look need not.
    rows = await connection.fetch(
        "SELECT shop, epoch, seq FROM heads WHERE shop = ANY($1::text[])", [p.shop for p in parts]
    )
    heads = {shop: Head(epoch, seq) for shop, epoch, seq in rows}
    if heads != {p.shop: p.expected for p in parts}:
        raise HeadMoved(heads)


def _transpose(values: Iterable[Record | StateRow], columns: int) -> list[Sequence[Any]]:
    return list(zip(*map(row_of, values), strict=True)) or [()] * columns
