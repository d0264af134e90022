"""The states of a session: a closed union, matched exhaustively."""

from dataclasses import dataclass

from .codes import Disconnect
from .protocol import Command


@dataclass(slots=True, frozen=True)
class Opened:
    """The transport is there; the first command must be connect."""


@dataclass(slots=True, frozen=True)
class Connecting:
    """The policy is being asked; later commands wait in order."""

    waiting: list[Command]


@dataclass(slots=True, frozen=True)
class Live:
    """Connected; `Session.who` says who it is."""


@dataclass(slots=True, frozen=True)
class Turned:
    """The policy refused; the client reads why and leaves."""


@dataclass(slots=True, frozen=True)
class Closed:
    why: Disconnect


State = Opened | Connecting | Live | Turned | Closed
OPENED, LIVE, TURNED = Opened(), Live(), Turned()
