"""What can be asked of a store (JR-36)."""

from huaxin.storage.port import Store
from tests.contract.storage.making import append, record, state


async def test_a_range_is_ascending_and_bounded(store: Store) -> None:
    records = [record(n) for n in range(1, 31)]
    await append(store, records)
    assert await store.read("shop", 10, 5) == records[10:15]
    assert await store.read("shop", 28, 5) == records[28:]
    assert await store.read("shop", 30, 5) == []
    assert await store.read("nowhere", 0, 5) == []


async def test_a_subject_is_paged_in_both_directions(store: Store) -> None:
    await append(store, [record(n, subject=f"page{n % 3}") for n in range(1, 31)])
    seqs = [n for n in range(1, 31) if n % 3 == 1]

    async def page(after: int = 0, limit: int = 3, **more: int | bool) -> list[int]:
        found = await store.read_subject("shop", "page1", after, limit, **more)  # type: ignore[arg-type]
        assert {r.subject for r in found} <= {"page1"}
        return [r.seq for r in found]

    assert await page() == seqs[:3]
    assert await page(after=seqs[2]) == seqs[3:6]
    assert await page(newest=True) == seqs[-3:]
    assert await page(newest=True, before=seqs[-3]) == seqs[-6:-3]
    assert await page(after=seqs[-2], newest=True) == seqs[-1:]
    assert await page(after=seqs[0], before=seqs[3], limit=9) == seqs[1:3]
    assert await store.read_subject("other", "page1", 0, 3) == []


async def test_a_run_has_what_belongs_and_what_belonged(store: Store) -> None:
    await append(
        store,
        [
            record(1),
            record(2, courier="li"),
            record(3, courier="wang", courier_before="li"),
            record(4, courier="wang"),
            record(5, courier="li"),
            record(6, courier="", courier_before="wang"),
        ],
    )
    assert [r.seq for r in await store.read_run("shop", "li", 0, 10)] == [2, 3, 5]
    assert [r.seq for r in await store.read_run("shop", "li", 2, 1)] == [3]
    assert [r.seq for r in await store.read_run("shop", "wang", 0, 10)] == [3, 4, 6]
    assert await store.read_run("shop", "", 0, 10) == []
    assert await store.read_run("other", "li", 0, 10) == []


async def test_commands_are_found_by_their_first_event(store: Store) -> None:
    """JR-4."""
    await append(
        store, [record(1, command_id="x"), record(2, command_id="x", nth=1), record(3, command_id="y")]
    )
    assert await store.find_command("ann", "x") == record(1, command_id="x")
    assert await store.find_command("bob", "x") is None
    keys = [("ann", "y"), ("ann", "x"), ("ann", "z"), ("bob", "y")]
    assert {r.seq for r in await store.find_commands(keys)} == {1, 3}
    assert await store.find_commands([]) == []


async def test_states_are_found_by_every_filter(store: Store) -> None:
    rows = [
        state("a", due_at=30, buyer="ann", courier="li"),
        state("b", due_at=10, buyer="ann", closed=True),
        state("c", due_at=20, buyer="bob", courier="li"),
        state("d", due_at=20, status="new"),
    ]
    await append(store, [record(1)], rows)
    await append(store, [record(1, shop="two", command_id="t")], [state("e", shop="two", buyer="ann")], "two")

    async def find(shop: str = "", **filters: object) -> str:
        return "".join(r.subject for r in await store.states(shop, **filters))  # type: ignore[arg-type]

    assert await find("shop") == "bcda"
    assert await find("shop", open_only=True) == "cda"
    assert await find("shop", since_due=20) == "cda"
    assert await find("shop", limit=2) == "bc"
    assert await find("shop", courier="li") == "ca"
    assert await find(buyer="ann") == "eba"
    assert await find(buyer="ann", courier="li") == "a"
    assert await find("nowhere") == ""
    assert await store.states("shop", open_only=True, courier="li", since_due=25) == [rows[0]]


async def test_states_by_id(store: Store) -> None:
    rows = [state(f"p{n:03}") for n in range(300)]
    await append(store, [record(1)], rows)
    found = await store.states_of("shop", [f"p{n:03}" for n in range(0, 310, 2)])
    assert sorted(r.subject for r in found) == [f"p{n:03}" for n in range(0, 300, 2)]
    assert await store.states_of("shop", []) == []
    assert await store.find_subject("p007") == rows[7]
    assert await store.find_subject("p999") is None
    assert await store.state("other", "p007") is None
