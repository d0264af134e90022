"""What was paid for an order and what was given back: apart from how far the flowers are.

Money moves elsewhere (at the shop, or by somebody's own means): here it is only written down what people say
was paid. A way of paying that can tell by itself answers `PaymentPort.confirm`.
"""

from typing import Protocol

from msgspec.structs import replace

from huaxin.journal.model import Rejected
from huaxin.kernel import Audience, tidy
from huaxin.orders import commands as c
from huaxin.orders.decide import Case, Outcome
from huaxin.orders.events import PaymentRecorded
from huaxin.orders.lifecycle import check_act
from huaxin.orders.model import Order, Payment
from huaxin.orders.notices import notice


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
    paid = payment.paid + wish.amount
    if paid - payment.refunded > case.order.total:
        left = case.order.total - payment.paid + payment.refunded
        raise Rejected("payment.too_much", "That is more than is still to be paid.", left, status=422)
    after = replace(payment, paid=paid, method=wish.method, reference=tidy(wish.reference), at=case.now)
    return _recorded(case, after, wish.amount, "payment_received")


def refund(case: Case, wish: c.RecordRefund) -> Outcome:
    check_act(case.order, "record_refund", case.role)
    payment = case.order.payment
    left = payment.paid - payment.refunded
    if wish.amount > left:
        raise Rejected(
            "payment.refund_too_much", "No more can be given back than was paid.", left, status=422
        )
    after = replace(payment, refunded=payment.refunded + wish.amount, at=case.now)
    return _recorded(case, after, -wish.amount, "payment_refunded", tidy(wish.reason))


def _recorded(case: Case, payment: Payment, amount: int, template: str, reason: str = "") -> Outcome:
    said = notice(template, amount=f"¥{abs(amount) / 100:g}", reason=f"({reason})" if reason else "")
    return Outcome(
        order=replace(case.order, payment=payment),
        event=PaymentRecorded(amount=amount, reason=reason, payment=payment),
        audience=Audience.buyer | Audience.shop,
        notices=[said],
    )
