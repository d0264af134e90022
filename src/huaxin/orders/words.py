"""Times as people say them, in both languages. Pure: the zone comes with the order."""

from datetime import datetime
from zoneinfo import ZoneInfo

from huaxin.kernel import Text
from huaxin.orders.model import Promise

_DIGITS = "零一二三四五六七八九十"
_WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NOON = 12


def local(ms: int, zone: str) -> datetime:
    return datetime.fromtimestamp(ms / 1000, ZoneInfo(zone))


def zh_number(value: int) -> str:
    """0–99 in Chinese numerals."""
    if value <= 10:
        return _DIGITS[value]
    tens, ones = divmod(value, 10)
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def zh_clock(moment: datetime) -> str:
    """九点, 下午五点, 晚上七点半: said as people say it; the morning goes without saying."""
    hour, minute = moment.hour, moment.minute
    if hour < 5:
        prefix = "凌晨"
    elif hour < NOON:
        prefix = ""
    elif hour == NOON:
        prefix = "中午"
    else:
        prefix = "下午" if hour < 18 else "晚上"
    said = zh_number((hour - 1) % 12 + 1)
    said = "两" if said == "二" else said
    tail = {0: "", 30: "半", 15: "一刻"}.get(minute)
    if tail is None:
        tail = ("零" if minute < 10 else "") + zh_number(minute) + "分"
    return f"{prefix}{said}点{tail}"


def en_clock(moment: datetime) -> str:
    """9 am, 5 pm, 2:40 pm."""
    hour = (moment.hour - 1) % 12 + 1
    minute = f":{moment.minute:02d}" if moment.minute else ""
    return f"{hour}{minute} {'am' if moment.hour < NOON else 'pm'}"


def clock(ms: int, zone: str) -> Text:
    moment = local(ms, zone)
    return Text(zh_clock(moment), en_clock(moment))


def range_words(since: int, until: int, zone: str) -> Text:
    """15:10–15:25: a prediction is a range, and read off a screen."""
    start, end = local(since, zone), local(until, zone)
    said = f"{start:%H:%M}–{end:%H:%M}"
    return Text(said, said)


def _day(moment: datetime, today: datetime) -> Text:
    ahead = (moment.date() - today.date()).days
    if ahead == 0:
        return Text("今天", "today")
    if 0 < ahead < 7:
        return Text(_WEEKDAYS_ZH[moment.weekday()], f"on {_WEEKDAYS_EN[moment.weekday()]}")
    return Text(f"{moment.month}月{moment.day}日", f"on {moment:%B} {moment.day}")


def _half_day(start: datetime, end: datetime) -> Text | None:
    if end.hour < NOON or (end.hour == NOON and end.minute == 0):
        return Text("上午", "morning")
    if start.hour >= NOON and end.hour <= 18:
        return Text("下午", "afternoon")
    if start.hour >= 18:
        return Text("晚上", "evening")
    return None


def promise_words(promise: Promise, now: int, zone: str) -> Text:
    """周六上午 · 今天下午三点前: what the shop says it will keep."""
    end, today = local(promise.end, zone), local(now, zone)
    day = _day(end, today)
    if promise.start:
        start = local(promise.start, zone)
        half = _half_day(start, end)
        if half is not None:
            if day.en == "today":
                return Text(day.zh + half.zh, f"this {half.en}")
            return Text(day.zh + half.zh, f"{day.en} {half.en}")
        return Text(
            f"{day.zh}{zh_clock(start)}到{zh_clock(end)}",
            f"{day.en} between {en_clock(start)} and {en_clock(end)}",
        )
    return Text(f"{day.zh}{zh_clock(end)}前", f"{day.en} before {en_clock(end)}")


def new_time_words(promise: Promise, now: int, zone: str) -> Text:
    """下午五点 · 周六九点到十一点: the time a change moved to; the day only when it is another one."""
    end, today = local(promise.end, zone), local(now, zone)
    day = _day(end, today)
    other_day = day.en != "today"
    if promise.start and promise.end - promise.start > 30 * 60_000:
        start = local(promise.start, zone)
        said = Text(f"{zh_clock(start)}到{zh_clock(end)}", f"{en_clock(start)}–{en_clock(end)}")
    else:
        said = Text(zh_clock(end), en_clock(end))
    if not other_day:
        return said
    return Text(day.zh + said.zh, f"{said.en} {day.en}")


def mask_phone(phone: str) -> str:
    """138****8888: enough to recognise, not enough to keep."""
    digits = phone.removeprefix("+86")
    if len(digits) < 7:
        return "*" * len(digits)
    return f"{digits[:3]}****{digits[-4:]}"
