"""The gateway as centrifuge-python sees it. Rules: docs/spec/gateway.md."""

import asyncio
import time
from typing import Any

import msgspec
import pytest
from centrifuge import ReplyError, StreamPosition

from huaxin.gateway import GatewayConfig, Refused, codes, commands
from huaxin.gateway.open import ChannelOptions, OpenConfig

from .conftest import LONG, SECRET, Heard, People, StartOpen, make_token, until

PRIVATE = OpenConfig(token_secret=SECRET, anonymous=False)


@pytest.fixture
def refresh_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first token is said to end in a second and lasts an hour, so that no pace decides who is first."""
    told: list[int] = []

    def count_ttl(expire_at: int) -> int:
        if not expire_at:
            return 0
        told.append(expire_at)
        return 1 if len(told) == 1 else 3_000

    monkeypatch.setattr(commands, "count_ttl", count_ttl)


async def test_publication_reaches_everyone_with_offset_and_info(
    start_open: StartOpen, people: People
) -> None:
    """GW-20, GW-30: one publication, the same offset for all, its publisher named."""
    server = await start_open()
    ann, ann_heard, _ = await people.join(server, "ann", "room")
    _, ben_heard, _ = await people.join(server, "ben", "room")
    for number in range(5):
        await ann.publish({"n": number, "text": "花"})
    await until(lambda: len(ann_heard.data) == len(ben_heard.data) == 5)
    assert ann_heard.offsets == ben_heard.offsets == [1, 2, 3, 4, 5]
    assert [d["n"] for d in ben_heard.data] == [0, 1, 2, 3, 4]


async def test_refused_token_disconnects_for_good(start_open: StartOpen, people: People) -> None:
    """GW-11: a final refusal of connect ends the client, which does not come back."""
    server = await start_open(PRIVATE)
    client, told = people.make(server, token="not a token")
    await client.connect()
    await until(lambda: told.codes("disconnected"))
    assert told.codes("disconnected") == [codes.UNAUTHORIZED.code]


async def test_expired_token_is_replaced(start_open: StartOpen, people: People) -> None:
    """GW-12: error 109 makes the client fetch a new token and come back by itself."""
    server = await start_open(PRIVATE)

    async def get_token() -> str:
        return make_token("ann")

    client, told = people.make(server, token=make_token("ann", -5), get_token=get_token)
    await client.connect()
    await client.ready(LONG)
    assert not told.codes("disconnected")


async def test_connection_is_refreshed_before_it_expires(
    start_open: StartOpen, people: People, refresh_soon: None
) -> None:
    """GW-13: a token that is about to end is refreshed on the live connection, which never drops."""
    server = await start_open(PRIVATE)
    fetched: list[str] = []

    async def get_token() -> str:
        fetched.append(make_token("ann", 7_200))
        return fetched[-1]

    client, told = people.make(server, token=make_token("ann", 3_600), get_token=get_token)
    await client.connect()
    await client.ready(LONG)
    await until(lambda: [s.who.expire_at > time.time() + 5_000 for s in server.gateway.sessions] == [True])
    assert len(fetched) == 1
    assert [name for name, _ in told.events] == ["connecting", "connected"]


async def test_connection_that_does_not_refresh_is_ended(start_open: StartOpen, people: People) -> None:
    """GW-13: after the grace an expired connection is ended and told to come back."""
    server = await start_open(PRIVATE, GatewayConfig(ping_interval=0.5, pong_timeout=0.5, expired_grace=0.2))
    server.forgive_late_pongs()
    client, told = people.make(server, token=make_token("ann"))
    client._refresh = _never  # type: ignore[method-assign]
    await client.connect()
    await client.ready(LONG)
    (session,) = server.gateway.sessions
    session.who = msgspec.structs.replace(session.who, expire_at=int(time.time()) - 1)
    await until(lambda: codes.CONNECTION_EXPIRED.code in told.codes("connecting"))


async def _never(*_: Any) -> None: ...


async def test_missed_publications_come_once_and_in_order(start_open: StartOpen, people: People) -> None:
    """GW-31: the network breaks, others go on, the client comes back: nothing lost, nothing twice."""
    server = await start_open()
    _, heard, _ = await people.join(server, "ann", "room")
    sent = 0
    for round_ in range(3):
        for _ in range(10):
            sent += 1
            server.channels.add("room", b'{"n":%d}' % sent)
        server.kill_sockets()
        for _ in range(10):
            sent += 1
            server.channels.add("room", b'{"n":%d}' % sent)
        await until(lambda want=round_ + 2: len(heard.subscribed) >= want)
    await until(lambda: len(heard.data) >= sent)
    assert [d["n"] for d in heard.data] == list(range(1, sent + 1))
    assert heard.offsets == list(range(1, sent + 1))
    assert all(ctx.recovered for ctx in heard.subscribed[1:])


async def test_publications_during_recovery_are_held_not_lost(start_open: StartOpen, people: People) -> None:
    """GW-32: what is published while the source is being read arrives after it, once, in order."""
    server = await start_open()
    _, heard, _ = await people.join(server, "ann", "room")
    for number in range(1, 4):
        server.channels.add("room", b"%d" % number)
    await until(lambda: len(heard.data) == 3)
    read = server.channels.since
    reading = asyncio.Event()

    async def read_slowly(*args: Any) -> Any:
        server.channels.add("room", b"5")  # after the session is registered, before the read
        found = await read(*args)
        server.channels.add("room", b"6")  # after the read, before the reply
        reading.set()
        await asyncio.sleep(0.05)
        server.channels.add("room", b"7")
        return found

    server.channels.since = read_slowly  # type: ignore[method-assign]
    server.kill_sockets()
    server.channels.add("room", b"4")
    await reading.wait()
    await until(lambda: len(heard.data) >= 7)
    server.channels.add("room", b"8")
    await until(lambda: len(heard.data) >= 8)
    assert heard.data == [1, 2, 3, 4, 5, 6, 7, 8]
    assert heard.offsets == [1, 2, 3, 4, 5, 6, 7, 8]


async def test_new_epoch_is_told(start_open: StartOpen, people: People) -> None:
    """GW-33: another history is never passed off as the old one: recovered=false, a new epoch."""
    server = await start_open()
    _, heard, _ = await people.join(server, "ann", "room")
    server.channels.add("room", b"1")
    await until(lambda: heard.data == [1])
    server.channels.forget_history("room")
    await until(lambda: len(heard.subscribed) == 2)
    first, second = heard.subscribed
    assert heard.subscribing[-1].code == codes.RESUBSCRIBE.code
    assert (second.was_recovering, second.recovered) == (True, False)
    assert second.stream_position.epoch != first.stream_position.epoch
    server.channels.add("room", b"2")
    await until(lambda: heard.data == [1, 2])


async def test_too_old_position_is_told(start_open: StartOpen, people: People) -> None:
    """GW-33: more missed than is kept means recovered=false, and the live stream goes on."""
    server = await start_open(OpenConfig(default=ChannelOptions(history_size=5)))
    _, heard, _ = await people.join(server, "", "room")
    server.kill_sockets()
    for number in range(1, 10):
        server.channels.add("room", b"%d" % number)
    await until(lambda: len(heard.subscribed) == 2)
    assert not heard.subscribed[1].recovered
    assert heard.data == []
    server.channels.add("room", b"10")
    await until(lambda: heard.data == [10])


async def test_presence_join_and_leave(start_open: StartOpen, people: People) -> None:
    """GW-50, GW-51: who is there, who comes, who goes."""
    server = await start_open()
    ann, heard, _ = await people.join(server, "ann", "room")
    ben, _, _ = await people.join(server, "ben", "room")
    await until(lambda: [j.info.user for j in heard.joins] == ["ann", "ben"])
    clients = (await ann.presence()).clients
    assert sorted(info.user for info in clients.values()) == ["ann", "ben"]
    stats = await ann.presence_stats()
    assert (stats.num_clients, stats.num_users) == (2, 2)
    await ben.unsubscribe()
    await until(lambda: [left.info.user for left in heard.leaves] == ["ben"])
    assert server.gateway.hub.subscribers("room") == 1


async def test_history_pages(start_open: StartOpen, people: People) -> None:
    """GW-40: forwards and backwards in pages, with the position of the whole."""
    server = await start_open()
    sub, _, _ = await people.join(server, "ann", "room")
    for number in range(1, 8):
        server.channels.add("room", b"%d" % number)
    first = await sub.history(limit=3)
    assert [p.data for p in first.publications] == [1, 2, 3]
    assert first.offset == 7
    since = StreamPosition(offset=3, epoch=first.epoch)
    assert [p.data for p in (await sub.history(limit=3, since=since)).publications] == [4, 5, 6]
    back = await sub.history(limit=2, reverse=True)
    assert [p.data for p in back.publications] == [7, 6]
    since = StreamPosition(offset=6, epoch=first.epoch)
    assert [p.data for p in (await sub.history(limit=2, since=since, reverse=True)).publications] == [5, 4]
    assert (await sub.history()).publications == []
    with pytest.raises(ReplyError) as refused:
        await sub.history(limit=2, since=StreamPosition(offset=1, epoch="another"))
    assert refused.value.code == codes.UNRECOVERABLE_POSITION.code


async def test_rpc_runs_in_order_and_a_slow_one_stops_no_ping(start_open: StartOpen, people: People) -> None:
    """GW-21, GW-60: commands of a session keep their order; pings go on beside a slow one."""
    server = await start_open(config=GatewayConfig(ping_interval=0.3, pong_timeout=0.2))
    server.forgive_late_pongs()
    ran: list[int] = []

    async def rpc(who: Any, method: str, data: bytes) -> bytes:
        if data == b"0":
            # All twenty have come; what comes now are answers to pings.
            await until(lambda: server.gateway.metrics.commands >= 21 + 3)
        await asyncio.sleep(0.001)
        ran.append(int(data))
        return data

    server.channels.rpc = rpc  # type: ignore[method-assign]
    client, told = people.make(server, "ann")
    await client.connect()
    await client.ready(LONG)
    results = await asyncio.gather(*(client.rpc("do", number) for number in range(20)))
    assert [r.data for r in results] == ran == list(range(20))
    assert [name for name, _ in told.events] == ["connecting", "connected"]


async def test_refusals_carry_code_message_and_hope(start_open: StartOpen, people: People) -> None:
    """GW-22: an application's refusal reaches the caller as it is; a bug shows nothing of itself."""
    server = await start_open()

    async def rpc(who: Any, method: str, data: bytes) -> bytes:
        if method == "busy":
            raise Refused(1007, "try again", temporary=True)
        raise RuntimeError("secret detail")

    server.channels.rpc = rpc  # type: ignore[method-assign]
    client, _ = people.make(server, "ann")
    await client.connect()
    with pytest.raises(ReplyError) as refused:
        await client.rpc("busy", {})
    assert (refused.value.code, refused.value.temporary) == (1007, True)
    with pytest.raises(ReplyError) as failed:
        await client.rpc("bug", {})
    assert failed.value.code == codes.INTERNAL.code
    assert "secret" not in str(failed.value)


