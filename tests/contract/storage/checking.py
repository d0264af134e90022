"""The checker of journals that were written by processes which died or raced."""

import msgspec

from huaxin.storage.port import Store
from tests.contract.storage.notebook import Page

type Ack = tuple[str, int, str]  # shop, seq of the last event, command id


def parse_ack(line: str) -> Ack:
    shop, seq, command_id = line.split()
    return shop, int(seq), command_id


async def check_journals(store: Store, acks: list[Ack], *, events_each: int = 2) -> int:
    """Every acked command is there at the place it was told; every journal is dense; every command is
    whole and there once; every state is the one after its last event. Returns the count of events."""
    at: dict[tuple[str, str], list[int]] = {}
    total = 0
    shops = {row[0] for row in await store.fetch("SELECT shop FROM heads")}
    for shop in sorted(shops):
        records = await store.read(shop, 0, 1_000_000)
        head = await store.open_shop(shop)
        assert [r.seq for r in records] == list(range(1, head.seq + 1)), f"{shop} has holes"
        times = [r.at for r in records]
        assert times == sorted(times), f"time ran backwards in {shop}"
        lines: dict[str, int] = {}
        last: dict[str, int] = {}
        for r in records:
            at.setdefault((shop, r.command_id), []).append(r.seq)
            last[r.subject] = r.seq
            if r.nth == events_each - 1:
                lines[r.subject] = lines.get(r.subject, 0) + events_each
                assert msgspec.json.decode(r.body)["line"] == lines[r.subject], "decided on an old state"
        for subject, seq in last.items():
            row = await store.state(shop, subject)
            assert row is not None
            assert (row.seq, msgspec.json.decode(row.doc, type=Page).lines) == (seq, lines[subject])
        total += len(records)
    for key, seqs in at.items():
        first = seqs[0]
        assert seqs == list(range(first, first + events_each)), f"{key} is not whole, or there twice: {seqs}"
    for shop, seq, command_id in acks:
        assert at.get((shop, command_id), [0])[-1] == seq, f"acked, but not there: {shop} {seq} {command_id}"
    assert len({command for _, command in at}) * events_each == total
    return total
