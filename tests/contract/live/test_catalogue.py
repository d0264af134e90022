"""The catalogue made by the shop, and a stem that is out (docs/spec/flowers.md)."""

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from huaxin.compose import House
from huaxin.live.clock import Clock
from tests.contract.live.clients import Line
from tests.contract.live.conftest import until
from tests.house import Member, home, log_in, place
from tests.unit.orders.helpers import at

SHOP = "huaxin"
PICTURE = "/pictures/red_rose.svg"


def bouquet(**changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "shop": SHOP,
        "id": "morning",
        "name": "晨光",
        "name_en": "Morning",
        "price": 18800,
        "pictures": [PICTURE],
        "recipe": [
            {"name": "香槟玫瑰", "count": 9, "name_en": "champagne rose"},
            {"name": "尤加利", "count": 3},
        ],
        "variants": [
            {"id": "s", "name": "小束", "name_en": "small", "price": 18800},
            {"id": "l", "name": "大束", "price": 32800, "percent": 150},
        ],
    }
    return fields | changes


async def offered(who: Member) -> dict[str, dict[str, Any]]:
    found = (await who.ask("get_catalogue", shop=SHOP))["products"]
    return {one["id"]: one for one in found}


async def code_of(who: Member, command: str, **fields: Any) -> str:
    answer = await who.do(command, **fields)
    assert answer.status_code >= 400, answer.text
    return str(answer.json()["code"])


async def test_a_bouquet_from_the_console_to_the_order(house: House) -> None:
    """FL-1, FL-2, FL-3, FL-6: priced in sizes, its recipe kept from customers and by the order."""
    owner, li = await log_in(house, "owner"), await log_in(house, "li")
    await owner.done("put_product", **bouquet())
    seen = (await offered(li))["morning"]
    assert (seen["price"], [one["price"] for one in seen["variants"]]) == (18800, [18800, 32800])
    assert "recipe" not in seen
    order = await place(
        li, lines=[{"product": "morning", "variant": "l", "quantity": 2}, {"product": "morning"}]
    )
    await owner.done("put_product", **bouquet(price=1, variants=[], recipe=[], name="改名"))
    large, usual = (await owner.order(order))["order"]["lines"]
    assert (large["name"], large["name_en"], large["price"]) == ("晨光(大束)", "Morning (大束)", 32800)
    assert [(one["name"], one["count"]) for one in large["recipe"]] == [("香槟玫瑰", 14), ("尤加利", 5)]
    assert (usual["name"], usual["variant"]) == ("晨光(小束)", "s")
    assert (await li.order(order))["order"]["lines"][0]["recipe"] == []
    assert await code_of(li, "put_product", **bouquet()) == "access.denied"
    cards = await owner.ask("list_products", shop=SHOP)
    assert cards[-1]["id"] == "morning"
    await owner.done("rank_products", shop=SHOP, products=["morning", *[one["id"] for one in cards[:-1]]])
    assert next(iter(await offered(li))) == "morning"
    for changes in ({"sold_out": True}, {"available": False}):
        await owner.done("put_product", **bouquet(**changes))
        assert "morning" not in await offered(li)
    assert (await owner.ask("list_products", shop=SHOP))[0]["id"] == "morning"


async def test_a_bouquet_that_cannot_be_so(house: House) -> None:
    """FL-1: each with a code of its own, said in words; nothing is changed."""
    owner, zhang = await log_in(house, "owner"), await log_in(house, "zhang")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"name": " \u202e "}, "product.nameless"),
        ({"price": -1, "variants": []}, "product.price"),
        ({"variants": [{"id": "s", "name": "小", "price": -5}]}, "product.price"),
        ({"variants": [{"id": "s", "name": "", "price": 5}]}, "product.variant_nameless"),
        ({"variants": [{"id": n, "name": "小", "price": 5} for n in "ab"]}, "product.variant_twice"),
        ({"recipe": [{"name": "玫瑰"}, {"name": "玫瑰"}]}, "product.stem_twice"),
        ({"recipe": [{"name": "玫瑰", "count": 0}]}, "request.invalid"),
        ({"pictures": ["/pictures/own/none.jpg"]}, "product.picture"),
        ({"pictures": ["/pictures/../model.py"]}, "product.picture"),
        ({"pictures": ["https://elsewhere.example/a.jpg"]}, "product.picture"),
    ]
    for changes, code in wrong:
        assert await code_of(owner, "put_product", **bouquet(**changes)) == code, changes
    assert "morning" not in await offered(owner)
    assert await code_of(owner, "rank_products", shop=SHOP, products=["nothing"]) == "product.unknown"
    assert (await zhang.http.get(f"/api/queries/list_products?shop={SHOP}")).status_code == 403


