"""A note that names two times for one delivery, as the two notes it could have been: 「周六或者周日」."""

import re

from huaxin.tracking.feasts import MONTHS

_N = r"(?:\d{1,2}|[零〇一二两三四五六七八九十]{1,3})"
_PART = "凌晨|清晨|早晨|早上|上午|中午|正午|午后|下午|傍晚|晚上|晚间"
_AT = r"(?::[0-5]\d|点(?:钟|半|整|[一三1３3]刻)?)"
_OR = r"(?:或者?是?|还是)"
_CLOCKS = re.compile(rf"(?P<part>{_PART})?(?P<a>{_N})(?P<aq>{_AT})?{_OR}(?P<bpart>{_PART})?(?P<b>{_N}{_AT})")
_WEEKDAY = r"(?:下个?|这个?|本)?(?:周|星期|礼拜)[一二三四五六日天]"
_DAYS = rf"(?:大后天|后天|明天|明日|今天|今日|今晚|明晚|明早|{_WEEKDAY}|{_N}[日号])"
_TWO_DAYS = re.compile(rf"(?P<a>{_DAYS})(?P<apart>{_PART})?{_OR}(?P<b>{_DAYS})(?P<bpart>{_PART})?")
_TWO_PARTS = re.compile(rf"(?P<a>{_PART}){_OR}(?P<b>{_PART})(?!{_N}{_AT})")
_WEEKEND = re.compile(r"(?<![每工])(?P<wk>下个?|这个?|本)?周末")
_CLOCK = re.compile(rf"{_N}{_AT}")
# What has an hour that only they know: the two it mostly is. With a clock in the note that one counts.
_EVENTS = {
    re.compile(r"下班(?:之|以)?前"): ("下午5点前", "下午6点前"),
    re.compile(r"上班(?:之|以)?前"): ("上午9点前", "上午8点半前"),
    re.compile(r"(?:午饭|中饭|午餐)(?:之|以)?前"): ("上午11点半前", "中午12点前"),
    re.compile(r"(?:晚饭|晚餐)(?:之|以)?前"): ("下午5点前", "下午6点前"),
}

_EN_HOUR = r"\d{1,2}(?::[0-5]\d)?"
_EN_CLOCKS = re.compile(rf"\b(?P<a>{_EN_HOUR})\s*(?P<am>am|pm)?\s+or\s+(?P<b>{_EN_HOUR})\s*(?P<bm>am|pm)?\b")
_EN_DAY = r"(?:today|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_EN_DAYS = re.compile(rf"\b(?P<a>{_EN_DAY})\s+or\s+(?:on\s+)?(?P<b>{_EN_DAY})\b")
_EN_PARTS = re.compile(r"\b(?P<a>morning|afternoon|evening)\s+or\s+(?P<b>morning|afternoon|evening)\b")
_EN_WEEKEND = re.compile(r"\b(?:(?:on|at|over)\s+)?(?:the\s+|this\s+)?weekend\b")
_EN_OFFICE = re.compile(
    r"\b(?:before|by)\s+(?:the\s+)?"
    r"(?:end of (?:the )?(?:work(?:ing)? ?|business )?day|close of business|eod|cob)\b"
)
_EN_SLASH = re.compile(r"(?<![\d/])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\d/])")


def ways_of(text: str, chinese: bool) -> list[str]:
    """The notes it could have been, each with one time; empty: it names no two."""
    return _chinese(text) if chinese else _english(text)


def _both(text: str, m: re.Match[str], first: str, second: str) -> list[str]:
    return [text[: m.start()] + said + text[m.end() :] for said in (first, second)]


def _chinese(text: str) -> list[str]:
    if m := _TWO_DAYS.search(text):
        first, second = m["apart"] or m["bpart"] or "", m["bpart"] or m["apart"] or ""
        return _both(text, m, m["a"] + first, m["b"] + second)
    if m := _CLOCKS.search(text):
        first = f"{m['part'] or ''}{m['a']}{m['aq'] or '点'}"
        return _both(text, m, first, f"{m['bpart'] or m['part'] or ''}{m['b']}")
    if m := _TWO_PARTS.search(text):
        return _both(text, m, m["a"], m["b"])
    if m := _WEEKEND.search(text):
        week = "下" if (m["wk"] or "").startswith("下") else ""
        return _both(text, m, f"{week}周六", f"{week}周日")
    if not _CLOCK.search(text):
        for event, (first, second) in _EVENTS.items():
            if m := event.search(text):
                return _both(text, m, first, second)
    return []


def _english(text: str) -> list[str]:
    if m := _EN_CLOCKS.search(text):
        first, second = m["am"] or m["bm"] or "", m["bm"] or m["am"] or ""
        return _both(text, m, m["a"] + first, m["b"] + second)
    if m := _EN_DAYS.search(text) or _EN_PARTS.search(text):
        return _both(text, m, m["a"], m["b"])
    if m := _EN_WEEKEND.search(text):
        return _both(text, m, "on saturday", "on sunday")
    if m := _EN_SLASH.search(text):
        # 4/3 is the third of April here and the fourth of March elsewhere; 1/20 is the same everywhere.
        pairs = ((int(m["a"]), int(m["b"])), (int(m["b"]), int(m["a"])))
        said = list(dict.fromkeys(f"{MONTHS[mo - 1]} {day}" for mo, day in pairs if 1 <= mo <= 12))
        return _both(text, m, said[0], said[-1]) if said else []
    if m := _EN_OFFICE.search(text):
        return _both(text, m, "by 5pm", "by 6pm")
    return []
