"""Questions in Chinese, with the slips people make while typing, and with English words among them.

A clause is read as words of the lexicon, in every way it can be, and the words' signs are held against a
small grammar. A word that is not in the lexicon ends it: somebody wants something else.
"""

import re
from collections.abc import Mapping

from huaxin.answers.lexicon_zh import words
from huaxin.answers.model import Question

_SIMPLE = str.maketrans(
    "麼裡裏還時點準嗎會來過達訂單請問師幾長間鐘後預計貨沒們現發給遲遠離員騎誤妳為侯纔從嚒這個兒開動送樓門總應該確認麻煩謝勞",
    "么里里还时点准吗会来过达订单请问师几长间钟后预计货没们现发给迟远离员骑误你为候才从么这个儿开动送楼门总应该确认麻烦谢劳",
)
_ENGLISH: Mapping[str, str] = {
    "order": "订单", "orders": "订单", "flower": "花", "flowers": "花",
    "bouquet": "花", "rose": "花", "roses": "花", "eta": "预计到达时间",
    "driver": "配送员", "courier": "配送员", "rider": "配送员", "delivery": "配送",
    "hi": "你好", "hello": "你好", "hey": "你好", "please": "请问", "pls": "请问",
    "plz": "请问", "now": "现在", "thanks": "谢谢", "thx": "谢谢", "my": "我的",
    "late": "迟到", "delay": "延误", "arrive": "到达", "status": "状态",
    "where": "在哪里",
}  # fmt: skip
_PHRASES = (
    (re.compile(r"(?<![a-z])on ?time(?![a-z])"), "准时"),
    (re.compile(r"(?<![a-z])how long(?![a-z])"), "多久"),
)
_SURNAME = re.compile(
    r"小?(?![吗呢啊呀吧了么嘛哦])[\u4e00-\u9fff](?=师傅)|小[\u4e00-\u9fff](?=[到在还什几多能会走送出快])"
)

_WHO = "(?:O?T?(?:[RrY]|RR)?|RO?T|RV)"  # 我的花 · 师傅您 · 你送
_WHO_SURE = "(?:O?T?(?:[RY]|RR)?|RO?T)"  # not 他, who may be the recipient
_NOW = "[ndOG]*"
_TAIL = "[eq]*"
_ASK = "e?q[eq]*"  # a word that asks is needed
_COMING = "V?(?:AR?|E|AE|g)"

