"""Times in Chinese notes: 「下午三点前送到公司」 → by 15:00."""

import re

from huaxin.tracking.wish import OPENS, Clock, Day, Half, Kind, Wish

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_NO_NUMBER = 99
_N = r"(?:\d{1,2}|[零〇一二两三四五六七八九十]{1,3})"
_PART = "凌晨|清晨|早晨|早上|上午|中午|正午|午后|下午|傍晚|晚上|晚间|夜里|早|晚"
_MINUTE = rf"半|[一1]刻|[三3]刻|{_N}分?(?![点时号个单楼束朵枝支:\d])"
_AT = rf"(?::[0-5]\d|(?:点钟?|点整|时(?![候间段刻]))(?:{_MINUTE})?)"
_TAIL = r"(?:am|pm)?"
_ONE = rf"(?:{_PART})?{_N}{_AT}{_TAIL}"
_BARE = rf"(?:{_PART})?{_N}(?:{_AT})?{_TAIL}"
_TO = r"(?:-|~|到|至)"

_RANGE = re.compile(rf"(?P<a>{_BARE}){_TO}(?P<b>{_ONE})|(?P<c>{_ONE})(?:和|与|{_TO})?(?P<d>{_ONE})之间")
_CLOCK = re.compile(_ONE)
_PIECES = re.compile(
    rf"(?P<part>{_PART})?(?P<h>{_N})(?::(?P<mm>[0-5]\d)|(?:点钟?|点整|时)(?P<q>{_MINUTE})?)?(?P<a>am|pm)?$"
)
_WITHIN = re.compile(rf"(?P<n>{_N}|\d{{3}}|半)个?(?P<half>半)?(?P<u>小时|钟头|分钟)(?:之内|以内|内)")
_DAY = re.compile(
    r"(?P<rel>大后天|后天|明天|明日|明儿|今天|今日|今儿|今早|今晚|明早|明晚|明(?=上午|中午|下午|傍晚)|今(?=上午|中午|下午|傍晚))"
    r"|(?P<wk>下下|下个?|这个?|本)?(?<![一两每半])(?:周|星期|礼拜)(?P<wd>[一二三四五六日天](?![年个周])|[1-7](?![\d点:]))"
    rf"|(?P<mo>{_N})月(?P<md>{_N})[日号]?|(?P<dom>{_N})[日号](?![楼院门线店馆单栋座弄铺厅院0-9])"
)
_SPAN_OF_DAY = {
    "早上": (8, 10), "早晨": (8, 10), "上午": (8, 12), "中午": (11, 13), "下午": (13, 18), "午后": (13, 18),
    "傍晚": (17, 19), "晚上": (18, 21), "晚间": (18, 21), "早": (8, 10), "晚": (18, 21),
}  # fmt: skip
_BY_FIRST = re.compile(r"(?:最晚|最迟|不晚于|不迟于|(?:不要|别|勿)(?:晚|迟)于|不(?:要)?超过)$")
_AFTER_FIRST = re.compile(r"(?:最早|不早于|(?:不要|别|勿)早于)$")
_DOING = (
    "开会|会议|上班|下班|出门|起飞|登机|上课|下课|放学|午休|休息|有事|考试|婚礼|典礼|仪式|聚会|聚餐|手术|开始|结束"
    "|约会|吃饭|午饭|晚饭|晚餐|营业|关门|打烊|退房|火车|飞机|高铁|下单|起床|生日会|活动|开业|回家|到家"
)
_LINK = rf"(?:的)?(?:{_DOING})?(?:之|以)?"
_BY_AFTER = re.compile(rf"^{_LINK}前(?!后|台|门|面)|^截止")
_LATER_AFTER = re.compile(rf"^{_LINK}后(?!门|面)")
_AROUND_AFTER = re.compile(r"^(?:钟)?(?:左右|前后|上下|许)")
_NOT = re.compile(r"不要|别|勿|不用|不能|不可|不行|不许|没人|无人|不在|没空|不方便|除了")
_POLITE_NOT = re.compile(r"(?:不晚于|不迟于|不早于|不(?:要)?超过|(?:不要|别|勿)(?:晚|迟|早)于)")
_DELIVER = re.compile(r"送|到|达|配|交|收|拿|给|要|取")
_BUSY = re.compile(_DOING)
_FEAST = re.compile(
    r"(?:节|七夕|圣诞|元旦|除夕|生日|纪念日|周末|月底|下个?月)(?:当天|那天|当日|的|[早晚上中下]|\d|[一二三四五六七八九十两]+点)"
)
# 「快一点」, 「漂亮一点」, 「两点要求」: no clock at all.
_NO_CLOCK = re.compile(
    r"(?<![午上中晨夜十到至\d~-])[一1]点(?!钟|整|半|前|之前|以前|左右|到|至|后|[一三]刻|[-~:\d]|[二三四五]?十)|(?:[一二两三\d]点)(?:要求|建议|意见|说明|注意|需求)"
)
_EITHER = re.compile(rf"{_N}(?:{_AT})?(?:或者?|还是){_BARE}")
_SLASH = re.compile(r"(?<![\d/.])(1[0-2]|0?[1-9])/([0-2]?\d|3[01])(?![\d/])")
# 「两三点」 is from two to three.
_NEIGHBOURS = re.compile(
    r"(?<![十\d一二三四五六七八九])([一二两三四五六七八])([二三四五六七八九])点"
    r"(?!\d|要求|建议|意见|说明|注意|需求)"
)
_CLAUSES = re.compile(r"[,。;!?\n、()]+")


