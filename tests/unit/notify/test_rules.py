"""Which notice matters to whom (NTF-1, NTF-6 to NTF-9), as the pure table says it."""

import re

import msgspec
import pytest

from huaxin.journal.model import Record
from huaxin.kernel import AUDIENCE_OF, Audience, Point, Role
from huaxin.notify.model import Channel, Listener, Rule, Urgency
from huaxin.notify.rules import NOTICES, decide_steps, is_recalled, may_know, rule_of, text_now
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
