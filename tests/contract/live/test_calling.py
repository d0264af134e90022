"""Calls over the whole server: docs/spec/calls.md."""

import json
import secrets
from collections.abc import Callable
from typing import Any

from huaxin.compose import House
from huaxin.live.calling import Calling
from huaxin.live.pace import Buckets
from huaxin.turn.relay import Address
from tests.contract.live.clients import Ears, Line
from tests.contract.live.conftest import until
from tests.contract.live.test_abilities import carried
from tests.contract.live.test_access import guest_of
from tests.house import Member, log_in
from tests.postgres import Cluster


async def refused(member: Member, command: str, **fields: Any) -> str:
    answer = await member.do(command, **fields)
    assert answer.status_code >= 400, answer.text
    code: str = answer.json()["code"]
    return code


def calls(ears: Ears) -> list[dict[str, Any]]:
    return [one for one in ears.signals if one["signal"] == "call"]


async def at_the_door(house: House) -> tuple[str, Member, Member, Member]:
    """Quiet hours do not hold there, whatever the time of day."""
    order, li, owner, zhang = await carried(house)
    await zhang.do("pick_up", order=order)
    await zhang.done("mark_arrived", order=order)
    return order, li, owner, zhang


async def test_a_call_from_ring_to_goodbye(house: House) -> None:
    """CA-1, CA-2, CA-3, CA-13, CA-16, CA-17: rung on every device, answered on one; signals between those
    two and servers for them alone; nothing after it is over."""
    order, li, owner, zhang = await at_the_door(house)
    house.calls.relay.at = Address("turn", "127.0.0.1", 3478)
    lines = [await Line(member).open() for member in (li, li, zhang)]
    first, second, courier = [await line.listen(f"order:{order}") for line in lines]
    told = [await line.listen(f"me:{line.member.person}") for line in lines]
    call = "call-" + secrets.token_hex(6)
    fields = {"order": order, "call": call}
    rung = await zhang.done("ring", **fields, to=["buyer"], media="video", device="page-z")
    assert (rung["call"], rung["joined"]) == (call, False)
    for ears in (first, second, courier):
        await until(lambda ears=ears: any(one["type"] == "call_rung" for one in ears.events))
    delta = next(one for one in first.events if one["type"] == "call_rung")["delta"]["calls"][0]
    assert (delta["ringing"], delta["members"][0]["device"]) == (["buyer"], "page-z")
    servers = await li.ask("get_call_servers", **fields)
    assert servers["relay"] is True
    await li.done("answer_call", **fields, device="page-l1")
    assert await refused(li, "answer_call", **fields, device="page-l2") == "call.taken"

    words = "v=0 候选 " + "x" * 12_000
    signal = {"to_person": zhang.person, "to_device": "page-z", "from_device": "page-l1", "kind": "offer"}
    for n in range(3):
        await li.done("signal_call", **fields, **signal, data=f"{n}{words}")
    await until(lambda: len(calls(told[2])) == 3)
    assert [one["data"][0] for one in calls(told[2])] == ["0", "1", "2"]
    assert calls(told[2])[0]["from_role"] == "buyer"
    assert calls(told[0]) == calls(told[1]) == []
    assert await refused(owner, "signal_call", **fields, **signal) == "call.signal"
    assert await refused(li, "signal_call", **fields, **(signal | {"to_device": "page-x"})) == "call.signal"
    answer = await owner.http.post("/api/queries/get_call_servers", json=fields)
    assert answer.json()["code"] == "call.over"

    other, *_ = await carried(house)  # the courier is asked about another order meanwhile
    await zhang.do("pick_up", order=other)
    assert (
        await refused(owner, "ring", order=other, call="call-else", to=["courier"], device="p") == "call.busy"
    )
    ended = await li.done("leave_call", **fields, quality={"words": "good", "relayed": True})
    await until(lambda: any(one["seq"] == ended["seq"] for one in courier.events))
    assert courier.events[-1]["body"]["text"]["zh"].startswith("视频通话 ")
    assert await refused(li, "signal_call", **fields, **signal) == "call.over"
    assert "calls" not in (await li.order(order))["order"]
    for line in lines:
        await line.close()