def number(text: str) -> int:
    """二十三 → 23, 12 → 12; what is no number (「十二三」) → 99, which is no hour and no day."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if len(tens) > 1 or (ten and len(ones) > 1) or "十" in tens:
        return _NO_NUMBER
    if ten:
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return int("".join(str(_DIGITS[c]) for c in text))


def wishes(note: str) -> list[Wish] | None:
    """Every wished time in a note (NFKC, lower case, no spaces); None when it is contradictory."""
    note = _SLASH.sub(r"\1月\2日", note)
    note = _NEIGHBOURS.sub(_range_of_neighbours, note)
    found: list[Wish] = []
    lone_days: list[Day] = []
    for clause in _CLAUSES.split(note):
        parsed = _clause(clause)
        if parsed is None:
            return None
        wish, day = parsed
        found += wish
        if day is not None:
            lone_days.append(day)
    if re.search("早上|早晨|上午", note):
        found = [_in_the_morning(w) for w in found]
    if len(lone_days) == 1:
        found = [w if w.day or w.kind is Kind.within else w._replace(day=lone_days[0]) for w in found]
        if not found and _DELIVER.search(note):
            found = [Wish(Kind.between, Clock(8, 0, Half.morning), Clock(9, 0, Half.evening), lone_days[0])]
    return found


def _range_of_neighbours(m: re.Match[str]) -> str:
    first, second = number(m[1]), number(m[2])
    return f"{m[1]}点到{m[2]}点" if second == first + 1 else m[0]


def _in_the_morning(wish: Wish) -> Wish:
    """「早上8点出门，7点半前送到」: an early hour goes with the morning that the note speaks of."""
    first = wish.first
    if first is None or first.half is not Half.unsaid or not 6 <= first.hour <= 9:
        return wish
    return wish._replace(first=first._replace(half=Half.morning))


def _clause(text: str) -> tuple[list[Wish], Day | None] | None:
    """([wish], None), or ([], a day without a time), or ([], None); None: cannot be understood."""
    if _FEAST.search(text) and (_CLOCK.search(text) or re.search(_PART, text)):
        return None
    plain = _NO_CLOCK.sub("", text)
    if _EITHER.search(plain):
        return None
    within = _WITHIN.search(plain)
    if within:
        return [Wish(Kind.within, minutes=_minutes_of(within))], None
    if _NOT.search(_POLITE_NOT.sub("", plain)):
        return [], None
    days = list(_DAY.finditer(plain))
    if len({m[0] for m in days}) > 1:
        return None
    day = _day_of(days[0]) if days else None
    bare, half = plain, Half.unsaid
    if days:
        bare = plain.replace(days[0][0], "", 1)
        half = _half_of(days[0][0])
    wish = _time_in(bare, half)
    if wish is None:
        part = _part_in(bare if half is Half.unsaid else plain, day)
        if part is None:
            return [], day if not _BUSY.search(bare) else None
        return [part._replace(day=day)], None
    if wish.first is None:
        return None
    if _BUSY.search(bare) and wish.kind in (Kind.at, Kind.between, Kind.around):
        return [], None  # 「三点开会」 is no wish
    return [wish._replace(day=day)], None


def _minutes_of(m: re.Match[str]) -> int:
    unit = 1 if m["u"] == "分钟" else 60
    if m["n"] == "半":
        return unit // 2
    return number(m["n"]) * unit + (unit // 2 if m["half"] else 0)


def _half_of(word: str) -> Half:
    return Half.evening if word.endswith("晚") else Half.morning if word.endswith("早") else Half.unsaid


def _day_of(m: re.Match[str]) -> Day:
    if m["rel"]:
        ahead = {"大": 3, "后": 2, "明": 1, "今": 0}[m["rel"][0]]
        return Day("ahead", ahead)
    if m["wd"]:
        n = (number(m["wd"]) if m["wd"] not in "日天" else 7) - 1
        which = (m["wk"] or "").rstrip("个")
        if which == "下下":
            return Day("next_week", n + 7)
        return Day({"下": "next_week", "这": "this_week", "本": "this_week"}.get(which, "weekday"), n)
    if m["mo"]:
        return Day("month_day", number(m["md"]), number(m["mo"]))
    return Day("day_of_month", number(m["dom"]))


def _clock_of(text: str, half: Half = Half.unsaid) -> Clock:
    m = _PIECES.match(text)
    assert m is not None, text
    minute = int(m["mm"] or 0)
    if m["q"]:
        quarter = {"半": 30, "一刻": 15, "1刻": 15, "三刻": 45, "3刻": 45}
        minute = quarter[m["q"]] if m["q"] in quarter else number(m["q"].rstrip("分"))
    hour = number(m["h"])
    part = m["part"] or ""
    if part in ("晚上", "夜里", "晚间", "晚") and hour == 12:
        hour = 24
    if m["a"]:
        half = Half(m["a"])
    elif part in ("凌晨", "清晨", "早晨", "早上", "上午", "早"):
        half = Half.morning
    elif part in ("中午", "正午"):
        half = Half.noon
    elif part:
        half = Half.evening
    elif m["mm"] and half is Half.unsaid and OPENS <= hour < 10:
        half = Half.morning  # 「9:00」 is written as the day's 24 hours are, 「9点」 is said
    return Clock(hour, minute, half)


def _time_in(text: str, half: Half) -> Wish | None:
    """The one clock or range of a clause. A wish without a clock means: more than one, not understood."""
    span = _RANGE.search(text)
    if span:
        first, second = span["a"] or span["c"], span["b"] or span["d"]
        rest = text[: span.start()] + "。" + text[span.end() :]
        a, b = _clock_of(first, half), _clock_of(second)
        b = b._replace(half=a.half) if _shares(a, b) else b
        return Wish(Kind.between) if _CLOCK.search(rest) else Wish(Kind.between, a, b)
    clocks = list(_CLOCK.finditer(text))
    if not clocks:
        return Wish(Kind.by, Clock(12)) if re.search(r"(?:中午|正午)(?:之|以)?前", text) else None
    if len(clocks) == 2:
        return _after_and_before(text, clocks, half)
    if len(clocks) > 2:
        return Wish(Kind.at)
    m = clocks[0]
    return Wish(_kind_of(text[: m.start()], text[m.end() :]), _clock_of(m[0], half))


def _shares(a: Clock, b: Clock) -> bool:
    """下午3点到5点: the second has the first's half of the day, when it is then later."""
    later = (b.hour % 12, b.minute) > (a.hour % 12, a.minute)
    return a.half is Half.evening and b.half is Half.unsaid and b.hour <= 12 and later


