"""The next channels: Apprise against a real receiver, the terminal, and what may be said there."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from huaxin.notify.channels import AppriseSender, Letter, TerminalSender, Unsent
from huaxin.notify.words import LONGEST_BODY, Seen, say, say_plainly


@asynccontextmanager
async def receiver(status: int = 200) -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
    """A group chat's webhook; gives its host and port, and what it was told."""
    told: list[dict[str, Any]] = []

    async def take(request: web.Request) -> web.Response:
        told.append(json.loads(await request.text()))
        return web.Response(status=status)

    app = web.Application()
    app.router.add_post("/{rest:.*}", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"127.0.0.1:{runner.addresses[0][1]}", told
    finally:
        await runner.cleanup()


async def test_a_group_chat_is_told() -> None:
    """NTF-25: every shop has its own, besides those for all."""
    async with receiver() as (host, told):
        sender = AppriseSender([f"json://{host}/all", f"huaxin=json://{host}/huaxin?a=b"])
        assert sender.reaches("huaxin")
        assert sender.reaches("another")
        await sender.send("another", "花店", "订单 #1042:异常上报")
        assert [one["message"] for one in told] == ["订单 #1042:异常上报"]
        await sender.send("huaxin", "花店", "二")
        assert [one["title"] for one in told[1:]] == ["花店", "花店"]
    assert not AppriseSender(["huaxin=json://host/x"]).reaches("another")


async def test_a_chat_that_refuses_is_an_error_that_says_so() -> None:
    """NTF-25."""
    async with receiver(500) as (host, told):
        with pytest.raises(Unsent):
            await AppriseSender([f"json://{host}/"]).send("s", "花店", "一")
        assert len(told) == 1
    with pytest.raises(Unsent):
        await AppriseSender(["no such thing"]).send("s", "花店", "一")


async def test_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """NTF-25: a phone number is masked there."""
    letter = Letter(
        person="p", phone="13700000021", language="zh-CN", template="arriving", text="即将送达", url=""
    )
    await TerminalSender("sms").send(letter)
    said = capsys.readouterr().err
    assert "即将送达" in said
    assert "137****0021" in said
    assert "13700000021" not in said


def test_what_is_said_outside() -> None:
    """NTF-15: a channel of somebody else learns of a message only which role wrote."""
    seen = Seen(type="message_sent", body={"name": "李女士", "text": "门禁 1234,电话 13700000021"})
    assert say_plainly(seen, "message", "buyer", 1042, "zh-CN") == "订单 #1042:订花人发来新消息"
    assert say_plainly(seen, "message", "courier", 1042, "en") == "Order #1042: The courier wrote a message"
    assert say(seen, 1042, "花信", "zh-CN", preview=True).body == "李女士:门禁 1234,电话 13700000021"
    assert say(seen, 1042, "花信", "en", preview=False).body == "There is a new message"
    long = Seen(type="message_sent", body={"text": "长" * 4_000})
    assert len(say(long, 1, "", "zh-CN", preview=True).body) == LONGEST_BODY
    for body in ({"place": {"point": {}}}, {"media": [{}]}, {}):
        assert say(Seen(type="message_sent", body=body), 1, "", "en", preview=True).body
    notice = Seen(type="notice_posted", body={"text": {"zh": "已送达", "en": "Delivered"}})
    assert say(notice, 1, "", "en", preview=False).body == "Delivered"
