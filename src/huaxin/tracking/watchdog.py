"""Who needs looking after, before a buyer asks. A pure function: values in, alerts out, nothing remembered.

An alert is there as long as its cause is: whoever acts on them keeps (kind, courier, order) to act once.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from huaxin.dispatch.model import RIDING, window_of
from huaxin.dispatch.roads import flat_m
from huaxin.kernel import Point, Text
from huaxin.orders.model import Order, Status
from huaxin.tracking.eta import ON_TIME_CHANCE, should_report_slipping
from huaxin.tracking.positions import LOST_MS, CourierTrack
from huaxin.tracking.views import EtaView

SILENT_MS = LOST_MS
STANDSTILL_MS = 8 * 60_000
AT_STOP_M = 120.0
AT_SHOP_M = 150.0


class Alert(NamedTuple):
    """`kind`: silent | standstill | slipping. `order` is empty when it concerns the courier as such."""

    kind: str
    courier: str
    order: str
    since: int
    text: Text


class Watched(NamedTuple):
    """One courier as the watchdog sees them."""

    courier: str
    name: str
    shop: Point
    orders: Sequence[Order]
    track: CourierTrack | None


def watch(couriers: Sequence[Watched], etas: Mapping[str, EtaView], now: int) -> list[Alert]:
    """All alerts that hold now, couriers in the given order."""
    alerts: list[Alert] = []
    for one in couriers:
        riding = [o for o in one.orders if o.status in RIDING]
        if riding:
            alert = _silent(one, riding, now) or _standstill(one, riding, now)
            if alert:
                alerts.append(alert)
        alerts += _slipping(one, etas, now)
    return alerts


def _silent(one: Watched, riding: Sequence[Order], now: int) -> Alert | None:
    set_off = min(o.times.get("delivering", o.times.get("picked_up", now)) for o in riding)
    heard = one.track.latest.at if one.track and one.track.latest else 0
    since = max(heard, set_off)
    if now - since <= SILENT_MS:
        return None
    n = (now - since) // 60_000
    return Alert(
        "silent", one.courier, "", since,
        Text(f"{one.name}已{n}分钟没有位置", f"No position from {one.name} for {n} min"),
    )  # fmt: skip


def _standstill(one: Watched, riding: Sequence[Order], now: int) -> Alert | None:
    track = one.track
    if track is None or track.latest is None or track.anchor is None:
        return None
    if any(o.status is Status.arrived for o in riding):
        return None  # handing over
    still = track.still_ms()
    if still <= STANDSTILL_MS or flat_m(one.shop, track.anchor) <= AT_SHOP_M:
        return None
    if any(flat_m(o.address.point, track.anchor) <= AT_STOP_M for o in one.orders):
        return None
    n = still // 60_000
    return Alert(
        "standstill", one.courier, "", track.anchor_at,
        Text(f"{one.name}已停留{n}分钟，不在站点", f"{one.name} has stood still for {n} min, not at a stop"),
    )  # fmt: skip


def _slipping(one: Watched, etas: Mapping[str, EtaView], now: int) -> list[Alert]:
    found = []
    for order in one.orders:
        eta = etas.get(order.id)
        if eta is None or order.status is Status.arrived:
            continue
        told_and_true = order.slipping and eta.chance < ON_TIME_CHANCE
        if told_and_true or should_report_slipping(order, eta, now):
            late = max(1, round((eta.p50_at - window_of(order)[1]) / 60_000))
            zh, en = f"订单{order.number}可能晚{late}分钟", f"Order {order.number} may be {late} min late"
            found.append(Alert("slipping", one.courier, order.id, eta.computed_at, Text(zh, en)))
    return found
