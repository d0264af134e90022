"""After commit: records become publications. Journal → hub, in order of seq per shop, nothing skipped."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence

from huaxin.gateway.hub import Hub
from huaxin.journal.journal import Journal
from huaxin.journal.model import Record
from huaxin.live import channels
from huaxin.live.orders import Orders
from huaxin.live.render import render_access_ended, render_for_all
from huaxin.orders.model import Order

log = logging.getLogger(__name__)

Watcher = Callable[[Record, Order], None]


class Feed:
    """Told by the journal of every durable record; tells the hub and whoever else watches."""

    def __init__(self, journal: Journal, orders: Orders, hub: Hub) -> None:
        self._journal, self._orders, self._hub = journal, orders, hub
        self._waiting: deque[Record] = deque()
        self._loading: asyncio.Task[None] | None = None
        self._watchers: list[Watcher] = []

    def watch(self, watcher: Watcher) -> None:
        """`watcher(record, order)` runs on the loop for every record; it must be quick."""
        self._watchers.append(watcher)

    def on_commit(self, shop: str, records: Sequence[Record]) -> None:
        """Records of one shop, ascending. States written by this node are in memory: no waiting then."""
        self._waiting.extend(records)
        if self._loading is None:
            self._drain()

    def on_reset(self, shop: str) -> None:
        """The shop's journal is another one now: everybody takes a fresh snapshot."""
        hub = self._hub
        hub.reset(channels.shop_channel(shop))
        for name in list(hub.channels):
            if name.startswith(("order:", f"run:{shop}:")):
                hub.reset(name)

    def _drain(self) -> None:
        while self._waiting:
            record = self._waiting[0]
            order = self._journal.cached_state(record.shop, record.subject)
            if order is None:
                # Another node decided this one. Order matters more than speed: the rest waits behind it.
                self._loading = asyncio.get_running_loop().create_task(self._load(record))
                return
            self._waiting.popleft()
            self._publish(record, order)

    async def _load(self, record: Record) -> None:
        try:
            order = await self._journal.state(record.shop, record.subject)
            self._waiting.popleft()
            if order is not None:
                self._publish(record, order)
        except Exception:
            # The hub then sees a gap for this channel's sessions: they are told to resume from the store.
            log.exception("state of %s could not be read; its listeners start over", record.subject)
            self._waiting.popleft()
            self._hub.reset(channels.order_channel(record.subject))
            self._hub.reset(channels.shop_channel(record.shop))
        finally:
            self._loading = None
        self._drain()

    def _publish(self, record: Record, order: Order) -> None:
        self._orders.remember(record.subject, record.shop)
        hub, seq = self._hub, record.seq
        payloads = render_for_all(record, order)
        if record.courier_before:
            self._take_from(record)
        hub.deliver(channels.order_channel(record.subject), seq, payloads)
        staff = payloads.get("shop")
        if staff is not None:
            hub.deliver(channels.shop_channel(record.shop), seq, {"shop": staff})
        if record.courier:
            carried = payloads.get("courier")
            if carried is not None:
                run = channels.run_channel(record.shop, record.courier)
                hub.deliver(run, seq, {"courier": carried})
        for watcher in self._watchers:
            watcher(record, order)

    def _take_from(self, record: Record) -> None:
        """The order is somebody else's now: its former courier sees that, and nothing after it."""
        before = record.courier_before
        self._hub.revoke(channels.order_channel(record.subject), before)
        self._hub.revoke(channels.track_channel(record.subject), before)
        run = channels.run_channel(record.shop, before)
        self._hub.deliver(run, record.seq, {"courier": render_access_ended(record)})
