"""Where everything stands on a card and on a slip, A6 upright. Pure: millimetres from the top left corner."""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from huaxin.papers.model import Paper
from huaxin.papers.wrap import wrap

What = Literal["slip", "card", "both"]
WHAT = ("slip", "card", "both")
Language = Literal["zh-CN", "en"]

WIDTH, HEIGHT, EDGE = 105.0, 148.0, 8.0
PT = 25.4 / 72
SANS, SERIF = "sans", "serif"
_CARD_EDGE, _CARD_TOP, _CARD_FOOT = 13.0, 16.0, 16.0
_CARD_SIZES = (20, 18, 16, 14, 13, 12, 11, 10, 9)
_CENTRED_LINES = 5
_SCALES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
_CODE_MM = 24.0

# (face, text, size in pt) → millimetres
Width = Callable[[str, str, float], float]

_LABELS = {
    "zh-CN": {
        "slip": "配送单", "by": "送达", "to": "收花人", "gate": "到门口", "note": "备注", "from": "订花人",
        "quiet": "惊喜:不要提前联系收花人", "sign": "签收", "scan": "配送员扫码",
    },
    "en": {
        "slip": "Delivery slip", "by": "By", "to": "To", "gate": "At the gate", "note": "Note",
        "from": "From", "quiet": "A surprise: do not call ahead", "sign": "Received by",
        "scan": "For the courier",
    },
}  # fmt: skip


class Words(NamedTuple):
    """A line of text; `y` is its base line."""

    x: float
    y: float
    text: str
    size: float
    face: str = SANS
    grey: bool = False


class Box(NamedTuple):
    """A filled bar, or a frame."""

    x: float
    y: float
    width: float
    height: float
    filled: bool = True


class Code(NamedTuple):
    """A QR code with this in it."""

    x: float
    y: float
    size: float
    text: str


type Mark = Words | Box | Code
type Page = list[Mark]


def pages_of(papers: Sequence[Paper], what: What, language: Language, width: Width) -> list[Page]:
    """The slip before the card of each order; an order without words has no card."""
    pages: list[Page] = []
    for paper in papers:
        if what in ("slip", "both"):
            pages.append(slip(paper, language, width))
        if what in ("card", "both") and (paper.card or paper.signature):
            pages += card(paper, width)
    return pages


