"""The director's desk of the demo: who does what now, how fast time goes, who plays whom."""

from math import isinf
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from huaxin.journal.model import Rejected
from huaxin.orders.model import CLOSED, Order, Status
from huaxin.orders.notices import STATUS_WORDS
from huaxin.simulation.cast import Player
from huaxin.simulation.day import Day
from huaxin.simulation.riders import Rider

FASTEST = 60.0
_FIRST = {"owner": 0, "florist": 1, "dispatcher": 2, "courier": 3, "": 4}
WORK = {
    "owner": ("店主", "owner"),
    "florist": ("花艺师", "florist"),
    "dispatcher": ("调度", "dispatcher"),
    "courier": ("配送员", "courier"),
    "": ("订花人", "buyer"),
}


class DemoWish(msgspec.Struct, frozen=True, kw_only=True):
    """What the director wants: another speed (0 pauses), or to play somebody, or to stop doing so."""

    speed: Annotated[float, Meta(ge=0, le=FASTEST)] | None = None
    take: str = ""  # person
    give_back: str = ""


class Control:
    """http.services.Demo."""

    wish = DemoWish

    def __init__(self, day: Day) -> None:
        self._day, self._world = day, day.world

    def state(self) -> dict[str, Any]:
        world = self._world
        orders = list(world.orders.values())
        counts = {status.value: 0 for status in Status}
        for order in orders:
            counts[order.status.value] += 1
        done = counts["delivered"] + counts["rated"]
        return {
            "now": world.house.clock(),
            "speed": world.house.clock.speed,
            "time_zone": world.shop.time_zone,
            "seed": world.seed,
            "city": world.house.city.facts.name,
            "shop": {"zh": world.shop.name, "en": world.shop.name_en},
            "counts": {
                "waiting": sum(counts[s] for s in ("placed", "confirmed", "making", "ready", "assigned")),
                "riding": sum(counts[s] for s in ("picked_up", "delivering", "arriving", "arrived")),
                "trouble": counts["failed"] + counts["returning"] + self._incidents(orders),
                "done": done,
                "coming": self._day.coming,
            },
            "people": [self._person(one) for one in self._in_order()],
        }

    async def act(self, wish: DemoWish) -> None:
        """Raises Rejected demo.unknown_person."""
        world = self._world
        if wish.speed is not None:
            world.house.clock.set_speed(wish.speed)
        for person in (wish.take, wish.give_back):
            if person and person not in world.cast.players:
                raise Rejected(
                    "demo.unknown_person", "There is nobody like that in the demo.", person, status=404
                )
        if wish.take:
            world.taken.take(wish.take)
        if wish.give_back:
            world.taken.give_back(wish.give_back)

    def _in_order(self) -> list[Player]:
        """The shop, the couriers, then those buyers first whose flowers are on the way."""
        return sorted(
            self._world.cast.players.values(),
            key=lambda one: (_FIRST.get(one.work, 5), not self._orders_of(one), one.principal.phone),
        )

    def _orders_of(self, buyer: Player) -> list[Order]:
        return [o for o in self._world.open_orders() if o.buyer.person == buyer.person]

    def _incidents(self, orders: list[Order]) -> int:
        return sum(
            1 for o in orders if o.status not in CLOSED and any(i.status == "open" for i in o.incidents)
        )

    def _person(self, player: Player) -> dict[str, Any]:
        left = self._world.taken.left_s(player.person)
        zh, en = self._doing(player)
        work = WORK.get(player.work, WORK[""])
        return {
            "person": player.person,
            "name": player.principal.name,
            "phone": player.principal.phone,
            "role": player.role,
            "work": {"zh": work[0], "en": work[1]},
            "doing": {"zh": zh, "en": en},
            "taken": self._world.taken.is_taken(player.person),
            "left_s": None if isinf(left) else round(left),
        }

    def _doing(self, player: Player) -> tuple[str, str]:
        if player.role == "courier":
            rider = next(one for one in self._day.riders if one.me == player.person)
            return self._riding(rider)
        orders = self._world.open_orders()
        if player.work == "florist":
            making = [str(o.number) for o in orders if o.status is Status.making]
            if making:
                return f"在做 {'、'.join(making)}", f"making {', '.join(making)}"
            return "手头没有要做的", "nothing to make right now"
        if player.role == "shop":
            return f"看着 {len(orders)} 单", f"watching {len(orders)} orders"
        mine = self._orders_of(player)
        if not mine:
            return "没有在途的订单", "no order under way"
        words = STATUS_WORDS[mine[0].status.value]
        more = f"(共 {len(mine)} 单)" if len(mine) > 1 else ""
        return f"{mine[0].number} {words.zh}{more}", f"{mine[0].number}: {words.en}"

    def _riding(self, rider: Rider) -> tuple[str, str]:
        world, goal = self._world, rider.goal
        order = world.orders.get(goal.order)
        carried = len(rider.aboard())
        load_zh, load_en = (f",车上 {carried} 单", f", {carried} on board") if carried else ("", "")
        if rider.bike.broken:
            return "车胎坏了,等人接应" + load_zh, "flat tyre, waiting for help" + load_en
        if goal.kind == "door" and order is not None:
            if order.status is Status.arrived:
                return f"在 {order.address.text} 门口" + load_zh, f"at the door of {order.number}" + load_en
            return f"去 {order.address.text}" + load_zh, f"riding to {order.number}" + load_en
        if goal.kind == "meet":
            return f"去接 {order.number if order else ''}" + load_zh, "taking over flowers" + load_en
        if rider.at_shop():
            waiting = len(world.carried_by(rider.me))
            return (f"在店里,{waiting} 单待取" + load_zh if waiting else "在店里待命"), (
                f"at the shop, {waiting} to pick up" if waiting else "at the shop"
            )
        if goal.kind == "shop":
            return "在回店的路上", "on the way back to the shop"
        return "停在路上等候" + load_zh, "waiting on the road" + load_en
