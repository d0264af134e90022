"""The photo gate (bench.md, PG): seen before they leave, one change, and who wins when both come at once."""

import msgspec
import pytest

from huaxin.journal.model import Rejected
from huaxin.kernel import Role
from huaxin.live.attention import attention_for
from huaxin.orders import commands as c
from huaxin.orders.gates import Gates
from huaxin.orders.lifecycle import allowed_actions
from huaxin.orders.model import Bouquet, Status
from huaxin.orders.redact import redact
from tests.unit.orders.helpers import ORDER, Play, assign, notices

MINUTE = 60_000
ASK = Gates(photo="required", answer_minutes=15)


def making() -> Play:
    play = Play()
    play.place()
    play.do("shop", c.ConfirmOrder(order=ORDER))
    play.do("shop", c.StartMaking(order=ORDER))
    return play


def photographed(gates: Gates = ASK) -> Play:
    play = making()
    play.do("shop", c.MarkReady(order=ORDER, picture="made-1", gates=gates))
    return play


def bouquet(play: Play) -> Bouquet:
    assert play.state.bouquet is not None
    return play.state.bouquet


def answer(play: Play, approve: bool, fix: str = "") -> c.AnswerBouquet:
    return c.AnswerBouquet(order=ORDER, bouquet=bouquet(play).id, approve=approve, fix=fix)


def refused(play: Play, who: str, wish: c.OrderCommand) -> str:
    before = play.state
    with pytest.raises(Rejected) as refusal:
        play.do(who, wish)
    assert play.state is before
    return refusal.value.code


def test_without_a_picture_nothing_is_ready_and_nothing_leaves() -> None:
    """PG-1: where the shop wants to see every bouquet; a forgotten tap does not go round it."""
    play = making()
    assert refused(play, "shop", c.MarkReady(order=ORDER, gates=ASK)) == "photo.required"
    play.do("shop", assign())
    assert refused(play, "xiaozhang", c.PickUp(order=ORDER, gates=ASK)) == "photo.required"
    play.do("shop", c.MarkReady(order=ORDER, picture="made-1", gates=ASK))
    play.do("xiaozhang", c.PickUp(order=ORDER, gates=ASK))
    assert play.state.status is Status.picked_up


@pytest.mark.parametrize("photo", ["off", "wanted"])
def test_elsewhere_a_picture_is_no_condition(photo: str) -> None:
    """PG-1."""
    gates = msgspec.structs.replace(ASK, photo=photo)
    play = making()
    play.do("shop", c.MarkReady(order=ORDER, gates=gates))
    play.do("shop", assign())
    play.do("xiaozhang", c.PickUp(order=ORDER, gates=gates))


def test_the_buyer_is_shown_it_and_told_until_when() -> None:
    """PG-2: picture and move are one step; the exact words."""
    play = making()
    facts = play.do("shop", c.MarkReady(order=ORDER, picture="made-1", gates=ASK))
    assert [fact.type for fact in facts] == ["status_changed", "bouquet_shown", "notice_posted"]
    assert notices(facts) == ["花束做好了,请看照片。下午三点一刻前可以提一次修改,过时视为满意。"]
    assert (bouquet(play).status, bouquet(play).answer_by) == ("asked", play.now + 15 * MINUTE)
    assert "answer_bouquet" in allowed_actions(play.state, Role.buyer, play.now)
    assert "answer_bouquet" not in allowed_actions(play.state, Role.recipient, play.now)
    said = play.do("buyer", answer(play, True))
    assert notices(said, Role.shop) == ["订花人看过照片,很满意。"]
    assert bouquet(play).status == "approved"
    assert refused(play, "buyer", answer(play, True)) == "bouquet.not_asked"


def test_no_answer_in_time_is_a_yes() -> None:
    """PG-2: to the millisecond, and said with the reason."""
    play = photographed()
    play.now += 15 * MINUTE
    assert "answer_bouquet" in allowed_actions(play.state, Role.buyer, play.now)
    play.now += 1
    assert "answer_bouquet" not in allowed_actions(play.state, Role.buyer, play.now)
    assert refused(play, "buyer", answer(play, False, "换丝带")) == "bouquet.too_late"
    play.do("shop", assign())
    play.do("xiaozhang", c.PickUp(order=ORDER, gates=ASK))


