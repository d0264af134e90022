"""The vocabulary of refusals: error replies, disconnects and unsubscribes. One table for code and docs.

* Errors answer one command; the connection lives on. 100-999 belong to the protocol, applications use
  1000 and above (a `Refused` carries its own code, message and whether a retry may help).
* Disconnects end the session. 3000-3499 and 4000-4499 tell the client to come back, 3500-3999 and
  4500-4999 tell it to stay away until a person or new credentials change something.
* Unsubscribes end one subscription. Below 2500 it is over, from 2500 on the client subscribes again.
"""

from collections.abc import Iterator
from typing import NamedTuple


class Error(NamedTuple):
    code: int
    message: str
    temporary: bool = False


class Disconnect(NamedTuple):
    code: int
    reason: str

    @property
    def reconnect(self) -> bool:
        """True when the client should come back by itself."""
        return not (3500 <= self.code < 4000 or 4500 <= self.code < 5000)


class Unsubscribe(NamedTuple):
    code: int
    reason: str

    @property
    def resubscribe(self) -> bool:
        """True when the client should subscribe again by itself."""
        return self.code >= 2500


INTERNAL = Error(100, "internal server error", True)
UNAUTHORIZED = Error(101, "unauthorized")
UNKNOWN_CHANNEL = Error(102, "unknown channel")
PERMISSION_DENIED = Error(103, "permission denied")
METHOD_NOT_FOUND = Error(104, "method not found")
ALREADY_SUBSCRIBED = Error(105, "already subscribed")
LIMIT_EXCEEDED = Error(106, "limit exceeded")
BAD_REQUEST = Error(107, "bad request")
NOT_AVAILABLE = Error(108, "not available")
TOKEN_EXPIRED = Error(109, "token expired")
EXPIRED = Error(110, "expired")
TOO_MANY_REQUESTS = Error(111, "too many requests", True)
UNRECOVERABLE_POSITION = Error(112, "unrecoverable position")

CONNECTION_CLOSED = Disconnect(3000, "connection closed")
SHUTDOWN = Disconnect(3001, "shutdown")
SERVER_ERROR = Disconnect(3004, "internal server error")
CONNECTION_EXPIRED = Disconnect(3005, "connection expired")
SUBSCRIPTION_EXPIRED = Disconnect(3006, "subscription expired")
SLOW = Disconnect(3008, "slow")
WRITE_ERROR = Disconnect(3009, "write error")
INSUFFICIENT_STATE = Disconnect(3010, "insufficient state")
FORCE_RECONNECT = Disconnect(3011, "force reconnect")
NO_PONG = Disconnect(3012, "no pong")
TOO_MANY_COMMANDS = Disconnect(3013, "too many requests")
INVALID_TOKEN = Disconnect(3500, "invalid token")
BAD_COMMAND = Disconnect(3501, "bad request")
STALE = Disconnect(3502, "stale")
FORCE_NO_RECONNECT = Disconnect(3503, "force disconnect")
CONNECTION_LIMIT = Disconnect(3504, "connection limit")
CHANNEL_LIMIT = Disconnect(3505, "channel limit")
NO_PERMISSION = Disconnect(3507, "permission denied")

BY_CLIENT = Unsubscribe(0, "unsubscribed")
BY_SERVER = Unsubscribe(2000, "server unsubscribe")
RESUBSCRIBE = Unsubscribe(2500, "insufficient state")
EXPIRED_SUBSCRIPTION = Unsubscribe(2501, "subscription expired")

FIRST_APPLICATION_ERROR = 1000


def get_errors() -> Iterator[Error]:
    """Every error of the protocol this gateway may answer, in order of code."""
    return (v for v in globals().values() if isinstance(v, Error))


def get_disconnects() -> Iterator[Disconnect]:
    return (v for v in globals().values() if isinstance(v, Disconnect))


def get_unsubscribes() -> Iterator[Unsubscribe]:
    return (v for v in globals().values() if isinstance(v, Unsubscribe))


def render_table() -> str:
    """The codes as Markdown, for docs/spec/gateway.md (a test keeps the two equal)."""
    lines = ["| kind | code | meaning | then |", "|---|---|---|---|"]
    for error in get_errors():
        then = "retry" if error.temporary else "final"
        lines.append(f"| error | {error.code} | {error.message} | {then} |")
    lines.append(f"| error | {FIRST_APPLICATION_ERROR}… | the application's own | as `temporary` says |")
    for leave in get_unsubscribes():
        lines.append(
            f"| unsubscribe | {leave.code} | {leave.reason} | {'again' if leave.resubscribe else 'over'} |"
        )
    for end in get_disconnects():
        lines.append(
            f"| disconnect | {end.code} | {end.reason} | {'come back' if end.reconnect else 'stay away'} |"
        )
    return "\n".join(lines) + "\n"
