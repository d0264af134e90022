"""What may be done with messages, and what may not: docs/spec/conversation.md, CO-10 on."""

from typing import Any

import msgspec
import pytest

from huaxin.conversation import abilities
from huaxin.conversation import commands as t
from huaxin.conversation.abilities import MOST_EDITED, MOST_EMOJI, MOST_PINNED, OWN_MS, is_emoji
from huaxin.conversation.speaking import OPEN_AFTER_MS
from huaxin.http.sentences import SENTENCES
from huaxin.journal.model import Fact, Rejected
from huaxin.kernel import Audience, Role
from huaxin.orders import commands as c
from huaxin.orders.lifecycle import allowed_actions
from huaxin.orders.model import Card, Promise, Reason
from huaxin.orders.overlays import OverlayState
from huaxin.orders.redact import redact, redact_body
from tests.unit.orders.helpers import ORDER, Play, assign, at

MESSAGE = Audience.without_recipient


def play(**changes: Any) -> Play:
    """A confirmed order with 小张 as its courier."""
    started = Play()
    started.place(**changes)
    started.do("shop", c.ConfirmOrder(order=ORDER))
    started.do("shop", assign())
    return started


def say(on: Play, who: str, text: str = "在三号门", to: list[Role] | None = None) -> int:
    on.do(who, t.Say(order=ORDER, text=text, to=to))
    return on.seq


def body(fact: Fact) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(fact.body)
    return found


def overlay(on: Play, seq: int) -> OverlayState:
    return on.state.overlays[str(seq)]


def refused(on: Play, who: str, wish: Any) -> Rejected:
    before = on.state
    with pytest.raises(Rejected) as refusal:
        on.do(who, wish)
    assert on.state is before
    assert refusal.value.code in SENTENCES
    return refusal.value


# answering


def test_an_answer_shows_what_it_answers() -> None:
    """CO-10: and reaches who saw that, whoever may see it, and its author."""
    on = play()
    seq = say(on, "buyer")
    fact = on.do("xiaozhang", t.Say(order=ORDER, text="马上到", reply_to=seq))[0]
    quote = {"seq": seq, "name": "李女士", "role": "buyer", "kind": "text", "text": "在三号门"}
    assert (body(fact)["reply_to"], body(fact)["quote"]) == (seq, quote)
    assert fact.audience == MESSAGE


def test_an_answer_reaches_no_further_than_what_it_answers() -> None:
    """CO-10, CO-11."""
    on = play()
    between = say(on, "shop", to=[Role.courier])
    narrow = on.do("xiaozhang", t.Say(order=ORDER, text="好", reply_to=between))[0]
    assert narrow.audience == Audience.staff_and_courier
    wish = t.Say(order=ORDER, text="好", reply_to=between, to=[Role.buyer])
    assert refused(on, "xiaozhang", wish).code == "message.reply_wider"
    surprise = say(on, "buyer", to=[Role.recipient])
    heard = on.do("recipient", t.Say(order=ORDER, text="谢谢", reply_to=surprise))[0].audience
    assert heard == Audience.buyer | Audience.recipient | Audience.shop


def test_what_one_may_not_see_is_not_there() -> None:
    """CO-11: for every ability alike, and the same as what never was."""
    on = play()
    hidden = say(on, "shop", to=[Role.courier])
    for seq in (hidden, 10_000, 1):  # the first record is no message
        wishes = [
            t.Say(order=ORDER, text="?", reply_to=seq),
            t.React(order=ORDER, seq=seq, emoji="👍"),
            t.PinMessage(order=ORDER, seq=seq),
            t.RecallMessage(order=ORDER, seq=seq),
            t.EditMessage(order=ORDER, seq=seq, text="x"),
            t.AnswerQuestion(order=ORDER, seq=seq, option=0),
            t.StopLive(order=ORDER, seq=seq),
            t.ForwardMessages(order=ORDER, from_order=ORDER, seqs=[seq]),
        ]
        for wish in wishes:
            refusal = refused(on, "buyer", wish)
            assert (refusal.code, refusal.status) == ("message.not_found", 404)


