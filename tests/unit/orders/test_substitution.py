"""Other flowers than ordered: docs/spec/flowers.md."""

from typing import Any

import msgspec
import pytest

from huaxin.journal.model import Rejected
from huaxin.kernel import Role, Stem
from huaxin.live.attention import attention_for
from huaxin.orders import commands as c
from huaxin.orders.lifecycle import allowed_actions
from huaxin.orders.model import Line, Promise, Status, Substitution
from huaxin.orders.redact import redact
from huaxin.orders.timing import due_steps, steps_of
from tests.unit.orders.helpers import FRIDAY, ORDER, Play, notices

MINUTE = 60_000
PICTURE = "/pictures/own/champagne.jpg"
PINK = [Stem("粉玫瑰", 11, "pink rose"), Stem("满天星", 3)]
ROSES = Line(product="pink_rose", name="粉玫瑰花束", name_en="Pink roses", price=23900, recipe=PINK)
LILY = Line(product="lily", name="白百合花束", price=19800, quantity=2, recipe=[Stem("白百合", 6)])


def ordered(when_out: str = "ask", lines: list[Line] | None = None) -> Play:
    play = Play(FRIDAY)
    play.place(when_out=when_out, priced=lines or [ROSES], promise=Promise(end=FRIDAY + 6 * 3_600_000))
    play.do("shop", c.ConfirmOrder(order=ORDER))
    return play


def offer(play: Play, **changes: Any) -> list[str]:
    fields = {"stem": "粉玫瑰", "name": "香槟玫瑰", "name_en": "champagne rose", "picture": PICTURE} | changes
    return notices(play.do("shop", c.ProposeSubstitute(order=ORDER, **fields)))


def last(play: Play) -> Substitution:
    return play.state.substitutions[-1]


def answer(play: Play, who: str, accept: bool) -> list[str]:
    return notices(play.do(who, c.AnswerSubstitute(order=ORDER, substitution=last(play).id, accept=accept)))


def late(play: Play) -> list[str]:
    play.now = last(play).until
    return notices(play.do("system", c.SettleSubstitute(order=ORDER, substitution=last(play).id)))


def refused(play: Play, who: str, body: Any) -> str:
    before = play.state
    with pytest.raises(Rejected) as refusal:
        play.do(who, body)
    assert play.state is before
    return refusal.value.code


def test_no_more_pink_roses_word_for_word() -> None:
    """FL-11, FL-12, FL-13, FL-17, story 7: made only once the buyer said yes; both prices stay known."""
    play = ordered()
    assert offer(play, difference=2000) == [
        "抱歉,粉玫瑰缺货了。我们想用香槟玫瑰代替,要补 ¥20。请看照片后告诉我们,您同意后我们才会制作。"
    ]
    for who, body in (
        ("shop", c.StartMaking(order=ORDER)),
        ("shop", c.MarkReady(order=ORDER)),
    ):
        assert refused(play, who, body) == "substitution.open"
    assert {"start_making", "mark_ready"}.isdisjoint(allowed_actions(play.state, Role.shop))
    assert "answer_substitute" in allowed_actions(play.state, Role.buyer)
    assert play.state.total == 23900
    assert answer(play, "buyer", True) == ["您已同意用香槟玫瑰代替粉玫瑰,我们马上为您制作。"]
    (line,) = play.state.lines
    assert (line.name, line.name_en) == (
        "粉玫瑰花束(香槟玫瑰代粉玫瑰)",
        "Pink roses (champagne rose for pink rose)",
    )
    assert line.recipe == [Stem("香槟玫瑰", 11, "champagne rose"), Stem("满天星", 3)]
    assert (line.price, line.picture, play.state.total) == (25900, PICTURE, 25900)
    kept = last(play)
    assert (kept.status, kept.answered_by, kept.difference) == ("accepted", "buyer", 2000)
    assert (kept.before, kept.after) == ([ROSES], [line])
    play.do("shop", c.StartMaking(order=ORDER))
    assert play.state.status is Status.making


def test_no_is_a_no_until_something_else_is_agreed() -> None:
    """FL-12, FL-13: declined, nothing is made; a second proposal, agreed by telephone, frees the order."""
    play = ordered()
    offer(play)
    answer(play, "buyer", False)
    assert refused(play, "shop", c.StartMaking(order=ORDER)) == "substitution.open"
    assert [one.kind for one in attention_for(play.state, play.now)][:1] == ["declined"]
    offer(play, name="白玫瑰", difference=-1000)
    assert answer(play, "shop", True) == ["已和您电话确认:用白玫瑰代替粉玫瑰,我们马上为您制作。"]
    assert (play.state.total, play.state.refunded) == (22900, 1000)
    assert [one.status for one in play.state.substitutions] == ["declined", "accepted"]
    play.do("shop", c.StartMaking(order=ORDER))


