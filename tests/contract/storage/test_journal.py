"""The journal on both stores: one node (JR-1 to JR-22). Several nodes: test_nodes.py."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from huaxin.journal.entry import FutureWaiter
from huaxin.journal.journal import Busy, Journal, Limits
from huaxin.journal.model import Record, Rejected
from huaxin.storage.port import Store, StoreError
from tests.contract.storage.notebook import Notebook, Page, wish
from tests.contract.storage.watched import Watched


def _clock() -> int:
    return 1_790_000_000_000


@pytest.fixture
def watched(store: Store) -> Watched:
    return Watched(store)


@pytest.fixture
def journal(watched: Watched) -> Journal:
    return Journal(watched, Notebook(), _clock)


async def _settle(*wishes: Any) -> list[Any]:
    return await asyncio.gather(*wishes, return_exceptions=True)


async def test_a_command_is_in_the_store_when_its_result_comes(journal: Journal, store: Store) -> None:
    """JR-1, JR-2, JR-3."""
    result = await journal.submit(wish("c1", text="花", times=2, courier="li"))
    assert result == {"line": 2, "shop": "shop", "seq": 2, "at": _clock()}
    first, second = await store.read("shop", 0, 10)
    assert (first.seq, first.nth, first.command_id, first.actor, first.role) == (1, 0, "c1", "ann", "writer")
    assert (second.seq, second.nth, second.command_id, second.result) == (2, 1, "c1", b"")
    assert first.courier == second.courier == "li"
    row = await store.state("shop", "page")
    assert row is not None
    assert (row.seq, row.courier) == (2, "li")
    assert await journal.state("shop", "page") == Page(lines=2, courier="li")


async def test_what_queues_during_a_commit_is_the_next_commit(journal: Journal, watched: Watched) -> None:
    """JR-8: five hundred commands, two commits, in the order they came."""
    await journal.head("shop")
    watched.open.clear()
    first = asyncio.create_task(journal.submit(wish("c0")))
    await watched.waiting.wait()
    rest = [asyncio.create_task(journal.submit(wish(f"c{n}"))) for n in range(1, 500)]
    await asyncio.sleep(0)
    assert journal.queued == 499
    watched.open.set()
    results = await asyncio.gather(first, *rest)
    assert [(r["seq"], r["line"]) for r in results] == [(n, n) for n in range(1, 501)]
    assert watched.asked["append"] == 2


async def test_a_refused_command_changes_nothing_and_hurts_nobody(journal: Journal, store: Store) -> None:
    """JR-7, JR-8: each is decided on the state the ones before it leave."""
    answers = await _settle(
        journal.submit(wish("c1")),
        journal.submit(wish("c2", text="close")),
        journal.submit(wish("c3", text="late")),
        journal.submit(wish("c4", text="open")),
        journal.submit(wish("c5", subject="other")),
    )
    assert [a["seq"] if isinstance(a, dict) else a.code for a in answers] == [1, 2, "page.closed", 3, 4]
    assert answers[2].value == "late"
    assert [r.command_id for r in await store.read("shop", 0, 10)] == ["c1", "c2", "c4", "c5"]


@pytest.mark.parametrize(("text", "error"), [("boom", ZeroDivisionError), ("not mine", ValueError)])
async def test_a_fault_of_the_rules_hurts_only_its_own_command(
    journal: Journal, text: str, error: type[Exception]
) -> None:
    """JR-7, JR-22."""
    answers = await _settle(
        journal.submit(wish("c1")), journal.submit(wish("c2", text=text)), journal.submit(wish("c3"))
    )
    assert isinstance(answers[1], error)
    assert [answers[0]["seq"], answers[2]["seq"], answers[2]["line"]] == [1, 2, 2]


async def test_what_no_store_can_keep_hurts_only_its_own_command(journal: Journal) -> None:
    """JR-7."""
    answers = await _settle(
        journal.submit(wish("c1")), journal.submit(wish("c2", text="huge")), journal.submit(wish("c3"))
    )
    assert isinstance(answers[1], Exception)
    assert [answers[0]["seq"], answers[2]["seq"], answers[2]["line"]] == [1, 2, 2]


async def test_a_repeat_gets_the_first_result_for_ever(journal: Journal, store: Store) -> None:
    """JR-4: also when it would be refused by now, and by a node that was started later."""
    first = await journal.submit(wish("c1"))
    await journal.submit(wish("c2", text="close"))
    assert await journal.submit(wish("c1")) == first
    later = Journal(store, Notebook(), _clock)
    answers = await _settle(
        later.submit(wish("c3")), later.submit(wish("c1")), later.submit(wish("c4", text="open"))
    )
    assert isinstance(answers[0], Rejected)
    assert answers[1] == first
    assert answers[2]["seq"] == 3
    # Legal again: the store itself notices the repeat.
    assert await later.submit(wish("c1")) == first
    assert await later.first_result("ann", "c1") == first
    assert (await later.head("shop")).seq == 3
    assert len(await store.read("shop", 0, 10)) == 3


async def test_repeats_among_new_commands(journal: Journal, store: Store) -> None:
    """JR-4: those that are new are carried out, each on the right state."""
    await asyncio.gather(*[journal.submit(wish(f"c{n}")) for n in range(5)])
    fresh = Journal(store, Notebook(), _clock)
    answers = await asyncio.gather(*[fresh.submit(wish(f"c{n}")) for n in range(10)])
    assert [a["seq"] for a in answers] == list(range(1, 11))
    assert [a["line"] for a in answers] == list(range(1, 11))


async def test_an_id_used_for_something_else_is_refused(journal: Journal) -> None:
    """JR-5."""
    await journal.submit(wish("c1"))
    for other in (wish("c1", text="other"), wish("c1", subject="other"), wish("c1", shop="other")):
        with pytest.raises(Rejected) as refused:
            await journal.submit(other)
        assert refused.value.code == "command.id_reused"
    assert (await journal.submit(wish("c1", actor="bob")))["seq"] == 2


async def test_twins_on_their_way_are_one_command(journal: Journal, watched: Watched) -> None:
    """JR-6, JR-17: whoever stops waiting takes nothing from the other."""
    watched.open.clear()
    first = asyncio.create_task(journal.submit(wish("c1")))
    await watched.waiting.wait()
    second = asyncio.create_task(journal.submit(wish("c1")))
    other = asyncio.create_task(journal.submit(wish("c1", text="other")))
    await asyncio.wait([other])
    first.cancel()
    watched.open.set()
    assert (await second)["seq"] == 1
    assert isinstance(other.exception(), Rejected)
    assert (await journal.head("shop")).seq == 1


async def test_whoever_stops_waiting_does_not_stop_the_command(journal: Journal, watched: Watched) -> None:
    """JR-17."""
    watched.open.clear()
    tasks = [asyncio.create_task(journal.submit(wish(f"c{n}"))) for n in range(3)]
    await watched.waiting.wait()
    tasks.append(asyncio.create_task(journal.submit(wish("c3"))))
    await asyncio.sleep(0)
    for task in tasks[1:]:
        task.cancel()
    watched.open.set()
    await tasks[0]
    assert (await journal.submit(wish("c3")))["seq"] == 4
    assert (await journal.head("shop")).seq == 4


async def test_who_cannot_take_an_answer_takes_nothing_from_others(journal: Journal) -> None:
    """JR-11: neither their answers nor what the hooks are told."""

    class Broken:
        def settle(self, raw: bytes) -> None:
            raise RuntimeError("no room")

        def fail(self, error: BaseException) -> None:
            raise RuntimeError("no room")

    told: list[int] = []
    journal.on_commit.append(lambda shop, records: told.extend(one.seq for one in records))
    journal.begin(wish("c1"), Broken())
    journal.begin(wish("c1"), waiter := FutureWaiter())
    journal.begin(wish("c2", actor="bob"), Broken())
    assert (await journal.submit(wish("c3")))["seq"] >= 2
    assert b'"seq":1' in await waiter.future
    assert told == list(range(1, (await journal.head("shop")).seq + 1))


async def test_a_full_queue_says_so(watched: Watched) -> None:
    """JR-15."""
    journal = Journal(watched, Notebook(), _clock, queue=3)
    watched.open.clear()
    first = asyncio.create_task(journal.submit(wish("c0")))
    await watched.waiting.wait()
    rest = [asyncio.create_task(journal.submit(wish(f"c{n}"))) for n in range(1, 5)]
    with pytest.raises(Busy) as busy:
        await rest[3]
    assert (busy.value.code, busy.value.status) == ("journal.busy", 503)
    watched.open.set()
    assert [(await t)["seq"] for t in (first, *rest[:3])] == [1, 2, 3, 4]
    assert (await journal.submit(wish("c4")))["seq"] == 5


async def test_what_waits_behind_a_failed_command_does_not_overtake_it(
    journal: Journal, watched: Watched
) -> None:
    """JR-38: the store fails once; the same person's next words on the same order are turned away too."""
    await journal.submit(wish("c0"))  # the order and its shop are in memory
    watched.open.clear()
    watched.waiting.clear()
    watched.broken = StoreError("store.unavailable", "The database does not answer.")
    first = asyncio.create_task(journal.submit(wish("c1")))
    await watched.waiting.wait()
    behind = asyncio.create_task(journal.submit(wish("c2")))
    others = [
        asyncio.create_task(journal.submit(wish("c3", actor="bob"))),
        asyncio.create_task(journal.submit(wish("c4", subject="other"))),
    ]
    await asyncio.sleep(0)
    watched.open.set()
    for task in (first, behind):
        with pytest.raises(StoreError):
            await task
    assert [(await task)["seq"] for task in others] == [2, 3]
    assert [(await journal.submit(wish(id)))["seq"] for id in ("c1", "c2")] == [4, 5]