def test_only_who_hears_it_is_mentioned() -> None:
    """CO-12."""
    on = play()
    mention = t.Say(order=ORDER, text="看一下", mentions=[Role.courier, Role.courier, Role.shop])
    assert body(on.do("buyer", mention)[0])["mentions"] == ["courier", "shop"]
    deaf = t.Say(order=ORDER, text="看一下", mentions=[Role.recipient])
    assert refused(on, "buyer", deaf).code == "message.mention_unheard"


# one's own


def test_recalling_takes_the_content_from_all_but_the_shop() -> None:
    """CO-13."""
    on = play()
    seq = say(on, "buyer", "门禁码 2580")
    answer = on.do("shop", t.Say(order=ORDER, text="收到", reply_to=seq))[0]
    on.do("shop", t.React(order=ORDER, seq=seq, emoji="👍"))
    on.now += OWN_MS
    on.do("buyer", t.RecallMessage(order=ORDER, seq=seq))
    assert overlay(on, seq) == OverlayState(audience=MESSAGE, recalled_at=on.now)
    said = on.messages[seq - 1].body
    for role in (Role.buyer, Role.courier):
        gone = redact_body("message_sent", said, role, on.state, "buyer", seq)
        assert gone == {"name": "李女士", "to": ["buyer", "shop", "courier"], "recalled": True}
        quoting = redact_body("message_sent", body(answer), role, on.state, "shop", seq + 1)
        assert quoting["quote"] == {"seq": seq, "name": "李女士", "role": "buyer", "kind": "recalled"}
    assert redact_body("message_sent", said, Role.shop, on.state, "buyer", seq) == said
    assert refused(on, "buyer", t.RecallMessage(order=ORDER, seq=seq)).code == "message.recalled"


@pytest.mark.parametrize("kind", [t.RecallMessage, t.EditMessage])
def test_only_ones_own_and_only_for_two_minutes(kind: Any) -> None:
    """CO-13, CO-14."""
    on = play()
    seq = say(on, "buyer")
    wish = kind(order=ORDER, seq=seq, **({"text": "改"} if kind is t.EditMessage else {}))
    assert refused(on, "xiaozhang", wish).code == "message.not_yours"
    assert refused(on, "shop", wish).code == "message.not_yours"
    on.now += OWN_MS + 1
    late = refused(on, "buyer", wish)
    assert (late.code, late.value) == ("message.too_late", {"seq": seq, "minutes": 2})


def test_an_edited_text_is_read_everywhere_and_the_first_one_by_the_shop() -> None:
    """CO-14."""
    on = play()
    seq = say(on, "buyer", "三单元")
    answer = on.do("xiaozhang", t.Say(order=ORDER, text="好", reply_to=seq))[0]
    edited = on.do("buyer", t.EditMessage(order=ORDER, seq=seq, text=" 四单元 "))[0]
    assert (overlay(on, seq).text, overlay(on, seq).edited_at) == ("四单元", on.now)
    said = on.messages[seq - 1].body
    assert redact_body("message_sent", said, Role.courier, on.state, "buyer", seq)["text"] == "四单元"
    assert redact_body("message_sent", said, Role.shop, on.state, "buyer", seq)["text"] == "三单元"
    quoting = redact_body("message_sent", body(answer), Role.buyer, on.state, "courier", seq + 1)
    assert quoting["quote"]["text"] == "四单元"
    assert redact_body("message_edited", body(edited), Role.buyer, on.state, "buyer", seq + 2) == {"seq": seq}
    assert refused(on, "buyer", t.EditMessage(order=ORDER, seq=seq, text=" \u202e")).code == "message.empty"
    long = t.EditMessage(order=ORDER, seq=seq, text="长" * 5_000)
    assert refused(on, "buyer", long).code == "message.too_long"