async def test_rights_are_the_grants(start_open: StartOpen, people: People) -> None:
    """GW-23: what the grant does not give is refused with 103."""
    options = ChannelOptions(publish=False, presence=False, history_size=0, join_leave=False)
    server = await start_open(OpenConfig(namespaces={"quiet": options}))
    sub, _, _ = await people.join(server, "", "quiet:1")
    for attempt in (sub.publish(1), sub.presence(), sub.presence_stats(), sub.history(limit=1)):
        with pytest.raises(ReplyError) as refused:
            await attempt
        assert refused.value.code == codes.PERMISSION_DENIED.code


async def test_subscription_token_and_its_refresh(
    start_open: StartOpen, people: People, refresh_soon: None
) -> None:
    """GW-14: a subscription with an expiring token is refreshed in place."""
    server = await start_open(
        OpenConfig(namespaces={"mine": ChannelOptions(token=True)}, token_secret=SECRET)
    )
    fetched: list[str] = []

    async def get_token(channel: str) -> str:
        fetched.append(channel)
        return make_token("", 3_600 * len(fetched), channel=channel)

    client, _ = people.make(server)  # of nobody: its own token does not expire
    _, heard = await people.listen(client, "mine:1", get_token=get_token)
    (session,) = server.gateway.sessions
    held = session.subscriptions["mine:1"]
    await until(lambda: held.grant.expire_at > time.time() + 5_000)
    assert fetched == ["mine:1", "mine:1"]
    server.channels.add("mine:1", b"1")
    await until(lambda: heard.data == [1])
    assert len(heard.subscribed) == 1


