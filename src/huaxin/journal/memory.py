"""What a node knows by heart: heads and newest records of shops, typed states of subjects. All of it can
be dropped at any moment and is then read again."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from huaxin.journal.batch import Key
from huaxin.journal.model import Head, Record, Tally
from huaxin.journal.recents import Recents


class Limits(NamedTuple):
    """How much is kept in memory."""

    records: int = 20_000  # of one shop
    shop_bytes: int = 16 << 20  # of one shop's records
    total_bytes: int = 256 << 20  # of all shops' records
    states: int = 50_000
    warm: int = 2_000  # newest records read when a shop is first needed


class ShopMemory:
    """One shop as this node knows it: always a prefix of its journal."""

    __slots__ = ("at", "head", "hinted", "recents", "shop", "tally")

    def __init__(self, shop: str, head: Head, floor: int) -> None:
        self.shop, self.head = shop, head
        self.at = 0  # time of the last record, ms
        self.hinted = 0  # highest seq heard of
        self.recents = Recents(floor)
        self.tally: Tally | None = None  # at the head like everything here; None: not asked for yet


class Memory:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._shops: OrderedDict[str, ShopMemory] = OrderedDict()  # least recently grown first
        self._states: OrderedDict[Key, Any] = OrderedDict()  # least recently used first
        self._bytes = 0

    def shop(self, shop: str) -> ShopMemory | None:
        return self._shops.get(shop)

    def shops(self) -> list[str]:
        return list(self._shops)

    def adopt(self, shop: str, head: Head, newest: Sequence[Record]) -> ShopMemory:
        """Starts to know a shop from its head and its newest records (dense, up to the head or beyond)."""
        floor = newest[0].seq - 1 if newest else head.seq
        memory = self._shops[shop] = ShopMemory(shop, Head(head.epoch, floor), floor)
        self.absorb(memory, newest)
        return memory

    def absorb(self, memory: ShopMemory, records: Sequence[Record]) -> Sequence[Record]:
        """Takes in what follows the head and returns just that: what is known already is passed over."""
        seq = memory.head.seq
        if records and records[0].seq <= seq:
            records = [r for r in records if r.seq > seq]
        if not records:
            return records
        if records[0].seq != seq + 1:
            raise RuntimeError(f"a hole in the journal of {memory.shop} after {seq}")
        before = memory.recents.bytes
        memory.recents.add(records, self.limits.records, self.limits.shop_bytes)
        memory.head = Head(memory.head.epoch, records[-1].seq)
        memory.at = records[-1].at
        if memory.tally is not None:
            memory.tally.absorb(records)
        self._bytes += memory.recents.bytes - before
        self._shops.move_to_end(memory.shop)
        if self._bytes > self.limits.total_bytes:
            self._forget_quiet_shops(memory)
        return records

    def forget_shop(self, shop: str) -> None:
        memory = self._shops.pop(shop, None)
        if memory is not None:
            self._bytes -= memory.recents.bytes
        for key in [k for k in self._states if k[0] == shop]:
            del self._states[key]

    def forget_recents(self, shop: str) -> None:
        memory = self._shops.get(shop)
        if memory is not None:
            self._bytes -= memory.recents.bytes
            memory.recents.clear()

    def _forget_quiet_shops(self, spared: ShopMemory) -> None:
        for memory in self._shops.values():
            if self._bytes <= self.limits.total_bytes:
                return
            if memory is not spared and memory.recents.bytes:
                self._bytes -= memory.recents.bytes
                memory.recents.clear()

    def state(self, key: Key) -> Any | None:
        """None: not in memory."""
        state = self._states.get(key)
        if state is not None:
            self._states.move_to_end(key)
        return state

    def keep_state(self, key: Key, state: Any) -> None:
        self._states[key] = state
        self._states.move_to_end(key)
        if len(self._states) > self.limits.states:
            self._states.popitem(last=False)

    def drop_states(self, shop: str, subjects: Iterable[str]) -> None:
        for subject in subjects:
            self._states.pop((shop, subject), None)
