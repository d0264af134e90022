"""The small account of an order, in whole fen: what it costs by now, what was paid, what goes back, and why.

Pure arithmetic on what the order keeps; orders/refunds.py makes the entries, orders/payments.py the payments.
"""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from huaxin.kernel import Text

# Where a refund comes from; of `other` nothing was agreed before: the shop just gave it back.
SOURCE_WORDS: dict[str, Text] = {
    "substitution": Text("换花差价", "cheaper flowers instead"),
    "out_of_stock": Text("缺货未做", "out of stock"),
    "change": Text("修改订单", "the order was changed"),
    "cancelled": Text("订单取消", "the order was cancelled"),
    "incident": Text("配送异常补偿", "for what went wrong on the way"),
    "remedy": Text("售后补偿", "as agreed on the complaint"),
    "other": Text("另外退款", "given back"),
}


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """What was paid, in fen: unpaid with nothing, in part below what the order costs, given back by
    `refunded`. It says nothing of how far the flowers are, nor do they of it."""

    method: Annotated[str, Meta(max_length=60)] = "at_shop"  # at_shop | elsewhere
    paid: int = 0
    refunded: int = 0
    reference: Annotated[str, Meta(max_length=60)] = ""
    at: int = 0  # when it last changed
    due: int = -1  # what the order costs by now: its total less what was agreed beside it; -1: its total
    owed: int = 0  # of what was paid, so much is still to go back


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """Why an order costs less than it did, and how much of that went back to whoever paid."""

    id: str  # of the proposal, change, incident or offer it comes from, else one of its own
    source: str  # of SOURCE_WORDS
    at: int
    amount: int
    reason: str = ""  # a stem, a code of orders/reasons.py, or somebody's words
    lowers: bool = False  # the order's total does not know of it
    back: int = 0  # given back so far
    back_at: int = 0


def due_of(total: int, refunds: Sequence[Refund]) -> int:
    """What the order costs by now."""
    return max(0, total - sum(one.amount for one in refunds if one.lowers))


def counted(total: int, payment: Payment, refunds: Sequence[Refund]) -> Payment:
    """The payment with `due` and `owed` as they follow from all the rest."""
    due = due_of(total, refunds)
    owed = max(0, payment.paid - payment.refunded - due)
    if (due, owed) == (payment.due, payment.owed):
        return payment
    return msgspec.structs.replace(payment, due=due, owed=owed)


def left_of(one: Refund, payment: Payment) -> int:
    """What is to be given back for this entry: no more than was paid too much. What was never paid is not
    given back, it just is not asked for."""
    return min(one.amount - one.back, payment.owed)


def given(refunds: Sequence[Refund], amount: int, owed: int, now: int, other: Refund) -> list[Refund]:
    """`amount` went back without anybody saying for which entry: the oldest are settled first, and what is
    more than was owed is an entry of its own (`other`)."""
    found: list[Refund] = []
    for one in refunds:
        part = min(one.amount - one.back, amount, owed)
        if part > 0:
            one = msgspec.structs.replace(one, back=one.back + part, back_at=now)
            amount, owed = amount - part, owed - part
        found.append(one)
    if amount:
        found.append(msgspec.structs.replace(other, amount=amount, back=amount, back_at=now))
    return found
