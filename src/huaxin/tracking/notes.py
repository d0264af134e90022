"""From a buyer's note to the promise that is tracked: 「下午三点前送到公司」 (O1).

A wrong promise is worse than none: what is not clearly one wish for one time gives None. The buyer sees the
promise before placing, so a sensible reading beats a question. The rules are in docs/spec/tracking.md.
"""

import re
import unicodedata
from datetime import tzinfo

from huaxin.orders.model import Promise
from huaxin.tracking import wish_en, wish_zh
from huaxin.tracking.wish import Kind, Wish, promise_of

_CJK = re.compile(r"[\u4e00-\u9fff]")
_DASHES = re.compile(r"\s*[\u2010-\u2015\u2212~\-]+\s*")
MAX_NOTE = 500


def promise_from_note(note: str, now_ms: int, tz: tzinfo) -> Promise | None:
    """The promise a note asks for (`source` "note"), None when it asks for none, for more than one, or for
    one that has passed."""
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", note[:MAX_NOTE]).lower())
    packed = re.sub(r"[^\S\n]+", "", text)
    found = wish_zh.wishes(packed) if _CJK.search(text) else wish_en.wishes(text)
    if not found:
        return None
    wish = _one_of(found)
    return promise_of(wish, now_ms, tz) if wish else None


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