# Signs are those of lexicon_zh.SIGNS.
_GRAMMAR: dict[Question, tuple[str, ...]] = {
    Question.where: (
        f"{_WHO}{_NOW}G?AW{_TAIL}",  # 到哪了
        f"{_WHO_SURE}{_NOW}G?Aw[eq]+",  # 到那了
        f"{_WHO}{_NOW}(?:V|VA|E)W[e][eq]*",  # 送到哪了; 送到哪 may ask for the address
        f"{_WHO_SURE}{_NOW}(?:V|VA|E)w[e][eq]*",
        f"O?(?:T|TR|OT|R){_NOW}[GV]*ZW{_TAIL}",  # 花在哪; 你们在哪 asks for the shop
        f"n{_NOW}[GV]*ZW{_TAIL}",
        f"{_NOW}[GV]*ZWe+",
        f"{_WHO}{_NOW}Z?X{_ASK}",  # 出发了吗
        f"{_WHO}{_NOW}VeNq?|{_WHO}{_NOW}V{_ASK}",  # 送了没
        f"{_WHO}{_NOW}pn?(?:X|E|A)e*",  # 是不是出发了
        f"{_WHO}{_NOW}(?:A|E){_ASK}",  # 到了吗
        f"{_WHO}{_NOW}ANA{_TAIL}",
        f"O?T?{_NOW}C{_ASK}|O?T?{_NOW}pC{_TAIL}",  # 做好了吗
        f"O?T{_NOW}V?e?J+{_TAIL}|O?T{_NOW}[VA]*e?J{_TAIL}",  # 订单什么情况
        f"O?{_NOW}T{_NOW}e?J+AW{_TAIL}",
        "O?Te",  # 花呢
    ),
    Question.how_long: (
        f"{_WHO}{_NOW}S+{_NOW}L{_NOW}m*(?:{_COMING})?{_TAIL}",  # 还要多久(能到)
        f"{_WHO}{_NOW}m*L{_NOW}m*{_COMING}{_TAIL}",  # 多久能到
        f"{_WHO}{_NOW}{_COMING}{_NOW}S+{_NOW}L{_TAIL}",  # 到还要多久
        f"{_WHO}{_NOW}m*H{_NOW}m*n*(?:{_COMING}|V){_TAIL}",  # 几点能到
        f"{_WHO}{_NOW}{_COMING}n+H{_TAIL}",  # 送到大概几点
        f"i{_NOW}(?:S+{_NOW}L|H){_NOW}m*g{_TAIL}|i{_NOW}S+L{_TAIL}",  # 我什么时候能收到 我还要等多久
        f"O?T?{_NOW}Mn*(?:H|L)?{_TAIL}",  # 送达时间
        f"{_WHO}{_NOW}[Um]*U[Um]*(?:{_COMING}){_ASK}",  # 快到了吗
        f"{_WHO}{_NOW}p?U+(?:{_COMING})?e+",
        f"{_WHO}{_NOW}U{_ASK}",
        f"{_WHO}{_NOW}k?{_NOW}[Sn]*k?F(?:A|{_COMING})?{_TAIL}",  # 还有多远
        f"{_WHO}{_NOW}S?k?b{_ASK}|{_WHO}{_NOW}S?Nb[eq]*",
        f"O?B{_NOW}S*P{_TAIL}|{_WHO}{_NOW}S+P(?:{_COMING}O?)?{_TAIL}",  # 前面还有几单
        f"O?T?{_NOW}Z?tO?{_TAIL}",  # 排第几
        f"{_WHO}{_NOW}y{_NOW}S{_NOW}N[mV]*(?:{_COMING}){_TAIL}",  # 怎么还没到
        f"{_WHO}{_NOW}S{_NOW}N[mV]*(?:{_COMING}){_ASK}",
        f"{_WHO}d(?:S|m)*m+(?:{_COMING}){_ASK}|{_WHO}dQ(?:{_COMING}){_TAIL}",  # 今天能到吗
    ),
    Question.on_time: (
        f"{_WHO}{_NOW}(?:S|m)*K[mV]*(?:{_COMING})?{_ASK}",  # 能准时吗
        f"{_WHO}{_NOW}S?[Qpc]m*K[mV]*(?:{_COMING})?{_TAIL}",  # 能不能准时
        f"{_WHO}{_NOW}(?:{_COMING})?h*De*(?:{_COMING})?{_ASK}",  # 会晚吗
        f"{_WHO}{_NOW}(?:{_COMING})?[pc]h*S?De*(?:{_COMING})?{_TAIL}",  # 会不会晚
        f"{_WHO}{_NOW}Nh+De*(?:{_COMING})?{_ASK}",  # 不会晚吧
        f"O?T{_NOW}S?IV?(?:{_COMING})?{_ASK}|{_WHO}{_NOW}S?IV?(?:{_COMING}|V){_ASK}",  # 花来得及吗
    ),
}
_FORM = {kind: re.compile("|".join(f"(?:{one})" for one in forms)) for kind, forms in _GRAMMAR.items()}
_CLAUSE = re.compile("|".join(f"(?P<{kind.value}>f*(?:{form.pattern})[fR]*)" for kind, form in _FORM.items()))
_ONLY_AROUND = re.compile("[fRTYe]*")  # 师傅 · 花 alone say nothing

_BETWEEN = re.compile(r"[\W_]+")
_MOST_READINGS = 60
# Questions take ten tries at most, and seven signs. Who puts words together in thousands of ways is left to a
# person: nobody's message may hold up the loop that carries all messages (ANS-5).
_MOST_SIGNS = 20
_MOST_TRIES = 120


def _make_lexicon() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word, sign in words():
        found.setdefault(word, []).append(sign)
    return found