async def test_nothing_overtakes_what_was_turned_away_out_of_its_commit(
    journal: Journal, watched: Watched
) -> None:
    """JR-38: also when a commit fell apart into single commands and the store failed for one."""
    await journal.submit(wish("c0"))
    watched.open.clear()
    watched.waiting.clear()
    held = asyncio.create_task(journal.submit(wish("c1", subject="other")))
    await watched.waiting.wait()
    first = asyncio.create_task(journal.submit(wish("c2")))
    behind = asyncio.create_task(journal.submit(wish("c3")))
    other = asyncio.create_task(journal.submit(wish("c4", actor="bob")))
    await asyncio.sleep(0)
    watched.next_broken = [
        RuntimeError("something no store can keep"),
        StoreError("store.unavailable", "The database does not answer."),
    ]
    watched.open.set()
    assert (await held)["seq"] == 2
    for task in (first, behind):
        with pytest.raises(StoreError):
            await task
    assert (await other)["seq"] == 3


async def test_drain_finishes_what_is_on_its_way(journal: Journal, watched: Watched) -> None:
    """JR-18."""
    watched.open.clear()
    tasks = [asyncio.create_task(journal.submit(wish(f"c{n}"))) for n in range(3)]
    await watched.waiting.wait()
    draining = asyncio.create_task(journal.drain())
    await asyncio.sleep(0)
    with pytest.raises(Busy) as busy:
        await journal.submit(wish("late"))
    assert busy.value.code == "journal.closing"
    watched.open.set()
    await draining
    assert [t.result()["seq"] for t in tasks] == [1, 2, 3]


