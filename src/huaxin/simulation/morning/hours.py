"""The hours of the morning: the clock goes on, and everybody does what there is to do."""

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable

from huaxin.simulation.morning.bench import Bench
from huaxin.simulation.morning.buyers import Buyers
from huaxin.simulation.morning.couriers import Courier
from huaxin.simulation.morning.dispatch import MorningDesk
from huaxin.simulation.morning.scale import ROAD
from huaxin.simulation.morning.scene import Scene
from huaxin.simulation.morning.stock import StockOut
from huaxin.simulation.morning.town import Town
from huaxin.simulation.riders import Rider

BENCH_STEP_MS = 30_000  # while nobody rides
type Act = Callable[[], Awaitable[None]]


class Hours:
    """Everyone of the shop at work. `at` plans something for a moment; `until` lets the time pass."""

    def __init__(self, scene: Scene, town: Town) -> None:
        self.scene, self.town = scene, town
        self.bench, self.desk = Bench(scene, town), MorningDesk(scene, town)
        self.buyers, self.stock = Buyers(scene, town), StockOut(scene, town)
        self.riders = [Rider(town, one.person) for one in town.cast.couriers]
        by_id = {one.id: one for one in scene.couriers}
        self.couriers = [Courier(scene, town, rider, by_id[rider.me]) for rider in self.riders]
        self._plans: list[tuple[int, int, Act]] = []
        self._count = itertools.count()
        self._is_awake = False

    def at(self, moment: int, act: Act) -> None:
        heapq.heappush(self._plans, (moment, next(self._count), act))

    async def until(self, end: int, is_over: Callable[[], bool] = lambda: False) -> None:
        """Up to a moment (ms), or until it is over and nothing more is planned."""
        scene = self.scene
        while scene.clock() < end and not (is_over() and not self._plans):
            rides = scene.clock() >= scene.at(ROAD)
            step = scene.scale.step_s * 1000 if rides else BENCH_STEP_MS
            scene.clock.step(min(step, end - scene.clock()))
            await self._step(rides)

    async def _step(self, rides: bool) -> None:
        town, house = self.town, self.scene.house
        town.now = self.scene.clock()
        while self._plans and self._plans[0][0] <= town.now:
            _, _, act = heapq.heappop(self._plans)
            await act()
        await town.keep_agenda()
        await self.bench.live()
        await self.stock.live()
        await self.buyers.live()
        await self.desk.live()
        if rides and not self._is_awake:
            self._is_awake = True
            for rider in self.riders:
                rider.wake()
        if rides:
            # Each is alone with a phone and a bike: what they do goes to the server side by side.
            await asyncio.gather(*(self._ride(nth) for nth in range(len(self.riders))))
        town.will.end_step()
        await house.tracking.pulse()
        await house.timers.look()

    async def _ride(self, nth: int) -> None:
        await self.riders[nth].ride()
        await self.couriers[nth].live()

    def is_over(self) -> bool:
        return not self.town.open_orders()
