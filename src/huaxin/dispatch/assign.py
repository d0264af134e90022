"""Who should take an order: what each courier's run would be with it, and why one is named first."""

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from huaxin.dispatch.load import Hold
from huaxin.dispatch.model import ON_BOARD, STOPS, AssignPreview, Bike
from huaxin.dispatch.roads import Roads, straight_m
from huaxin.dispatch.run import plan_run
from huaxin.kernel import Point, Text
from huaxin.orders.model import Order, Status


class Fetch(NamedTuple):
    """Flowers on another bike: where they are taken over, and after how long."""

    point: Point
    seconds: float  # inf: nobody can tell


HANDOVER_S = 180.0
FOR_EVER_S = 24 * 3600.0


def preview_assign(
    roads: Roads,
    shop: Point,
    order: Order,
    orders: Sequence[Order],
    bike: Bike,
    now: int,
    previous: Sequence[str] = (),
    pace: float = 1.0,
    *,
    hold: Hold | None = None,
    hand: Sequence[str] = (),
    fetch: Fetch | None = None,
) -> AssignPreview:
    """What it would cost to add `order` to a courier's run. Changes nothing. `fetch`: its flowers are on
    another bike, which is ridden to first."""
    others = [o for o in orders if o.id != order.id]
    without = plan_run(roads, shop, others, bike, now, previous, pace, hold=hold, hand=hand)
    offered = order if order.status in STOPS else _as_assigned(order)
    added = [*others, offered]
    begin = now if fetch is None else now + round(min(fetch.seconds, FOR_EVER_S) * 1000)
    there = bike if fetch is None else Bike(courier=bike.courier, point=fetch.point, at=begin)
    with_it = plan_run(roads, shop, added, there, begin, previous, pace, hold=hold, hand=hand)
    late_before = {s.order for s in without.stops if s.late_s > 0}
    late = [s.order for s in with_it.stops if s.late_s > 0 and s.order not in late_before]
    mine = next(s for s in with_it.stops if s.order == order.id)
    extra = round((with_it.finish_at - without.finish_at) / 60_000)
    return AssignPreview(
        extra_minutes=max(0, extra),
        late_orders=late,
        eta_at=mine.arrive_at,
        reachable=mine.known and (fetch is None or fetch.seconds < FOR_EVER_S),
        extra_late_s=max(0.0, with_it.late_s - without.late_s),
    )


def _as_assigned(order: Order) -> Order:
    return replace(order, status=Status.assigned)


def is_same_door(a: Order, b: Order, metres: float = 30.0) -> bool:
    """Do two orders go to the same entrance?"""
    return straight_m(a.address.point, b.address.point) <= metres


class Rider(msgspec.Struct, frozen=True, kw_only=True):
    """A courier as the one who assigns must know them. All of it can travel to another process."""

    courier: str
    name: str
    bike: Bike
    orders: list[Order] = []
    previous: list[str] = []  # the visiting order so far
    hand: list[str] = []  # the one set by hand
    pace: float = 1.0
    hold: Hold = Hold()
    battery: int = -1  # percent; -1: not known
    stale: bool = True  # nothing heard lately
    in_trouble: bool = False  # reported what keeps them from riding
    done: int = 0  # finished lately …
    late: int = 0  # … and of these after the promise


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """One courier for an order. `reason` is one line. Best first by `score` (minutes, as it were)."""

    courier: str
    name: str
    reason: Text
    score: float
    extra_minutes: int
    late_orders: list[str]
    eta_at: int
    reachable: bool = True


LATE_WEIGHT = 2.0  # a minute of lateness against a minute ridden
BROKEN_MIN = 15.0
LOAD_MIN = 1.0  # each order already carried
LOW_BATTERY, LOW_BATTERY_MIN = 20, 15.0
STALE_MIN, LATE_SHARE_MIN = 6.0, 20.0
TROUBLE_MIN, NO_WAY_MIN = 600.0, 300.0
ENOUGH_DONE = 5  # below, history says nothing


