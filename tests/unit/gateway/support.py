"""A transport that only remembers, and a gateway around it."""

import asyncio
import json
from typing import Any

from huaxin.gateway import Gateway, GatewayConfig, Grant, Identity, Position, Publication, Range
from huaxin.gateway.ports import Call, Refused
from huaxin.gateway.session import Session


class Memory:
    """Keeps frames instead of sending them."""

    name = "memory"

    def __init__(self, emulated: bool = False) -> None:
        self.emulated = emulated
        self.frames: list[bytes] = []
        self.closed: tuple[int, str] | None = None
        self.reading = True
        self.full_after: int | None = None  # frames until the session is told to pause
        self.session: Session | None = None

    def write(self, frame: bytes) -> None:
        self.frames.append(frame)
        if self.full_after is not None and len(self.frames) >= self.full_after and self.session:
            self.session.pause()

    def close(self, code: int, reason: str) -> None:
        self.closed = self.closed or (code, reason)

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    @property
    def replies(self) -> list[dict[str, Any]]:
        return [json.loads(line) for frame in self.frames for line in frame.split(b"\n")]

    @property
    def offsets(self) -> list[int]:
        pubs = (r["push"]["pub"] for r in self.replies if "pub" in r.get("push", {}))
        return [pub.get("offset", 0) for pub in pubs]


class World:
    """A policy, source and handler whose truth the test writes down."""

    def __init__(self) -> None:
        self.published: dict[str, list[Publication]] = {}
        self.grants: dict[str, Grant] = {}
        self.epoch = "e1"
        self.queued: list[tuple[bytes, Call]] = []  # begun and not answered yet
        self.ran: list[tuple[str, bytes]] = []

    async def connect(self, token: str, data: bytes | None, headers: Any) -> Identity:
        return Identity(user=token or "someone")

    async def refresh(self, token: str) -> Identity:
        return Identity(user=token)

    async def subscribe(self, who: Identity, channel: str, token: str, data: bytes | None) -> Grant:
        default = Grant(view="all", recoverable=True, history=True, publish=True, presence=True)
        return self.grants.get(who.user, default)

    async def head(self, who: Identity, channel: str) -> Position:
        kept = self.published.get(channel, [])
        return Position(self.epoch, kept[-1].offset if kept else 0)

    async def since(
        self, who: Identity, channel: str, view: str, after: int, epoch: str, limit: int
    ) -> Range:
        found = [p for p in self.published.get(channel, []) if p.offset > after]
        complete = epoch in ("", self.epoch) and len(found) <= limit
        return Range(
            publications=found if complete else [],
            position=await self.head(who, channel),
            complete=complete,
        )

    async def history(
        self, who: Identity, channel: str, view: str, since: Position | None, limit: int, reverse: bool
    ) -> Range:
        found = self.published.get(channel, [])[:limit]
        return Range(publications=found, position=await self.head(who, channel))

    def begin(self, who: Identity, method: str, data: bytes, call: Call) -> bool:
        if method != "queue":
            return False
        self.queued.append((data, call))
        return True

    def explain(self, who: Identity, error: BaseException) -> Exception:
        return Refused(1000, str(error)) if isinstance(error, ValueError) else RuntimeError(str(error))

    def reads(self, method: str) -> bool:
        return method.startswith("read")

    async def rpc(self, who: Identity, method: str, data: bytes) -> bytes:
        self.ran.append((method, data))
        return data

    async def publish(self, who: Identity, channel: str, data: bytes) -> None:
        self.ran.append((channel, data))


async def settle() -> None:
    """Lets everything that can run in this loop run; nothing here waits for the world."""
    for _ in range(50):
        await asyncio.sleep(0)


def make_gateway(world: World, **config: Any) -> Gateway:
    return Gateway(world, world, world, GatewayConfig(**config))


def open_session(gateway: Gateway, user: str = "", channel: str = "") -> tuple[Session, Memory]:
    """A connected session; subscribed when a channel is named. The world answers at once."""
    transport = Memory()
    session = transport.session = gateway.open_session(transport, {})
    session.receive(json.dumps({"id": 1, "connect": {"token": user}}).encode())
    if channel:
        session.receive(json.dumps({"id": 2, "subscribe": {"channel": channel}}).encode())
    gateway.flusher.flush()
    return session, transport
