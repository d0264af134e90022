"""The watchdog in a simulated month, with a dispatcher who takes its remedies; and the month without them."""

from typing import TYPE_CHECKING, Any

from huaxin.dispatch.model import RIDING
from huaxin.kernel import Role
from huaxin.orders import commands as c
from huaxin.orders.alerts import newest
from huaxin.orders.model import Order, Status
from huaxin.simulation.month.setting import MINUTE
from huaxin.simulation.month.shop import FULL
from huaxin.tracking.service import Due, Tracker
from huaxin.tracking.watchdog import Alert
from huaxin.tracking.watchdog_orders import watch_order
from huaxin.tracking.watchdog_steps import (
    RULES,
    SaidOfCouriers,
    Step,
    silences,
    steps,
    tell_buyer_of_silence,
)

if TYPE_CHECKING:
    from huaxin.simulation.month.month import Month

WISHES: dict[str, Any] = {
    "raise_alert": c.RaiseAlert, "escalate_alert": c.EscalateAlert, "close_alert": c.CloseAlert,
    "report_slipping": c.ReportSlipping,
}  # fmt: skip
REACTS_MS = 2 * MINUTE  # a dispatcher looks up, thinks, and drags
REMEDIED = frozenset(kind for kind, rule in RULES.items() if rule.remedy == "reassign") | {"silent"}


class Unwatched(Tracker):
    """A shop without a watchdog: nobody is warned of anything."""

    def commands_due(self, now: int, courier: str = "") -> list[Due]:
        return [due for due in super().commands_due(now, courier) if due.command != "report_slipping"]


class Guard:
    """Looks once a virtual minute, as live/watching.py does every few seconds; gives the same commands."""

    def __init__(self, *, reassigns: bool = True) -> None:
        self.reassigns, self.moved = reassigns, set[str]()
        self._said = SaidOfCouriers()

    def look(self, month: "Month") -> None:
        tracker, now = month.tracker, month.now
        tracker.look_for_jams(now)
        found: dict[str, list[Alert]] = {}
        for alert in tracker.alerts(now):
            bearer = alert.order or self._bearer(month, alert)
            lets = alert.order or (bearer and self._said.lets(alert, month.orders[bearer], now))
            if bearer and lets:
                found.setdefault(bearer, []).append(alert)
        quiet = silences(month.open_orders.values())
        for order in list(month.open_orders.values()):
            here = found.get(order.id, []) + watch_order(order, self._ride_ms(month, order), 0, now)
            for step in steps(order, here, now) if here or order.alerts else ():
                self._do(month, order.id, step)
            told_at = quiet.get(order.courier.person, 0) if order.courier else 0
            told = tell_buyer_of_silence(month.orders[order.id], tracker.eta(order.id), told_at, now)
            if told is not None:
                self._do(month, order.id, told)
        if self.reassigns:
            self._remedy(month)

    @staticmethod
    def _ride_ms(month: "Month", order: Order) -> int:
        if order.status not in (Status.ready, Status.assigned, Status.confirmed, Status.making):
            return 0
        line = month.town.ride_s(month.town.shop, order.address.point)
        return round(min(line, 3600.0) * 1000)

    @staticmethod
    def _bearer(month: "Month", alert: Alert) -> str:
        orders = [o for o in month.carried_by(alert.courier) if o.status in RIDING]
        for order in orders:
            known = newest(order, alert.kind)
            if known is not None and not known.closed_at:
                return order.id
        plan = month.tracker.run(alert.courier, orders[0].shop) if orders else None
        riding = {o.id for o in orders}
        return next((one for one in plan.orders if one in riding), "") if plan else ""

    @staticmethod
    def _do(month: "Month", order: str, step: Step) -> None:
        month.give(order, WISHES[step.command](order=order, **step.fields), Role.system)

    # the dispatcher

    def _remedy(self, month: "Month") -> None:
        for order in sorted(month.open_orders.values(), key=lambda o: (o.promise.end, o.id)):
            waits = [a for a in order.alerts if a.kind in REMEDIED and a.told_at and not a.closed_at]
            if not waits or order.id in self.moved or order.courier is None or order.status is Status.arrived:
                continue
            if month.now - min(a.told_at for a in waits) >= REACTS_MS:
                better = self._better(month, order)
                if better:
                    self.moved.add(order.id)
                    month.shop_mind.assign(order, better)

    def _better(self, month: "Month", order: Order) -> str:
        """Whom the button of the shop names (live/remedy.py)."""
        takers = [who for who in month.bodies if self._may_help(month, who)]
        best = month.tracker.best_move(order, takers, month.town.shop)
        return best.courier if best is not None else ""

    @staticmethod
    def _may_help(month: "Month", who: str) -> bool:
        carried = len(month.carried_by(who))
        if not carried:
            return month.bodies[who].phone_dead_until <= month.now
        return carried < FULL and not month.tracker.is_stale(who)
