"""How good the arrival times of a simulated month were, as a buyer saw them: at setting off, half-way, at
three quarters, over the whole run with the stops before."""

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from huaxin.orders.model import Order, Status
from huaxin.tracking.views import EtaView

if TYPE_CHECKING:
    from huaxin.simulation.month.month import Happening, Month

STAGES = (0.0, 0.5, 0.75)
_SEEN = frozenset({Status.delivering, Status.arriving})
MIN_LEFT_S = 30.0


class Seen(NamedTuple):
    """One eta as it stood on a buyer's card, beside what came true. Seconds from when it was seen."""

    order: str
    stage: int
    stops_before: int
    left_s: float
    whole_s: float
    p10_s: float
    p50_s: float
    p90_s: float
    chance: float
    kept: bool


class EtaWatcher:
    """Looks at every order on the road once a virtual minute; `finish` judges what it saw."""

    def __init__(self) -> None:
        self._views: dict[str, list[tuple[int, EtaView]]] = {}
        self.seen: list[Seen] = []

    def look(self, month: "Month") -> None:
        for order in month.open_orders.values():
            if order.status in _SEEN:
                self._note(month, order)

    def _note(self, month: "Month", order: Order) -> None:
        eta = month.tracker.eta(order.id)
        if eta is not None:
            self._views.setdefault(order.id, []).append((month.now, eta))

    def hear(self, month: "Month", happening: "Happening") -> None:
        """Call with everything that happens."""
        order = happening.order
        if happening.command == "set_off":
            self._note(month, order)
        elif happening.command == "mark_arrived":
            self._judge(order)

    def _judge(self, order: Order) -> None:
        views = self._views.pop(order.id, [])
        begin, end = order.times.get("delivering", 0), order.times["arrived"]
        times = [at for at, _ in views]
        for stage, part in enumerate(STAGES):
            when = begin + part * (end - begin)
            i = bisect_right(times, when + 1_000) - 1
            if i < 0 or end - times[i] < MIN_LEFT_S * 1000:
                continue
            at, eta = views[i]
            # The window may hold the courier at the door: what is judged is when the bell rings.
            self.seen.append(
                Seen(
                    order.id, stage, eta.stops_before, (end - at) / 1000, (end - begin) / 1000,
                    _low_s(eta, at), (eta.p50_at - at) / 1000, (eta.p90_at - at) / 1000, eta.chance,
                    end <= order.promise.end,
                )
            )  # fmt: skip


def _low_s(eta: EtaView, at: int) -> float:
    """P10: told by the view, else mirrored about P50 in logarithms."""
    if eta.p10_at:
        return (eta.p10_at - at) / 1000
    middle, high = max(1.0, (eta.p50_at - at) / 1000), max(1.0, (eta.p90_at - at) / 1000)
    return middle * middle / high