def test_the_flowers_are_there_after_all() -> None:
    """FL-13, FL-16."""
    play = ordered()
    offer(play)
    withdrawn = play.do("shop", c.WithdrawSubstitute(order=ORDER, substitution=last(play).id))
    assert notices(withdrawn) == ["粉玫瑰又有了,我们按您原来的选择制作。"]
    yes = c.AnswerSubstitute(order=ORDER, substitution=last(play).id, accept=True)
    assert refused(play, "buyer", yes) == "substitution.settled"
    assert play.state.lines == [ROSES]
    play.do("shop", c.StartMaking(order=ORDER))


def test_the_same_value_was_agreed_when_ordering() -> None:
    """FL-14: at once when it is no dearer; else the buyer is asked."""
    play = ordered("similar")
    assert offer(play) == ["粉玫瑰缺货了,已按您下单时的选择换成同样风格的香槟玫瑰,价格不变。"]
    assert last(play).answered_by == "policy"
    play.do("shop", c.StartMaking(order=ORDER))
    dearer = ordered("similar")
    offer(dearer, difference=3000)
    assert last(dearer).status == "asked"
    late(dearer)
    assert (last(dearer).status, dearer.state.total, last(dearer).difference) == ("accepted", 23900, 0)


def test_whoever_wished_to_be_asked_is_called() -> None:
    """FL-15: silence is no yes; a late yes is one, for nothing else was done."""
    play = ordered()
    offer(play)
    assert late(play) == [
        "还没有等到您对香槟玫瑰的回复,花店会打电话和您商量,您同意后我们才会制作;"
        "下午四点前没有商量好,就取消订单并全额退款。"
    ]
    assert refused(play, "shop", c.StartMaking(order=ORDER)) == "substitution.open"
    assert [one.kind for one in attention_for(play.state, play.now)][:1] == ["unanswered"]
    again = c.SettleSubstitute(order=ORDER, substitution=last(play).id)
    assert refused(play, "system", again) == "substitution.early"
    answer(play, "buyer", True)
    assert play.state.lines[0].recipe[0].name == "香槟玫瑰"


@pytest.mark.parametrize(("lines", "status", "total", "back"), [
    ([ROSES], Status.cancelled, 23900, 23900),
    ([ROSES, LILY], Status.confirmed, 39600, 23900),
])  # fmt: skip
def test_the_money_goes_back_when_that_was_wished(
    lines: list[Line], status: Status, total: int, back: int
) -> None:
    """FL-15, FL-16: the line leaves, the last one takes the order along; the late yes is told so."""
    play = ordered("refund", lines)
    offer(play)
    late(play)
    assert (play.state.status, play.state.total, play.state.refunded) == (status, total, back)
    yes = c.AnswerSubstitute(order=ORDER, substitution=last(play).id, accept=True)
    assert refused(play, "buyer", yes) == "substitution.too_late"


def decide(play: Play, choice: Any) -> list[str]:
    wish = c.DecideSubstitute(order=ORDER, substitution=last(play).id, choice=choice)
    return notices(play.do("shop", wish))


@pytest.mark.parametrize(("lines", "default", "status", "total", "back"), [
    ([ROSES], "cancel", Status.cancelled, 23900, 23900),
    ([ROSES, LILY], "refund", Status.confirmed, 39600, 23900),
])  # fmt: skip
def test_a_call_that_finds_nobody_ends(
    lines: list[Line], default: str, status: Status, total: int, back: int
) -> None:
    """FL-20: nothing is made without a yes, and nothing waits for ever; a late yes is told so."""
    play = ordered("ask", lines)
    offer(play)
    late(play)
    asked = last(play)
    assert (asked.default, asked.decide_by) == (default, play.now + 30 * MINUTE)
    (step,) = steps_of(play.state)
    play.now = asked.decide_by
    assert list(due_steps(play.state, play.now)) == [step]
    said = notices(play.do("system", step.body))
    assert said[0].startswith("粉玫瑰")
    assert (play.state.status, play.state.total, play.state.refunded) == (status, total, back)
    assert (last(play).status, list(steps_of(play.state))) == ("refunded", [])
    yes = c.AnswerSubstitute(order=ORDER, substitution=last(play).id, accept=True)
    assert refused(play, "buyer", yes) == "substitution.too_late"


