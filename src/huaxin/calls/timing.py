"""What is due in an order's calls because time went by."""

from collections.abc import Iterator

from huaxin.calls.commands import MissCall
from huaxin.calls.model import LONGEST_MS
from huaxin.orders.model import Order


def due_calls(order: Order, now: int) -> Iterator[tuple[MissCall, int]]:
    """The command of the system and the moment it was due."""
    for call in order.calls:
        if call.ringing and call.ring_until <= now:
            yield MissCall(order=order.id, call=call.id), call.ring_until
        elif call.at + LONGEST_MS <= now:
            yield MissCall(order=order.id, call=call.id), call.at + LONGEST_MS
