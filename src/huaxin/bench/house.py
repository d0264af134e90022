"""The whole house in the server's process: composed as `huaxin serve` does, filled with orders to talk on."""

import asyncio
import math
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huaxin import compose
from huaxin.compose import House
from huaxin.config import Config
from huaxin.gateway.cli import tune_gc
from huaxin.media.model import Purpose
from huaxin.people.model import Principal, StaffRole
from huaxin.simulation.spots import find_spots
from huaxin.simulation.starter import SHOP_ID

_ORDERS_OF_A_COURIER = 4
_DISPATCHERS = 8
_AT_ONCE = 64  # sessions opened together
_ORDERS_AT_ONCE = 8  # more would only fight for the shop's next order number
_PROMISE_MS = 3 * 3_600_000
_SEED = 1


@dataclass(frozen=True)
class Seat:
    """One session to be: a member's access token and the order they listen to."""

    token: str
    order: str
    role: str


@dataclass(frozen=True)
class Rider:
    """A courier on the road: who reports, along which way, and who waits for the flowers."""

    token: str
    shop: str
    way: list[tuple[float, float]]  # (lat, lon), some metres apart
    waiting: list[Seat]  # the buyer of each order on board


async def open_house(data: Path, database: str, secret: str, port: int) -> House:
    """Started, on 127.0.0.1. `port` 0 takes a free one."""
    config = Config(data=data, host="127.0.0.1", port=port, database=database, secret=secret)
    house = await compose.run(config)
    # As `serve` does, but for the planner: a daemon has no children of that kind, and runs here are short.
    house.media.desk.expect(Purpose.picture)
    tune_gc()
    house.dispatcher.pace = None  # a few people stand for thousands here
    return house


class Preparation:
    """Places orders through the dispatcher, as people would, and opens sessions for their members."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._counter = asyncio.Semaphore(_ORDERS_AT_ONCE)
        self._address: dict[str, Any] = {}

    async def seats(self, orders: int, sessions: int) -> list[Seat]:
        """Seats for buyer, shop and courier of each order, on as many devices as needed."""
        match = self._house.city.search("小区", None)[0]
        self._address = {"text": match.name, "point": {"lat": match.point.lat, "lon": match.point.lon}}
        staff = [await self._hire(StaffRole.dispatcher, nth) for nth in range(_DISPATCHERS)]
        couriers = [
            await self._hire(StaffRole.courier, nth)
            for nth in range(math.ceil(orders / _ORDERS_OF_A_COURIER))
        ]
        members = await asyncio.gather(
            *(
                self._order(nth, staff[nth % len(staff)], couriers[nth % len(couriers)])
                for nth in range(orders)
            )
        )
        wanted = [
            (person, order, role)
            for _ in range(math.ceil(sessions / (3 * orders)))
            for order, buyer, shop, courier in members
            for person, role in ((buyer, "buyer"), (shop, "shop"), (courier, "courier"))
        ]
        return list(await asyncio.gather(*(self._seat(*one) for one in wanted[:sessions])))

    async def riders(self, couriers: int, orders_each: int) -> list[Rider]:
        """Couriers who have set off, each with so many orders on board, to doors all over the city."""
        house = self._house
        shop = await house.shops.get(SHOP_ID)
        assert shop.point is not None
        spots = find_spots(house.city, shop.point, _SEED)
        staff = await self._hire(StaffRole.dispatcher, _DISPATCHERS)
        found = []
        for nth in range(couriers):
            courier = await self._hire(StaffRole.courier, 10_000 + nth)
            waiting, mine = list[Seat](), [spots[(7 * nth + i) % len(spots)] for i in range(orders_each)]
            for i, spot in enumerate(mine):
                self._address = {"text": spot.text, "point": {"lat": spot.point.lat, "lon": spot.point.lon}}
                order, buyer, _, _ = await self._order(50_000 + nth * orders_each + i, staff, courier)
                rider = await self._principal(courier)
                for step in ("pick_up", "set_off"):
                    await self._do(rider, step, {"order": order})
                waiting.append(await self._seat(buyer, order, "buyer"))
            way = [(p.lat, p.lon) for p in house.city.path([shop.point, mine[0].point])]
            token = (await self._seat(courier, "", "courier")).token
            found.append(Rider(token, SHOP_ID, way, waiting))
        return found

    async def _hire(self, role: StaffRole, nth: int) -> str:
        people = self._house.people
        digit = 6 if role is StaffRole.courier else 5
        person = await people.add_person(f"13{digit}{nth:08}", f"{role.value} {nth}")
        await people.add_staff(SHOP_ID, person.id, role)
        return person.id

    async def _seat(self, person: str, order: str, role: str) -> Seat:
        async with self._room:
            issued = await self._house.people.open_session(person, "bench")
        return Seat(issued.access, order, role)

    async def _order(self, nth: int, shop: str, courier: str) -> tuple[str, str, str, str]:
        people = self._house.people
        async with self._counter:
            person = await people.add_person(f"137{nth:08}", f"客人{nth}")
            buyer = await self._principal(person.id)
            order = f"bench-{nth}-{secrets.token_hex(4)}"
            wish = {
                "order": order,
                "shop": SHOP_ID,
                "lines": [{"product": "carnation"}],
                "recipient": {"name": "妈妈", "phone": "13900001111"},
                "address": self._address,
                "promise": {"end": self._house.clock() + _PROMISE_MS},
            }
            await self._do(buyer, "place_order", wish)
            staff = await self._principal(shop)
            await self._do(staff, "confirm_order", {"order": order})
            await self._do(staff, "assign_courier", {"order": order, "courier": courier})
        return order, person.id, shop, courier

    async def _principal(self, person: str) -> Principal:
        issued = await self._house.people.open_session(person, "bench")
        return await self._house.people.authenticate(issued.access)

    async def _do(self, who: Principal, name: str, fields: dict[str, Any]) -> None:
        await self._house.dispatcher.run(who, name, fields, secrets.token_hex(8))