def test_edited_texts_have_a_bound() -> None:
    on = play()
    for _ in range(MOST_EDITED // 4_000):
        on.do("buyer", t.EditMessage(order=ORDER, seq=say(on, "buyer"), text="长" * 4_000))
    last = say(on, "buyer")
    assert refused(on, "buyer", t.EditMessage(order=ORDER, seq=last, text="多")).code == "edit.too_many"
    on.do("buyer", t.RecallMessage(order=ORDER, seq=last))


# marks


def test_a_reaction_is_laid_once_and_taken_off() -> None:
    """CO-15."""
    on = play()
    seq = say(on, "buyer")
    for _ in range(2):
        on.do("shop", t.React(order=ORDER, seq=seq, emoji="🌹"))
    on.do("buyer", t.React(order=ORDER, seq=seq, emoji="🌹"))
    assert [who.role for who in overlay(on, seq).reactions["🌹"]] == ["shop", "buyer"]
    on.do("shop", t.React(order=ORDER, seq=seq, emoji="🌹", on=False))
    fact = on.do("buyer", t.React(order=ORDER, seq=seq, emoji="🌹", on=False))[0]
    assert msgspec.json.decode(fact.delta) == {"overlays": {str(seq): None}}
    assert str(seq) not in on.state.overlays
    assert not on.do("buyer", t.React(order=ORDER, seq=seq, emoji="🌹", on=False))[0].delta
    for odd in ("a", "👍a", "\u200d", "好", "1", "^", "`", "¨"):
        assert refused(on, "buyer", t.React(order=ORDER, seq=seq, emoji=odd)).code == "reaction.not_emoji"
    for nth in range(MOST_EMOJI):
        on.do("shop", t.React(order=ORDER, seq=seq, emoji=chr(0x1F600 + nth)))
    assert refused(on, "shop", t.React(order=ORDER, seq=seq, emoji="🌹")).code == "reaction.too_many"


@pytest.mark.parametrize("sign", ["👍", "❤️", "👨‍👩‍👧", "🇨🇳", "👍🏽", "🌹", "☀️"])
def test_emoji_are_emoji(sign: str) -> None:
    assert is_emoji(sign)


def test_pins_have_a_bound() -> None:
    """CO-16."""
    on = play()
    seqs = [say(on, "buyer") for _ in range(MOST_PINNED + 1)]
    for seq in seqs[:-1]:
        on.do("xiaozhang", t.PinMessage(order=ORDER, seq=seq))
    assert refused(on, "shop", t.PinMessage(order=ORDER, seq=seqs[-1])).code == "pin.too_many"
    on.do("shop", t.PinMessage(order=ORDER, seq=seqs[0], on=False))
    on.do("shop", t.PinMessage(order=ORDER, seq=seqs[-1]))
    assert overlay(on, seqs[-1]).pinned is not None


def test_a_hidden_buyer_stays_hidden_in_overlays_and_quotes() -> None:
    """CO-11, OR-21."""
    on = play(card=Card(text="猜", anonymous=True))
    seq = say(on, "buyer", to=[Role.recipient])
    thanks = on.do("recipient", t.Say(order=ORDER, text="谁呀", reply_to=seq))[0]
    on.do("buyer", t.PinMessage(order=ORDER, seq=seq))
    on.do("buyer", t.React(order=ORDER, seq=seq, emoji="🌹"))
    ask = t.Ask(order=ORDER, text="喜欢吗?", options=["喜欢", "很喜欢"], to=[Role.buyer])
    on.do("recipient", ask)
    answered = on.do("buyer", t.AnswerQuestion(order=ORDER, seq=on.seq, option=1))[0]
    shown = [
        redact(on.state, Role.recipient)["overlays"],
        redact_body("message_sent", body(thanks), Role.recipient, on.state, "recipient", seq + 1),
        redact_body("question_answered", body(answered), Role.recipient, on.state, "buyer", on.seq),
    ]
    assert "李女士" not in str(shown)
    assert "p-li" not in str(shown)
    assert shown[0][str(seq)]["reactions"] == {"🌹": [{"person": "", "role": "buyer", "name": ""}]}


def test_overlays_are_seen_by_who_sees_the_message() -> None:
    """CO-11: not even that there is something."""
    on = play()
    seq = say(on, "shop", "这单优先", to=[Role.courier])
    on.do("shop", t.EditMessage(order=ORDER, seq=seq, text="这单最优先"))
    assert str(seq) in redact(on.state, Role.courier)["overlays"]
    for role in (Role.buyer, Role.recipient):
        assert "overlays" not in redact(on.state, role)
    closed = on.state
    closed = msgspec.structs.replace(closed, privacy_closed=True)
    assert redact(closed, Role.courier)["overlays"] is None


def test_what_is_taken_back_has_a_bound_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """CO-13: it goes on when nothing more may be marked, but the order's state does not grow for ever."""
    monkeypatch.setattr(abilities, "MOST_MARKED", 2)
    monkeypatch.setattr(abilities, "MOST_TAKEN_BACK", 4)
    on = play()
    for _ in range(4):
        on.do("buyer", t.RecallMessage(order=ORDER, seq=say(on, "buyer")))
    wish = t.RecallMessage(order=ORDER, seq=say(on, "buyer"))
    assert refused(on, "buyer", wish).code == "message.too_many_marks"


# forwarding


def test_a_forwarded_message_tells_only_who_forwards() -> None:
    """CO-17."""
    on = play()
    seq = say(on, "shop", "从东门进", to=[Role.courier])
    on.do("shop", t.EditMessage(order=ORDER, seq=seq, text="从西门进"))
    fact = on.do("xiaozhang", t.ForwardMessages(order=ORDER, from_order=ORDER, seqs=[seq]))[0]
    assert body(fact) == {
        "name": "小张",
        "to": ["buyer", "shop", "courier"],
        "forwarded": True,
        "text": "从西门进",
    }
    wish = t.EditMessage(order=ORDER, seq=on.seq, text="从南门进")
    assert refused(on, "xiaozhang", wish).code == "message.no_text"
    on.do("shop", t.Ask(order=ORDER, text="?", options=["是", "否"]))
    forward = t.ForwardMessages(order=ORDER, from_order=ORDER, seqs=[on.seq])
    assert refused(on, "shop", forward).code == "forward.not_this"
    # Nor what the shop keeps no longer: the copy would be an empty message.
    on.messages[seq - 1] = msgspec.structs.replace(on.messages[seq - 1], body={"to": [], "expired": True})
    gone = t.ForwardMessages(order=ORDER, from_order=ORDER, seqs=[seq])
    assert refused(on, "shop", gone).code == "forward.not_this"


# questions


def test_a_question_is_answered_once_by_the_quicker_one() -> None:
    """CO-18."""
    on = play()
    asked = on.do("xiaozhang", t.Ask(order=ORDER, text="放哪里?", options=["门口", "前台"], minutes=10))[0]
    seq = on.seq
    assert body(asked)["until"] == on.now + 600_000
    assert refused(on, "xiaozhang", t.AnswerQuestion(order=ORDER, seq=seq, option=0)).code == "question.own"
    no_option = t.AnswerQuestion(order=ORDER, seq=seq, option=2)
    assert refused(on, "buyer", no_option).code == "question.no_option"
    answered = on.do("buyer", t.AnswerQuestion(order=ORDER, seq=seq, option=1))[0]
    assert body(answered) == {"seq": seq, "option": 1, "text": "前台", "name": "李女士"}
    second = refused(on, "shop", t.AnswerQuestion(order=ORDER, seq=seq, option=0))
    assert second.code == "question.answered"
    assert second.value == {"option": 1, "text": "前台", "name": "李女士"}


def test_a_question_runs_out() -> None:
    """CO-18."""
    on = play()
    on.do("shop", t.Ask(order=ORDER, text="几点?", options=["两点", "三点"], minutes=5))
    on.now += 5 * 60_000
    late = refused(on, "buyer", t.AnswerQuestion(order=ORDER, seq=on.seq, option=0))
    assert late.code == "question.expired"
    for options in (["是", " "], ["是", "是"]):
        wish = t.Ask(order=ORDER, text="?", options=options)
        assert refused(on, "shop", wish).code == "question.options"
    plain = say(on, "shop")
    wish = t.AnswerQuestion(order=ORDER, seq=plain, option=0)
    assert refused(on, "buyer", wish).code == "question.none"


# live positions


def test_a_live_position_is_stopped_by_who_shares_it() -> None:
    """CO-19."""
    on = play()
    shared = on.do("xiaozhang", t.ShareLive(order=ORDER, minutes=30))[0]
    seq = on.seq
    assert body(shared)["until"] == on.now + 30 * 60_000
    assert refused(on, "shop", t.StopLive(order=ORDER, seq=seq)).code == "message.not_yours"
    on.do("xiaozhang", t.StopLive(order=ORDER, seq=seq))
    assert overlay(on, seq).closed_at == on.now
    assert refused(on, "xiaozhang", t.StopLive(order=ORDER, seq=seq)).code == "live.ended"
    assert refused(on, "shop", t.StopLive(order=ORDER, seq=say(on, "shop"))).code == "live.none"
    on.do("shop", t.ShareLive(order=ORDER))
    seq = on.seq
    on.now += 15 * 60_000
    assert refused(on, "system", t.StopLive(order=ORDER, seq=seq)).code == "live.ended"


def test_minutes_are_a_quarter_a_half_or_an_hour() -> None:
    for minutes in (0, 1, 20, 61):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"command": "share_live", "order": ORDER, "minutes": minutes}, t.ShareLive)


