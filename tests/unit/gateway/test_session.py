"""States, order, bounds of one session. Rules: docs/spec/gateway.md."""

import asyncio
from typing import Any

import pytest

from huaxin.gateway import GatewayConfig, Identity, codes
from huaxin.gateway.clock import Clock
from huaxin.gateway.states import Closed, Connecting, Live

from .support import Memory, World, make_gateway, open_session, settle


async def test_states_in_order() -> None:
    """GW-10."""
    world = World()
    gateway = make_gateway(world)
    go = asyncio.Event()

    async def connect(token: str, data: bytes | None, headers: Any) -> Identity:
        await go.wait()
        return Identity(user="ann")

    world.connect = connect  # type: ignore[method-assign]
    transport = Memory()
    session = gateway.open_session(transport, {})
    session.receive(b'{"id":1,"connect":{}}')
    assert isinstance(session.state, Connecting)
    session.receive(b'{"id":2,"rpc":{"method":"m","data":1}}')
    assert world.ran == []
    go.set()
    await settle()
    assert isinstance(session.state, Live)
    assert [r["id"] for r in transport.replies] == [1, 2]
    session.disconnect(codes.FORCE_RECONNECT)
    assert isinstance(session.state, Closed)
    session.receive(b'{"id":3,"rpc":{"method":"m","data":2}}')
    session.disconnect(codes.SHUTDOWN)
    assert world.ran == [("m", b"1")]
    assert transport.closed == codes.FORCE_RECONNECT
    assert gateway.sessions == {}


async def test_a_begun_command_is_finished_when_the_client_goes() -> None:
    """GW-21: what has begun is not cut off; what waits behind it never begins."""
    world = World()
    gateway = make_gateway(world)
    go = asyncio.Event()
    done: list[bytes] = []

    async def rpc(who: Identity, method: str, data: bytes) -> bytes:
        await go.wait()
        done.append(data)
        return data

    world.rpc = rpc  # type: ignore[method-assign]
    session, transport = open_session(gateway)
    session.receive(b'{"id":2,"rpc":{"data":1}}\n{"id":3,"rpc":{"data":2}}')
    session.lose()
    go.set()
    await settle()
    assert done == [b"1"]
    assert [r["id"] for r in transport.replies] == [1]


def _rpc(number: int, method: str) -> bytes:
    return b'{"id":%d,"rpc":{"method":"%b","data":%d}}' % (number, method.encode(), number)


async def test_what_can_be_queued_makes_no_task_and_keeps_its_order() -> None:
    """GW-26: begun rpcs of a session may be many at once; one that has to wait lets those before it end."""
    world = World()
    gateway = make_gateway(world)
    session, transport = open_session(gateway)
    session.receive(b"\n".join([_rpc(2, "queue"), _rpc(3, "queue"), _rpc(4, "other"), _rpc(5, "queue")]))
    assert [data for data, _ in world.queued] == [b"2", b"3"]
    assert world.ran == []
    world.queued[0][1].settle(b'"two"')
    assert world.ran == []
    world.queued[1][1].fail(ValueError("three"))
    await asyncio.sleep(0.01)
    assert world.ran == [("other", b"4"), ("queue", b"5")]
    session.receive(_rpc(6, "queue"))
    assert [data for data, _ in world.queued] == [b"2", b"3", b"6"]
    world.queued[2][1].fail(KeyError("six"))
    gateway.flusher.flush()
    assert [r["id"] for r in transport.replies] == [1, 2, 3, 4, 5, 6]
    assert transport.replies[1]["rpc"] == {"data": "two"}
    assert transport.replies[2]["error"]["code"] == 1000
    assert transport.replies[5]["error"]["code"] == codes.INTERNAL.code


async def test_a_slow_reading_holds_up_no_command() -> None:
    """GW-27: what is asked and takes its time is overtaken by what is done, queued or waited for."""
    world, go = World(), asyncio.Event()
    rpc = world.rpc

    async def slowly(who: Identity, method: str, data: bytes) -> bytes:
        if method == "read_all":
            await go.wait()
        return await rpc(who, method, data)

    world.rpc = slowly  # type: ignore[method-assign]  # this one's world is slow
    gateway = make_gateway(world)
    session, transport = open_session(gateway)
    session.receive(b"\n".join([_rpc(2, "read_all"), _rpc(3, "queue"), _rpc(4, "other"), _rpc(5, "read")]))
    world.queued[0][1].settle(b"3")
    await settle()
    gateway.flusher.flush()
    assert [r["id"] for r in transport.replies] == [1, 5, 3, 4]
    go.set()
    await settle()
    gateway.flusher.flush()
    assert [r["id"] for r in transport.replies] == [1, 5, 3, 4, 2]


async def test_answers_to_a_session_that_has_ended_go_nowhere() -> None:
    """GW-21, GW-26."""
    world = World()
    gateway = make_gateway(world)
    session, transport = open_session(gateway)
    session.receive(b"\n".join([_rpc(2, "queue"), _rpc(3, "other")]))
    session.lose()
    world.queued[0][1].settle(b"2")
    await asyncio.sleep(0.01)
    assert world.ran == []
    assert [r["id"] for r in transport.replies] == [1]


async def test_reading_pauses_while_too_many_are_queued() -> None:
    """GW-63, GW-26."""
    world = World()
    gateway = make_gateway(world, max_pending=4, max_inbox=20)
    session, transport = open_session(gateway)
    for number in range(2, 7):
        session.receive(_rpc(number, "queue"))
    assert not transport.reading
    for _, call in world.queued[:3]:
        call.settle(b"0")
    assert transport.reading


