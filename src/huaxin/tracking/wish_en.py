"""Times in English notes: "before 3 pm to the office" → by 15:00."""

import re

from huaxin.tracking.feasts import MONTHS
from huaxin.tracking.wish import Clock, Day, Half, Kind, Wish

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = (
    r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
_MONTH = rf"(?:{'|'.join(MONTHS)})[a-z]*\.?"
_TH = r"(?:st|nd|rd|th)?"
_NO_DATE = "floor|fl|street|st|avenue|ave|road|rd|birthday|anniversary"
_DAY = re.compile(
    r"\b(?:(?P<after>day after tomorrow)|(?P<rel>today|tonight|tomorrow|tmrw?)"
    r"|this (?P<now>morning|afternoon|evening)"
    rf"|(?P<wk>this|next)?\s*(?P<wd>{_WEEKDAY})"
    rf"|(?P<mo>{_MONTH})\s+(?P<md>\d{{1,2}}){_TH}|(?P<md2>\d{{1,2}}){_TH}(?: of)? (?P<mo2>{_MONTH})"
    rf"|(?:the )?(?P<dom>\d{{1,2}})(?:st|nd|rd|th)(?! (?:{_NO_DATE})))\b"
)
_AMPM = r"\s*(?:am|pm)\b"
_SPOKEN = r"(?:half|quarter) past \w+|quarter to \w+"
_SURE = rf"(?:\d{{1,2}}(?::[0-5]\d)?{_AMPM}|\d{{1,2}}:[0-5]\d(?!\d)|\d{{1,2}}\s*o'?clock|noon|{_SPOKEN})"
# A bare number is an hour only after a word of time and before the end or another: not "at 12 Green Street".
_END = (
    r"(?=\s*(?:$|[,.]|please|sharp|today|tonight|tomorrow|on |in the |and |or later|at the latest|latest"
    r"|ish|onwards))"
)
_LEADS = ("by", "before", "after", "at", "around", "about", "until")
_LOOSE = "|".join(rf"(?<=\b{lead} )\d{{1,2}}{_END}" for lead in _LEADS)
_RANGE = re.compile(
    rf"(?:\b(?P<mark>from|between)\s+)?(?P<a>{_SURE}|\b\d{{1,2}}(?::\d\d)?)"
    rf"\s*(?:-|to|until|till|and)\s*(?P<b>{_SURE}|\d{{1,2}}\b)"
)
_CLOCK = re.compile(rf"\b(?:{_SURE})|{_LOOSE}")
_EITHER = re.compile(rf"\b\d{{1,2}}(?::\d\d)?(?:{_AMPM})?\s*or\s*\d{{1,2}}")
_BY = re.compile(r"(?:\b(?:by|before|until|till|(?:no|not) later than|latest)(?: the| my| her| his)?\s*)$")
_AFTER = re.compile(r"(?:\b(?:after|not before|(?:no|not) earlier than|from|past)\s*)$")
_AROUND = re.compile(r"(?:(?:\b(?:around|about|approx(?:imately)?\.?|circa)|~)\s*)$")
_BY_AFTER = re.compile(r"^\s*(?:at the latest|latest)")
_AFTER_AFTER = re.compile(r"^\s*(?:or later|onwards|or after)")
_AROUND_AFTER = re.compile(r"^\s*(?:-?ish\b|or so)")
_NOT = re.compile(
    r"\b(?:don'?t|do not|not|never|except|unless|nobody|no one|isn'?t|won'?t|can'?t|cannot|closed)\b"
)
_POLITE_NOT = re.compile(r"\b(?:no|not) (?:later than|earlier than|before)\b")
_BUSY = re.compile(
    r"\b(?:meeting|wedding|party|flight|train|appointment|class|closes?|opens?|starts?|begins?|shift|lunch|dinner|ceremony|leaves?|leaving)\b"
)
_DELIVER = re.compile(r"\b(?:deliver\w*|bring|drop|arrive\w*|send|need\w*|please|by|before|must|get)\b")
_WITHIN = re.compile(
    r"\b(?:within|in)\s+(?:(?P<n>\d{1,3}|an?|one|two|three|half an|the)\s*)(?:next )?"
    r"(?P<u>hours?|hrs?|minutes?|mins?)\b"
)
_PART = re.compile(r"\b(?P<p>morning|afternoon|evening|tonight|lunchtime)\b")
_PART_HOURS = {
    "morning": (8, 12), "afternoon": (13, 18), "evening": (18, 21), "tonight": (18, 21), "lunchtime": (11, 13)
}  # fmt: skip
_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "a": 1, "an": 1, "the": 1, "half an": 0,
}  # fmt: skip


def wishes(note: str) -> list[Wish] | None:
    """Every wished time in a note (NFKC, lower case); None when it is contradictory."""
    text = re.sub(r"\b([ap])\.\s?m\.?", r"\1m", note.replace("’", "'"))
    text = re.sub(r"(?<=\d)\.(?=[0-5]\d\s*(?:am|pm)\b)", ":", text)
    text = re.sub(r"\bnoon\b|\bmidday\b", "noon", text)
    found: list[Wish] = []
    for sentence in re.split(r"[.;!?\n]+(?:\s|$)", text):
        kept = [c for c in sentence.split(",") if not _is_negated(c) and not _is_busy(c)]
        wish = _sentence(", ".join(kept))
        if wish is None:
            return None
        found += wish
    return found


