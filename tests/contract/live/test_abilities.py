"""What may be done with messages, on two devices of each of two people (docs/spec/conversation.md)."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from centrifuge import ReplyError

from huaxin.compose import House
from huaxin.conversation.abilities import OWN_MS
from huaxin.conversation.speaking import OPEN_AFTER_MS
from huaxin.live.clock import Clock
from tests.contract.live.clients import Ears, Line, refusal
from tests.contract.live.conftest import until
from tests.house import Member, log_in, place
from tests.unit.orders.helpers import at
from tests.unit.orders.test_views import assign_over

Open = Callable[..., Any]


@pytest.fixture(params=["sqlite", "postgres"])
async def both(request: pytest.FixtureRequest, open_another: Open) -> House:
    """A house on either database, in a time that stands still."""
    database = ""
    if request.param == "postgres":
        database = request.getfixturevalue("postgres_server").make_database()
    house: House = await open_another(
        database=database, clock=Clock(start_ms=at("2026-03-06 14:00"), speed=0.0)
    )
    return house


class Pair:
    """Two devices of each of two people on one order."""

    def __init__(self, order: str, lines: dict[str, list[Line]], ears: dict[str, list[Ears]]) -> None:
        self.order, self.lines, self.ears = order, lines, ears
        self._count = 0

    async def call(self, who: str, command: str, **fields: Any) -> Any:
        """From the first device, with an id of its own."""
        self._count += 1
        line = self.lines[who][0]
        return await line.call(command, command_id=f"pair-{self._count}", order=self.order, **fields)

    async def refused(self, who: str, command: str, **fields: Any) -> dict[str, Any]:
        with pytest.raises(ReplyError) as error:
            await self.call(who, command, **fields)
        return refusal(error.value)

    async def heard(self, seq: int) -> list[dict[str, Any]]:
        """The event with this seq as each of the four devices got it."""
        everyone = [ears for pair in self.ears.values() for ears in pair]
        await until(lambda: all(any(e["seq"] == seq for e in ears.events) for ears in everyone))
        return [next(e for e in ears.events if e["seq"] == seq) for ears in everyone]

    async def close(self) -> None:
        for line in [line for pair in self.lines.values() for line in pair]:
            await line.close()


async def open_pair(one: Member, other: Member, order: str) -> Pair:
    lines, ears = {}, {}
    for who, member in (("one", one), ("other", other)):
        lines[who] = [await Line(member).open() for _ in range(2)]
        ears[who] = [await line.listen(f"order:{order}") for line in lines[who]]
    return Pair(order, lines, ears)


def overlay_of(event: dict[str, Any], seq: int) -> dict[str, Any]:
    found: dict[str, Any] = event["delta"]["overlays"][str(seq)]
    return found


async def test_a_message_is_answered_marked_edited_and_recalled(both: House) -> None:
    """CO-10, CO-12 to CO-16: every device sees each of it; what was recalled is nowhere but with the shop."""
    li, owner = await log_in(both, "li"), await log_in(both, "owner")
    order = await place(li)
    pair = await open_pair(li, owner, order)
    seq = (await pair.call("one", "say", text="暗号是牡丹"))["seq"]
    answer = await pair.call("other", "say", text="收到", reply_to=seq, mentions=["buyer"])
    for event in await pair.heard(answer["seq"]):
        assert event["body"]["quote"] == {"seq": seq, "name": "李女士", "role": "buyer", "kind": "text",
                                          "text": "暗号是牡丹"}  # fmt: skip
        assert event["body"]["mentions"] == ["buyer"]
    await pair.call("other", "react", seq=seq, emoji="👍")
    edited = (await pair.call("one", "edit_message", seq=seq, text="暗号是月季"))["seq"]
    for event in await pair.heard(edited):
        assert overlay_of(event, seq)["text"] == "暗号是月季"
        assert [who["person"] for who in overlay_of(event, seq)["reactions"]["👍"]] == [owner.person]
    pinned = (await pair.call("other", "pin_message", seq=seq))["seq"]
    assert all(overlay_of(e, seq)["pinned"]["role"] == "shop" for e in await pair.heard(pinned))
    assert "牡丹" not in str(await shown(li, order))
    recalled = (await pair.call("one", "recall_message", seq=seq))["seq"]
    for event in await pair.heard(recalled):
        assert list(overlay_of(event, seq)) == ["recalled_at"]
    mine, shops = await li.order(order), await owner.order(order)
    assert "月季" not in str(await shown(li, order))
    assert "牡丹" in str(await shown(owner, order))
    assert mine["order"]["overlays"] == shops["order"]["overlays"]
    assert (await pair.refused("other", "react", seq=seq, emoji="👍"))["code"] == "message.recalled"
    await pair.close()


async def shown(member: Member, order: str) -> list[Any]:
    """Every way a message comes to a screen; the order's own address is no message."""
    snapshot = await member.order(order)
    history = await member.ask("get_history", order=order, before=10**6, limit=50)
    card = next(iter(await member.ask("list_orders")), None)
    return [
        snapshot["events"],
        snapshot["order"].get("overlays"),
        history["events"],
        card and card.get("last"),
    ]


