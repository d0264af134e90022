"""Breaking words into lines of a width, Chinese and English together. Pure."""

import re
from collections.abc import Callable

Measure = Callable[[str], float]  # the width of a text on one line

# What must not begin a line; the wide signs by their codes, which are easily taken for the narrow ones.
_ENDS = "!?,.;:)%\uff0c\u3002\u3001\uff1b\uff1a\uff01\uff1f\uff09\u300b\u300d\u300f\u3011\u201d\u2019\u2026"
# White space; or a word with what must not begin a line behind it; or one sign with the same.
_TOKENS = re.compile(rf"[\t ]+|[A-Za-z0-9][A-Za-z0-9'_.,:;/@#%&+\-]*[{_ENDS}]*|.[{_ENDS}]*")


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """Lines no wider than `width`; line breaks of the text stay, empty lines too."""
    return [line for part in text.split("\n") for line in _wrap_line(part, width, measure)]


def _wrap_line(text: str, width: float, measure: Measure) -> list[str]:
    lines, line = [], ""
    for token in _TOKENS.findall(text):
        if measure((line + token).rstrip()) <= width:
            line += token
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = "" if token.isspace() else token
        while measure(line.rstrip()) > width and len(line) > 1:
            most = _most(line, width, measure)
            lines.append(line[:most])
            line = line[most:]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _most(word: str, width: float, measure: Measure) -> int:
    """How many signs of a word that is too long for any line fit on one; at least one."""
    most = 1
    while most < len(word) and measure(word[: most + 1]) <= width:
        most += 1
    return most
