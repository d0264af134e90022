"""A few words around what was found. Ranges count as JavaScript does: UTF-16 units, the end not included."""

from collections.abc import Sequence

from huaxin.search.words import Place

LENGTH = 80  # signs of the original
_BEFORE = 20
_MOST_RANGES = 20


def cut(text: str, places: Sequence[Place]) -> tuple[str, list[list[int]]]:
    """The excerpt and the ranges in it that matched."""
    first = places[0].start if places else 0
    start = 0 if len(text) <= LENGTH else max(0, min(first - _BEFORE, len(text) - LENGTH))
    end = min(len(text), max(start + LENGTH, min(places[0].end, start + 2 * LENGTH) if places else 0))
    lead = "…" if start else ""
    shown = lead + text[start:end].replace("\n", " ") + ("…" if end < len(text) else "")
    ranges = []
    for place in places[:_MOST_RANGES]:
        if place.start >= end:
            break
        begin = len(lead) + _units(text[start : place.start])
        ranges.append([begin, begin + _units(text[place.start : min(place.end, end)])])
    return shown, ranges


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
