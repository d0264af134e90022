"""Commands and questions about runs. None of them is an event of an order; what they change is kept apart."""

from typing import Annotated

import msgspec
from msgspec import Meta

from huaxin.dispatch.assign import Rider
from huaxin.dispatch.roads import Roads
from huaxin.dispatch.run import plan_run
from huaxin.kernel import Point
from huaxin.orders.commands import Id

MOST_STOPS = 200
Ids = Annotated[list[Id], Meta(max_length=MOST_STOPS)]


class SetRunOrder(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="set_run_order"):
    """The visiting order from now on, until it is let go with none. `courier` "": one's own run."""

    shop: Id
    courier: Annotated[str, Meta(max_length=64)] = ""
    orders: Ids = []


class SetBike(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="set_bike"):
    """The room on a courier's bike. `courier` "": on the shop's bikes usually."""

    shop: Id
    courier: Annotated[str, Meta(max_length=64)] = ""
    places: Annotated[int, Meta(ge=1, le=100)] = 10
    tall: Annotated[int, Meta(ge=0, le=20)] = 2


class SetAssignment(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="set_assignment"):
    """Whether orders find their courier by themselves: when ready, or 45 min before the promise."""

    shop: Id
    automatic: bool = False


class ApplyBatch(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="apply_batch"):
    """Assigns what was proposed, order by order. Once more does no harm: what is done stays done."""

    job: Annotated[str, Meta(max_length=64)]


class ApplyHandover(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="apply_handover"):
    """Gives the orders of a courier in trouble to others, as proposed, and says where they meet."""

    shop: Id
    courier: Id
    movable: bool = False


class ShopOnly(msgspec.Struct, frozen=True, kw_only=True):
    shop: Id


class PreviewArgs(msgspec.Struct, frozen=True, kw_only=True):
    order: str
    courier: str


class SuggestArgs(msgspec.Struct, frozen=True, kw_only=True):
    order: Id


class PreviewRunOrder(msgspec.Struct, frozen=True, kw_only=True):
    shop: Id
    courier: Annotated[str, Meta(max_length=64)] = ""
    orders: Ids = []


class BatchArgs(msgspec.Struct, frozen=True, kw_only=True):
    """None named: all that have no courier yet."""

    shop: Id
    orders: Annotated[list[Id], Meta(max_length=1000)] = []


class HandoverArgs(msgspec.Struct, frozen=True, kw_only=True):
    """`movable`: the bike still rolls, so they may meet half-way."""

    shop: Id
    courier: Id
    movable: bool = False


class RunOrderEffect(msgspec.Struct, frozen=True, kw_only=True):
    """What a visiting order would do against the one in force."""

    etas: dict[str, int]
    extra_minutes: int  # negative: it is sooner
    late_orders: list[str]  # late with it
    newly_late: list[str]  # late with it, and not now


def effect_of(roads: Roads, shop: Point, rider: Rider, wanted: list[str], now: int) -> RunOrderEffect:
    """Compares the wanted order of visits with the one in force."""
    args = roads, shop, rider.orders, rider.bike, now
    before = plan_run(*args, pace=rider.pace, hold=rider.hold, hand=rider.previous)
    after = plan_run(*args, pace=rider.pace, hold=rider.hold, hand=wanted)
    late = list(after.unkept)
    return RunOrderEffect(
        etas={stop.order: stop.arrive_at for stop in after.stops},
        extra_minutes=round((after.finish_at - before.finish_at) / 60_000),
        late_orders=late,
        newly_late=[one for one in late if one not in before.unkept],
    )
