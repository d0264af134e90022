"""The feed when something goes wrong: nothing is skipped in silence, nothing waits for ever (CO-6, JR-11)."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, cast

from huaxin.gateway.hub import Hub
from huaxin.journal.journal import Journal
from huaxin.journal.model import Record
from huaxin.live.feed import Feed
from huaxin.live.orders import Orders
from huaxin.orders.model import Order
from tests.unit.orders.helpers import Play

SHOP = "shop-1"


class Listeners:
    """What a hub was told, in order."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, int]] = []
        self.reset_channels: set[str] = set()
        self.channels: dict[str, None] = {}

    def deliver(self, channel: str, offset: int, payloads: Mapping[str, bytes]) -> int:
        self.heard.append((channel, offset))
        return 1

    def revoke(self, channel: str, user: str, why: Any = None) -> int:
        return 0

    def reset(self, channel: str) -> int:
        self.reset_channels.add(channel)
        return 0

    def seqs(self, order: str) -> list[int]:
        return [seq for channel, seq in self.heard if channel == f"order:{order}"]


class States:
    """States as the journal gives them: from memory, or after a while from the store."""

    def __init__(self) -> None:
        self.known: dict[str, Order] = {}
        self.stored: dict[str, Callable[[], Order | None]] = {}
        self.gate = asyncio.Event()
        self.asked: list[str] = []

    def cached_state(self, shop: str, subject: str) -> Order | None:
        return self.known.get(subject)

    async def state(self, shop: str, subject: str) -> Order | None:
        self.asked.append(subject)
        await self.gate.wait()
        found = self.stored[subject]()
        if found is not None:
            self.known[subject] = found  # the journal keeps what it has read
        return found


def order() -> Order:
    play = Play()
    play.place()
    return play.state


def message(seq: int, subject: str = "a", courier: str = "", body: bytes = b'{"text":"x"}') -> Record:
    return Record(
        shop=SHOP, seq=seq, at=1, subject=subject, type="message_sent", version=1, actor="p", role="buyer",
        audience=13, body=body, courier=courier, courier_before="p-before" if courier else "",
    )  # fmt: skip


def make() -> tuple[Feed, Listeners, States]:
    hub, states = Listeners(), States()
    journal = cast(Journal, states)
    return Feed(journal, Orders(journal, cast(Any, None)), cast(Hub, hub)), hub, states


def test_a_watcher_that_fails_holds_nothing_up() -> None:
    feed, hub, states = make()
    states.known["a"] = order()
    seen: list[int] = []

    def fail(record: Record, order: Order) -> None:
        raise ValueError("a road that is none")

    feed.watch(fail)
    feed.watch(lambda record, order: seen.append(record.seq))
    feed.on_commit(SHOP, [message(1), message(2)])
    assert hub.seqs("a") == [1, 2]
    assert seen == [1, 2]


def test_a_record_that_cannot_be_shown_sends_its_listeners_to_the_journal() -> None:
    feed, hub, states = make()
    states.known["a"] = order()
    broken = Record(
        shop=SHOP, seq=1, at=1, subject="a", type="status_changed", version=1, actor="p", role="shop",
        audience=13, body=b"{not json", delta=b"{}", courier="p-zhang",
    )  # fmt: skip
    feed.on_commit(SHOP, [broken, message(2)])
    assert hub.reset_channels == {"order:a", "track:a", f"shop:{SHOP}", f"run:{SHOP}:p-zhang"}
    assert hub.seqs("a") == [2]


async def test_a_state_that_cannot_be_read_costs_one_record_and_no_other() -> None:
    """Who rides, and who rode, start over too: their run has holes by nature and would not notice."""
    feed, hub, states = make()

    def unreadable() -> Order | None:
        raise OSError("no database")

    states.stored["a"], states.known["b"] = unreadable, order()
    states.gate.set()
    feed.on_commit(SHOP, [message(1, "a", courier="p-zhang"), message(2, "b"), message(3, "b")])
    await asyncio.sleep(0.01)
    assert hub.seqs("b") == [2, 3]
    assert {f"run:{SHOP}:p-zhang", f"run:{SHOP}:p-before", "order:a"} <= hub.reset_channels


async def test_what_another_node_decided_is_read_together_and_told_in_order() -> None:
    """JR-12: forty orders changed elsewhere do not wait for forty round trips one after the other."""
    feed, hub, states = make()
    for name in "abc":
        states.stored[name] = order
    feed.on_commit(SHOP, [message(1, "a"), message(2, "b"), message(3, "a"), message(4, "c")])
    await asyncio.sleep(0.01)
    assert states.asked == ["a", "b", "c"]
    states.gate.set()
    await asyncio.sleep(0.01)
    assert [seq for channel, seq in hub.heard if channel.startswith("order:")] == [1, 2, 3, 4]


async def test_a_failure_after_loading_takes_no_other_record_along() -> None:
    feed, hub, states = make()
    states.stored["a"] = states.stored["b"] = order
    states.gate.set()

    def fail(record: Record, order: Order) -> None:
        raise ValueError

    feed.watch(fail)
    feed.on_commit(SHOP, [message(1, "a"), message(2, "b"), message(3, "a")])
    await asyncio.sleep(0.01)
    assert [seq for channel, seq in hub.heard if channel.startswith("order:")] == [1, 2, 3]


async def test_what_waited_for_a_journal_that_was_is_dropped() -> None:
    """JR-12: an old number delivered late would make the hub ignore the new journal's."""
    feed, hub, states = make()
    states.stored["a"] = order
    feed.on_commit(SHOP, [message(500, "a"), message(501, "a")])
    await asyncio.sleep(0)
    feed.on_reset(SHOP)
    feed.on_commit(SHOP, [message(3, "a")])
    states.gate.set()
    await asyncio.sleep(0.01)
    assert hub.seqs("a") == [3]
