"""From the bytes of a CSV file to rows of text, whatever wrote it.

Spreadsheets of different languages write UTF-8 with or without a mark, UTF-16, or GBK, and separate by comma,
semicolon or tab. Cells are text and nothing else: what begins with "=" is read as it stands.
"""

import codecs
import csv
import io
from collections.abc import Iterator

import msgspec

from huaxin.journal.model import Rejected

MOST_BYTES = 8_000_000
MOST_ROWS = 10_000
MOST_COLUMNS = 60
MOST_LETTERS = 2_000  # in one cell
_SEPARATORS = ",;\t"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the file. `number`: as spreadsheets count, the header is 1."""

    number: int
    cells: list[str]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    encoding: str  # utf-8 | utf-8-sig | utf-16 | gb18030
    separator: str
    header: list[str]
    rows: list[Line]


def read_table(data: bytes) -> Table:
    """Rows without anything in them are left out. Raises Rejected import.* (422)."""
    if len(data) > MOST_BYTES:
        raise _wrong("import.too_big", "The file is larger than 8 MB; split it.", len(data))
    text, encoding = _decode(data)
    separator = _separator(text)
    rows = _rows(text, separator)
    header = next(rows, None)
    if header is None:
        raise _wrong("import.empty", "The file is empty.", 0)
    if len(header.cells) > MOST_COLUMNS:
        raise _wrong("import.columns", "The file has more than 60 columns.", len(header.cells))
    found: list[Line] = []
    for row in rows:
        if len(found) == MOST_ROWS:
            raise _wrong("import.too_many", "The file has more than 10,000 rows; split it.", MOST_ROWS)
        found.append(row)
    if not found:
        raise _wrong("import.empty", "There is nothing below the first row.", 0)
    return Table(encoding=encoding, separator=separator, header=header.cells, rows=found)


def _decode(data: bytes) -> tuple[str, str]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _try(data, name), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _try(data, "gb18030"), "gb18030"


def _try(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as wrong:
        raise _wrong("import.encoding", "The file is neither UTF-8 nor GBK.", wrong.start) from wrong


def _separator(text: str) -> str:
    """The one that parts the first row into most; a comma where there is one column."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4]
    outside = "".join(part for nth, part in enumerate(first.split('"')) if nth % 2 == 0)
    return max(_SEPARATORS, key=lambda one: (outside.count(one), -_SEPARATORS.index(one)))


def _rows(text: str, separator: str) -> Iterator[Line]:
    if "\0" in text:
        raise _wrong("import.binary", "That is no text file; save the table as CSV.", 0)
    lines = io.StringIO(text, newline="")
    if text[:4].lower() == "sep=":
        lines.readline()
    reader = csv.reader(lines, delimiter=separator)
    try:
        for number, cells in enumerate(reader, 1):
            if any(cell.strip() for cell in cells):
                yield Line(number=number, cells=[cell.strip()[:MOST_LETTERS] for cell in cells])
    except csv.Error as wrong:
        raise _wrong(
            "import.unreadable", f"Row {reader.line_num} cannot be read.", reader.line_num
        ) from wrong


def _wrong(code: str, sentence: str, value: object) -> Rejected:
    return Rejected(code, sentence, value, status=422)
