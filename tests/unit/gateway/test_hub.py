"""Delivery, views, recovery without a race. Rules: docs/spec/gateway.md."""

import asyncio
import random
from typing import Any

import pytest

from huaxin.gateway import Grant, Identity, Publication, Range, codes

from .support import World, make_gateway, open_session, settle


async def test_each_view_gets_its_own_and_shares_the_bytes() -> None:
    """GW-20: one encoding per view, nothing for a view that is left out."""
    world = World()
    for user in ("buyer", "courier"):
        world.grants[user] = Grant(view=user)
    gateway = make_gateway(world)
    _, one = open_session(gateway, "buyer", "order:1")
    _, two = open_session(gateway, "buyer", "order:1")
    _, other = open_session(gateway, "courier", "order:1")
    assert gateway.hub.deliver("order:1", 1, {"buyer": b'{"price":9}', "courier": b"{}"}) == 3
    assert gateway.hub.deliver("order:1", 2, {"buyer": b"2"}) == 2
    gateway.flusher.flush()
    assert one.frames[-1] is not None
    assert one.frames[-1] == two.frames[-1]
    assert b"price" in one.frames[-1]
    assert b"price" not in other.frames[-1]
    assert (one.offsets, other.offsets) == ([1, 2], [1])


async def test_a_repeated_wake_is_delivered_once() -> None:
    """GW-30: offsets of a channel only rise."""
    gateway = make_gateway(World())
    _, transport = open_session(gateway, channel="a")
    for offset in (1, 2, 2, 1, 5, 3):
        gateway.hub.deliver("a", offset, {"all": b"%d" % offset})
    gateway.flusher.flush()
    assert transport.offsets == [1, 2, 5]


async def test_one_write_per_turn() -> None:
    """GW-61: what gathers in a turn is one frame, split only when it would be too large."""
    gateway = make_gateway(World(), max_frame=1000)
    _, transport = open_session(gateway, channel="a")
    before = len(transport.frames)
    for offset in range(1, 6):
        gateway.hub.deliver("a", offset, {"all": b"%d" % offset})
    await asyncio.sleep(0)
    assert len(transport.frames) == before + 1
    for offset in range(6, 56):
        gateway.hub.deliver("a", offset, {"all": b'"' + b"x" * 90 + b'"'})
    await asyncio.sleep(0)
    assert all(len(frame) <= 1000 for frame in transport.frames)
    assert transport.offsets == list(range(1, 56))


@pytest.mark.parametrize("seed", range(40))
async def test_recovery_has_no_race(seed: int) -> None:
    """GW-32: whatever commits, wakes and reads in whatever order, each client sees every publication of
    its view once and in order."""
    dice = random.Random(seed)
    world = World()
    gateway = make_gateway(world)
    committed = woken = 0

    def commit() -> None:
        nonlocal committed
        committed += 1
        world.published.setdefault("a", []).append(Publication(data=b"0", offset=committed))

    def wake() -> None:
        nonlocal woken
        if woken < committed:
            woken += 1
            gateway.hub.deliver("a", woken, {"all": b"0"})

    async def jitter() -> None:
        for _ in range(dice.randrange(4)):
            dice.choice((commit, wake))()
            await asyncio.sleep(0)

    read = world.since

    async def since(*args: Any) -> Range:
        await jitter()
        found = await read(*args)
        await jitter()
        return found

    world.since = since  # type: ignore[method-assign]
    seen: list[int] = []
    for _ in range(6):
        session, transport = open_session(gateway)
        last = seen[-1] if seen else 0
        session.receive(b'{"id":2,"subscribe":{"channel":"a","recover":true,"offset":%d}}' % last)
        for _ in range(dice.randrange(1, 25)):
            dice.choice((commit, wake))()
            await asyncio.sleep(0)
        gateway.flusher.flush()
        for reply in transport.replies:
            if "subscribe" in reply:
                seen += [p["offset"] for p in reply["subscribe"].get("publications", [])]
            elif "pub" in reply.get("push", {}):
                seen.append(reply["push"]["pub"]["offset"])
        session.lose()
    assert seen == list(range(1, len(seen) + 1))
    for _ in range(100):  # a subscribe that outlived its session tidies up after itself
        await asyncio.sleep(0)
    assert gateway.hub.channels == {}


async def test_too_much_during_recovery_sends_the_client_round_again() -> None:
    """GW-32: what may be held is bounded; beyond it the session ends with a code to come back."""
    world = World()
    gateway = make_gateway(world, max_buffered=3)
    go = asyncio.Event()
    read = world.since

    async def since(*args: Any) -> Range:
        found = await read(*args)
        await go.wait()
        return found

    world.since = since  # type: ignore[method-assign]
    session, transport = open_session(gateway)
    session.receive(b'{"id":2,"subscribe":{"channel":"a","recover":true}}')
    for offset in range(1, 9):
        gateway.hub.deliver("a", offset, {"all": b"0"})
    go.set()
    await settle()
    assert transport.closed == codes.INSUFFICIENT_STATE
    assert transport.offsets == []


async def test_reset_while_a_subscription_is_made() -> None:
    """GW-33: a reset in the middle of a recovery is not lost: the subscribe fails and may be retried."""
    world = World()
    gateway = make_gateway(world)
    go = asyncio.Event()
    head = world.head

    async def slow_head(who: Identity, channel: str) -> Any:
        await go.wait()
        return await head(who, channel)

    world.head = slow_head  # type: ignore[method-assign]
    _, transport = open_session(gateway, channel="a")
    assert gateway.hub.reset("a") == 1
    go.set()
    await settle()
    (error,) = [r["error"] for r in transport.replies if "error" in r]
    assert error["temporary"] is True
    assert gateway.hub.channels == {}


async def test_signals_are_newest_per_key_once_live() -> None:
    """GW-62: signals during recovery are kept newest per key and come after the reply."""
    world = World()
    gateway = make_gateway(world)
    go = asyncio.Event()
    head = world.head

    async def slow_head(who: Identity, channel: str) -> Any:
        await go.wait()
        return await head(who, channel)

    world.head = slow_head  # type: ignore[method-assign]
    _, transport = open_session(gateway, channel="a")
    for number in range(3):
        gateway.hub.signal("a", b"%d" % number, key="k")
    go.set()
    await settle()
    kinds = [next(iter(r.keys() - {"id"})) for r in transport.replies]
    assert kinds == ["connect", "subscribe", "push"]
    assert transport.replies[-1]["push"]["pub"] == {"data": 2}


async def test_presence_counts_people_and_sessions() -> None:
    """GW-50: two devices of one person are two sessions and one person; the unseen are not counted."""
    world = World()
    world.grants["ghost"] = Grant(view="all")
    gateway = make_gateway(world)
    for user in ("ann", "ann", "ben", "ghost"):
        open_session(gateway, user, "a")
    assert gateway.hub.count_presence("a") == (3, 2)
    assert len(gateway.hub.presence("a")) == 3
    assert gateway.hub.subscribers("a") == 4
