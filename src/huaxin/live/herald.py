"""Tells the members of an order when one of them comes or goes. A signal: the snapshot has it too."""

import asyncio
import logging
from collections.abc import Callable

import msgspec

from huaxin.gateway.hub import Hub
from huaxin.gateway.ports import Identity
from huaxin.journal.model import Record
from huaxin.kernel import Role
from huaxin.live import channels
from huaxin.live.presence import Presence
from huaxin.live.signals import PresenceSignal
from huaxin.orders.model import Order
from huaxin.people.service import People

log = logging.getLogger(__name__)
_encode = msgspec.json.Encoder().encode


class Herald:
    """Keeps which open orders a person is on, so that a reconnect storm costs a look-up per person."""

    def __init__(self, hub: Hub, presence: Presence, people: People, clock: Callable[[], int]) -> None:
        self._hub, self._presence, self._people, self._clock = hub, presence, people, clock
        self._orders: dict[str, dict[str, tuple[str, Role]]] = {}  # person → order → (shop, role)
        self._known: dict[str, list[str]] = {}  # order → its persons
        self._tasks: set[asyncio.Task[None]] = set()
        presence.changed.append(self._on_change)

    def on_record(self, record: Record, order: Order) -> None:
        """Told by the feed of every record that changed its order."""
        self.follow(order)

    def follow(self, order: Order) -> None:
        for person in self._known.pop(order.id, ()):
            self._orders.get(person, {}).pop(order.id, None)
            if not self._orders.get(person):
                self._orders.pop(person, None)
        if not order.open:
            return
        members = [(order.buyer.person, Role.buyer)]
        if order.courier is not None:
            members.append((order.courier.person, Role.courier))
        for person, role in members:
            if person:
                self._orders.setdefault(person, {})[order.id] = (order.shop, role)
                self._known.setdefault(order.id, []).append(person)

    def _on_change(self, who: Identity, online: bool) -> None:
        for order, (shop, role) in self._orders.get(who.user, {}).items():
            signal = PresenceSignal(order=order, person=who.user, online=online, last_seen=self._clock())
            data, key = _encode(signal), f"presence:{who.user}"
            # A recipient is told of the courier alone: the sender may wish to stay unknown.
            views = {"buyer": data, "shop": data, "courier": data}
            if role is Role.courier:
                views["recipient"] = data
            self._hub.signal(channels.order_channel(order), views, key)
            self._hub.signal(channels.shop_channel(shop), {"shop": data}, key)
        if not online and who.claims is not None:
            task = asyncio.get_running_loop().create_task(self._keep_last_seen(who))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _keep_last_seen(self, who: Identity) -> None:
        try:
            await self._people.seen(who.claims)
        except Exception:
            log.warning("last seen of %s could not be kept", who.user, exc_info=True)
