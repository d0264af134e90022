"""Changes as negotiation: docs/spec/changes.md."""

from typing import Any

import msgspec
import pytest

from huaxin.journal.model import Rejected
from huaxin.kernel import Audience, Role
from huaxin.orders import change_rules as rules
from huaxin.orders import commands as c
from huaxin.orders.fees import USUAL, ChangeFees, farther_fee
from huaxin.orders.lifecycle import allowed_actions
from huaxin.orders.model import Address, Card, Change, Line, Party, Promise, Status
from huaxin.orders.redact import redact
from huaxin.orders.timing import due_steps
from tests.unit.orders.helpers import HOME, ORDER, Play, assign, at, notices
from tests.unit.orders.test_life import on_the_road

HOUR, MINUTE = 3_600_000, 60_000
ROSES = [Line(product="rose", name="玫瑰", price=25900)]


def confirmed(*, courier: bool = False) -> Play:
    play = Play()
    play.place()
    play.do("shop", c.ConfirmOrder(order=ORDER))
    if courier:
        play.do("shop", assign())
    return play


def ask(play: Play, **change: Any) -> Change:
    play.do("buyer", c.AskChange(order=ORDER, **change))
    assert play.state.change is not None
    return play.state.change


def refusal(play: Play, who: str, wish: c.OrderCommand) -> Rejected:
    before = play.state
    with pytest.raises(Rejected) as refused:
        play.do(who, wish)
    assert play.state is before
    return refused.value


def later(play: Play, hours: int = 8) -> Promise:
    return Promise(end=play.now + hours * HOUR)


def test_the_table_has_a_rule_for_every_part_and_phase() -> None:
    """CH-1: one table, nothing left open; what is refused says why in both languages."""
    order = confirmed().state
    rows = [
        (part, status, rules.rule_of(part, msgspec.structs.replace(order, status=status)))
        for part in rules.PARTS
        for status in Status
    ]
    assert len(rows) == 6 * 15
    for part, status, rule in rows:
        assert rule.why is None or (rule.why.zh and rule.why.en), (part, status)
        assert rule.asks in ("holder", "shop", "nobody")
        assert (rule.why is not None) == (
            not rules.phase_of(msgspec.structs.replace(order, status=status))
            or (part in ("card", "items") and status in rules._PHASE_OF and rule.why is not None)
        )


@pytest.mark.parametrize(
    ("parts", "courier", "needs"),
    [
        ({"promise": Promise(end=at("2026-03-07 17:00"))}, False, ["shop"]),
        ({"promise": Promise(end=at("2026-03-07 17:00"))}, True, ["courier"]),
        ({"address": Address(text="公司", point=HOME)}, True, ["courier"]),
        ({"recipient": Party(name="外婆", phone="13900003333")}, True, ["courier"]),
        ({"lines": [c.LineWish(product="rose")], "priced": ROSES}, True, ["shop"]),
        (
            {
                "promise": Promise(end=at("2026-03-07 17:00")),
                "lines": [c.LineWish(product="rose")],
                "priced": ROSES,
            },
            True,
            ["courier", "shop"],
        ),
    ],
)
def test_who_must_agree(parts: dict[str, Any], courier: bool, needs: list[str]) -> None:
    """CH-2."""
    play = confirmed(courier=courier)
    assert ask(play, **parts).needs == needs
    for role in (Role.courier, Role.shop):
        may = "answer_change" in allowed_actions(play.state, role)
        assert may == (role.value in needs or role is Role.shop)


def test_both_must_agree_and_the_shop_stands_for_all() -> None:
    """CH-2, CH-3: the courier's yes alone changes nothing; the shop's settles it."""
    play = confirmed(courier=True)
    change = ask(play, promise=later(play), lines=[c.LineWish(product="rose")], priced=ROSES)
    before = play.state.promise
    play.do("xiaozhang", c.AnswerChange(order=ORDER, change=change.id, accept=True))
    waiting = play.state.change
    assert waiting is not None
    assert (waiting.status, waiting.needs, play.state.promise) == ("asked", ["shop"], before)
    assert "answer_change" not in allowed_actions(play.state, Role.courier)
    play.do("shop", c.AnswerChange(order=ORDER, change=change.id, accept=True))
    assert (play.state.change or waiting).status == "confirmed"
    assert play.state.promise.end == later(play).end
    assert [line.name for line in play.state.lines] == ["玫瑰"]
    assert play.state.total == 25900