def test_the_shop_decides_before_the_call_is_over() -> None:
    """FL-20: refund, cancel, or more time; never before the buyer's own time is over, never beyond the
    promise."""
    play = ordered("ask", [ROSES, LILY])
    offer(play)
    soon = c.DecideSubstitute(order=ORDER, substitution=last(play).id, choice="refund")
    assert refused(play, "shop", soon) == "substitution.early"
    assert "decide_substitute" not in allowed_actions(play.state, Role.shop)
    late(play)
    assert "decide_substitute" in allowed_actions(play.state, Role.shop)
    assert refused(play, "buyer", soon) == "order.not_yours"
    assert decide(play, "wait") == [
        "关于香槟玫瑰,花店会在下午四点半前再联系您;到时没有商量好,就去掉这一束并退款。"
    ]
    while last(play).decide_by < play.state.promise.end:
        decide(play, "wait")
    more = c.DecideSubstitute(order=ORDER, substitution=last(play).id, choice="wait")
    assert refused(play, "shop", more) == "substitution.no_time"
    assert decide(play, "cancel") == ["粉玫瑰缺货了,没能和您商量好用什么代替,订单已取消,退您 ¥635。"]
    assert (play.state.status, play.state.refunded) == (Status.cancelled, 63500)
    assert (last(play).status, last(play).answered_by) == ("refunded", "shop")


def test_time_and_withdrawal_have_one_winner() -> None:
    """FL-16: not before its time, not for others, and not twice."""
    play = ordered()
    offer(play)
    early = c.SettleSubstitute(order=ORDER, substitution=last(play).id)
    assert refused(play, "system", early) == "substitution.early"
    assert refused(play, "shop", early) == "order.not_yours"
    other = c.ProposeSubstitute(order=ORDER, stem="粉玫瑰", name="白玫瑰", picture=PICTURE)
    assert refused(play, "shop", other) == "substitution.pending"
    assert refused(play, "buyer", other) == "order.not_yours"
    answer(play, "buyer", False)
    yes = c.AnswerSubstitute(order=ORDER, substitution=last(play).id, accept=True)
    assert refused(play, "shop", yes) == "substitution.settled"


@pytest.mark.parametrize(("changes", "code"), [
    ({"picture": ""}, "substitution.picture"),
    ({"name": "  "}, "substitution.nameless"),
    ({"name": "粉玫瑰"}, "substitution.same"),
    ({"stem": "绣球"}, "substitution.nothing"),
    ({"stem": "", "line": 3}, "substitution.nothing"),
    ({"difference": -23901}, "substitution.price"),
])  # fmt: skip
def test_what_cannot_be_proposed(changes: dict[str, Any], code: str) -> None:
    """FL-11: each with its own words, and nothing changes."""
    fields = {"stem": "粉玫瑰", "name": "香槟玫瑰", "picture": PICTURE} | changes
    assert refused(ordered(), "shop", c.ProposeSubstitute(order=ORDER, **fields)) == code


def test_a_whole_bouquet_for_another() -> None:
    """FL-11: from the catalogue with its recipe, or in words alone."""
    play = ordered(lines=[LILY, ROSES])
    tulips = Line(
        product="tulip", name="郁金香花束", name_en="Tulips", price=21800, recipe=[Stem("郁金香", 15)]
    )
    offer(play, stem="", line=0, name="", product="tulip", priced=tulips, difference=1000)
    answer(play, "buyer", True)
    first = play.state.lines[0]
    assert (first.product, first.quantity, first.price, first.recipe) == ("tulip", 2, 20800, tulips.recipe)
    assert play.state.total == 2 * 20800 + 23900


def test_a_line_is_refunded_but_not_the_last() -> None:
    """FL-19: also while a proposal waits, which ends with it."""
    play = ordered(lines=[ROSES, LILY])
    offer(play)
    said = play.do("shop", c.RefundLine(order=ORDER, line=0))
    assert notices(said) == ["粉玫瑰花束这次做不了,已从订单中去掉,退您 ¥239。"]
    assert (play.state.lines, play.state.total, play.state.refunded) == ([LILY], 39600, 23900)
    assert last(play).status == "refunded"
    assert refused(play, "shop", c.RefundLine(order=ORDER, line=0)) == "substitution.last"
    play.do("shop", c.StartMaking(order=ORDER))


def test_nobody_else_sees_what_is_between_buyer_and_shop() -> None:
    """FL-18: neither in the state nor as an event."""
    play = ordered()
    facts = play.do("shop", c.ProposeSubstitute(order=ORDER, stem="粉玫瑰", name="香槟玫瑰", picture=PICTURE))
    for role in (Role.recipient, Role.courier):
        seen = redact(play.state, role)
        assert seen["substitutions"] is None
        assert seen["when_out"] is None
        assert not notices(facts, role)
    buyer = msgspec.json.encode(redact(play.state, Role.buyer)).decode()
    assert "香槟玫瑰" in buyer
    assert "满天星" not in buyer
    assert "p-owner" not in buyer