def test_one_change_and_one_only() -> None:
    """PG-3: the picture after it ends it and asks no more."""
    play = photographed()
    assert refused(play, "buyer", answer(play, False)) == "bouquet.no_words"
    assert refused(play, "shop", answer(play, True)) == "order.not_yours"
    said = play.do("buyer", answer(play, False, "丝带换成白色"))
    assert notices(said, Role.shop) == ["订花人希望修改花束:丝带换成白色"]
    assert notices(said, Role.buyer) == []
    assert [one.kind for one in attention_for(play.state, play.now) if one.kind == "fix"] == ["fix"]
    facts = play.do("shop", c.ShowBouquet(order=ORDER, picture="made-2", gates=ASK))
    assert notices(facts) == ["花束已按您说的修改,请看新照片。"]
    now = bouquet(play)
    assert (now.status, now.answer_by, now.fix, now.earlier) == ("shown", 0, "丝带换成白色", ["made-1"])
    assert refused(play, "buyer", answer(play, False, "还是红的")) == "bouquet.not_asked"
    play.do("shop", c.ShowBouquet(order=ORDER, picture="made-3", gates=ASK))
    assert bouquet(play).status == "shown"


def test_a_better_picture_asks_anew() -> None:
    """PG-3: as long as nothing was said; an answer to the one before it is too late."""
    play = photographed()
    old = answer(play, True)
    play.now += 10 * MINUTE
    play.do("shop", c.ShowBouquet(order=ORDER, picture="made-2", gates=ASK))
    assert bouquet(play).answer_by == play.now + 15 * MINUTE
    assert refused(play, "buyer", old) == "bouquet.not_asked"


def test_shown_without_asking() -> None:
    """PG-2: no minutes, no question."""
    play = photographed(Gates(photo="wanted", answer_minutes=0))
    assert (bouquet(play).status, bouquet(play).answer_by) == ("shown", 0)
    assert notices(play.facts)[-1] == "花束做好了,请看照片。"


def test_flowers_do_not_leave_while_a_change_is_open() -> None:
    """PG-4: refused, or with a warning where the shop says so; never without one."""
    play = photographed()
    play.do("shop", assign())
    play.do("buyer", answer(play, False, "丝带换成白色"))
    for wish in (c.PickUp(order=ORDER, gates=ASK), c.PickUp(order=ORDER, gates=ASK, anyway=True)):
        assert refused(play, "xiaozhang", wish) == "bouquet.fix_open"
    warned = msgspec.structs.replace(ASK, open_fix="warn")
    assert refused(play, "xiaozhang", c.PickUp(order=ORDER, gates=warned)) == "bouquet.fix_open"
    play.do("xiaozhang", c.PickUp(order=ORDER, gates=warned, anyway=True))
    assert play.state.status is Status.picked_up
    assert not [one for one in attention_for(play.state, play.now) if one.kind == "fix"]


def test_a_wish_and_a_pick_up_at_the_same_moment() -> None:
    """PG-5: whichever the journal has first wins, and the other is told."""
    first = photographed()
    first.do("shop", assign())
    wish = answer(first, False, "丝带换成白色")
    first.do("xiaozhang", c.PickUp(order=ORDER, gates=ASK))
    assert refused(first, "buyer", wish) == "order.illegal_move"
    assert refused(first, "shop", c.ShowBouquet(order=ORDER, picture="x", gates=ASK)) == "order.illegal_move"
    first.do("shop", assign("zhang"))  # on the road: they do not come back for it
    for who, late in (("buyer", wish), ("shop", c.ShowBouquet(order=ORDER, picture="x", gates=ASK))):
        assert refused(first, who, late) == "order.illegal_move"
    second = photographed()
    second.do("shop", assign())
    second.do("buyer", answer(second, False, "丝带换成白色"))
    assert refused(second, "xiaozhang", c.PickUp(order=ORDER, gates=ASK)) == "bouquet.fix_open"


def test_who_sees_the_picture() -> None:
    """PG-6: the recipient once it is there, and nothing of what was said."""
    play = photographed()
    play.do("shop", assign())
    for role in (Role.buyer, Role.shop, Role.courier):
        assert redact(play.state, role)["bouquet"]["picture"] == "made-1"
    assert redact(play.state, Role.recipient)["bouquet"] is None
    play.do("buyer", answer(play, False, "丝带换成白色"))
    play.do("shop", c.ShowBouquet(order=ORDER, picture="made-2", gates=ASK))
    play.do("xiaozhang", c.PickUp(order=ORDER, gates=ASK))
    play.do("xiaozhang", c.Deliver(order=ORDER))
    seen = redact(play.state, Role.recipient)["bouquet"]
    assert (seen["picture"], seen["fix"], seen["earlier"]) == ("made-2", "", [])


def test_a_mis_tap_takes_the_picture_back() -> None:
    """OR-4: the picture is part of the tap."""
    play = making()
    before = play.state
    play.do("shop", c.MarkReady(order=ORDER, picture="made-1", gates=ASK))
    play.do("shop", c.UndoLast(order=ORDER))
    assert play.state == msgspec.structs.replace(before, undo=None)
