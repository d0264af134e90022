"""What may be done with messages, on two devices of each of two people (docs/spec/conversation.md)."""

from typing import Any

import pytest
from centrifuge import ReplyError

from huaxin.compose import House
from tests.contract.live.clients import Ears, Line, refusal
from tests.contract.live.conftest import until
from tests.house import Member, log_in, place


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


async def test_a_message_is_answered_marked_edited_and_recalled(house: House) -> None:
    """CO-10, CO-12 to CO-16: every device sees each of it; what was recalled is nowhere but with the shop."""
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
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
