"""Searching an order's conversation and a shop's orders in a whole house (docs/spec/search.md)."""

from typing import Any

import pytest

from huaxin.compose import House
from tests.house import Member, log_in, place, plain_http

CARD = {"text": "妈妈,生日快乐!Happy birthday", "signature": "爱您的阿芳"}


async def _search(member: Member, order: str, text: str, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await member.ask("search_messages", order=order, text=text, **more))[
        "hits"
    ]
    return found


async def _search_shop(house: House, member: Member, text: str) -> list[dict[str, Any]]:
    await house.search.catch_up("huaxin")
    found: list[dict[str, Any]] = (await member.ask("search_orders", shop="huaxin", text=text))["hits"]
    return found


def _marked(hit: dict[str, Any]) -> list[str]:
    units = hit["excerpt"].encode("utf-16-le")
    return [units[2 * a : 2 * b].decode("utf-16-le") for a, b in hit["ranges"]]


async def _guest(house: House, order: str, role: str) -> Member:
    link = await house.people.create_guest_link(order, role, "system", 1)
    async with plain_http(base_url=house.url) as http:
        tokens = (await http.post("/api/guest", json={"token": link.token})).json()
    return Member(house, tokens["person"], tokens["access"])


async def test_within_an_order_everyone_finds_what_they_may_see(house: House) -> None:
    """SRC-5, SRC-6: the same words, other finds for each role."""
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    order = await place(li, card=CARD | {"anonymous": True}, note="门口有狗")
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    await li.done("say", order=order, text="🌹丝带包装请素雅一点")
    await owner.done("say", order=order, text="丝带已包好", to=["courier"])
    await zhang.done("send_place", order=order, point={"lat": 31, "lon": 121}, name="丝带暂存点")
    hits = await _search(li, order, "丝带")
    assert [(hit["where"], _marked(hit)) for hit in hits] == [("place", ["丝带"]), ("message", ["丝带"])]
    assert len(await _search(owner, order, "丝带")) == len(await _search(zhang, order, "丝带")) == 3
    # The card: the buyer and the shop; not the courier, nor a recipient before it is there.
    recipient = await _guest(house, order, "recipient")
    found = {m.person: await _search(m, order, "生日快乐") for m in (li, owner, zhang, recipient)}
    assert [len(found[m.person]) for m in (li, owner, zhang, recipient)] == [1, 1, 0, 0]
    assert found[li.person][0]["where"] == "card"
    assert _marked(found[li.person][0]) == ["生日快乐"]
    assert await _search(recipient, order, "丝带") == []
    assert len(await _search(recipient, order, "妈妈")) == 1  # their own name
    assert [hit["where"] for hit in await _search(zhang, order, "阳光小区")] == ["address"]
    # A notice the system posted, in either language.
    assert [hit["type"] for hit in await _search(li, order, "confirmed")] == ["notice_posted"]
    await recipient.http.aclose()


async def test_pages_go_on_where_the_last_one_ended(house: House) -> None:
    """SRC-5: newest first, nothing twice, nothing left out."""
    li = await log_in(house, "li")
    order = await place(li)
    for n in range(7):
        await li.done("say", order=order, text=f"第{n}次提到康乃馨花")
        await li.done("say", order=order, text="别的话")
    seen: list[str] = []
    before, more = 0, True
    while more:
        page = await li.ask("search_messages", order=order, text="提到 花", limit=3, before=before)
        seen += [hit["excerpt"][1] for hit in page["hits"]]
        before, more = page["before"], page["more"]
    assert seen == list("6543210")


