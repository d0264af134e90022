"""The life of an order: docs/spec/orders.md."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from huaxin.journal.model import Rejected
from huaxin.kernel import Point, Role
from huaxin.orders import commands as c
from huaxin.orders.lifecycle import MOVES, allowed_actions, diagram
from huaxin.orders.model import Promise, Reason, Status
from huaxin.orders.redact import redact
from tests.unit.orders.helpers import ORDER, Play, assign, at, notices, wish


def on_the_road() -> Play:
    play = Play()
    play.place()
    play.do("shop", c.ConfirmOrder(order=ORDER))
    play.do("shop", c.StartMaking(order=ORDER))
    play.do("shop", c.MarkReady(order=ORDER))
    play.do("shop", assign())
    play.now = at("2026-03-07 08:00")
    play.do("xiaozhang", c.PickUp(order=ORDER, eta_at=at("2026-03-07 09:30")))
    return play


def test_ideal_day_tells_the_buyer_word_for_word() -> None:
    """OR-1, story 1."""
    play = Play()
    assert notices(play.place()) == ["订单已提交,等待花店确认。"]
    assert notices(play.do("shop", c.ConfirmOrder(order=ORDER))) == [
        "您的订单已确认,我们将在周六上午为您送达。"
    ]
    play.do("shop", c.StartMaking(order=ORDER))
    play.do("shop", c.MarkReady(order=ORDER))
    play.do("shop", assign())
    play.now = at("2026-03-07 08:00")
    picked = play.do("xiaozhang", c.PickUp(order=ORDER, eta_at=at("2026-03-07 09:30")))
    assert notices(picked) == [
        "您的订单已由配送员小张取走,预计九点半送达",
        "小张的联系方式是138****8000,有任何问题可以直接联系他。",
    ]
    play.now = at("2026-03-07 08:40")
    agreed = play.do("xiaozhang", c.AgreeTime(order=ORDER, at=at("2026-03-07 09:00")))
    assert notices(agreed) == ["配送员已与您确认,预计九点送达,请保持手机畅通。"]
    play.now = at("2026-03-07 08:54")
    assert notices(play.do("system", c.MarkArriving(order=ORDER))) == ["您的鲜花即将送达,请保持手机畅通"]
    assert notices(play.do("xiaozhang", c.MarkArrived(order=ORDER))) == [
        "您的鲜花已到达小区门口,马上为您送上楼。"
    ]
    assert notices(play.do("xiaozhang", c.Deliver(order=ORDER))) == ["您的订单已送达成功,请为本次服务评分。"]
    play.do("buyer", c.Rate(order=ORDER, stars=5))
    assert play.state.status is Status.rated


def test_picked_up_within_the_hour_is_said_in_minutes() -> None:
    """OR-2: 「预计30分钟内送达」."""
    play = Play()
    play.place()
    play.do("shop", c.ConfirmOrder(order=ORDER))
    play.do("shop", assign("zhang"))
    picked = play.do("zhang", c.PickUp(order=ORDER, eta_at=play.now + 27 * 60_000))
    assert notices(picked)[0] == "您的订单已由配送员张师傅取走,预计30分钟内送达"


def test_two_oclock_becomes_five() -> None:
    """OR-9, story 2: nothing is promised anew before the courier has confirmed."""
    play = Play(at("2026-03-06 10:00"))
    play.place(promise=Promise(end=at("2026-03-06 14:00"), source="note"))
    play.do("shop", c.ConfirmOrder(order=ORDER))
    play.do("shop", assign("zhang"))
    play.now = at("2026-03-06 12:00")
    asked = play.do("buyer", c.AskChange(order=ORDER, promise=Promise(end=at("2026-03-06 17:00"))))
    assert notices(asked, Role.shop) == notices(asked, Role.courier) == ["订单时间已更新,请确认"]
    assert play.state.promise.end == at("2026-03-06 14:00")
    change = play.state.change
    assert change is not None
    answered = play.do("zhang", c.AnswerChange(order=ORDER, change=change.id, accept=True))
    assert notices(answered) == ["您的配送时间已更新为下午五点,由配送员张师傅负责配送"]
    assert play.state.promise.end == at("2026-03-06 17:00")


def test_flat_tyre_is_reported_reassigned_and_excused() -> None:
    """OR-12, story 3."""
    play = on_the_road()
    told = play.do(
        "xiaozhang", c.ReportIncident(order=ORDER, reason=Reason.vehicle_breakdown, delay_minutes=30)
    )
    assert notices(told, Role.shop)[0] == "异常上报:车辆故障"
    assert notices(told) == ["非常抱歉,您的订单因配送途中突发状况,预计会延迟30分钟送达,给您带来不便敬请谅解"]
    facts = play.do("shop", assign("zhang"))
    assert play.state.status is Status.assigned
    assert (facts[0].courier, facts[0].courier_before) == ("p-zhang", "p-xiaozhang")
    with pytest.raises(Rejected, match="another courier"):
        play.do("xiaozhang", c.PickUp(order=ORDER))
    play.do("zhang", c.PickUp(order=ORDER))


def test_flowers_given_on_on_the_road_are_with_who_carried_them() -> None:
    """TR-199: until the next one picks them up; shop and courier see with whom and where, nobody else."""
    play = on_the_road()
    meet = Point(30.251, 120.003)
    play.do("shop", replace(assign("zhang"), meet=meet))
    held = play.state.held_by
    assert held is not None
    assert (held.person, held.point) == ("p-xiaozhang", meet)
    assert play.state.eta_at == 0  # what the other one said of the arrival holds no more
    seen = {role: redact(play.state, role)["held_by"] for role in Role if role is not Role.system}
    assert seen[Role.buyer] is seen[Role.recipient] is None
    assert seen[Role.shop]["name"] == seen[Role.courier]["name"] == held.name
    play.do("shop", assign("xiaozhang"))  # given back before they met: they are where they were
    assert play.state.held_by == held
    play.do("xiaozhang", c.PickUp(order=ORDER))
    assert play.state.held_by is None
    play.do("xiaozhang", c.FailDelivery(order=ORDER, reason=Reason.recipient_absent))
    play.do("shop", assign("zhang"))
    assert play.state.held_by is not None


def test_flowers_at_the_shop_are_with_nobody() -> None:
    """TR-199."""
    play = Play()
    play.place()
    play.do("shop", c.ConfirmOrder(order=ORDER))
    play.do("shop", c.MarkReady(order=ORDER))
    for courier in ("xiaozhang", "zhang"):
        play.do("shop", assign(courier))
        assert play.state.held_by is None


@pytest.mark.parametrize("command", sorted({move.command for move in MOVES} - {"assign_courier"}))
def test_illegal_moves_change_nothing(command: str) -> None:
    """OR-3: refused with a reason, from every state the table does not name."""
    kinds = {str(kind.__struct_config__.tag): kind for kind in c.OrderCommands.__args__}
    extra = {"rate": {"stars": 5}, "fail_delivery": {"reason": Reason.other}}.get(command, {})
    play = Play()
    play.place()
    before = play.state
    for who in ("buyer", "recipient", "shop", "xiaozhang", "system"):
        role = Role(who if who != "xiaozhang" else "courier")
        legal = any(m.command == command and role in m.roles and Status.placed in m.sources for m in MOVES)
        if legal:
            continue
        with pytest.raises(Rejected) as refusal:
            play.do(who, kinds[command](order=ORDER, **extra))
        assert refusal.value.code in ("order.illegal_move", "order.not_yours", "order.no_courier")
        assert play.state == before


def test_a_mis_tap_is_taken_back_within_ten_seconds() -> None:
    """OR-4."""
    play = on_the_road()
    before = play.state
    play.do("xiaozhang", c.Deliver(order=ORDER))
    play.now += 9_000
    facts = play.do("xiaozhang", c.UndoLast(order=ORDER))
    assert notices(facts) == ["更正:刚才是误触,订单状态为「已取货」。"]
    assert play.state.status is before.status
    assert play.state.proof is None
    assert play.state.times == before.times


def test_undo_is_only_for_who_tapped_and_only_ten_seconds() -> None:
    """OR-4."""
    play = on_the_road()
    play.do("xiaozhang", c.Deliver(order=ORDER))
    with pytest.raises(Rejected, match="nothing of yours"):
        play.do("shop", c.UndoLast(order=ORDER))
    play.now += 10_001
    with pytest.raises(Rejected, match="10 seconds"):
        play.do("xiaozhang", c.UndoLast(order=ORDER))


def test_one_arrival_notice_per_delivery() -> None:
    """OR-5: geofence and thumb together still say it once, also after an undo."""
    play = on_the_road()
    assert notices(play.do("xiaozhang", c.MarkArriving(order=ORDER)))
    play.do("xiaozhang", c.UndoLast(order=ORDER))
    assert notices(play.do("system", c.MarkArriving(order=ORDER))) == []


def test_assigned_ahead_is_assigned_once_ready() -> None:
    """OR-6."""
    play = Play()
    play.place()
    play.do("shop", c.ConfirmOrder(order=ORDER))
    play.do("shop", assign())
    assert play.state.status is Status.confirmed
    play.do("shop", c.MarkReady(order=ORDER))
    assert play.state.status is Status.assigned


def test_windows_are_checked() -> None:
    """OR-7."""
    now = at("2026-03-06 15:00")
    for start, end, code in (
        (now + 2_000_000, now + 1_000_000, "order.window_inverted"),
        (0, now - 1, "order.window_past"),
        (0, now + 91 * 24 * 3_600_000, "order.window_far"),
    ):
        with pytest.raises(Rejected) as refusal:
            Play().place(promise=Promise(start=start, end=end))
        assert refusal.value.code == code


def test_an_order_is_placed_once() -> None:
    play = Play()
    play.place()
    with pytest.raises(Rejected, match="already there"):
        play.do("buyer", wish())


def test_actions_offered_are_actions_allowed() -> None:
    """OR-8: what a screen offers is what the table allows."""
    play = on_the_road()
    assert "deliver" in allowed_actions(play.state, Role.courier)
    assert "deliver" not in allowed_actions(play.state, Role.buyer)
    assert "rate" not in allowed_actions(play.state, Role.buyer)
    own = {"say", "send_place", "prefer_time", "help_gate", "ring", "ring_buyer", "ring_courier", "ring_shop"}
    assert set(allowed_actions(play.state, Role.recipient)) == own


def test_diagram_names_every_move() -> None:
    drawn = diagram()
    assert all(move.command in drawn for move in MOVES)


def test_the_diagram_in_the_docs_is_the_table() -> None:
    spec = Path(__file__).parents[3] / "docs" / "spec" / "orders.md"
    assert diagram() in spec.read_text(encoding="utf-8")
