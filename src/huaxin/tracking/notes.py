"""From a buyer's note to the promise that is tracked: 「下午三点前送到公司」 (O1).

A wrong promise is worse than none, and a question is better than either: what may mean one of a few times is
read as those, for a person to choose. The rules are in docs/spec/tracking.md.
"""

import re
import unicodedata
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import NamedTuple

from huaxin.orders.model import Promise
from huaxin.tracking import wish_en, wish_zh
from huaxin.tracking.feasts import say_dates
from huaxin.tracking.wish import Kind, Wish, next_after, promise_of, promises_of
from huaxin.tracking.wish_ways import ways_of

_CJK = re.compile(r"[\u4e00-\u9fff]")
_DASHES = re.compile(r"\s*[\u2010-\u2015\u2212~\-]+\s*")
MAX_NOTE = 500


class Doubt(StrEnum):
    """Why a note is asked about."""

    none = ""
    half = "half"  # 「8点前」: in the morning or in the evening
    either = "either"  # 「周六或者周日」, 「下班前」
    past = "past"  # 「今天上午9点前」, said at noon: the next such time is offered


class Reading(NamedTuple):
    """`promise` is what the note says, the likeliest when there is doubt; None: nothing clear.

    `choices`, when there is doubt, are what it may mean, the likeliest first.
    """

    promise: Promise | None = None
    choices: tuple[Promise, ...] = ()
    doubt: Doubt = Doubt.none


_NOTHING = Reading()


def promise_from_note(note: str, now_ms: int, tz: tzinfo) -> Promise | None:
    """The promise a note asks for (`source` "note"), None when it asks for none, for more than one, or for
    one that has passed."""
    return read_note(note, now_ms, tz).promise


def read_note(note: str, now_ms: int, tz: tzinfo) -> Reading:
    """What a note asks for, at this moment in the shop's time zone."""
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", note[:MAX_NOTE]).lower())
    chinese = bool(_CJK.search(text))
    if chinese:
        text = re.sub(r"[^\S\n]+", "", text)
    now = datetime.fromtimestamp(now_ms / 1000, tz)
    text = say_dates(text.replace("\u2019", "'"), now.date(), chinese)
    ways = ways_of(text, chinese)
    if len(set(ways)) < 2:
        return _read(ways[0] if ways else text, chinese, now)
    found = [_read(way, chinese, now).promise for way in ways]
    promises = tuple(dict.fromkeys(one for one in found if one is not None))
    # One of two may have passed: what is left is still only one of the two that were said.
    return Reading(choices=promises, doubt=Doubt.either) if promises else _NOTHING


def _read(text: str, chinese: bool, now: datetime) -> Reading:
    found = wish_zh.wishes(text) if chinese else wish_en.wishes(text)
    wish = _one_of(found) if found else None
    if wish is None:
        return _NOTHING
    promise = promise_of(wish, now)
    if promise is None:
        later = next_after(wish, now)
        return Reading(choices=(later,), doubt=Doubt.past) if later else _NOTHING
    meant = tuple(promises_of(wish, now))
    return Reading(promise, meant, Doubt.half) if len(meant) > 1 else Reading(promise)


def _one_of(found: list[Wish]) -> Wish | None:
    """One wish, said once or more; "after 3" and "before 5" together are a range."""
    different = list(dict.fromkeys(found))
    if len(different) == 1:
        return different[0]
    if len(different) == 2:
        first, second = sorted(different, key=lambda w: w.kind is Kind.by)
        if (first.kind, second.kind) == (Kind.after, Kind.by) and first.day == second.day:
            return Wish(Kind.between, first.first, second.first, first.day)
    return None
