"""Complaints, offers and agreements; the shop's word to a rating."""

from typing import Any

import pytest

from huaxin.journal.model import Rejected
from huaxin.kernel import Role
from huaxin.live.attention import attention_for
from huaxin.live.remakes import remake_of
from huaxin.orders import commands as c
from huaxin.orders.lifecycle import allowed_actions
from huaxin.orders.model import Order, Status
from huaxin.orders.place import place
from huaxin.orders.redact import redact
from huaxin.orders.remedies import commands as mc
from huaxin.orders.remedies.model import MOST_OFFERS, Complaint
from tests.unit.orders.helpers import ORDER, Play, assign, notices

DAY = 24 * 3_600_000


def delivered() -> Play:
    play = Play()
    play.place()
    play.do("shop", c.ConfirmOrder(order=ORDER))
    play.do("shop", assign())
    play.do("xiaozhang", c.PickUp(order=ORDER))
    play.do("xiaozhang", c.Deliver(order=ORDER))
    return play


def complained(who: str = "buyer") -> Play:
    play = delivered()
    play.do(who, mc.Complain(order=ORDER, fault="damaged", text="有一朵折了", pictures=["p1", "p1"]))
    return play


def of(play: Play) -> Complaint:
    assert play.state.complaint is not None
    return play.state.complaint


def refused(play: Play, who: str, body: Any) -> str:
    before = play.state
    with pytest.raises(Rejected) as refusal:
        play.do(who, body)
    assert play.state is before
    return refusal.value.code


def offer(**fields: Any) -> mc.ProposeRemedy:
    return mc.ProposeRemedy(order=ORDER, **fields)


def answer(play: Play, accept: bool) -> mc.AnswerRemedy:
    return mc.AnswerRemedy(order=ORDER, remedy=of(play).remedies[-1].id, accept=accept)


def test_the_bruised_bouquet_is_settled_in_the_conversation() -> None:
    """RM-1, RM-2, RM-3: complaint, offer, counter-offer, agreement; each step told to the other side."""
    play = delivered()
    facts = play.do("buyer", mc.Complain(order=ORDER, fault="damaged", text="有一朵折了", pictures=["p1"]))
    assert notices(facts, Role.shop) == ["客户反映:花有破损。有一朵折了"]
    assert notices(facts) == ["您反映的问题花店已收到,会在这里答复您。"]
    assert [one.kind for one in attention_for(play.state, play.now)] == ["complaint"]
    facts = play.do("shop", offer(kind="refund", amount=5040, text="是我们包装不够"))
    assert notices(facts) == ["非常抱歉!花店愿意这样补偿:退款 ¥50.40(30%)。是我们包装不够"]
    assert attention_for(play.state, play.now) == []  # now it is the buyer's turn
    facts = play.do("buyer", offer(kind="remake"))
    assert notices(facts, Role.shop) == ["客户希望这样解决:免费重做一份。"]
    assert [one.status for one in of(play).remedies] == ["countered", "proposed"]
    assert [one.kind for one in attention_for(play.state, play.now)] == ["complaint"]
    facts = play.do("shop", answer(play, accept=True))
    assert notices(facts) == ["双方已达成一致:免费重做一份。"]
    settled = of(play)
    assert (settled.status, settled.closed_at) == ("settled", play.now)
    assert settled.remake.startswith("re-")


def test_of_two_answers_one_wins() -> None:
    """RM-4: two of the staff, or an answer and a new offer at once: the second is told what became of it."""
    play = complained()
    play.do("buyer", offer(kind="refund", amount=16800))
    first = answer(play, accept=True)
    play.do("shop", answer(play, accept=False))
    assert refused(play, "shop", first) == "remedy.answered"
    play.do("shop", offer(kind="refund", amount=8400))
    old = answer(play, accept=True)
    play.do("shop", offer(kind="voucher", amount=3000))  # one's own is withdrawn by a newer one
    assert refused(play, "buyer", old) == "remedy.answered"
    assert refused(play, "shop", answer(play, accept=True)) == "remedy.own"
    play.do("buyer", answer(play, accept=True))
    assert len(of(play).remedies[-1].code) == 8
    assert refused(play, "buyer", offer(kind="remake")) == "complaint.closed"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "refund"}, "remedy.amount"),
        ({"kind": "voucher", "amount": 0}, "remedy.amount"),
        ({"kind": "refund", "amount": 16801}, "remedy.above_total"),
    ],
)
def test_amounts_are_checked(fields: dict[str, Any], code: str) -> None:
    """RM-2: in fen, above nothing and no more than was paid."""
    assert refused(complained(), "shop", offer(**fields)) == code


