"""The florists' bench, the photo gate and proof of delivery in the house (docs/spec/bench.md)."""

import asyncio
import zipfile
from io import BytesIO
from typing import Any

import httpx

from huaxin.compose import House
from huaxin.live.making import SLACK_MS
from tests.contract.media import tus
from tests.house import Member, home, log_in, place
from tests.unit.media import samples

ALL = {
    "photo": "required",
    "answer_minutes": 10,
    "open_fix": "warn",
    "picture": True,
    "signature": True,
    "code": True,
}


def code(answer: httpx.Response) -> str:
    return str(answer.json().get("code", ""))


async def do(who: Member, command: str, **fields: Any) -> httpx.Response:
    """Again while a picture is being made ready, as an outbox does."""
    for _ in range(100):
        answer = await who.do(command, **fields)
        if answer.status_code != 503:
            break
        await asyncio.sleep(0.05)
    return answer


async def done(who: Member, command: str, **fields: Any) -> None:
    answer = await do(who, command, **fields)
    assert answer.status_code == 200, answer.text


async def crew(house: House, *names: str) -> list[Member]:
    return [await log_in(house, name) for name in names]


async def picture(who: Member, order: str) -> str:
    return await tus.upload(who, order, "proof", samples.jpeg())


async def confirmed(house: House, li: Member, owner: Member, zhang: Member, **changes: Any) -> str:
    order = await place(li, **changes)
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    return order


async def long_wish(house: House) -> dict[str, Any]:
    """With 5,000 signs and emoji on the card."""
    return {
        "order": "order-too-long",
        "shop": "huaxin",
        "lines": [{"product": "carnation"}],
        "recipient": {"name": "妈妈", "phone": "13900001111"},
        "address": await home(house),
        "card": {"text": "爱你🌹" * 1667},
    }


async def test_from_the_bench_to_the_door(house: House) -> None:
    """PG-1, PG-2, PG-4, PG-7, PD-1, PD-5, PD-8: every party's screen, with real pictures."""
    li, owner, zhang, chen = await crew(house, "li", "owner", "zhang", "chen")
    assert code(await zhang.do("set_gates", shop="huaxin", gates=ALL)) == "access.denied"
    await owner.done("set_gates", shop="huaxin", gates=ALL)
    assert (await zhang.ask("get_gates", shop="huaxin"))["code"] is True
    assert (await zhang.ask("get_run", shop="huaxin"))["gates"] == ALL
    assert (await owner.ask("get_board", shop="huaxin"))["gates"] == ALL

    order = await confirmed(house, li, owner, zhang)
    await owner.done("start_making", order=order)
    assert code(await owner.do("mark_ready", order=order)) == "photo.required"
    forged = {"photo": "off"}
    assert code(await owner.do("mark_ready", order=order, gates=forged)) == "photo.required"
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("bouquet.jpg", samples.jpeg())
    bad = await tus.upload(owner, order, "proof", packed.getvalue())
    answer = await do(owner, "mark_ready", order=order, picture=bad)
    assert answer.status_code == 422
    assert code(answer).startswith("media.")
    foreign = await picture(li, order)
    assert code(await owner.do("mark_ready", order=order, picture=foreign)) == "media.unknown"
    made = await picture(owner, order)
    await done(owner, "mark_ready", order=order, picture=made)
    seen = await li.order(order)
    assert seen["order"]["bouquet"]["picture"] == made
    assert "answer_bouquet" in seen["actions"]
    assert list(await tus.links(li, order, made)) == [made]
    bouquet = seen["order"]["bouquet"]["id"]
    await li.done("answer_bouquet", order=order, bouquet=bouquet, approve=False, fix="丝带换成白色")
    assert "fix" in [one["kind"] for one in (await owner.order(order))["attention"]]
    refused = await zhang.do("pick_up", order=order)
    assert code(refused) == "bouquet.fix_open"
    assert "丝带换成白色" in refused.json()["detail"]
    again = await picture(owner, order)
    await done(owner, "show_bouquet", order=order, picture=again)
    await zhang.done("pick_up", order=order)

    digits = (await li.order(order))["order"]["receipt_code"]
    assert len(digits) == 4
    assert (await zhang.order(order))["order"]["receipt_code"] == "****"
    assert digits not in str(await zhang.order(order))
    assert code(await chen.do("deliver", order=order)) == "order.not_found"
    door, name = await picture(zhang, order), await picture(zhang, order)
    first = await do(zhang, "deliver", order=order, left_with="self", code=digits, signature=name)
    assert (code(first), first.json()["value"]) == ("proof.missing", {"needs": ["picture"]})
    assert (await zhang.ask("check_receipt_code", order=order, code=digits)) == {"right": True}
    at_home = {"point": (await li.order(order))["order"]["address"]["point"], "accuracy_m": 8.0}
    fields = {"left_with": "self", "code": digits, "signature": name, "picture": door, **at_home}
    await done(zhang, "deliver", order=order, **fields)
    for who in (li, owner):
        proof = (await who.order(order))["order"]["proof"]
        assert (proof["picture"], proof["signature"], proof["code"], proof["far"]) == (
            door,
            name,
            True,
            False,
        )
        assert set(await tus.links(who, order, door, name, again)) == {door, name, again}


