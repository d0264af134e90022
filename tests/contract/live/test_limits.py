"""Nothing that can be typed or sent ends in an error of the server (HT-6, HT-8, HT-18)."""

import contextlib
import json
import random
import secrets
from typing import Any

import msgspec
import pytest
import websockets

from huaxin.compose import House
from tests.contract.live.clients import Line
from tests.contract.live.conftest import until
from tests.house import home, log_in, place, plain_http

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
    async with plain_http(base_url=house.url) as stranger:
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


async def test_texts_that_are_none_are_refused_in_words(house: House) -> None:
    """CO-3, CO-5, HT-6, HT-7: 1 MB, more, no UTF-8, half a sign, control and bidi signs; nothing is said."""
    li = await log_in(house, "li")
    order = await place(li)

    def asked(text: bytes) -> bytes:
        return b'{"order":"%b","text":"%b"}' % (order.encode(), text)

    for nth, (body, code) in enumerate(
        (
            (asked(b"x" * 990_000), (422, "message.too_long")),
            (asked("花".encode() * 400_000), (413, "http.too_large")),
            (asked(b"\xff\xfe\xc0"), (400, "request.not_json")),
            (asked(b"\xf0\x9f\x8c"), (400, "request.not_json")),
            (asked(b"\\ud83c"), (400, "request.not_json")),
            (asked("\u202e\u2066".encode() + b"\\u0000\\u0007"), (422, "message.empty")),
        )
    ):
        answer = await li.http.post(
            "/api/commands/say", content=body, headers={"idempotency-key": f"bad-text-{nth}"}
        )
        assert (answer.status_code, answer.json().get("code")) == code, (body[:80], answer.text)
        assert answer.json()["detail"].endswith("。")
    said = [event for event in (await li.order(order))["events"] if event["type"] == "message_sent"]
    assert said == []


async def test_a_line_that_brings_a_megabyte_or_no_text_ends_and_comes_back(house: House) -> None:
    """GW-3, CO-5: with a code of its own; the next message on a new line is heard."""
    li = await log_in(house, "li")
    order = await place(li)
    connect = json.dumps({"id": 1, "connect": {"token": li.access}})
    url = f"ws://127.0.0.1:{house.server.port}/connection/websocket"
    inside = b'{"id":2,"rpc":{"method":"say","data":{"order":"%b","text":"\xff"}}}' % order.encode()
    for bad in ("花" * 350_000, b"\xff\xfe", inside):
        async with websockets.connect(url) as line:
            await line.send(connect)
            assert "connect" in str(await line.recv())
            with contextlib.suppress(websockets.ConnectionClosedError):
                await line.send(bad, text=True)
            await line.wait_closed()
            assert line.close_code in (1007, 1009, 3501)
    line = await Line(li).open()
    ears = await line.listen(f"order:{order}")
    await li.done("say", order=order, text="还在")
    await until(lambda: ears.texts() == ["还在"])
    await line.close()


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
