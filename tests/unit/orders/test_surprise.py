"""The surprise matrix: what reaches the recipient, by policy, by state, by who says it and by which way.

Every cell is one assertion against one independently written rule; the count is printed (`pytest -s`)."""

import json
from collections import Counter
from typing import Any

import msgspec
import pytest

from huaxin.conversation.commands import Ask, Say, SendPlace, ShareLive
from huaxin.journal.model import Record, Rejected
from huaxin.kernel import Audience, Role, Text
from huaxin.live.render import render
from huaxin.notify.rules import NOTICES, may_know
from huaxin.orders import commands as c
from huaxin.orders.model import Card
from huaxin.orders.notices import TEMPLATES
from huaxin.orders.recipient import commands as rc
from huaxin.orders.recipient.contact import may_link, neutral
from huaxin.orders.recipient.model import ContactWish
from huaxin.orders.redact import VIEW_FIELDS, redact
from tests.unit.orders.helpers import ACTORS, FRIDAY, HOME, ORDER, SHOP, Play, assign, at

AFTER = at("2026-03-07 09:30")
POLICIES: dict[str, ContactWish] = {
    "free": ContactWish(policy="free"),
    "door": ContactWish(policy="door"),
    "after": ContactWish(policy="after", after=AFTER),
    "never": ContactWish(policy="never"),
}
LIFE: tuple[tuple[str, str, Any], ...] = (
    ("confirmed", "shop", c.ConfirmOrder(order=ORDER)),
    ("making", "shop", c.StartMaking(order=ORDER)),
    ("ready", "shop", c.MarkReady(order=ORDER)),
    ("assigned", "shop", assign("zhang")),
    ("picked_up", "zhang", c.PickUp(order=ORDER)),
    ("delivering", "zhang", c.SetOff(order=ORDER)),
    ("arriving", "system", c.MarkArriving(order=ORDER)),
    ("arrived", "zhang", c.MarkArrived(order=ORDER)),
    ("delivered", "zhang", c.Deliver(order=ORDER, point=HOME)),
    ("rated", "buyer", c.Rate(order=ORDER, stars=5)),
)
STATES = ("placed", *(status for status, _, _ in LIFE))
SPEAKERS = ("buyer", "shop", "zhang")
PRICE, CARD, SENDER, PERSON, PHONE = ": 16800", "节日快乐", "李女士", "p-li", "13900001111"
FLOWERS = ("花", "flower", "Flower", "bouquet", "康乃馨")
COUNTED: Counter[str] = Counter()


def play_to(status: str, policy: str, surprise: bool, *, opened: bool = False) -> Play:
    play = Play()
    card = Card(text=CARD, signature="女儿", anonymous=True)
    play.place(card=card, surprise=surprise, contact=POLICIES[policy])
    for reached, who, body in LIFE[: STATES.index(status)]:
        play.do(who, body)
        assert play.state.status == reached
    if opened:
        play.now = AFTER
        play.do("system", rc.OpenContact(order=ORDER))
    return play


def expected(policy: str, surprise: bool, status: str, opened: bool) -> bool:
    """Written down apart from the code: whether somebody may write to the recipient."""
    if status in ("delivered", "rated"):
        return True
    if policy == "free":
        return True
    return {"door": status == "arrived", "after": opened, "never": False}[policy]


CASES = [
    (policy, surprise, status, opened)
    for policy in POLICIES
    for surprise in (False, True)
    for status in STATES
    for opened in ((False, True) if policy == "after" and status not in ("delivered", "rated") else (False,))
]


