"""The life of a call: docs/spec/calls.md."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from huaxin.calls import commands as c
from huaxin.calls.model import LONGEST_MS, RING_MS, CallQuality, OpenCall
from huaxin.journal.model import Fact, Rejected
from huaxin.kernel import AUDIENCE_OF, Audience, Role
from huaxin.live.render import render_for_all
from huaxin.orders import commands as oc
from huaxin.orders.redact import redact
from huaxin.orders.timing import due_steps
from tests.unit.orders.helpers import ORDER, Play, assign
from tests.unit.orders.test_views import records_of

BUYER_AND_COURIER = [Role.buyer, Role.courier]


def carried(**changes: Any) -> Play:
    """Order with its courier at the door."""
    play = Play()
    play.place(**changes)
    play.do("shop", oc.ConfirmOrder(order=ORDER))
    play.do("shop", assign("zhang"))
    play.do("zhang", oc.PickUp(order=ORDER))
    play.do("zhang", oc.MarkArrived(order=ORDER))
    play.now += 60_000
    return play


def ring(to: list[Role], call: str = "call-0001", device: str = "d-ringer", **more: Any) -> c.Ring:
    return c.Ring(order=ORDER, call=call, to=to, device=device, **more)


def answer(device: str, call: str = "call-0001") -> c.AnswerCall:
    return c.AnswerCall(order=ORDER, call=call, device=device)


def leave(call: str = "call-0001", **more: Any) -> c.LeaveCall:
    return c.LeaveCall(order=ORDER, call=call, **more)


def kinds(facts: list[Fact]) -> list[str]:
    return [fact.type for fact in facts]


def body(fact: Fact) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(fact.body)
    return found


def only(play: Play) -> OpenCall:
    (call,) = play.state.calls
    return call


def refused(play: Play, who: str, wish: Any) -> str:
    before = play.state
    with pytest.raises(Rejected) as refusal:
        play.do(who, wish)
    assert play.state is before
    return refusal.value.code


def test_a_call_is_rung_answered_and_ended_with_its_length() -> None:
    """CA-1, CA-2, CA-3, CA-14."""
    play = carried()
    rung = play.do("buyer", ring([Role.courier], media="video"))
    assert kinds(rung) == ["call_rung"]
    assert rung[0].audience == Audience.buyer | Audience.courier | Audience.shop
    call = only(play)
    assert (call.state, call.ringing, call.ring_until) == ("ringing", [Role.courier], play.now + RING_MS)
    assert [(one.person, one.device) for one in call.members] == [("p-li", "d-ringer")]
    play.now += 4_000
    play.do("zhang", answer("d-zhang"))
    assert (only(play).state, only(play).answered_at, only(play).ringing) == ("talking", play.now, [])
    play.now += 133_000
    quality = CallQuality(words="good", rtt_ms=40, relayed=True)
    ended = play.do("zhang", leave(quality=quality))
    assert kinds(ended) == ["call_left", "call_ended"]
    assert play.state.calls == []
    told = body(ended[1])
    assert (told["why"], told["duration_ms"]) == ("hung_up", 133_000)
    assert told["text"] == {"zh": "视频通话 02:13", "en": "Video call 02:13"}
    assert told["quality"] == {"words": "good", "rtt_ms": 40, "relayed": True}


@pytest.mark.parametrize(
    ("who", "wish", "why", "words"),
    [
        ("zhang", c.DeclineCall(order=ORDER, call="call-0001"), "declined", "语音通话:已拒绝"),
        ("zhang", c.DeclineCall(order=ORDER, call="call-0001", busy=True), "busy", "语音通话:对方忙"),
        ("buyer", leave(), "cancelled", "语音通话:已取消"),
        ("buyer", leave(why="failed"), "failed", "语音通话:没有接通"),
        ("system", c.MissCall(order=ORDER, call="call-0001"), "missed", "未接来电"),
    ],
)
def test_a_call_nobody_answered_says_why(who: str, wish: Any, why: str, words: str) -> None:
    """CA-3, CA-4, CA-14."""
    play = carried()
    play.do("buyer", ring([Role.courier]))
    play.now += RING_MS
    ended = play.do(who, wish)[-1]
    assert (ended.type, body(ended)["why"], body(ended)["text"]["zh"]) == ("call_ended", why, words)
    assert "duration_ms" not in body(ended)
    assert play.state.calls == []
    assert refused(play, "zhang", answer("d-zhang")) == "call.over"


def test_the_first_device_wins_and_the_others_are_told() -> None:
    """CA-2: of one person's devices, and of a shop's people."""
    play = carried()
    play.do("buyer", ring([Role.shop]))
    play.do("shop", answer("d-desk"))
    assert refused(play, "shop", answer("d-phone")) == "call.taken"
    again = play.do("shop", answer("d-desk"))
    assert again == []
    assert play.last is not None
    assert play.last.result["joined"] is True
    assert refused(play, "zhang", answer("d-zhang")) == "call.over"


def test_one_of_the_shop_declines_and_the_others_are_rung_on() -> None:
    """CA-2."""
    play = carried()
    play.do("buyer", ring([Role.shop]))
    crew = ["p-owner", "p-florist"]
    assert kinds(play.do("shop", c.DeclineCall(order=ORDER, call="call-0001", crew=crew))) == [
        "call_declined"
    ]
    assert (only(play).ringing, only(play).declined) == ([Role.shop], ["p-owner"])
    again = c.DeclineCall(order=ORDER, call="call-0001", crew=crew)
    assert refused(play, "shop", again) == "call.declined"


def test_two_who_ring_each_other_are_in_one_call() -> None:
    """CA-5: glare; the second ring is the answer to the first."""
    play = carried()
    play.do("buyer", ring([Role.courier], call="call-buyer"))
    answered = play.do("zhang", ring([Role.buyer], call="call-zhang", device="d-zhang"))
    assert kinds(answered) == ["call_answered"]
    assert play.last is not None
    assert (play.last.result["call"], play.last.result["joined"]) == ("call-buyer", True)
    assert {one.device for one in only(play).members} == {"d-ringer", "d-zhang"}


def test_up_to_four_are_in_a_call_and_who_was_rung_later_joins() -> None:
    """CA-6."""
    play = carried()
    play.do("zhang", ring([Role.buyer, Role.shop]))
    play.do("buyer", answer("d-buyer"))
    play.do("shop", answer("d-shop"))
    rung = play.do("buyer", c.InviteToCall(order=ORDER, call="call-0001", to=[Role.recipient, Role.shop]))
    assert body(rung[0])["to"] == ["recipient"]
    assert body(rung[0])["again"] is True
    play.do("recipient", answer("d-mother"))
    assert len(only(play).members) == 4
    assert (
        refused(play, "shop", c.InviteToCall(order=ORDER, call="call-0001", to=[Role.buyer])) == "call.taken"
    )
    for who in ("recipient", "shop"):
        assert kinds(play.do(who, leave())) == ["call_left"]
    assert kinds(play.do("zhang", leave())) == ["call_left", "call_ended"]


def test_an_invitation_that_is_missed_lets_the_call_go_on() -> None:
    """CA-4, CA-6."""
    play = carried()
    play.do("zhang", ring([Role.buyer]))
    play.do("buyer", answer("d-buyer"))
    play.do("buyer", c.InviteToCall(order=ORDER, call="call-0001", to=[Role.shop]))
    assert list(due_steps(play.state, play.now)) == []
    play.now += RING_MS
    (step,) = due_steps(play.state, play.now)
    assert kinds(play.do("system", step.body)) == ["call_missed"]
    assert only(play).ringing == []
    play.now = only(play).at + LONGEST_MS
    (step,) = due_steps(play.state, play.now)
    assert body(play.do("system", step.body)[-1])["why"] == "lost"


def test_who_is_gone_is_taken_out_by_the_system_alone() -> None:
    """CA-7."""
    play = carried()
    play.do("zhang", ring([Role.buyer]))
    play.do("buyer", answer("d-buyer"))
    lost = c.LoseMember(order=ORDER, call="call-0001", person="p-li")
    assert refused(play, "zhang", lost) == "order.not_yours"
    assert body(play.do("system", lost)[-1])["why"] == "lost"


def test_a_courier_who_loses_the_order_leaves_its_calls() -> None:
    """CA-8: called, calling, or rung."""
    play = carried()
    play.do("zhang", ring([Role.buyer]))
    play.do("buyer", answer("d-buyer"))
    facts = play.do("shop", assign("xiaozhang"))
    ended = next(fact for fact in facts if fact.type == "call_ended")
    assert body(ended)["why"] == "reassigned"
    assert play.state.calls == []
    play.do("buyer", ring([Role.courier], call="call-0002"))
    facts = play.do("shop", assign("zhang"))
    assert [body(fact)["why"] for fact in facts if fact.type == "call_ended"] == ["reassigned"]
    # With three, two talk on.
    play.do("shop", ring([Role.buyer, Role.courier], call="call-0003"))
    play.do("zhang", answer("d-zhang", "call-0003"))
    play.do("buyer", answer("d-buyer", "call-0003"))
    facts = play.do("shop", assign("xiaozhang"))
    assert "call_left" in kinds(facts)
    assert "call_ended" not in kinds(facts)
    assert {one.role for one in only(play).members} == {Role.shop, Role.buyer}


def test_one_person_is_in_one_call_of_an_order_and_ids_are_used_once() -> None:
    """CA-12."""
    play = carried()
    play.do("buyer", ring([Role.shop]))
    assert refused(play, "buyer", ring([Role.courier], call="call-0002")) == "call.own"
    assert refused(play, "zhang", ring([Role.shop])) == "call.exists"
    assert refused(play, "shop", answer("d-ringer")) == "call.device"
    assert refused(play, "xiaozhang", ring([Role.shop], call="call-0003")) == "order.not_yours"
    assert refused(play, "zhang", c.MissCall(order=ORDER, call="call-0001")) in (
        "call.over",
        "order.not_yours",
    )
    assert refused(play, "system", c.MissCall(order=ORDER, call="call-0001")) == "call.not_due"


def test_only_who_is_in_a_call_or_rung_hears_of_it_and_the_shop() -> None:
    """CA-13."""
    play = carried()
    for who, wish in (
        ("buyer", ring([Role.courier])),
        ("zhang", answer("d-zhang")),
        ("zhang", leave()),
    ):
        play.do(who, wish)
        assert play.last is not None
        records = records_of(play, who, play.seq - len(play.last.facts))
        for record in records:
            assert set(render_for_all(record, play.state)) == {"buyer", "shop", "courier"}
        assert not redact(play.state, Role.recipient)["calls"]
    play.do("buyer", ring([Role.recipient], call="call-0002"))
    assert redact(play.state, Role.courier)["calls"] is None
    assert redact(play.state, Role.recipient)["calls"][0]["by_name"] == "李女士"


def test_a_surprise_hears_no_word_of_the_shop() -> None:
    """CA-13, SU-4: a recipient who calls back, or is called at the door, does not read who the shop is."""
    play = carried(surprise=True)
    rung = play.do("shop", ring([Role.recipient]))
    (seen,) = redact(play.state, Role.recipient)["calls"]
    assert seen["by_name"] == seen["members"][0]["name"] == ""
    assert "店主" not in str(
        render_for_all(records_of(play, "shop", play.seq - 1)[0], play.state)["recipient"]
    )
    assert rung[0].audience == Audience.recipient | Audience.shop


def test_a_call_leaves_the_last_tap_to_be_taken_back() -> None:
    """CA-12."""
    play = carried()
    play.now -= 55_000
    play.do("shop", ring([Role.courier]))
    play.do("zhang", oc.UndoLast(order=ORDER))
    assert only(play).id == "call-0001"
    assert play.state.undo is None


def test_every_role_command_and_state_of_a_call() -> None:
    """CA-1 … CA-8: whatever comes, it is carried out as one of few events or refused with a code."""
    wishes = [
        ring([Role.shop, Role.buyer], call="call-0009", device="d-9"),
        answer("d-8"),
        c.DeclineCall(order=ORDER, call="call-0001"),
        c.InviteToCall(order=ORDER, call="call-0001", to=[Role.recipient]),
        leave(),
        c.MissCall(order=ORDER, call="call-0001"),
        c.LoseMember(order=ORDER, call="call-0001", person="p-li"),
        c.NoteMaskedCall(order=ORDER, call="call-0001", by=Role.courier, to=Role.buyer, until=1),
    ]
    carried_out = 0
    for stage in range(4):
        play = carried()
        if stage:
            play.do("buyer", ring([Role.courier]))
        if stage > 1:
            play.do("zhang", answer("d-zhang"))
        if stage > 2:
            play.do("zhang", c.InviteToCall(order=ORDER, call="call-0001", to=[Role.shop]))
        kept = play.state
        for who in ("buyer", "recipient", "shop", "zhang", "xiaozhang", "system"):
            for wish in wishes:
                play.order = kept
                try:
                    facts = play.do(who, wish)
                except Rejected:
                    continue
                carried_out += 1
                assert all(fact.type.startswith(("call_", "masked_call_")) for fact in facts)
                assert all(fact.audience & AUDIENCE_OF[Role.shop] for fact in facts)
                after = play.state
                bare: dict[str, Any] = {"calls": [], "missed_calls": []}
                assert replace(after, **bare) == replace(kept, **bare)
                for call in after.calls:
                    assert call.members
                    assert len(call.members) + len(call.ringing) >= 2
                    assert not {one.role for one in call.members} & set(call.ringing)
    assert carried_out >= 30


def test_talk_in_a_hurried_demo_lasts_as_long_as_people_talked() -> None:
    """CA-14: the house's clock may run faster."""
    play = carried()
    play.do("buyer", ring([Role.courier], ring_ms=RING_MS * 10))
    play.do("zhang", answer("d-zhang"))
    play.now += 50_000
    assert body(play.do("zhang", leave())[-1])["duration_ms"] == 5_000


def test_a_missed_call_stands_in_the_order_until_it_is_called_back() -> None:
    """CA-22: with who rang; for those who missed it and the shop."""
    play = carried()
    play.do("zhang", ring([Role.buyer, Role.shop]))
    play.now += RING_MS
    play.do("system", c.MissCall(order=ORDER, call="call-0001"))
    (seen,) = redact(play.state, Role.buyer)["missed_calls"]
    assert (seen["by_role"], seen["by_name"], seen["to"]) == ("courier", "张师傅", ["buyer"])
    assert redact(play.state, Role.recipient)["missed_calls"] is None
    assert redact(play.state, Role.courier)["missed_calls"] is None
    play.do("buyer", ring([Role.courier], call="call-0002"))
    assert redact(play.state, Role.buyer)["missed_calls"] is None
    assert [one.to for one in play.state.missed_calls] == [[Role.shop]]
    play.do("buyer", leave("call-0002"))
    assert [one.by_role for one in play.state.missed_calls] == [Role.courier, Role.buyer]
    play.do("shop", ring([Role.courier], call="call-0003"))
    play.do("zhang", answer("d-zhang", "call-0003"))
    assert [(one.by_role, one.to) for one in play.state.missed_calls] == [(Role.buyer, [Role.courier])]
