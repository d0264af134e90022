"""Promises read from notes. Now is Friday 2027-01-15, 10:00 in Shanghai."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from huaxin.orders.model import Promise
from huaxin.tracking.notes import promise_from_note

TZ = ZoneInfo("Asia/Shanghai")
NOW = datetime(2027, 1, 15, 10, 0, tzinfo=TZ)


def words(promise: Promise | None) -> str | None:
    """'15 -15:00' by, '16 09:00-11:00' between; the day of January 2027 first (month-day otherwise)."""
    if promise is None:
        return None
    end = datetime.fromtimestamp(promise.end / 1000, TZ)
    day = f"{end.day}" if (end.year, end.month) == (2027, 1) else f"{end.year}-{end.month}-{end.day}"
    start = datetime.fromtimestamp(promise.start / 1000, TZ).strftime("%H:%M") if promise.start else ""
    return f"{day} {start}-{end:%H:%M}"


def read(note: str, now: datetime = NOW) -> str | None:
    return words(promise_from_note(note, round(now.timestamp() * 1000), TZ))


CHINESE = [
    ("下午三点前送到公司", "15 -15:00"),
    ("明天上午10点前", "16 -10:00"),
    ("周六9-11点", "16 09:00-11:00"),
    ("15:30之前", "15 -15:30"),
    ("今晚七点左右", "15 18:30-19:30"),
    ("中午12点半", "15 12:00-12:30"),
    ("3点到5点", "15 15:00-17:00"),
    ("请在下午3点之前送达，谢谢", "15 -15:00"),
    ("下午 3 点 前 送到 公司", "15 -15:00"),
    ("下午３：３０前送到", "15 -15:30"),
    ("最晚下午四点送到", "15 -16:00"),
    ("最迟16点", "15 -16:00"),
    ("不晚于下午五点", "15 -17:00"),
    ("不要晚于17:00", "15 -17:00"),
    ("下午两点半送到", "15 14:00-14:30"),
    ("下午两点一刻前", "15 -14:15"),
    ("下午两点三刻前送", "15 -14:45"),
    ("晚上八点前送到家里", "15 -20:00"),
    ("二十点前", "15 -20:00"),
    ("十一点半前送来", "15 -11:30"),
    ("11点20分前送到", "15 -11:20"),
    ("明早9点", "16 08:30-09:00"),
    ("明晚7点到8点", "16 19:00-20:00"),
    ("明天下午送", "16 13:00-18:00"),
    ("周六上午送到", "16 08:00-12:00"),
    ("后天中午前送到", "17 -12:00"),
    ("大后天下午4点左右", "18 15:30-16:30"),
    ("星期天10点前", "17 -10:00"),
    ("礼拜一早上九点前送到办公室", "18 -09:00"),
    ("下周三下午2点-4点", "20 14:00-16:00"),
    ("本周日下午3点前", "17 -15:00"),
    ("这周三下午3点前", None),  # past
    ("周五下午6点前", "15 -18:00"),  # today
    ("周五上午9点前", "22 -09:00"),  # today, past: the next Friday
    ("20号上午10点前", "20 -10:00"),
    ("1月20日上午十点前送到", "20 -10:00"),
    ("2月14日上午9点到11点", "2027-2-14 09:00-11:00"),
    ("上午9点前送到", "16 -09:00"),  # past today: tomorrow
    ("今天上午9点前送到", None),  # named and past
    ("今天下午三点前", "15 -15:00"),
    ("下午3点以后送", "15 15:00-21:00"),
    ("不要早于下午3点", "15 15:00-21:00"),
    ("9点后11点前", "15 09:00-11:00"),
    ("上午11点到1点之间", "15 11:00-13:00"),
    ("下午三点和五点之间送", "15 15:00-17:00"),
    ("从14:00至16:00", "15 14:00-16:00"),
    ("14:00～16:00", "15 14:00-16:00"),
    ("下午一点前", "15 -13:00"),
    ("一个小时内送到", "15 -11:00"),
    ("半小时内", "15 -10:30"),
    ("两个半小时以内送到", "15 -12:30"),
    ("40分钟内", "15 -10:40"),
    ("三点开会，两点前送到", "15 -14:00"),
    ("下午三点开会前送到", "15 -15:00"),
    ("明天送，下午三点前", "16 -15:00"),
    ("明天送到", "16 08:00-21:00"),
    ("上午不在家，下午三点后送", "15 15:00-21:00"),
    ("送到阳光小区5号楼3单元401，下午三点前", "15 -15:00"),
    ("7点前送到", "15 -19:00"),  # a bare seven is the evening
    ("生日快乐！下午四点前送到", "15 -16:00"),
    ("早上9点半之前送，别按门铃", "16 -09:30"),
    ("大约下午五点", "15 16:30-17:30"),
    ("10-12点之间送到", "15 10:00-12:00"),
    ("周二十点前", "19 -10:00"),
    ("12点前送到，别迟到", "15 -12:00"),
    ("地址：云溪国际中心A座18楼1801，联系电话13812345678，请14:30前送达", "15 -14:30"),
    ("卡片写「我爱你」，明天中午送", "16 11:00-13:00"),
    ("晚上六点到八点之间", "15 18:00-20:00"),
    ("傍晚6点左右送到学校门口", "15 17:30-18:30"),
    ("妈妈早上8点出门，请7点半前送到", "16 -07:30"),
    ("下午3点-5点", "15 15:00-17:00"),
    ("下午两点到三点半", "15 14:00-15:30"),
    ("下午2:00-3:30送", "15 14:00-15:30"),
    ("9:00-11:00", "15 09:00-11:00"),
    ("20点半之前", "15 -20:30"),
]

ENGLISH = [
    ("before 3 pm", "15 -15:00"),
    ("Saturday 9–11am", "16 09:00-11:00"),
    ("by 15:30 tomorrow", "16 -15:30"),
    ("Please deliver by 5pm.", "15 -17:00"),
    ("deliver before 3:30 p.m. to the office", "15 -15:30"),
    ("between 3 and 5 pm", "15 15:00-17:00"),
    ("from 11am to 1pm", "15 11:00-13:00"),
    ("11-1pm", "15 11:00-13:00"),
    ("around 7pm tonight", "15 18:30-19:30"),
    ("tonight at 7", "15 18:30-19:00"),
    ("tomorrow morning", "16 08:00-12:00"),
    ("this afternoon please", "15 13:00-18:00"),
    ("by noon", "15 -12:00"),
    ("no later than 4pm", "15 -16:00"),
    ("not before 2 pm", "15 14:00-21:00"),
    ("after 5pm", "15 17:00-21:00"),
    ("within 2 hours", "15 -12:00"),
    ("in half an hour", "15 -10:30"),
    ("next Monday by 10am", "18 -10:00"),
    ("Feb 14 before 11 am", "2027-2-14 -11:00"),
    ("by 3 please", "15 -15:00"),
    ("10:30 am on Sunday", "17 10:00-10:30"),
    ("day after tomorrow 2pm-4pm", "17 14:00-16:00"),
    ("by 9 am", "16 -09:00"),  # past today: tomorrow
    ("after 3 pm and before 5 pm", "15 15:00-17:00"),
    ("meeting at 3 pm, deliver by 2 pm", "15 -14:00"),
    ("5pm at the latest", "15 -17:00"),
    ("tomorrow by half past two", "16 -14:30"),
]

NOTHING = [
    "", "谢谢", "尽快送到", "请快一点", "早一点送", "晚一点也可以", "花要漂亮一点", "两点要求：新鲜，好看",
    "5号楼3单元401", "请放门口，电话13812345678", "一周一次", "99朵玫瑰", "上午好，麻烦了", "晚上好",
    "下班前送到", "下午三点开会", "3点或者4点送", "下午三点前不要送", "周末送到", "情人节当天上午送",
    "凌晨3点送到", "25:00前", "今天或明天下午三点前", "明天上午没人", "10分之前", "祝妈妈母亲节快乐",
    "时间不急", "有时候不在家", "as soon as possible", "thanks", "room 401", "at 12 Green Street",
    "at 3 or 4 pm", "3或4点送",
    "don't deliver before 3 pm", "by 12 am", "see you on the dance floor", "meeting at 3 pm", "2 bouquets",
    "today by 9 am", "call +86 138 1234 5678", "每周六上午", "🌹" * 300,
]  # fmt: skip


@pytest.mark.parametrize(("note", "meant"), CHINESE)
def test_chinese(note: str, meant: str | None) -> None:
    """TR-50 … TR-56: one clear wish becomes the promise."""
    assert read(note) == meant


@pytest.mark.parametrize(("note", "meant"), ENGLISH)
def test_english(note: str, meant: str | None) -> None:
    """TR-50 … TR-56, in English."""
    assert read(note) == meant


@pytest.mark.parametrize("note", NOTHING)
def test_no_promise(note: str) -> None:
    """TR-57: no time, more than one, a negation, another event's time, no hour for flowers: None."""
    assert read(note) is None


