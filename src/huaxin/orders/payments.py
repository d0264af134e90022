"""What was paid for an order and what was given back: apart from how far the flowers are.

Money moves elsewhere (at the shop, or by somebody's own means): here it is only written down what people say
was paid. A way of paying that can tell by itself answers `PaymentPort.confirm`.
"""

from typing import Protocol

from msgspec.structs import replace

from huaxin.journal.model import Fact, Rejected
from huaxin.kernel import Audience, Text, tidy
from huaxin.orders import commands as c
from huaxin.orders.account import SOURCE_WORDS, Refund, counted, due_of, given, left_of
from huaxin.orders.decide import Case, Outcome
from huaxin.orders.events import PaymentRecorded
from huaxin.orders.lifecycle import check_act
from huaxin.orders.model import Order
from huaxin.orders.notices import notice
from huaxin.orders.refunds import recount
from huaxin.orders.substitution_words import money_words


class PaymentPort(Protocol):
    """One way of being paid."""

    async def confirm(self, order: Order, amount: int, reference: str) -> str:
        """The reference under which so many fen were paid. Raises Rejected when they were not."""
        ...


class AtTheShop:
    """The default: the shop's people have the money in hand and say so."""

    async def confirm(self, order: Order, amount: int, reference: str) -> str:
        return tidy(reference)


def pay(case: Case, wish: c.RecordPayment) -> Outcome:
    check_act(case.order, "record_payment", case.role)
    payment = case.order.payment
    paid, due = payment.paid + wish.amount, due_of(case.order.total, case.order.refunds)
    if paid - payment.refunded > due:
        left = due - payment.paid + payment.refunded
        raise Rejected("payment.too_much", "That is more than is still to be paid.", left, status=422)
    after = replace(payment, paid=paid, method=wish.method, reference=tidy(wish.reference), at=case.now)
    said = notice("payment_received", amount=money_words(wish.amount))
    return _recorded(case, replace(case.order, payment=after), wish.amount, said)


def refund(case: Case, wish: c.RecordRefund) -> Outcome:
    """Ticks off an entry of the account, or writes down what went back beside it."""
    check_act(case.order, "record_refund", case.role)
    order, payment, reason = case.order, case.order.payment, tidy(wish.reason)
    one = _find(order, wish) if wish.refund else None
    left = payment.paid - payment.refunded
    if wish.amount > left:
        raise Rejected(
            "payment.refund_too_much", "No more can be given back than was paid.", left, status=422
        )
    if one is not None:
        back = replace(one, back=one.back + wish.amount, back_at=case.now)
        refunds = [back if each.id == one.id else each for each in order.refunds]
        words = SOURCE_WORDS[one.source]
        why = Text(f"({reason or words.zh})", f" ({reason or words.en})")
    else:
        owed = counted(order.total, payment, order.refunds).owed
        other = Refund(id=case.command_id, source="other", at=case.now, amount=wish.amount, reason=reason)
        refunds = given(order.refunds, wish.amount, owed, case.now, other)
        why = Text(f"({reason})", f" ({reason})") if reason else Text("", "")
    after = replace(payment, refunded=payment.refunded + wish.amount, at=case.now)
    said = notice("payment_refunded", amount=money_words(wish.amount), reason=why)
    # What went back is not taken back by a tap that is.
    changed = replace(order, payment=after, refunds=refunds, undo=None)
    return _recorded(case, changed, -wish.amount, said, reason, wish.refund)


def _find(order: Order, wish: c.RecordRefund) -> Refund:
    """The entry to tick off. Raises Rejected payment.no_refund (404), payment.back_already."""
    one = next((each for each in order.refunds if each.id == wish.refund), None)
    if one is None:
        raise Rejected("payment.no_refund", "There is no such refund on this order.", wish.refund, status=404)
    left = left_of(one, counted(order.total, order.payment, order.refunds))
    if wish.amount > left:
        raise Rejected("payment.back_already", "So much is no longer to be given back for it.", left)
    return one


def _recorded(
    case: Case, after: Order, amount: int, said: Fact, reason: str = "", refund: str = ""
) -> Outcome:
    after = recount(after)
    return Outcome(
        order=after,
        event=PaymentRecorded(amount=amount, reason=reason, payment=after.payment, refund=refund),
        audience=Audience.buyer | Audience.shop,
        notices=[said],
    )
