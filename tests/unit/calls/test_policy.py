"""Who may ring whom: docs/spec/calls.md."""

from typing import Any

import pytest

from huaxin.calls import commands as c
from huaxin.conversation.commands import BlockMember
from huaxin.journal.model import Rejected
from huaxin.kernel import Role
from huaxin.orders import commands as oc
from huaxin.orders.lifecycle import allowed_actions
from huaxin.orders.model import Card
from huaxin.orders.recipient.commands import SetContact
from huaxin.orders.recipient.model import ContactWish
from tests.unit.calls.test_calls import body, carried, leave, refused, ring
from tests.unit.orders.helpers import ORDER, Play, assign


def test_who_may_ring_whom_follows_the_order() -> None:
    """CA-9: not who is not there, and not a courier about an order that is done."""
    play = Play()
    play.place(surprise=True)
    assert refused(play, "buyer", ring([Role.courier])) == "call.nobody"
    assert refused(play, "buyer", ring([Role.buyer])) == "call.nobody"
    play = carried()
    play.do("zhang", oc.Deliver(order=ORDER))
    assert refused(play, "buyer", ring([Role.courier])) == "call.closed"
    assert refused(play, "zhang", ring([Role.buyer])) == "call.closed"
    play.do("zhang", ring([Role.shop], call="call-work"))
    play.do("buyer", ring([Role.shop], call="call-done", device="d-buyer"))
    play.now += 8 * 24 * 3_600_000
    assert refused(play, "recipient", ring([Role.shop], call="call-late")) == "call.closed"
    play.do("system", oc.ClosePrivacy(order=ORDER))
    assert [one.id for one in play.state.calls] == ["call-done"]


@pytest.mark.parametrize("policy", ["free", "door", "never"])
def test_a_recipient_is_rung_only_when_they_may_be_reached(policy: Any) -> None:
    """CA-9, SU-7: the contact policy of messages holds for calls; they themselves may always call."""
    play = Play()
    play.place()
    play.do("shop", oc.ConfirmOrder(order=ORDER))
    play.do("shop", assign("zhang"))
    if policy != "free":
        play.do("buyer", SetContact(order=ORDER, contact=ContactWish(policy=policy)))
    if policy == "free":
        play.do("zhang", ring([Role.recipient]))
    else:
        assert refused(play, "zhang", ring([Role.recipient])) == f"contact.{policy}"
        assert refused(play, "shop", ring([Role.recipient])) == f"contact.{policy}"
    play.do("recipient", ring([Role.shop], call="call-mine", device="d-mother"))


def test_an_unknown_sender_and_the_recipient_are_never_in_one_call() -> None:
    """CA-10, SU-8."""
    play = carried(card=Card(text="节日快乐", anonymous=True))
    assert refused(play, "buyer", ring([Role.recipient])) == "call.anonymous"
    assert refused(play, "recipient", ring([Role.buyer])) == "call.anonymous"
    play.do("shop", ring([Role.buyer, Role.recipient]))
    assert play.last is not None
    assert play.last.result["left_out"] == {"recipient": "call.anonymous"}
    assert refused(play, "shop", c.InviteToCall(order=ORDER, call="call-0001", to=[Role.recipient])) == (
        "call.anonymous"
    )
    play.do("buyer", c.DeclineCall(order=ORDER, call="call-0001"))


def test_busy_quiet_and_blocked_are_refused_each_with_its_word() -> None:
    """CA-11: what only the server knows comes with the command; a block is not told."""
    play = carried()
    for why in ("busy", "quiet", "nobody"):
        assert refused(play, "zhang", ring([Role.buyer], hindered={"buyer": why})) == f"call.{why}"
    both = play.do("zhang", ring([Role.buyer, Role.shop], hindered={"buyer": "busy"}))
    assert body(both[0])["to"] == ["shop"]
    play.do("zhang", leave())
    play.do("buyer", BlockMember(order=ORDER, role=Role.courier))
    assert refused(play, "zhang", ring([Role.buyer])) == "call.quiet"


def test_whom_one_may_ring_is_offered() -> None:
    """CA-9: ring_courier, … among the actions, and refused when not."""
    for surprise in (False, True):
        play = Play()
        play.place(surprise=surprise)
        for step in (
            ("shop", oc.ConfirmOrder(order=ORDER)),
            ("shop", assign("zhang")),
            ("zhang", oc.PickUp(order=ORDER)),
            ("zhang", oc.MarkArrived(order=ORDER)),
            ("zhang", oc.Deliver(order=ORDER)),
        ):
            check_offered(play)
            play.do(*step)
        check_offered(play)


def check_offered(play: Play) -> None:
    people = {Role.buyer: "buyer", Role.recipient: "recipient", Role.shop: "shop", Role.courier: "zhang"}
    for role, who in people.items():
        if role is Role.courier and play.state.courier is None:
            continue
        offered = allowed_actions(play.state, role, play.now)
        for other in people:
            before = play.state
            try:
                play.do(who, ring([other]))
                rung = True
            except Rejected:
                rung = False
            play.order = before
            assert (f"ring_{other.value}" in offered) == rung, (role, other, play.state.status)
