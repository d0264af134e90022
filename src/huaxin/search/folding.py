"""Text as it is compared: case, width, accents and invisible signs do not count.

Folding goes sign by sign, so that each folded sign knows which sign of the original it came from.
"""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

WORD, SIGN, GAP = "w", "c", ""
"""Kinds of a folded sign: part of a word (letters, digits), a sign that stands for itself (Chinese, emoji),
or something between words."""


class Folded(NamedTuple):
    """`text[i]` came from the sign `origin[i]` of the original."""

    text: str
    origin: list[int]


class Run(NamedTuple):
    """A stretch of signs of one kind (never GAP) in a folded text."""

    kind: str
    start: int
    end: int


@lru_cache(maxsize=20_000)
def fold_sign(sign: str) -> str:
    """One sign folded: none, one or several signs."""
    kept = []
    for part in unicodedata.normalize("NFKD", sign).casefold():
        category = unicodedata.category(part)
        if category in ("Cc", "Zs", "Zl", "Zp"):
            kept.append(" ")
        elif category not in ("Mn", "Me", "Cf", "Cs"):
            kept.append(part)
    return "".join(kept)


@lru_cache(maxsize=20_000)
def kind_of(sign: str) -> str:
    """The kind of a folded sign."""
    category = unicodedata.category(sign)
    if category == "So" or (category == "Sk" and ord(sign) > 127):
        return SIGN
    if category[0] not in "LN":
        return GAP
    wide = unicodedata.east_asian_width(sign) in "WF" or "\u1160" <= sign <= "\u11ff"
    return SIGN if wide else WORD


def fold(text: str) -> Folded:
    if text.isascii() and text.isprintable():  # nearly every number and English word
        return Folded(text.lower(), list(range(len(text))))
    signs: list[str] = []
    origin: list[int] = []
    for at, sign in enumerate(text):
        folded = fold_sign(sign)
        signs.append(folded)
        origin.extend([at] * len(folded))
    return Folded("".join(signs), origin)


def runs_of(folded: str) -> list[Run]:
    """The runs of a folded text, in order."""
    runs: list[Run] = []
    start, kind = 0, GAP
    for at, sign in enumerate(folded):
        now = kind_of(sign)
        if now != kind:
            if kind != GAP:
                runs.append(Run(kind, start, at))
            start, kind = at, now
    if kind != GAP:
        runs.append(Run(kind, start, len(folded)))
    return runs