@pytest.mark.parametrize(("policy", "surprise", "status", "opened"), CASES)
def test_nothing_reaches_the_recipient_too_early(
    policy: str, surprise: bool, status: str, opened: bool
) -> None:
    """SU-2 to SU-7: messages of every kind and speaker, the number, links, pushes and the screens."""
    play = play_to(status, policy, surprise, opened=opened)
    order, may = play.state, expected(policy, surprise, status, opened)
    to = [Role.recipient]
    for speaker in SPEAKERS:
        if speaker == "zhang" and order.courier is None:
            continue
        for body in (
            Say(order=ORDER, text="在家吗?", to=to),
            SendPlace(order=ORDER, point=HOME, to=to),
            Ask(order=ORDER, text="放哪里?", options=["门口", "前台"], to=to),
            ShareLive(order=ORDER, to=to),
        ):
            assert says(play, speaker, body) is may, (speaker, body)
            COUNTED["message"] += 1
    seen = redact(order, Role.courier)
    number = (seen["recipient"] or {}).get("phone", "")
    assert (number == PHONE) is (may and policy != "never")
    assert PHONE in json.dumps(redact(order, Role.shop), ensure_ascii=False)
    COUNTED["number"] += 2
    for role in (Role.shop, Role.buyer):
        assert may_link(order, role) is (may or role is Role.buyer)
        COUNTED["link"] += 1
    assert may_know(order, "recipient") is (may and (not surprise or status in ("delivered", "rated")))
    COUNTED["push"] += 1
    for role in (Role.recipient, Role.courier):
        text = json.dumps(redact(order, role), ensure_ascii=False)
        assert PRICE not in text
        COUNTED["price"] += 1
    text = json.dumps(redact(order, Role.recipient), ensure_ascii=False)
    assert SENDER not in text
    assert PERSON not in text
    assert '"contact": null' in text
    COUNTED["sender"] += 3
    if status not in ("delivered", "rated"):
        assert CARD not in text
        if surprise:
            assert "康乃馨" not in text
        COUNTED["card"] += 2


def says(play: Play, who: str, body: Any) -> bool:
    """Whether the recipient hears it; nothing is kept."""
    order = play.order
    try:
        facts = play.do(who, body)
    except Rejected as refusal:
        return not refusal.code.startswith("contact.")
    finally:
        play.order = order
    return bool(facts[0].audience & Audience.recipient)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("surprise", [False, True])
def test_what_the_system_tells_the_recipient(policy: str, surprise: bool) -> None:
    """SU-3, SU-4: every event of a life, as the recipient reads it: not before they may be written to, and of
    a surprise nothing that says that these are flowers; never a price or the sender."""
    play = Play()
    play.place(
        card=Card(text=CARD, anonymous=True), surprise=surprise, contact=POLICIES[policy], note="三点前"
    )
    for status, who, body in LIFE:
        before = play.seq
        facts = play.do(who, body)
        for n, fact in enumerate(facts):
            record = Record(
                shop=SHOP, seq=before + n + 1, at=play.now, subject=ORDER, type=fact.type, version=1,
                actor=fact.actor or ACTORS[who].person, role=fact.actor or ACTORS[who].role,
                audience=fact.audience, body=fact.body, delta=fact.delta,
            )  # fmt: skip
            data = render(record, play.state, Role.recipient, play.now)
            if data is None:
                continue
            text = json.dumps(json.loads(data), ensure_ascii=False)
            for secret in (PRICE, SENDER, PERSON, "三点前"):
                assert secret not in text, (status, secret)
                COUNTED["event"] += 1
            if fact.type == "notice_posted":
                assert expected(policy, surprise, status, False), (status, text)
            if surprise and status not in ("delivered", "rated"):
                assert CARD not in text
                assert not [word for word in FLOWERS if word in text], text
            COUNTED["event"] += 2


def test_a_recipient_who_wrote_is_answered() -> None:
    """SU-5: the policy is about who begins."""
    play = play_to("delivering", "never", True)
    play.do("recipient", Say(order=ORDER, text="请问是什么?"))
    answer = play.do("zhang", Say(order=ORDER, text="是给您的快件", reply_to=play.seq))
    assert answer[0].audience & Audience.recipient
    with pytest.raises(Rejected, match="recipient"):
        play.do("zhang", Say(order=ORDER, text="还在吗", to=[Role.recipient]))


def test_the_time_opens_once_and_never_early() -> None:
    """SU-6."""
    play = play_to("delivering", "after", False)
    with pytest.raises(Rejected) as refusal:
        play.do("system", rc.OpenContact(order=ORDER))
    assert refusal.value.code == "contact.not_due"
    assert not redact(play.state, Role.courier)["recipient"]["phone"]
    play.now = AFTER
    facts = play.do("system", rc.OpenContact(order=ORDER))
    delta = json.loads(facts[0].delta)
    assert delta["recipient"]["phone"] == PHONE  # it appears with this very event
    with pytest.raises(Rejected):
        play.do("system", rc.OpenContact(order=ORDER))


