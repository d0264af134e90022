"""Deciding a batch, without any store (JR-5, JR-7, JR-8)."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huaxin.journal.batch import decide_batch
from huaxin.journal.entry import Entry, device_time, digest_of
from huaxin.journal.model import Head
from tests.contract.storage.notebook import Notebook, Page, wish


class _Nobody:
    """A waiter who is not told in here."""

    def settle(self, raw: bytes) -> None:
        raise AssertionError("a decision is no commit")

    def fail(self, error: BaseException) -> None:
        raise AssertionError("a decision is no commit") from error


_NOBODY = _Nobody()
_TEXTS = st.sampled_from(["a", "close", "open", "boom", "not mine"])
_WISHES = st.lists(st.tuples(st.sampled_from("pq"), _TEXTS, st.integers(0, 3)), max_size=25)


@given(wishes=_WISHES)
def test_a_batch_is_the_same_as_one_after_the_other(wishes: list[tuple[str, str, int]]) -> None:
    """JR-7, JR-8: the same events, results and refusals, however commands are put together."""
    entries = [
        Entry(wish(f"c{n}", subject=p, text=text, times=times), _NOBODY)
        for n, (p, text, times) in enumerate(wishes)
    ]
    rules = Notebook()
    start = Head("e", 10)
    together = decide_batch(entries, {"shop": (start, 50)}, {("shop", p): None for p in "pq"}, rules, 40)

    states: dict[tuple[str, str], Page | None] = {("shop", p): None for p in "pq"}
    records, accepted, refused, broken, seq = [], [], [], [], 10
    for entry in entries:
        alone = decide_batch([entry], {"shop": (Head("e", seq), 50)}, dict(states), rules, 40)
        states |= alone.states
        records += alone.drafts["shop"].records
        seq = alone.drafts["shop"].seq
        accepted += alone.accepted
        refused += [e for e, _ in alone.refused]
        broken += [e for e, _ in alone.broken]

    assert together.drafts["shop"].records == records
    assert together.accepted == accepted
    assert [e for e, _ in together.refused] == refused
    assert [e for e, _ in together.broken] == broken
    assert together.states == states
    assert all(r.at == 50 for r in records), "time ran backwards"


@pytest.mark.parametrize(("given", "kept"), [(5, 5), (0, 0), (-1, 0), (2**53, 0), (10**30, 0)])
def test_the_devices_time_is_kept_when_it_is_one(given: int, kept: int) -> None:
    assert device_time(msgspec.structs.replace(wish("c"), device_at=given)) == kept


def test_the_digest_tells_wishes_apart_and_outlives_new_optional_fields() -> None:
    """JR-5."""

    class Old(msgspec.Struct, omit_defaults=True):
        text: str

    class New(msgspec.Struct, omit_defaults=True):
        text: str
        colour: str = ""
        stems: list[str] = []

    assert digest_of(Old("a")) == digest_of(New("a")) == digest_of({"text": "a"}) != 0
    assert digest_of(New("a", "red")) != digest_of(New("a"))
    assert digest_of(Old("b")) != digest_of(Old("a"))
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
