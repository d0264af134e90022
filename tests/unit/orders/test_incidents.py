"""Incidents and playbooks: docs/spec/incidents.md."""

from typing import Any

import pytest

from huaxin.journal.model import Rejected
from huaxin.kernel import Role
from huaxin.orders import commands as c
from huaxin.orders.lifecycle import allowed_actions
from huaxin.orders.model import Incident, Reason, Status
from huaxin.orders.playbooks import CHOICE_WORDS, PLAYBOOKS
from huaxin.orders.reasons import RULES, offered
from huaxin.orders.redact import redact
from huaxin.orders.timing import due_steps
from tests.unit.orders.helpers import ORDER, Play, assign, notices
from tests.unit.orders.test_life import on_the_road

MINUTE = 60_000


def at_the_door() -> Play:
    play = on_the_road()
    play.do("system", c.MarkArriving(order=ORDER))
    play.do("xiaozhang", c.MarkArrived(order=ORDER))
    return play


def report(play: Play, reason: Reason, who: str = "xiaozhang", **more: Any) -> Incident:
    play.do(who, c.ReportIncident(order=ORDER, reason=reason, **more))
    return incident(play)


def incident(play: Play) -> Incident:
    return play.state.incidents[-1]


def decide(play: Play, who: str, choice: str, **more: Any) -> list[Any]:
    now = incident(play)
    return play.do(
        who, c.DecideIncident(order=ORDER, incident=now.id, stage=now.stage, choice=choice, **more)
    )


def wait(play: Play) -> list[Any]:
    """Until the time of the stage is over, as the timers do."""
    play.now = max(play.now, incident(play).until)
    (step,) = due_steps(play.state, play.now)
    return play.do("system", step.body)


def code_of(play: Play, who: str, wish: c.OrderCommand) -> str:
    before = play.state
    with pytest.raises(Rejected) as refusal:
        play.do(who, wish)
    assert play.state is before
    return refusal.value.code


def test_every_reason_has_words_and_somebody_who_may_say_it() -> None:
    """IN-1: the whole catalogue, in both languages."""
    assert set(RULES) == set(Reason)
    assert len(RULES) == 33
    for reason, rule in RULES.items():
        assert rule.words.zh, reason
        assert rule.words.en, reason
        assert rule.courier or rule.shop, reason
        assert rule.playbook in ("", *PLAYBOOKS), reason
        assert not rule.when(Role.buyer)


def test_only_what_can_be_true_is_taken() -> None:
    """IN-2: nobody refuses flowers that are still in the shop; the matrix of all roles and states."""
    assert Reason.refused not in offered(Role.courier, Status.assigned)
    assert Reason.refused in offered(Role.courier, Status.arrived)
    assert Reason.out_of_stock not in offered(Role.shop, Status.delivering)
    assert offered(Role.courier, Status.delivered) == offered(Role.shop, Status.placed) == []
    play = Play()
    play.place()
    play.do("shop", c.ConfirmOrder(order=ORDER))
    play.do("shop", assign())
    assert code_of(play, "xiaozhang", c.ReportIncident(order=ORDER, reason=Reason.refused)) == (
        "incident.not_now"
    )
    play = on_the_road()
    assert code_of(play, "xiaozhang", c.FailDelivery(order=ORDER, reason=Reason.weather)) == (
        "incident.no_failure"
    )


def test_a_photo_where_the_reason_needs_one() -> None:
    """IN-3: a clear no without, a yes with."""
    play = on_the_road()
    bare = c.ReportIncident(order=ORDER, reason=Reason.flowers_damaged)
    assert code_of(play, "xiaozhang", bare) == "incident.photo_needed"
    assert report(play, Reason.flowers_damaged, picture="pic-1").picture == "pic-1"


def test_the_buyer_reads_what_is_usual_unless_somebody_says_more() -> None:
    """IN-4, OR-12: the apology with the table's minutes; none for what costs no time."""
    play = on_the_road()
    facts = play.do("xiaozhang", c.ReportIncident(order=ORDER, reason=Reason.route_closed))
    assert notices(facts) == ["非常抱歉,您的订单因配送途中突发状况,预计会延迟20分钟送达,给您带来不便敬请谅解"]
    play = at_the_door()
    told = play.do("xiaozhang", c.ReportIncident(order=ORDER, reason=Reason.no_answer))
    assert notices(told) == []


