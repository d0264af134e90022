"""HT-24: too fast is said in words, and loses nothing."""

import pytest
from centrifuge import ReplyError

from huaxin.compose import House
from huaxin.journal.model import Rejected
from huaxin.live.handler import TRY_AGAIN
from huaxin.live.pace import Pace
from tests.contract.live.clients import Line, refusal
from tests.house import log_in, place


def exhaust(pace: Pace, person: str) -> None:
    """As many commands at once as it allows."""
    while True:
        try:
            pace.take(person)
        except Rejected:
            return


async def test_who_is_too_fast_is_told_and_may_send_again(house: House) -> None:
    """Over rpc and HTTP together; the same id later is the same command."""
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    order = await place(li)
    line = await Line(li).open()
    clock = [0.0]
    pace = house.dispatcher.pace = Pace(lambda: 1.0, lambda: clock[0])
    exhaust(pace, li.person)
    answer = await li.do("say", order=order, text="快", key="too-fast-1")
    assert (answer.status_code, answer.json()["code"]) == (429, "rate.too_fast")
    assert answer.headers["retry-after"] == "1"
    with pytest.raises(ReplyError) as error:
        await line.call("say", command_id="too-fast-1", order=order, text="快")
    assert error.value.code == TRY_AGAIN
    assert refusal(error.value)["sentence"] == "操作太快了,请在 1 秒后再试。"
    await owner.done("say", order=order, text="您好")
    clock[0] += 1.0  # as long as the answer said
    assert (await li.do("say", order=order, text="快", key="too-fast-1")).status_code == 200
    await line.close()
