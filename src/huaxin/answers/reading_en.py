# ruff: noqa: E501 (lines of words read better whole)
"""Questions in English, with slips of typing, and a few in Chinese written with Latin letters."""

import re
from functools import lru_cache

from huaxin.answers.model import Question

_EXPAND = (
    (r"[’`]", "'"), (r"\bwheres\b|\bwhere's\b", "where is"), (r"\bwhere're\b|\bwhere r\b", "where are"),
    (r"\bwhats\b|\bwhat's\b", "what is"), (r"\bhows\b|\bhow's\b", "how is"), (r"\bwhen's\b|\bwhens\b", "when is"),
    (r"\bit'?ll\b", "will it"), (r"\bhow long'?s\b", "how long is"), (r"\b(?:u|ya|ye)\b", "you"), (r"\br\b", "are"),
    (r"\bur\b", "your"), (r"\be\.t\.a\.?", "eta"), (r"\b(?:gonna|goin to|gunna)\b", "going to"), (r"\btil\b|\b'til\b", "till"),
    (r"\bmins?\b", "minutes"), (r"\bdo y'?all\b", "do you"), (r"\bon-time\b|\bontime\b", "on time"),
    (r"\bwil\b|\bwill?l\b", "will"), (r"\bwen\b|\bwehn\b", "when"), (r"\bhw\b", "how"),
    (r"\bisn'?t\b", "is not"), (r"\bhasn'?t\b", "has not"), (r"\baren'?t\b", "are not"),
)  # fmt: skip
_EXPANSIONS = [(re.compile(pattern), said) for pattern, said in _EXPAND]

_AROUND = (
    r"(?:hi|hello|hey|heya|good (?:morning|afternoon|evening|day)|dear|sir|madam|miss|guys|team|all|folks|mate|"
    r"please|pls|plz|thanks|thank you|thx|ty|cheers|sorry|excuse me|pardon|um+|uh+|hmm+|so|and|ok|okay|well|oh|"
    r"just|now|right now|currently|at the moment|today|exactly|roughly|approximately|about|again|actually|btw|"
    r"by the way|quick question|just checking|just wondering|just curious|checking in|following up|"
    r"(?:can|could|would|will) you (?:please |kindly )?(?:tell|let) me(?: know)?|(?:do )?you (?:know|think)|(?:do you have )?any idea|"
    r"i (?:was|am) (?:just )?wondering|i(?: would|'d) like to know|i want to know|may i (?:ask|know)|can i ask|"
    r"(?:may|can|could) i know|tell me|wondering|sorry to bother(?: you)?|then|anyone|anybody|yet)"
)
_OWN = r"(?:my|the|our|this|that|mine|her|his)"
_ITEM = (
    r"(?:flowers?|orders?|delivery|bouquet|roses?|carnations?|lilies|tulips|sunflowers?|package|parcel|gift|stuff|"
    r"courier|driver|rider|delivery (?:guy|man|person|driver|boy)|flower (?:delivery|order))"
)
_IT = rf"(?:{_OWN} (?:{_ITEM} )?{_ITEM}|it|they|you(?: guys)?|he|she|everything|{_ITEM})"
_NOW = (
    r"(?: (?:right )?(?:now|currently|at|at the moment|exactly|today|then|please|yet|so far|already|by now))*"
)
_HERE = r"(?: (?:here|there|to me|to us|at my (?:place|door|home|house|office)|home|at home|to my (?:place|home|house|office)))?"
_ARRIVE = (
    rf"(?:arrive{_HERE}|arriving{_HERE}|come{_HERE}|coming{_HERE}|get (?:here|there|to me)|getting (?:here|there)|"
    rf"be (?:here|there|delivered|arriving|coming|at my (?:place|door|home|office|house))|delivered|delivering|be delivering|"
    rf"be done|show up|reach me|reach{_HERE}|turn up|deliver|deliver it|make it{_HERE}|here|there|due|expected)"
)
_GO = r"(?:going to |supposed to |meant to |able to |expected to |likely to |scheduled to )?"
_UNTIL = r"(?:until|till|before|for|to)"