def test_who_may_and_when() -> None:
    """RM-1: buyer and recipient complain, from the door on and for seven days; shop and buyer settle it."""
    play = Play()
    play.place()
    assert refused(play, "buyer", mc.Complain(order=ORDER, fault="late")) == "order.illegal_move"
    play = delivered()
    for who in ("shop", "xiaozhang"):
        assert refused(play, who, mc.Complain(order=ORDER, fault="late")) == "order.not_yours"
    assert "complain" in allowed_actions(play.state, Role.buyer, play.now)
    play.now += 8 * DAY
    assert "complain" not in allowed_actions(play.state, Role.buyer, play.now)
    assert refused(play, "buyer", mc.Complain(order=ORDER, fault="late")) == "message.closed"
    play = complained()
    assert of(play).pictures == ["p1"]
    assert refused(play, "recipient", mc.Complain(order=ORDER, fault="late")) == "complaint.open"
    for who in ("recipient", "xiaozhang"):
        assert refused(play, who, offer(kind="remake")) == "order.not_yours"
    assert refused(play, "recipient", mc.WithdrawComplaint(order=ORDER)) == "order.not_yours"
    play.do("buyer", mc.WithdrawComplaint(order=ORDER))
    assert of(play).status == "withdrawn"
    play.do("buyer", mc.Complain(order=ORDER, fault="wilted"))  # another one may follow


def test_a_recipient_sees_their_complaint_and_no_money() -> None:
    """RM-5: and the courier nothing of it."""
    play = complained("recipient")
    play.do("shop", offer(kind="refund", amount=5040))
    seen = redact(play.state, Role.recipient)["complaint"]
    assert (seen["text"], seen["remedies"]) == ("有一朵折了", [])
    assert redact(play.state, Role.courier)["complaint"] is None
    play = complained("buyer")
    assert redact(play.state, Role.recipient)["complaint"] is None


def test_offers_have_an_end() -> None:
    """RM-2."""
    play = complained()
    for _ in range(MOST_OFFERS):
        play.do("shop", offer(kind="refund", amount=100))
    assert refused(play, "buyer", offer(kind="remake")) == "remedy.too_many"
    play.do("buyer", answer(play, accept=True))  # what is there can still be agreed


def test_a_remake_is_a_new_order_for_nothing() -> None:
    """RM-6: linked to the first one, with the same id however often it is asked for."""
    play = complained()
    play.do("shop", offer(kind="remake"))
    play.do("buyer", answer(play, accept=True))
    wish = remake_of(play.state, 1043)
    from huaxin.journal.model import Command

    command = Command(shop="shop-1", subject=wish.order, actor=_system(), command_id="x", body=wish)
    made: Order = place(None, command, wish, play.now).state
    assert (made.id, made.remake_of, made.total) == (of(play).remake, ORDER, 0)
    assert made.status is Status.placed
    assert made.address == play.state.address
    assert (made.buyer, made.recipient) == (play.state.buyer, play.state.recipient)
    assert made.promise.end > play.now


def _system() -> Any:
    from tests.unit.orders.helpers import ACTORS

    return ACTORS["system"]


def test_the_shop_answers_a_rating() -> None:
    """RM-7."""
    play = delivered()
    assert refused(play, "shop", mc.AnswerRating(order=ORDER, text="谢谢")) == "order.illegal_move"
    play.do("buyer", c.Rate(order=ORDER, stars=2, text="晚了", picture="pic-1"))
    facts = play.do("shop", mc.AnswerRating(order=ORDER, text="非常抱歉"))
    assert notices(facts) == ["花店回复了评价:非常抱歉"]
    rating = play.state.rating
    assert rating is not None
    assert (rating.stars, rating.picture, rating.answer) == (2, "pic-1", "非常抱歉")
    assert refused(play, "buyer", mc.AnswerRating(order=ORDER, text="谢谢")) == "order.not_yours"
