"""Nothing that can be typed or sent ends in an error of the server (HT-6, HT-8, HT-18)."""

import random
import secrets
from typing import Any

import httpx
import msgspec
import pytest

from huaxin.compose import House
from tests.contract.live.clients import Line
from tests.house import home, log_in, place

BIG = 10**30
DEEP = "[" * 50_000 + "]" * 50_000
ODD: list[Any] = [
    None, True, 0, -1, 10**9, 2**53, 2**63, -(2**63), BIG, 1.5, -1e308, 1e308, "", "\x00", "\u202e",
    "😀" * 30, "x" * 5_000,
    [], {}, [None], "recipient", {"lat": -90, "lon": 180}, {"end": BIG}, {"text": "c"},
]  # fmt: skip


@pytest.mark.parametrize(
    "address",
    [
        "quote?shop=huaxin&day=" + "9" * 30,
        "quote?shop=huaxin&day=-5",
        "quote?shop=huaxin&point=" + "9" * 400 + ",1",
        "reverse_place?point=" + "9" * 400 + ",1",
        "reverse_place?point=91,0",
        "search_places?text=a&near=" + "9" * 400 + ",1",
    ],
)
async def test_questions_of_strangers_have_bounds(house: House, address: str) -> None:
    async with httpx.AsyncClient(base_url=house.url) as stranger:
        answer = await stranger.get(f"/api/queries/{address}")
        assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


async def test_what_is_nested_without_end_is_refused(house: House) -> None:
    li = await log_in(house, "li")
    answer = await li.http.post("/api/queries/get_order", content=f'{{"order":{DEEP}}}')
    assert (answer.status_code, answer.json()["code"]) == (400, "request.not_json")
    headers = {"idempotency-key": "nested-1"}
    answer = await li.http.post("/api/commands/say", content=f'{{"order":{DEEP}}}', headers=headers)
    assert answer.status_code == 400
    assert (await li.http.get("/start.css", headers={"range": f"bytes={'9' * 5_000}-"})).status_code == 200


async def test_odd_values_are_refused_or_kept_but_break_nothing(house: House) -> None:
    """Every command and query with values nobody means; afterwards every screen still opens."""
    house.dispatcher.pace = None
    chance = random.Random(20260214)
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    orders = [await place(li) for _ in range(2)]
    await owner.done("confirm_order", order=orders[0])
    await owner.done("assign_courier", order=orders[0], courier=zhang.person)
    good = {
        "order": orders[0],
        "shop": "huaxin",
        "address": await home(house),
        "at": house.clock() + 60_000,
        "lines": [{"product": "carnation"}],
        "recipient": {"name": "x", "phone": "13900001111"},
    }

    def some(kind: Any) -> dict[str, Any]:
        names = [one.name for one in msgspec.structs.fields(kind)]
        fields = {name: chance.choice(ODD) for name in names if chance.random() < 0.7}
        return fields | {
            name: value for name, value in good.items() if name in names and chance.random() < 0.8
        }

    for _ in range(400):
        name = chance.choice(sorted(house.dispatcher.commands))
        fields = some(house.dispatcher.commands[name])
        if name == "place_order":
            fields["order"] = "order-" + secrets.token_hex(8)
        answer = await chance.choice((li, owner, zhang)).do(name, **fields)
        assert answer.status_code < 500, (name, fields, answer.text)
    for _ in range(100):
        name = chance.choice(sorted(house.dispatcher.queries))
        fields = some(house.dispatcher.queries[name][0])
        answer = await owner.http.post(f"/api/queries/{name}", json=fields)
        assert answer.status_code < 500, (name, fields, answer.text)
    for order in orders:
        await li.order(order)
    await owner.ask("get_board", shop="huaxin")
    await zhang.ask("get_run", shop="huaxin")
    line = await Line(owner).open()
    await line.listen("shop:huaxin")
    await line.close()
