"""What may be wished of and asked about a shop's slots."""

from typing import Annotated

import msgspec
from msgspec import Meta

from huaxin.kernel import Point
from huaxin.orders.commands import Id
from huaxin.slots.model import SlotPlan

MOST_DAYS = 60


class SetSlots(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="set_slots"):
    """When the shop delivers from now on, in whole. None: as before it was ever set. What is booked stays."""

    shop: Id
    plan: SlotPlan | None = None


class FindSlotsArgs(msgspec.Struct, frozen=True, kw_only=True):
    shop: Id
    point: Point | None = None  # None: as if in the nearest zone
    day: Annotated[int, Meta(ge=0, le=90)] = 0  # the first one, counted from today
    days: Annotated[int, Meta(ge=1, le=MOST_DAYS)] = 14
    bouquets: Annotated[int, Meta(ge=1, le=1000)] = 1


class LoadArgs(msgspec.Struct, frozen=True, kw_only=True):
    shop: Id
    days: Annotated[int, Meta(ge=1, le=MOST_DAYS)] = 7
