"""Where a channel's past comes from: the journal, filtered and redacted for whoever reads."""

from collections.abc import Sequence

from huaxin.gateway.ports import Identity, Position, Publication, Range
from huaxin.journal.journal import Journal
from huaxin.journal.model import Record
from huaxin.kernel import Role
from huaxin.live.channels import ChannelName, parse_channel
from huaxin.live.orders import Orders
from huaxin.live.render import render, render_access_ended
from huaxin.orders.model import Order
from huaxin.people.access import role_on
from huaxin.people.model import Principal

_NOWHERE = Position("", 0)


class JournalSource:
    """gateway.ports.Source. Every read is redacted by the order as it is now."""

    def __init__(self, journal: Journal, orders: Orders) -> None:
        self._journal, self._orders = journal, orders

    async def head(self, who: Identity, channel: str) -> Position:
        shop = await self._shop(channel)
        if shop is None:
            return _NOWHERE
        head = await self._journal.head(shop)
        return Position(head.epoch, head.seq)

    async def since(
        self, who: Identity, channel: str, view: str, after: int, epoch: str, limit: int
    ) -> Range:
        name = parse_channel(channel)
        shop = await self._shop(channel)
        if name is None or shop is None:
            return Range(publications=[], position=_NOWHERE)
        # The head first: what is committed while we read is the hub's to deliver.
        head = await self._journal.head(shop)
        position = Position(head.epoch, head.seq)
        if epoch != head.epoch or after > head.seq:
            return Range(publications=[], position=position, complete=False)
        records = await self._read(name, shop, after, limit + 1)
        if len(records) > limit:
            return Range(publications=[], position=position, complete=False)
        told = [record for record in records if record.seq <= head.seq]
        return Range(publications=await self._render(who, name, view, told), position=position)

    async def history(
        self, who: Identity, channel: str, view: str, since: Position | None, limit: int, reverse: bool
    ) -> Range:
        name = parse_channel(channel)
        shop = await self._shop(channel)
        if name is None or shop is None:
            return Range(publications=[], position=_NOWHERE)
        head = await self._journal.head(shop)
        position = Position(head.epoch, head.seq)
        if limit == 0:
            return Range(publications=[], position=position)
        if since is not None and since.epoch and since.epoch != head.epoch:
            return Range(publications=[], position=position, complete=False)
        if name.kind == "order" and reverse:
            before = since.offset if since is not None else 0
            records = await self._journal.read_subject(shop, name.key, 0, limit, before=before, newest=True)
            found = await self._render(who, name, view, records)
            return Range(publications=found[::-1], position=position)
        records = await self._read(name, shop, since.offset if since is not None else 0, limit)
        found = await self._render(who, name, view, records)
        return Range(publications=found[::-1] if reverse else found, position=position)

    async def _shop(self, channel: str) -> str | None:
        name = parse_channel(channel)
        if name is None or name.kind in ("track", "me"):
            return None
        return await self._orders.shop_of(name.key) if name.kind == "order" else name.key

    async def _read(self, name: ChannelName, shop: str, after: int, limit: int) -> list[Record]:
        if name.kind == "order":
            return await self._journal.read_subject(shop, name.key, after, limit)
        if name.kind == "run":
            return await self._journal.read_run(shop, name.courier, after, limit)
        return await self._journal.since(shop, after, limit)

    async def _render(
        self, who: Identity, name: ChannelName, view: str, records: Sequence[Record]
    ) -> list[Publication]:
        found: list[Publication] = []
        principal: Principal = who.claims
        for record in records:
            order = await self._journal.state(record.shop, record.subject)
            if order is None:
                continue
            if name.kind == "run" and role_on(order, principal, Role.courier) is None:
                data = _farewell(record, order, name.courier)
            else:
                data = render(record, order, Role(view))
            if data is not None:
                found.append(Publication(data=data, offset=record.seq))
        return found


def _farewell(record: Record, order: Order, courier: str) -> bytes | None:
    """No longer theirs: of all that happened meanwhile they learn only that it left, or was closed."""
    if record.courier_before == courier:
        return render_access_ended(record)
    if record.type == "privacy_closed" and record.courier == courier:
        return render(record, order, Role.courier)
    return None