async def carried(house: House) -> tuple[str, Member, Member, Member]:
    """An order with its buyer, the shop's owner and the courier."""
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    order = await place(li)
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    return order, li, owner, zhang


async def test_of_two_who_answer_at_once_one_is_heard(both: House) -> None:
    """CO-18: from four devices at the same moment."""
    order, li, owner, zhang = await carried(both)
    pair = await open_pair(li, owner, order)
    asked = (await zhang.done("ask", order=order, text="放哪里?", options=["门口", "前台"]))["seq"]
    await pair.heard(asked)
    lines = [line for two in pair.lines.values() for line in two]
    tries = [
        line.call("answer_question", command_id=f"a-{nth}", order=order, seq=asked, option=nth % 2)
        for nth, line in enumerate(lines)
    ]
    came = await asyncio.gather(*tries, return_exceptions=True)
    answers = [one for one in came if isinstance(one, dict)]
    refusals = [refusal(one) for one in came if isinstance(one, Exception)]
    assert len(answers) == 1
    assert [one["code"] for one in refusals] == ["question.answered"] * 3
    events = await pair.heard(answers[0]["seq"])
    chosen = events[0]["body"]["text"]
    assert {event["body"]["text"] for event in events} == {chosen}
    assert all(one["value"]["text"] == chosen and chosen in one["sentence"] for one in refusals)
    assert overlay_of(events[0], asked)["answer"]["name"] == events[0]["body"]["name"]
    await pair.close()


async def test_deltas_over_the_wire_end_in_the_fresh_snapshot(both: House) -> None:
    """OR-20, CO-11: for three roles; the courier's own talk with the shop is nothing to the buyer."""
    order, li, owner, zhang = await carried(both)
    starts = {member: await member.order(order) for member in (li, owner, zhang)}
    lines = {member: await Line(member).open() for member in starts}
    ears = {member: await line.listen(f"order:{order}") for member, line in lines.items()}
    seq = (await zhang.done("say", order=order, text="有点堵", to=["shop"]))["seq"]
    await owner.done("react", order=order, seq=seq, emoji="👌")
    await zhang.done("edit_message", order=order, seq=seq, text="很堵")
    asked = (await owner.done("ask", order=order, text="改四点?", options=["好", "不行"]))["seq"]
    await owner.done("pin_message", order=order, seq=asked)
    await li.done("answer_question", order=order, seq=asked, option=0)
    said = (await li.done("say", order=order, text="等一下"))["seq"]
    await li.done("react", order=order, seq=said, emoji="🙏")
    await li.done("react", order=order, seq=said, emoji="🙏", on=False)
    last = (await owner.done("pin_message", order=order, seq=asked, on=False))["seq"]
    for member, snapshot in starts.items():
        heard = ears[member].events
        await until(lambda heard=heard: any(event["seq"] == last for event in heard))
        view = snapshot["order"]
        for event in heard:
            view = assign_over(view, event.get("delta") or {})
        fresh = (await member.order(order))["order"]
        assert view.get("overlays") == fresh.get("overlays")
        assert (str(seq) in fresh["overlays"]) == (member is not li)
    assert not any(event["body"].get("seq") == seq for event in ears[li].events)
    for line in lines.values():
        await line.close()


async def test_a_repeat_of_an_ability_is_the_first_one(both: House) -> None:
    """JR-4, JR-5: although what it is about has changed, and although its time is over by now."""
    li, owner = await log_in(both, "li"), await log_in(both, "owner")
    order = await place(li)
    seq = (await li.done("say", order=order, text="一"))["seq"]
    reply = {"order": order, "text": "二", "reply_to": seq}
    first = await owner.done("say", key="reply-once-1", **reply)
    edited = await li.done("edit_message", key="edit-once-1", order=order, seq=seq, text="三")
    recalled = await li.done("recall_message", key="recall-once-1", order=order, seq=seq)
    both.clock.step(OWN_MS + 1)
    assert await owner.done("say", key="reply-once-1", **reply) == first
    assert await li.done("edit_message", key="edit-once-1", order=order, seq=seq, text="三") == edited
    assert await li.done("recall_message", key="recall-once-1", order=order, seq=seq) == recalled
    answer = await li.do("edit_message", key="edit-once-1", order=order, seq=seq, text="四")
    assert answer.json()["code"] == "command.id_reused"
    answer = await li.do("edit_message", order=order, seq=first["seq"], text="四")
    assert answer.json()["code"] == "message.not_yours"