def suggest(roads: Roads, shop: Point, order: Order, riders: Sequence[Rider], now: int) -> list[Suggestion]:
    """Who should take this order, best first."""
    holder = next((rider for rider in riders if any(one.id == order.id for one in rider.orders)), None)
    found = [_suggest_one(roads, shop, order, rider, now, holder) for rider in riders]
    return sorted(found, key=lambda one: (one.score, one.name, one.courier))


def preview_rider(
    roads: Roads, shop: Point, order: Order, rider: Rider, now: int, holder: Rider | None = None
) -> AssignPreview:
    """As preview_assign, of one courier. `holder`: who has the order now."""
    return preview_assign(
        roads, shop, order, rider.orders, rider.bike, now, rider.previous, rider.pace,
        hold=rider.hold, hand=rider.hand, fetch=_fetch(roads, shop, order, rider, holder),
    )  # fmt: skip


def _fetch(roads: Roads, shop: Point, order: Order, rider: Rider, holder: Rider | None) -> Fetch | None:
    """None: it is at the shop, or on this courier's own bike."""
    if order.held_by is not None and order.status not in ON_BOARD:  # given on already, and not yet met
        has, where = order.held_by.person, order.held_by.point
    elif order.status in ON_BOARD and holder is not None:
        has, where = holder.courier, holder.bike.point
    else:
        return None
    if has == rider.courier:
        return None
    if where is None:
        return Fetch(shop, inf)
    seconds = float(roads.table([rider.bike.point or shop], [where])[0][0][0])
    return Fetch(where, seconds * rider.pace + HANDOVER_S)


def _suggest_one(
    roads: Roads, shop: Point, order: Order, rider: Rider, now: int, holder: Rider | None
) -> Suggestion:
    cost = preview_rider(roads, shop, order, rider, now, holder)
    carried = sum(one.id != order.id for one in rider.orders)
    score = cost.extra_minutes + LATE_WEIGHT * cost.extra_late_s / 60 + BROKEN_MIN * len(cost.late_orders)
    score += LOAD_MIN * carried + (STALE_MIN if rider.stale else 0.0)
    score += LOW_BATTERY_MIN if 0 <= rider.battery < LOW_BATTERY else 0.0
    score += LATE_SHARE_MIN * late_share(rider)
    score += (TROUBLE_MIN if rider.in_trouble else 0.0) + (0.0 if cost.reachable else NO_WAY_MIN)
    return Suggestion(
        courier=rider.courier, name=rider.name, reason=_reason(rider, cost, order, carried),
        score=round(score, 1), extra_minutes=cost.extra_minutes, late_orders=cost.late_orders,
        eta_at=cost.eta_at, reachable=cost.reachable,
    )  # fmt: skip


def late_share(rider: Rider) -> float:
    return rider.late / rider.done if rider.done >= ENOUGH_DONE else 0.0


def _reason(rider: Rider, cost: AssignPreview, order: Order, carried: int) -> Text:
    zh, en = [], []
    number = {one.id: one.number for one in [*rider.orders, order]}
    if rider.in_trouble:
        zh.append("路上遇到麻烦")
        en.append("in trouble on the road")
    if not cost.reachable:
        zh.append("地图上没有路到那里")
        en.append("no way there on the map")
    elif cost.late_orders:
        named = " ".join(f"#{number[one]}" for one in cost.late_orders[:3])
        zh.append(f"{named} 会晚到")
        en.append(f"{named} would be late")
    else:
        zh.append("都能准时")
        en.append("all on time")
    zh.append(f"多 {cost.extra_minutes} 分钟")
    en.append(f"{cost.extra_minutes} min more")
    zh.append(f"手上 {carried} 单" if carried else "空闲")
    en.append((f"{carried} order" + ("s" if carried > 1 else "")) if carried else "free")
    if 0 <= rider.battery < LOW_BATTERY:
        zh.append(f"电量 {rider.battery}%")
        en.append(f"battery {rider.battery}%")
    if rider.stale:
        zh.append("位置不是最新")
        en.append("position not fresh")
    if rider.done >= ENOUGH_DONE:
        kept = round(100 * (1 - late_share(rider)))
        zh.append(f"近期准时 {kept}%")
        en.append(f"{kept}% on time lately")
    return Text(" · ".join(zh), " · ".join(en))