async def test_time_never_runs_backwards_in_a_shop(store: Store) -> None:
    """JR-10: whatever the clock does, and after a restart."""
    times = [500, 300, 900, 100]
    results = []
    for n, now in enumerate(times):
        journal = Journal(store, Notebook(), lambda now=now: now)  # type: ignore[misc]
        results.append(await journal.submit(wish(f"c{n}")))
    assert [r["at"] for r in results] == [500, 500, 900, 900]
    assert [r.at for r in await store.read("shop", 0, 10)] == [500, 500, 900, 900]


async def test_hooks_hear_every_commit_once_in_order_with_memory_up_to_date(journal: Journal) -> None:
    """JR-11. A hook that fails takes nothing from the others."""
    heard: dict[str, list[int]] = {"one": [], "two": []}

    def broken(shop: str, records: Sequence[Record]) -> None:
        raise RuntimeError("a hook that fails")

    def listen(shop: str, records: Sequence[Record]) -> None:
        heard[shop] += [r.seq for r in records]
        page = journal.cached_state(shop, "page")
        assert page is not None
        assert page.lines == records[-1].seq

    journal.on_commit += [broken, listen]
    await asyncio.gather(*[journal.submit(wish(f"c{n}", shop=("one", "two")[n % 2])) for n in range(60)])
    assert heard == {"one": list(range(1, 31)), "two": list(range(1, 31))}


