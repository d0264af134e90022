"""Open channels in memory: the gateway alone, for trying it out and for any SDK's own test suite.

Everybody may do on a channel what the options of its namespace say ("news:1" is in namespace "news").
With a token secret, connections need a JWT (HS256: `sub`, `exp`, `info`) unless anonymous ones are allowed.
"""

import secrets
import time
from collections import deque
from collections.abc import Mapping
from typing import Any

import jwt
import msgspec

from . import codes
from .commands import refuse
from .hub import Hub
from .ports import Call, Grant, Identity, Position, Publication, Range
from .protocol import encode_info


class ChannelOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the channels of a namespace allow."""

    publish: bool = True
    presence: bool = True
    join_leave: bool = True
    history_size: int = 1000  # publications kept per channel; 0: no history and no recovery
    history_ttl: float = 300.0  # seconds a publication is kept
    token: bool = False  # subscribing needs a token that names the channel


class OpenConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    default: ChannelOptions = ChannelOptions()
    namespaces: dict[str, ChannelOptions] = {}
    token_secret: str = ""
    anonymous: bool = True  # connections without a token
    max_channels: int = 100_000  # channels with history kept at once; the longest unused goes first

    def get_options(self, channel: str) -> ChannelOptions:
        namespace, found, _ = channel.partition(":")
        return self.namespaces.get(namespace, self.default) if found else self.default


class _Kept(Publication, frozen=True, kw_only=True, gc=False):
    """A publication and when it came (monotonic seconds)."""

    at: float = 0.0


class _Stream:
    """The history of one channel."""

    __slots__ = ("epoch", "kept", "offset", "options")

    def __init__(self, options: ChannelOptions) -> None:
        self.options = options
        self.epoch = secrets.token_hex(4)
        self.offset = 0
        self.kept: deque[_Kept] = deque()

    def add(self, data: bytes, info: bytes | None) -> int:
        self.offset += 1
        kept = self.kept
        kept.append(_Kept(data=data, offset=self.offset, info=info, at=time.monotonic()))
        if len(kept) > self.options.history_size:
            kept.popleft()
        return self.offset

    def expire(self) -> None:
        oldest = time.monotonic() - self.options.history_ttl
        while self.kept and self.kept[0].at < oldest:
            self.kept.popleft()

    def get_range(self, publications: list[_Kept], complete: bool = True) -> Range:
        position = Position(self.epoch, self.offset)
        return Range(publications=publications, position=position, complete=complete)


class OpenChannels:
    """Policy, source and handler in one. Set `hub` before the first publication."""

    def __init__(self, config: OpenConfig | None = None) -> None:
        self.config = config or OpenConfig()
        self.hub: Hub | None = None
        self._streams: dict[str, _Stream] = {}

    # -- policy ----------------------------------------------------------------------------------

    async def connect(self, token: str, data: bytes | None, headers: Mapping[str, str]) -> Identity:
        if not token and self.config.anonymous:
            return Identity(user="")
        return self._check_identity(token)

    async def refresh(self, token: str) -> Identity:
        return self._check_identity(token)

    async def subscribe(self, who: Identity, channel: str, token: str, data: bytes | None) -> Grant:
        options = self.config.get_options(channel)
        expire_at = 0
        if token:
            claims = self._check_token(token)
            if claims.get("channel") != channel or claims.get("sub", "") != who.user:
                raise refuse(codes.PERMISSION_DENIED)
            expire_at = int(claims.get("exp", 0))
        elif options.token:
            raise refuse(codes.PERMISSION_DENIED)
        return Grant(
            recoverable=options.history_size > 0,
            history=options.history_size > 0,
            publish=options.publish,
            presence=options.presence,
            join_leave=options.join_leave,
            emit_join_leave=options.join_leave,
            expire_at=expire_at,
        )

    # -- handler ---------------------------------------------------------------------------------

    def begin(self, who: Identity, method: str, data: bytes, call: Call) -> bool:
        return False  # nothing here stands in a queue

    def explain(self, who: Identity, error: BaseException) -> Exception:
        raise AssertionError("nothing is begun here") from error

    def reads(self, method: str) -> bool:
        return False

    async def rpc(self, who: Identity, method: str, data: bytes) -> bytes:
        if method in ("echo", ""):
            return data
        raise refuse(codes.METHOD_NOT_FOUND)

    async def publish(self, who: Identity, channel: str, data: bytes) -> None:
        self.add(channel, data, encode_info(who.user, who.client, who.info))

    def add(self, channel: str, data: bytes, info: bytes | None = None) -> int:
        """Publishes raw JSON; returns its offset, 0 for a channel without history."""
        assert self.hub is not None
        stream = self._streams.get(channel)
        if stream is None:
            if self.config.get_options(channel).history_size <= 0:
                self.hub.deliver(channel, 0, {"": data}, info)
                return 0
            stream = self._get_stream(channel)
        offset = stream.add(data, info)
        self.hub.deliver(channel, offset, {"": data}, info)
        return offset

    def forget_history(self, channel: str) -> None:
        """Begins the channel's history anew, as after the loss of a store: its epoch changes."""
        self._streams.pop(channel, None)
        if self.hub is not None:
            self.hub.reset(channel)

    # -- source ----------------------------------------------------------------------------------

    async def head(self, who: Identity, channel: str) -> Position:
        stream = self._get_stream(channel)
        return Position(stream.epoch, stream.offset)

    async def since(
        self, who: Identity, channel: str, view: str, after: int, epoch: str, limit: int
    ) -> Range:
        stream = self._get_stream(channel)
        missed = stream.offset - after
        kept = list(stream.kept)
        known = epoch in ("", stream.epoch) and 0 <= missed <= min(limit, len(kept))
        if not known:
            return stream.get_range([], complete=False)
        return stream.get_range(kept[len(kept) - missed :])

    async def history(
        self, who: Identity, channel: str, view: str, since: Position | None, limit: int, reverse: bool
    ) -> Range:
        stream = self._get_stream(channel)
        found = list(stream.kept)
        if since is not None:
            if since.epoch not in ("", stream.epoch):
                return stream.get_range([], complete=False)
            if reverse:
                found = [p for p in found if p.offset < since.offset]
            else:
                found = [p for p in found if p.offset > since.offset]
        if reverse:
            found.reverse()
        return stream.get_range(found[:limit])

    # -- within ----------------------------------------------------------------------------------

    def _get_stream(self, channel: str) -> _Stream:
        # Taken out and put back: the order of the dict is the order of use.
        stream = self._streams.pop(channel, None) or _Stream(self.config.get_options(channel))
        self._streams[channel] = stream
        stream.expire()
        if len(self._streams) > self.config.max_channels:
            self.forget_history(next(iter(self._streams)))
        return stream

    def _check_identity(self, token: str) -> Identity:
        claims = self._check_token(token)
        info = claims.get("info")
        return Identity(
            user=str(claims.get("sub", "")),
            expire_at=int(claims.get("exp", 0)),
            info=None if info is None else msgspec.json.encode(info),
        )

    def _check_token(self, token: str) -> dict[str, Any]:
        secret = self.config.token_secret
        if not secret or not token:
            raise refuse(codes.UNAUTHORIZED)
        try:
            return jwt.decode(token, secret, algorithms=["HS256"], options={"verify_aud": False})
        except jwt.ExpiredSignatureError:
            raise refuse(codes.TOKEN_EXPIRED) from None
        except jwt.InvalidTokenError:
            raise refuse(codes.UNAUTHORIZED) from None
