"""Proof of delivery (bench.md, PD): what the shop asks for, what is said of it, who sees it."""

import pytest

from huaxin.journal.model import Rejected
from huaxin.kernel import Point, Role
from huaxin.orders import commands as c
from huaxin.orders.gates import LEFT, LEFT_WITH, Gates, needed
from huaxin.orders.model import Proof, Status
from huaxin.orders.notices import LEFT_WORDS
from huaxin.orders.redact import redact
from tests.unit.orders.helpers import HOME, ORDER, Play, assign, notices

ALL = Gates(picture=True, signature=True, code=True)


def at_the_door(code: str = "4821") -> Play:
    play = Play()
    play.place()
    play.do("shop", c.ConfirmOrder(order=ORDER))
    play.do("shop", assign())
    play.do("xiaozhang", c.PickUp(order=ORDER, receipt_code=code))
    return play


def refusal(play: Play, who: str, wish: c.Deliver) -> Rejected:
    with pytest.raises(Rejected) as refused:
        play.do(who, wish)
    return refused.value


def proof(play: Play) -> Proof:
    assert play.state.proof is not None
    return play.state.proof


@pytest.mark.parametrize(
    ("gates", "left_with", "has_code", "wanted"),
    [
        (Gates(), "self", True, []),
        (ALL, "self", True, ["picture", "signature", "code"]),
        (ALL, "", True, ["picture", "signature", "code"]),
        (ALL, "self", False, ["picture", "signature"]),
        (ALL, "locker", True, ["picture"]),
        (Gates(code=True), "guard", True, ["picture"]),
        (Gates(code=True), "guard", False, []),
        (Gates(signature=True), "family", True, ["signature"]),
        (Gates(), "door", True, []),
    ],
)
def test_what_is_asked_for(gates: Gates, left_with: str, has_code: bool, wanted: list[str]) -> None:
    """PD-1, PD-2."""
    assert needed(gates, left_with, has_code) == wanted


def test_what_is_missing_is_said_and_nothing_is_changed() -> None:
    """PD-1: all of it at once."""
    play = at_the_door()
    refused = refusal(play, "xiaozhang", c.Deliver(order=ORDER, gates=ALL, left_with="self", code="4821"))
    assert (refused.code, refused.value) == ("proof.missing", {"needs": ["picture", "signature"]})
    assert play.state.status is Status.picked_up
    whole = c.Deliver(order=ORDER, gates=ALL, left_with="self", code=" 4821 ", picture="p", signature="s")
    play.do("xiaozhang", whole, device_at=play.now - 900_000)
    now = proof(play)
    assert (now.code, now.signature, now.device_at, now.at) == (True, "s", play.now - 900_000, play.now)


def test_left_with_somebody_a_picture_and_a_name() -> None:
    """PD-2, PD-3: buyer and recipient read where it is."""
    play = at_the_door()
    left = {"order": ORDER, "gates": ALL, "left_with": "guard"}
    assert refusal(play, "xiaozhang", c.Deliver(**left, picture="p")).code == "proof.name_missing"
    assert refusal(play, "xiaozhang", c.Deliver(**left, received_by="王师傅")).code == "proof.missing"
    facts = play.do("xiaozhang", c.Deliver(**left, picture="p", received_by=" 王师傅 "))
    for role in (Role.buyer, Role.recipient, Role.shop):
        assert "鲜花放在门卫:王师傅" in notices(facts, role)
    assert set(LEFT_WORDS) == LEFT <= set(LEFT_WITH)


def test_a_wrong_code_is_no_proof_even_when_none_is_asked_for() -> None:
    """PD-5."""
    play = at_the_door()
    assert refusal(play, "xiaozhang", c.Deliver(order=ORDER, code="0000")).code == "proof.wrong_code"
    play.do("xiaozhang", c.Deliver(order=ORDER, gates=Gates(picture=False)))
    assert not proof(play).code


def test_who_knows_the_code() -> None:
    """PD-5: the courier only that there is one; the next courier's order keeps it."""
    play = at_the_door()
    for role in (Role.buyer, Role.recipient, Role.shop):
        assert redact(play.state, role)["receipt_code"] == "4821"
    assert redact(play.state, Role.courier)["receipt_code"] == "****"
    play.do("shop", assign("zhang"))
    play.do("zhang", c.PickUp(order=ORDER, receipt_code="9999"))
    assert play.state.receipt_code == "4821"
    plain = at_the_door("")
    assert redact(plain.state, Role.courier)["receipt_code"] == ""
    plain.do("xiaozhang", c.Deliver(order=ORDER, gates=Gates(code=True), left_with="self"))


def test_far_away_is_said_not_forbidden() -> None:
    """PD-4: beyond what the position's error explains; to shop and buyer, not to the recipient."""
    play = at_the_door()
    street = Point(HOME.lat + 0.006, HOME.lon)  # 668 m
    facts = play.do("xiaozhang", c.Deliver(order=ORDER, point=street, accuracy_m=20.0))
    assert proof(play).far
    assert proof(play).distance_m == pytest.approx(668, abs=1)
    assert "签收的位置离地址约668米,请留意。" in notices(facts, Role.shop)
    assert not [one for one in notices(facts, Role.recipient) + notices(facts, Role.buyer) if "668" in one]
    buyer, recipient = redact(play.state, Role.buyer)["proof"], redact(play.state, Role.recipient)["proof"]
    assert (buyer["far"], buyer["point"]) == (True, None)
    assert (recipient["far"], recipient["distance_m"]) == (False, -1.0)


@pytest.mark.parametrize(("accuracy", "far"), [(0.0, True), (400.0, False)])
def test_a_coarse_position_accuses_nobody(accuracy: float, far: bool) -> None:
    """PD-4."""
    play = at_the_door()
    play.do("xiaozhang", c.Deliver(order=ORDER, point=Point(HOME.lat + 0.006, HOME.lon), accuracy_m=accuracy))
    assert proof(play).far is far


def test_no_position_no_distance_and_the_shop_may_close_by_hand() -> None:
    """PD-4, PD-7."""
    play = at_the_door()
    play.do("shop", c.Deliver(order=ORDER, gates=ALL, received_by="前台"))
    assert (proof(play).distance_m, proof(play).far, play.state.status) == (-1.0, False, Status.delivered)


def test_an_old_proof_can_still_be_read() -> None:
    """Orders kept before there was more to a proof."""
    play = at_the_door()
    play.do("xiaozhang", c.Deliver(order=ORDER))
    assert (proof(play).left_with, proof(play).signature) == ("", "")
