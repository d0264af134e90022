"""Which notice matters to whom (NTF-1, NTF-6 to NTF-9), as the pure table says it."""

import re

import msgspec
import pytest

from huaxin.calls.model import RING_MS, OpenCall
from huaxin.journal.model import Record
from huaxin.kernel import AUDIENCE_OF, Audience, Point, Role
from huaxin.notify.model import Channel, Listener, Rule, Urgency
from huaxin.notify.rules import (
    NOTICES,
    decide_steps,
    is_recalled,
    is_still_ringing,
    may_know,
    rule_of,
    text_now,
)
from huaxin.notify.words import Seen, say
from huaxin.orders.model import Address, Courier, Order, Party, Promise, Status
from huaxin.orders.notices import TEMPLATES, notice
from huaxin.orders.overlays import OverlayState

AT = 1_800_000_000_000
EVERYBODY = [
    Listener(person="p-li", role="buyer", push=True, further=True),
    Listener(person="guest:1", role="recipient", push=True),
    Listener(person="p-zhang", role="courier", push=True, further=True),
    Listener(person="p-owner", role="shop", push=True),
    Listener(person="", role="shop", further=True),
]


def an_order(status: Status = Status.delivering, *, surprise: bool = False) -> Order:
    return Order(
        id="o-1",
        shop="s-1",
        number=1042,
        status=status,
        placed_at=AT,
        buyer=Party(person="p-li", name="李女士"),
        recipient=Party(name="妈妈"),
        lines=[],
        total=0,
        address=Address(text="阳光小区", point=Point(31.0, 121.0)),
        promise=Promise(end=AT + 3_600_000),
        courier=Courier(person="p-zhang", name="张师傅"),
        surprise=surprise,
    )


def a_record(
    type: str, audience: Audience, body: bytes = b"{}", actor: str = "system", role: str = "system"
) -> Record:
    return Record(
        shop="s-1", seq=7, at=AT, subject="o-1", type=type, version=1, actor=actor, role=role,
        audience=int(audience), body=body,
    )  # fmt: skip


def a_notice(template: str) -> Record:
    names = re.findall(r"{(\w+)}", "".join(TEMPLATES[template][2:]))
    fact = notice(template, **dict.fromkeys(names, "x"))
    return a_record("notice_posted", Audience(fact.audience), fact.body)


def test_every_rule_is_of_a_notice_that_exists_and_of_a_role_that_may_read_it() -> None:
    """NTF-1: nobody is told outside what they may see."""
    for template, rules in NOTICES.items():
        audience = TEMPLATES[template][0]
        for role in rules:
            assert AUDIENCE_OF[role] & audience, (template, role)


@pytest.mark.parametrize("template", sorted(NOTICES))
def test_nobody_outside_the_table_is_told(template: str) -> None:
    """NTF-1."""
    steps = decide_steps(a_notice(template), an_order(), ("system", "system"), EVERYBODY)
    assert {step.role for step in steps if step.channel is Channel.push} == {
        str(r) for r in NOTICES[template]
    }


@pytest.mark.parametrize("template", sorted(NOTICES))
@pytest.mark.parametrize("status", sorted(Status))
def test_the_recipient_of_a_surprise(template: str, status: Status) -> None:
    """NTF-8: nothing before the flowers are there, whatever the notice."""
    order = an_order(status, surprise=True)
    steps = decide_steps(a_notice(template), order, ("system", "system"), EVERYBODY)
    told = {step.person for step in steps}
    if status not in (Status.delivered, Status.rated):
        assert "guest:1" not in told
        assert not may_know(order, "recipient")
    assert may_know(order, "buyer")


def test_a_recipient_is_never_reached_by_a_text() -> None:
    """NTF-8: they gave nobody their consent."""
    for template in NOTICES:
        steps = decide_steps(a_notice(template), an_order(), ("system", "system"), EVERYBODY)
        assert not [one for one in steps if one.role == "recipient" and one.channel is Channel.next]


def test_who_made_it_happen_is_not_told() -> None:
    """NTF-1: nor the shop of what one of it did."""
    steps = decide_steps(a_notice("cancelled"), an_order(), ("p-li", "buyer"), EVERYBODY)
    assert {step.person for step in steps} == {"p-zhang", "p-owner", ""}
    steps = decide_steps(a_notice("cancelled"), an_order(), ("p-owner", "shop"), EVERYBODY)
    assert {step.person for step in steps} == {"p-zhang", "p-li"}