def photo(width: int, height: int, kind: str = "JPEG") -> bytes:
    """As a phone makes it: turned on its side, with a place in it."""
    image = Image.new("RGB", (width, height), (220, 120, 140))
    exif = image.getexif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    image.save(buffer, kind, exif=exif, quality=40)
    return buffer.getvalue()


async def test_pictures_of_its_own(house: House) -> None:
    """FL-5: upright, small, without metadata, open to everybody; what is no picture or too large is refused
    in words."""
    owner, li = await log_in(house, "owner"), await log_in(house, "li")
    path = f"/api/shops/{SHOP}/pictures"
    taken = await owner.http.post(path, content=photo(3000, 2000))
    assert taken.status_code == 201, taken.text
    address = taken.json()["picture"]
    assert (await owner.http.post(path, content=photo(3000, 2000))).json()["picture"] == address
    given = await li.http.get(address)
    assert given.headers["content-type"].startswith("image/")
    image = Image.open(io.BytesIO(given.content))
    assert image.size == (800, 1200)
    assert not image.getexif()
    await owner.done("put_product", **bouquet(pictures=[address, PICTURE]))
    assert (await offered(li))["morning"]["pictures"] == [address, PICTURE]
    assert (await li.http.post(path, content=photo(10, 10))).json()["code"] == "access.denied"
    for data, code in ((photo(10_000, 10_000, "PNG"), "media.pixels"), (b"nothing like it", "media.type")):
        refused = await owner.http.post(path, content=data)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
        assert refused.json()["detail"]
    assert (await li.http.get("/pictures/own/..%2f..%2fhuaxin.db")).status_code == 404


async def test_only_on_its_days(house: House) -> None:
    """FL-4: neither ordered for another day nor moved to it."""
    owner, li = await log_in(house, "owner"), await log_in(house, "li")
    end = house.clock() + 26 * 3_600_000
    day = datetime.fromtimestamp(end / 1000, ZoneInfo("Asia/Shanghai")).isoweekday()
    await owner.done("put_product", **bouquet(days=[day]))
    order = await place(li, lines=[{"product": "morning"}], promise={"end": end})
    later = {"end": end + 48 * 3_600_000}
    assert await code_of(li, "ask_change", order=order, promise=later) == "product.not_that_day"
    fields = {"order": "order-other-day", "shop": SHOP, "lines": [{"product": "morning"}], "promise": later}
    who = {"name": "妈妈", "phone": "13900001111"}
    code = await code_of(li, "place_order", recipient=who, address=await home(house), **fields)
    assert code == "product.not_that_day"


