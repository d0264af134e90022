"""The small account of an order: docs/spec/intake.md, IM-31 to IM-37."""

from typing import Any

import pytest

from huaxin.journal.model import Rejected
from huaxin.kernel import Role, Stem
from huaxin.orders import commands as c
from huaxin.orders.account import Payment, Refund, counted, given
from huaxin.orders.lifecycle import allowed_actions
from huaxin.orders.model import Line, Reason, Status
from huaxin.orders.redact import redact
from huaxin.orders.remedies import commands as mc
from tests.unit.orders.helpers import ORDER, Play, assign, notices

PRICE = 23900
ROSES = Line(product="rose", name="玫瑰", price=PRICE, recipe=[Stem("粉玫瑰", 11)])
LILY = Line(product="lily", name="百合", price=9900, recipe=[Stem("百合", 3)])


def sold(*lines: Line, paid: int = -1, when_out: str = "ask") -> Play:
    play = Play()
    play.place(priced=list(lines) or [ROSES], when_out=when_out)
    play.do("shop", c.ConfirmOrder(order=ORDER))
    paid = play.state.total if paid < 0 else paid
    if paid:
        play.do("shop", c.RecordPayment(order=ORDER, amount=paid))
    return play


def delivered(**options: Any) -> Play:
    play = sold(**options)
    play.do("shop", assign())
    for body in (c.PickUp(order=ORDER), c.SetOff(order=ORDER), c.MarkArrived(order=ORDER)):
        play.do("xiaozhang", body)
    play.do("xiaozhang", c.Deliver(order=ORDER))
    return play


def account(play: Play) -> tuple[int, int, int, int]:
    pay = play.state.payment
    return pay.paid, pay.refunded, pay.due, pay.owed


def entries(play: Play) -> list[tuple[str, str, int, int]]:
    return [(one.source, one.reason, one.amount, one.back) for one in play.state.refunds]


def tick(play: Play, amount: int, n: int = -1) -> list[str]:
    one = play.state.refunds[n]
    return notices(play.do("shop", c.RecordRefund(order=ORDER, amount=amount, refund=one.id)))


def refused(play: Play, body: Any, who: str = "shop") -> str:
    with pytest.raises(Rejected) as refusal:
        play.do(who, body)
    return refusal.value.code


def test_cheaper_flowers_go_back_once() -> None:
    """IM-33, IM-34: an agreed substitute that costs less is owed, ticked off, and not owed again."""
    play = sold()
    play.do(
        "shop", c.ProposeSubstitute(order=ORDER, stem="粉玫瑰", name="康乃馨", picture="p", difference=-3000)
    )
    assert entries(play) == [], "nothing is owed before it is agreed"
    one = play.state.substitutions[-1]
    play.do("buyer", c.AnswerSubstitute(order=ORDER, substitution=one.id, accept=True))
    assert entries(play) == [("substitution", "粉玫瑰", 3000, 0)]
    assert account(play) == (PRICE, 0, PRICE - 3000, 3000)
    assert tick(play, 3000) == ["已退款 ¥30(换花差价)。"]
    assert account(play) == (PRICE, 3000, PRICE - 3000, 0)
    assert refused(play, c.RecordRefund(order=ORDER, amount=1, refund=one.id)) == "payment.back_already"
    assert refused(play, c.RecordRefund(order=ORDER, amount=1, refund="nothing")) == "payment.no_refund"


def test_what_is_not_made_and_what_is_cancelled_goes_back_whole() -> None:
    """IM-33: a line, then the order; together exactly what was paid."""
    play = sold(ROSES, LILY)
    play.do("shop", c.RefundLine(order=ORDER, line=1))
    play.do("shop", c.CancelOrder(order=ORDER, reason="花店停电"))
    assert entries(play) == [("out_of_stock", "百合", 9900, 0), ("cancelled", "花店停电", PRICE, 0)]
    assert account(play) == (PRICE + 9900, 0, 0, PRICE + 9900)
    assert "record_payment" not in allowed_actions(play.state, Role.shop), "nothing is to be paid any more"
    play.do("shop", c.RecordRefund(order=ORDER, amount=10_000))
    assert [one.back for one in play.state.refunds] == [9900, 100], "unsaid: the oldest first"
    assert account(play)[3] == PRICE - 100


def test_no_flowers_and_nobody_answered() -> None:
    """IM-33, FL-15: what was chosen when ordering: the money back."""
    play = sold(when_out="refund")
    play.do("shop", c.ProposeSubstitute(order=ORDER, stem="粉玫瑰", name="康乃馨", picture="p"))
    one = play.state.substitutions[-1]
    play.now = one.until
    play.do("system", c.SettleSubstitute(order=ORDER, substitution=one.id))
    assert play.state.status is Status.cancelled
    assert entries(play) == [("out_of_stock", "粉玫瑰", PRICE, 0)]


