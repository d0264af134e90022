"""The ring of the newest records against a plain list (JR-14)."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from huaxin.journal.model import Record
from huaxin.journal.recents import Recents

_BASE = Record(
    shop="s", seq=0, at=1, subject="p", type="t", version=1, actor="a", role="r", audience=1, body=b"{}"
)
_WHO = st.sampled_from(["", "li", "wang"])
_EVENTS = st.lists(st.tuples(st.sampled_from("pqr"), _WHO, _WHO), max_size=60)


@given(
    events=_EVENTS,
    most=st.integers(1, 40),
    most_bytes=st.sampled_from([3_000, 10**9]),
    after=st.integers(0, 65),
    before=st.integers(0, 65),
    limit=st.integers(1, 30),
    newest=st.booleans(),
)
def test_an_answer_from_memory_is_the_whole_answer(
    events: list[tuple[str, str, str]],
    most: int,
    most_bytes: int,
    after: int,
    before: int,
    limit: int,
    newest: bool,
) -> None:
    """JR-14: or there is none."""
    all_records = [
        msgspec.structs.replace(_BASE, seq=n, subject=p, courier=c, courier_before=b)
        for n, (p, c, b) in enumerate(events, 1)
    ]
    recents = Recents(0)
    for start in range(0, len(all_records), 7):
        recents.add(all_records[start : start + 7], most, most_bytes)
    assert len(recents) <= most
    assert recents.floor + len(recents) == len(all_records)

    wanted = [r for r in all_records if r.seq > after]
    found = recents.since(after, limit)
    assert found == (wanted[:limit] if after >= recents.floor else None)

    run = recents.run("li", after, limit)
    lis = [r for r in wanted if "li" in (r.courier, r.courier_before)]
    assert run == (lis[:limit] if after >= recents.floor else None)

    page = [r for r in wanted if r.subject == "p" and (not before or r.seq < before)]
    answer = recents.subject("p", after, limit, before, newest)
    if answer is not None:
        assert answer == (page[-limit:] if newest else page[:limit])
    else:
        assert after < recents.floor

    recents.clear()
    assert (len(recents), recents.bytes, recents.floor) == (0, 0, len(all_records))
    assert recents.since(len(all_records), 5) == []