def test_the_same_from_two_people_is_one() -> None:
    """IN-5: joined, told to the team, and the buyer hears it once unless it takes longer."""
    play = on_the_road()
    first = report(play, Reason.vehicle_breakdown)
    facts = play.do("shop", c.ReportIncident(order=ORDER, reason=Reason.vehicle_breakdown))
    assert len(play.state.incidents) == 1
    assert incident(play).id == first.id
    assert [one.role for one in incident(play).joined] == ["shop"]
    assert notices(facts) == []
    assert notices(facts, Role.courier) == ["花店也上报了:车辆故障"]
    eta = play.state.eta_at
    play.do("shop", c.ReportIncident(order=ORDER, reason=Reason.accident, delay_minutes=60))
    assert len(play.state.incidents) == 1
    assert play.state.eta_at == eta + 30 * MINUTE
    seen = redact(play.state, Role.buyer)["incidents"][0]
    assert (seen["joined"], seen["reporter"]) == ([], "")


def test_nobody_at_the_door_until_the_flowers_come_back() -> None:
    """IN-10: call, ten minutes for the buyer, then back to the shop: every step by time alone."""
    play = at_the_door()
    now = report(play, Reason.no_answer)
    assert (now.stage, now.decides, now.until) == ("call", "courier", play.now + 3 * MINUTE)
    facts = wait(play)
    now = incident(play)
    assert (now.stage, now.decides, now.until) == ("ask", "buyer", play.now + 10 * MINUTE)
    assert len(notices(facts)) == 2
    assert "配送员到了,但联系不上收花人。请在" in notices(facts)[1]
    assert "否则:送回花店。" in notices(facts)[1]
    assert "decide_incident" in allowed_actions(play.state, Role.buyer)
    facts = wait(play)
    assert notices(facts) == ["时间已到,没有等到答复:送回花店。", "鲜花正在送回花店。"]
    order = play.state
    assert (order.status, order.reason, incident(play).outcome) == (Status.returning, "no_answer", "return")
    assert [(one.reason, one.after, one.courier) for one in order.attempts] == [
        ("no_answer", "returning", "p-xiaozhang")
    ]
    assert [one.role for one in incident(play).decided] == ["system", "system"]
    play.do("shop", c.ConfirmReturn(order=ORDER))
    assert play.state.status is Status.returned


def test_the_buyer_lets_the_guard_take_it() -> None:
    """IN-10: waited once more, then left with the guard; delivered ends it."""
    play = at_the_door()
    report(play, Reason.recipient_absent)
    decide(play, "xiaozhang", "not_reached")
    decide(play, "buyer", "wait")
    assert "wait" not in incident(play).choices
    assert notices(decide(play, "buyer", "guard"), Role.courier)[0] == "订花人:放在门卫处。"
    assert (incident(play).stage, incident(play).decides) == ("leave", "courier")
    play.do("xiaozhang", c.Deliver(order=ORDER, received_by="门卫"))
    assert (incident(play).status, incident(play).outcome) == ("resolved", "delivered")
    assert incident(play).closed_at == play.now


def test_the_shop_decides_for_everybody_and_others_only_for_themselves() -> None:
    """IN-6."""
    play = at_the_door()
    now = report(play, Reason.no_answer)
    tap = c.DecideIncident(order=ORDER, incident=now.id, stage="call", choice="not_reached")
    assert code_of(play, "buyer", tap) == "order.not_yours"
    decide(play, "shop", "not_reached")
    decide(play, "shop", "neighbour")
    assert incident(play).stage == "leave"


def test_two_decide_at_once() -> None:
    """IN-7: the first counts; the other reads what was decided."""
    play = at_the_door()
    now = report(play, Reason.no_answer)
    decide(play, "xiaozhang", "not_reached")
    decide(play, "buyer", "guard")
    slower = c.DecideIncident(order=ORDER, incident=now.id, stage="ask", choice="return")
    with pytest.raises(Rejected) as refusal:
        play.do("shop", slower)
    assert refusal.value.code == "incident.decided"
    assert refusal.value.value["choice"]["zh"] == "放在门卫处"
    early = c.AdvanceIncident(order=ORDER, incident=now.id, stage="leave")
    assert code_of(play, "system", early) == "incident.not_due"


def test_the_bike_breaks_down_and_somebody_else_takes_over() -> None:
    """IN-11: it ends by itself with the next courier; nobody in five minutes: red until a person acts."""
    play = on_the_road()
    now = report(play, Reason.vehicle_breakdown)
    assert (now.stage, now.decides, now.until) == ("reassign", "shop", play.now + 5 * MINUTE)
    (step,) = due_steps(play.state, now.until)
    assert step.handover
    facts = wait(play)
    assert (incident(play).stage, incident(play).until) == ("overdue", 0)
    assert "还没有人接手这一单。" in notices(facts, Role.shop)
    assert list(due_steps(play.state, play.now + 10**9)) == []
    play.do("shop", assign("zhang"))
    assert (incident(play).status, incident(play).outcome) == ("resolved", "reassigned")


