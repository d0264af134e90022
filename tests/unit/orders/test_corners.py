"""Corners of an order's life: what is taken back, what waits too long, what people type (orders.md)."""

from typing import Any

import msgspec
import pytest

from huaxin.journal.model import Actor, Record, Rejected
from huaxin.kernel import Role
from huaxin.live.render import render, render_for_all
from huaxin.orders import commands as c
from huaxin.orders.lifecycle import allowed_actions
from huaxin.orders.model import Address, Card, Order, Party, Promise, Reason, Status
from tests.unit.orders.helpers import ACTORS, FRIDAY, HOME, ORDER, Play, assign, at, notices
from tests.unit.orders.test_life import on_the_road

HOUR = 3_600_000


def ask(play: Play, **change: Any) -> str:
    play.do("buyer", c.AskChange(order=ORDER, **change))
    assert play.state.change is not None
    return play.state.change.id


def code_of(play: Play, who: str, wish: c.OrderCommand) -> str:
    with pytest.raises(Rejected) as refusal:
        play.do(who, wish)
    return refusal.value.code


def test_a_failure_taken_back_leaves_no_reason() -> None:
    """OR-4: the reason is part of the tap."""
    play = on_the_road()
    before = play.state
    play.do("xiaozhang", c.FailDelivery(order=ORDER, reason=Reason.refused))
    assert play.state.reason == "refused"
    play.do("xiaozhang", c.UndoLast(order=ORDER))
    assert play.state == msgspec.structs.replace(before, undo=None)


def test_a_cancelling_taken_back_leaves_no_reason() -> None:
    """OR-4."""
    play = Play()
    play.place()
    play.do("buyer", c.CancelOrder(order=ORDER, reason="不要了"))
    play.do("buyer", c.UndoLast(order=ORDER))
    assert (play.state.status, play.state.reason) == (Status.placed, "")


def test_a_second_try_has_no_reason_to_have_failed() -> None:
    play = on_the_road()
    play.do("xiaozhang", c.FailDelivery(order=ORDER, reason=Reason.recipient_absent))
    play.do("xiaozhang", c.RetryDelivery(order=ORDER))
    assert play.state.reason == ""
    play.do("xiaozhang", c.FailDelivery(order=ORDER, reason=Reason.recipient_absent))
    play.do("shop", assign("zhang"))
    assert play.state.reason == ""


def test_what_was_told_stays_told_when_a_tap_is_taken_back() -> None:
    """OR-5, OR-13: neither twice, whatever is undone."""
    play = on_the_road()
    play.do("system", c.ReportSlipping(order=ORDER, eta_at=play.now + 4 * HOUR))
    play.do("xiaozhang", c.MarkArriving(order=ORDER))
    play.do("xiaozhang", c.AgreeTime(order=ORDER, at=play.now + HOUR))
    play.do("xiaozhang", c.UndoLast(order=ORDER))
    assert play.state.slipping_told
    play.do("shop", assign("zhang"))
    play.do("shop", c.UndoLast(order=ORDER))
    assert play.state.arriving_told


def test_a_recipient_who_was_told_is_told_again() -> None:
    """OR-4: 「已送达」 reached the recipient too."""
    play = on_the_road()
    assert notices(play.do("xiaozhang", c.Deliver(order=ORDER)), Role.recipient)
    assert notices(play.do("xiaozhang", c.UndoLast(order=ORDER)), Role.recipient) == [
        "更正:刚才是误触,订单状态为「已取货」。"
    ]
    play.do("xiaozhang", c.ReportIncident(order=ORDER, reason=Reason.heavy_traffic))
    assert notices(play.do("xiaozhang", c.UndoLast(order=ORDER)), Role.recipient) == []


