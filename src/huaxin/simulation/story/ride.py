"""A courier rides: the phone's own geolocation moves along the road, the page reports it by itself."""

import asyncio

from huaxin.dispatch.roads import straight_m
from huaxin.kernel import Point
from huaxin.simulation.story.screen import Screen
from huaxin.simulation.story.stage import Stage

SPEED_MPS = 5.5  # 20 km/h
STEP_M = 60.0
ACCURACY_M = 6.0
HEARD_S = 4.5  # the page reports every three seconds


def along(road: list[Point], metres: float = STEP_M) -> list[Point]:
    """The road again, with a point at least every so many metres."""
    found = [road[0]]
    for end in road[1:]:
        start = found[-1]
        parts = max(1, round(straight_m(start, end) / metres))
        found += [
            Point(
                start.lat + (end.lat - start.lat) * n / parts, start.lon + (end.lon - start.lon) * n / parts
            )
            for n in range(1, parts + 1)
        ]
    return found


class Ride:
    """One courier's way from one place to another."""

    def __init__(self, stage: Stage, courier: Screen, points: list[Point]) -> None:
        self.stage, self.courier = stage, courier
        self.points = along(stage.house.city.path(points))
        self.at = 0

    @property
    def rest_m(self) -> float:
        return sum(
            straight_m(a, b) for a, b in zip(self.points[self.at :], self.points[self.at + 1 :], strict=False)
        )

    async def stand(self, point: Point) -> None:
        await self.courier.context.set_geolocation(
            {"latitude": point.lat, "longitude": point.lon, "accuracy": ACCURACY_M}
        )

    async def step(self, points: int = 3) -> None:
        """Rides a few points on, in the time that takes, and waits until the phone has told the server."""
        reported = await self._reports()
        for _ in range(points):
            if self.at + 1 >= len(self.points):
                break
            here, self.at = self.points[self.at], self.at + 1
            await self.stage.pass_ms(round(straight_m(here, self.points[self.at]) / SPEED_MPS * 1000))
            await self.stand(self.points[self.at])
            await asyncio.sleep(0.15)
        await self.heard(reported)

    async def _reports(self) -> int:
        return len(await self.courier.fact("reports"))

    async def heard(self, before: int) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + HEARD_S
        while await self._reports() <= before and loop.time() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    async def until(self, rest_m: float) -> None:
        """Rides until so many metres are left."""
        while self.rest_m > rest_m and self.at + 1 < len(self.points):
            await self.step()
