"""A command on its way through the journal, and what is checked before it may enter."""

import asyncio
import logging
from typing import Any, Protocol
from zlib import crc32

import msgspec

from huaxin.journal.model import Command, Record, Rejected

_log = logging.getLogger(__name__)
_LONGEST_ID = 128
_encode = msgspec.json.Encoder(order="sorted").encode
_MOST_DEVICE_AT = 2**53


class Busy(Rejected):
    """Not now: the queue is full, or the node is stopping. The same command may be sent again."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code, sentence, status=503)


class Waiter(Protocol):
    """Told once what became of a command, on the loop's thread; must be quick and must not raise."""

    def settle(self, raw: bytes) -> None:
        """The result as the raw JSON it is kept as."""
        ...

    def fail(self, error: BaseException) -> None: ...


class FutureWaiter:
    """A Waiter for somebody who awaits."""

    __slots__ = ("future",)

    def __init__(self) -> None:
        self.future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def settle(self, raw: bytes) -> None:
        if not self.future.done():
            self.future.set_result(raw)

    def fail(self, error: BaseException) -> None:
        if not self.future.done():
            self.future.set_exception(error)


class Entry:
    """One command with everyone who waits for its result."""

    __slots__ = ("command", "key", "waiting")

    def __init__(self, command: Command, waiter: Waiter) -> None:
        self.command = command
        self.key = (command.actor.person, command.command_id)
        self.waiting = [waiter]

    # A waiter that breaks its promise must not take the others' answers, nor the commit's hooks, with it.

    def settle(self, raw: bytes) -> None:
        for waiter in self.waiting:
            try:
                waiter.settle(raw)
            except Exception:
                _log.exception("a result could not be given back")

    def fail(self, error: BaseException) -> None:
        for waiter in self.waiting:
            try:
                waiter.fail(error)
            except Exception:
                _log.exception("a failure could not be given back")

    def answer_from(self, first: Record) -> None:
        """Settles with what the same command got the first time; a reused id is refused."""
        command = self.command
        same = first.shop == command.shop and first.subject == command.subject
        if not same or (first.digest and first.digest != digest_of(wish_of(command))):
            self.fail(reused(command))
        else:
            self.settle(first.result)


def reused(command: Command) -> Rejected:
    return Rejected(
        "command.id_reused",
        "This command id was already used for something else. Make a new id for each new wish.",
        command.command_id,
    )


def check_command(command: Command) -> None:
    """Refuses what no store could keep: it would spoil the commit for everyone in it. Raises Rejected."""
    if not (_is_id(command.command_id) and _is_id(command.subject) and _is_id(command.shop)):
        name = next(n for n in ("command_id", "shop", "subject") if not _is_id(getattr(command, n)))
        raise Rejected(
            f"command.bad_{name}",
            f"Give a {name} of 1 to {_LONGEST_ID} printable characters.",
            getattr(command, name)[:_LONGEST_ID],
            status=400,
        )


def _is_id(value: str) -> bool:
    return 0 < len(value) <= _LONGEST_ID and value.isprintable()


def device_time(command: Command) -> int:
    """The device's own time in ms, or 0 when it is no time at all."""
    return command.device_at if 0 <= command.device_at < _MOST_DEVICE_AT else 0


def wish_of(command: Command) -> Any:
    """What the client asked for: what the server fills in differs between a command and its retry."""
    return command.body if command.wish is None else command.wish


def digest_of(body: Any) -> int:
    """A stable 32-bit digest of a command's body, never 0.

    Commands leave out what is at its default when they are encoded, so that a retry decoded by a newer
    version, which has learned of more optional fields, is still the same command.
    """
    # Against mistakes, not against attackers: whoever reuses an id only fools themselves.
    return crc32(_encode(body)) or 1
