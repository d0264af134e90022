"""The days flowers are given, by name: 情人节 → 2月14日. Only those whose date the sun's calendar knows."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Feast(NamedTuple):
    """`nth` 0: on `day` of the month; else the nth weekday `day` (0 = Monday)."""

    zh: str
    en: str
    month: int
    day: int
    nth: int = 0


# The longer name first: 白色情人节 is no 情人节.
FEASTS = (
    Feast("白色情人节", r"white day", 3, 14),
    Feast("情人节", r"valentine'?s?'?(?: day)?", 2, 14),
    Feast("三八妇女节|三八节|妇女节|女神节|女王节", r"(?:international )?women'?s day", 3, 8),
    Feast("五二零|(?<![\\d])520", r"(?<!\d)520", 5, 20),
    Feast("六一儿童节|六一|儿童节", r"children'?s day", 6, 1),
    Feast("教师节", r"teachers?'?s?'? day", 9, 10),
    Feast("国庆节|国庆", r"national day", 10, 1),
    Feast("平安夜", r"christmas eve", 12, 24),
    Feast("圣诞节|圣诞", r"christmas(?: day)?|xmas", 12, 25),
    Feast("元旦节|元旦", r"new year'?s?'? day", 1, 1),
    Feast("母亲节", r"mother'?s?'? day", 5, 6, 2),
    Feast("父亲节", r"father'?s?'? day", 6, 6, 3),
    Feast("感恩节", r"thanksgiving(?: day)?", 11, 3, 4),
)
_THAT_DAY = r"(?:那一?天|当天|当日|那日)?的?"
# A feast that is wished or written about is no day of delivery; 「520元」 and 「520室」 are no days at all.
_NO_DAY = r"(?!快乐|礼物|贺卡|卡片|主题|款|套餐|花束|[室房元块朵号支枝节前后]|\d)"


def say_dates(text: str, today: date, chinese: bool) -> str:
    """The text with feasts said as the dates they fall on next. Lower case, straight apostrophes."""
    for feast in FEASTS:
        when = _next(feast, today)
        if when is None:
            continue
        if chinese:
            said = f"{when.month}月{when.day}日"
            text = re.sub(rf"(?:{feast.zh}){_THAT_DAY}{_NO_DAY}", said, text)
        else:
            said = f"{MONTHS[when.month - 1]} {when.day}"
            text = re.sub(rf"\b(?<!happy )(?:{feast.en})\b", said, text)
    return text


def _next(feast: Feast, today: date) -> date | None:
    """None: its next date would be read as an earlier day of this year."""
    this, following = (_in(feast, today.year + ahead) for ahead in (0, 1))
    if this >= today:
        return this
    return following if following.replace(year=today.year) < today else None


def _in(feast: Feast, year: int) -> date:
    if not feast.nth:
        return date(year, feast.month, feast.day)
    return list(_weekdays(year, feast.month, feast.day))[feast.nth - 1]


def _weekdays(year: int, month: int, weekday: int) -> Iterator[date]:
    day = date(year, month, 1)
    day += timedelta(days=(weekday - day.weekday()) % 7)
    while day.month == month:
        yield day
        day += timedelta(days=7)
