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
_SENDER = _FIRST_STATE + len(STATE_COLUMNS)

# `held` takes the locks in the order of the names, so that two nodes never wait for each other in a ring.
# A waiter sees the heads as the winner left them (read committed): then nothing fits and nothing is written.
_APPEND = f"""
WITH wanted AS (SELECT * FROM {_WANTED}),
held AS MATERIALIZED (
    SELECT shop, epoch, seq FROM heads WHERE shop = ANY($1::text[]) ORDER BY shop FOR UPDATE
),
fit AS MATERIALIZED (
    SELECT count(*) = cardinality($1::text[]) AS ok
    FROM held JOIN wanted USING (shop, epoch, seq)
),
moved AS (
    UPDATE heads SET seq = heads.seq + wanted.grown FROM wanted, fit
    WHERE fit.ok AND heads.shop = wanted.shop AND wanted.grown > 0
),
written AS (
    INSERT INTO journal ({RECORD_LIST})
    SELECT rows.* FROM unnest({_columns(Record, _FIRST_RECORD)}) AS rows, fit WHERE fit.ok
),
kept AS (
    INSERT INTO states ({STATE_LIST})
    SELECT rows.* FROM unnest({_columns(StateRow, _FIRST_STATE)}) AS rows, fit WHERE fit.ok
    ON CONFLICT (shop, subject) DO UPDATE SET {STATE_CHANGES}
)
SELECT held.shop, held.epoch, held.seq, fit.ok{{hint}} FROM fit LEFT JOIN held ON true
"""
_PLAIN = _APPEND.format(hint="")
# The hint leaves with the commit, or not at all.
_HINTING = _APPEND.format(
    hint=f""", CASE WHEN fit.ok THEN pg_notify('{CHANNEL}', ${_SENDER}::text || ' ' || held.seq +
    (SELECT grown FROM wanted WHERE wanted.shop = held.shop) || ' ' || held.shop) END"""
)


class DoubleCommand(Exception):
    """A command of the batch is in the journal already. Nothing was written."""


async def append(connection: Any, parts: Sequence[ShopAppend], sender: str = "") -> None:
    """One durable transaction. `sender`: sends wakes in that name. Raises HeadMoved, DoubleCommand or
    asyncpg's errors."""
    heads = [
        [p.shop for p in parts],
        [p.expected.epoch for p in parts],
        [p.expected.seq for p in parts],
        [len(p.records) for p in parts],
    ]
    if not any(heads[3]):
        await _look(connection, parts)
        return
    records = _transpose((r for p in parts for r in p.records), len(RECORD_COLUMNS))
    states = _transpose((s for p in parts for s in p.states), len(STATE_COLUMNS))
    try:
        if sender:
            rows = await connection.fetch(_HINTING, *heads, *records, *states, sender)
        else:
            rows = await connection.fetch(_PLAIN, *heads, *records, *states)
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "journal_command":
            raise DoubleCommand from error
        raise
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
