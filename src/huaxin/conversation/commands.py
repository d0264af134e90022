"""What may be wished of a conversation."""

from typing import Annotated

import msgspec
from msgspec import Meta

from huaxin.kernel import Point, Role
from huaxin.orders.commands import Id, OrderCommand

MAX_TEXT = 4000
Roles = Annotated[list[Role], Meta(max_length=8)]


class Say(OrderCommand, frozen=True, kw_only=True, tag="say"):
    """A text. `to`: roles that see it besides the sender and the shop; None: the sender's usual audience."""

    text: Annotated[str, Meta(min_length=1)]
    to: Roles | None = None
    quick: Annotated[str, Meta(max_length=64)] = ""  # key of the quick reply it came from


class SendPlace(OrderCommand, frozen=True, kw_only=True, tag="send_place"):
    point: Point
    name: Annotated[str, Meta(max_length=100)] = ""
    address: Annotated[str, Meta(max_length=200)] = ""
    to: Roles | None = None


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """Received up to, read up to (seq of the shop's journal). Only ever moves forward."""

    order: Id
    received: int = 0
    read: int = 0


ConversationCommands = Say | SendPlace
