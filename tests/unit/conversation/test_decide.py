"""Who may say what, and who hears it: docs/spec/conversation.md."""

import msgspec
import pytest

from huaxin.conversation.commands import MAX_TEXT, Say, SendPlace
from huaxin.conversation.events import MessageSent
from huaxin.journal.model import Fact, Rejected
from huaxin.kernel import Audience, Point, Role
from tests.unit.orders.helpers import ORDER, Play


def say(who: str, text: str = "你好", to: list[Role] | None = None) -> Fact:
    play = Play()
    play.place()
    return play.do(who, Say(order=ORDER, text=text, to=to))[0]


def message(fact: Fact) -> MessageSent:
    return msgspec.json.decode(fact.body, type=MessageSent)


def test_the_surprise_is_not_spoken_to_by_accident() -> None:
    """CO-1: buyer, shop and courier hear each other; the recipient only when addressed."""
    for who in ("buyer", "shop", "zhang"):
        assert not say(who).audience & Audience.recipient
    assert say("shop", to=[Role.recipient]).audience == Audience.recipient | Audience.shop


def test_nobody_writes_past_the_shop() -> None:
    """CO-2."""
    assert say("buyer", to=[Role.courier]).audience & Audience.shop
    assert message(say("buyer", to=[Role.courier])).to == ["buyer", "shop", "courier"]


def test_the_recipient_is_not_heard_by_the_buyer() -> None:
    assert not say("recipient").audience & Audience.buyer


@pytest.mark.parametrize("text", ["   ", "\u202e", "\x00\x07"])
def test_empty_messages_are_refused(text: str) -> None:
    """CO-3."""
    with pytest.raises(Rejected, match="Write something"):
        say("buyer", text)


def test_control_and_bidi_signs_are_dropped_emoji_and_lines_stay() -> None:
    """CO-4: \\u202e makes a sentence read as another one than was sent."""
    assert message(say("buyer", "花\u202e🌹\x07\n谢谢👩‍👩‍👧 ")).text == "花🌹\n谢谢👩‍👩‍👧"


def test_too_long_says_how_long() -> None:
    """CO-5."""
    assert len(message(say("buyer", "花" * MAX_TEXT)).text) == MAX_TEXT
    with pytest.raises(Rejected) as refusal:
        say("buyer", "花" * (MAX_TEXT + 1))
    assert (refusal.value.code, refusal.value.value) == ("message.too_long", MAX_TEXT + 1)


def test_a_place_is_on_earth() -> None:
    play = Play()
    play.place()
    with pytest.raises(Rejected, match="place on earth"):
        play.do("buyer", SendPlace(order=ORDER, point=Point(91.0, 0.0)))
    fact = play.do("buyer", SendPlace(order=ORDER, point=Point(30.0, 120.0), name="东门"))[0]
    place = message(fact).place
    assert place is not None
    assert place.name == "东门"