_FORMS: dict[Question, tuple[str, ...]] = {
    Question.where: (
        rf"where (?:is|are|the hell is) {_IT}{_NOW}",
        rf"where {_IT}(?: (?:at|is|are))?{_NOW}",
        rf"where has {_IT} got(?:ten)? to",
        rf"{_IT} where",
        rf"how is {_IT}(?: (?:going|coming|coming along|doing))?{_NOW}",
        rf"(?:is there |do you have |got |have you got )?(?:any|an) (?:update|updates|news)(?: (?:on|about|for|of|from|regarding) (?:where )?{_IT}(?: is)?)?{_NOW}",
        rf"(?:can|could|may) i (?:get|have) (?:an|any|some) updates?(?: (?:on|about|for|of) {_IT})?",
        rf"(?:what is the )?(?:current )?(?:status|location|position|progress) (?:of|on|for) {_IT}{_NOW}",
        rf"what is (?:the |my )?(?:(?:order|delivery) )?(?:status|progress){_NOW}",
        r"(?:order|delivery|my order) (?:status|update|progress)",
        rf"(?:has|have|did) {_IT} (?:already )?(?:been )?(?:left|leave|ship|shipped|arrived?|sent|dispatched|picked up|delivered|gone out|go out|set off|set out|started|out for delivery){_HERE}{_NOW}",
        rf"(?:is|are) {_IT} (?:already )?(?:here|on (?:its|the|your|his|her|their) way|out for delivery|delivered|en route|coming|shipped|sent|out){_NOW}",
    ),
    Question.how_long: (
        rf"how (?:much )?(?:long|longer|more time)(?: (?:more|left|now|still))*(?: (?:is it|do i have to wait|to wait|to go|will it be|does it take|will it take|should i wait|must i wait))?{_NOW}",
        rf"how (?:much )?(?:long|longer) {_UNTIL} {_IT}(?: (?:is |are |will )?(?:gets?|arrives?|comes?|{_ARRIVE})(?: (?:here|there|to me))?)?{_NOW}",
        rf"how (?:much )?(?:long|longer) (?:will|does|would|is|do|are) {_IT} (?:still )?{_GO}(?:take|be|need)?(?: (?:to (?:arrive|get here|be delivered|get to me|deliver|come|get there|reach me)|for delivery|for {_IT}))?{_NOW}",
        rf"how much (?:more )?time(?: is)?(?: left| remaining)?(?: {_UNTIL} {_IT}(?: {_ARRIVE}| arrives| gets here)?)?",
        rf"how many (?:more )?minutes(?: (?:more|left|away|to go|out|is it|are you|is {_IT}))*(?: {_UNTIL} {_IT}(?: {_ARRIVE}| arrives| gets here)?)?",
        rf"(?:when|what time|around what time|about what time|at what time|approximately when|roughly when|how soon) (?:will|is|are|can|does|do|should|would|might) {_IT} (?:be |still )?{_GO}{_ARRIVE}{_NOW}",
        rf"(?:when|what time) (?:can|should|do|could|will) i (?:expect|get|receive|have) {_IT}(?: to {_ARRIVE})?{_NOW}",
        rf"(?:when|what time) {_IT} (?:will |is |are )?(?:{_ARRIVE}|arrives|comes){_NOW}",
        rf"(?:what is )?(?:the |your |an |any )?(?:(?:estimated|expected|approximate) )?(?:eta|(?:estimated|expected) (?:time|arrival|delivery|time of arrival)|(?:delivery|arrival) time)(?: (?:of|for|on) {_IT}| (?:delivery|arrival))?{_NOW}",
        rf"how far(?: (?:away|out|off))?(?: (?:are|is) {_IT})?(?: (?:away|out|off))?(?: from (?:me|here|us|my (?:place|home|house|office)))?{_NOW}",
        rf"how (?:close|near) (?:are|is) {_IT}{_NOW}",
        r"how many (?:more )?(?:stops|deliveries|orders)(?: (?:left|are|are there|do you have))*(?: (?:before|until|till|ahead of) (?:mine|me|my (?:order|turn|stop|delivery)|you get here))?",
        rf"(?:is|are) {_IT} (?:almost|nearly|close|near|nearby|getting close|any closer|very far|far)(?: (?:here|there|to me|yet|away|by|now))*",
        r"(?:almost|nearly) (?:here|there)",
        rf"will {_IT} (?:be|take) (?:long|much longer)",
        r"(?:much )?longer",
        rf"(?:is|are|has|have) {_IT} not (?:here|there|arrived|come|been delivered|delivered){_NOW}",
    ),
    Question.on_time: (
        rf"(?:will|is|are|can|would|should|does|do) {_IT} (?:still |be )?{_GO}(?:still )?(?:be |{_ARRIVE} |make it |going )?(?:there |here )?(?:on time|in time|on schedule|on track|punctual|as promised|as planned|as scheduled|by the promised time){_NOW}",
        rf"(?:will|is|are|would|does) {_IT} (?:still )?{_GO}(?:be |{_ARRIVE} |run |running )?(?:late|delayed|behind schedule|running late|running behind){_NOW}",
        rf"(?:will|can|would) {_IT} (?:still )?make it(?: (?:on|in) time)?{_NOW}",
        rf"(?:is|are) {_IT} (?:still )?going to make it(?: (?:on|in) time)?{_NOW}",
        rf"(?:is )?everything (?:still )?(?:on time|on schedule|on track){_NOW}",
        r"(?:are we |are we still |still )(?:on time|on schedule|on track)",
        r"(?:any|is there (?:any|a)|are there any) delays?",
        rf"(?:has|have) {_IT} been delayed{_NOW}",
    ),
}  # fmt: skip
_FORM = {kind: re.compile("(?:" + "|".join(forms) + ")") for kind, forms in _FORMS.items()}
_LEAD = re.compile(rf"(?:{_AROUND} )+")
_TAIL = re.compile(rf"(?: {_AROUND})+$")
_ONLY_AROUND = re.compile(rf"{_AROUND}(?: {_AROUND})*")

