"""What is shown of a shop's delivery slots."""

import msgspec

from huaxin.kernel import Text
from huaxin.live.views import AsapView, NoteSlot, Slot
from huaxin.slots.model import SlotPlan


class SlotsView(msgspec.Struct, frozen=True, kw_only=True):
    """When a shop delivers to an address. `reachable` False comes with words that say why."""

    reachable: bool
    words: Text | None = None
    zone: Text | None = None
    slots: list[Slot] = []
    asap: AsapView | None = None
    note: NoteSlot | None = None


class SlotPlanView(msgspec.Struct, frozen=True, kw_only=True):
    """`is_set` False: the shop has set nothing, `plan` is what it does all the same."""

    is_set: bool
    plan: SlotPlan


class SlotLoad(msgspec.Struct, frozen=True, kw_only=True):
    """How full a slot is. 0 seats or bouquets at most: not limited."""

    start: int
    end: int
    label: Text
    open: bool
    full: bool
    orders: int
    seats: int
    bouquets: int
    most_bouquets: int
