"""The recipient's own wishes: another time, the way in, thanks."""

import msgspec
import pytest

from huaxin.journal.model import Rejected
from huaxin.kernel import Audience, Role
from huaxin.orders import commands as c
from huaxin.orders.lifecycle import allowed_actions
from huaxin.orders.model import Card
from huaxin.orders.recipient import commands as rc
from huaxin.orders.recipient.model import TimeWindow
from huaxin.orders.redact import redact
from tests.unit.orders.helpers import HOME, ORDER, Play, assign, at, notices

NOON = TimeWindow(start=at("2026-03-07 13:00"), end=at("2026-03-07 14:00"))


def confirmed() -> Play:
    play = Play()
    play.place(card=Card(text="猜猜", anonymous=True))
    play.do("shop", c.ConfirmOrder(order=ORDER))
    return play


def delivered() -> Play:
    play = confirmed()
    play.do("shop", assign())
    play.do("xiaozhang", c.PickUp(order=ORDER))
    play.do("xiaozhang", c.Deliver(order=ORDER))
    return play


@pytest.mark.parametrize("who", ["buyer", "shop"])
def test_another_time_is_decided_by_buyer_or_shop(who: str) -> None:
    """RP-1, RP-2."""
    play = confirmed()
    facts = play.do("recipient", rc.PreferTime(order=ORDER, window=NOON, text="上午不在"))
    assert notices(facts) == ["收花人希望换个时间:周六下午一点到下午两点 上午不在"]
    assert notices(facts, Role.recipient) == ["您希望的时间已转告,请等待答复。"]
    asked = play.state.preference
    assert asked is not None
    assert play.state.promise.end == at("2026-03-07 11:00")  # nothing has moved yet
    assert "answer_preference" in allowed_actions(play.state, Role(who))
    facts = play.do(who, rc.AnswerPreference(order=ORDER, preference=asked.id, accept=True))
    assert play.state.promise.end == NOON.end
    assert facts[0].audience == Audience.everyone
    with pytest.raises(Rejected) as refusal:
        play.do("shop", rc.AnswerPreference(order=ORDER, preference=asked.id, accept=False))
    assert refusal.value.code == "preference.not_pending"  # of two the second is told


def test_on_the_road_the_courier_may_answer_and_before_not() -> None:
    """RP-2."""
    play = confirmed()
    play.do("shop", assign())
    play.do("recipient", rc.PreferTime(order=ORDER, text="放门口就好"))
    asked = play.state.preference
    assert asked is not None
    wish = rc.AnswerPreference(order=ORDER, preference=asked.id, accept=True)
    with pytest.raises(Rejected, match="not something"):
        play.do("xiaozhang", wish)
    play.do("xiaozhang", c.PickUp(order=ORDER))
    before = play.state.promise
    facts = play.do("xiaozhang", wish)
    assert notices(facts, Role.recipient) == ["收花人的希望已收到,会照着做。"]
    assert play.state.promise == before


def test_a_time_that_passed_meanwhile_is_refused() -> None:
    """RP-2."""
    play = confirmed()
    play.do("recipient", rc.PreferTime(order=ORDER, window=NOON))
    asked = play.state.preference
    assert asked is not None
    play.now = NOON.end + 1
    with pytest.raises(Rejected) as refusal:
        play.do("shop", rc.AnswerPreference(order=ORDER, preference=asked.id, accept=True))
    assert refusal.value.code == "order.window_past"
    with pytest.raises(Rejected) as refusal:
        play.do("recipient", rc.PreferTime(order=ORDER))
    assert refusal.value.code == "preference.empty"


def test_the_way_in_reaches_courier_and_shop_alone() -> None:
    """RP-3: the buyer need not know somebody else's gate code; after privacy the courier does not either."""
    play = confirmed()
    play.do("shop", assign())
    facts = play.do("recipient", rc.HelpGate(order=ORDER, code="2580#", floor="3单元4楼"))
    assert notices(facts, Role.courier) == ["收花人告知怎么进门:门禁 2580# · 3单元4楼"]
    assert notices(facts, Role.buyer) == []
    play.do("recipient", rc.HelpGate(order=ORDER, point=HOME, text="走东门"))
    helped = play.state.gate_help
    assert helped is not None
    assert (helped.code, helped.point, helped.text) == ("2580#", HOME, "走东门")  # what was said stays
    assert redact(play.state, Role.buyer)["gate_help"] is None
    for role in (Role.courier, Role.shop, Role.recipient):
        assert redact(play.state, role)["gate_help"]["code"] == "2580#"
    with pytest.raises(Rejected) as refusal:
        play.do("recipient", rc.HelpGate(order=ORDER, code="2580#"))
    assert refusal.value.code == "gate.empty"
    play.do("xiaozhang", c.PickUp(order=ORDER))
    play.do("xiaozhang", c.Deliver(order=ORDER))
    play.do("system", c.ClosePrivacy(order=ORDER))
    assert redact(play.state, Role.courier)["gate_help"] is None


def test_thanks_reach_a_sender_who_stays_unknown() -> None:
    """RP-4: once, and nothing of the sender comes back."""
    play = confirmed()
    with pytest.raises(Rejected) as refusal:
        play.do("recipient", rc.Thank(order=ORDER, text="谢谢"))
    assert refusal.value.code == "order.illegal_move"
    play = delivered()
    facts = play.do("recipient", rc.Thank(order=ORDER, text="花很美,谢谢你!"))
    assert notices(facts) == ["收花人向您道谢:花很美,谢谢你!"]
    assert redact(play.state, Role.buyer)["thanks"]["text"] == "花很美,谢谢你!"
    assert redact(play.state, Role.courier)["thanks"] is None
    assert "李女士" not in msgspec.json.encode(redact(play.state, Role.recipient)).decode()
    assert "thank" not in allowed_actions(play.state, Role.recipient)
    with pytest.raises(Rejected) as refusal:
        play.do("recipient", rc.Thank(order=ORDER, text="再谢一次"))
    assert refusal.value.code == "thanks.sent"
