"""Signals between processes by NOTIFY, which takes up to 8,000 bytes: longer ones go in pieces. Pure."""

import secrets
from collections import OrderedDict

SIGNALS = "huaxin_signals"
PIECE = 1_900  # characters: of the longest signs four bytes each still fit
_MOST_OPEN = 500  # signals whose pieces are not all there


def in_pieces(sender: str, person: str, data: str) -> list[str]:
    """Each: sender, id, number, how many, person, and its part of the data."""
    parts = [data[start : start + PIECE] for start in range(0, len(data), PIECE)] or [""]
    id = secrets.token_hex(4)
    return [f"{sender} {id} {n} {len(parts)} {person} {part}" for n, part in enumerate(parts)]


class Pieces:
    """Puts them together again. One whose piece was lost is forgotten."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[str, str], list[str]] = OrderedDict()

    def take(self, payload: str, me: str) -> tuple[str, bytes] | None:
        """(person, data) when it is whole, None before and for what this process said itself."""
        sender, id, number, of, person, part = payload.split(" ", 5)
        if sender == me:
            return None
        key = (sender, id)
        known = self._open.setdefault(key, [])
        if int(number) != len(known):  # they come in order, or one is missing
            del self._open[key]
            return None
        known.append(part)
        if len(known) == int(of):
            del self._open[key]
            return person, "".join(known).encode()
        if len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)
        return None
