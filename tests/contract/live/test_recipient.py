"""The recipient, complaints and remedies in the living house: links, numbers, remakes, the evidence."""

import asyncio
from typing import Any

from huaxin.compose import House
from tests.contract.live.conftest import until
from tests.contract.media import tus
from tests.house import Member, log_in, place
from tests.unit.media import samples


async def guest(maker: Member, order: str, **fields: Any) -> tuple[Member, dict[str, Any]]:
    link = await maker.done("create_guest_link", order=order, role="recipient", **fields)
    token = link["url"].rpartition("/")[2]
    tokens = (await maker.http.post("/api/guest", json={"token": token})).json()
    return Member(maker.house, tokens["person"], tokens["access"]), link


async def delivered(owner: Member, zhang: Member, order: str) -> None:
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    await zhang.done("pick_up", order=order)
    await zhang.done("deliver", order=order, received_by="本人")


async def test_a_surprise_from_order_to_thanks(house: House) -> None:
    """SU-2, SU-4, SU-7, SU-10, RP-1, RP-3, RP-4: over the real wire, with a real link."""
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    card = {"text": "猜猜我是谁", "signature": "小李", "anonymous": True}
    order = await place(li, card=card, surprise=True)
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    refused = await owner.do("create_guest_link", order=order, role="recipient")
    assert (refused.status_code, refused.json()["code"]) == (409, "contact.door")
    su, _ = await guest(li, order, hours=24)
    refused = await zhang.do("say", order=order, text="您的花到了", to=["recipient"])
    assert refused.json()["code"] == "contact.door"
    seen = await su.order(order)
    text = str(seen)
    for secret in ("康乃馨", "花", "李女士", "小李", li.person, ": 16800", "猜猜"):
        assert secret not in text, secret
    assert seen["shop_name"] == ""
    assert seen["shop_point"] is None
    assert (await zhang.order(order))["order"]["recipient"].get("phone", "") == ""
    await su.done("help_gate", order=order, code="2580#", floor="12层")
    await su.done("prefer_time", order=order, text="请下午来")
    asked = (await li.order(order))["order"]["preference"]
    assert "gate_help" not in (await li.order(order))["order"]
    await li.done("answer_preference", order=order, preference=asked["id"], accept=True)
    assert (await zhang.order(order))["order"]["gate_help"]["code"] == "2580#"
    await zhang.done("pick_up", order=order)
    await zhang.done("mark_arrived", order=order)
    assert (await zhang.order(order))["order"]["recipient"]["phone"] == "13900001111"
    await zhang.done("say", order=order, text="我在门口", to=["recipient"])
    await zhang.done("deliver", order=order)
    seen = await su.order(order)
    assert seen["order"]["card"]["text"] == "猜猜我是谁"
    assert "小李" not in str(seen)
    await su.done("thank", order=order, text="谢谢你!")
    assert (await li.order(order))["order"]["thanks"]["text"] == "谢谢你!"
    assert li.person not in str(await su.order(order))
    await su.http.aclose()


async def test_a_link_is_ended_by_shop_or_buyer(house: House) -> None:
    """SU-10: and with it the session that came by it; the others go on."""
    li, chen, owner = [await log_in(house, name) for name in ("li", "chen", "owner")]
    order = await place(li)
    one, _ = await guest(li, order)
    two, _ = await guest(owner, order)
    await owner.done("create_guest_link", order=order, role="buyer")
    links = await owner.ask("list_guest_links", order=order)
    assert sorted((link["role"], link["opened"]) for link in links) == [
        ("buyer", False),
        ("recipient", True),
        ("recipient", True),
    ]
    assert [link["role"] for link in await li.ask("list_guest_links", order=order)] == ["recipient"] * 2
    foreign = next(link["id"] for link in links if link["role"] == "buyer")
    assert (await li.do("revoke_guest_link", order=order, link=foreign)).json()["code"] == "guest.no_link"
    assert (await chen.do("revoke_guest_link", order=order)).status_code == 404
    assert (await one.do("revoke_guest_link", order=order)).status_code == 403
    mine = one.person.removeprefix("guest:")
    assert (await li.done("revoke_guest_link", order=order, link=mine))["ended"] == 1
    gone = await one.http.post("/api/queries/get_order", json={"order": order})
    assert gone.status_code == 401
    assert (await two.order(order))["role"] == "recipient"
    assert (await owner.done("revoke_guest_link", order=order))["ended"] == 2
    assert await owner.ask("list_guest_links", order=order) == []
    for member in (one, two):
        await member.http.aclose()


