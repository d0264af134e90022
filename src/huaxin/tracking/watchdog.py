"""Who needs looking after, before a buyer asks. Pure functions: values in, alerts out, nothing remembered.

An alert is there as long as its cause is; watchdog_steps.py makes of it what is raised, escalated and closed.
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
WATCH_CHANCE = 0.6  # below it the shop looks; below eta.SLIPPING_CHANCE the buyer is told
BATTERY_LOW = 30  # per cent: above it no forecast is made, phones lie about a full battery
BATTERY_EMPTY = 3  # at which a phone goes dark


class Alert(NamedTuple):
    """What holds now. `order` is empty when it concerns the courier as such."""

    kind: str
    courier: str
    order: str
    since: int
    text: Text


class Watched(NamedTuple):
    """One courier as the watchdog sees them. `finish_at`: when the run ends by plan, 0: not known."""

    courier: str
    name: str
    shop: Point
    orders: Sequence[Order]
    track: CourierTrack | None
    finish_at: int = 0
    off_since: int = 0  # since when they ride away from everything (off_route.py), 0: they do not
    shifted_since: int = 0  # since when the positions look like GCJ-02 declared as WGS-84, 0: they do not


def watch(couriers: Sequence[Watched], etas: Mapping[str, EtaView], now: int) -> list[Alert]:
    """All alerts that hold now, couriers in the given order."""
    alerts: list[Alert] = []
    for one in couriers:
        riding = [o for o in one.orders if o.status in RIDING]
        if riding:
            alert = _silent(one, riding, now) or _standstill(one, riding, now) or _off_route(one, riding)
            if alert:
                alerts.append(alert)
        alerts += _battery(one)
        alerts += _shifted(one)
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


def _off_route(one: Watched, riding: Sequence[Order]) -> Alert | None:
    """Riding away from every door of the run, and from the shop: no detour leads so far."""
    if not one.off_since or any(o.status is Status.arrived for o in riding):
        return None
    return Alert(
        "off_route", one.courier, "", one.off_since,
        Text(f"{one.name}偏离路线，离各站都越来越远", f"{one.name} is riding away from every stop"),
    )  # fmt: skip


def _battery(one: Watched) -> list[Alert]:
    """By its slope the phone dies before the run ends."""
    track = one.track
    if track is None or not one.finish_at or not any(o.status in RIDING for o in one.orders):
        return []
    dead_at = track.battery_dead_at(BATTERY_EMPTY)
    if not dead_at or track.battery > BATTERY_LOW or dead_at >= one.finish_at:
        return []
    n = max(1, round((dead_at - (track.latest.at if track.latest else dead_at)) / 60_000))
    zh = f"{one.name}的手机还剩{track.battery}%，约{n}分钟后没电，送不完这一趟"
    en = f"{one.name}'s phone is at {track.battery}% and may die in {n} min, before the run ends"
    return [Alert("battery", one.courier, "", track.latest.at if track.latest else dead_at, Text(zh, en))]


def _shifted(one: Watched) -> list[Alert]:
    """The phone's positions are half a kilometre off, all alike."""
    if not one.shifted_since or not any(o.status in RIDING for o in one.orders):
        return []
    zh = f"{one.name}的位置整体偏移约500米，手机可能按GCJ-02坐标发送，请检查定位设置"
    en = f"{one.name}'s positions are all some 500 m off: the phone seems to send GCJ-02, check its settings"
    return [Alert("shifted", one.courier, "", one.shifted_since, Text(zh, en))]


def _slipping(one: Watched, etas: Mapping[str, EtaView], now: int) -> list[Alert]:
    found = []
    for order in one.orders:
        eta = etas.get(order.id)
        if eta is None or order.status is Status.arrived:
            continue
        if _slips(order, eta, now):
            late = max(1, round((eta.p50_at - window_of(order)[1]) / 60_000))
            zh, en = f"订单{order.number}可能晚{late}分钟", f"Order {order.number} may be {late} min late"
            found.append(Alert("slipping", one.courier, order.id, eta.computed_at, Text(zh, en)))
    return found


def _slips(order: Order, eta: EtaView, now: int) -> bool:
    """Seen below one chance, over only above a higher one: nothing flickers."""
    open_ = order.slipping or any(one.kind == "slipping" and not one.closed_at for one in order.alerts)
    if open_ and eta.chance < ON_TIME_CHANCE:
        return True
    return should_report_slipping(order, eta, now) or (eta.verdict != "unknown" and eta.chance < WATCH_CHANCE)
