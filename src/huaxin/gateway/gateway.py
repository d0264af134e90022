"""The gateway: sessions, hub and clock together, and the door for the application and the transports."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Protocol

from . import codes
from .clock import Clock
from .codes import Disconnect
from .config import GatewayConfig
from .hub import Hub
from .metrics import Metrics
from .outlet import Flusher, Transport
from .ports import Handler, Identity, Observer, Policy, Source
from .session import Session


class Socket(Protocol):
    """A connection that outlives its session until the peer has read the end."""

    def abort(self) -> None: ...


class Gateway:
    """Made on the loop it lives on. `start` before the first session, `stop` at the end."""

    def __init__(
        self,
        policy: Policy,
        source: Source,
        handler: Handler,
        config: GatewayConfig | None = None,
        observer: Observer | None = None,
    ) -> None:
        self.policy = policy
        self.source = source
        self.handler = handler
        self.config = config or GatewayConfig()
        self.observer = observer
        self.metrics = Metrics()
        self.node = secrets.token_hex(8)
        self.loop = asyncio.get_running_loop()
        self.flusher = Flusher(self.loop, self.metrics, self.config.max_frame, self.config.max_backlog)
        self.hub = Hub(self.flusher, self.metrics, self.config.max_buffered)
        self.clock = Clock(self.config.ping_interval, self.config.pong_timeout, self.config.stale_after)
        self.sessions: dict[Session, None] = {}
        self.transports: dict[Socket, None] = {}  # sockets that are open, their session over or not
        self._emulated: dict[str, Session] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.is_stopping = False

    def start(self) -> None:
        self.clock.start()

    # -- for the application ---------------------------------------------------------------------

    def disconnect(self, why: Disconnect, *, user: str, device: str = "") -> int:
        """Ends a person's sessions, on one device or on all; returns how many."""
        gone = [s for s in self.sessions if s.user == user and device in ("", s.who.device)]
        for session in gone:
            session.disconnect(why)
        return len(gone)

    async def stop(
        self,
        grace_s: float = 5.0,
        drain: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Ends gracefully: no new sessions or commands, running commands finish and are answered,
        `drain` settles what the application still has in flight, then everyone is told to come back.
        Sockets that have not taken their last bytes by then are dropped; their clients resume."""
        self.is_stopping = True
        deadline = time.monotonic() + grace_s
        for session in list(self.sessions):
            session.transport.pause_reading()
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=max(0.1, grace_s / 2))
        if drain is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(drain(), max(0.1, deadline - time.monotonic()))
        self.flusher.flush()
        for session in list(self.sessions):
            session.transport.resume_reading()  # to hear the peer's close frame
            session.disconnect(codes.SHUTDOWN)
        self.clock.stop()
        for task in self._tasks:
            task.cancel()
        # A transport leaves when its peer has answered the close; there is no event for the last one.
        while self.transports and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        for transport in list(self.transports):
            transport.abort()

    # -- for transports --------------------------------------------------------------------------

    @property
    def is_full(self) -> bool:
        return len(self.sessions) >= self.config.max_sessions

    def open_session(self, transport: Transport, headers: Mapping[str, str]) -> Session:
        """A session for a new transport. `headers` has lower-case names; the policy sees it."""
        key = secrets.token_urlsafe(24) if transport.emulated else ""
        session = Session(self, transport, headers, key)
        self.sessions[session] = None
        if key:
            self._emulated[key] = session
        self.metrics.sessions += 1
        self.metrics.accepted += 1
        self.clock.watch_opening(session)
        return session

    def find_emulated(self, key: str) -> Session | None:
        return self._emulated.get(key)

    # -- for sessions ----------------------------------------------------------------------------

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs work at once up to its first wait. It is not cancelled when the session ends: a command
        that has begun to commit is finished, only its reply has nobody to go to."""
        task = asyncio.Task(work, loop=self.loop, eager_start=True)
        if not task.done():
            self.keep(task)

    def keep(self, task: asyncio.Task[None]) -> None:
        """Holds a running task: the loop itself would let it be collected."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def forget(self, session: Session, slot: int) -> None:
        if session in self.sessions:
            del self.sessions[session]
            self._emulated.pop(session.key, None)
            self.metrics.sessions -= 1
            self.clock.forget(session, slot)

    def tell_connected(self, who: Identity) -> None:
        if self.observer is not None:
            self.observer.connected(who)

    def tell_disconnected(self, who: Identity, why: Disconnect) -> None:
        if self.observer is not None:
            self.observer.disconnected(who, why.code)

    def tell_joined(self, who: Identity, channel: str) -> None:
        if self.observer is not None:
            self.observer.joined(who, channel)

    def tell_left(self, who: Identity, channel: str) -> None:
        if self.observer is not None:
            self.observer.left(who, channel)
