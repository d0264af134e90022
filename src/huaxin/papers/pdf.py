"""Pages as a PDF, with fonts of its own: it looks the same on every printer, and no network is asked."""

import secrets
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import msgspec
import qrcode
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from huaxin.papers.fonts import FILES, face, lacking, runs, width
from huaxin.papers.model import Paper
from huaxin.papers.pages import HEIGHT, PT, WIDTH, Box, Code, Language, Page, What, Words, pages_of

_GREY = 0.4


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """`data` b"": there was nothing to print. `left_out`: signs that no font here has."""

    data: bytes
    left_out: frozenset[str]


def make_pdf(papers: Sequence[Paper], what: What, language: Language) -> Document:
    """Takes some ms a page; call it in a thread."""
    pages = pages_of(papers, what, language, _width)
    if not pages:
        return Document(data=b"", left_out=frozenset())
    used: dict[str, set[str]] = {name: set() for name in FILES}
    said: list[str] = []
    for page in pages:
        for mark in page:
            if isinstance(mark, Words):
                said.append(mark.text)
                for name, part in runs(mark.face, mark.text):
                    used[name].update(part)
    run = secrets.token_hex(6)
    try:
        for name, signs in used.items():
            small = BytesIO(face(name).small(sorted(signs), f"Huaxin{name}"))
            pdfmetrics.registerFont(TTFont(f"{name}-{run}", small))
        data = _draw(pages, run)
    finally:
        for name in FILES:  # the library keeps fonts for ever
            pdfmetrics._fonts.pop(f"{name}-{run}", None)
    return Document(data=data, left_out=frozenset(lacking("".join(said))))


def _width(name: str, text: str, size: float) -> float:
    return width(name, text, size) * PT


def _draw(pages: list[Page], run: str) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH / PT, HEIGHT / PT), pageCompression=1)
    canvas.setTitle("花信")
    canvas.setCreator("Huaxin")
    for page in pages:
        for mark in page:
            _mark(canvas, mark, run)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _mark(canvas: Any, mark: Words | Box | Code, run: str) -> None:
    """PDF counts upwards from the lower left corner."""
    if isinstance(mark, Words):
        canvas.setFillGray(_GREY if mark.grey else 0)
        x = mark.x / PT
        for name, part in runs(mark.face, mark.text):
            canvas.setFont(f"{name}-{run}", mark.size)
            canvas.drawString(x, (HEIGHT - mark.y) / PT, part)
            x += face(name).width(part, mark.size)
    elif isinstance(mark, Box):
        canvas.setFillGray(0)
        canvas.setLineWidth(1.2)
        low = (HEIGHT - mark.y - mark.height) / PT
        canvas.rect(
            mark.x / PT, low, mark.width / PT, mark.height / PT,
            stroke=0 if mark.filled else 1, fill=1 if mark.filled else 0,
        )  # fmt: skip
    else:
        _code(canvas, mark)


def _code(canvas: Any, code: Code) -> None:
    drawn = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_M)
    drawn.add_data(code.text)
    drawn.make()
    rows = drawn.get_matrix()
    side = code.size / len(rows) / PT
    canvas.setFillGray(0)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                # A hair wider, so that no light shows between two dark fields.
                at = (code.x / PT + x * side, (HEIGHT - code.y) / PT - (y + 1) * side)
                canvas.rect(at[0], at[1], side * 1.02, side * 1.02, stroke=0, fill=1)
