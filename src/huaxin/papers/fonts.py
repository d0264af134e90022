"""The two faces of printed papers, and small fonts with only the signs that a document uses.

A sign that one face lacks is drawn in the other. What neither has is never left out in silence: a letter
(of a rare name) leaves the mark printers put for it, to be written in by hand, and whoever prints is told
which.
"""

import threading
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import as_file, files
from io import BytesIO
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

FILES = {"sans": "NotoSansSC-Regular.otf", "serif": "NotoSerifSC-Regular.otf"}
_PACKAGE = "pylopdf_fonts_zh_cn"  # SIL Open Font License 1.1, data only
_OTHER = {"sans": "serif", "serif": "sans"}
GETA = "〓"  # stands for a letter that is not there
_UNSEEN = "\ufe0e\ufe0f\u200d"  # they only say how the sign before them looks
_MISSING = ".notdef"
_ERROR = 1.0  # units of 1000 that a curve may be off


class Face:
    """Call from any thread. Glyphs are read from the file as they are needed."""

    def __init__(self, name: str) -> None:
        with as_file(files(_PACKAGE) / FILES[name]) as path:
            self._font: Any = TTFont(path, lazy=True)
        self._names: dict[int, str] = self._font.getBestCmap()
        self._advance: dict[str, tuple[int, int]] = self._font["hmtx"].metrics
        self._glyphs: Any = self._font.getGlyphSet()
        self._units: int = self._font["head"].unitsPerEm
        self._reading = threading.Lock()

    def has(self, sign: str) -> bool:
        return ord(sign) in self._names

    def width(self, text: str, size: float) -> float:
        """In pt."""
        names, advance = self._names, self._advance
        return sum(advance[names[ord(sign)]][0] for sign in text if ord(sign) in names) * size / self._units

    def small(self, signs: Iterable[str], name: str) -> bytes:
        """A TrueType font with these signs alone."""
        codes = {ord(sign): self._names[ord(sign)] for sign in signs if self.has(sign)}
        order = [_MISSING, *dict.fromkeys(codes.values())]
        with self._reading:
            shapes = {glyph: self._shape(glyph) for glyph in order}
        builder = FontBuilder(self._units, isTTF=True)
        builder.setupGlyphOrder(order)
        builder.setupCharacterMap(codes)
        builder.setupGlyf(shapes)
        builder.setupHorizontalMetrics(
            {glyph: (self._advance[glyph][0], shapes[glyph].xMin if shapes[glyph].numberOfContours else 0)
             for glyph in order}
        )  # fmt: skip
        up, down = self._font["hhea"].ascent, self._font["hhea"].descent
        builder.setupHorizontalHeader(ascent=up, descent=down)
        builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
        builder.setupOS2(sTypoAscender=up, sTypoDescender=down, usWinAscent=up, usWinDescent=-down)
        builder.setupPost()
        out = BytesIO()
        builder.save(out)
        return out.getvalue()

    def _shape(self, glyph: str) -> Any:
        pen = TTGlyphPen(None)
        # PostScript curves have a third order and turn the other way round.
        self._glyphs[glyph].draw(Cu2QuPen(pen, _ERROR, reverse_direction=True))
        shape = pen.glyph()
        shape.recalcBounds(None)
        return shape


@cache
def face(name: str) -> Face:
    return Face(name)


@lru_cache(maxsize=20_000)
def _drawn(name: str, sign: str) -> tuple[str, str]:
    """The face that draws it, and what it draws ("": nothing)."""
    for one in (name, _OTHER[name]):
        if face(one).has(sign):
            return one, sign
    return name, GETA if unicodedata.category(sign).startswith("L") else ""


def runs(name: str, text: str) -> list[tuple[str, str]]:
    """A text as it is drawn: parts, each with a face that has all its signs."""
    if all(map(face(name).has, text)):
        return [(name, text)]
    found: list[tuple[str, str]] = []
    for sign in text:
        at, shown = _drawn(name, sign)
        if shown and found and found[-1][0] == at:
            found[-1] = at, found[-1][1] + shown
        elif shown:
            found.append((at, shown))
    return found


def width(name: str, text: str, size: float) -> float:
    """In pt, as it is drawn."""
    return sum(face(at).width(part, size) for at, part in runs(name, text))


def lacking(text: str) -> list[str]:
    """The signs of a text that no face here has, each once; not those that nobody sees."""
    known = [face(name) for name in FILES]
    return [
        sign
        for sign in dict.fromkeys(text)
        if sign.isprintable() and sign not in _UNSEEN and not any(one.has(sign) for one in known)
    ]
