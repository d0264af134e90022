"""What every part of the morning shares: the house, its clock, the people in it, what was seen."""

import random
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from huaxin.compose import House
from huaxin.live.clock import Clock
from huaxin.orders.model import Order
from huaxin.shops.model import Shop, at_minute
from huaxin.simulation.morning.hands import Door, Person
from huaxin.simulation.morning.scale import BOUQUETS, Scale

SHOP = "morning"


@dataclass
class Check:
    """Something that must hold, and what was found."""

    words: str
    holds: bool
    found: str = ""


@dataclass
class Scene:
    """`day` is the morning itself; the shop was opened the evening before. `folder` gets papers and
    screenshots."""

    house: House
    clock: Clock
    door: Door
    scale: Scale
    seed: int
    day: date
    folder: Path
    owner: Person
    desk: Person
    florists: list[Person]
    couriers: list[Person]
    shop: Shop
    refs: list[str] = field(default_factory=list)  # the orders of the table, by id
    links: dict[str, Person] = field(default_factory=dict)  # order → its buyer, come by a link
    troubles: dict[str, str] = field(default_factory=dict)  # order → what is to go wrong
    checks: list[Check] = field(default_factory=list)
    papers: dict[str, int] = field(default_factory=dict)  # slip | card → pages that were printed
    said: list[str] = field(default_factory=list)  # lines of the table at the end

    def at(self, minute: int) -> int:
        """Ms of a minute of the morning."""
        return at_minute(self.shop, self.day, minute)

    def chance(self, *of: object) -> random.Random:
        """A stream that belongs to a thing, whoever asks first."""
        return random.Random("|".join(str(one) for one in (self.seed, *of)))

    def check(self, words: str, holds: bool, found: object = "") -> None:
        self.checks.append(Check(words, holds, "" if found in ([], set()) else str(found)))

    async def orders(self) -> list[Order]:
        """All of the shop, as the store has them."""
        rows = await self.house.store.states(SHOP, limit=10_000)
        return [self.house.journal.rules.load(row.doc) for row in rows]

    async def order(self, id: str) -> Order:
        row = await self.house.store.find_subject(id)
        if row is None:
            raise LookupError(f"there is no order {id}")
        found: Order = self.house.journal.rules.load(row.doc)
        return found

    async def buyer_of(self, order: Order) -> Person:
        """Whoever ordered has no account: the shop sends a link, which is opened on their phone."""
        known = self.links.get(order.id)
        if known is None:
            made = await self.desk.do("create_guest_link", order=order.id, role="buyer")
            known = await self.door.come_by(str(made["url"]), order.buyer.name)
            self.links[order.id] = known
        return known


def colour_of(order: Order) -> tuple[int, int, int]:
    return next((one.colour for one in BOUQUETS if one.id == order.lines[0].product), (200, 120, 140))
