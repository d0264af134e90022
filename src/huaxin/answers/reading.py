"""Is this one of the questions the facts answer? Everything that was written must be part of the question.

A false answer is worse than none: greetings, politeness and names may stand around a question, but whatever
is left over (another wish, a reason, another order) means that a person reads it. No learning, no guessing:
the same words are always read the same way.
"""

import re
import unicodedata

from huaxin.answers import reading_en, reading_zh
from huaxin.answers.model import Question

LONGEST = 60  # signs: who writes more wants more
_HAN = re.compile(r"[\u4e00-\u9fff]")
# Most messages ask nothing: a look at a few signs is all they cost.
_HINT = re.compile(
    r"[到道达達多几幾时時准準晚迟遲远遠快呢发發出哪那拿路进進度做包货貨配派送取误誤样樣况況态態及]|"
    r"wh|wer|when|how|eta|time|late|any|update|status|long|arriv|here|close|delay|has|is|did|are|dao|ji|neng|duo|"
    r"still|schedule|progress|almost|when|tiem",
    re.IGNORECASE,
)
# Asked more than one thing, the answer is the one that says most.
_MOST_TELLING = (Question.on_time, Question.where, Question.how_long)


def read_question(text: str) -> Question | None:
    """The question, or None: a person reads it. At most 60 signs are looked at."""
    if len(text) > LONGEST or not _HINT.search(text):
        return None
    plain = unicodedata.normalize("NFKC", text).casefold()
    found = reading_zh.read(plain) if _HAN.search(plain) else reading_en.read(plain)
    return next((one for one in _MOST_TELLING if one in found), None)
