"""How much of a bare relay's speed the gateway keeps, and what an idle session weighs.

`python -m tests.bench.gateway_relay` runs, in one go and on this machine, a bare picows relay with
gathered writes, an aiohttp relay and the gateway (authenticated, rooms of three, 200-byte JSON). Server
and generator are separate processes on separate cores. The measure is deliveries per second of the
server's CPU time, which does not depend on how fast the generator is; then the memory of idle sessions.
"""

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import os
import resource
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from typing import Any

import jwt
import picows

from huaxin.bench.relays import start_aiohttp, start_gathered
from huaxin.gateway import GatewayConfig
from huaxin.gateway.cli import get_loop_factory, start_open, tune_gc
from huaxin.gateway.open import ChannelOptions, OpenConfig

SECRET = "a secret for the bench, thirty-two bytes or more"
PAYLOAD = json.dumps({"kind": "message", "text": "x" * 170}).encode()
assert 190 <= len(PAYLOAD) <= 210
ROOM = 3
_TEXT = picows.WSMsgType.TEXT


# -- servers -------------------------------------------------------------------------------------


async def _start_gateway() -> int:
    options = ChannelOptions(presence=False, join_leave=False, history_size=100)
    config = OpenConfig(default=options, token_secret=SECRET, anonymous=False)
    server, _ = await start_open(config, GatewayConfig())
    return server.port


SERVERS: dict[str, Callable[[], Awaitable[int]]] = {
    "picows": start_gathered,
    "aiohttp": start_aiohttp,
    "gateway": _start_gateway,
}


def _get_rss() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def _serve(name: str, pipe: Connection, core: int | None) -> None:
    if core is not None:
        os.sched_setaffinity(0, {core})
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)

    async def run() -> None:
        pipe.send(await SERVERS[name]())
        tune_gc()
        loop = asyncio.get_running_loop()
        while True:
            try:
                await loop.run_in_executor(None, pipe.recv)
            except EOFError:
                return
            pipe.send((time.process_time(), _get_rss()))

    with asyncio.Runner(loop_factory=get_loop_factory()) as runner:
        runner.run(run())
    os._exit(0)


# -- generator -----------------------------------------------------------------------------------


class _Tally:
    deliveries = 0


class _Client(picows.WSListener):
    """Keeps `window` messages of its own on the way."""

    def __init__(self, room: int, member: int, window: int, tally: _Tally, gateway: bool) -> None:
        self.window, self.tally, self.gateway = window, tally, gateway
        self.marker = b'"pub":' if gateway else b'"kind"'
        self.seen = 0
        self.ready = asyncio.get_running_loop().create_future()
        self.channel = f"room:{room}"
        self.token = jwt.encode({"sub": f"u{room}-{member}", "exp": int(time.time()) + 3600}, SECRET)
        body = PAYLOAD.decode()
        publish = f'{{"id":9,"publish":{{"channel":"{self.channel}","data":{body}}}}}'
        message = publish.encode() if gateway else PAYLOAD
        # A masked frame with a mask of zeros, which leaves the payload as it is.
        self.frame = b"\x81\xfe" + len(message).to_bytes(2, "big") + bytes(4) + message

    def on_ws_connected(self, transport: Any) -> None:
        self.ws = transport
        if self.gateway:
            hello = {"id": 1, "connect": {"token": self.token}}
            subscribe = {"id": 2, "subscribe": {"channel": self.channel}}
            transport.send(_TEXT, json.dumps(hello) + "\n" + json.dumps(subscribe))
        else:
            self.ready.set_result(None)

    def on_ws_frame(self, transport: Any, frame: Any) -> None:
        if frame.msg_type != _TEXT:
            return
        payload = frame.get_payload_as_bytes()
        if not self.ready.done():
            if b'"subscribe":{' in payload:
                self.ready.set_result(None)
            return
        count = payload.count(self.marker)
        self.tally.deliveries += count
        self.seen += count
        mine, self.seen = divmod(self.seen, ROOM)  # on average one of three is my own come back
        self.send(mine)

    def send(self, count: int) -> None:
        # One write per message, as independent people would; but of a ready frame, so that the
        # generator is not what is measured.
        for _ in range(count):
            self.ws.underlying_transport.write(self.frame)


async def _connect(port: int, rooms: int, window: int, gateway: bool, tally: _Tally) -> list[_Client]:
    clients = [_Client(r, m, window, tally, gateway) for r in range(rooms) for m in range(ROOM)]

    async def connect(client: _Client) -> None:
        path = "connection/websocket" if gateway else client.channel
        await picows.ws_connect(lambda: client, f"ws://127.0.0.1:{port}/{path}", read_buffer_init_size=4096)
        await client.ready

    for start in range(0, len(clients), 200):
        await asyncio.gather(*(connect(client) for client in clients[start : start + 200]))
    return clients


async def _generate(
    port: int, pipe: Connection, rooms: int, window: int, seconds: float, gateway: bool
) -> Any:
    def ask() -> tuple[float, int]:
        pipe.send(None)
        answer: tuple[float, int] = pipe.recv()
        return answer

    tally = _Tally()
    clients = await _connect(port, rooms, window, gateway, tally)
    for client in clients:
        client.send(window)
    await asyncio.sleep(0.5)
    cpu, _ = ask()
    before, started, own = tally.deliveries, time.monotonic(), time.process_time()
    await asyncio.sleep(seconds)
    count, elapsed = tally.deliveries - before, time.monotonic() - started
    used = ask()[0] - cpu
    return count / elapsed, count / used, used / elapsed, (time.process_time() - own) / elapsed


async def _weigh(port: int, pipe: Connection, sessions: int, gateway: bool) -> float:
    pipe.send(None)
    before = pipe.recv()[1]
    clients = await _connect(port, sessions // ROOM, 0, gateway, _Tally())
    await asyncio.sleep(0.5)
    pipe.send(None)
    return (pipe.recv()[1] - before) / len(clients)


def _run(name: str, work: Callable[[int, Connection], Awaitable[Any]], cores: list[int]) -> Any:
    context = multiprocessing.get_context("spawn")
    parent, child = context.Pipe()
    server = context.Process(target=_serve, args=(name, child, cores[0] if len(cores) > 1 else None))
    server.start()
    try:
        port = parent.recv()
        with asyncio.Runner(loop_factory=get_loop_factory()) as runner:
            return runner.run(work(port, parent))
    finally:
        with contextlib.suppress(OSError):
            parent.close()
        server.kill()
        server.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rooms", type=int, default=100)
    parser.add_argument("--window", type=int, default=4, help="messages each member keeps on the way")
    parser.add_argument("--idle", type=int, default=3000, help="idle sessions to weigh; 0 to skip")
    parser.add_argument("--only", default="picows,aiohttp,gateway")
    args = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        os.sched_setaffinity(0, {cores[1]})
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    base = 0.0
    print("server      deliveries/s   per core-s   core  generator  of picows  kB/session")
    for name in args.only.split(","):
        gateway = name == "gateway"
        rate, per_core, busy, own = _run(
            name,
            lambda port, pipe, g=gateway: _generate(port, pipe, args.rooms, args.window, args.seconds, g),
            cores,
        )
        base = base or per_core
        weight = 0.0
        if args.idle:
            weight = _run(name, lambda port, pipe, g=gateway: _weigh(port, pipe, args.idle, g), cores)
        ratio = per_core / base
        shares = f"{busy:6.2f} {own:10.2f} {ratio:10.2f}"
        print(f"{name:10} {rate:13,.0f} {per_core:12,.0f} {shares} {weight / 1000:11.1f}")


if __name__ == "__main__":
    main()
