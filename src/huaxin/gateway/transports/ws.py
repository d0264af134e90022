"""WebSocket by picows: frames in, gathered frames out, the close handshake, back-pressure."""

import asyncio
import functools
import logging
import weakref
from collections.abc import Callable
from typing import Any

import picows
from picows.picows import WSProtocol  # type: ignore[attr-defined]  # picows' stubs leave it out

from huaxin.gateway.config import GatewayConfig
from huaxin.gateway.gateway import Gateway
from huaxin.gateway.session import Session

from .messages import (
    CLOSE,
    GOING_AWAY,
    NORMAL,
    PING,
    PONG,
    PROTOCOL_ERROR,
    TEXT,
    Assembler,
    Violation,
    check_utf8,
    is_valid_close_code,
    read_close,
)
from .origin import is_origin_allowed

PATH = "/connection/websocket"

_log = logging.getLogger("huaxin.gateway")
_CONTROL = frozenset({CLOSE, PING, PONG})
_TEXT, _BINARY = picows.WSMsgType.TEXT, picows.WSMsgType.BINARY


class _Logger:
    """What picows logs to, one per connection.

    Given a real Logger picows would make a child of it per connection, some kilobytes each. And it
    reports a parser error here before it answers it, which is the one chance to answer a second close
    frame in the same read rightly: the first counts, what follows does not.
    """

    __slots__ = ("connection",)

    def __init__(self) -> None:
        self.connection: weakref.ref[Connection] | None = None

    def isEnabledFor(self, level: int) -> bool:
        return False

    def log(self, level: int, message: str, *args: object) -> None: ...

    def debug(self, message: str, *args: object) -> None: ...

    def info(self, message: str, *args: object) -> None: ...

    def warning(self, message: str, *args: object) -> None:
        _log.debug(message, *args)

    def error(self, message: str, *args: object) -> None:
        _log.debug(message, *args)  # a peer's protocol errors are not our errors
        connection = self.connection() if self.connection is not None else None
        if connection is not None:
            connection.on_parser_error()

    def exception(self, message: str, *args: object) -> None:
        _log.exception(message, *args)


def _ignore(message: bytes) -> None:
    """Before there is a session, and after."""


class Connection(picows.WSListener):  # type: ignore[misc, unused-ignore]  # picows ships no types everywhere
    """A WebSocket connection as RFC 6455 wants it. Subclasses get whole messages."""

    __slots__ = ("_assembler", "_close_timeout", "_failed", "_limit", "take_text", "ws")

    def __init__(self, limit: int, close_timeout: float) -> None:
        self.ws: Any = None
        self._assembler: Assembler | None = None
        self._limit = limit
        self._close_timeout = close_timeout
        self._failed = False
        self.take_text: Callable[[bytes], None] = _ignore  # set by on_open, the short way for most messages

    # -- for subclasses ----------------------------------------------------------------------------

    def on_open(self) -> None: ...

    def on_message(self, kind: int, message: bytes) -> None: ...

    def on_lost(self) -> None: ...

    def close(self, code: int, reason: str) -> None:
        """Sends a close frame and drops the socket once the peer answers, or after a while."""
        ws = self.ws
        if ws is None or ws.is_disconnected or ws.is_close_frame_sent:
            return
        ws.send_close(code, reason.encode()[:120] or None)
        asyncio.get_running_loop().call_later(self._close_timeout, self.abort)

    def abort(self) -> None:
        """Drops the socket without a word."""
        if not self.ws.is_disconnected:
            self.ws.disconnect(False)

    def on_parser_error(self) -> None:
        """Before picows ends the connection for what it could not parse."""
        handshake = self.ws.close_handshake
        if handshake is not None and handshake.recv is not None and handshake.sent is None:
            code = handshake.recv.code
            if code == 0 or is_valid_close_code(code):
                self.ws.send_close(code or NORMAL)
        self._failed = True

    # -- from picows -------------------------------------------------------------------------------

    def on_ws_connected(self, transport: Any) -> None:
        self.ws = transport
        self.on_open()
        # Kept by picows for the life of the connection otherwise, some kilobytes each.
        transport.request.headers.clear()
        transport.response.headers.clear()

    def on_ws_frame(self, transport: Any, frame: Any) -> None:
        if self._failed:
            return
        kind = frame.msg_type
        try:
            if frame.rsv1 or frame.rsv2 or frame.rsv3:
                raise Violation(PROTOCOL_ERROR, "reserved bits are set")
            payload = frame.get_payload_as_bytes()
            # Nearly every message is one frame; picows has already refused larger ones.
            if kind == TEXT and frame.fin and self._assembler is None:
                if not payload.isascii():
                    check_utf8(payload)
                self.take_text(payload)
            elif kind in _CONTROL:
                self._take_control(kind, payload)
            else:
                self._take_data(kind, frame.fin, payload)
        except Violation as violation:
            self._fail(violation.code, violation.reason)

    def on_ws_disconnected(self, transport: Any) -> None:
        self.on_lost()

    def _take_data(self, kind: int, fin: bool, payload: bytes) -> None:
        if self._assembler is None:
            self._assembler = Assembler(self._limit)
        done = self._assembler.take(kind, fin, payload)
        if done is not None:
            self._assembler = None
            self.on_message(*done)

    def _take_control(self, kind: int, payload: bytes) -> None:
        if kind == PING:
            self.ws.send_pong(payload)
        elif kind == CLOSE:
            code, _ = read_close(payload)
            self._failed = True  # nothing after a close frame counts
            if not self.ws.is_close_frame_sent:
                self.ws.send_close(code)
            self.ws.disconnect()

    def _fail(self, code: int, reason: str) -> None:
        self._failed = True
        self.ws.send_close(code, reason.encode())
        # The peer may still be sending: keep reading a little, so that the close frame is not lost to a
        # reset, then drop.
        asyncio.get_running_loop().call_later(0.05, self.ws.disconnect)