_LEXICON = _make_lexicon()
# First sign of a word → how long words are that begin with it, longest first.
_LENGTHS = {
    first: sorted({len(word) for word in _LEXICON if word[0] == first}, reverse=True)
    for first in {word[0] for word in _LEXICON}
}
_KNOWN = set("".join(_LEXICON))
_SIGNS = re.compile(f"[{re.escape(''.join(sorted(_KNOWN)))}]*")
# The same before anything is taken apart: with traditional forms, the Latin words there are, whatever stands
# between words, and names. Nearly every message that is no question ends here, for a microsecond.
_LATIN = re.compile("[a-z]+")
_TYPED = re.escape(
    "".join(sorted({sign for sign in _KNOWN if not _LATIN.match(sign)} | set(map(chr, _SIMPLE))))
)
_NAMED = sorted(
    {*_ENGLISH, "on", "time", "how", "long", *_LATIN.findall(" ".join(_LEXICON))}, key=len, reverse=True
)
_MAY_BE = re.compile(rf"(?:[{_TYPED}\W_]+|{'|'.join(_NAMED)}|{_SURNAME.pattern})*+")


def read(text: str) -> set[Question]:
    """What is asked in a folded text; empty when anything in it is not understood."""
    if not _MAY_BE.fullmatch(text):
        return set()
    clauses = [_SURNAME.sub("", clause) for clause in _clauses(text)]
    # This is asked of every message that could be a question, on the loop that carries all messages: what is
    # cheap to see comes first, and the grammar only where every word is known.
    if not all(map(_SIGNS.fullmatch, clauses)):
        return set()
    if not all(map(_is_words, clauses)):
        return set()
    readings = []
    for clause in clauses:
        ways = _readings(clause)
        if not ways:
            return set()
        readings.append(ways)
    found: set[Question] = set()
    grammar = _Grammar()
    for ways in readings:
        asked = _read_clause(ways, grammar)
        if asked is None:
            return set()
        found |= asked
    return found


class _Grammar:
    """What one message may ask of the grammar."""

    def __init__(self) -> None:
        self.left = _MOST_TRIES

    def match(self, signs: str, start: int, end: int) -> re.Match[str] | None:
        self.left -= 1
        return _CLAUSE.fullmatch(signs, start, end)


def _clauses(text: str) -> list[str]:
    if _LATIN.search(text):
        for phrase, said in _PHRASES:
            text = phrase.sub(said, text)
        text = _LATIN.sub(lambda m: _ENGLISH.get(m[0], m[0]), text)
    text = text.translate(_SIMPLE)
    # A blank between two Chinese words may be a breath or the end of a sentence: both are tried as one.
    return [clause for clause in _BETWEEN.split(text) if clause]


def _read_clause(readings: list[str], grammar: _Grammar) -> set[Question] | None:
    """Empty: nothing but politeness. None: something else."""
    only_around = False
    for signs in readings:
        if len(signs) > _MOST_SIGNS or grammar.left <= 0:
            return None
        asked = _ask(signs, grammar)
        if asked:
            return asked
        only_around = only_around or _ONLY_AROUND.fullmatch(signs) is not None
    return set() if only_around else None


def _is_words(clause: str) -> bool:
    """Can it be cut into words at all? Bit n of `cuts`: the first n signs can."""
    cuts = 1
    for at, first in enumerate(clause):
        if cuts >> at & 1:
            for length in _LENGTHS.get(first, ()):
                if at + length <= len(clause) and clause[at : at + length] in _LEXICON:
                    cuts |= 1 << (at + length)
        elif not cuts >> at:
            return False
    return bool(cuts >> len(clause) & 1)


def _readings(clause: str) -> list[str]:
    """The clause as signs, in every way its words can be read; empty when it has other words."""
    # From the end: what can be read from each place on.
    ways: list[list[str]] = [[] for _ in clause] + [[""]]
    for at in range(len(clause) - 1, -1, -1):
        found: dict[str, None] = {}
        for length in _LENGTHS.get(clause[at], ()):
            if at + length <= len(clause) and (rest := ways[at + length]):
                for sign in _LEXICON.get(clause[at : at + length], ()):
                    found.update(dict.fromkeys(sign + other for other in rest))
        ways[at] = list(found)[:_MOST_READINGS]
    return ways[0]


def _ask(signs: str, grammar: _Grammar) -> set[Question]:
    end = len(signs)
    match = grammar.match(signs, 0, end)
    if match is not None:
        return {_kind(match)}
    # Two questions in one breath: 到哪了还要多久
    for cut in range(2, end - 1):
        first = grammar.match(signs, 0, cut)
        second = grammar.match(signs, cut, end) if first is not None else None
        if first is not None and second is not None:
            return {_kind(first), _kind(second)}
    return set()


def _kind(match: re.Match[str]) -> Question:
    return Question(str(match.lastgroup))
