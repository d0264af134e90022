"""When an order's calls are over because time went by."""

from collections.abc import Iterator

from huaxin.calls.commands import MissCall
from huaxin.calls.model import LONGEST_MS
from huaxin.orders.model import Order


def call_steps(order: Order) -> Iterator[tuple[MissCall, int]]:
    """The command of the system and the moment it is due."""
    for call in order.calls:
        at = call.ring_until if call.ringing else call.at + LONGEST_MS
        yield MissCall(order=order.id, call=call.id), at


def due_calls(order: Order, now: int) -> Iterator[tuple[MissCall, int]]:
    """Those whose moment has come."""
    return ((missed, at) for missed, at in call_steps(order) if at <= now)