class SessionConnection(Connection):
    """Carries one session of the gateway."""

    __slots__ = ("_gateway", "_headers", "_session")
    name = "websocket"
    emulated = False

    def __init__(self, gateway: Gateway, headers: dict[str, str]) -> None:
        super().__init__(gateway.config.max_message, gateway.config.close_timeout)
        self._gateway = gateway
        self._headers: dict[str, str] | None = headers
        self._session: Session | None = None

    def on_open(self) -> None:
        self._gateway.transports[self] = None
        if self._gateway.is_stopping or self._gateway.is_full:
            self.close(GOING_AWAY, "shutdown" if self._gateway.is_stopping else "full")
            return
        self._session = self._gateway.open_session(self, self._headers or {})
        self.take_text = self._session.receive
        self._headers = None

    def on_message(self, kind: int, message: bytes) -> None:
        session = self._session
        if session is not None:
            session.receive(message)

    def on_lost(self) -> None:
        self._gateway.transports.pop(self, None)
        if self._session is not None:
            self._session.lose()
            self._session = None
            self.take_text = _ignore

    def pause_writing(self) -> None:
        if self._session is not None:
            self._session.pause()

    def resume_writing(self) -> None:
        if self._session is not None:
            self._session.resume()

    def write(self, frame: bytes) -> None:
        self.ws.send(_TEXT, frame)

    def pause_reading(self) -> None:
        if not self.ws.is_disconnected:
            self.ws.underlying_transport.pause_reading()

    def resume_reading(self) -> None:
        if not self.ws.is_disconnected:
            self.ws.underlying_transport.resume_reading()


class EchoConnection(Connection):
    """Sends every message back, for the conformance run."""

    __slots__ = ()

    def on_open(self) -> None:
        self.take_text = functools.partial(self.ws.send, _TEXT)

    def on_message(self, kind: int, message: bytes) -> None:
        self.ws.send(_TEXT if kind == TEXT else _BINARY, message)


Accept = Callable[[Any], Any]


def make_protocol(accept: Accept, config: GatewayConfig, max_frame: int) -> WSProtocol:
    """picows' protocol for one socket; `accept` maps the upgrade request to a listener or a response."""
    logger = _Logger()

    def accept_logged(request: Any) -> Any:
        listener = accept(request)
        if isinstance(listener, Connection):
            logger.connection = weakref.ref(listener)
        return listener

    return WSProtocol(
        None,
        None,
        False,
        accept_logged,
        logger,
        True,
        config.handshake_timeout,
        False,
        20,
        20,
        picows.WSAutoPingStrategy.PING_WHEN_IDLE,
        False,
        max_frame,
        None,
        1024,  # idle sessions stay small; the buffer grows with what arrives
    )


def accept_session(gateway: Gateway) -> Accept:
    """Accepts upgrades of allowed origins as sessions."""

    def accept(request: Any) -> Any:
        headers = {name.lower(): value for name, value in request.headers.items()}
        _simplify_connection_header(request, headers)
        if request.path.split(b"?", 1)[0] != PATH.encode():
            return None
        if not is_origin_allowed(headers.get("origin"), headers.get("host"), gateway.config.allowed_origins):
            response = picows.WSUpgradeResponse.create_error_response(403, b"origin not allowed")
            return picows.WSUpgradeResponseWithListener(response, None)
        return SessionConnection(gateway, headers)

    return accept


def accept_echo(config: GatewayConfig, limit: int) -> Accept:
    def accept(request: Any) -> Any:
        _simplify_connection_header(request, {n.lower(): v for n, v in request.headers.items()})
        return EchoConnection(limit, config.close_timeout)

    return accept


def _simplify_connection_header(request: Any, headers: dict[str, str]) -> None:
    # picows wants exactly "upgrade", but browsers may send a list ("keep-alive, Upgrade").
    tokens = {token.strip().lower() for token in headers.get("connection", "").split(",")}
    if "upgrade" in tokens:
        request.headers["Connection"] = "upgrade"


__all__ = ["PATH", "EchoConnection", "SessionConnection", "accept_echo", "accept_session"]
