"""What a row wishes for: a PlaceOrder, or what is wrong with it, column by column."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from huaxin.imports.bouquets import MISSING, Shelf, Sold, read_bouquets
from huaxin.imports.columns import BY_KEY
from huaxin.imports.table import Line
from huaxin.journal.model import Rejected
from huaxin.kernel import Point, Text, tidy
from huaxin.orders.commands import LineWish, PlaceOrder
from huaxin.orders.model import Address, Card, Party, Promise
from huaxin.orders.place import LONGEST_AHEAD_MS
from huaxin.people.phone import normalise

_DAY_MS = 24 * 3_600_000
_DAYS = (
    re.compile(r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?(?: 0{1,2}:00(?::00)?)?"),
    re.compile(r"(?P<m>\d{1,2})[-/月](?P<d>\d{1,2})日?"),
)
_CLOCK = r"(\d{1,2})(?:[:时点](\d{2})?分?)?"
_WINDOW = re.compile(rf"{_CLOCK}\s*[-–—~到至]\s*{_CLOCK}")
_BY = re.compile(rf"(?:by|before)?\s*{_CLOCK}\s*(?:前|之前|以前)?", re.IGNORECASE)
_YES = frozenset({"是", "y", "yes", "true", "1", "对", "√", "匿名", "惊喜"})
_NO = frozenset({"", "否", "n", "no", "false", "0", "不", "×"})


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong in one cell."""

    row: int
    column: Text
    value: str
    words: Text


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """An address on the map."""

    name: str  # as the map calls it
    point: Point
    detail: str = ""
    gate: Point | None = None


