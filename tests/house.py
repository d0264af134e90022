"""A whole server for tests: the real house on a free port, one city for all of them."""

import secrets
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from huaxin import compose
from huaxin.compose import House
from huaxin.config import Config
from huaxin.kernel import Point
from huaxin.live.clock import Clock

SECRET = "a secret only for tests, long enough"
PHONES = {
    "owner": "13800000001",
    "zhang": "13800000011",
    "xiaozhang": "13800000012",
    "li": "13700000021",
    "chen": "13700000022",
}


# A client of its own reads all the certificates of the world, 50 ms each time: nothing here speaks TLS.
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def plain_http(**options: Any) -> httpx.AsyncClient:
    """A client for a house of these tests."""
    return httpx.AsyncClient(verify=_NO_TLS, **options)


@asynccontextmanager
async def open_house(
    data: Path, *, database: str = "", clock: Clock | None = None, port: int = 0
) -> AsyncIterator[House]:
    """`data` keeps the city; the database is a new one in it unless given."""
    database = database or f"sqlite:///{data / secrets.token_hex(6)}.db"
    config = Config(data=data, host="127.0.0.1", port=port, database=database, secret=SECRET)
    house = await compose.run(config, clock, reveal_codes=True)
    try:
        yield house
    finally:
        await house.stop(2.0)


class Member:
    """Somebody with a session, over HTTP as a shop's own system would."""

    def __init__(self, house: House, person: str, access: str) -> None:
        self.house, self.person, self.access = house, person, access
        self.http = plain_http(base_url=house.url, headers={"authorization": f"Bearer {access}"}, timeout=90)

    async def do(self, command: str, *, key: str = "", **fields: Any) -> httpx.Response:
        headers = {"idempotency-key": key or secrets.token_hex(8)}
        return await self.http.post(f"/api/commands/{command}", json=fields, headers=headers)

    async def done(self, command: str, **fields: Any) -> dict[str, Any]:
        answer = await self.do(command, **fields)
        assert answer.status_code == 200, (command, answer.text)
        found: dict[str, Any] = answer.json()
        return found

    async def ask(self, query: str, **fields: Any) -> Any:
        answer = await self.http.post(f"/api/queries/{query}", json=fields)
        assert answer.status_code == 200, (query, answer.text)
        return answer.json()

    async def order(self, order: str) -> dict[str, Any]:
        found: dict[str, Any] = await self.ask("get_order", order=order)
        return found


async def log_in(house: House, name: str) -> Member:
    """One of the starter shop's people, by PHONES."""
    person = await house.people.add_person(PHONES[name])
    issued = await house.people.open_session(person.id, "test")
    return Member(house, person.id, issued.access)


async def home(house: House, text: str = "阳光小区5号楼3单元401") -> dict[str, Any]:
    match = house.city.search(text, None)[0]
    return {"text": text, "point": {"lat": match.point.lat, "lon": match.point.lon}}


async def shop_point(house: House) -> Point:
    point = (await house.shops.get("huaxin")).point
    assert point is not None
    return point


async def place(buyer: Member, order: str = "", **changes: Any) -> str:
    house = buyer.house
    order = order or "order-" + secrets.token_hex(8)
    fields: dict[str, Any] = {
        "order": order,
        "shop": "huaxin",
        "lines": [{"product": "carnation"}],
        "recipient": {"name": "妈妈", "phone": "13900001111"},
        "address": await home(house),
        "promise": {"end": house.clock() + 2 * 3_600_000},
    }
    await buyer.done("place_order", **(fields | changes))
    return order