async def test_a_command_that_changes_nothing_is_not_written(journal: Journal, store: Store) -> None:
    """JR-22."""
    await journal.submit(wish("c1"))
    result = await journal.submit(wish("c2", times=0))
    assert (result["seq"], result["line"]) == (1, 1)
    assert await store.find_command("ann", "c2") is None


@pytest.mark.parametrize("bad", ["", "x" * 129, "a\0b", "a\nb", "\ud800"])
async def test_what_no_store_could_keep_is_refused_at_the_door(journal: Journal, bad: str) -> None:
    """JR-21."""
    for command in (wish(bad), wish("c", shop=bad), wish("c", subject=bad)):
        with pytest.raises(Rejected) as refused:
            await journal.submit(command)
        assert refused.value.code.startswith("command.bad_")
        assert refused.value.status == 400


async def test_a_storm_of_readers_does_not_touch_the_store(
    journal: Journal, watched: Watched, store: Store
) -> None:
    """JR-14: neither on the node that wrote, nor on one just started."""
    for n in range(40):
        await journal.submit(wish(f"c{n}", subject=f"page{n % 3}", courier=("li", "wang")[n // 20]))
    for node in (journal, Journal(watched, Notebook(), _clock)):
        await node.head("shop")
        watched.asked.clear()
        for after in range(0, 41, 5):
            assert [r.seq for r in await node.since("shop", after, 100)] == list(range(after + 1, 41))
            seqs = [r.seq for r in await node.read_subject("shop", "page1", after, 100)]
            assert seqs == [n + 1 for n in range(40) if n % 3 == 1 and n + 1 > after]
            await node.read_subject("shop", "page1", 0, 5, newest=True)
            # Twenty of li's, and the three by which wang took li's pages over.
            run = [r.seq for r in await node.read_run("shop", "li", after, 99)]
            assert run == list(range(after + 1, 24))
        assert watched.asked == {}


async def test_memory_and_store_give_the_same_answers(store: Store) -> None:
    """JR-14, JR-36: with a short memory, every answer is the one of the store."""
    journal = Journal(store, Notebook(), _clock, limits=Limits(records=12, warm=5, states=2))
    for n in range(40):
        await journal.submit(wish(f"c{n}", subject=f"page{n % 3}", courier=("li", "wang", "")[n // 15]))
    for node in (journal, Journal(store, Notebook(), _clock, limits=Limits(records=12, warm=5))):
        for after in range(0, 42, 3):
            for limit in (1, 3, 50):
                assert await node.since("shop", after, limit) == await store.read("shop", after, limit)
                for who in ("li", "wang", "nobody"):
                    expected = await store.read_run("shop", who, after, limit)
                    assert await node.read_run("shop", who, after, limit) == expected
                for before, newest in ((0, False), (0, True), (35, False), (35, True), (20, True)):
                    more = {"before": before, "newest": newest}
                    expected = await store.read_subject("shop", "page1", after, limit, **more)  # type: ignore[arg-type]
                    assert await node.read_subject("shop", "page1", after, limit, **more) == expected  # type: ignore[arg-type]
        for n in range(3):
            page = await node.state("shop", f"page{n}")
            assert page.lines == (14 if n == 0 else 13)  # type: ignore[union-attr]
    assert await journal.state("shop", "nowhere") is None


async def test_quiet_shops_are_forgotten_first(store: Store) -> None:
    """JR-14: memory is bounded over all shops; what was forgotten is read from the store."""
    journal = Journal(store, Notebook(), _clock, limits=Limits(total_bytes=20_000))
    for n in range(60):
        await journal.submit(wish(f"c{n}", shop=f"shop{n % 6}"))
    for n in range(6):
        assert [r.seq for r in await journal.since(f"shop{n}", 0, 100)] == list(range(1, 11))
