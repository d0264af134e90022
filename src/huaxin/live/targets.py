"""Looks up the messages that a command is about, for the decision."""

from typing import Any

import msgspec

from huaxin.conversation import commands as c
from huaxin.conversation.targets import Aimed, Target, missing_message
from huaxin.journal.journal import Journal
from huaxin.journal.model import Record, Rejected
from huaxin.kernel import AUDIENCE_OF
from huaxin.live.orders import Orders
from huaxin.orders.decide import missing
from huaxin.orders.model import Order
from huaxin.orders.overlays import OverlayState
from huaxin.people.access import roles_on
from huaxin.people.model import Principal

ANSWERING = frozenset({c.Say, c.SendPlace, c.SendMedia})  # carry a message or not
ABOUT = frozenset(
    {c.RecallMessage, c.EditMessage, c.React, c.PinMessage, c.AnswerQuestion, c.StopLive, c.ReportMessage}
)


class Targets:
    """A message nobody answers with costs nothing here."""

    def __init__(self, journal: Journal, orders: Orders) -> None:
        self._journal, self._orders = journal, orders

    async def find(self, shop: str, order: str, seq: int) -> Target | None:
        """The record of this order with this seq. Who may see it is for the decision to say."""
        record = await self.record(shop, order, seq)
        return _target(record) if record is not None else None

    async def record(self, shop: str, order: str, seq: int) -> Record | None:
        if seq < 1:
            return None
        found = await self._journal.read_subject(shop, order, seq - 1, 1)
        return found[0] if found and found[0].seq == seq else None

    def is_about_messages(self, wish: Any) -> bool:
        kind = type(wish)
        if kind in ANSWERING:
            return bool(wish.reply_to or wish.mentions)
        return kind in ABOUT or kind is c.ForwardMessages

    async def aim(self, wish: Any, who: Principal, order: Order | None) -> Any:
        """The command with the messages it is about, when it is about any. Raises Rejected."""
        kind = type(wish)
        if order is None:
            return wish
        if kind in ABOUT:
            return await self._aimed(wish, order, wish.seq)
        if kind is c.ForwardMessages:
            return await self._forward(wish, who, order)
        if kind in ANSWERING and (wish.reply_to or wish.mentions):
            return await self._aimed(wish, order, wish.reply_to)
        return wish

    async def _aimed(self, wish: Any, order: Order, seq: int) -> Aimed:
        target = await self.find(order.shop, order.id, seq)
        return Aimed(wish=wish, targets=[target] if target is not None else [])

    async def _forward(self, wish: c.ForwardMessages, who: Principal, order: Order) -> Aimed:
        """Only what the sender may see where it comes from, and only within one shop."""
        source = order if wish.from_order == order.id else await self._orders.find(wish.from_order)
        roles = roles_on(source, who) if source is not None else []
        if source is None or not roles:
            raise missing(wish.from_order)
        if source.shop != order.shop:
            raise Rejected("forward.other_shop", "Messages stay within one shop.", source.id, status=422)
        seen = 0
        for role in roles:
            seen |= int(AUDIENCE_OF[role])
        targets = []
        for seq in wish.seqs:
            target = await self.find(source.shop, source.id, seq)
            if target is None or not (target.audience & seen or target.person == who.person):
                raise missing_message(seq)
            if source is not order:
                # Whether it may be seen was asked there; here it is the sender's own to give.
                overlay = source.overlays.get(str(seq)) or OverlayState(audience=target.audience)
                target = msgspec.structs.replace(target, person=who.person, overlay=overlay)
            targets.append(target)
        return Aimed(wish=wish, targets=targets)


def _target(record: Record) -> Target:
    return Target(
        seq=record.seq,
        at=record.at,
        type=record.type,
        person=record.actor,
        role=record.role,
        audience=record.audience,
        body=msgspec.json.decode(record.body),
    )