# a completed order


def test_a_week_after_completion_only_the_shop_writes() -> None:
    """CO-20."""
    on = play()
    seq = say(on, "buyer")
    on.now = at("2026-03-07 09:30")
    on.do("xiaozhang", c.PickUp(order=ORDER))
    on.do("xiaozhang", c.Deliver(order=ORDER))
    assert refused(on, "xiaozhang", t.ShareLive(order=ORDER)).code == "live.order_closed"
    on.now += OPEN_AFTER_MS
    say(on, "buyer", "花很漂亮")
    assert "say" in allowed_actions(on.state, Role.buyer, on.now)
    on.now += 1
    wishes = [
        t.Say(order=ORDER, text="在吗"),
        t.Say(order=ORDER, text="在吗", reply_to=seq),
        t.React(order=ORDER, seq=seq, emoji="👍"),
        t.PinMessage(order=ORDER, seq=seq),
        t.Ask(order=ORDER, text="?", options=["是", "否"]),
        t.ForwardMessages(order=ORDER, from_order=ORDER, seqs=[seq]),
    ]
    for wish in wishes:
        assert refused(on, "buyer", wish).code == "message.closed"
    assert "say" not in allowed_actions(on.state, Role.buyer, on.now)
    assert "say" in allowed_actions(on.state, Role.shop, on.now)
    say(on, "shop", "欢迎再来")
    on.do("buyer", c.Rate(order=ORDER, stars=5))


