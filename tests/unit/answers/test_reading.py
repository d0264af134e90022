"""Which questions the system answers by itself (docs/spec/answers.md)."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huaxin.answers import reading_en, reading_zh
from huaxin.answers.model import Question
from huaxin.answers.reading import read_question
from tests.unit.answers.counting import count, read_ways

# What may stand around a question and changes nothing of it.
POLITE = {
    "好的", "好的谢谢", "谢谢师傅!", "嗯嗯", "在吗", "你好", "师傅", "花", "？", "???", "。。。", "🌹",
    "👍👍", "hi", "hello?", "thanks", "ok", "人呢",
}  # fmt: skip


def test_no_answer_of_the_list_is_false() -> None:
    """ANS-2: what is meant for a person is never answered, and no question gets another one's answer."""
    for name in ("asking.tsv", "unseen.tsv"):
        assert count(read_ways(name)).wrong == []


def test_most_questions_of_the_list_are_answered() -> None:
    """ANS-3: at least 200 ways of asking, at least 95 of a hundred answered; at least 100 that are none."""
    ways = read_ways("asking.tsv")
    found = count(ways)
    asked = [way for way in ways if way.meant != "person"]
    assert len(asked) >= 200
    assert len(ways) - len(asked) >= 100
    assert len({way.said for way in ways}) == len(ways)
    assert sum(way.read == way.meant for way in asked) / len(asked) >= 0.95
    assert found.asked == len(asked)


def test_a_question_with_another_wish_is_left_to_a_person() -> None:
    """ANS-2: whichever comes first, with or without a sign between."""
    ways = [way for way in read_ways("asking.tsv") if way.read == way.meant]
    questions = [way.said for way in ways if way.meant != "person"]
    wishes = [way.said for way in ways if way.meant == "person" and way.said not in POLITE]
    dice = random.Random(7)
    for _ in range(4_000):
        question, wish = dice.choice(questions), dice.choice(wishes)
        joint = dice.choice((",", "。", " ", "?", "\n", ";"))
        for text in (question + joint + wish, wish + joint + question):
            assert read_question(text) is None, text


@pytest.mark.parametrize("polite", sorted(POLITE - {"花"}))
def test_politeness_changes_nothing(polite: str) -> None:
    """ANS-1."""
    for text in (f"{polite} 到哪了", f"到哪了? {polite}"):
        assert read_question(text) is Question.where, text


def test_the_order_of_several_questions_does_not_matter() -> None:
    """ANS-4: the answer that says most answers all."""
    assert read_question("到哪了?能准时吗?") is read_question("能准时吗?到哪了?") is Question.on_time
    assert read_question("还要多久?到哪了?") is read_question("到哪了?还要多久?") is Question.where


@given(
    st.text(max_size=80)
    | st.text(st.sampled_from("到哪了还要多久能准时吗花师傅你我什么候几点送不会晚 ,?了啊"), max_size=60)
)
def test_anything_can_be_read(text: str) -> None:
    """ANS-5: the same words are always read the same way, whatever they are."""
    assert read_question(text) is read_question(text)


def test_much_text_is_not_looked_into() -> None:
    """ANS-5."""
    assert read_question("到哪了" * 1000) is None
    assert read_question("请问" * 29 + "啊") is None


def test_no_message_is_read_in_thousands_of_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """ANS-5: sixty signs put together from the lexicon are left to a person after a bounded look."""
    tries = 0

    class Counted:
        def fullmatch(self, *args: Any) -> Any:
            nonlocal tries
            tries += 1
            return grammar.fullmatch(*args)

    grammar = reading_zh._CLAUSE
    monkeypatch.setattr(reading_zh, "_CLAUSE", Counted())
    for text in (
        "麻烦帮我看看你达到你好为何约定时间内不啦在路途中这个单子送来客服按时准点才会麻烦你鲜花到这里几公里按计划送到位",
        "哥请又迟跑才快行人噢要拿未在那吗姐啊",
        "快" * 60,
    ):
        tries = 0
        assert read_question(text) is None
        assert tries < 200, text


def test_words_nobody_knows_are_compared_with_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """ANS-5: a word is held against those it could be a slip of; the first unknown one ends it."""
    compared = 0

    def counted(word: str, meant: str, most: int) -> int:
        nonlocal compared
        compared += 1
        return slips(word, meant, most)

    slips = reading_en._slips
    monkeypatch.setattr(reading_en, "_slips", counted)
    assert read_question("when aygvbp qxtokv dtwfd mhpo yfhhj rsmgo ikpsdg baza") is None
    assert read_question("wheer are my flwoers") is Question.where
    assert compared < 40
