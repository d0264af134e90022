"""Commands that a client sends one behind the other without waiting for the answers in between.

A device that comes back with hundreds of messages cannot wait for each answer. It sends a *line*: commands of
one conversation in their order, all with the same `line` (a word of the client's own). Once one of a line is
turned away for now, none behind it is carried out any more: otherwise the later would overtake the earlier,
which comes again. Final refusals hold up nobody.
"""

from typing import Any

from huaxin.journal.model import Rejected

_REMEMBERED = 10_000
_FOR_NOW = frozenset({401, 408, 425, 429, 500, 502, 503, 504})

Key = tuple[str, str]  # session, line


def is_for_now(error: BaseException) -> bool:
    """Whether the client will send the same command again."""
    if isinstance(error, Rejected):
        return error.status in _FOR_NOW
    return True  # the store's trouble, or a bug, whose words promise nothing


class Lines:
    """The lines that broke, for as long as their commands may still be under way."""

    def __init__(self) -> None:
        self._broken: dict[Key, None] = {}

    def is_broken(self, key: Key) -> bool:
        return key in self._broken

    def check(self, key: Key) -> None:
        """Raises Rejected command.out_of_line (503)."""
        if key in self._broken:
            raise Rejected(
                "command.out_of_line",
                "The one before it was not carried out yet. Send both again.",
                status=503,
            )

    def failed(self, key: Key, error: BaseException) -> None:
        if not is_for_now(error):
            return
        self._broken[key] = None
        if len(self._broken) > _REMEMBERED:
            del self._broken[next(iter(self._broken))]


class LineCall:
    """gateway.ports.Call of a command in a line: its failure breaks the line before anybody is told."""

    __slots__ = ("_call", "_key", "_lines")

    def __init__(self, call: Any, lines: Lines, key: Key) -> None:
        self._call, self._lines, self._key = call, lines, key

    def settle(self, raw: bytes) -> None:
        self._call.settle(raw)

    def fail(self, error: BaseException) -> None:
        self._lines.failed(self._key, error)
        self._call.fail(error)
