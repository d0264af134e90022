"""What is looked for, and where it stands in a text. The same rule decides on every database.

Chinese (and emoji) is found anywhere, also by a single sign. A word of letters is found by its beginning, a
number of four and more digits also by three or more digits inside it (the tail of a phone number). Several
words must all be there, in any order.

An index keeps *terms* (pairs of neighbouring signs, whole words) and only narrows what is looked at:
whatever `find` accepts has all the terms of the query.
"""

from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from huaxin.journal.model import Rejected
from huaxin.search.folding import SIGN, WORD, Folded, Run, fold, runs_of

MOST_SIGNS = 200  # in a query
MOST_WORDS = 8
_LONGEST_TERM = 32
_LEAST_INSIDE = 3  # digits that are found inside a number …
_NUMBER = (4, 20)  # … of so many digits


class Term(NamedTuple):
    text: str
    prefix: bool  # any term that begins with it will do


class Sought(NamedTuple):
    """A query made ready: its words folded, and the terms an index must have for all of them."""

    words: tuple[str, ...]
    terms: tuple[Term, ...]


def read_query(text: str) -> Sought:
    """Raises Rejected search.too_long. Without words (nothing but signs between words) nothing is found."""
    if len(text) > MOST_SIGNS:
        raise Rejected(
            "search.too_long",
            f"Search for up to {MOST_SIGNS} characters.",
            {"most": MOST_SIGNS, "have": len(text)},
            status=422,
        )
    words = [word for word in dict.fromkeys(fold(text).text.split()) if runs_of(word)][:MOST_WORDS]
    terms = dict.fromkeys(term for word in words for term in _wanted(word))
    return Sought(tuple(words), tuple(terms))


def _wanted(word: str) -> list[Term]:
    runs = runs_of(word)
    found: list[Term] = []
    for run in runs:
        # Where the word ends the text may go on; elsewhere the run is as long in the text as here.
        last = run.end == len(word)
        piece = word[run.start : run.end]
        if run.kind == WORD:
            found.append(Term(piece[:_LONGEST_TERM], last and len(piece) < _LONGEST_TERM))
        elif len(piece) == 1:
            found.append(Term(piece, last))
        else:
            found += [Term(piece[at : at + 2], False) for at in range(len(piece) - 1)]
    return found


def terms_of(texts: Sequence[str]) -> set[str]:
    """What an index keeps of these texts."""
    found: set[str] = set()
    for text in texts:
        folded = fold(text).text
        for run in runs_of(folded):
            piece = folded[run.start : run.end]
            if run.kind == SIGN:
                found.update(piece[at : at + 2] for at in range(len(piece)))
                continue
            found.add(piece[:_LONGEST_TERM])
            if _is_number(piece):
                found.update(piece[at:] for at in range(1, len(piece) - _LEAST_INSIDE + 1))
    return found


def _is_number(piece: str) -> bool:
    return piece.isdigit() and _NUMBER[0] <= len(piece) <= _NUMBER[1]


class Place(NamedTuple):
    """Where in a text a word stands: signs of the original, the end not included."""

    start: int
    end: int


def find_in(text: str, words: Sequence[str]) -> list[list[Place]]:
    """For each word where it stands in the text."""
    folded = fold(text)
    runs = runs_of(folded.text) if any(word in folded.text for word in words) else []
    return [_places(folded, runs, word) if runs else [] for word in words]


def _places(folded: Folded, runs: Sequence[Run], word: str) -> list[Place]:
    found: list[Place] = []
    first = runs_of(word)[0]
    at = folded.text.find(word)
    while at >= 0:
        if _may_begin(folded.text, runs, first, word, at):
            end = at + len(word)
            found.append(Place(folded.origin[at], folded.origin[end - 1] + 1))
            at = folded.text.find(word, end)
        else:
            at = folded.text.find(word, at + 1)
    return found


_start = attrgetter("start")


def _may_begin(text: str, runs: Sequence[Run], first: Run, word: str, at: int) -> bool:
    """`first`: the first run of the word. Runs are in order; to look at each would be slow."""
    begin = at + first.start
    nth = bisect_right(runs, begin, key=_start) - 1
    if nth < 0 or begin >= runs[nth].end:
        return False
    run = runs[nth]
    if run.kind == SIGN or run.start == begin:
        return True
    inside = word[first.start : first.end]
    return inside.isdigit() and len(inside) >= _LEAST_INSIDE and _is_number(text[run.start : run.end])


class Match(NamedTuple):
    """The field that says most of what was looked for, and where in it."""

    field: int
    places: list[Place]


def find(texts: Sequence[str], sought: Sought) -> Match | None:
    """Every word must stand in one of the texts. None: not found."""
    if not sought.words:
        return None
    per_text = [find_in(text, sought.words) for text in texts]
    if not all(any(found[n] for found in per_text) for n in range(len(sought.words))):
        return None
    best = max(range(len(texts)), key=lambda i: (sum(map(bool, per_text[i])), -i))
    return Match(best, _merged([place for places in per_text[best] for place in places]))


def _merged(places: list[Place]) -> list[Place]:
    merged: list[Place] = []
    for place in sorted(places):
        if merged and place.start <= merged[-1].end:
            merged[-1] = Place(merged[-1].start, max(merged[-1].end, place.end))
        else:
            merged.append(place)
    return merged
