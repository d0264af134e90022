"""Networks that break at any moment, histories that begin anew, clients that lag: nobody is misled."""

import asyncio
import random

import pytest

from huaxin.gateway import GatewayConfig

from .conftest import People, StartOpen, until


@pytest.mark.parametrize("seed", range(3))
async def test_everyone_sees_everything_once_and_in_order(
    start_open: StartOpen, people: People, seed: int
) -> None:
    """GW-31, GW-32: five real clients, three hundred publications, dozens of broken connections."""
    dice = random.Random(seed)
    server = await start_open(config=GatewayConfig(max_frame=500))
    everyone = [(await people.join(server, f"p{n}", "room"))[1] for n in range(5)]
    total = 300
    for number in range(1, total + 1):
        server.channels.add("room", b"%d" % number)
        if dice.random() < 0.08:
            sockets = list(server.gateway.transports)
            if sockets:
                dice.choice(sockets).abort()  # type: ignore[attr-defined]
        if dice.random() < 0.3:
            await asyncio.sleep(dice.random() * 0.02)
    await until(lambda: all(len(heard.data) >= total for heard in everyone))
    await asyncio.sleep(0.05)  # a double would still be on its way
    for heard in everyone:
        assert heard.data == heard.offsets == list(range(1, total + 1))
        assert all(ctx.recovered for ctx in heard.subscribed[1:])
    assert sum(len(heard.subscribed) for heard in everyone) > 5


async def test_between_new_beginnings_nothing_is_lost(start_open: StartOpen, people: People) -> None:
    """GW-33: whenever a history begins anew, every client is told before it hears the new one."""
    server = await start_open()
    _, heard, _ = await people.join(server, "ann", "room")
    for life in range(1, 5):
        for number in range(1, 11):
            server.channels.add("room", b"[%d,%d]" % (life, number))
        await until(lambda want=life * 10: len(heard.data) >= want)
        server.channels.forget_history("room")
        await until(lambda want=life + 1: len(heard.subscribed) >= want)
    assert heard.data == [[life, number] for life in range(1, 5) for number in range(1, 11)]
    assert heard.offsets == list(range(1, 11)) * 4
    assert [ctx.recovered for ctx in heard.subscribed] == [False] * 5
    assert len({ctx.stream_position.epoch for ctx in heard.subscribed}) == 5