def _is_negated(clause: str) -> bool:
    return bool(_NOT.search(_POLITE_NOT.sub("", clause)))


def _is_busy(clause: str) -> bool:
    return bool(_BUSY.search(clause)) and not _DELIVER.search(clause)


def _sentence(text: str) -> list[Wish] | None:
    if _EITHER.search(text):
        return None
    within = _WITHIN.search(text)
    if within:
        return [Wish(Kind.within, minutes=_minutes_of(within))]
    days = list(_DAY.finditer(text))
    if len({m[0] for m in days}) > 1:
        return None
    day = _day_of(days[0]) if days else None
    half = Half.evening if days and "tonight" in days[0][0] else Half.unsaid
    bare = text
    if days and not days[0]["now"] and days[0]["rel"] != "tonight":
        bare = text[: days[0].start()] + " " + text[days[0].end() :]
    part = _PART.search(bare)
    if part and half is Half.unsaid:
        half = Half.morning if part["p"] == "morning" else Half.evening
    wish = _time_in(_without_empty_ends(bare), half)
    if wish is not None:
        return [wish._replace(day=day)] if wish.first else None
    if part is not None and (day is not None or _DELIVER.search(text)):
        start, end = _PART_HOURS[part["p"]]
        return [Wish(Kind.between, Clock(start, 0, _half(start)), Clock(end, 0, _half(end)), day)]
    if day is not None and _DELIVER.search(text):
        return [Wish(Kind.between, Clock(8, 0, Half.morning), Clock(9, 0, Half.evening), day)]
    return []


def _without_empty_ends(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"\bon\s*(?=$|,)", "", text)).strip()


def _half(hour: int) -> Half:
    return Half.morning if hour <= 12 else Half.evening


def _minutes_of(m: re.Match[str]) -> int:
    unit = 60 if m["u"].startswith("h") else 1
    if m["n"] == "half an":
        return 30
    return (int(m["n"]) if m["n"].isdigit() else _WORDS[m["n"]]) * unit


def _day_of(m: re.Match[str]) -> Day:
    if m["after"]:
        return Day("ahead", 2)
    if m["rel"] or m["now"]:
        return Day("ahead", 0 if m["now"] or m["rel"] in ("today", "tonight") else 1)
    if m["wd"]:
        n = next(i for i, name in enumerate(_WEEK) if name.startswith(m["wd"][:3]))
        return Day({"next": "next_week", "this": "this_week"}.get(m["wk"] or "", "weekday"), n)
    if m["dom"]:
        return Day("day_of_month", int(m["dom"]))
    month = (m["mo"] or m["mo2"])[:3]
    return Day("month_day", int(m["md"] or m["md2"]), MONTHS.index(month) + 1)


def _clock_of(text: str, half: Half) -> Clock:
    if text == "noon":
        return Clock(12, 0, Half.noon)
    spoken = re.match(r"(half past|quarter past|quarter to) (\w+)", text)
    if spoken:
        hour = int(spoken[2]) if spoken[2].isdigit() else _WORDS.get(spoken[2], 99)
        minute = {"half past": 30, "quarter past": 15, "quarter to": 45}[spoken[1]]
        return Clock(hour - 1 if minute == 45 else hour, minute, half)
    m = re.match(r"(\d{1,2})(?::(\d\d))?\s*(am|pm)?", text)
    assert m is not None, text
    hour = int(m[1])
    if m[3]:
        half = Half(m[3])
        if hour == 12 and half is Half.morning:
            return Clock(99)  # "12 am" is nobody's hour for flowers
    return Clock(hour, int(m[2] or 0), half)


def _time_in(text: str, half: Half) -> Wish | None:
    """The one clock or range of a sentence. A wish without a clock means: more than one, not understood."""
    for span in _RANGE.finditer(text):
        said = span["mark"] or re.search(r"am|pm|:|noon", span[0])
        if said or half is not Half.unsaid:
            rest = text[: span.start()] + " ; " + text[span.end() :]
            a, b = _clock_of(span["a"], half), _clock_of(span["b"], half)
            return Wish(Kind.between) if _CLOCK.search(rest) else Wish(Kind.between, a, b)
    clocks = list(_CLOCK.finditer(text))
    if not clocks:
        return None
    kinds = [_kind_of(text[: m.start()], text[m.end() :]) for m in clocks]
    if len(clocks) == 2 and set(kinds) == {Kind.after, Kind.by}:
        first, last = clocks if kinds[0] is Kind.after else reversed(clocks)
        return Wish(Kind.between, _clock_of(first[0], half), _clock_of(last[0], half))
    if len(clocks) > 1:
        return Wish(Kind.at)
    return Wish(kinds[0], _clock_of(clocks[0][0], half))


def _kind_of(before: str, after: str) -> Kind:
    if _AFTER.search(before) or _AFTER_AFTER.search(after):
        return Kind.after
    if _BY.search(before) or _BY_AFTER.search(after):
        return Kind.by
    if _AROUND.search(before) or _AROUND_AFTER.search(after):
        return Kind.around
    return Kind.at
