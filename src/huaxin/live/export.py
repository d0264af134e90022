"""One order's whole conversation as one role sees it: to keep, to print, to show in a dispute."""

import asyncio
from collections.abc import Callable

import msgspec

from huaxin.journal.journal import Journal
from huaxin.live import views as v
from huaxin.live.orders import Orders
from huaxin.live.queries import OrderArgs, is_secret, view_of
from huaxin.live.render import render
from huaxin.people.model import Principal

_PAGE = 200
MOST_EVENTS = 20_000
_decode = msgspec.json.Decoder(v.EventView).decode


class Export:
    def __init__(self, journal: Journal, orders: Orders, clock: Callable[[], int]) -> None:
        self._journal, self._orders, self._clock = journal, orders, clock

    async def export_order(self, who: Principal, args: OrderArgs) -> v.OrderExport:
        """Redacted as every history is, for the role that asks. Raises Rejected order.not_found."""
        order, role = await self._orders.access(args.order, who)
        head = await self._journal.head(order.shop)
        events: list[v.EventView] = []
        after, more = 0, True
        while more and len(events) < MOST_EVENTS:
            records = await self._journal.read_subject(order.shop, order.id, after, _PAGE)
            order = await self._orders.find(order.id) or order
            seen = (render(record, order, role, self._clock()) for record in records)
            events += [_decode(data) for data in seen if data is not None]
            more = len(records) == _PAGE
            after = records[-1].seq if records else after
            await asyncio.sleep(0)  # messages pass in between
        return v.OrderExport(
            exported_at=self._clock(),
            cursor=v.Cursor(head.epoch, head.seq),
            role=role,
            shop_name="" if is_secret(order, role) else order.shop_name,
            time_zone=order.time_zone,
            order=view_of(order, role),
            events=[_bare(one) for one in events],
            complete=not more,
        )


def _bare(event: v.EventView) -> v.EventView:
    """Without what only a living screen needs."""
    return msgspec.structs.replace(event, actions=None, attention=None, command_id="")
