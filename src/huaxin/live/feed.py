"""After commit: records become publications. Journal → hub, in order of seq per shop, nothing skipped."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection, Sequence
from itertools import islice

from huaxin.gateway.codes import RESUBSCRIBE
from huaxin.gateway.hub import Hub
from huaxin.journal.journal import Journal
from huaxin.journal.model import Record
from huaxin.kernel import Role
from huaxin.live import channels
from huaxin.live.orders import Orders
from huaxin.live.render import render_access_ended, render_for_all
from huaxin.orders.model import Order

log = logging.getLogger(__name__)

AT_ONCE = 50  # states another node decided, read at a time
Watcher = Callable[[Record, Order], None]


class Feed:
    """Told by the journal of every durable record; tells the hub and whoever else watches."""

    def __init__(self, journal: Journal, orders: Orders, hub: Hub) -> None:
        self._journal, self._orders, self._hub = journal, orders, hub
        self._waiting: deque[Record] = deque()
        self._loading: asyncio.Task[None] | None = None
        self._watchers: list[tuple[Watcher, Collection[str] | None]] = []
        self._watchers_of: dict[str, list[Watcher]] = {}  # by type of record
        self._change_watchers: list[Watcher] = []

    def watch(self, watcher: Watcher, types: Collection[str] | None = None) -> None:
        """`watcher(record, order)` runs on the loop for every record, or those of these types; it must be
        quick."""
        self._watchers.append((watcher, types))
        self._watchers_of.clear()

    def watch_changes(self, watcher: Watcher) -> None:
        """The same for the records that changed their order: messages do not."""
        self._change_watchers.append(watcher)

    def on_commit(self, shop: str, records: Sequence[Record]) -> None:
        """Records of one shop, ascending. States written by this node are in memory: no waiting then."""
        self._waiting.extend(records)
        if self._loading is None:
            self._drain()

    def on_reset(self, shop: str) -> None:
        """The shop's journal is another one now: everybody takes a fresh snapshot."""
        # What still waits is of the journal that was; its numbers would stand in the way of the new ones.
        self._waiting = deque(record for record in self._waiting if record.shop != shop)
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
            self._tell(record, order)

    async def _load(self, record: Record) -> None:
        # Those behind it are wanted next: asked for together they take the store hardly longer than one.
        behind = [(one.shop, one.subject) for one in islice(self._waiting, AT_ONCE)]
        wanted = dict.fromkeys([(record.shop, record.subject), *behind])
        order, *_ = await asyncio.gather(
            *(self._journal.state(*key) for key in wanted), return_exceptions=True
        )
        if isinstance(order, BaseException):
            log.error("the state of %s could not be read", record.subject, exc_info=order)
            order = None
        if self._waiting and self._waiting[0] is record:  # else the journal was reset meanwhile
            self._waiting.popleft()
            if order is None:
                self._start_over(record)
            else:
                self._tell(record, order)
        self._loading = None
        self._drain()

    def _tell(self, record: Record, order: Order) -> None:
        """Nothing that goes wrong with one record may hold up or swallow another."""
        try:
            self._publish(record, order)
        except Exception:
            log.exception("seq %d of %s could not be told", record.seq, record.shop)
            self._start_over(record)
        watchers = self._watchers_of.get(record.type)
        if watchers is None:
            watchers = [tell for tell, types in self._watchers if types is None or record.type in types]
            self._watchers_of[record.type] = watchers
        for watcher in watchers + self._change_watchers if record.delta else watchers:
            try:
                watcher(record, order)
            except Exception:
                log.exception("a watcher of the feed failed at seq %d of %s", record.seq, record.shop)

    def _start_over(self, record: Record) -> None:
        """Whoever should have heard it subscribes again, and reads it from the journal."""
        hub, shop = self._hub, record.shop
        hub.reset(channels.order_channel(record.subject))
        hub.reset(channels.track_channel(record.subject))
        hub.reset(channels.shop_channel(shop))
        for courier in {record.courier, record.courier_before} - {""}:
            hub.reset(channels.run_channel(shop, courier))

    def _publish(self, record: Record, order: Order) -> None:
        if record.delta:
            self._orders.remember(record.subject, record.shop)
        hub, seq = self._hub, record.seq
        payloads = render_for_all(record, order)
        closes = record.type == "privacy_closed"
        if order.privacy_closed and not closes:
            payloads = {view: data for view, data in payloads.items() if view != Role.courier.value}
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
        if closes and record.courier:
            self._end_access(record.subject, record.courier)

    def _end_access(self, order: str, person: str) -> None:
        """They may subscribe again with what they still are on it: the shop's owner rides too."""
        self._hub.revoke(channels.order_channel(order), person, RESUBSCRIBE)
        self._hub.revoke(channels.track_channel(order), person, RESUBSCRIBE)

    def _take_from(self, record: Record) -> None:
        """The order is somebody else's now: its former courier sees that, and nothing after it."""
        before = record.courier_before
        self._end_access(record.subject, before)
        run = channels.run_channel(record.shop, before)
        self._hub.deliver(run, record.seq, {"courier": render_access_ended(record)})