async def test_the_time_opens_by_itself(house: House) -> None:
    """SU-6: an event of the system, with the number in its change."""
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    later = house.clock() + 1_500
    order = await place(li, contact={"policy": "after", "after": later})
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    assert (await zhang.order(order))["order"]["recipient"].get("phone", "") == ""
    await until(lambda: house.clock() >= later)
    await house.watching.look()
    found = await house.orders.find(order)
    assert found is not None
    assert found.contact.opened_at >= later
    assert (await zhang.order(order))["order"]["recipient"]["phone"] == "13900001111"


async def test_a_remake_is_placed_once_and_linked(house: House) -> None:
    """RM-6."""
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    order = await place(li)
    await delivered(owner, zhang, order)
    await li.done("complain", order=order, fault="damaged", text="有一朵折了")
    await owner.done("propose_remedy", order=order, kind="remake", text="马上重做")
    offer = (await li.order(order))["order"]["complaint"]["remedies"][-1]
    first = await li.done("answer_remedy", order=order, key="accept-once-1", remedy=offer["id"], accept=True)
    again = await li.done("answer_remedy", order=order, key="accept-once-1", remedy=offer["id"], accept=True)
    assert again == first
    settled = (await li.order(order))["order"]["complaint"]
    assert settled["status"] == "settled"
    made = settled["remake"]
    await until(lambda: (one := house.orders.known(made)) is not None and one.status == "confirmed")
    remade = house.orders.known(made)
    assert remade is not None
    assert (remade.total, remade.remake_of) == (0, order)
    cards = await li.ask("list_orders")
    assert {card["order"]["id"] for card in cards} == {order, made}
    assert (await li.order(made))["order"]["remake_of"] == order


async def test_all_evidence_with_one_tap(house: House) -> None:
    """RM-8: for shop and buyer alone; pictures stand in the page, nothing in it runs."""
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    order = await place(li)
    await delivered(owner, zhang, order)
    photo = await tus.upload(li, order, "picture", samples.jpeg(64, 48, 1), "IMG_1.jpg")
    wish = {"order": order, "fault": "damaged", "text": "<b>折了</b>", "pictures": [photo]}
    for _ in range(100):  # the picture is being made ready
        answer = await li.do("complain", **wish)
        if answer.status_code != 503:
            break
        await asyncio.sleep(0.05)
    assert answer.status_code == 200, answer.text
    # Of a call, "media" is a word, not a list of pictures.
    call = {"order": order, "call": "call-look-at-it"}
    await owner.done("ring", **call, to=["buyer"], media="video", device="page-o")
    await li.done("answer_call", **call, device="page-l")
    await li.done("leave_call", **call, device="page-l")
    await owner.done("propose_remedy", order=order, kind="refund", amount=5040, text="非常抱歉")
    found = await owner.ask("get_evidence", order=order)
    assert [one["what"] for one in found["photos"]] == ["complaint"]
    assert found["steps"][-1]["status"] == "delivered"
    for who, lang, words in ((owner, "zh-CN", "退款 ¥50.40"), (li, "en", "a refund of ¥50.40")):
        page = await who.http.get(f"/api/orders/{order}/evidence.html?lang={lang}")
        assert page.status_code == 200
        assert words in page.text
        assert "data:image/" in page.text
        assert "&lt;b&gt;折了" in page.text
        assert ("视频通话 00:0" if lang == "zh-CN" else "Video call 00:0") in page.text
        assert "<script" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
    assert (await zhang.http.get(f"/api/orders/{order}/evidence.html")).status_code == 403
    su, _ = await guest(li, order)
    assert (await su.http.get(f"/api/orders/{order}/evidence.html")).status_code == 403
    await su.http.aclose()
