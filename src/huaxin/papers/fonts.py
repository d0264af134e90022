"""The two faces of printed papers, and small fonts with only the signs that a document uses."""

import threading
from collections.abc import Iterable
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

FILES = {"sans": "NotoSansSC-Regular.otf", "serif": "NotoSerifSC-Regular.otf"}
_PACKAGE = "pylopdf_fonts_zh_cn"  # SIL Open Font License 1.1, data only
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