async def test_revoked_person_hears_no_more(start_open: StartOpen, people: People) -> None:
    """GW-52: revoke ends the subscriptions of one person and of nobody else."""
    server = await start_open()
    _, ann, _ = await people.join(server, "ann", "room")
    _, ben, _ = await people.join(server, "ben", "room")
    assert server.gateway.hub.revoke("room", "ann") == 1
    await until(lambda: ann.unsubscribed)
    server.channels.add("room", b"1")
    await until(lambda: ben.data == [1])
    assert ann.unsubscribed[0].code == codes.BY_SERVER.code
    assert ann.data == []


async def test_disconnect_of_a_person(start_open: StartOpen, people: People) -> None:
    """GW-53: all sessions of a person end with the given code, nobody else's."""
    server = await start_open()
    _, _, ann = await people.join(server, "ann", "room")
    _, _, ben = await people.join(server, "ben", "room")
    assert server.gateway.disconnect(codes.FORCE_NO_RECONNECT, user="ann") == 1
    await until(lambda: ann.codes("disconnected") == [codes.FORCE_NO_RECONNECT.code])
    assert not ben.codes("disconnected")


async def test_graceful_stop_brings_everyone_back(start_open: StartOpen, people: People) -> None:
    """GW-70: a running command is finished and answered, clients are told 3001 and come back."""
    server = await start_open()
    _, heard, told = await people.join(server, "ann", "room")
    started, may_end = asyncio.Event(), asyncio.Event()

    async def rpc(who: Any, method: str, data: bytes) -> bytes:
        started.set()
        await may_end.wait()
        return b'"stored"'

    server.channels.rpc = rpc  # type: ignore[method-assign]
    client = people.clients[0]
    answer = asyncio.create_task(client.rpc("store", 1))
    await started.wait()
    drained: list[bool] = []

    async def drain() -> None:
        drained.append(True)

    stopping = asyncio.create_task(server.server.stop(5, drain))
    await asyncio.sleep(0.05)
    may_end.set()
    assert (await answer).data == "stored"
    await stopping
    assert drained == [True]
    await until(lambda: codes.SHUTDOWN.code in told.codes("connecting"))
    await server.start()  # the same port, as after a restart
    await until(lambda: len(heard.subscribed) == 2)
    server.channels.add("room", b"1")
    await until(lambda: heard.data == [1])
    assert not told.codes("disconnected")


async def test_many_subscriptions_of_one_session(start_open: StartOpen, people: People) -> None:
    """GW-24: channels are independent; the limit is refused, not forgotten."""
    server = await start_open(config=GatewayConfig(max_channels=20))
    client, _ = people.make(server, "ann")
    await client.connect()
    heard = [Heard() for _ in range(21)]
    subs = [client.new_subscription(f"room:{n}", events=h) for n, h in enumerate(heard)]
    for sub in subs:
        await sub.subscribe()
    await until(lambda: sum(len(h.subscribed) for h in heard) == 20)
    await until(lambda: any(h.unsubscribed or h.errors for h in heard))
    for number in range(20):
        server.channels.add(f"room:{number}", b"%d" % number)
    await until(lambda: sum(len(h.data) for h in heard) >= 19)