async def test_who_cannot_be_rung_and_who_rings_too_often(house: House) -> None:
    """CA-9, CA-11, CA-15."""
    order, li, owner, zhang = await at_the_door(house)
    fields: dict[str, Any] = {"order": order, "device": "page-z"}
    assert await refused(zhang, "ring", **fields, call="call-r01", to=["recipient"]) == "call.nobody"
    guest = await guest_of(li, order)
    await li.done("set_notice_preferences", calls=False)
    assert await refused(zhang, "ring", **fields, call="call-r02", to=["buyer"]) == "call.quiet"
    await li.done("set_notice_preferences", calls=True)
    await guest.done("ring", order=order, call="call-guest", to=["shop"], device="page-g")
    assert (await owner.order(order))["order"]["calls"][0]["by_role"] == "recipient"
    await guest.done("leave_call", order=order, call="call-guest")
    house.calls.desk._rings_of_order = Buckets(1, 0.001)
    await zhang.done("ring", **fields, call="call-r03", to=["buyer"])
    answer = await zhang.do("ring", **fields, call="call-r04", to=["shop"])
    assert (answer.status_code, answer.json()["code"]) == (429, "call.flood")


async def test_who_has_gone_is_taken_out(house: House) -> None:
    """CA-7: the house's own clock does not matter, only that nothing of them is there."""
    order, li, _, zhang = await at_the_door(house)
    lines = [await Line(member).open() for member in (li, zhang)]
    fields = {"order": order, "call": "call-gone"}
    await li.done("ring", **fields, to=["courier"], device="page-l")
    await zhang.done("answer_call", **fields, device="page-z")
    desk: Calling = house.calls.desk
    await lines[1].close()
    await until(lambda: zhang.person in desk._gone)
    await desk.look()
    assert (await li.order(order))["order"]["calls"]
    desk._lost_s = 0.0
    await until(lambda: bool(desk._gone))
    await desk.look()
    await until(lambda: order not in desk._calling)
    events = (await li.order(order))["events"]
    assert [one["body"].get("why") for one in events if one["type"] == "call_ended"] == ["lost"]
    await lines[0].close()


async def test_a_telephone_call_with_hidden_numbers(house: House) -> None:
    """CA-20: what is shown and kept is masked; what became of it is told."""
    order, li, _, zhang = await at_the_door(house)
    house.calls.masking.told_after_s = 0.0
    lent = await zhang.done("call_masked", order=order, to="buyer")
    assert lent["shown"] == "137****0021"
    assert (lent["simulated"], lent["dial"].startswith("170")) == (True, True)

    async def ended() -> list[dict[str, Any]]:
        events = (await li.order(order))["events"]
        return [one for one in events if one["type"].startswith("masked_call_")]

    await until(lambda: not house.calls.masking._tasks)
    placed, over = await ended()
    assert placed["body"]["number"] == "137****0021"
    assert over["body"]["text"]["zh"].startswith("隐私号通话")
    assert "13700000021" not in json.dumps([placed, over])
    await zhang.done("deliver", order=order)
    assert await refused(zhang, "call_masked", order=order, to="buyer") == "call.closed"


async def test_the_relay_of_the_settings(house: House) -> None:
    """CA-18: what is missing is said to devices too."""
    order, li, _, zhang = await at_the_door(house)
    fields = {"order": order, "call": "call-norelay"}
    await li.done("ring", **fields, to=["courier"], device="page-l")
    servers = await zhang.ask("get_call_servers", **fields)
    assert (servers["relay"], servers["ice_servers"]) == (False, [])
    assert servers["words"]["zh"]
    florist = await log_in(house, "chen")
    answer = await florist.http.post("/api/queries/get_call_servers", json=fields)
    assert answer.status_code == 404


async def test_a_call_between_two_nodes(open_another: Callable[..., Any], postgres_server: Cluster) -> None:
    """CA-2, CA-16: who rings is on one node, who answers on another; what they say arrives whole."""
    url = postgres_server.make_database()
    one, two = await open_another(database=url), await open_another(database=url)
    order, li, _, zhang = await at_the_door(one)
    there = Member(two, li.person, li.access)  # the buyer's page came to the other node
    fields = {"order": order, "call": "call-nodes"}
    courier, buyer = await Line(zhang).open(), await Line(there).open()
    told = [await line.listen(f"me:{line.member.person}") for line in (courier, buyer)]
    rung, answered = await buyer.listen(f"order:{order}"), await courier.listen(f"order:{order}")
    await zhang.done("ring", **fields, to=["buyer"], device="page-z")
    await until(lambda: any(one["type"] == "call_rung" for one in rung.events))
    await there.done("answer_call", **fields, device="page-l")
    await until(lambda: any(one["type"] == "call_answered" for one in answered.events))
    words = "候选" * 3_000
    for sender, me, other, to in ((zhang, "page-z", "page-l", li), (there, "page-l", "page-z", zhang)):
        signal = {"from_device": me, "to_device": other, "to_person": to.person, "kind": "offer"}
        await sender.done("signal_call", **fields, **signal, data=words + me)
    await until(lambda: all(len(calls(ears)) == 1 for ears in told))
    assert [calls(ears)[0]["data"] for ears in told] == [words + "page-l", words + "page-z"]
    for line in (courier, buyer):
        await line.close()
