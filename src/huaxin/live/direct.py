"""The short way of a command from a session's frame into the journal's queue.

Nearly every command needs nothing that has to be waited for: its order is in memory and no field is left
for the server to fill in. Such a command makes no task and no future; who somebody is on an order is
worked out once for as long as neither changes. Anything unusual is left to the long way, which also says
what is wrong.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from huaxin.journal.journal import Journal
from huaxin.journal.model import Actor, Command, Rejected
from huaxin.live.orders import Orders
from huaxin.orders.model import Order
from huaxin.people.model import Principal

MOST_ID = 64
_REMEMBERED = 20_000


class CommandHead(msgspec.Struct, frozen=True, gc=False):
    """What stands beside a command's own fields; those are read from the same bytes."""

    command_id: str = ""
    device_at: int = 0
    line: str = ""  # see live/lines.py


read_head = msgspec.json.Decoder(CommandHead).decode

FindActor = Callable[[Principal, str, Order], Actor | None]


class _Member:
    """Somebody on an order, as both are now: both are values that are replaced, never changed."""

    __slots__ = ("actors", "order", "who")

    def __init__(self, order: Order, who: Principal) -> None:
        self.order, self.who = order, who
        self.actors: dict[str, Actor | None] = {}  # by command


class Direct:
    """Makes typed commands of those that need no waiting."""

    def __init__(
        self, journal: Journal, orders: Orders, kinds: dict[str, type], find_actor: FindActor
    ) -> None:
        """`kinds`: the commands that may go this way. `find_actor`: who somebody is for a command of this
        name on this order; None: nobody."""
        self._journal, self._orders, self._find_actor = journal, orders, find_actor
        self._decoders: dict[str, msgspec.json.Decoder[Any]] = {
            name: msgspec.json.Decoder(kind) for name, kind in kinds.items()
        }
        self._members: dict[tuple[str, str, str], _Member] = {}

    def read(self, who: Principal, name: str, data: bytes, at_once: Callable[[Any], bool]) -> Command | None:
        """The command, with the right to it checked; None: not by this way."""
        decoder = self._decoders.get(name)
        if decoder is None or not who.person:
            return None
        try:
            head = read_head(data)
            body = decoder.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        command_id = head.command_id
        if not 0 < len(command_id) <= MOST_ID or not command_id.isprintable() or not at_once(body):
            return None  # as check_command would say; the order and its shop are in the journal already
        order = self._orders.known(body.order)
        if order is None:
            return None
        actor = self._actor(who, name, order)
        if actor is None:
            return None
        return Command(
            shop=order.shop,
            subject=order.id,
            actor=actor,
            command_id=command_id,
            body=body,
            device_at=head.device_at,
        )

    def _actor(self, who: Principal, name: str, order: Order) -> Actor | None:
        key = (order.id, who.person, who.device)
        member = self._members.get(key)
        if member is None or member.order is not order or member.who is not who:
            if len(self._members) >= _REMEMBERED:
                self._members.clear()
            member = self._members[key] = _Member(order, who)
        if name not in member.actors:
            member.actors[name] = self._find_actor(who, name, order)
        return member.actors[name]

    def put(self, command: Command, call: Any) -> bool:
        """Into the journal's queue; False when it does not take it now."""
        try:
            self._journal.begin(command, call)
        except Rejected:
            return False
        return True