async def test_a_receipt_code_cannot_be_guessed(house: House) -> None:
    """PD-6: five wrong ones, then not even the right one; another proof still goes."""
    li, owner, zhang = await crew(house, "li", "owner", "zhang")
    await owner.done("set_gates", shop="huaxin", gates={"code": True})
    order = await confirmed(house, li, owner, zhang)
    await zhang.done("pick_up", order=order)
    right = (await li.order(order))["order"]["receipt_code"]
    wrong = f"{(int(right) + 1) % 10_000:04d}"
    lefts = []
    for n in range(4):
        wish = {"order": order, "code": wrong}
        path = "/api/queries/check_receipt_code"
        answer = await (zhang.do("deliver", **wish) if n % 2 else zhang.http.post(path, json=wish))
        assert code(answer) == "proof.wrong_code"
        lefts.append(answer.json()["value"]["tries_left"])
    assert lefts == [4, 3, 2, 1]
    for tried in (wrong, wrong, right):
        assert code(await zhang.do("deliver", order=order, code=tried)) == "proof.code_locked"
    assert code(await li.do("deliver", order=order, code=right)) == "order.not_yours"
    left = {"left_with": "guard", "received_by": "王师傅", "picture": await picture(zhang, order)}
    await done(zhang, "deliver", order=order, **left)
    assert (await li.order(order))["order"]["proof"]["left_with"] == "guard"


async def test_papers_and_the_queue(house: House) -> None:
    """FQ-1, PR-3, PR-5: for the staff of this shop alone; what is on paper; by when it must be ready."""
    li, owner, zhang = await crew(house, "li", "owner", "zhang")
    end = house.clock() + 3 * 3_600_000
    card = {"text": "妈妈,节日快乐!🌹", "signature": "女儿", "anonymous": False}
    order = await confirmed(house, li, owner, zhang, promise={"end": end}, card=card, surprise=True)
    long = await li.do("place_order", **(await long_wish(house)))
    assert code(long) == "request.invalid"
    (view,) = await owner.ask("get_papers", shop="huaxin", orders=[order, "order-unknown"], base=house.url)
    assert view["paper"]["phone"] == "139****1111"
    assert view["paper"]["link"] == f"{house.url}/courier/orders/{order}"
    assert view["code"]["size"] >= 21
    path = "/api/shops/huaxin/papers.pdf"
    page = await owner.http.get(path, params={"orders": order, "what": "both"})
    assert (page.status_code, page.headers["content-type"]) == (200, "application/pdf")
    assert page.content.startswith(b"%PDF-")
    assert page.headers["x-huaxin-left-out"] == "1"
    assert (await zhang.http.get(path, params={"orders": order})).status_code == 403
    assert (await owner.http.get(path, params={"orders": ""})).status_code == 422
    assert (await owner.http.get(path, params={"orders": "order-unknown"})).status_code == 404
    many = ",".join(f"order-{n:08d}" for n in range(301))
    assert code(await owner.http.get(path, params={"orders": many})) == "papers.most"
    ready_by = (await owner.ask("get_making", shop="huaxin"))["ready_by"][order]
    assert end - SLACK_MS - 3_600_000 < ready_by < end - SLACK_MS
    await owner.done("mark_ready", order=order)
    await zhang.done("pick_up", order=order)
    assert order not in (await owner.ask("get_making", shop="huaxin"))["ready_by"]