def test_a_change_ends_with_the_order() -> None:
    """OR-8, OR-9: nobody moves what has been delivered."""
    play = on_the_road()
    change = ask(play, promise=Promise(end=play.now + 8 * HOUR))
    promise = play.state.promise
    play.do("xiaozhang", c.Deliver(order=ORDER))
    for role in (Role.courier, Role.shop, Role.buyer):
        assert not {"answer_change", "withdraw_change"} & set(allowed_actions(play.state, role))
    answer = c.AnswerChange(order=ORDER, change=change, accept=True)
    assert code_of(play, "xiaozhang", answer) == "order.illegal_move"
    assert code_of(play, "buyer", c.WithdrawChange(order=ORDER, change=change)) == "order.illegal_move"
    assert play.state.promise == promise


def test_a_change_answered_too_late_cannot_be_accepted() -> None:
    """OR-7: a promise ends in the future, also when it is confirmed."""
    play = on_the_road()
    change = ask(play, promise=Promise(end=play.now + HOUR))
    play.now += 2 * HOUR
    assert code_of(play, "xiaozhang", c.AnswerChange(order=ORDER, change=change, accept=True)) == (
        "order.window_past"
    )
    play.do("xiaozhang", c.AnswerChange(order=ORDER, change=change, accept=False))


def test_a_new_address_at_the_old_door_is_a_new_way() -> None:
    """OR-5: a new address makes it a new delivery, also from the old gate."""
    play = on_the_road()
    play.do("system", c.MarkArriving(order=ORDER))
    play.do("xiaozhang", c.MarkArrived(order=ORDER))
    change = ask(play, address=Address(text="公司", point=HOME))
    play.do("xiaozhang", c.AnswerChange(order=ORDER, change=change, accept=True))
    assert play.state.status is Status.delivering
    assert notices(play.do("system", c.MarkArriving(order=ORDER))) == ["您的鲜花即将送达,请保持手机畅通"]


def test_a_new_time_is_the_time_told() -> None:
    """OR-9, OR-12: a later delay is counted from what the buyer was told last."""
    play = on_the_road()
    later = at("2026-03-07 17:00")
    change = ask(play, promise=Promise(end=later))
    play.do("xiaozhang", c.AnswerChange(order=ORDER, change=change, accept=True))
    assert play.state.eta_at == later


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (-(10**30), FRIDAY + HOUR, "order.window_past"),
        (-(10**15), FRIDAY + HOUR, "order.window_past"),
        (FRIDAY - 25 * HOUR, FRIDAY + HOUR, "order.window_past"),
        (0, 10**30, "order.window_far"),
        (0, -(10**30), "order.window_past"),
    ],
)
def test_no_time_that_has_no_words(start: int, end: int, code: str) -> None:
    """OR-7: what cannot be said in words could never be confirmed."""
    play = Play()
    with pytest.raises(Rejected) as refusal:
        play.place(promise=Promise(start=start, end=end))
    assert refusal.value.code == code


@pytest.mark.parametrize("moment", [10**30, FRIDAY + 80 * 365 * 24 * HOUR])
def test_no_time_is_agreed_that_is_out_of_reach(moment: int) -> None:
    """OR-7, OR-10."""
    play = on_the_road()
    assert code_of(play, "xiaozhang", c.AgreeTime(order=ORDER, at=moment)) == "order.window_far"


def test_a_source_that_is_none_is_not_believed() -> None:
    play = Play()
    play.place(promise=Promise(end=FRIDAY + HOUR, source="agreed"))
    assert play.state.promise.source == "window"


