"""Reading what people type as an address: 「阳光小区5号楼3单元401」, "Sunshine Community bldg 5 unit 3".

Pure text: no map is needed here.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_COUNT = r"[零〇一二两三四五六七八九十]{1,3}"
_CHINESE_NUMBER = re.compile(rf"({_COUNT})(?=号楼|栋|幢|座|单元|室|号|楼)")

_BUILDING_WORD = r"号楼|栋|幢|座|#楼|#"
_TAIL = re.compile(
    rf"(?P<building>\d{{1,4}}[a-z]?|[a-z]\d?)\s*(?P<word>{_BUILDING_WORD})\s*"
    r"(?:(?P<unit>\d{1,2}|[a-z])\s*(?:单元|门)\s*)?"
    r"(?P<room>[a-z]?\d{0,5}[a-z]?\s*(?:室|号房|号|房|楼|层)?.*)?$"
)
_UNIT_ONLY = re.compile(r"(?P<unit>\d{1,2})\s*单元\s*(?P<room>\d{2,5}.*)?$")
_DASHED = re.compile(r"(?<![\d-])(?P<building>\d{1,3})-(?:(?P<unit>\d{1,2})-)?(?P<room>\d{3,4})$")
_ENGLISH = re.compile(
    r"[,\s]*\b(?:building|bldg|block|tower)\.?\s*(?P<building>\d{1,4}[a-z]?|[a-z])\b"
    r"(?:[,\s]*\bunit\s*(?P<unit>\d{1,2}|[a-z])\b)?"
    r"(?:[,\s]*(?:\b(?:room|rm|apt|flat|suite)\b\.?\s*|#)?(?P<room>[a-z]?\d{2,5}[a-z]?))?\s*$"
)
# A number at the very start is part of a name (一号公馆); a street number follows its street.
_HOUSE = re.compile(r"(?<=\D)(?P<house>\d{1,5}(?:-\d+)?)\s*号(?!楼|院|线|门)")
_HOUSE_ENGLISH = re.compile(r"^(?:no\.?\s*)?(?P<house>\d{1,5})\s*,?\s+(?=[a-z])")
_CJK = re.compile(r"[㐀-鿿豈-﫿]")
_PIECE = re.compile(r"[㐀-鿿豈-﫿]|[^\W_㐀-鿿豈-﫿]+")


class Address(NamedTuple):
    """A typed address taken apart. Every part is normalised text, empty when not given.

    ``head`` names the place or street; ``house`` its street number (``88``); ``building``, ``unit`` and
    ``room`` are what comes after (``5``, ``3``, ``401``); ``word`` is how the building was called (``号楼``).
    """

    head: str
    house: str
    building: str
    word: str
    unit: str
    room: str

    @property
    def detail(self) -> str:
        """Building, unit and room as people write them: ``5号楼3单元401``."""
        return self.building_label + self.rest

    @property
    def building_label(self) -> str:
        """``5号楼``, ``A座``, or nothing."""
        return f"{self.building.upper()}{self.word}" if self.building else ""

    @property
    def rest(self) -> str:
        """Unit and room: ``3单元401``."""
        return (f"{self.unit.upper()}单元" if self.unit else "") + self.room.upper()


def normalise(text: str) -> str:
    """Half width, lower case, single spaces, Chinese counting words before a unit as digits."""
    flat = unicodedata.normalize("NFKC", text).lower()
    flat = re.sub(r"[\s,，、。;；]+", " ", flat).strip()
    # A blank beside a Chinese character carries no meaning; between Latin words it does.
    flat = re.sub(r"(?<=[㐀-鿿]) (?=\S)|(?<=\S) (?=[㐀-鿿])", "", flat)
    return _CHINESE_NUMBER.sub(lambda found: str(_count(found[1])), flat)


def _count(text: str) -> int:
    if "十" not in text:
        return int("".join(str(_DIGITS[c]) for c in text))
    tens, _, ones = text.partition("十")
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def parse(text: str) -> Address:
    """Take a typed address apart. Never fails: what is not understood stays in ``head``."""
    flat = normalise(text)
    head, building, word, unit, room = flat, "", "", "", ""
    for pattern in (_ENGLISH, _TAIL, _DASHED, _UNIT_ONLY):
        found = pattern.search(flat)
        if found and (pattern is not _ENGLISH or found.start() > 0):
            parts = {key: value or "" for key, value in found.groupdict().items()}
            building, unit, room = (
                parts.get("building", ""),
                parts.get("unit", ""),
                parts.get("room", "").strip(),
            )
            word = parts.get("word", "") or ("座" if building.isalpha() else "号楼")
            word = "号楼" if word in ("#", "#楼") else word
            head = flat[: found.start()].strip(" ,")
            break
    head, house = _house(head)
    return Address(head, house, building, word if building else "", unit, room)


def _house(head: str) -> tuple[str, str]:
    """Split the street number out of the head; a place named after it stays the head."""
    found = _HOUSE.search(head)
    if found:
        after = head[found.end() :].strip()
        # 「桃花路88号阳光小区」: what follows the number is the better name.
        return (after or head[: found.start()].strip()), found["house"]
    found = _HOUSE_ENGLISH.match(head)
    if found:
        return head[found.end() :], found["house"]
    return head, ""


def pieces(text: str) -> list[str]:
    """Search tokens of normalised text: each Chinese character, each Latin word or number."""
    return _PIECE.findall(normalise(text))


def is_chinese(text: str) -> bool:
    """True when the text has a Chinese character."""
    return bool(_CJK.search(text))


def english_detail(address: Address) -> str:
    """The detail in English: ``Building 5, Unit 3, 401``."""
    parts = []
    if address.building:
        parts.append(f"Building {address.building.upper()}")
    if address.unit:
        parts.append(f"Unit {address.unit.upper()}")
    if address.room:
        parts.append(address.room.upper())
    return ", ".join(parts)