def test_the_buyer_may_change_their_mind() -> None:
    """SU-1, SU-8: what was agreed anew holds from then on; others may not."""
    play = play_to("delivering", "never", False)
    for who in ("recipient", "zhang"):
        with pytest.raises(Rejected, match="not something"):
            play.do(who, rc.SetContact(order=ORDER, contact=POLICIES["free"]))
    play.do("buyer", rc.SetContact(order=ORDER, contact=POLICIES["free"]))
    assert redact(play.state, Role.courier)["recipient"]["phone"] == PHONE
    assert play.state.contact.anonymous
    with pytest.raises(Rejected) as refusal:
        play.do("buyer", rc.SetContact(order=ORDER, contact=POLICIES["free"]))
    assert refusal.value.code == "contact.same"
    with pytest.raises(Rejected) as refusal:
        play.do("shop", rc.SetContact(order=ORDER, contact=ContactWish(policy="after")))
    assert refusal.value.code == "contact.time"


def test_a_time_that_has_passed_is_open() -> None:
    """SU-6."""
    play = Play()
    play.place(contact=ContactWish(policy="after", after=FRIDAY - 60_000))
    assert play.state.contact.opened_at == FRIDAY


def test_an_unknown_field_is_hidden_from_recipients() -> None:
    """SU-7: what a recipient sees is listed; what is added to an order later is not among it."""
    play = play_to("rated", "free", False)
    seen = {name for name, value in redact(play.state, Role.recipient).items() if value is not None}
    assert seen <= {
        "id", "shop", "number", "status", "placed_at", "promise", "recipient", "lines", "address", "card",
        "courier", "times", "eta_at", "agreed_at", "proof", "privacy_closed", "overlays", "blocks",
        "reports", "talk_expired", "bouquet", "receipt_code",
    }  # fmt: skip
    assert {"total", "rating", "note", "surprise", "contact"} <= set(VIEW_FIELDS) - seen


TO_RECIPIENTS = sorted(name for name, (audience, *_) in TEMPLATES.items() if audience & Audience.recipient)
AFTERWARDS = {"delivered_recipient", "complaint_sent_recipient"}


@pytest.mark.parametrize("template", [name for name in TO_RECIPIENTS if name not in AFTERWARDS])
def test_every_notice_to_a_recipient_has_neutral_words(template: str) -> None:
    """SU-4: whatever the notice, now and later."""
    _, _, zh, en = TEMPLATES[template]
    said = neutral(Text(zh, en))
    assert not [word for word in FLOWERS if word in said.zh + said.en], said


def test_the_system_answers_a_recipient_without_saying_what_comes() -> None:
    """SU-4: 「到哪了」 is answered, in neutral words, in every state."""
    from huaxin.answers.model import Facts, Question
    from huaxin.answers.words import answer

    for status in STATES[:-2]:
        play = play_to(status, "door", True)
        for question in Question:
            said = neutral(answer(question, play.state, Facts(), play.now))
            assert not [word for word in FLOWERS if word in said.zh + said.en], (status, said)
            COUNTED["answer"] += 1


def test_pushes_of_new_notices_go_to_their_audience() -> None:
    """SU-3: a rule for somebody who may not read the notice would be a leak."""
    for template, rules in NOTICES.items():
        for role in rules:
            assert int(TEMPLATES[template][0]) & {"buyer": 1, "recipient": 2, "shop": 4, "courier": 8}[role]


def test_the_matrix_is_counted() -> None:
    """SU-9: shown by `pytest -s`."""
    if not COUNTED:
        pytest.skip("alone it has nothing to count")
    print("\nsurprise matrix:", ", ".join(f"{name} {n}" for name, n in sorted(COUNTED.items())), end=" ")
    print(f"= {sum(COUNTED.values())} cells, all as agreed")
    assert msgspec.json.encode(COUNTED)


@pytest.mark.parametrize("status", STATES)
def test_a_surprise_of_before_waits_for_the_door(status: str) -> None:
    """SU-1: orders from before there was a policy, and orders that say nothing of it."""
    play = Play()
    play.place(surprise=True)
    assert play.state.contact.policy == "door"
    for _, who, body in LIFE[: STATES.index(status)]:
        play.do(who, body)
    old = msgspec.structs.replace(play.state, contact=type(play.state.contact)())
    for order in (old, play.state):
        assert may_link(order, Role.shop) is (status in ("arrived", "delivered", "rated"))