def test_a_mis_tapped_reassignment_opens_it_again() -> None:
    """IN-11, OR-4."""
    play = on_the_road()
    report(play, Reason.accident)
    play.do("shop", assign("zhang"))
    play.do("shop", c.UndoLast(order=ORDER))
    assert (incident(play).status, incident(play).stage) == ("open", "reassign")


def test_damaged_flowers_are_made_again_when_the_buyer_agrees() -> None:
    """IN-12: photo, an offer, the buyer's yes: back into the making, with the new time."""
    play = on_the_road()
    report(play, Reason.flowers_damaged, picture="pic-1")
    assert redact(play.state, Role.buyer)["incidents"][0]["picture"] == ""
    facts = decide(play, "shop", "remake", minutes=50)
    assert "花店:重新做一束,约50分钟后送达。" in notices(facts)
    assert redact(play.state, Role.buyer)["incidents"][0]["picture"] == "pic-1"
    facts = decide(play, "buyer", "accept")
    order = play.state
    assert (order.status, order.eta_at) == (Status.making, play.now + 50 * MINUTE)
    assert any("我们正在为您重新制作" in words for words in notices(facts))
    play.do("shop", c.MarkReady(order=ORDER))
    assert play.state.status is Status.assigned
    play.do("xiaozhang", c.PickUp(order=ORDER))


def test_damaged_flowers_and_nobody_says_anything() -> None:
    """IN-12: offered and accepted by time: delivered as they are, a part refunded."""
    play = on_the_road()
    report(play, Reason.packing, picture="pic-1")
    wait(play)
    assert (incident(play).offer, incident(play).percent) == ("refund", 30)
    wait(play)
    assert (incident(play).outcome, incident(play).refund) == ("accept", 5040)
    assert play.state.status is Status.picked_up
    assert redact(play.state, Role.courier)["incidents"][0]["refund"] == 0


def test_delivered_before_the_buyer_answered() -> None:
    """IN-12: what was offered stands."""
    play = on_the_road()
    report(play, Reason.flowers_damaged, picture="pic-1")
    decide(play, "shop", "refund", percent=50)
    play.do("xiaozhang", c.Deliver(order=ORDER))
    assert (incident(play).status, incident(play).refund) == ("resolved", 8400)


def test_a_failed_attempt_is_counted() -> None:
    """IN-13: each with its reason; a second try, then home."""
    play = at_the_door()
    play.do("xiaozhang", c.FailDelivery(order=ORDER, reason=Reason.recipient_absent))
    play.do("xiaozhang", c.RetryDelivery(order=ORDER))
    play.do("xiaozhang", c.FailDelivery(order=ORDER, reason=Reason.refused))
    assert [one.reason for one in play.state.attempts] == ["recipient_absent", "refused"]
    play.do("xiaozhang", c.UndoLast(order=ORDER))
    assert len(play.state.attempts) == 1
    assert redact(play.state, Role.buyer)["attempts"][0]["courier"] == ""
    assert redact(play.state, Role.recipient)["attempts"] is None


@pytest.mark.parametrize("reason", [reason for reason, rule in RULES.items() if rule.playbook])
def test_every_playbook_ends_when_nobody_does_anything(reason: Reason) -> None:
    """IN-8: whatever was reported, time alone leads to an end, or to a person of the shop."""
    play = at_the_door()
    who = "xiaozhang" if play.state.status in RULES[reason].courier else "shop"
    report(play, reason, who, picture="pic-1")
    for _ in range(6):
        if incident(play).status != "open" or not incident(play).until:
            break
        wait(play)
    assert incident(play).status == "resolved" or incident(play).stage == "overdue"


def test_every_choice_leads_somewhere_and_has_words() -> None:
    """IN-9."""
    for name, book in PLAYBOOKS.items():
        assert book.start in book.stages
        for stage in book.stages.values():
            assert stage.find(stage.default), name
            assert stage.words.zh
            assert stage.words.en
            assert stage.shown
            for choice in stage.choices:
                assert choice.name in CHOICE_WORDS
                assert choice.to in ("", *book.stages)


def test_what_the_buyer_hears_of_it() -> None:
    """OR-12: never the note, nor who reported."""
    play = at_the_door()
    report(play, Reason.no_answer, note="很凶的保安")
    decide(play, "xiaozhang", "not_reached", note="打了三次")
    seen = str(redact(play.state, Role.buyer)["incidents"])
    assert "保安" not in seen
    assert "三次" not in seen
    assert "p-xiaozhang" not in seen
