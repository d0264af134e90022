"""The system answers by itself, over the wire (docs/spec/answers.md)."""

from collections.abc import Callable
from typing import Any

from huaxin.compose import House
from tests.contract.live.clients import Line
from tests.contract.live.conftest import until
from tests.house import Member, log_in, place, plain_http
from tests.postgres import Cluster


async def _talk(member: Member, order: str) -> list[dict[str, Any]]:
    events = (await member.order(order))["events"]
    return [one for one in events if one["type"] in ("message_sent", "answer_given")]


async def test_the_facts_answer_a_buyer_at_once(house: House) -> None:
    """ANS-1, ANS-8: to those who heard the question, as the system, right after it."""
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    order = await place(li)
    await owner.done("confirm_order", order=order)
    line = await Line(li).open()
    ears = await line.listen(f"order:{order}")
    asked = await line.call("say", command_id="ask-1", order=order, text="请问到哪了?")
    await until(lambda: any(one["type"] == "answer_given" for one in ears.events))
    given = next(one for one in ears.events if one["type"] == "answer_given")
    assert (given["body"]["question"], given["body"]["asked"]) == ("where", asked["seq"])
    assert given["seq"] == asked["seq"] + 1
    assert given["actor"] == {"person": "system", "role": "system"}
    assert given["body"]["text"]["zh"].startswith("花店已确认您的订单,还没有开始配送。承诺的时间是")
    assert given["body"]["text"]["en"].startswith("The shop has your order")
    assert [one["type"] for one in await _talk(owner, order)] == ["message_sent", "answer_given"]
    await line.close()


async def test_what_is_unclear_goes_to_a_person_and_staff_are_never_answered(house: House) -> None:
    """ANS-2, ANS-10."""
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    order = await place(li)
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    await owner.done("say", order=order, text="到哪了?")
    await zhang.done("say", order=order, text="还要多久")
    await li.done("say", order=order, text="到哪了?我想改一下地址")
    await li.done("say", order=order, text="还要多久?")
    line = await Line(li).open()
    ears = await line.listen(f"order:{order}")

    async def answered() -> int:
        return sum(one["type"] == "answer_given" for one in await _talk(li, order))

    while not await answered():
        pass
    # The same again while nothing changed stands on the screen already; another question does not.
    await li.done("say", order=order, text="还要多久?")
    await li.done("say", order=order, text="能准时吗")
    await until(lambda: any(one["body"].get("question") == "on_time" for one in ears.events))
    given = [one for one in await _talk(li, order) if one["type"] == "answer_given"]
    assert [one["body"]["question"] for one in given] == ["how_long", "on_time"]
    await line.close()


async def test_a_recipient_is_answered_where_the_buyer_does_not_hear_it(house: House) -> None:
    """ANS-8."""
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    order = await place(li, card={"text": "惊喜", "anonymous": True}, surprise=True)
    link = await house.people.create_guest_link(order, "recipient", "system", 1)
    async with plain_http(base_url=house.url) as http:
        tokens = (await http.post("/api/guest", json={"token": link.token})).json()
    mother = Member(house, tokens["person"], tokens["access"])
    line = await Line(mother).open()
    ears = await line.listen(f"order:{order}")
    await mother.done("say", order=order, text="Where are my flowers?")
    await until(lambda: any(one["type"] == "answer_given" for one in ears.events))
    assert [one["type"] for one in await _talk(li, order)] == []
    assert [one["type"] for one in await _talk(owner, order)] == ["message_sent", "answer_given"]
    await line.close()
    await mother.http.aclose()


async def test_two_nodes_answer_once(open_another: Callable[..., Any], postgres_server: Cluster) -> None:
    """ANS-8: both hear the question, one answer is written; everyone reads it on either."""
    url = postgres_server.make_database()
    one, two = await open_another(database=url), await open_another(database=url)
    li, owner = await log_in(one, "li"), await log_in(two, "owner")
    order = await place(li)
    elsewhere = await Line(owner).open()
    ears = await elsewhere.listen("shop:huaxin")
    for text in ("到哪了", "能准时吗", "还要多久"):
        await li.done("say", order=order, text=text)
    await until(lambda: sum(one["type"] == "answer_given" for one in ears.events) >= 3)
    await owner.done("say", order=order, text="好的")
    await until(lambda: "好的" in ears.texts())
    for member in (li, owner):
        given = [one["body"]["asked"] for one in await _talk(member, order) if one["type"] == "answer_given"]
        assert len(given) == len(set(given)) == 3
    await one.search.catch_up("huaxin")
    await two.search.catch_up("huaxin")
    assert len((await owner.ask("search_orders", shop="huaxin", text="到哪了"))["hits"]) == 1
    await elsewhere.close()
