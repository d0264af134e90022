"""What is answered (docs/spec/answers.md)."""

from typing import Any

import pytest
from msgspec.structs import replace

from huaxin.answers.model import Facts, Question
from huaxin.answers.words import answer
from huaxin.kernel import Point, Text
from huaxin.orders.model import Address, Courier, Order, Party, Promise, Status
from tests.unit.orders.helpers import at

NOW = at("2026-03-06 14:30")
ORDER = Order(
    id="order-0001", shop="s", number=1042, status=Status.delivering, placed_at=at("2026-03-06 10:00"),
    buyer=Party(person="p", name="李女士"), recipient=Party(name="妈妈"), lines=[], total=0,
    address=Address(text="阳光小区", point=Point(30, 120)), promise=Promise(end=at("2026-03-06 15:00")),
    courier=Courier(person="c", name="张师傅", phone="13800001111"),
)  # fmt: skip
FACTS = Facts(
    eta_from=at("2026-03-06 14:42"), eta_to=at("2026-03-06 14:50"), chance=0.95, verdict="on_time",
    stops_before=2, heard_at=NOW - 5_000,
)  # fmt: skip


def _say(question: Question, order: Any = None, facts: Any = None, now: int = NOW) -> Text:
    return answer(question, replace(ORDER, **(order or {})), replace(FACTS, **(facts or {})), now)


def test_on_the_road() -> None:
    """ANS-6: where, what comes before, the range of time, the promise; in both languages."""
    assert _say(Question.where) == Text(
        "您的鲜花由配送员张师傅配送,正在路上,前面还有2站。"
        "大约还要12到20分钟,预计下午两点四十二分到两点五十分之间送达。"
        "承诺的时间是今天下午三点前。",
        "Your flowers are on their way with 张师傅, with 2 stops before yours. "
        "We expect it in about 12 to 20 minutes, between 2:42 pm and 2:50 pm. "
        "The promised time is today before 3 pm.",
    )  # fmt: skip
    assert _say(Question.how_long).zh.startswith("大约还要12到20分钟")
    assert _say(Question.on_time).zh.startswith("按现在的情况,可以准时送达。")
    assert "下一站就是您" in _say(Question.where, facts={"stops_before": 0}).zh
    assert "1 stop before" in _say(Question.where, facts={"stops_before": 1}).en


def test_an_old_position_is_said_first() -> None:
    """ANS-7: honest about what is not known."""
    facts = {"stale": True, "heard_at": NOW - 6 * 60_000, "stops_before": 0}
    for question in (Question.where, Question.how_long):
        assert _say(question, facts=facts).zh.startswith("已有6分钟没有收到配送员的位置")
    assert "下一站" not in _say(Question.where, facts=facts).zh
    assert _say(Question.on_time, facts=facts).zh.startswith("暂时收不到配送员的最新位置,现在还说不准")
    lost = Facts(stale=True)
    assert answer(Question.how_long, ORDER, lost, NOW).zh == (
        "暂时收不到配送员的位置。您的鲜花由配送员张师傅配送,正在路上。承诺的时间是今天下午三点前。"
    )


def test_late_is_called_late() -> None:
    """ANS-7."""
    assert _say(Question.on_time, facts={"verdict": "slipping"}).zh.startswith("有可能会晚一点")
    assert _say(Question.on_time, facts={"verdict": "late"}).zh.startswith("非常抱歉,会比承诺的时间晚")
    late = _say(Question.on_time, now=at("2026-03-06 15:10"), facts={"eta_to": at("2026-03-06 15:20")})
    assert late.zh.startswith("非常抱歉")
    assert "承诺" not in late.zh.removeprefix("非常抱歉,会比承诺的时间晚")


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("question", list(Question))
def test_every_state_has_an_answer(status: Status, question: Question) -> None:
    """ANS-6: in both languages, without a hole; nothing is promised that has ended."""
    for facts in (Facts(), FACTS):
        said = answer(question, replace(ORDER, status=status, times={"delivered": NOW}), facts, NOW)
        for words in (said.zh, said.en):
            assert words
            assert "None" not in words
            assert "{" not in words
        assert said.zh.endswith("。")
        assert said.en.endswith(".")
    if status in (Status.delivered, Status.cancelled, Status.returned):
        assert "预计" not in said.zh


def test_before_it_left_the_promise_is_said_and_nothing_is_invented() -> None:
    """ANS-7."""
    said = answer(Question.where, replace(ORDER, status=Status.making, courier=None), Facts(), NOW)
    assert said.zh == "您的鲜花正在花店制作,还没有出发。承诺的时间是今天下午三点前。"
    said = answer(Question.on_time, replace(ORDER, status=Status.making, courier=None), Facts(), NOW)
    assert said.zh.startswith("目前一切按计划进行,如果可能会晚,我们会第一时间告诉您。")


def test_an_agreed_time_is_the_time() -> None:
    assert "已与您约定下午五点送达" in _say(Question.how_long, {"agreed_at": at("2026-03-06 17:00")}).zh