class ReadNote(Protocol):
    def __call__(self, note: str, now_ms: int, tz: ZoneInfo) -> Promise | None: ...


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """A row as it was understood. `wish` None: it has problems."""

    row: int
    wish: PlaceOrder | None
    place: str = ""
    problems: list[Problem] = []


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What a table is read against."""

    shop: str
    zone: str
    now: int
    products: Mapping[str, Sold]  # by every name (plain) it may be called
    find: Callable[[str], Found | None]
    read_note: ReadNote


class Reader:
    """Reads rows in their order: two rows with the same words are two orders."""

    def __init__(self, columns: Mapping[str, int], setting: Setting) -> None:
        self._columns, self._setting, self._shelf = columns, setting, Shelf(setting.products)
        self._tz = ZoneInfo(setting.zone)
        self._today = datetime.fromtimestamp(setting.now / 1000, self._tz).date()
        self._seen: Counter[str] = Counter()
        self._refs: dict[str, int] = {}

    def read(self, line: Line) -> Read:
        row = _Row(line, self._columns)
        wish, place = self._wish(row)
        if row.problems:
            return Read(row=line.number, wish=None, place=place, problems=row.problems)
        return Read(row=line.number, wish=wish, place=place)

    def _wish(self, row: "_Row") -> tuple[PlaceOrder | None, str]:
        promise = self._promise(row)
        found = self._address(row)
        lines = self._lines(row)
        recipient = Party(
            name=row.text("recipient", 40, needed=True), phone=_phone(row, "phone", needed=True)
        )
        buyer = Party(name=row.text("buyer", 40), phone=_phone(row, "buyer_phone", needed=False))
        card = Card(
            text=row.text("card", 500),
            signature=row.text("signature", 40),
            anonymous=row.flag("anonymous"),
        )
        note, gate, detail = row.text("note", 200), row.text("gate", 120), row.text("detail", 80)
        surprise = row.flag("surprise")
        order = self._order(row)
        if row.problems or promise is None or found is None or not lines:
            return None, found.name if found else ""
        address = Address(
            text=row.text("address", 200),
            point=found.point,
            detail=detail or found.detail,
            note=gate,
            gate=found.gate,
        )
        wish = PlaceOrder(
            order=order,
            shop=self._setting.shop,
            lines=lines,
            recipient=recipient,
            address=address,
            promise=promise,
            card=card,
            note=note,
            surprise=surprise,
            buyer_name=buyer.name,
            buyer=buyer if buyer.phone else None,
            overbook=True,  # orders the shop has taken already: it is too late to say that a slot is full
        )
        return wish, found.name

    def _order(self, row: "_Row") -> str:
        """The same row gives the same order, in this file or in the next one."""
        ref = row.raw("ref")
        if ref:
            first = self._refs.setdefault(ref, row.line.number)
            if first != row.line.number:
                row.wrong("ref", _again(first))
            same = f"ref\n{ref}"
        else:
            words = "\n".join(f"{key}={row.raw(key)}" for key in sorted(self._columns))
            self._seen[words] += 1
            same = f"{words}\n{self._seen[words]}"
        digest = hashlib.blake2b(f"{self._setting.shop}\n{same}".encode(), digest_size=15)
        return "i-" + digest.hexdigest()

    def _promise(self, row: "_Row") -> Promise | None:
        day, said = self._day(row), unicodedata.normalize("NFKC", row.raw("time"))
        if not said:
            row.wrong("time", _NEEDED)
            return None
        if day is None:
            return None
        promise = self._time(day, said)
        if promise is None:
            words = Text("看不懂,请写成 9:00-11:00 或 15:00前", "write 9:00-11:00 or by 15:00")
            row.wrong("time", words)
        elif promise.end <= self._setting.now:
            row.wrong("time", Text("这个时间已经过了,请改晚", "that time has passed: write a later one"))
        elif promise.end > self._setting.now + LONGEST_AHEAD_MS:
            row.wrong("day", Text("最多提前 90 天,请改近", "write a day within 90 days"))
        else:
            return promise
        return None

    def _day(self, row: "_Row") -> date | None:
        said = unicodedata.normalize("NFKC", row.raw("day"))
        for pattern in _DAYS:
            match = pattern.fullmatch(said)
            if match is None:
                continue
            year = int(match.groupdict().get("y") or self._today.year)
            try:
                found = date(year, int(match["m"]), int(match["d"]))
                if "y" not in match.groupdict() and found < self._today - timedelta(days=180):
                    found = found.replace(year=year + 1)  # 「1月3日」 written in December
            except ValueError:
                break
            return found
        row.wrong("day", Text("看不懂,请写成 2027-02-14", "write it as 2027-02-14") if said else _NEEDED)
        return None

    def _time(self, day: date, said: str) -> Promise | None:
        window = _WINDOW.fullmatch(said)
        if window is not None:
            start, end = self._at(day, window[1], window[2]), self._at(day, window[3], window[4])
            if start is None or end is None or start >= end:
                return None
            return Promise(start=start, end=end)
        by = _BY.fullmatch(said)
        if by is not None:
            end = self._at(day, by[1], by[2])
            return Promise(end=end, source="note") if end is not None else None
        # 「下午三点前」: read as if it were said on that morning.
        morning = int(datetime.combine(day, time(0, 1), self._tz).timestamp() * 1000)
        promise = self._setting.read_note(said, morning, self._tz)
        same_day = promise is not None and morning < promise.end <= morning + _DAY_MS
        return promise if same_day else None

    def _at(self, day: date, hour: str, minute: str | None) -> int | None:
        hours, minutes = int(hour), int(minute or 0)
        if hours > 24 or minutes > 59 or (hours == 24 and minutes):
            return None
        wall = datetime.combine(day, time(0)) + timedelta(hours=hours, minutes=minutes)
        return int(wall.replace(tzinfo=self._tz).timestamp() * 1000)

    def _address(self, row: "_Row") -> Found | None:
        text = row.text("address", 200, needed=True)
        if not text:
            return None
        found = self._setting.find(text)
        if found is None:
            row.wrong("address", _NOT_ON_MAP)
        return found

    def _lines(self, row: "_Row") -> list[LineWish]:
        found = read_bouquets(row.raw("product"), row.raw("size"), row.raw("quantity"), self._shelf)
        for column, words in found.wrong:
            row.wrong(column, words)
        return found.lines


class _Row:
    """One line while it is read, and what was found wrong in it."""

    def __init__(self, line: Line, columns: Mapping[str, int]) -> None:
        self.line, self._columns = line, columns
        self.problems: list[Problem] = []

    def raw(self, key: str) -> str:
        place = self._columns.get(key, -1)
        return self.line.cells[place] if 0 <= place < len(self.line.cells) else ""

    def text(self, key: str, most: int, *, needed: bool = False) -> str:
        said = tidy(self.raw(key))
        if needed and not said:
            self.wrong(key, _NEEDED)
        if len(said) > most:
            self.wrong(key, _too_long(most, len(said)))
        return said[:most]

    def flag(self, key: str) -> bool:
        said = self.raw(key).lower()
        if said not in _YES | _NO:
            self.wrong(key, Text("请写 是 或 否", "write yes or no"))
        return said in _YES

    def wrong(self, key: str, words: Text) -> None:
        shown = self.raw(key)[:60]
        self.problems.append(
            Problem(row=self.line.number, column=BY_KEY[key].title, value=shown, words=words)
        )


_NEEDED = MISSING
_NO_PHONE = Text(
    "不是可以拨通的号码,请写 11 位手机号,或带区号的座机",
    "cannot be called: write 11 digits, or + and the country code",
)
_NOT_ON_MAP = Text(
    "地图上没有找到,请写到小区或路名门牌,楼号房号写在「门牌」",
    "not found on the map: write the compound, or street and number; the room goes under Unit",
)


def _again(first: int) -> Text:
    return Text(
        f"和第 {first} 行的单号一样:同一单的几种花请写在那一行的「花束」里(玫瑰×2;百合),"
        "不同的单请用不同的单号",
        f"the same as in row {first}: several bouquets of one order go into that row (Roses × 2; Lilies),"
        " another order needs another number",
    )


def _too_long(most: int, now: int) -> Text:
    return Text(
        f"最多 {most} 个字,现在有 {now} 个,请缩短", f"{most} characters at most, not {now}: shorten it"
    )


def _phone(row: _Row, key: str, *, needed: bool) -> str:
    said = row.raw(key)
    if not said:
        if needed:
            row.wrong(key, _NEEDED)
        return ""
    try:
        return normalise(said)
    except Rejected:
        row.wrong(key, _NO_PHONE)
        return ""
