"""The simulated day: the plan meets the house. One step at a time, so that a test can hold the clock."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from huaxin.compose import House
from huaxin.shops.model import Shop, at_minute, local_day
from huaxin.simulation.cast import gather_cast
from huaxin.simulation.minds import BuyerMind, CourierMind
from huaxin.simulation.plan import DAWN, HOUR, OPENS, plan_day
from huaxin.simulation.riders import Rider
from huaxin.simulation.shopfolk import Desk, Florist
from huaxin.simulation.spots import Spot, find_spot, find_spots
from huaxin.simulation.starter import SHOP_ID
from huaxin.simulation.world import World

log = logging.getLogger("huaxin.simulation")

PERIOD_S = 0.2  # real seconds between two looks
LONGEST_STEP_MS = 15_000  # of simulated time that nobody notices anything in
WARM_STEP_MS = 5_000
QUIET_FROM, NIGHT = 19.5, 22.0  # hours: the day ends when all is delivered, at the latest at night
MOTHER = "阳光小区5号楼3单元401"


def dawn_of(real_now_ms: int, zone: str) -> int:
    """When today's simulated day begins (ms): an hour before the doors open, to have something going on."""
    return midnight_of(real_now_ms, zone) + DAWN


def midnight_of(at: int, zone: str) -> int:
    moment = datetime.fromtimestamp(at / 1000, ZoneInfo(zone))
    return int(moment.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)


class Day:
    """Plays everybody. `step` moves them up to the house's clock; `run` does so as time goes by."""

    def __init__(self, world: World, spots: list[Spot], seed: int) -> None:
        self.world, self.spots, self.seed = world, spots, seed
        self.riders = [Rider(world, one.person) for one in world.cast.couriers]
        self.couriers = [CourierMind(world, rider) for rider in self.riders]
        self.florist, self.desk = Florist(world), Desk(world)
        self.buyers: list[BuyerMind] = []
        self.midnight = 0
        self._next = 0
        self._begin(world.now)

    def _begin(self, now: int) -> None:
        """Plans the day that `now` is in."""
        self.midnight = at_minute(self.world.shop, local_day(self.world.shop, now), 0)
        wishes = plan_day(self.seed, self.midnight, self.spots, self.world.shop.time_zone)
        self.world.wishes |= {wish.order: wish for wish in wishes}
        known = self.world.cast.by_phone
        old = [mind for mind in self.buyers if mind.wish.order in self.world.orders]
        self._coming = [BuyerMind(self.world, wish) for wish in wishes if wish.buyer.phone in known]
        self._coming = [mind for mind in self._coming if mind.wish.at >= now]
        self.buyers, self._next = old, 0

    @property
    def coming(self) -> int:
        """Orders still to be placed today."""
        return len(self._coming) - self._next

    async def step(self) -> None:
        """Everything that people do between the last step and now."""
        world = self.world
        world.now = world.house.clock()
        await self._order()
        await world.keep_agenda()
        await self.desk.live()
        await self.florist.live()
        for rider, mind in zip(self.riders, self.couriers, strict=True):
            await rider.ride()
            await mind.live()
        for buyer in self.buyers:
            await buyer.live()
        world.will.end_step()

    async def _order(self) -> None:
        while self._next < len(self._coming) and self._coming[self._next].wish.at <= self.world.now:
            buyer = self._coming[self._next]
            self._next += 1
            await buyer.place()
            self.buyers.append(buyer)

    async def skip_to(self, at: int, step_ms: int = WARM_STEP_MS) -> None:
        """Plays up to a moment as fast as it goes. The clock must stand still (speed 0)."""
        world = self.world
        while world.house.clock() < at:
            world.house.clock.step(min(step_ms, at - world.house.clock()))
            await self.step()
            await world.house.tracking.pulse()
            # What is thought over beside the day is done before it goes on: the same seed, the same day.
            await world.house.runs.planner.settle()
            await world.house.answering.settle()
            await asyncio.sleep(0)

    async def run(self) -> None:
        """Until cancelled. After the last delivery the next morning comes."""
        while True:
            await asyncio.sleep(PERIOD_S)
            try:
                await self._catch_up()
                if self._is_over():
                    self._sleep()
            except Exception:
                log.exception("a step of the simulated day failed; the next one goes on")

    async def _catch_up(self) -> None:
        behind = self.world.house.clock() - self.world.now
        if behind > 0:
            await self.step()
        if behind > 4 * LONGEST_STEP_MS and self.world.house.clock.speed:
            log.debug("the simulated day was %d s behind", behind // 1000)

    def _is_over(self) -> bool:
        hour = (self.world.now - self.midnight) / HOUR
        if hour < QUIET_FROM or self._next < len(self._coming):
            return False
        today = [o for o in self.world.open_orders() if o.promise.end < self.midnight + 24 * HOUR]
        return hour >= NIGHT or not today

    def _sleep(self) -> None:
        """On to the next morning; what was not delivered waits there."""
        world = self.world
        tomorrow = local_day(world.shop, world.now) + timedelta(days=1)
        morning = at_minute(world.shop, tomorrow, DAWN // 60_000)
        world.house.clock.step(morning - world.house.clock())
        world.now = world.house.clock()
        world.forget_closed()
        for rider in self.riders:
            rider.wake()
        self._begin(world.now)


async def open_day(house: House, seed: int, real: Callable[[], float] = time.monotonic) -> Day:
    """The people and addresses of a day on a started house with the starter shop in it.

    Raises ValueError when the city has no address that can be ridden to.
    """
    shop: Shop = await house.shops.get(SHOP_ID)
    if shop.point is None:
        raise ValueError("the shop is nowhere on the map")
    cast = await gather_cast(house.people, shop)
    spots = find_spots(house.city, shop.point, seed)
    mother = find_spot(house.city, MOTHER, "阳光小区")
    if mother is not None:
        spots.insert(0, mother)
    world = World(house, shop, shop.point, cast, seed, real)
    await world.load()
    for player in cast.players.values():
        if player.role != "buyer":
            world.set_online(player.person, True)
    return Day(world, spots, seed)


async def warm_up(day: Day) -> None:
    """From the first orders of the morning to the opening hour."""
    await day.skip_to(day.midnight + OPENS)
