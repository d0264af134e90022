"""One public port for pages, API and gateway.

Accept, peek at the request head without taking it, then hand the socket over: WebSocket upgrades to
picows on aiofastnet's transport, everything else to uvicorn's HTTP protocol. Neither knows of the other,
and nothing is added to the path of a message.
"""

import asyncio
import contextlib
import errno
import logging
import socket
import time
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import Any

import aiofastnet
import uvicorn
from uvicorn.lifespan.on import LifespanOn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from .config import GatewayConfig
from .gateway import Gateway
from .transports import http, ws

_log = logging.getLogger("huaxin.gateway")
_UPGRADE = b"GET " + ws.PATH.encode()
_PEEK_AGAIN = 0.02  # the rest of a split request line; a socket with unread data is always "readable"
_SILENT_S = 3
_ACCEPTS_PER_WAKE = 256
# Longer than clients and proxies keep a connection they may use again (5 to 60 s usually): whoever lets go
# first must not be the server, or a request meets a closed door.
_KEEP_ALIVE_S = 75

Asgi = Callable[[Any, Any, Any], Awaitable[None]]
Drain = Callable[[], Awaitable[None]]


class Server:
    """Serves `app` (any ASGI application, or None) and `gateway` on one port.

    `accept` maps an upgrade request to a picows listener; the default makes sessions of the gateway.
    """

    def __init__(
        self,
        app: Asgi | None,
        gateway: Gateway,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        accept: ws.Accept | None = None,
        max_frame: int | None = None,
        any_path: bool = False,
    ) -> None:
        self.gateway = gateway
        self.host = host
        self.port = port
        self._config: GatewayConfig = gateway.config
        self._accept = accept or ws.accept_session(gateway)
        self._max_frame = max_frame or self._config.max_message
        self._upgrade = b"GET /" if any_path else _UPGRADE
        self._any_path = any_path
        self._http = _HttpSide(http.HttpTransports(gateway, app or _not_found), self._config)
        self._sockets: list[socket.socket] = []
        self._peeking: dict[socket.socket, asyncio.TimerHandle] = {}
        self._connections: set[asyncio.Task[Any]] = set()

    async def start(self) -> None:
        """Binds and begins to accept. Raises OSError when the address is taken."""
        # Bound first: what cannot listen should not have started anything.
        for family, address in await _resolve(self.host, self.port):
            listener = _listen(family, address)
            self._sockets.append(listener)
            if self.port == 0:
                self.port = listener.getsockname()[1]
        try:
            await self._http.start()
        except BaseException:
            self._close_listeners()
            raise
        self.gateway.start()
        loop = asyncio.get_running_loop()
        for listener in self._sockets:
            loop.add_reader(listener.fileno(), self._on_acceptable, listener)

    async def stop(self, grace_s: float = 5.0, drain: Drain | None = None) -> None:
        """Stops accepting, ends sessions gracefully (see Gateway.stop), then HTTP; at most ~2 × grace."""
        self._close_listeners()
        for sock in list(self._peeking):
            self._drop(sock)
        await self.gateway.stop(grace_s, drain)
        await self._http.stop(grace_s)

    def _close_listeners(self) -> None:
        loop = asyncio.get_running_loop()
        for listener in self._sockets:
            loop.remove_reader(listener.fileno())
            listener.close()
        self._sockets.clear()

    # -- accepting -------------------------------------------------------------------------------

    def _on_acceptable(self, listener: socket.socket) -> None:
        for _ in range(_ACCEPTS_PER_WAKE):
            try:
                sock, _address = listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                    _log.error("cannot accept: %s", error)
                    self._rest(listener)
                    return
                raise
            sock.setblocking(False)
            self._peek(sock, time.monotonic() + self._config.handshake_timeout)

    def _rest(self, listener: socket.socket) -> None:
        """Out of descriptors: a listener that stays readable would spin, so look away for a second."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(listener.fileno())

        def again() -> None:
            if listener in self._sockets:
                loop.add_reader(listener.fileno(), self._on_acceptable, listener)

        loop.call_later(1.0, again)

    def _peek(self, sock: socket.socket, deadline: float) -> None:
        loop = asyncio.get_running_loop()
        try:
            head = sock.recv(len(self._upgrade) + 1, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            self._await_head(sock, deadline)
            return
        except OSError:
            sock.close()
            return
        if not head:
            sock.close()
        elif self._is_upgrade(head):
            self._hand_over(aiofastnet.connect_accepted_socket(loop, self._make_ws, sock), sock)
        elif len(head) <= len(self._upgrade) and self._upgrade.startswith(head):
            if time.monotonic() >= deadline:
                sock.close()
            else:
                self._peeking[sock] = loop.call_later(_PEEK_AGAIN, self._peek_again, sock, deadline)
        else:
            self._hand_over(loop.connect_accepted_socket(self._http.make_protocol, sock), sock)

    def _is_upgrade(self, head: bytes) -> bool:
        if not head.startswith(self._upgrade):
            return False
        return self._any_path or head[len(self._upgrade) :] in (b" ", b"?")

    def _await_head(self, sock: socket.socket, deadline: float) -> None:
        loop = asyncio.get_running_loop()
        loop.add_reader(sock.fileno(), self._on_head, sock, deadline)
        self._peeking[sock] = loop.call_at(
            loop.time() + max(0.0, deadline - time.monotonic()), self._drop, sock
        )

    def _on_head(self, sock: socket.socket, deadline: float) -> None:
        asyncio.get_running_loop().remove_reader(sock.fileno())
        self._peek_again(sock, deadline)

    def _peek_again(self, sock: socket.socket, deadline: float) -> None:
        handle = self._peeking.pop(sock, None)
        if handle is not None:
            handle.cancel()
            self._peek(sock, deadline)

    def _drop(self, sock: socket.socket) -> None:
        handle = self._peeking.pop(sock, None)
        if handle is not None:
            handle.cancel()
        asyncio.get_running_loop().remove_reader(sock.fileno())
        sock.close()

    def _hand_over(self, connecting: Awaitable[Any], sock: socket.socket) -> None:
        async def connect() -> None:
            try:
                await connecting
            except OSError:
                sock.close()  # gone before we could look at it

        task = asyncio.get_running_loop().create_task(connect())
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    def _make_ws(self) -> Any:
        return ws.make_protocol(self._accept, self._config, self._max_frame)


class _TimelyHttp(HttpToolsProtocol):
    """uvicorn's protocol, with a limit on how long a request head may take (slow-loris)."""

    head_timeout = 5.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # asyncio gives whatever transport the loop made
        super().connection_made(transport)
        self._head_handle = self.loop.call_later(self.head_timeout, transport.close)

    def on_headers_complete(self) -> None:
        self._head_handle.cancel()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_handle.cancel()
        super().connection_lost(exc)