async def test_a_stem_is_out(house: House) -> None:
    """FL-30, FL-31: one proposal for all that need it and are not made; sold out until it is back."""
    owner, li = await log_in(house, "owner"), await log_in(house, "li")
    lines = [{"product": "pink_rose"}]
    asks = [await place(li, lines=lines) for _ in range(3)]
    agrees = await place(li, lines=lines, when_out="similar")
    made, other = await place(li, lines=lines), await place(li)
    for order in (made, asks[0]):
        await owner.done("confirm_order", order=order)
    await owner.done("mark_ready", order=made)
    need = await owner.ask("find_stem", shop=SHOP, stem="粉玫瑰")
    assert {one["order"] for one in need["orders"]} == {*asks, agrees}
    assert need["products"] == ["粉玫瑰花束"]
    line = await Line(owner).open()
    ears = await line.listen(f"shop:{SHOP}")
    wish = {"shop": SHOP, "stem": "粉玫瑰", "name": "香槟玫瑰", "picture": PICTURE}
    assert await code_of(owner, "report_stock_out", **(wish | {"picture": ""})) == "stock.picture"
    assert await code_of(li, "report_stock_out", **wish) == "access.denied"
    begun = await owner.done("report_stock_out", **wish)
    assert begun["orders"] == 4
    jobs = [one["stock_out"] for one in ears.signals if one["signal"] == "stock_out"]
    await until(lambda: _ended(ears.signals))
    jobs = [one["stock_out"] for one in ears.signals if one["signal"] == "stock_out"]
    assert (jobs[-1]["proposed"], jobs[-1]["agreed"], jobs[-1].get("failed", [])) == (4, 1, [])
    assert (await owner.ask("get_stock_out", shop=SHOP))["state"] == "proposed"
    for order in asks:
        assert "answer_substitute" in (await li.order(order))["actions"]
    assert (await li.order(agrees))["order"]["lines"][0]["name"] == "粉玫瑰花束(香槟玫瑰代粉玫瑰)"
    for order in (made, other):
        assert not (await owner.order(order))["order"].get("substitutions")
    assert "pink_rose" not in await offered(li)
    answer = await li.do("place_order", order="order-no-more-pink", shop=SHOP, lines=lines,
                         recipient={"name": "妈妈", "phone": "13900001111"},
                         address={"text": "阳光小区", "point": {"lat": 30.25, "lon": 120.01}})  # fmt: skip
    assert answer.json()["code"] == "product.unavailable"
    assert (await owner.done("report_stock_out", **wish))["orders"] == 0
    stems = await owner.ask("list_stems", shop=SHOP)
    assert (stems[0]["name"], bool(stems[0]["out_since"])) == ("粉玫瑰", True)
    await owner.done("stem_back", shop=SHOP, stem="粉玫瑰")
    assert "pink_rose" in await offered(li)
    await line.close()


def _ended(signals: list[dict[str, Any]]) -> bool:
    return any(one["signal"] == "stock_out" and one["stock_out"]["state"] == "proposed" for one in signals)


async def test_the_time_to_answer_survives_a_restart(open_another: Callable[..., Any], data: Path) -> None:
    """FL-15, FL-16: what was chosen happens when the time is up, whoever slept; a late yes is told so."""
    database = f"sqlite:///{data / 'answers.db'}"
    clock = Clock(start_ms=at("2026-03-06 10:00"), speed=0.0)
    house = await open_another(database=database, clock=clock)
    owner, li = await log_in(house, "owner"), await log_in(house, "li")
    lines = [{"product": "pink_rose"}, {"product": "lily"}]
    order = await place(li, lines=lines, when_out="refund", promise={"end": clock() + 6 * 3_600_000})
    await owner.done("confirm_order", order=order)
    await owner.done(
        "propose_substitute", order=order, stem="粉玫瑰", name="香槟玫瑰", picture=PICTURE, minutes=20
    )
    known = (await li.order(order))["order"]["substitutions"][-1]
    await house.stop()
    clock = Clock(start_ms=at("2026-03-06 10:21"), speed=0.0)
    house = await open_another(database=database, clock=clock)
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    await house.timers.look()
    seen = (await li.order(order))["order"]
    assert (seen["substitutions"][-1]["status"], seen["refunded"], seen["total"]) == (
        "refunded",
        23900,
        19800,
    )
    late = await li.do("answer_substitute", order=order, substitution=known["id"], accept=True)
    assert (late.status_code, late.json()["code"]) == (409, "substitution.too_late")
    await owner.done("start_making", order=order)


@pytest.mark.parametrize("who", ["li", "zhang"])
async def test_who_may_not_propose(house: House, who: str) -> None:
    """FL-11, FL-18."""
    li, member = await log_in(house, "li"), await log_in(house, who)
    order = await place(li, lines=[{"product": "pink_rose"}])
    fields = {"order": order, "stem": "粉玫瑰", "name": "香槟玫瑰", "picture": PICTURE}
    assert await code_of(member, "propose_substitute", **fields) in ("order.not_yours", "order.not_found")