async def test_reading_pauses_and_goes_on() -> None:
    """GW-63."""
    world = World()
    gateway = make_gateway(world, max_pending=4, max_inbox=20)
    go = asyncio.Event()

    async def rpc(who: Identity, method: str, data: bytes) -> bytes:
        await go.wait()
        return data

    world.rpc = rpc  # type: ignore[method-assign]
    session, transport = open_session(gateway)
    for number in range(5):
        session.receive(b'{"id":%d,"rpc":{"data":1}}' % (number + 2))
    assert not transport.reading
    go.set()
    await settle()
    assert transport.reading
    go.clear()
    session.receive(b"\n".join(b'{"id":%d,"rpc":{"data":1}}' % (n + 9) for n in range(30)))
    assert transport.closed == codes.TOO_MANY_COMMANDS


async def test_backlog_is_bounded_and_written_in_order() -> None:
    """GW-61."""
    gateway = make_gateway(World(), max_backlog=10_000)
    session, transport = open_session(gateway, channel="a")
    session.pause()
    for offset in range(1, 51):
        gateway.hub.deliver("a", offset, {"all": b'"' + b"x" * 90 + b'"'})
        gateway.flusher.flush()
    assert transport.offsets == []
    session.resume()
    assert transport.offsets == list(range(1, 51))
    session.pause()
    for offset in range(51, 251):
        gateway.hub.deliver("a", offset, {"all": b'"' + b"x" * 90 + b'"'})
        gateway.flusher.flush()
    assert transport.closed == codes.SLOW
    assert gateway.metrics.slow_disconnects == 1
    assert gateway.hub.channels == {}


async def test_a_transport_that_fills_while_it_is_written() -> None:
    """GW-61: the rest waits, in order, in front of what comes later."""
    gateway = make_gateway(World(), max_frame=200)
    session, transport = open_session(gateway, channel="a")
    transport.full_after = len(transport.frames) + 2
    for offset in range(1, 21):
        gateway.hub.deliver("a", offset, {"all": b"0"})
    gateway.flusher.flush()
    assert session.paused
    got = len(transport.offsets)
    assert 0 < got < 20
    gateway.hub.deliver("a", 21, {"all": b"0"})
    gateway.flusher.flush()
    transport.full_after = len(transport.frames) + 1
    session.resume()
    transport.full_after = None
    session.resume()
    assert transport.offsets == list(range(1, 22))


async def test_what_was_queued_is_written_before_the_end() -> None:
    """GW-64: a reply queued before disconnect is not lost to it, full transport or not."""
    gateway = make_gateway(World())
    session, transport = open_session(gateway, channel="a")
    session.pause()
    gateway.hub.deliver("a", 1, {"all": b"0"})
    session.disconnect(codes.FORCE_RECONNECT)
    assert transport.offsets == [1]
    assert transport.closed == codes.FORCE_RECONNECT


@pytest.mark.parametrize("command", [b"{}", b'{"id":0}'])
async def test_an_empty_command_is_a_pong(command: bytes) -> None:
    """GW-60."""
    gateway = make_gateway(World())
    session, transport = open_session(gateway)
    session.on_ping_due(0)
    gateway.flusher.flush()
    assert transport.frames[-1] == b"{}"
    session.receive(command)
    assert transport.closed is None


async def test_refresh_may_not_change_the_person() -> None:
    """GW-13."""
    gateway = make_gateway(World())
    session, transport = open_session(gateway, "ann")
    session.receive(b'{"id":2,"refresh":{"token":"ann"}}')
    assert transport.closed is None
    session.receive(b'{"id":3,"refresh":{"token":"ben"}}')
    assert transport.closed == codes.INVALID_TOKEN


async def test_observer_is_told_in_pairs() -> None:
    """GW-54: connected/disconnected and joined/left, each once."""
    world = World()
    told: list[str] = []

    class Watch:
        def connected(self, who: Identity) -> None:
            told.append(f"+{who.user}")

        def disconnected(self, who: Identity, code: int) -> None:
            told.append(f"-{who.user} {code}")

        def joined(self, who: Identity, channel: str) -> None:
            told.append(f"+{who.user}@{channel}")

        def left(self, who: Identity, channel: str) -> None:
            told.append(f"-{who.user}@{channel}")

    gateway = make_gateway(world)
    gateway.observer = Watch()
    session, _ = open_session(gateway, "ann", "a")
    session.receive(b'{"id":3,"subscribe":{"channel":"b"}}\n{"id":4,"unsubscribe":{"channel":"a"}}')
    session.lose()
    session.lose()
    assert told == ["+ann", "+ann@a", "+ann@b", "-ann@a", "-ann@b", "-ann 3000"]


async def test_clock_spreads_pings_and_finds_the_silent() -> None:
    """GW-60: sessions that arrive together are pinged apart."""
    clock = Clock(ping_interval=10, pong_timeout=5, stale_after=5)
    slots = [clock.watch(object()) for _ in range(20)]  # type: ignore[arg-type]
    assert sorted(set(slots)) == list(range(10))


def test_config_is_bounded() -> None:
    """GW-61: no default means "without limit"."""
    config = GatewayConfig()
    for name in ("max_message", "max_frame", "max_backlog", "max_pending", "max_inbox", "max_channels"):
        assert 0 < getattr(config, name) < 10**9
