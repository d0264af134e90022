"""What recipients wish, and what is wished for them."""

from typing import Annotated

from msgspec import Meta

from huaxin.kernel import Point
from huaxin.orders.commands import Id, OrderCommand, Picture
from huaxin.orders.recipient.model import ContactWish, Short, TimeWindow, Words

Said = Annotated[str, Meta(max_length=300)]


class SetContact(OrderCommand, frozen=True, kw_only=True, tag="set_contact"):
    """When the recipient may be reached. By the buyer, or by the shop for them."""

    contact: ContactWish


class OpenContact(OrderCommand, frozen=True, kw_only=True, tag="open_contact"):
    """System only: the time from which the recipient may be reached has come."""


class PreferTime(OrderCommand, frozen=True, kw_only=True, tag="prefer_time"):
    """The recipient would like another time: a window, or words, or both."""

    window: TimeWindow | None = None
    text: Said = ""


class AnswerPreference(OrderCommand, frozen=True, kw_only=True, tag="answer_preference"):
    preference: Id
    accept: bool
    reason: Words = ""


class HelpGate(OrderCommand, frozen=True, kw_only=True, tag="help_gate"):
    """How to get in: a code, a floor, a place, words."""

    code: Short = ""
    floor: Short = ""
    text: Said = ""
    point: Point | None = None


class Thank(OrderCommand, frozen=True, kw_only=True, tag="thank"):
    """A word back to whoever sent the flowers, known to the recipient or not."""

    text: Words = ""
    picture: Picture = ""


RecipientCommands = SetContact | OpenContact | PreferTime | AnswerPreference | HelpGate | Thank