async def test_over_a_shop_by_name_phone_card_address_number_and_words(house: House) -> None:
    """SRC-7: what staff know of an order leads to it."""
    li, chen, owner = [await log_in(house, name) for name in ("li", "chen", "owner")]
    first = await place(li, card=CARD, recipient={"name": "王奶奶", "phone": "13988886666"})
    second = await place(chen, note="请用浅粉色丝带", buyer_name="Anne O'Neil")
    await li.done("say", order=first, text="电梯要刷卡,Please call me")
    number = (await li.order(first))["order"]["number"]
    for text, where in (
        (str(number), "number"), ("奶奶", "recipient"), ("6666", "phone"), ("生日", "card"), ("阿芳", "card"),
        ("刷卡", "message"), ("please CALL", "message"), ("王奶奶 生日", "recipient"),
    ):  # fmt: skip
        hits = await _search_shop(house, owner, text)
        assert [hit["order"] for hit in hits] == [first], text
        assert hits[0]["where"] == where, text
        assert hits[0]["number"] == number
    assert {hit["order"] for hit in await _search_shop(house, owner, "阳光小区")} == {first, second}
    assert [hit["order"] for hit in await _search_shop(house, owner, "o'neil 丝带")] == [second]
    assert await _search_shop(house, owner, "没有这样的东西") == []


async def test_what_changed_is_found_as_it_is_now(house: House) -> None:
    """SRC-8."""
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    order = await place(li)
    assert len(await _search_shop(house, owner, "阳光小区")) == 1
    address = (await li.order(order))["order"]["address"] | {"text": "滨江大道88号"}
    await li.done("ask_change", order=order, address=address)
    change = (await li.order(order))["order"]["change"]["id"]
    await owner.done("answer_change", order=order, change=change, accept=True)
    assert await _search_shop(house, owner, "阳光小区") == []
    assert [hit["where"] for hit in await _search_shop(house, owner, "滨江大道")] == ["address"]


async def test_only_staff_search_the_shop_and_only_members_an_order(house: House) -> None:
    """SRC-6."""
    li, chen, zhang = [await log_in(house, name) for name in ("li", "chen", "zhang")]
    order = await place(li)
    for member in (li, chen, zhang):
        answer = await member.http.post("/api/queries/search_orders", json={"shop": "huaxin", "text": "花"})
        assert (answer.status_code, answer.json()["code"]) == (403, "access.denied")
    answer = await chen.http.post("/api/queries/search_messages", json={"order": order, "text": "花"})
    assert (answer.status_code, answer.json()["code"]) == (404, "order.not_found")


@pytest.mark.parametrize(
    "text", ["", " ", "\"'*", "NEAR(", "a OR", "-", "🏽", "\x00", "%", "\\", "花:*", "'&|!"]
)
async def test_odd_words_are_only_words(house: House, text: str) -> None:
    """SRC-10."""
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    order = await place(li)
    assert await _search(li, order, text) == []
    assert await _search_shop(house, owner, text) == []


async def test_too_long_is_said_in_words(house: House) -> None:
    """SRC-10."""
    li = await log_in(house, "li")
    order = await place(li)
    answer = await li.http.post("/api/queries/search_messages", json={"order": order, "text": "花" * 201})
    assert (answer.status_code, answer.json()["code"]) == (422, "search.too_long")
    assert "200" in answer.json()["detail"]
    answer = await li.http.post(
        "/api/queries/search_messages", json={"order": order, "text": "a" * 1_100_000}
    )
    assert answer.status_code == 413


async def test_the_index_goes_on_after_a_restart_and_can_be_made_anew(house: House) -> None:
    """SRC-8, SRC-9: nothing is in the index that cannot be made again."""
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    await house.search.stop()  # as if it had died
    order = await place(li)
    for n in range(45):
        await li.done("say", order=order, text=f"第{n}句关于郁金香")
    assert (await owner.ask("search_orders", shop="huaxin", text="郁金香"))["hits"] == []
    await house.search.start(["huaxin"])
    assert len(await _search_shop(house, owner, "郁金香")) == 1
    assert len(await _search_shop(house, owner, "第44句")) == 1
    assert await house.search.rebuild("huaxin") == (await house.journal.head("huaxin")).seq
    assert len(await _search_shop(house, owner, "第44句")) == 1
