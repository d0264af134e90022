"""A real server per test, and real clients: centrifuge-python here, centrifuge (npm) in a Node process."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from centrifuge import (
    Client,
    ClientEventHandler,
    PublicationContext,
    SubscribedContext,
    SubscribingContext,
    Subscription,
    SubscriptionEventHandler,
)

from huaxin.gateway import Gateway, GatewayConfig
from huaxin.gateway.open import OpenChannels, OpenConfig
from huaxin.gateway.server import Server

SECRET = "contract tests share this secret, no one else"
JS = Path(__file__).parent / "js"


def make_token(user: str, expires_in: float = 3600, **claims: Any) -> str:
    import time

    return jwt.encode({"sub": user, "exp": int(time.time() + expires_in), **claims}, SECRET)


# What must come about has this long on the slowest machine; only a test that fails waits so long.
LONG = 90.0


async def until(condition: Callable[[], object], timeout: float = LONG) -> None:
    """Waits until `condition` is true; fails the test when it never is."""
    async with asyncio.timeout(timeout):
        while not condition():  # noqa: ASYNC110 - what the other process did has no event
            await asyncio.sleep(0.01)


class Open:
    """Open channels on a random port. Subclass `channels` methods on `self.channels` where needed."""

    def __init__(self, open_config: OpenConfig, config: GatewayConfig, app: Any = None) -> None:
        self.open_config, self.config, self.app = open_config, config, app
        self.channels = OpenChannels(open_config)
        self.port = 0

    async def start(self) -> None:
        self.gateway = Gateway(self.channels, self.channels, self.channels, self.config)
        self.channels.hub = self.gateway.hub
        self.server = Server(self.app, self.gateway, port=self.port)
        await self.server.start()
        self.port = self.server.port

    async def stop(self, grace_s: float = 1.0) -> None:
        await self.server.stop(grace_s)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/connection/websocket"

    def forgive_late_pongs(self) -> None:
        """Pings stay as frequent as configured, but a starved client has its time to answer each."""
        self.gateway.clock._pong_timeout = LONG

    def kill_sockets(self) -> None:
        """What a broken network does: sockets end without a word."""
        for transport in list(self.gateway.transports):
            transport.abort()


StartOpen = Callable[..., Awaitable[Open]]


@pytest.fixture
async def start_open() -> AsyncIterator[StartOpen]:
    started: list[Open] = []

    async def start(
        open_config: OpenConfig | None = None, config: GatewayConfig | None = None, app: Any = None
    ) -> Open:
        server = Open(open_config or OpenConfig(token_secret=SECRET), config or GatewayConfig(), app)
        await server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        await server.stop(0.5)


class Told(ClientEventHandler):
    """Keeps what the client was told, in order."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []

    def codes(self, name: str) -> list[int]:
        return [ctx.code for event, ctx in self.events if event == name]

    async def on_connecting(self, ctx: Any) -> None:
        self.events.append(("connecting", ctx))

    async def on_connected(self, ctx: Any) -> None:
        self.events.append(("connected", ctx))

    async def on_disconnected(self, ctx: Any) -> None:
        self.events.append(("disconnected", ctx))

    async def on_error(self, ctx: Any) -> None:
        self.events.append(("error", ctx))


class Heard(SubscriptionEventHandler):
    """Keeps what a subscription received."""

    def __init__(self) -> None:
        self.data: list[Any] = []
        self.offsets: list[int] = []
        self.subscribed: list[SubscribedContext] = []
        self.subscribing: list[SubscribingContext] = []
        self.unsubscribed: list[Any] = []
        self.joins: list[Any] = []
        self.leaves: list[Any] = []
        self.errors: list[Any] = []

    async def on_publication(self, ctx: PublicationContext) -> None:
        self.data.append(ctx.pub.data)
        self.offsets.append(ctx.pub.offset)

    async def on_subscribed(self, ctx: SubscribedContext) -> None:
        self.subscribed.append(ctx)

    async def on_subscribing(self, ctx: SubscribingContext) -> None:
        self.subscribing.append(ctx)

    async def on_unsubscribed(self, ctx: Any) -> None:
        self.unsubscribed.append(ctx)

    async def on_join(self, ctx: Any) -> None:
        self.joins.append(ctx)

    async def on_leave(self, ctx: Any) -> None:
        self.leaves.append(ctx)

    async def on_error(self, ctx: Any) -> None:
        self.errors.append(ctx)


class People:
    """Makes clients and disconnects them at the end."""

    def __init__(self) -> None:
        self.clients: list[Client] = []

    def make(self, server: Open, user: str = "", **options: Any) -> tuple[Client, Told]:
        told = Told()
        token = options.pop("token", make_token(user) if user else "")
        # Nobody here asks how fast: a client on a starved machine does not take silence for an end.
        defaults: dict[str, Any] = {
            "min_reconnect_delay": 0.05, "max_reconnect_delay": 0.2,
            "timeout": LONG, "max_server_ping_delay": LONG,
        }  # fmt: skip
        client = Client(server.url, events=told, token=token, **(defaults | options))
        self.clients.append(client)
        return client, told

    async def join(
        self, server: Open, user: str, channel: str, **options: Any
    ) -> tuple[Subscription, Heard, Told]:
        client, told = self.make(server, user)
        subscription, heard = await self.listen(client, channel, **options)
        return subscription, heard, told

    async def listen(self, client: Client, channel: str, **options: Any) -> tuple[Subscription, Heard]:
        await client.connect()
        heard = Heard()
        subscription = client.new_subscription(
            channel, events=heard, min_resubscribe_delay=0.05, max_resubscribe_delay=0.2, **options
        )
        await subscription.subscribe()
        await subscription.ready(LONG)
        return subscription, heard


@pytest.fixture
async def people() -> AsyncIterator[People]:
    everyone = People()
    yield everyone
    for client in everyone.clients:
        await client.disconnect()


@pytest.fixture(scope="session")
def node() -> Path:
    """The Node program, with the JavaScript client installed beside its script."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("no Node on this machine")
    if not (JS / "node_modules" / "centrifuge").is_dir():
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=JS, check=True)
    return Path(program)


class JsClient:
    """The npm client in a Node process: say what to do, read what it saw, both as lines of JSON."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.seen: list[dict[str, Any]] = []
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            self.seen.append(json.loads(line))

    def say(self, **what: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(what).encode() + b"\n")

    def find(self, event: str, **like: Any) -> list[dict[str, Any]]:
        return [s for s in self.seen if s["event"] == event and like.items() <= s.items()]

    async def until(self, event: str, count: int = 1, **like: Any) -> list[dict[str, Any]]:
        await until(lambda: len(self.find(event, **like)) >= count)
        return self.find(event, **like)

    async def stop(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        self._reader.cancel()


@pytest.fixture
async def start_js(node: Path) -> AsyncIterator[Callable[..., Awaitable[JsClient]]]:
    running: list[JsClient] = []

    async def start(server: Open, transport: str = "websocket", **options: Any) -> JsClient:
        settings = {"port": server.port, "transport": transport, "timeout": 1000 * LONG, **options}
        process = await asyncio.create_subprocess_exec(
            str(node),
            str(JS / "client.mjs"),
            json.dumps(settings),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=2**24,
        )
        client = JsClient(process)
        running.append(client)
        return client

    yield start
    for client in running:
        await client.stop()
