"""NW-4: commands sent one behind the other, without waiting for the answers in between, keep their order."""

import asyncio
from typing import Any

import pytest
from centrifuge import ReplyError

from huaxin.compose import House
from huaxin.journal.model import Rejected
from huaxin.live.pace import Pace
from tests.contract.live.clients import Line, refusal
from tests.house import log_in, place


class Moody(Pace):
    """Turns away whoever comes at certain turns."""

    def __init__(self, *never: int) -> None:
        super().__init__(lambda: 1.0)
        self.turn, self.never = 0, never

    def take(self, person: str, device: str = "") -> None:
        self.turn += 1
        if self.turn in self.never:
            raise Rejected("rate.too_fast", "Wait.", {"wait_s": 1}, status=429)


async def send(line: Line, order: str, texts: list[str], name: str) -> list[str]:
    """Says all of them at once as one line; "" for each that was done, else the code of its refusal."""
    calls = [line.call("say", command_id=f"id-{text}", order=order, text=text, line=name) for text in texts]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    return [refusal(one)["code"] if isinstance(one, ReplyError) else "" for one in answers]


async def said(house: House, member: Any, order: str) -> list[str]:
    return [e["body"]["text"] for e in (await member.order(order))["events"] if e["type"] == "message_sent"]


async def test_nobody_overtakes_who_was_turned_away(house: House) -> None:
    """NW-4: the third is turned away for now, so the rest of its line is; then the rest comes again."""
    li = await log_in(house, "li")
    order = await place(li)
    line = await Line(li).open()
    texts = [str(n) for n in range(1, 7)]
    # A command that may not go the short way is asked twice: the short way first.
    house.dispatcher.pace = Moody(3, 4)
    codes = await send(line, order, texts, "one")
    assert codes == ["", "", "rate.too_fast", *["command.out_of_line"] * 3]
    assert await said(house, li, order) == ["1", "2"]
    assert await send(line, order, texts[2:], "two") == [""] * 4
    assert await said(house, li, order) == texts
    await line.close()


async def test_a_final_refusal_holds_up_nobody(house: House) -> None:
    """NW-4"""
    li = await log_in(house, "li")
    order = await place(li)
    line = await Line(li).open()
    assert await send(line, order, ["1", " ", "3"], "one") == ["", "message.empty", ""]
    assert await said(house, li, order) == ["1", "3"]
    await line.close()


@pytest.mark.parametrize("count", [500])
async def test_what_was_written_offline_is_taken_at_once(house: House, count: int) -> None:
    """HT-24, NW-4: five hundred messages in lines of fifty, none turned away, in their order."""
    li = await log_in(house, "li")
    order = await place(li)
    line = await Line(li).open()
    texts = [str(n) for n in range(count)]
    for start in range(0, count, 50):
        assert set(await send(line, order, texts[start : start + 50], f"line-{start}")) == {""}
    page, found = await li.ask("get_history", order=order, before=2**31, limit=200), []
    while page["events"]:
        found = [e["body"]["text"] for e in page["events"] if e["type"] == "message_sent"] + found
        page = await li.ask("get_history", order=order, before=page["events"][0]["seq"], limit=200)
    assert found == texts
    await line.close()
