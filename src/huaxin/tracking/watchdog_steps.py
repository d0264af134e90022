"""What follows from what the watchdog sees: courier, shop and buyer are told, once each. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from huaxin.dispatch.model import window_of
from huaxin.orders.alerts import AGAIN_MS, newest
from huaxin.orders.model import ON_THE_ROAD, Order
from huaxin.tracking.views import EtaView
from huaxin.tracking.watchdog import Alert

MINUTE_MS = 60_000
# A silence that the shop could not end: so long after telling it, or so near the promise, the buyer is told.
SILENCE_TOLD_MS = 5 * MINUTE_MS
SILENCE_NEAR_MS = 15 * MINUTE_MS


class Rule(NamedTuple):
    """`asks`: the courier first, the shop `shop_after_ms` later. `remedy`: the button the shop gets."""

    asks: bool
    shop_after_ms: int
    remedy: str
    level: str  # of the attention on the board: alarm | warn


RULES: dict[str, Rule] = {
    "silent": Rule(True, 2 * MINUTE_MS, "call", "alarm"),
    "battery": Rule(True, 3 * MINUTE_MS, "reassign", "warn"),
    "standstill": Rule(True, 3 * MINUTE_MS, "call", "warn"),
    "off_route": Rule(True, 3 * MINUTE_MS, "call", "warn"),
    "shifted": Rule(False, 0, "call", "warn"),
    "slipping": Rule(False, 0, "reassign", "warn"),
    "not_accepted": Rule(False, 0, "confirm", "warn"),
    "not_made": Rule(False, 0, "make", "warn"),
    "not_picked_up": Rule(True, 3 * MINUTE_MS, "reassign", "warn"),
    "unread": Rule(True, 2 * MINUTE_MS, "call", "warn"),
}
# What a reported incident explains already.
_EXPLAINED = frozenset({"standstill", "off_route", "silent", "not_picked_up"})


# What concerns a courier is said on one order; when that is delivered, not again on the next so soon.
CARRIED_ON_MS = 20 * MINUTE_MS
BATTERY_ON_MS = 120 * MINUTE_MS


class Step(NamedTuple):
    """One command of the system: raise_alert | escalate_alert | close_alert | report_slipping."""

    command: str
    fields: dict[str, Any]


def steps(order: Order, found: Sequence[Alert], now: int) -> list[Step]:
    """What to do about one order, given all that holds for it now."""
    seen = {one.kind: one for one in found}
    explained = any(one.status == "open" for one in order.incidents)
    wanted = [
        s for a in seen.values() if not (explained and a.kind in _EXPLAINED) for s in _step(order, a, now)
    ]
    over = [one.kind for one in order.alerts if not one.closed_at and one.kind not in seen]
    return [*(Step("close_alert", {"kind": kind}) for kind in over), *wanted]


def _step(order: Order, alert: Alert, now: int) -> list[Step]:
    rule, before = RULES[alert.kind], newest(order, alert.kind)
    fields: dict[str, Any] = {"kind": alert.kind, "text": alert.text}
    if before is None or (before.closed_at and now - before.closed_at >= AGAIN_MS):
        asks = rule.asks and order.courier is not None
        level = "courier" if asks else "shop"
        return [Step("raise_alert", fields | {"since": alert.since, "level": level, "asks": asks})]
    if not before.closed_at and before.level == "courier" and now - before.at >= rule.shop_after_ms:
        return [Step("escalate_alert", fields | {"level": "shop"})]
    return []


class SaidOfCouriers:
    """On which order a courier's own trouble was said last. Lost in a restart: said once more then."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], tuple[str, int]] = {}

    def lets(self, alert: Alert, order: Order, now: int) -> bool:
        """Whether this may be said on this order."""
        key = (alert.courier, alert.kind)
        bearer, at = self._said.get(key, ("", 0))
        hold = BATTERY_ON_MS if alert.kind == "battery" else CARRIED_ON_MS
        if bearer != order.id and at and now - at < hold:
            return False
        if bearer != order.id:
            self._said[key] = (order.id, now)
        return True


def silences(orders: Iterable[Order]) -> dict[str, int]:
    """courier → since when the shop knows of their silence. It is said on one order and holds for all."""
    return {
        order.courier.person: alert.told_at
        for order in orders
        for alert in order.alerts
        if order.courier is not None and alert.kind == "silent" and alert.told_at and not alert.closed_at
    }


def tell_buyer_of_silence(order: Order, eta: EtaView | None, told_at: int, now: int) -> Step | None:
    """Nobody knows where the flowers are and the shop could not help: the buyer reads an honest range.
    `told_at`: since when the shop knows of the silence, 0: there is none."""
    if eta is None or order.slipping_told or not told_at or order.status not in ON_THE_ROAD:
        return None
    end = window_of(order)[1]
    waited = now - told_at >= SILENCE_TOLD_MS or end - now <= SILENCE_NEAR_MS
    if not waited or eta.p90_at <= end:
        return None
    return Step("report_slipping", {"eta_at": max(eta.p50_at, now), "to_at": max(eta.p90_at, now), "why": ""})
