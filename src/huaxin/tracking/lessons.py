"""What a run teaches while it is ridden: its legs, its handovers, how good its own arrival times were."""

from collections.abc import Mapping, Sequence

from huaxin.dispatch.model import ON_BOARD, RIDING
from huaxin.orders.model import Order, Status
from huaxin.tracking.eta import Arrival
from huaxin.tracking.learning.memory import Memory
from huaxin.tracking.learning.rides import Leg
from huaxin.tracking.leg import OpenLeg
from huaxin.tracking.positions import Fix

ON_THE_WAY = (Status.delivering, Status.arriving)
NOTE_MS = 45_000  # an arrival time is noted this often, to be compared with what came true
MOST_NOTES = 10
NOTE_WEIGHT = 0.4
MIN_LEFT_S = 30.0
STRAIGHT_PART = 0.75  # of the road, where the straight line is not asked for

Note = tuple[int, Arrival]


class Lessons:
    """Of one courier at one shop. Nothing is learned of a delivery with an incident."""

    def __init__(self, courier: str) -> None:
        self._courier = courier
        self.leg: OpenLeg | None = None
        self._served = 0  # stops of this run
        self._overruns: dict[int, float] = {}  # stop of the run (from 1) → seconds longer than expected
        self._notes: dict[str, list[Note]] = {}

    # what is going on

    def predict_left(self, memory: Memory, fix: Fix | None, left: Leg, still_s: float) -> tuple[float, float]:
        """(seconds until the door of the leg being ridden, their spread in logarithms), from the fix on."""
        if self.leg is None or fix is None:
            return 0.0, 0.0
        so_far = self.leg.follow(fix, left, still_s)
        rest = memory.rides.predict(left, self.leg.ride, so_far)
        return rest.quantile(0.0), (rest.low + rest.high) / 2

    def handovers(
        self, orders: Mapping[str, Order], usual_s: Mapping[str, float], now: int
    ) -> dict[int, float]:
        """How much longer than expected each stop of the run took, the one going on included."""
        going_on = 0.0
        for order in orders.values():
            if order.status is Status.arrived:
                spent = (now - order.times.get("arrived", now)) / 1000
                going_on = max(going_on, spent - usual_s.get(order.id, spent))
        return {**self._overruns, self._served + 1: going_on} if going_on > 0 else self._overruns

    def way_m(self, left_m: float) -> float:
        """Metres of the leg being ridden: those ridden and those left."""
        return self.leg.ridden_m + left_m if self.leg is not None else left_m

    def note(self, order: str, arrival: Arrival, now: int) -> None:
        """Remembers what was predicted."""
        notes = self._notes.setdefault(order, [])
        if notes and now - notes[-1][0] < NOTE_MS:
            return
        notes.append((now, arrival))
        if len(notes) > MOST_NOTES:
            del notes[1::2]

    # what has come true

    def hear(
        self, before: Mapping[str, Order], after: Sequence[Order], usual_s: Mapping[str, float],
        memory: Memory, now: int,
    ) -> None:  # fmt: skip
        """The orders of the run have changed."""
        by_id = {order.id: order for order in after}
        for order in before.values():
            then = by_id.get(order.id)
            if order.status is Status.arrived and (then is None or then.status not in ON_BOARD):
                self._served_one(order, then, usual_s.get(order.id, 0.0), memory, now)
            elif order.status in ON_THE_WAY and then is not None and then.status is Status.arrived:
                self._got_there(then, memory)
        for gone in self._notes.keys() - {order.id for order in after if order.status in ON_THE_WAY}:
            del self._notes[gone]
        if self.leg is not None:
            heading = by_id.get(self.leg.order)
            if heading is None or heading.status not in ON_THE_WAY:
                self.leg = None
        if not any(order.status in RIDING for order in after):
            self._served, self._overruns = 0, {}

    def _served_one(self, order: Order, then: Order | None, usual_s: float, memory: Memory, now: int) -> None:
        spent = (now - order.times.get("arrived", now)) / 1000
        self._served += 1
        self._overruns[self._served] = max(0.0, spent - usual_s)
        handed_over = then is None or then.status is Status.delivered
        if handed_over and not order.incidents and memory.doors.learn(order, self._courier, spent):
            memory.touched()

    def _got_there(self, order: Order, memory: Memory) -> None:
        arrived = order.times.get("arrived", 0)
        notes = self._notes.pop(order.id, [])
        if order.incidents or not arrived:
            return
        if self.leg is not None and self.leg.order == order.id:
            examples = self.leg.examples(arrived)
            if examples:
                memory.rides.learn(self.leg.ride, examples, arrived)
                memory.touched()
        for at, arrival in notes:
            left_s = (arrived - at) / 1000
            # Who waits for a window to open says nothing about rides.
            if left_s >= MIN_LEFT_S and arrival.floor_s < left_s - 5:
                memory.arrivals.learn(arrival.group, arrival.error_of(left_s), NOTE_WEIGHT)

    def begin(self, order: Order, fix: Fix, seconds: float, metres: float) -> None:
        """The courier is on the way to this order's door, if not so already."""
        if self.leg is None or self.leg.order != order.id:
            whole = Leg(seconds, metres, STRAIGHT_PART * metres)
            self.leg = OpenLeg(order.id, self._courier, fix, whole, order.address.point)
