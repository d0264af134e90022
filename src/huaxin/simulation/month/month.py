"""The month itself: a virtual clock, orders through the real rules, riders through the real Tracker."""

import heapq
from collections.abc import Iterator, Sequence
from datetime import timedelta, timezone
from random import Random
from typing import Any, NamedTuple, Protocol

from huaxin.journal.model import Actor, Command, Rejected
from huaxin.kernel import Point, Role
from huaxin.orders import commands as c
from huaxin.orders.abilities import decide_order
from huaxin.orders.model import Address, Line, Order, Party, Promise, Status
from huaxin.simulation.month.body import Body
from huaxin.simulation.month.hidden import Hidden
from huaxin.simulation.month.riders import Rider
from huaxin.simulation.month.setting import DAY, HOUR, MINUTE, Setting
from huaxin.simulation.month.shop import ShopMind
from huaxin.simulation.month.town import Town
from huaxin.simulation.month.wishes import Wish, wishes_of
from huaxin.tracking.service import Tracker

SHOP = "month"
ZONE = timezone(timedelta(hours=8))
NAMES = ("小张", "小李", "老周", "刘姐", "阿明", "小吴", "陈哥", "小赵")
WATCH_MS = MINUTE
SYSTEM_WISHES: dict[str, Any] = {
    "set_off": c.SetOff, "mark_arriving": c.MarkArriving, "report_slipping": c.ReportSlipping,
}  # fmt: skip


class Happening(NamedTuple):
    """One thing that happened: a command that was accepted, with the order after it."""

    at: int
    command: str  # place_order, pick_up, set_off, mark_arriving, mark_arrived, deliver, report_slipping, …
    order: Order
    role: Role


class Watcher(Protocol):
    """Somebody who looks in once a virtual minute and may act: `month.give`, `month.tracker`."""

    def look(self, month: "Month") -> None: ...


class Month:
    """`run()` plays it. What a watcher may use: `now`, `orders`, `open_orders`, `bodies`, `tracker`,
    `holder` (order → who has the flowers in hand; absent: the shop), `give`, `hidden` (only to evaluate)."""

    def __init__(
        self, town: Town, setting: Setting, watchers: Sequence[Watcher] = (), tracker: Tracker | None = None
    ) -> None:
        self.town, self.setting, self.watchers = town, setting, list(watchers)
        self.hidden = Hidden(setting, town.shop)
        self.now = setting.begins_at
        self.tracker = tracker or Tracker(town.roads, lambda: self.now, ZONE)
        self.orders: dict[str, Order] = {}
        self.open_orders: dict[str, Order] = {}
        self.holder: dict[str, str] = {}
        self.bodies = {
            f"courier-{n}": Body(f"courier-{n}", NAMES[n % len(NAMES)], town.shop, self.hidden)
            for n in range(setting.couriers)
        }
        self.riders = {who: Rider(self, body) for who, body in self.bodies.items()}
        self.shop_mind = ShopMind(self)
        self._told: list[Happening] = []
        self._agenda: list[tuple[int, int, Any]] = []
        self._count = 0

    # acting

    def give(self, order: str, body: Any, role: Role = Role.system, person: str = "system") -> Order | None:
        """Gives a command to the real rules at this moment. None when it was refused."""
        before = self.orders.get(order)
        self._count += 1
        command = Command(
            shop=SHOP, subject=order, actor=Actor(person=person, role=role.value),
            command_id=f"m-{self._count}", body=body,
        )  # fmt: skip
        try:
            after = decide_order(before, command, self.now).state
        except Rejected:
            return None
        if after is None:
            return before
        self._keep(before, after)
        self._told.append(Happening(self.now, str(body.__struct_config__.tag), after, role))
        return after  # type: ignore[no-any-return]  # a decision's state is Any; of an order it is an Order

    def _keep(self, before: Order | None, after: Order) -> None:
        self.orders[after.id] = after
        self.open_orders.pop(after.id, None)
        if after.open:
            self.open_orders[after.id] = after
        couriers = {o.courier.person for o in (before, after) if o is not None and o.courier is not None}
        for courier in couriers:
            self.tracker.plan(courier, self.town.shop, self.carried_by(courier), SHOP)

    def carried_by(self, courier: str) -> list[Order]:
        """Open orders of a courier."""
        return [o for o in self.open_orders.values() if o.courier is not None and o.courier.person == courier]

    def later(self, at: int, act: Any) -> None:
        """Calls `act()` at a moment to come."""
        self._count += 1
        heapq.heappush(self._agenda, (at, self._count, act))

    # the clock

    def run(self) -> Iterator[Happening]:
        """Plays the month from begin to end."""
        setting = self.setting
        for day in range(setting.days):
            midnight = setting.begins_at + day * DAY
            self._plan_day(day, midnight)
            at = midnight + round((setting.opens - 1) * HOUR)
            closing = midnight + round((setting.closes + 2) * HOUR)
            while at < closing and (at < midnight + setting.closes * HOUR or self.open_orders):
                at += setting.step_s * 1000
                self._step(at)
                yield from self._take()

    def _plan_day(self, day: int, midnight: int) -> None:
        for wish in wishes_of(self.setting, self.town, day):
            self.later(wish.placed_at, lambda wish=wish: self.shop_mind.take(wish))
        chance = Random(f"mishaps|{self.setting.seed}|{day}")
        for kind, rate in (
            ("break_down", self.setting.breakdowns_per_day), ("lose_phone", self.setting.dead_phones_per_day)
        ):  # fmt: skip
            for _ in range(int(rate) + (chance.random() < rate % 1)):
                at = midnight + round(chance.uniform(9.5, 19.5) * HOUR)
                rider = self.riders[chance.choice(sorted(self.riders))]
                lasts = chance.randint(25, 60) * MINUTE
                self.later(at, lambda r=rider, k=kind, ms=lasts: getattr(r, k)(ms))
        for body in self.bodies.values():
            body.battery = 100.0

    def _step(self, at: int) -> None:
        since, due = self.now, list[Any]()
        while self._agenda and self._agenda[0][0] <= at:
            when, _, act = heapq.heappop(self._agenda)
            self.now = max(self.now, when)
            act()
        for rider in self.riders.values():
            rider.step(max(since, at - self.setting.step_s * 1000), at)
        self.now = at
        for rider in self.riders.values():
            rider.tell()
            if rider.is_out:
                due += self.tracker.commands_due(at, rider.me)
        for order, name, fields in due:
            self.give(order, SYSTEM_WISHES[name](order=order, **fields))
        if at % WATCH_MS < self.setting.step_s * 1000:
            self.shop_mind.look()
            self.tracker.replan_due(at)
            for watcher in self.watchers:
                watcher.look(self)

    def _take(self) -> list[Happening]:
        told, self._told = self._told, []
        return told


def placing(wish: Wish, number: int) -> c.PlaceOrder:
    """The command that places a wish."""
    spot = wish.spot
    return c.PlaceOrder(
        order=wish.order, shop=SHOP, lines=[c.LineWish(product="rose")],
        recipient=Party(name="王女士", phone="13900000000"), number=number,
        address=Address(text=spot.text, point=Point(spot.point.lat, spot.point.lon), gate=spot.gate),
        promise=Promise(start=wish.start, end=wish.end), priced=[Line(product="rose", name="玫瑰")],
    )  # fmt: skip


__all__ = ["SHOP", "ZONE", "Happening", "Month", "Status", "Watcher", "placing"]
