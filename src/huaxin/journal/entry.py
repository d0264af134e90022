"""A command on its way through the journal, and what is checked before it may enter."""

import asyncio
from typing import Any
from zlib import crc32

import msgspec

from huaxin.journal.model import Command, Record, Rejected

_LONGEST_ID = 128
_encode = msgspec.json.Encoder(order="sorted").encode
_MOST_DEVICE_AT = 2**53


class Busy(Rejected):
    """Not now: the queue is full, or the node is stopping. The same command may be sent again."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code, sentence, status=503)


class Entry:
    """One command with everyone who waits for its result."""

    __slots__ = ("command", "key", "raw", "result", "waiting")

    def __init__(self, command: Command) -> None:
        self.command = command
        self.key = (command.actor.person, command.command_id)
        self.waiting: list[asyncio.Future[Entry]] = []
        self.result: dict[str, Any] | None = None
        self.raw = b""

    def settle(self, result: dict[str, Any] | None, raw: bytes) -> None:
        self.result, self.raw = result, raw
        for future in self.waiting:
            if not future.done():
                future.set_result(self)

    def fail(self, error: BaseException) -> None:
        for future in self.waiting:
            if not future.done():
                future.set_exception(error)

    def answer_from(self, first: Record) -> None:
        """Settles with what the same command got the first time; a reused id is refused."""
        command = self.command
        same = first.shop == command.shop and first.subject == command.subject
        if not same or (first.digest and first.digest != digest_of(wish_of(command))):
            self.fail(reused(command))
        else:
            self.settle(None, first.result)


def reused(command: Command) -> Rejected:
    return Rejected(
        "command.id_reused",
        "This command id was already used for something else. Make a new id for each new wish.",
        command.command_id,
    )


def check_command(command: Command) -> None:
    """Refuses what no store could keep: it would spoil the commit for everyone in it. Raises Rejected."""
    for name in ("command_id", "shop", "subject"):
        value: str = getattr(command, name)
        if not value or len(value) > _LONGEST_ID or not value.isprintable():
            raise Rejected(
                f"command.bad_{name}",
                f"Give a {name} of 1 to {_LONGEST_ID} printable characters.",
                value[:_LONGEST_ID],
                status=400,
            )


def device_time(command: Command) -> int:
    """The device's own time in ms, or 0 when it is no time at all."""
    return command.device_at if 0 <= command.device_at < _MOST_DEVICE_AT else 0


def wish_of(command: Command) -> Any:
    """What the client asked for: what the server fills in differs between a command and its retry."""
    return command.body if command.wish is None else command.wish


def digest_of(body: Any) -> int:
    """A stable 32-bit digest of a command's body, never 0.

    Fields at their empty value do not count, so that a retry decoded by a newer version, which has
    learned of more optional fields, is still the same command.
    """
    plain = msgspec.to_builtins(body)
    if isinstance(plain, dict):
        plain = {k: v for k, v in plain.items() if v}
    # Against mistakes, not against attackers: whoever reuses an id only fools themselves.
    return crc32(_encode(plain)) or 1