def test_what_people_type_is_fit_to_print() -> None:
    """CO-4, for every text: no control signs, no bidirectional overrides; line breaks stay in a card."""
    play = Play()
    play.place(
        recipient=Party(name=" 妈\u202e妈\x00 ", phone="13900001111"),
        card=Card(text="节日\n快乐\x07", signature="\u2067女儿"),
        address=Address(text="阳光小区\x1b", point=HOME, note="门禁\x002580"),
        note="三点前\u202d",
    )
    order = play.state
    assert (order.recipient.name, order.card.text, order.card.signature) == ("妈妈", "节日\n快乐", "女儿")
    assert (order.address.text, order.address.note, order.note) == ("阳光小区", "门禁2580", "三点前")


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient": {"name": "x" * 61, "phone": "13900001111"}},
        {"address": {"text": "x" * 201, "point": {"lat": 30.0, "lon": 120.0}}},
        {"address": {"text": "x", "point": {"lat": 91.0, "lon": 120.0}}},
        {"card": {"text": "x" * 501}},
        {"promise": {"end": 1, "source": "x" * 61}},
    ],
)
def test_texts_have_an_end(changes: dict[str, Any]) -> None:
    """HT-6: what does not fit is refused, not stored."""
    fields = {
        "command": "place_order", "order": ORDER, "shop": "s", "lines": [{"product": "p"}],
        "recipient": {"name": "x", "phone": "13900001111"},
        "address": {"text": "x", "point": {"lat": 30.0, "lon": 120.0}},
    }  # fmt: skip
    msgspec.convert(fields, c.PlaceOrder)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(fields | changes, c.PlaceOrder)


def record(order: Order, kind: str, actor: Actor, body: dict[str, Any], audience: int) -> Record:
    return Record(
        shop=order.shop, seq=9, at=1, subject=order.id, type=kind, version=1, actor=actor.person,
        role=actor.role, audience=audience, body=msgspec.json.encode(body),
    )  # fmt: skip


def test_an_anonymous_sender_may_write_without_being_known() -> None:
    """OR-21: neither the name on a message nor who acted, live or from the past."""
    play = Play()
    play.place(card=Card(text="猜猜我是谁", anonymous=True))
    said = record(
        play.state, "message_sent", ACTORS["buyer"],
        {"name": "李女士", "to": ["buyer", "recipient", "shop"], "text": "生日快乐"}, 7,
    )  # fmt: skip
    live, past = render_for_all(said, play.state)["recipient"], render(said, play.state, Role.recipient)
    assert live == past
    assert "生日快乐" in live.decode()
    assert "李女士" not in live.decode()
    assert "p-li" not in live.decode()
    assert "李女士" in render_for_all(said, play.state)["shop"].decode()


def test_a_recipient_does_not_read_why_it_was_cancelled() -> None:
    """OR-21: the reason is between buyer and shop."""
    play = Play()
    play.place()
    play.do("buyer", c.CancelOrder(order=ORDER, reason="我和她分手了"))
    body = {"before": "placed", "after": "cancelled", "by": "cancel_order", "reason": "我和她分手了"}
    moved = record(play.state, "status_changed", ACTORS["buyer"], body, 15)
    seen = render_for_all(moved, play.state)
    assert "分手" not in seen["recipient"].decode()
    assert "分手" in seen["courier"].decode()


def test_the_buyer_does_not_learn_who_reported() -> None:
    """OR-12: nor by the actor of the event."""
    play = on_the_road()
    body = {
        "incident": {"id": "i", "reason": "accident", "at": 1, "reporter": "p-xiaozhang", "role": "courier"}
    }
    told = record(play.state, "incident_reported", ACTORS["xiaozhang"], body, 13)
    seen = render_for_all(told, play.state)
    assert "p-xiaozhang" not in seen["buyer"].decode()
    assert "p-xiaozhang" in seen["shop"].decode()


@pytest.mark.parametrize("wish", [c.Deliver(order=ORDER), c.SetOff(order=ORDER), c.MarkArrived(order=ORDER)])
def test_a_tap_of_the_courier_before_comes_too_late(wish: c.OrderCommand) -> None:
    """OR-25: the role was found before the next courier had picked it up; the decision sees who has it."""
    play = on_the_road()
    play.do("shop", assign("zhang"))
    play.do("zhang", c.PickUp(order=ORDER))
    assert code_of(play, "xiaozhang", wish) == "order.not_yours"
    play.do("zhang", wish)