_KNOWN = frozenset(re.findall(r"[a-z]{2,}", " ".join([_AROUND, *(f for fs in _FORMS.values() for f in fs)])))
_KNOWN_OR_SHORT = _KNOWN | {"i", "a", "d"}
# Words of their own that a slip of the finger could make of ours.
_OTHER_WORDS = """
later older order's border date gate rate fate mate plate slate hate fine line like lime dime tie
times shop stop show know snow grow song along belong lone than then what that whom whose well wall
call bill fill mill lower slower tower power driven drives combing closed clothes chose lose loose
sway awry bear dear fear gear hear wear year neat lift loft let such must man mary need hers hero
made male cake lake wake bake send wine nine mind them four hour pour tour your hours heart share
stuffs wall hall ball tall tell sell even ever never over under after lets lost post most must chang
change white which while water mother other another brother father sister live love leave life wife
home come some same name game card cart care dare bare fare rare hire fire wire tire there where
here were are our out put get got not lot plan place plane plant place's ribbon shape sharp short
shirt sort part park mark dark work word world
"""
_OTHER = frozenset(_OTHER_WORDS.split())
_PINYIN = {
    "daonale": Question.where, "daonalile": Question.where, "daonaerle": Question.where, "daolema": Question.where,
    "daolemei": Question.where, "daona": Question.where, "chufalema": Question.where, "huadaonale": Question.where,
    "haiyaoduojiu": Question.how_long, "haiyouduojiu": Question.how_long, "duojiudao": Question.how_long,
    "duojiunengdao": Question.how_long, "jidiandao": Question.how_long, "jidiannengdao": Question.how_long,
    "shenmeshihoudao": Question.how_long, "kuaidaolema": Question.how_long, "nengzhunshima": Question.on_time,
    "huichidaoma": Question.on_time, "nengzhunshidaoma": Question.on_time,
}  # fmt: skip