def test_the_card_is_changed_at_once_before_anything_is_made() -> None:
    """CH-4: nobody needs to be asked; later the shop is; on the road it is refused with the reason."""
    play = confirmed()
    card = Card(text="生日快乐", signature="小李")
    facts = play.do("buyer", c.AskChange(order=ORDER, card=card))
    assert play.state.card == card
    assert notices(facts, Role.shop) == notices(facts) == ["贺卡内容已更新"]
    assert notices(facts, Role.courier) == []
    play.do("shop", c.StartMaking(order=ORDER))
    assert ask(play, card=Card(text="再改一次")).needs == ["shop"]
    assert play.state.card == card
    play = on_the_road()
    refused = refusal(play, "buyer", c.AskChange(order=ORDER, card=card))
    assert refused.code == "change.refused"
    assert refused.value["why"] == {
        "zh": "花已经取走,贺卡和花束不能再改了",
        "en": "the flowers have left the shop: card and bouquet stay as they are",
    }


def test_the_courier_reads_neither_card_nor_price() -> None:
    """CH-5: not in the order, not in the event."""
    play = confirmed(courier=True)
    play.do("shop", c.StartMaking(order=ORDER))
    ask(play, card=Card(text="只给她看"))
    assert redact(play.state, Role.courier)["change"]["card"] is None
    assert play.last is not None
    assert not any(fact.audience & Audience.courier for fact in play.last.facts)
    play.do("buyer", c.WithdrawChange(order=ORDER, change=(play.state.change or Change).id))
    ask(play, card=Card(text="只给她看"), lines=[c.LineWish(product="rose")], priced=ROSES)
    seen = redact(play.state, Role.courier)["change"]
    assert (seen["card"], seen["fee"], seen["lines"][0]["price"]) == (None, 0, 0)
    assert redact(play.state, Role.buyer)["change"]["fee"] == 25900 - 16800
    assert redact(play.state, Role.recipient)["change"] is None


def test_another_text_does_not_make_the_sender_known() -> None:
    """CH-14."""
    play = Play()
    play.place(card=Card(text="猜猜我是谁", anonymous=True))
    ask(play, card=Card(text="还是猜猜"))
    assert play.state.card == Card(text="还是猜猜", anonymous=True)
    assert redact(play.state, Role.recipient)["buyer"] is None


def test_what_it_costs_is_what_was_shown() -> None:
    """CH-6: another sum than the buyer saw is refused; at the door a second trip costs."""
    play = on_the_road()
    play.do("system", c.MarkArriving(order=ORDER))
    play.do("xiaozhang", c.MarkArrived(order=ORDER))
    wish = c.AskChange(order=ORDER, address=Address(text="公司", point=HOME), seen_total=16800)
    refused = refusal(play, "buyer", wish)
    assert (refused.code, refused.value["total"]) == (
        "change.effect_changed",
        16800 + USUAL.second_trip,
    )
    play.do("buyer", msgspec.structs.replace(wish, seen_total=16800 + USUAL.second_trip))
    change = play.state.change
    assert change is not None
    assert (change.fee, play.state.total) == (USUAL.second_trip, 16800)
    play.do("xiaozhang", c.AnswerChange(order=ORDER, change=change.id, accept=True))
    assert play.state.total == 16800 + USUAL.second_trip


def test_the_courier_proposes_another_time() -> None:
    """CH-7: not five but six; the buyer is asked in turn and answers."""
    play = on_the_road()
    change = ask(play, promise=Promise(end=at("2026-03-07 17:00")))
    six = Promise(end=at("2026-03-07 18:00"))
    facts = play.do(
        "xiaozhang", c.CounterChange(order=ORDER, change=change.id, promise=six, note="五点在城东")
    )
    assert notices(facts) == ["小张建议改为晚上六点,请答复。五点在城东"]
    assert "answer_change" in allowed_actions(play.state, Role.buyer)
    assert not {"answer_change", "counter_change"} & set(allowed_actions(play.state, Role.courier))
    assert refusal(play, "shop", c.AnswerChange(order=ORDER, change=change.id, accept=True)).status == 403
    facts = play.do("buyer", c.AnswerChange(order=ORDER, change=change.id, accept=True))
    assert notices(facts) == ["您的配送时间已更新为晚上六点,由配送员小张负责配送"]
    assert play.state.promise.end == six.end


def test_the_shop_waives_the_fee_and_never_goes_below_zero() -> None:
    """CH-7: what it costs is the shop's to say."""
    play = on_the_road()
    play.do("xiaozhang", c.MarkArrived(order=ORDER))
    change = ask(play, promise=later(play))
    assert change.fee == USUAL.second_trip
    cheap = c.CounterChange(order=ORDER, change=change.id, fee=0)
    assert refusal(play, "xiaozhang", cheap).status == 403
    below = c.CounterChange(order=ORDER, change=change.id, fee=-16801)
    assert refusal(play, "shop", below).code == "change.below_zero"
    play.do("shop", cheap)
    play.do("buyer", c.AnswerChange(order=ORDER, change=change.id, accept=True))
    assert play.state.total == 16800


