"""What may be wished when it was not right."""

from typing import Annotated

from msgspec import Meta

from huaxin.orders.commands import Id, OrderCommand, Words
from huaxin.orders.remedies.model import Days, Fault, Fen, Kind

Pictures = Annotated[
    list[Annotated[str, Meta(min_length=1, max_length=40, pattern="^[A-Za-z0-9_-]*$")]], Meta(max_length=9)
]


class Complain(OrderCommand, frozen=True, kw_only=True, tag="complain"):
    """Something was not right. `pictures`: uploads for this order."""

    fault: Fault
    text: Words = ""
    pictures: Pictures = []  # noqa: RUF012 (a Struct makes a new one each time)


class ProposeRemedy(OrderCommand, frozen=True, kw_only=True, tag="propose_remedy"):
    """An offer, by the shop or the buyer; it takes the place of the one that waits. Of a refund or a voucher
    the amount in fen: a refund up to what was paid. A voucher is good for `days` from the agreement on."""

    kind: Kind
    amount: Fen = 0
    days: Days = 180
    text: Words = ""


class AnswerRemedy(OrderCommand, frozen=True, kw_only=True, tag="answer_remedy"):
    """By the one to whom it was offered. Accepting settles the complaint."""

    remedy: Id
    accept: bool
    reason: Words = ""


class WithdrawComplaint(OrderCommand, frozen=True, kw_only=True, tag="withdraw_complaint"):
    """By whoever made it: it has come right by itself."""


class AnswerRating(OrderCommand, frozen=True, kw_only=True, tag="answer_rating"):
    """The shop's word to a rating; a later one takes its place."""

    text: Annotated[str, Meta(min_length=1, max_length=500)]


RemedyCommands = Complain | ProposeRemedy | AnswerRemedy | WithdrawComplaint | AnswerRating
