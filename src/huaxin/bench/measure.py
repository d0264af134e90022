"""The measurements. Each connects its members, loads, reads what the server has used, and checks."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from huaxin.bench.clients import Fault, Member, Relayed, Tally, connect, hang_up, seat_members
from huaxin.bench.house import Seat
from huaxin.bench.process import ServerProcess
from huaxin.bench.returning import come_back

ROOM = 3
_WARM_S = 1.0
_DRAIN_S = 20.0
_TICK_S = 0.001
_PATH = "connection/websocket"


@dataclass(frozen=True)
class Rate:
    """Throughput under a closed loop: everybody keeps a few messages on the way."""

    deliveries_s: float
    per_core_s: float  # deliveries per second of the server's CPU time
    with_database: float  # the same with the database's CPU time added
    server_core: float  # share of a core the server used
    generator_core: float


@dataclass(frozen=True)
class Lag:
    """From the moment a message was due to its ack, under an open loop. Milliseconds."""

    offered: int
    acked_s: float
    p50: float
    p99: float
    server_core: float


@dataclass(frozen=True)
class Idle:
    sessions: int
    kb: float  # of the server's memory per session


@dataclass(frozen=True)
class Resumed:
    sessions: int
    start_s: float  # from the start of the process until it listens
    resume_s: float  # from then until the last session has everything it missed
    server_s: float  # CPU time of the server meanwhile


def no_cpu() -> float:
    """Of a database that has no processes of its own."""
    return 0.0


async def measure_relay(server: ServerProcess, rooms: int, window: int, seconds: float) -> Rate:
    tally = Tally()
    clients = [Relayed(room, tally) for room in range(rooms) for _ in range(ROOM)]
    await connect(clients, server.port, lambda client: str(client.room))
    for client in clients:
        client.window = window
        client.speak(window)
    rate = await _rate(server, tally, seconds, no_cpu)
    for client in clients:
        client.window = 0
    hang_up(clients)
    return rate


async def measure_rate(
    server: ServerProcess,
    seats: Sequence[Seat],
    window: int,
    seconds: float,
    database_cpu: Callable[[], float] = no_cpu,
) -> Rate:
    """Raises Fault when a delivery is missing, doubled or out of order."""
    tally = Tally()
    members = await _join(server, seats, tally)
    for member in members:
        member.window = window
        for _ in range(window):
            member.say(0.0)
    rate = await _rate(server, tally, seconds, database_cpu)
    await _leave(members)
    return rate


async def _rate(
    server: ServerProcess, tally: Tally, seconds: float, database_cpu: Callable[[], float]
) -> Rate:
    await asyncio.sleep(_WARM_S)
    used, rows, own = server.usage().cpu_s, database_cpu(), time.process_time()
    before, began = tally.deliveries, time.perf_counter()
    await asyncio.sleep(seconds)
    count, elapsed = tally.deliveries - before, time.perf_counter() - began
    used, rows = server.usage().cpu_s - used, database_cpu() - rows
    own = time.process_time() - own
    if not count:
        raise Fault("nothing was delivered")
    return Rate(count / elapsed, count / used, count / (used + rows), used / elapsed, own / elapsed)


async def measure_lag(server: ServerProcess, seats: Sequence[Seat], offered: int, seconds: float) -> Lag:
    """`offered` messages a second, whether or not the server keeps up. Raises Fault."""
    tally = Tally()
    members = await _join(server, seats, tally)
    await _offer(members, offered, _WARM_S)
    await _drain(members)
    lags: list[float] = []
    tally.lags, tally.acks = lags, 0
    used, began = server.usage().cpu_s, time.perf_counter()
    await _offer(members, offered, seconds)
    used, elapsed = server.usage().cpu_s - used, time.perf_counter() - began
    in_time = tally.acks
    await _leave(members)
    lags.sort()
    p50, p99 = (lags[len(lags) * part // 100] * 1e3 for part in (50, 99))
    return Lag(offered, in_time / elapsed, p50, p99, used / elapsed)


async def _offer(members: Sequence[Member], offered: int, seconds: float) -> None:
    began, sent, count = time.perf_counter(), 0, len(members)
    while (passed := time.perf_counter() - began) < seconds:
        for number in range(sent, int(passed * offered)):
            # The time it was due, not the time it was sent: a late generator must not flatter the server.
            members[number % count].say(began + number / offered)
            sent += 1
        await asyncio.sleep(_TICK_S)


async def measure_idle(server: ServerProcess, seats: Sequence[Seat]) -> tuple[Idle, list[Member]]:
    """The members stay connected."""
    tally = Tally()
    before = server.usage().rss
    members = await _join(server, seats, tally)
    await asyncio.sleep(_WARM_S)
    weight = (server.usage().rss - before) / len(members)
    return Idle(len(members), weight / 1024), members


async def speak_once_each(members: Sequence[Member]) -> None:
    """One message on every order; its members then pretend not to have heard it."""
    orders = {member.seat.order: member for member in members}
    cursors = [(member.epoch, member.offset) for member in members]
    for member in orders.values():
        member.say(0.0)
    await _drain(members)
    for member, (epoch, offset) in zip(members, cursors, strict=True):
        member.check()
        member.epoch, member.offset = epoch, offset


def measure_resume(server: ServerProcess, members: Sequence[Member], start_s: float) -> Resumed:
    """All come back at once to a server that was restarted. Raises Fault when one lacks anything."""
    used = server.usage().cpu_s
    elapsed = come_back(members, server.port, _PATH)
    return Resumed(len(members), start_s, elapsed, server.usage().cpu_s - used)


async def _join(server: ServerProcess, seats: Sequence[Seat], tally: Tally) -> list[Member]:
    members = seat_members(seats, tally)
    await connect(members, server.port, lambda _: _PATH)
    return members


async def _leave(members: Sequence[Member]) -> None:
    """Lets everything arrive, checks everybody's deliveries, hangs up."""
    for member in members:
        member.window = 0
    await _drain(members)
    for member in members:
        member.check()
    hang_up(members)


async def _drain(members: Sequence[Member]) -> None:
    deadline = time.perf_counter() + _DRAIN_S
    while time.perf_counter() < deadline:
        settled = all(
            not member.waiting and member.count == member.talk.acked for member in members if not member.fault
        )
        if settled:
            return
        await asyncio.sleep(0.02)