@pytest.mark.parametrize(
    ("status", "total", "after"),
    [
        ("confirmed", 0, Status.cancelled),
        ("making", 8400, Status.cancelled),
        ("picked_up", 16800, Status.returning),
    ],
)
def test_cancelling_costs_what_is_made_already(status: str, total: int, after: Status) -> None:
    """CH-8: free before the making, half while it is made, all on the road: then the flowers come back."""
    play = on_the_road() if status == "picked_up" else confirmed()
    if status == "making":
        play.do("shop", c.StartMaking(order=ORDER))
    change = ask(play, cancel=True, reason="计划变了")
    if status != "confirmed":
        assert change.needs == ["shop"]
        assert "answer_change" not in allowed_actions(play.state, Role.courier)
        play.do("shop", c.AnswerChange(order=ORDER, change=change.id, accept=True))
    assert (play.state.status, play.state.total, play.state.reason) == (after, total, "计划变了")
    assert [one.after for one in play.state.attempts] == (["returning"] if status == "picked_up" else [])


def test_a_shop_sets_what_changes_cost() -> None:
    """CH-16: on the road, another ride, farther by each kilometre begun; what stays of a cancelled order."""
    fees = ChangeFees(second_trip=1500, on_road=400, per_km=200, keeps_making=20, keeps_road=70)
    order = on_the_road().state
    status = {one.value: msgspec.structs.replace(order, status=one) for one in Status}
    time, cancel = ["time"], ["cancel"]
    assert rules.fee_of(order, time, None) == 0
    assert rules.fee_of(order, time, None, 900, fees) == 1300
    assert rules.fee_parts(order, ["time", "address"], None, 900, fees) == [("way", 900), ("on_road", 400)]
    assert rules.fee_of(status["failed"], time, None, 0, fees) == 1500
    phases = ("confirmed", "making", "ready", "arrived")
    kept = [rules.fee_of(status[one], cancel, None, 0, fees) for one in phases]
    assert kept == [order.total * n // 100 - order.total for n in (0, 20, 50, 70)]
    assert [farther_fee(*way, 200) for way in ((1000, 1001), (1000, 4000), (4000, 1000))] == [200, 600, 0]
    play = on_the_road()
    change = ask(play, promise=later(play), fees=fees, seen_total=play.state.total + 400)
    assert change.fee == 400


def test_nobody_answers() -> None:
    """CH-9: it stays as it was, the buyer knows; once; and an answer that came first counts."""
    play = on_the_road()
    promise = play.state.promise
    change = ask(play, promise=later(play))
    assert change.expires_at == play.now + 10 * MINUTE
    early = c.ExpireChange(order=ORDER, change=change.id)
    assert refusal(play, "system", early).code == "change.not_due"
    assert refusal(play, "shop", early).status == 403
    assert list(due_steps(play.state, play.now)) == []
    play.now += 10 * MINUTE
    (step,) = due_steps(play.state, play.now)
    assert len(step.id) <= 64
    assert notices(play.do("system", step.body)) == ["没有等到答复,订单仍按原计划配送。需要帮助请联系花店。"]
    assert (play.state.promise, (play.state.change or change).status) == (promise, "expired")
    assert list(due_steps(play.state, play.now)) == []
    late = refusal(play, "xiaozhang", c.AnswerChange(order=ORDER, change=change.id, accept=True))
    assert (late.code, late.value["status"]) == ("change.not_pending", "expired")
    assert "ask_change" in allowed_actions(play.state, Role.buyer)


def test_the_shop_asks_the_buyer_and_writes_down_what_was_said_on_the_phone() -> None:
    """CH-13: a buyer with the application answers; for one without, the shop's word is the buyer's."""
    play = confirmed(courier=True)
    six = Promise(end=at("2026-03-07 18:00"))
    facts = play.do("shop", c.AskChange(order=ORDER, promise=six, reason="暴雨"))
    assert notices(facts) == ["花信花店想和您商量修改:送达时间,请答复。暴雨"]
    change = play.state.change
    assert change is not None
    assert "withdraw_change" in allowed_actions(play.state, Role.shop)
    assert "withdraw_change" not in allowed_actions(play.state, Role.buyer)
    assert refusal(play, "buyer", c.WithdrawChange(order=ORDER, change=change.id)).status == 403
    play.do("buyer", c.AnswerChange(order=ORDER, change=change.id, accept=True))
    assert play.state.promise.end == six.end
    phoned = Play()
    phoned.place(buyer=Party(name="王女士", phone="13700002222"))
    phoned.do("shop", c.ConfirmOrder(order=ORDER))
    phoned.do("shop", c.AskChange(order=ORDER, promise=six))
    assert phoned.state.promise.end == six.end
    phoned.do("shop", assign())
    phoned.do("shop", c.AskChange(order=ORDER, address=Address(text="公司", point=HOME)))
    assert (phoned.state.change or change).needs == ["courier"]


# races


def test_two_staff_answer_at_once() -> None:
    """CH-10: the first in the journal counts; the other reads what it has become."""
    play = confirmed()
    change = ask(play, promise=later(play))
    play.do("shop", c.AnswerChange(order=ORDER, change=change.id, accept=True))
    slower = refusal(play, "shop", c.AnswerChange(order=ORDER, change=change.id, accept=False))
    assert (slower.code, slower.value["became"]["zh"]) == ("change.not_pending", "被接受了")


def test_a_change_of_the_card_and_the_pick_up_at_once() -> None:
    """CH-11: asked first, then picked up: it is overtaken and its buyer is told; a time still waits."""
    play = confirmed(courier=True)
    play.do("shop", c.StartMaking(order=ORDER))
    play.do("shop", c.MarkReady(order=ORDER))
    ask(play, card=Card(text="来得及吗"))
    facts = play.do("xiaozhang", c.PickUp(order=ORDER))
    assert (play.state.change or Change).status == "overtaken"
    assert "这次修改没能赶上:花已经取走,贺卡和花束不能再改了。" in notices(facts)
    assert play.state.card.text == "妈妈,节日快乐"
    play = confirmed(courier=True)
    change = ask(play, promise=later(play))
    play.do("xiaozhang", c.PickUp(order=ORDER))
    play.do("xiaozhang", c.AnswerChange(order=ORDER, change=change.id, accept=True))
    assert play.state.promise.end == later(play).end


def test_a_pick_up_first_then_the_change() -> None:
    """CH-11: the other way round the buyer reads why not, and nothing is lost."""
    play = confirmed(courier=True)
    play.do("xiaozhang", c.PickUp(order=ORDER))
    refused = refusal(play, "buyer", c.AskChange(order=ORDER, card=Card(text="来得及吗")))
    assert refused.code == "change.refused"
    assert play.state.change is None


def test_another_bouquet_and_other_flowers_at_once() -> None:
    """CH-15: one at a time: what it costs is said for the bouquet as it is."""
    play = confirmed()
    ask(play, lines=[c.LineWish(product="rose")], priced=ROSES)
    proposal = c.ProposeSubstitute(order=ORDER, line=0, name="桔梗", picture="/pictures/x.svg")
    play.do("shop", proposal)
    substitution = play.state.substitutions[-1].id
    play.do("buyer", c.AnswerSubstitute(order=ORDER, substitution=substitution, accept=True))
    assert (play.state.change or Change).status == "overtaken"
    play.do("shop", msgspec.structs.replace(proposal, name="洋桔梗"))
    wish = c.AskChange(order=ORDER, lines=[c.LineWish(product="rose")], priced=ROSES)
    assert refusal(play, "buyer", wish).value["why"]["zh"] == "花店正和您商量换花材,请先答复"


def test_the_buyer_cancels_while_the_courier_arrives() -> None:
    """CH-12: delivered first: the cancelling is overtaken. Agreed first: the courier's tap is refused."""
    play = on_the_road()
    ask(play, cancel=True)
    play.do("system", c.MarkArriving(order=ORDER))
    facts = play.do("xiaozhang", c.Deliver(order=ORDER))
    assert play.state.status is Status.delivered
    assert "这次修改没能赶上:订单已经结束。" in notices(facts)
    assert play.state.total == 16800
    play = on_the_road()
    change = ask(play, cancel=True)
    play.do("system", c.MarkArriving(order=ORDER))
    play.do("shop", c.AnswerChange(order=ORDER, change=change.id, accept=True))
    slower = refusal(play, "xiaozhang", c.Deliver(order=ORDER))
    assert (slower.code, slower.value["status"]) == ("order.illegal_move", "returning")


def test_a_mis_tap_brings_the_change_back() -> None:
    """CH-11, OR-4: a delivery that was none did not overtake anything."""
    play = on_the_road()
    change = ask(play, promise=later(play))
    play.do("xiaozhang", c.Deliver(order=ORDER))
    assert (play.state.change or change).status == "overtaken"
    play.do("xiaozhang", c.UndoLast(order=ORDER))
    assert (play.state.change or change).status == "asked"
    play.do("xiaozhang", c.AnswerChange(order=ORDER, change=change.id, accept=True))


def test_the_next_courier_is_asked() -> None:
    """CH-2: who has it now is asked, whoever had it when it was asked for."""
    play = confirmed()
    assert ask(play, promise=later(play)).needs == ["shop"]
    play.do("shop", assign("zhang"))
    assert (play.state.change or Change).needs == ["courier"]
    play.do("zhang", c.AnswerChange(order=ORDER, change=(play.state.change or Change).id, accept=True))
    assert play.state.promise.end == later(play).end
