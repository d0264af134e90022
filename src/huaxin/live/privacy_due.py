"""When the courier's sight of a finished order's address and phone ends."""

import heapq
from collections.abc import Iterator

from huaxin.orders.model import Order

PRIVACY_MS = 30 * 60_000  # how long after completion a courier still sees address and phone


class PrivacyDue:
    def __init__(self) -> None:
        self._heap: list[tuple[int, str, str]] = []  # when, shop, order

    def schedule(self, order: Order, now: int) -> None:
        """Of a finished order, once its sight is still open."""
        if order.courier is None or order.privacy_closed:
            return
        done = max(order.times.values(), default=now)
        heapq.heappush(self._heap, (done + PRIVACY_MS, order.shop, order.id))

    def due(self, now: int) -> Iterator[tuple[str, str]]:
        """(shop, order) of those that are over, each once."""
        while self._heap and self._heap[0][0] <= now:
            _, shop, order = heapq.heappop(self._heap)
            yield shop, order