def test_an_order_is_given_to_one_courier() -> None:
    """NTF-7."""
    body = msgspec.json.encode({"courier": "p-zhang"})
    record = a_record("courier_assigned", Audience.everyone, body, "p-owner", "shop")
    steps = decide_steps(record, an_order(), ("p-owner", "shop"), EVERYBODY)
    assert {(one.person, one.channel, one.kind) for one in steps} == {
        ("p-zhang", Channel.push, "given"),
        ("p-zhang", Channel.next, "given"),
    }


def test_a_courier_at_the_door_cannot_wait() -> None:
    """NTF-6: on the road a courier's words are urgent, and only then."""
    said = a_record("message_sent", Audience.without_recipient, b'{"text":"?"}', "p-zhang", "courier")
    _, rule = rule_of(said, an_order(Status.arrived), Role.buyer) or ("", Rule())
    assert (rule.urgency, rule.next_after_s) == (Urgency.urgent, 120)
    _, rule = rule_of(said, an_order(Status.assigned), Role.buyer) or ("", Rule())
    assert (rule.urgency, rule.next_after_s) == (Urgency.soon, 0)
    assert rule_of(said, an_order(), Role.recipient) is None


def test_messages_to_fewer_are_told_to_fewer() -> None:
    """NTF-1."""
    said = a_record("message_sent", Audience.staff_and_courier, b'{"text":"?"}', "p-zhang", "courier")
    steps = decide_steps(said, an_order(), ("p-zhang", "courier"), EVERYBODY)
    assert {step.role for step in steps} == {"shop"}


def test_deciding_again_gives_the_same() -> None:
    """NTF-4."""
    record = a_notice("arriving")
    once = decide_steps(record, an_order(), ("system", "system"), EVERYBODY)
    assert once == decide_steps(record, an_order(), ("system", "system"), EVERYBODY)
    for step in once:
        assert step.at < step.due_at <= step.good_until


def test_recalled_messages() -> None:
    """NTF-9."""
    order = an_order()
    assert not is_recalled(order, 7)
    recalled = {"7": OverlayState(audience=13, recalled_at=AT)}
    assert is_recalled(msgspec.structs.replace(order, overlays=recalled), 7)
    edited = {"7": OverlayState(audience=13, text="三点", edited_at=AT)}
    order = msgspec.structs.replace(order, overlays=edited)
    assert (is_recalled(order, 7), text_now(order, 7), text_now(order, 8)) == (False, "三点", "")


def test_a_ring_is_told_to_whom_it_is_for_and_only_while_it_rings() -> None:
    """CA-21: urgent on the road, else quiet hours hold; what was missed is told, what was declined is not."""
    body = b'{"call":"call-0001","media":"audio","to":["buyer"],"role":"courier","ring_until":1}'
    heard = Audience.buyer | Audience.courier | Audience.shop
    rung = a_record("call_rung", heard, body, "p-zhang", "courier")
    (step,) = decide_steps(rung, an_order(), ("p-zhang", "courier"), EVERYBODY)
    assert (step.person, step.kind, step.urgency, step.channel) == (
        "p-li",
        "call",
        Urgency.urgent,
        Channel.push,
    )
    assert (step.due_at, step.good_until) == (AT, AT + RING_MS)
    at_home = decide_steps(rung, an_order(Status.confirmed), ("p-zhang", "courier"), EVERYBODY)
    assert at_home[0].urgency is Urgency.soon
    for why, kinds in (("missed", ["call_missed"]), ("declined", []), ("hung_up", [])):
        ended = a_record("call_ended", heard, b'{"call":"c","to":["buyer"],"why":"%s"}' % why.encode())
        assert [one.kind for one in decide_steps(ended, an_order(), ("system", "system"), EVERYBODY)] == kinds
    call = OpenCall(
        id="call-0001",
        media="audio",
        at=AT,
        by_person="p-zhang",
        by_role=Role.courier,
        to=[Role.buyer],
        ringing=[Role.buyer],
        ring_until=AT + RING_MS,
    )
    ringing = msgspec.structs.replace(an_order(), calls=[call])
    assert is_still_ringing(rung, ringing, "buyer", "p-li")
    assert not is_still_ringing(rung, an_order(), "buyer", "p-li")


def test_a_ring_says_who_calls() -> None:
    """CA-21: by name where one may be known, else by role."""
    body = {"name": "张师傅", "role": "courier", "media": "video"}
    said = say(Seen(type="call_rung", body=body), 1042, "花信花店", "zh-CN", preview=True)
    assert said.body == "张师傅邀请您视频通话"
    unknown = {"by_name": "", "by_role": "shop"}
    missed = say(Seen(type="call_ended", body=unknown), 1042, "", "en", preview=True)
    assert missed.body == "Missed call: The shop"