class _HttpSide:
    """uvicorn without its server: configuration, lifespan, the Date header, shutdown."""

    def __init__(self, app: Asgi, config: GatewayConfig) -> None:
        self._config = uvicorn.Config(
            app, ws="none", log_config=None, access_log=False, proxy_headers=False,
            timeout_keep_alive=_KEEP_ALIVE_S,
        )  # fmt: skip
        self._config.load()
        self._state = ServerState()
        self._lifespan = LifespanOn(self._config)
        self._lifespan_handle: asyncio.TimerHandle | None = None
        self._protocol = type("_Http", (_TimelyHttp,), {"head_timeout": config.handshake_timeout})

    async def start(self) -> None:
        await self._lifespan.startup()
        if self._lifespan.should_exit:
            raise RuntimeError("the application did not start; its log says why")
        self._set_date()

    async def stop(self, grace_s: float) -> None:
        if self._lifespan_handle is not None:
            self._lifespan_handle.cancel()
        for connection in list(self._state.connections):
            connection.shutdown()
        deadline = time.monotonic() + grace_s
        # uvicorn's sets have no event to wait for.
        while (self._state.connections or self._state.tasks) and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        for task in list(self._state.tasks):
            task.cancel()
        for connection in list(self._state.connections):
            connection.transport.abort()
        await self._lifespan.shutdown()

    def make_protocol(self) -> asyncio.Protocol:
        protocol: asyncio.Protocol = self._protocol(self._config, self._state, self._lifespan.state)
        return protocol

    def _set_date(self) -> None:
        date = (b"date", formatdate(time.time(), usegmt=True).encode())
        self._state.default_headers = [date, *self._config.encoded_headers]
        self._lifespan_handle = asyncio.get_running_loop().call_later(1.0, self._set_date)


async def _resolve(host: str, port: int) -> list[tuple[int, Any]]:
    if host in ("", "*"):
        host = "0.0.0.0"
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return [(info[0], info[4]) for info in found[:1]]


def _listen(family: int, address: Any) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError:
        listener.close()
        raise
    with contextlib.suppress(OSError, AttributeError):
        # Accepted sockets inherit it. Head and body of an answer are two writes: without this the second
        # waits 40 ms for the reader's delayed ack.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Linux only: a connection is shown when it has something to say, so that a crowd that comes back
        # is looked at once each. Who says nothing is shown after these seconds, and dropped later.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, _SILENT_S)
    listener.listen(4096)
    listener.setblocking(False)
    return listener


async def _not_found(scope: Any, receive: Any, send: Any) -> None:
    """The application where there is none."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    await http.answer(send, 404, b"not found")
