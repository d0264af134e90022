"""The newest records of one shop, in memory: what a reconnect storm reads instead of the store."""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable
from itertools import islice
from operator import attrgetter

from huaxin.journal.model import Record

_OVERHEAD = 700  # bytes of a record beside its raw JSON, about
_seq = attrgetter("seq")


class Recents:
    """A ring of records with floor < seq ≤ head, without a hole, also by subject and by courier.

    An answer is given only for what lies wholly above the floor; None means: ask the store.
    """

    __slots__ = ("_by_courier", "_by_subject", "_ring", "_sizes", "bytes", "floor")

    def __init__(self, floor: int) -> None:
        self.floor = floor  # seq of the newest record that is not here
        self.bytes = 0
        self._ring: deque[Record] = deque()
        self._sizes: deque[int] = deque()  # bytes of each record of the ring
        self._by_subject: dict[str, list[Record]] = {}
        self._by_courier: dict[str, list[Record]] = {}

    def __len__(self) -> int:
        return len(self._ring)

    def add(self, records: Iterable[Record], most: int, most_bytes: int) -> None:
        """Appends records that follow the newest one densely, then forgets the oldest beyond the limits."""
        ring, sizes = self._ring, self._sizes
        for record in records:
            size = len(record.body) + len(record.delta) + len(record.result) + _OVERHEAD
            ring.append(record)
            sizes.append(size)
            self.bytes += size
            _index(self._by_subject, record.subject, record)
            if record.courier_before:
                for courier in _couriers(record):
                    _index(self._by_courier, courier, record)
            elif record.courier:
                _index(self._by_courier, record.courier, record)
        while len(ring) > most or self.bytes > most_bytes:
            self._forget_oldest()

    def clear(self) -> None:
        if self._ring:
            self.floor = self._ring[-1].seq
        self._ring.clear()
        self._sizes.clear()
        self._by_subject.clear()
        self._by_courier.clear()
        self.bytes = 0

    def since(self, after: int, limit: int) -> list[Record] | None:
        if after < self.floor:
            return None
        # Dense: the place in the ring is known. Reached from the nearer end, most readers lack only a few.
        missing = len(self._ring) - (after - self.floor)
        if missing <= 0:
            return []
        if missing > len(self._ring) // 2:
            return list(islice(self._ring, after - self.floor, after - self.floor + limit))
        found = list(islice(reversed(self._ring), missing))
        found.reverse()
        return found[:limit]

    def subject(
        self, subject: str, after: int, limit: int, before: int = 0, newest: bool = False
    ) -> list[Record] | None:
        known = self._by_subject.get(subject, [])
        start = bisect_right(known, after, key=_seq)
        end = bisect_left(known, before, key=_seq) if before else len(known)
        if newest and end - start >= limit:
            return known[end - limit : end]
        if after < self.floor:
            return None
        return known[start:end][:limit]

    def run(self, courier: str, after: int, limit: int) -> list[Record] | None:
        if after < self.floor:
            return None
        known = self._by_courier.get(courier, [])
        start = bisect_right(known, after, key=_seq)
        return known[start : start + limit]

    def _forget_oldest(self) -> None:
        record = self._ring.popleft()
        self.floor = record.seq
        self.bytes -= self._sizes.popleft()
        _unindex(self._by_subject, record.subject)
        for courier in _couriers(record):
            _unindex(self._by_courier, courier)


def _couriers(record: Record) -> tuple[str, ...]:
    now, before = record.courier, record.courier_before
    if before and before != now:
        return (now, before) if now else (before,)
    return (now,) if now else ()


def _index(index: dict[str, list[Record]], key: str, record: Record) -> None:
    # Lists, not deques: most keys have few records, and an empty deque takes 700 bytes.
    known = index.get(key)
    if known is None:
        index[key] = [record]
    else:
        known.append(record)


def _unindex(index: dict[str, list[Record]], key: str) -> None:
    known = index[key]
    del known[0]
    if not known:
        del index[key]
