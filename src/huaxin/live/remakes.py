"""A remake that was agreed becomes an order of its own, linked to the first; once, whatever fails between."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from msgspec.structs import replace

from huaxin.journal.journal import Journal
from huaxin.journal.model import Actor, Command, Record, Rejected
from huaxin.kernel import Role
from huaxin.live.orders import Orders
from huaxin.orders.commands import ConfirmOrder, LineWish, PlaceOrder
from huaxin.orders.model import Order
from huaxin.orders.recipient.contact import hides_gift, policy_of
from huaxin.orders.recipient.model import ContactWish
from huaxin.people.model import SYSTEM
from huaxin.shops.store import ShopStore
from huaxin.storage.port import Store, StoreError

log = logging.getLogger(__name__)
LOOKED_BACK, LOOKED_BACK_MS = 2_000, 30 * 24 * 3_600_000  # orders of a shop, by when they were due

GiveCommand = Callable[[Order, Any, str], Awaitable[Any]]


class Remakes:
    """One per node. `give` is Dispatcher.system."""

    def __init__(
        self, journal: Journal, orders: Orders, shops: ShopStore, store: Store, give: GiveCommand
    ) -> None:
        self._journal, self._orders, self._shops, self._store = journal, orders, shops, store
        self._give = give
        self._tasks: set[asyncio.Task[None]] = set()
        self._caught_up: set[str] = set()

    def on_record(self, record: Record, order: Order) -> None:
        """Told by the feed of every record that changed its order."""
        if record.shop not in self._caught_up:
            self._caught_up.add(record.shop)
            self._spawn(self._catch_up(record.shop, record.at - LOOKED_BACK_MS))
        if record.type == "remedy_answered" and wanted(order):
            self._spawn(self._guard(order))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Returns when every remake heard of so far is placed."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _catch_up(self, shop: str, since: int) -> None:
        """What was agreed and not placed before this node stopped: looked for once, when the shop stirs."""
        for row in await self._store.states(shop, since_due=since, limit=LOOKED_BACK):
            if b'"remake":"re-' in row.doc:
                await self._guard(self._journal.rules.load(row.doc))
            await asyncio.sleep(0)

    async def _guard(self, order: Order) -> None:
        try:
            await self.make(order)
        except (Rejected, StoreError):
            log.exception("the remake of %s could not be placed; the next start tries again", order.id)

    async def make(self, order: Order) -> None:
        """Does nothing when it is there already. Raises Rejected, StoreError."""
        new = wanted(order)
        if not new:
            return
        known = await self._orders.find(new)
        if known is None:
            number = await self._shops.take_number(order.shop)
            command = Command(
                shop=order.shop,
                subject=new,
                actor=Actor(person=SYSTEM.person, role=Role.system.value, name=SYSTEM.name),
                command_id=f"place-{new}",
                body=remake_of(order, number),
            )
            await self._journal.submit(command)
            self._orders.remember(new, order.shop)
            known = await self._orders.find(new)
        if known is not None and known.status == "placed":
            # The shop has agreed to it already.
            await self._give(known, ConfirmOrder(order=new), f"confirm-{new}")


def wanted(order: Order) -> str:
    """The id of the order to be made for this one's complaint, "" for none."""
    return order.complaint.remake if order.complaint is not None else ""


def remake_of(order: Order, number: int) -> PlaceOrder:
    """The same again, for nothing, as soon as possible. What the recipient knows by now is no secret."""
    hidden = hides_gift(order)
    return PlaceOrder(
        order=wanted(order),
        shop=order.shop,
        lines=[LineWish(product=line.product, quantity=line.quantity) for line in order.lines],
        recipient=order.recipient,
        address=order.address,
        card=order.card,
        note=order.note,
        surprise=hidden,
        contact=ContactWish(policy=policy_of(order), after=order.contact.after) if hidden else None,
        number=number,
        buyer=order.buyer,
        priced=[replace(line, price=0) for line in order.lines],
        shop_name=order.shop_name,
        time_zone=order.time_zone,
        remake_of=order.id,
    )
