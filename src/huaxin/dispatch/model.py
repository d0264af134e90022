"""A run: one courier's ordered list of stops. Times are ms since 1970 (server clock)."""

import msgspec
from msgspec.structs import replace

from huaxin.kernel import Point, Text
from huaxin.orders.model import Order, Status

# What a run is made of. A failed order waits for a decision and a returning one goes home: neither is a stop.
WAITING_AT_SHOP = frozenset({Status.placed, Status.confirmed, Status.making, Status.ready, Status.assigned})
ON_BOARD = frozenset({Status.picked_up, Status.delivering, Status.arriving, Status.arrived})
RIDING = frozenset({Status.delivering, Status.arriving, Status.arrived})
HEADING = frozenset({Status.arriving, Status.arrived})
STOPS = WAITING_AT_SHOP | ON_BOARD

MAKING_MS = 20 * 60_000  # a bouquet from start to ready
READY_MIN_MS = 5 * 60_000  # what is not ready now is not ready sooner than this
AGREED_EARLY_MS = 10 * 60_000  # around a time agreed by phone …
AGREED_LATE_MS = 15 * 60_000  # … the customer expects the bell


class Bike(msgspec.Struct, frozen=True, kw_only=True):
    """Where a courier was last known to be. Without a point the bike stands at the shop."""

    courier: str
    point: Point | None = None
    at: int = 0  # server ms of that position


class PlannedStop(msgspec.Struct, frozen=True, kw_only=True):
    """One stop of a plan, in visiting order."""

    order: str
    rank: int  # from 0
    arrive_at: int  # at the door
    leave_at: int
    ride_s: float  # from the place before, as this courier rides at this hour
    distance_m: float  # of that ride
    pause_s: float = 0.0  # at the shop on the way: waiting for the flowers and taking them
    pause_sd: float = 0.0
    wait_s: float = 0.0  # at the door, until the window opens
    service_s: float = 0.0
    service_sd: float = 0.0
    slack_s: float = 0.0  # promise end − arrival; negative when late
    late_s: float = 0.0
    known: bool = True  # False: the map has no way there, times are a guess
    fixed: bool = False  # the courier is already heading there
    via_shop: bool = False  # the shop is visited just before
    why: Text = Text("", "")
    unkept: Text | None = None  # why the promise cannot be kept on this run


class RunPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The visiting order of a courier's open orders at one shop."""

    courier: str
    at: int
    stops: list[PlannedStop]
    finish_at: int
    late_s: float  # over all stops
    distance_m: float
    changed: bool = False  # orders that were in the plan before now come in another order
    why: Text | None = None  # of the change
    by_hand: bool = False  # a person set the visiting order

    @property
    def orders(self) -> list[str]:
        return [s.order for s in self.stops]

    @property
    def unkept(self) -> dict[str, Text]:
        """The orders whose promise this run cannot keep, and why."""
        return {s.order: s.unkept for s in self.stops if s.unkept is not None}


class AssignPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What giving an order to a courier would cost, shown before the drop."""

    extra_minutes: int
    late_orders: list[str]  # that would be late with it and are not without it (or is the order itself)
    eta_at: int
    reachable: bool = True
    extra_late_s: float = 0.0  # over all promises


def as_carried(order: Order) -> Order:
    """As a run sees it. Flowers on somebody else's bike are met before anything else and are on board from
    then on: they need no way by the shop."""
    if order.held_by is None or order.status in ON_BOARD:
        return order
    return replace(order, status=Status.picked_up)


def window_of(order: Order) -> tuple[int, int]:
    """(start, end) that the door must be reached in; start 0 means any time before end.

    A time agreed by phone is the word the customer now goes by, so it stands in place of the promise,
    until a confirmed change makes a new one.
    """
    if order.agreed_at and order.promise.source != "change":
        return order.agreed_at - AGREED_EARLY_MS, order.agreed_at + AGREED_LATE_MS
    return order.promise.start, order.promise.end


def ready_at(order: Order, now: int) -> int:
    """When the flowers can be taken from the shop."""
    if order.status in ON_BOARD or order.status is Status.ready or "ready" in order.times:
        return now
    if order.status is Status.assigned and "making" not in order.times:
        return now  # assigned without a record of the making: the shop says it can be taken
    begun = order.times.get("making", now)
    return max(begun + MAKING_MS, now + READY_MIN_MS)
