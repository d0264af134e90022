from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from huaxin.compose import House
from tests.contract.live.conftest import house, open_another
from tests.house import Member, log_in, open_house, place

__all__ = ["house", "open_another"]


@pytest.fixture(params=["sqlite", "postgres"])
async def any_house(request: pytest.FixtureRequest, data: Path) -> AsyncIterator[House]:
    """On each database."""
    database = ""
    if request.param == "postgres":
        database = request.getfixturevalue("postgres_server").make_database()
    async with open_house(data, database=database) as opened:
        yield opened


class Cast:
    """Buyer, shop and courier of one order that is on its way, and somebody with an order of their own."""

    def __init__(self, people: dict[str, Member], order: str) -> None:
        self.li, self.owner = people["li"], people["owner"]
        self.zhang, self.chen = people["zhang"], people["chen"]
        self.order = order

    @classmethod
    async def gather(cls, house: House) -> "Cast":
        people: dict[str, Any] = {
            name: await log_in(house, name) for name in ("li", "owner", "zhang", "chen")
        }
        cast = cls(people, await place(people["li"]))
        await cast.owner.done("confirm_order", order=cast.order)
        await cast.owner.done("assign_courier", order=cast.order, courier=cast.zhang.person)
        return cast


@pytest.fixture
async def cast(house: House) -> Cast:
    return await Cast.gather(house)