async def test_messages_are_forwarded_between_orders_one_is_on(house: House) -> None:
    """CO-17: with rights to both ends, and without a trace of where they came from."""
    li, chen, owner = [await log_in(house, name) for name in ("li", "chen", "owner")]
    mine, hers = await place(li), await place(chen)
    point = {"lat": 30.25, "lon": 120.01}
    text = (await chen.done("say", order=hers, text="南门封了"))["seq"]
    place_seq = (await chen.done("send_place", order=hers, point=point, name="北门"))["seq"]
    wish = {"order": mine, "from_order": hers, "seqs": [text, place_seq]}
    assert (await li.do("forward_messages", **wish)).json()["code"] == "order.not_found"
    into_hers = {"order": hers, "from_order": mine, "seqs": [1]}
    assert (await li.do("forward_messages", **into_hers)).json()["code"] == "order.not_found"
    last = (await owner.done("forward_messages", **wish))["seq"]
    seen = await li.ask("get_events", order=mine, seqs=[last - 1, last, text])
    assert [event["body"].get("text") for event in seen] == ["南门封了", None]
    assert seen[1]["body"]["place"] == {"point": point, "name": "北门"}
    assert all(event["body"]["forwarded"] and event["actor"]["person"] == owner.person for event in seen)
    for secret in (hers, chen.person, "陈"):
        assert secret not in str(seen)
    await chen.done("recall_message", order=hers, seq=text)
    again = {"order": mine, "from_order": hers, "seqs": [text]}
    assert (await owner.do("forward_messages", **again)).json()["code"] == "message.recalled"


async def test_quick_replies_belong_to_role_and_shop(both: House) -> None:
    """CO-21."""
    order, li, owner, zhang = await carried(both)
    usual = await zhang.ask("get_quick_replies", shop="huaxin")
    assert usual[0]["text"]["zh"] == "花已取到,马上出发"
    assert (await owner.ask("get_quick_replies", shop="huaxin"))[0]["key"] == "at_once"
    assert (await li.ask("get_quick_replies", shop="huaxin", order=order))[0]["key"] == "at_door"
    own = [
        {"text": {"zh": "五分钟到", "en": "Five minutes"}, "key": "five"},
        {"text": {"zh": "到", "en": ""}},
    ]
    for stranger in (li, zhang):
        answer = await stranger.do("set_quick_replies", shop="huaxin", role="courier", replies=own)
        assert answer.json()["code"] == "access.denied"
    await owner.done("set_quick_replies", shop="huaxin", role="courier", replies=own)
    assert await zhang.ask("get_quick_replies", shop="huaxin") == [
        {"key": "five", "text": {"zh": "五分钟到", "en": "Five minutes"}},
        {"key": "own-2", "text": {"zh": "到", "en": "到"}},
    ]
    await owner.done("set_quick_replies", shop="huaxin", role="courier", replies=[])
    assert await zhang.ask("get_quick_replies", shop="huaxin") == usual


async def test_a_week_after_completion_the_conversation_is_closed(both: House) -> None:
    """CO-20: said in the reader's language, and the screen is not offered what is refused."""
    order, li, owner, zhang = await carried(both)
    await zhang.done("pick_up", order=order)
    await zhang.done("deliver", order=order)
    both.clock.step(OPEN_AFTER_MS)
    await li.done("say", order=order, text="花还开着")
    both.clock.step(1_000)
    answer = await li.do("say", order=order, text="在吗")
    assert (answer.status_code, answer.json()["code"]) == (409, "message.closed")
    assert answer.json()["detail"] == "订单完成已超过 7 天,对话已关闭,有事请致电花店。"
    assert "say" not in (await li.order(order))["actions"]
    assert "say" in (await owner.order(order))["actions"]
    await owner.done("say", order=order, text="欢迎再来")


async def test_questions_and_live_positions_count_as_unread(house: House) -> None:
    order, li, owner, zhang = await carried(house)
    before = (await li.ask("list_orders"))[0]["unread"]
    await zhang.done("ask", order=order, text="?", options=["是", "否"])
    asked = (await zhang.done("share_live", order=order, minutes=15))["seq"]
    await zhang.done("react", order=order, seq=asked, emoji="👍")
    card = (await li.ask("list_orders"))[0]
    assert (card["unread"], card["last"]["type"]) == (before + 2, "live_shared")
    assert owner.person != zhang.person