def _after_and_before(text: str, clocks: list[re.Match[str]], half: Half) -> Wish:
    """9点后11点前 is a range; two other clocks are one too many."""
    a, b = clocks
    between = text[a.end() : b.start()]
    if _LATER_AFTER.search(between) and _BY_AFTER.search(text[b.end() :]):
        return Wish(Kind.between, _clock_of(a[0], half), _clock_of(b[0]))
    return Wish(Kind.at)


def _kind_of(before: str, after: str) -> Kind:
    if _BY_AFTER.search(after) or _BY_FIRST.search(before):
        return Kind.by
    if _LATER_AFTER.search(after) or _AFTER_FIRST.search(before):
        return Kind.after
    if _AROUND_AFTER.search(after) or before.endswith(("大约", "大概", "约", "差不多")):
        return Kind.around
    return Kind.at


def _part_in(text: str, day: Day | None) -> Wish | None:
    """「周六上午」, 「下午送」: a part of the day stands for its hours, when it is about the delivery."""
    parts = "|".join(sorted(_SPAN_OF_DAY, key=len, reverse=True))
    m = re.search(rf"(?P<p>{parts})(?P<end>(?:之|以)?前)?(?P<rest>.*)", text)
    if m is None or _BUSY.search(text) or (m["p"] in ("早", "晚") and day is None):
        return None
    about = _DELIVER.search(text) or (day is not None and len(m["rest"]) <= 2)
    if not about or m["rest"].startswith(("好", "一点", "点", "于", "些")):
        return None
    start, end = _SPAN_OF_DAY[m["p"]]
    if m["end"]:
        return Wish(Kind.by, Clock(start, 0, Half.unsaid) if start > 12 else Clock(start, 0, Half.morning))
    return Wish(Kind.between, Clock(start, 0, _half(start)), Clock(end, 0, _half(end)))


def _half(hour: int) -> Half:
    return Half.morning if hour <= 12 else Half.evening
