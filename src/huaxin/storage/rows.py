"""Rows and the journal's values: the order of columns is the order of the struct's fields, in both stores."""

from collections.abc import Sequence
from typing import Any

import msgspec

from huaxin.journal.model import Record, StateRow

RECORD_COLUMNS: tuple[str, ...] = Record.__struct_fields__
STATE_COLUMNS: tuple[str, ...] = StateRow.__struct_fields__
RECORD_LIST = ", ".join(RECORD_COLUMNS)
STATE_LIST = ", ".join(STATE_COLUMNS)
# What an upsert of a state changes when the subject is already there.
STATE_CHANGES = ", ".join(f"{c} = excluded.{c}" for c in STATE_COLUMNS if c not in ("shop", "subject"))

row_of = msgspec.structs.astuple
"""A Record or StateRow as a tuple in column order."""


def record_of(row: Sequence[Any]) -> Record:
    """A Record from a row in RECORD_COLUMNS order."""
    return Record(*row)


def state_of(row: Sequence[Any]) -> StateRow:
    """A StateRow from a row in STATE_COLUMNS order."""
    return StateRow(
        shop=row[0],
        subject=row[1],
        seq=row[2],
        doc=row[3],
        status=row[4],
        buyer=row[5],
        courier=row[6],
        due_at=row[7],
        closed=bool(row[8]),
        vouchers=row[9],
    )
