"""Tables, standing orders, callers and payment in a real house (IM-6 to IM-32)."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from huaxin.catalogue.model import Product
from huaxin.compose import House
from tests.house import Member, home, log_in, place

HEAD = "单号,配送日期,配送时间,收花人,收花人电话,地址,花束,贺卡"
DAY_MS = 86_400_000


def table(house: House, count: int, **changes: str) -> bytes:
    zone = ZoneInfo("Asia/Shanghai")
    day = datetime.fromtimestamp(house.clock() / 1000 + 2 * 86_400, zone).strftime("%Y-%m-%d")
    cells = {"time": "9:00-11:00", "address": "阳光小区5号楼3单元401", "flower": "carnation"} | changes
    rows = [
        f"R{n},{day},{cells['time']},收花{n},139{n:08},{cells['address']},{cells['flower']},好"
        for n in range(count)
    ]
    return "\n".join([HEAD, *rows]).encode("gbk")


async def send(who: Member, what: str, data: bytes) -> httpx.Response:
    return await who.http.post(
        f"/api/shops/huaxin/{what}", content=data, headers={"content-type": "text/csv"}
    )


async def finished(who: Member, id: str) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while True:
            found: dict[str, Any] = await who.ask("get_import", shop="huaxin", id=id)
            if found["state"] == "done":
                return found
            await asyncio.sleep(0.05)


async def board(who: Member) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await who.ask("get_board", shop="huaxin"))["orders"]
    return found


async def test_a_table_is_looked_at_then_imported_once(house: House) -> None:
    """IM-6, IM-7: twice, by two people at once, doubles nothing; a longer one adds what is new."""
    owner, zhang = await log_in(house, "owner"), await log_in(house, "zhang")
    florist = await house.people.add_person("13800000002")
    other = Member(house, florist.id, (await house.people.open_session(florist.id, "t")).access)
    data = table(house, 7)
    assert (await send(zhang, "imports/preview", data)).status_code == 403
    preview = (await send(owner, "imports/preview", data)).json()
    assert (preview["total"], preview["new"], preview["wrong"], preview["encoding"]) == (7, 7, 0, "gb18030")
    assert preview["rows"][0]["place"]
    assert not await board(owner), "looking makes nothing"
    both = await asyncio.gather(send(owner, "imports", data), send(other, "imports", data))
    assert {one.status_code for one in both} == {202}
    assert (await finished(owner, preview["id"]))["done"] == 7
    assert len(await board(owner)) == 7
    longer = (await send(owner, "imports/preview", table(house, 9))).json()
    assert (longer["new"], longer["already"]) == (2, 7)
    again = (await send(owner, "imports", table(house, 9))).json()
    assert (await finished(owner, again["id"]))["already"] == 7
    orders = await board(owner)
    assert sorted(one["order"]["recipient"]["name"] for one in orders) == [f"收花{n}" for n in range(9)]


async def test_one_wrong_row_and_nothing_is_imported(house: House) -> None:
    """IM-8: nor when the shop stops selling a bouquet between the look and the import."""
    owner = await log_in(house, "owner")
    wrong = table(house, 3) + "\nR9,昨天,早,,1,月亮,无花,".encode("gbk")
    preview = (await send(owner, "imports/preview", wrong)).json()
    assert (preview["new"], preview["wrong"]) == (3, 1)
    assert {one["column"]["zh"] for one in preview["problems"]} >= {"配送日期", "收花人", "地址", "花束"}
    refused = await send(owner, "imports", wrong)
    assert (refused.status_code, refused.json()["code"]) == (422, "import.wrong")
    gone = Product(shop="huaxin", id="gone", name="售罄花", available=True, price=100)
    await house.catalogue.put([gone])
    data = table(house, 3, flower="售罄花")
    assert (await send(owner, "imports/preview", data)).json()["wrong"] == 0
    await house.catalogue.put([Product(shop="huaxin", id="gone", name="售罄花", available=False, price=100)])
    assert (await send(owner, "imports", data)).status_code in (409, 422)
    assert not await board(owner)


async def test_an_import_that_was_cut_short_is_carried_to_its_end(house: House) -> None:
    """IM-9: what the server that stopped had left is made by the next one, each once."""
    owner = await log_in(house, "owner")
    room = house.intake.imports
    data = table(house, 5)
    id = (await send(owner, "imports/preview", data)).json()["id"]
    kept: list[Any] = []
    made = room._make

    async def cut(one: Any, bodies: Any) -> None:
        kept.append((one, bodies))
        await room._submit(one, bodies[:2])

    room._make = cut  # type: ignore[method-assign]
    assert (await send(owner, "imports", data)).status_code == 202
    room._make = made  # type: ignore[method-assign]
    room._running.clear()
    assert len(await board(owner)) == 2
    await room.start()
    assert (await finished(owner, id))["done"] == 5
    assert len(await board(owner)) == 5


async def test_a_template_is_given_out(house: House) -> None:
    """IM-3: filled in with what the shop sells."""
    owner = await log_in(house, "owner")
    answer = await owner.http.get("/api/shops/huaxin/import-template.csv?lang=zh-CN")
    assert answer.headers["content-type"].startswith("text/csv")
    assert (await send(owner, "imports/preview", answer.content)).json()["wrong"] == 0
    assert (await send(owner, "imports/preview", b"\x89PNG\0")).json()["code"] == "import.binary"


async def test_an_order_of_every_week(house: House) -> None:
    """IM-20 to IM-23: made a week ahead, each once, by whoever looks; paused, gone on with, ended."""
    owner, li, chen = [await log_in(house, name) for name in ("owner", "li", "chen")]
    end = house.clock() + 3_600_000
    first = await place(li, promise={"end": end})
    weekday = datetime.fromtimestamp(end / 1000, ZoneInfo("Asia/Shanghai")).isoweekday()
    wish = {"order": first, "days": [weekday, weekday % 7 + 1]}
    assert (await chen.do("start_standing", **wish)).status_code == 404
    started = await li.done("start_standing", **wish)
    assert await li.done("start_standing", **wish) == started, "a double tap is one"
    (mine,) = await li.ask("list_standing")
    assert len(mine["made"]) in (2, 3)
    (seen,) = await owner.ask("list_standing", shop="huaxin")
    assert (seen["id"], seen["trouble"], seen["paused"]) == (mine["id"], None, False)
    assert await chen.ask("list_standing") == []
    made = (await li.order(mine["made"][0]))["order"]
    assert (made["recipient"]["name"], made["promise"]["end"] > end) == ("妈妈", True)
    assert await house.intake.standing.make_due() == 0, "each once"
    await li.done("cancel_order", order=mine["made"][0])
    assert await house.intake.standing.make_due() == 0, "what was cancelled is not made again"
    assert (await chen.do("pause_standing", standing=mine["id"])).status_code == 404
    await owner.done("pause_standing", standing=mine["id"], on=True)
    (paused,) = await li.ask("list_standing")
    assert (paused["paused"], paused["next_day"]) == (True, "")
    await li.done("pause_standing", standing=mine["id"], on=False)
    await li.done("end_standing", standing=mine["id"])
    (ended,) = await li.ask("list_standing")
    assert ended["ended"] is True
    assert (await li.do("pause_standing", standing=mine["id"], on=False)).json()["code"] == "standing.ended"


async def test_a_standing_order_that_cannot_be_made_says_why(house: House) -> None:
    """IM-24: to both, in both languages, and is tried again."""
    owner, li = await log_in(house, "owner"), await log_in(house, "li")
    product = Product(shop="huaxin", id="rare", name="稀罕花", price=100)
    await house.catalogue.put([product])
    first = await place(li, lines=[{"product": "rare"}])
    await house.catalogue.put([Product(shop="huaxin", id="rare", name="稀罕花", price=100, available=False)])
    await li.done("start_standing", order=first, days=[1, 2, 3, 4, 5, 6, 7])
    (seen,) = await owner.ask("list_standing", shop="huaxin")
    assert seen["trouble"]["zh"]
    assert seen["made"] == []
    await house.catalogue.put([product])
    assert await house.intake.standing.make_due() >= 6
    (mine,) = await li.ask("list_standing")
    assert mine["trouble"] is None
    until = datetime.fromtimestamp(house.clock() / 1000) - timedelta(days=2)
    assert until  # the days themselves are tested in tests/unit/standing


async def test_a_callers_number_finds_where_flowers_went(house: House) -> None:
    """IM-30: newest first, and how one got in there the last time."""
    owner, li = await log_in(house, "owner"), await log_in(house, "li")
    address = await home(house)
    await place(li, address=address | {"note": "门禁 2580"})
    await place(li, address=address)
    await owner.done(
        "place_order",
        order="order-by-phone",
        shop="huaxin",
        lines=[{"product": "carnation"}],
        recipient={"name": "妈妈", "phone": "13900001111"},
        address=address,
        buyer={"name": "周先生", "phone": "13600003333"},
        buyer_name="周先生",
    )
    async with asyncio.timeout(60):
        while True:
            found = await owner.ask("find_customer", shop="huaxin", phone="13600003333")
            if found["name"]:
                break
            await asyncio.sleep(0.05)  # the index follows the journal
    assert (found["name"], found["orders"]) == ("周先生", 1)
    known = await owner.ask("find_customer", shop="huaxin", phone="137 0000 0021")
    assert (known["orders"], len(known["places"])) == (2, 1)
    assert known["places"][0]["address"]["note"] == "门禁 2580"
    got = await owner.ask("find_customer", shop="huaxin", phone="13900001111")
    assert (got["name"], got["orders"]) == ("妈妈", 0)
    denied = await li.http.post("/api/queries/find_customer", json={"shop": "huaxin", "phone": "13600003333"})
    assert denied.status_code == 403


async def test_what_was_paid_stands_apart_from_the_flowers(house: House) -> None:
    """IM-31, IM-32: only the shop writes it down, buyer and shop alone see it, never below nothing."""
    owner, li, zhang = [await log_in(house, name) for name in ("owner", "li", "zhang")]
    order = await place(li, pay="elsewhere")
    total = (await li.order(order))["order"]["total"]
    assert (await li.do("record_payment", order=order, amount=100)).status_code == 403
    assert (await owner.do("record_payment", order=order, amount=total + 1)).json()[
        "code"
    ] == "payment.too_much"
    assert (await owner.do("record_payment", order=order, amount=0)).status_code == 422
    await owner.done("record_payment", order=order, amount=total, method="elsewhere", reference="微信")
    assert (await owner.do("record_refund", order=order, amount=total + 1)).json()["code"] == (
        "payment.refund_too_much"
    )
    await owner.done("record_refund", order=order, amount=500, reason="少了一枝")
    seen = (await li.order(order))["order"]
    assert (seen["payment"]["paid"], seen["payment"]["refunded"], seen["status"]) == (total, 500, "placed")
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    courier = await zhang.order(order)
    assert "payment" not in courier["order"]
    assert "¥" not in str(courier["events"])


async def test_what_is_to_be_given_back_stands_in_one_list(house: House) -> None:
    """IM-33 to IM-37: over the wire: owed once the order is cancelled, ticked off once, the buyer is told."""
    owner, li = await log_in(house, "owner"), await log_in(house, "li")
    order = await place(li, pay="elsewhere")
    total = (await li.order(order))["order"]["payment"]["due"]
    await owner.done("record_payment", order=order, amount=total, reference="微信")
    assert (await owner.ask("list_refunds", shop="huaxin")) == {"owed": 0, "rows": []}
    await li.done("cancel_order", order=order, reason="计划变了")
    found = await owner.ask("list_refunds", shop="huaxin")
    (row,) = found["rows"]
    assert (found["owed"], row["left"], row["order"], row["buyer"]) == (total, total, order, "李女士")
    assert (row["refund"]["source"], row["refund"]["reason"]) == ("cancelled", "计划变了")
    denied = await li.http.post("/api/queries/list_refunds", json={"shop": "huaxin"})
    assert denied.status_code == 403
    tick = {"order": order, "amount": total, "refund": row["refund"]["id"]}
    both = await asyncio.gather(owner.do("record_refund", **tick), owner.do("record_refund", **tick))
    assert sorted(one.status_code for one in both) == [200, 409]
    assert (await owner.ask("list_refunds", shop="huaxin"))["rows"] == []
    seen = await li.order(order)
    assert (seen["order"]["refunds"][0]["back"], seen["order"]["payment"]["owed"]) == (total, 0)
    assert any("已退款" in str(event["body"]) for event in seen["events"])