def test_the_clock_decides_what_a_bare_hour_means() -> None:
    """TR-52: with no half of the day and no day said, the next such hour within the day's deliveries."""
    assert read("8点前", NOW.replace(hour=7)) == "15 -08:00"
    assert read("8点前", NOW.replace(hour=14)) == "15 -20:00"
    assert read("8点前", NOW.replace(hour=21)) == "16 -08:00"
    assert read("3点前", NOW.replace(hour=16)) == "16 -15:00"


def test_source_is_the_note_and_any_time_zone_works() -> None:
    """TR-50: the promise says where it came from; hours are the shop's."""
    promise = promise_from_note("下午三点前", round(NOW.timestamp() * 1000), ZoneInfo("Europe/Berlin"))
    assert promise is not None
    assert promise.source == "note"
    assert datetime.fromtimestamp(promise.end / 1000, ZoneInfo("Europe/Berlin")).hour == 15


@pytest.mark.parametrize("note", [n for n, _ in CHINESE + ENGLISH])
@pytest.mark.parametrize("hours", [0, 5, 9, 13, 30])
def test_never_in_the_past_never_upside_down(note: str, hours: int) -> None:
    """TR-58: at any hour a promise read from a note ends in the future and after it starts."""
    now = NOW + timedelta(hours=hours)
    promise = promise_from_note(note, round(now.timestamp() * 1000), TZ)
    if promise is not None:
        assert promise.end > now.timestamp() * 1000
        assert promise.start < promise.end