def card(paper: Paper, width: Width) -> list[Page]:
    """In the largest type that fits on one page; what fits in none goes on over further pages."""
    across = WIDTH - 2 * _CARD_EDGE
    signed = 12.0 if paper.signature else 0.0
    room = HEIGHT - _CARD_TOP - _CARD_FOOT - signed
    lines, size, step = _fit(paper.card, across, room, width)
    most = max(1, int(room // step))
    parts = [lines[at : at + most] for at in range(0, len(lines), most)] or [[]]
    return [
        _card_page(
            paper, part, size, step, width, room, signed if nth == len(parts) else 0.0, (nth, len(parts))
        )
        for nth, part in enumerate(parts, 1)
    ]


def _fit(text: str, across: float, room: float, width: Width) -> tuple[list[str], float, float]:
    """(lines, type size, millimetres from line to line)."""
    lines, size, step = list[str](), 0.0, 1.0
    for size in _CARD_SIZES:
        step = size * PT * 1.65
        lines = wrap(text, across, lambda words, size=size: width(SERIF, words, size))  # type: ignore[misc]
        if len(lines) * step <= room:
            break
    return lines, size, step


def _card_page(
    paper: Paper,
    lines: list[str],
    size: float,
    step: float,
    width: Width,
    room: float,
    signed: float,
    nth: tuple[int, int],
) -> Page:
    top = _CARD_TOP + max(0.0, (room - len(lines) * step) * 0.45)
    centred = len(lines) <= _CENTRED_LINES and nth[1] == 1
    page: Page = []
    for row, line in enumerate(lines):
        left = (WIDTH - width(SERIF, line, size)) / 2 if centred else _CARD_EDGE
        page.append(Words(left, top + row * step + size * PT, line, size, SERIF))
    if signed:
        name = _cut(paper.signature, WIDTH - 2 * _CARD_EDGE, max(11.0, size * 0.85), width, SERIF)
        at = top + len(lines) * step + 8.0
        wide = width(SERIF, name, max(11.0, size * 0.85))
        page.append(Words(WIDTH - _CARD_EDGE - wide, at, name, max(11.0, size * 0.85), SERIF))
    shop = _cut(paper.shop_name, 60.0, 9, width, SERIF)
    page.append(Words((WIDTH - width(SERIF, shop, 9)) / 2, HEIGHT - 9, shop, 9, SERIF, grey=True))
    mark = f"#{paper.number}" + (f" · {nth[0]}/{nth[1]}" if nth[1] > 1 else "")
    page.append(Words(WIDTH - EDGE - width(SANS, mark, 6), HEIGHT - 5, mark, 6, grey=True))
    return page


def slip(paper: Paper, language: Language, width: Width) -> Page:
    """In smaller type where there is much to say, and cut where even that is too much."""
    for scale in _SCALES:
        page, bottom = _slip(paper, language, width, scale, 0)
        if bottom <= HEIGHT - EDGE - 14:
            return page
    for most in (12, 8, 5, 3):  # lines of each text
        page, bottom = _slip(paper, language, width, _SCALES[-1], most)
        if bottom <= HEIGHT - EDGE - 14:
            break
    return page


def _slip(paper: Paper, language: Language, width: Width, scale: float, most: int) -> tuple[Page, float]:
    """The page, and how far down its texts go. `most` lines of each text, 0: all of them."""
    label = _LABELS[language]
    page: Page = [
        Words(EDGE, 20, f"#{paper.number}", 30),
        Words(EDGE, 27, _cut(f"{label['slip']} · {paper.shop_name}", 60.0, 9, width), 9, grey=True),
        Code(WIDTH - EDGE - _CODE_MM, EDGE, _CODE_MM, paper.link),
        Words(WIDTH - EDGE - _CODE_MM, EDGE + _CODE_MM + 3.5, label["scan"], 7, grey=True),
        Box(EDGE, 38.5, WIDTH - 2 * EDGE, 0.5),
    ]
    y = 41.0

    def say(text: str, size: float, name: str = "") -> None:
        nonlocal y
        if not text:
            return
        if name:
            page.append(Words(EDGE, y + 3.2, name, 7, grey=True))
            y += 3.6
        size *= scale
        lines = wrap(text, WIDTH - 2 * EDGE, lambda words: width(SANS, words, size))
        if most and len(lines) > most:
            lines = [*lines[: most - 1], _cut(lines[most - 1] + "…", WIDTH - 2 * EDGE, size, width)]
        for line in lines:
            y += size * PT * 1.3
            page.append(Words(EDGE, y, line, size))
        y += 3.0 * scale

    when = paper.when.en if language == "en" else paper.when.zh
    say(f"{when} · {paper.by}", 15, label["by"])
    say(f"{paper.recipient}  {paper.phone}".rstrip(), 17, label["to"])
    say(paper.address, 15)
    say(paper.gate, 12, label["gate"])
    if paper.quiet:
        page.append(Box(EDGE, y, WIDTH - 2 * EDGE, 8.5, filled=False))
        page.append(Words(EDGE + 2.5, y + 5.9, label["quiet"], 12))
        y += 11.0
    named = [(one.name_en or one.name) if language == "en" else one.name for one in paper.lines]
    goods = "\n".join(f"{name} × {one.quantity}" for name, one in zip(named, paper.lines, strict=True))
    page.append(Box(EDGE, y, WIDTH - 2 * EDGE, 0.2))
    y += 1.5
    say(goods, 13)
    say(paper.note, 11, label["note"])
    say(paper.sender, 11, label["from"])
    foot = HEIGHT - EDGE
    page.append(Words(EDGE, foot, label["sign"], 9, grey=True))
    page.append(Box(EDGE + 20, foot, 50, 0.2))
    return page, y


def _cut(text: str, across: float, size: float, width: Width, face: str = SANS) -> str:
    """As much of one line as there is room for, with … where something is missing."""
    line = text.replace("\n", " ")
    if width(face, line, size) <= across:
        return line
    while line and width(face, line + "…", size) > across:
        line = line[:-1]
    return line.rstrip("…") + "…"