def test_who_lost_the_order_does_nothing_more() -> None:
    """OR-25, between a tap and its decision."""
    on = play()
    seq = say(on, "xiaozhang")
    on.do("shop", assign("zhang"))
    wish = t.RecallMessage(order=ORDER, seq=seq)
    assert refused(on, "xiaozhang", wish).code == "order.not_yours"


def test_the_answer_to_a_change_bears_its_card() -> None:
    """CO-22: also of one that is not the newest any more, of which the order's state says nothing."""
    on = play()
    for hours in (3, 4):
        later = Promise(end=on.now + hours * 3_600_000)
        on.do("buyer", c.AskChange(order=ORDER, promise=later))
        change = on.state.change
        assert change is not None
        on.do("xiaozhang", c.AnswerChange(order=ORDER, change=change.id, accept=True))
    on.do("xiaozhang", c.ReportIncident(order=ORDER, reason=Reason.heavy_traffic))
    on.do("shop", c.ResolveIncident(order=ORDER, incident=on.state.incidents[0].id))
    cards: dict[str, str] = {}
    for fact in on.facts:
        card = body(fact).get("change") or body(fact).get("incident")
        if card is not None:
            cards[card["id"]] = card["status"]
    assert list(cards.values()) == ["confirmed", "confirmed", "resolved"]
