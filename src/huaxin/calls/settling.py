"""What follows for calls from what happens to the order: a courier who loses it leaves its calls."""

from msgspec.structs import replace

from huaxin.calls.missed import settle_missed
from huaxin.calls.moves import audience_of, leave, stop_ringing
from huaxin.kernel import Audience, Role
from huaxin.orders.events import OrderEvent
from huaxin.orders.model import Order


def settle_calls(before: Order, after: Order, now: int) -> tuple[Order, list[tuple[OrderEvent, Audience]]]:
    """The order without calls that are over, the events that tell it."""
    had = before.courier.person if before.courier else ""
    has = after.courier.person if after.courier else ""
    if had == has and after.privacy_closed == before.privacy_closed:
        return after, []
    told: list[tuple[OrderEvent, Audience]] = []
    kept = []
    for call in after.calls:
        rest, audience = call, audience_of(call)
        over = False
        events: list[OrderEvent] = []
        if Role.courier in call.ringing:  # it rang for the one who had it
            then, more = stop_ringing(rest, {Role.courier}, "reassigned", now)
            over, rest, events = then is None, then or rest, [*events, *more]
        for member in [one for one in rest.members if one.role is Role.courier]:
            if over:
                break
            then, more = leave(rest, member, "reassigned", now)
            over, rest, events = then is None, then or rest, [*events, *more]
        told += [(event, audience) for event in events]
        if not over:
            kept.append(rest)
    missed = settle_missed(after.missed_calls, Role.courier, list(Role))  # it was the other one's
    return replace(after, calls=kept, missed_calls=missed), told