def test_a_cancelling_that_keeps_half_owes_half() -> None:
    """IM-33, CH-8."""
    play = sold()
    play.do("shop", c.StartMaking(order=ORDER))
    play.do("buyer", c.AskChange(order=ORDER, cancel=True, reason="计划变了"))
    assert play.state.change is not None
    play.do("shop", c.AnswerChange(order=ORDER, change=play.state.change.id, accept=True))
    assert entries(play) == [("cancelled", "计划变了", PRICE - PRICE // 2, 0)]
    assert account(play) == (PRICE, 0, PRICE // 2, PRICE - PRICE // 2)


def test_a_tap_that_is_taken_back_owes_nothing() -> None:
    """IM-33, IM-36: and what was paid meanwhile stays paid."""
    play = sold()
    play.do("shop", c.CancelOrder(order=ORDER, reason="点错了"))
    assert account(play)[3] == PRICE
    play.do("shop", c.UndoLast(order=ORDER))
    assert entries(play) == []
    assert account(play) == (PRICE, 0, PRICE, 0)


def test_damaged_on_the_way_and_then_a_complaint() -> None:
    """IM-33, IM-35: both refunds are entries of one account, together never more than the order cost."""
    play = sold()
    play.do("shop", assign())
    play.do("xiaozhang", c.PickUp(order=ORDER))
    play.do("xiaozhang", c.ReportIncident(order=ORDER, reason=Reason.flowers_damaged, picture="pic"))
    (incident,) = play.state.incidents
    offer = c.DecideIncident(order=ORDER, incident=incident.id, stage="offer", choice="refund", percent=30)
    play.do("shop", offer)
    play.do("buyer", c.DecideIncident(order=ORDER, incident=incident.id, stage="agree", choice="accept"))
    share = PRICE * 30 // 100
    assert entries(play) == [("incident", "flowers_damaged", share, 0)]
    play.do("xiaozhang", c.MarkArrived(order=ORDER))
    play.do("xiaozhang", c.Deliver(order=ORDER))
    play.do("buyer", mc.Complain(order=ORDER, fault="wilted"))
    over = mc.ProposeRemedy(order=ORDER, kind="refund", amount=PRICE)
    assert refused(play, over) == "remedy.above_total", "a part of it is refunded already"
    play.do("shop", mc.ProposeRemedy(order=ORDER, kind="refund", amount=PRICE - share))
    assert play.state.complaint is not None
    remedy = play.state.complaint.remedies[-1].id
    play.do("buyer", mc.AnswerRemedy(order=ORDER, remedy=remedy, accept=True))
    assert entries(play)[1:] == [("remedy", "wilted", PRICE - share, 0)]
    assert account(play) == (PRICE, 0, 0, PRICE)
    assert tick(play, share, 0) == [f"已退款 ¥{share // 100}.{share % 100:02d}(配送异常补偿)。"]
    tick(play, PRICE - share)
    assert account(play) == (PRICE, PRICE, 0, 0)


def test_what_was_never_paid_is_not_given_back() -> None:
    """IM-34: it lowers what is still to be paid; half paid, only what was paid too much goes back."""
    play = delivered(paid=0)
    play.do("buyer", mc.Complain(order=ORDER, fault="late"))
    play.do("shop", mc.ProposeRemedy(order=ORDER, kind="refund", amount=5000))
    assert play.state.complaint is not None
    remedy = play.state.complaint.remedies[-1].id
    play.do("buyer", mc.AnswerRemedy(order=ORDER, remedy=remedy, accept=True))
    assert account(play) == (0, 0, PRICE - 5000, 0)
    assert refused(play, c.RecordRefund(order=ORDER, amount=5000, refund=remedy)) == "payment.back_already"
    assert refused(play, c.RecordPayment(order=ORDER, amount=PRICE)) == "payment.too_much"
    play.do("shop", c.RecordPayment(order=ORDER, amount=PRICE - 5000))
    assert account(play) == (PRICE - 5000, 0, PRICE - 5000, 0)


def test_given_back_besides_is_an_entry_too() -> None:
    """IM-36: with its reason; nothing that was agreed is settled by it twice."""
    play = delivered()
    said = notices(play.do("shop", c.RecordRefund(order=ORDER, amount=500, reason="少了一枝")))
    assert said == ["已退款 ¥5(少了一枝)。"]
    assert entries(play) == [("other", "少了一枝", 500, 500)]
    assert account(play) == (PRICE, 500, PRICE, 0)


def test_who_sees_the_account() -> None:
    """IM-37: buyer and shop; recipient and courier nothing of it."""
    play = sold()
    play.do("shop", c.CancelOrder(order=ORDER))
    for role in (Role.shop, Role.buyer):
        assert redact(play.state, role)["refunds"][0]["amount"] == PRICE
    for role in (Role.courier, Role.recipient):
        assert redact(play.state, role).get("refunds") is None
        assert redact(play.state, role).get("payment") is None


def test_the_oldest_are_settled_first() -> None:
    """IM-36: as far as something is owed; the rest stands beside."""
    some = [
        Refund(id="a", source="change", at=1, amount=300),
        Refund(id="b", source="incident", at=2, amount=200),
    ]
    other = Refund(id="c", source="other", at=9, amount=1)
    assert [(one.id, one.back) for one in given(some, 600, 450, 9, other)] == [
        ("a", 300),
        ("b", 150),
        ("c", 150),
    ]
    paid = Payment(paid=1000, refunded=100)
    assert (counted(900, paid, some).due, counted(900, paid, []).owed) == (900, 0)
