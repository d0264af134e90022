"""What the gateway asks of whoever uses it. It knows no flowers: these four ports are all it sees.

A *view* is a short name ("buyer", "courier", …). Sessions on one channel that share a view receive
the very same bytes, so a publication is redacted and encoded once per view, not once per session.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who a session belongs to."""

    user: str  # the person; "" is anonymous
    device: str = ""  # the installation; one person may have several
    expire_at: int = 0  # unix seconds; 0 means never
    info: bytes | None = None  # raw JSON shown to others in presence and join/leave
    claims: Any = None  # the policy's own, opaque here
    client: str = ""  # the session's public id; the gateway sets it, a policy leaves it empty


class Refused(Exception):
    """The policy says no. `code` is a documented error code (gateway/codes.py or an application's)."""

    def __init__(self, code: int, message: str, *, temporary: bool = False) -> None:
        super().__init__(message)
        self.code, self.message, self.temporary = code, message, temporary


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """What a session may do on one channel."""

    view: str = ""
    recoverable: bool = False  # recovery by (epoch, offset), and every publication carries its offset
    history: bool = False
    publish: bool = False
    presence: bool = False
    join_leave: bool = False  # receives join/leave pushes
    emit_join_leave: bool = False  # others are told of this session
    expire_at: int = 0  # unix seconds; 0 means never; the client refreshes (sub_refresh) before


class Position(msgspec.Struct, frozen=True):
    """A cursor: the identity of the journal and how far in it."""

    epoch: str
    offset: int


class Publication(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    data: bytes  # raw JSON
    offset: int = 0  # 0: a signal, not part of the channel's history
    info: bytes | None = None  # raw JSON ClientInfo of the publisher, if any


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """Publications of one channel for one view, oldest first.

    `position` is how far the reader now is, even when the newest publications were not for this view.
    `complete` is False when the source could not bridge from the asked offset (too old, too many, or
    another epoch): the client must take a fresh snapshot (recovered=false).
    """

    publications: Sequence[Publication]
    position: Position
    complete: bool = True


class Policy(Protocol):
    async def connect(self, token: str, data: bytes | None, headers: Mapping[str, str]) -> Identity:
        """Raises Refused. `data` is the raw JSON connect data of the client."""
        ...

    async def refresh(self, token: str) -> Identity: ...

    async def subscribe(self, who: Identity, channel: str, token: str, data: bytes | None) -> Grant: ...


class Source(Protocol):
    """Where a channel's durable publications come from. Signals never pass here."""

    async def head(self, who: Identity, channel: str) -> Position: ...

    async def since(
        self, who: Identity, channel: str, view: str, after: int, epoch: str, limit: int
    ) -> Range: ...

    async def history(
        self, who: Identity, channel: str, view: str, since: Position | None, limit: int, reverse: bool
    ) -> Range: ...


class Call(Protocol):
    """An rpc on its way. Exactly one of these is called, once, on the loop's thread."""

    def settle(self, raw: bytes) -> None:
        """With the answer: raw JSON on one line."""
        ...

    def fail(self, error: BaseException) -> None:
        """With what went wrong; `Handler.explain` says it in the gateway's words."""
        ...


class Handler(Protocol):
    """Commands and publications from clients. Raises Refused; anything else is an internal error (100)."""

    def begin(self, who: Identity, method: str, data: bytes, call: Call) -> bool:
        """Takes an rpc that need not wait for anything before it stands in its queue: no task is made.

        True: `call` is settled after this returns, and rpcs begun one after the other take effect in that
        order. False: nothing was done, ask `rpc`.
        """
        ...

    def explain(self, who: Identity, error: BaseException) -> Exception:
        """A failure of a begun call as Refused, or as it is when it is an internal error."""
        ...

    def reads(self, method: str) -> bool:
        """True: this rpc changes nothing. It waits for none before it, and none behind it waits for it."""
        ...

    async def rpc(self, who: Identity, method: str, data: bytes) -> bytes: ...

    async def publish(self, who: Identity, channel: str, data: bytes) -> None: ...


class Observer(Protocol):
    """Told of what sessions do; must be quick and must not raise. For presence marks and last seen."""

    def connected(self, who: Identity) -> None: ...

    def disconnected(self, who: Identity, code: int) -> None: ...

    def joined(self, who: Identity, channel: str) -> None: ...

    def left(self, who: Identity, channel: str) -> None: ...
