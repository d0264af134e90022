"""Several nodes on one store (JR-9, JR-12, JR-13)."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from huaxin.journal.journal import Journal
from huaxin.journal.model import Rejected
from huaxin.journal.wake.store import StoreWake
from huaxin.storage.open import open_store
from huaxin.storage.port import Store
from huaxin.storage.postgres.store import PostgresStore
from tests.contract.storage.notebook import Notebook, Page, wish
from tests.postgres import Cluster


def _node(store: Store, **options: float) -> Journal:
    return Journal(store, Notebook(), lambda: 1_790_000_000_000, **options)  # type: ignore[arg-type]


def _listen(journal: Journal) -> list[int]:
    heard: list[int] = []
    journal.on_commit.append(lambda _, records: heard.extend(r.seq for r in records))
    return heard


async def test_a_node_that_is_behind_catches_up_and_decides_again(store: Store) -> None:
    """JR-9: on the state as it is, not as it remembers it."""
    one, two = _node(store), _node(store)
    heard_one, heard_two = _listen(one), _listen(two)
    await one.submit(wish("c1"))
    await two.submit(wish("c2"))
    assert (await one.submit(wish("c3")))["line"] == 3
    assert (await two.submit(wish("c4")))["line"] == 4
    await one.catch_up("shop")
    assert heard_one == [1, 2, 3, 4]
    # Node two began to listen to the shop when it first needed it: with what was there already in memory.
    assert heard_two == [2, 3, 4]


async def test_a_refusal_is_never_of_an_old_state(store: Store) -> None:
    """JR-9: what another node has made legal is carried out, what it has made illegal is refused."""
    one, two = _node(store), _node(store)
    await one.submit(wish("c1", text="close"))
    assert await two.state("shop", "page") == Page(lines=1, closed=True)
    await one.submit(wish("c2", text="open"))
    assert (await two.submit(wish("c3")))["line"] == 3
    await one.submit(wish("c4", text="close"))
    with pytest.raises(Rejected):
        await two.submit(wish("c5"))
    # Only a look: nothing was written for the refusal.
    assert (await store.heads(["shop"]))["shop"].seq == 4


async def test_a_retry_at_another_node_gets_the_first_result(store: Store) -> None:
    """JR-4, JR-9."""
    one, two = _node(store), _node(store)
    await two.head("shop")
    first = await one.submit(wish("c1"))
    await one.submit(wish("c2", text="close"))
    assert await two.submit(wish("c1")) == first


async def test_nodes_that_race_lose_nothing(store: Store) -> None:
    """JR-1, JR-9, JR-11."""
    nodes = [_node(store) for _ in range(3)]
    for node in nodes:
        await node.head("shop")
    heard = [_listen(node) for node in nodes]
    work = [
        node.submit(wish(f"c{i}.{n}", actor=f"a{i}", subject=f"page{n % 4}"))
        for n in range(60)
        for i, node in enumerate(nodes)
    ]
    results = await asyncio.gather(*work)
    assert sorted(r["seq"] for r in results) == list(range(1, 181))
    for node in nodes:
        await node.catch_up("shop")
    assert heard == [list(range(1, 181))] * 3


async def test_a_wake_brings_the_range_and_only_once(store: Store) -> None:
    """JR-12, JR-13."""
    one, two = _node(store), _node(store)
    await two.head("shop")
    heard = _listen(two)
    for n in range(5):
        await one.submit(wish(f"c{n}"))
    assert (await two.head("shop")).seq == 0
    assert await two.since("shop", 0, 10) == []
    # Hints may come twice, late, in any order; and for shops nobody here asked for.
    await asyncio.gather(
        two.wake("shop", 5), two.wake("shop", 2), two.wake("shop", 5), two.wake("nowhere", 3)
    )
    for seq in (3, 5, 1):
        two.heard("shop", seq)
    await two.drain()
    assert heard == [1, 2, 3, 4, 5]
    assert len(await two.since("shop", 0, 10)) == 5


async def test_lost_hints_are_repaired_by_looking_at_the_heads(store: Store) -> None:
    """JR-12."""
    one, two = _node(store), _node(store, check_every=0.01)
    await two.head("shop")
    told = asyncio.Event()
    two.on_commit.append(lambda _, records: told.set())
    await two.start()
    await one.submit(wish("c1"))
    await asyncio.wait_for(told.wait(), 30)
    await two.drain()


async def test_another_epoch_is_another_journal(store: Store) -> None:
    """JR-12: a store restored from a copy. What was known is dropped, and the hub is told."""
    node = _node(store)
    await node.submit(wish("c1"))
    resets: list[str] = []
    node.on_reset.append(resets.append)
    await store.execute("UPDATE heads SET epoch = 'restored'")
    assert (await node.submit(wish("c2")))["line"] == 2
    assert resets == ["shop"]
    assert (await node.head("shop")).epoch == "restored"


@pytest.fixture
async def two_nodes(postgres_server: Cluster) -> AsyncIterator[tuple[Journal, Journal]]:
    url = postgres_server.make_database()
    nodes, stores = [], []
    for _ in range(2):
        store = await open_store(url)
        assert isinstance(store, PostgresStore)
        node = Journal(store, Notebook(), lambda: 1, wake=StoreWake(store))
        await node.start()
        stores.append(store)
        nodes.append(node)
    yield nodes[0], nodes[1]
    for node in nodes:
        await node.drain()
    for store in stores:
        await store.close()


async def test_postgres_carries_the_wakes(two_nodes: tuple[Journal, Journal]) -> None:
    """JR-12: with each commit, to the other node; big and small commits; shops with any name."""
    one, two = two_nodes
    shops = ["shop", "花店 no. 1"]
    heard: dict[str, list[int]] = {shop: [] for shop in shops}
    done = asyncio.Event()

    def listen(shop: str, records: object) -> None:
        heard[shop] += [r.seq for r in records]  # type: ignore[attr-defined]
        if all(len(seqs) == 101 for seqs in heard.values()):
            done.set()

    for shop in shops:
        await two.head(shop)
    two.on_commit.append(listen)
    for shop in shops:
        await one.submit(wish(f"{shop} first", shop=shop))
    await asyncio.gather(*[one.submit(wish(f"{s}{n}", shop=s)) for s in shops for n in range(100)])
    await asyncio.wait_for(done.wait(), 30)
    assert heard == {shop: list(range(1, 102)) for shop in shops}
