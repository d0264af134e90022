"""The append of both stores (JR-1 to JR-4)."""

import asyncio

import pytest

from huaxin.journal.model import Head, Record
from huaxin.storage.port import HeadMoved, Repeated, ShopAppend, Store
from tests.contract.storage.making import append, record, state


async def test_a_new_shop_begins_at_zero_with_an_epoch_that_stays(store: Store) -> None:
    """JR-1."""
    heads = await asyncio.gather(*[store.open_shop("shop") for _ in range(5)])
    assert {h.seq for h in heads} == {0}
    assert len({h.epoch for h in heads}) == 1
    assert (await store.open_shop("other")).epoch != heads[0].epoch


@pytest.mark.parametrize("count", [1, 5, 17, 300])
async def test_what_is_appended_is_read_back_dense_and_whole(store: Store, count: int) -> None:
    """JR-1, JR-19. One, few and many: the stores write these in different ways."""
    records = [
        record(
            n,
            subject=f"page{n % 3}",
            body=b'{"new":"\xe8\x8a\xb1\xe4\xbf\xa1 \\u0000"}',
            delta=b'{"a":1}',
            courier="li" if n % 2 else "",
            courier_before="wang" if n % 5 == 0 else "",
            device_at=n,
            digest=-n,
            actor="花店主",
        )
        for n in range(1, count + 1)
    ]
    head = await append(store, records)
    assert await store.heads(["shop", "nowhere"]) == {"shop": head}
    assert await store.read("shop", 0, 1000) == records


async def test_parts_of_several_shops_are_one_transaction(store: Store) -> None:
    """JR-2. The second part does not fit: the first is not written either."""
    one, two = await store.open_shop("one"), await store.open_shop("two")
    await append(store, [record(1, shop="two")], shop="two")
    parts = [
        ShopAppend("one", one, [record(1, shop="one", command_id="x")], [state("p", shop="one")]),
        ShopAppend("two", two, [record(1, shop="two", command_id="y")], []),
    ]
    with pytest.raises(HeadMoved) as moved:
        await store.append(parts)
    assert moved.value.heads == {"one": one, "two": Head(two.epoch, 1)}
    assert await store.read("one", 0, 10) == []
    assert await store.state("one", "p") is None
    assert (await store.open_shop("one")).seq == 0


@pytest.mark.parametrize("count", [1, 40])
async def test_a_moved_head_writes_nothing(store: Store, count: int) -> None:
    """JR-9."""
    old = await store.open_shop("shop")
    new = await append(store, [record(1)])
    late = [record(n, command_id=f"late{n}") for n in range(1, count + 1)]
    for expected in (old, Head("another", 1), Head(new.epoch, 7)):
        with pytest.raises(HeadMoved) as moved:
            await store.append([ShopAppend("shop", expected, late, [state("p")])])
        assert moved.value.heads == {"shop": new}
    assert await store.read("shop", 0, 10) == [record(1)]
    assert await store.state("shop", "p") is None


async def test_a_shop_that_was_never_opened_is_a_moved_head(store: Store) -> None:
    with pytest.raises(HeadMoved) as moved:
        await store.append([ShopAppend("nowhere", Head("e", 0), [record(1, shop="nowhere")], [])])
    assert moved.value.heads == {}


@pytest.mark.parametrize("count", [1, 40])
async def test_a_repeated_command_writes_nothing_and_names_the_first(store: Store, count: int) -> None:
    """JR-4. Also when the first was carried out in another shop."""
    head = await append(store, [record(1, command_id="again", result=b'{"line":1}')])
    other = await store.open_shop("other")
    more = [record(n, shop="other", command_id=f"m{n}") for n in range(2, count + 1)]
    repeat = [record(1, shop="other", command_id="again"), *more]
    with pytest.raises(Repeated) as repeated:
        await store.append([ShopAppend("other", other, repeat, [state("p", shop="other")])])
    assert [(r.shop, r.seq, r.result) for r in repeated.value.firsts] == [("shop", 1, b'{"line":1}')]
    assert await store.heads(["shop", "other"]) == {"shop": head, "other": other}
    assert await store.read("other", 0, 10) == []
    assert await store.state("other", "p") is None


async def test_the_same_id_of_another_actor_and_later_events_of_a_command_are_no_repeats(
    store: Store,
) -> None:
    """JR-4."""
    await append(
        store,
        [record(1, command_id="x"), record(2, command_id="x", nth=1), record(3, command_id="x", actor="bob")],
    )
    assert len(await store.read("shop", 0, 10)) == 3


async def test_heads_are_looked_at_before_repeats(store: Store) -> None:
    old = await store.open_shop("shop")
    await append(store, [record(1)])
    with pytest.raises(HeadMoved):
        await store.append([ShopAppend("shop", old, [record(1)], [])])


async def test_a_part_without_records_only_looks(store: Store) -> None:
    """JR-9: this is how a refusal is checked against the journal as it is."""
    head = await append(store, [record(1)])
    await store.append([ShopAppend("shop", head, [], [])])
    with pytest.raises(HeadMoved):
        await store.append([ShopAppend("shop", Head(head.epoch, 0), [], [])])
    assert await store.heads(["shop"]) == {"shop": head}


async def test_a_state_is_replaced(store: Store) -> None:
    """JR-2."""
    await append(store, [record(1)], [state("p", doc=b"1", status="new"), state("q", doc=b"1")])
    await append(store, [record(2)], [state("p", seq=2, doc=b"2", status="old", closed=True, vouchers="{}")])
    assert await store.state("shop", "p") == state(
        "p", seq=2, doc=b"2", status="old", closed=True, vouchers="{}"
    )
    assert await store.state("shop", "q") == state("q", doc=b"1")


async def test_writers_that_race_for_one_head_leave_a_dense_journal(store: Store) -> None:
    """JR-1: of all that expect the same head one wins, each time."""
    await store.open_shop("shop")

    async def write(name: str) -> int:
        lost = 0
        for n in range(10):
            while True:
                head = await store.open_shop("shop")
                mine = [record(head.seq + i, command_id=f"{name}.{n}.{i}") for i in (1, 2)]
                try:
                    await store.append([ShopAppend("shop", head, mine, [])])
                    break
                except HeadMoved:
                    lost += 1
        return lost

    lost = await asyncio.gather(*[write(f"w{i}") for i in range(4)])
    records: list[Record] = await store.read("shop", 0, 1000)
    assert [r.seq for r in records] == list(range(1, 81)), f"lost {lost} races"
    assert len({r.command_id for r in records}) == 80