def read(text: str) -> set[Question]:
    """What is asked in a folded text; empty when anything in it is not understood."""
    for pattern, said in _EXPANSIONS:
        text = pattern.sub(said, text)
    pinyin = _PINYIN.get(re.sub(r"[^a-z0-9]", "", text))
    if pinyin is not None:
        return {pinyin}
    found: set[Question] = set()
    for clause in re.split(r"[.!?;,:~…\n()-]+", text):
        words = re.findall(r"[a-z']+|\d+|[^\W\d_]+", clause)
        if not words:
            continue
        meant = []
        for word in words:
            meant.append(_mend(word.strip("'")))
            if meant[-1] not in _KNOWN_OR_SHORT:
                return set()
        asked = _read_clause(" ".join(meant))
        if asked is None:
            return set()
        found |= asked
    return found


def _read_clause(clause: str) -> set[Question] | None:
    """Empty: nothing but politeness. None: something else."""
    clause = clause.strip()
    if not clause or _ONLY_AROUND.fullmatch(clause):
        return set()
    asked = _ask(clause) or _ask(_LEAD.sub("", clause, count=1)) if _LEAD.match(clause) else _ask(clause)
    if asked:
        return asked
    bare = _TAIL.sub("", clause)
    return _ask(bare) or _ask(_LEAD.sub("", bare, count=1) if _LEAD.match(bare) else bare) or None


def _ask(piece: str) -> set[Question]:
    for kind, form in _FORM.items():
        if form.fullmatch(piece):
            return {kind}
    for joint in (" and ", " or ", " so ", " "):
        for at in _all_of(piece, joint):
            first = [kind for kind, form in _FORM.items() if form.fullmatch(piece, 0, at)]
            second = [kind for kind, form in _FORM.items() if form.fullmatch(piece, at + len(joint))]
            if first and second:
                return {first[0], second[0]}
    return set()


def _all_of(piece: str, joint: str) -> list[int]:
    return [at for at in range(len(piece)) if piece.startswith(joint, at)]


def _shortened(word: str, most: int) -> set[str]:
    """The word, and what is left of it without up to `most` of its letters. Two words that are `most` slips
    apart have one of these in common."""
    found = last = {word}
    for _ in range(most):
        last = {one[:at] + one[at + 1 :] for one in last for at in range(len(one))}
        found = found | last
    return found


def _make_near() -> dict[str, list[str]]:
    near: dict[str, list[str]] = {}
    for known in _KNOWN:
        for one in _shortened(known, 2):
            near.setdefault(one, []).append(known)
    return near


# Comparing a word with every known one would take milliseconds, and this runs on the loop that carries messages.
_NEAR = _make_near()
_LONGEST = max(map(len, _KNOWN))


@lru_cache(maxsize=2_000)
def _mend(word: str) -> str:
    """A word with one slip of the finger (two in a long one) as the word that was meant."""
    if word == "were":
        return "where"  # 'were' begins none of these questions
    if word in _KNOWN or word in _OTHER or len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    most = 2 if len(word) >= 7 else 1
    if len(word) > _LONGEST + most:
        return word
    alike = {known for one in _shortened(word, most) for known in _NEAR.get(one, ())}
    near = [(distance, known) for known in alike if (distance := _slips(word, known, most)) <= most]
    # The first letter is rarely the wrong one, and a letter left out is more common than one too many.
    best = min(near, key=lambda one: (one[0], one[1][0] != word[0], -len(one[1]), one[1]), default=(0, word))
    return best[1]


def _slips(word: str, meant: str, most: int) -> int:
    """Letters added, left out, changed or swapped with their neighbour; most + 1 when there are more."""
    if abs(len(word) - len(meant)) > most or len(meant) < 3:
        return most + 1
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(word, 1):
        older, before, row = before, row, [i] + [0] * len(meant)
        for j, other in enumerate(meant, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == meant[j - 2] and word[i - 2] == other:
                row[j] = min(row[j], older[j - 2] + 1)
    return row[-1]
