"""Records and states for tests of the stores, with only what a test cares about spelled out."""

import os
from pathlib import Path
from typing import Any

from huaxin.journal.model import Head, Record, StateRow
from huaxin.storage.port import JournalStore, ShopAppend


def record(seq: int, **fields: Any) -> Record:
    values: dict[str, Any] = {
        "shop": "shop",
        "seq": seq,
        "at": 1_790_000_000_000 + seq,
        "subject": "page",
        "type": "line",
        "version": 1,
        "actor": "ann",
        "role": "writer",
        "audience": 7,
        "body": b'{"text":"\xe8\x8a\xb1"}',
        "command_id": f"c{seq}",
        "result": b"{}",
    }
    return Record(**(values | fields))


def state(subject: str, seq: int = 1, **fields: Any) -> StateRow:
    values: dict[str, Any] = {"shop": "shop", "subject": subject, "seq": seq, "doc": b"{}"}
    return StateRow(**(values | fields))


async def append(
    store: JournalStore, records: list[Record], states: list[StateRow] | None = None, shop: str = "shop"
) -> Head:
    """Appends to the shop's end; the new head."""
    head = await store.open_shop(shop)
    await store.append([ShopAppend(shop, head, records, states or [])])
    return Head(head.epoch, head.seq + len(records))


def child_env() -> dict[str, str]:
    """The environment in which a child process finds the program and the tests."""
    root = Path(__file__).parents[3]
    return os.environ | {"PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"}
