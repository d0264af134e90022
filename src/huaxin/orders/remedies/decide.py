"""Complaint, offer, counter-offer, agreement. Pure.

Two who answer at once have one winner: an offer is answered once, and what was answered is refused to the
second with what became of it.
"""

import hashlib

from msgspec.structs import replace

from huaxin.conversation.speaking import check_talk
from huaxin.journal.model import Rejected
from huaxin.kernel import Audience, Role, Text, tidy
from huaxin.orders.account import due_of
from huaxin.orders.decide import Case, Outcome
from huaxin.orders.lifecycle import illegal, not_yours
from huaxin.orders.model import Order
from huaxin.orders.notices import notice
from huaxin.orders.remedies import commands as c
from huaxin.orders.remedies import events as e
from huaxin.orders.remedies.actions import COMPLAINED, ROLES
from huaxin.orders.remedies.model import MOST_OFFERS, Complaint, Remedy, standing
from huaxin.orders.remedies.vouchers import given_notice, new_voucher

PARTIES = Audience.buyer | Audience.shop
FAULT_WORDS: dict[str, Text] = {
    "damaged": Text("花有破损", "damaged"),
    "wilted": Text("花不新鲜", "not fresh"),
    "different": Text("与所订不符", "not what was ordered"),
    "missing": Text("少了东西", "something is missing"),
    "late": Text("送得太晚", "too late"),
    "wrong_place": Text("送错了地方", "brought to the wrong place"),
    "manner": Text("服务态度不好", "bad manners"),
    "other": Text("其他问题", "something else"),
}


def complain(case: Case, wish: c.Complain) -> Outcome:
    order = case.order
    _check_role(case, "complain")
    if order.status not in COMPLAINED:
        raise illegal("complain", order.status, sorted(status.value for status in COMPLAINED))
    if not order.open:
        check_talk(order, case.role, case.now)
    if order.complaint is not None and order.complaint.status == "open":
        raise Rejected(
            "complaint.open",
            "The shop is already dealing with a complaint on this order.",
            order.complaint.id,
        )
    made = Complaint(
        id=case.command_id,
        at=case.now,
        by=case.role.value,
        fault=wish.fault,
        text=tidy(wish.text),
        pictures=list(dict.fromkeys(wish.pictures)),
    )
    own = Audience.recipient if case.role is Role.recipient else Audience(0)
    sent = "complaint_sent" if case.role is Role.buyer else "complaint_sent_recipient"
    return Outcome(
        order=replace(order, complaint=made, undo=None),
        event=e.ComplaintMade(complaint=made),
        audience=PARTIES | own,
        notices=[notice("complaint_made", fault=FAULT_WORDS[made.fault], text=made.text), notice(sent)],
    )


def _check_role(case: Case, command: str) -> None:
    if case.role not in ROLES[command]:
        raise not_yours(command, case.role)


def _open(order: Order) -> Complaint:
    complaint = order.complaint
    if complaint is None or complaint.status != "open":
        raise Rejected(
            "complaint.closed",
            "There is no open complaint on this order.",
            complaint.status if complaint else "",
        )
    return complaint


def propose(case: Case, wish: c.ProposeRemedy) -> Outcome:
    """One's own offer that waits is withdrawn by the new one; the other's is countered."""
    order = case.order
    _check_role(case, "propose_remedy")
    complaint = _open(order)
    _check_amount(order, wish)
    if len(complaint.remedies) >= MOST_OFFERS:
        raise Rejected("remedy.too_many", "So many offers were made; please speak on the phone.", MOST_OFFERS)
    offer = Remedy(
        id=case.command_id,
        kind=wish.kind,
        by=case.role.value,
        at=case.now,
        amount=0 if wish.kind == "remake" else wish.amount,
        days=wish.days if wish.kind == "voucher" else 0,
        text=tidy(wish.text),
    )
    before = standing(complaint)
    remedies = complaint.remedies
    if before is not None:
        status = "withdrawn" if before.by == offer.by else "countered"
        remedies = _with(remedies, replace(before, status=status, answered_at=case.now))
    template = "remedy_from_shop" if case.role is Role.shop else "remedy_from_buyer"
    return Outcome(
        order=replace(order, complaint=replace(complaint, remedies=[*remedies, offer]), undo=None),
        event=e.RemedyProposed(complaint=complaint.id, remedy=offer),
        audience=PARTIES,
        notices=[notice(template, what=remedy_words(offer, order.total), text=offer.text)],
    )


def _check_amount(order: Order, wish: c.ProposeRemedy) -> None:
    if wish.kind == "remake":
        return
    if wish.amount <= 0:
        raise Rejected("remedy.amount", "Say how much.", wish.amount, status=422)
    due = due_of(order.total, order.refunds)
    if wish.kind == "refund" and wish.amount > due:
        raise Rejected("remedy.above_total", "No more can be refunded than was paid.", due, status=422)


def remedy_words(remedy: Remedy, total: int) -> Text:
    sum_ = f"¥{remedy.amount // 100}.{remedy.amount % 100:02d}"
    if remedy.kind == "refund":
        part = round(remedy.amount * 100 / total) if total else 0
        if part >= 100:
            return Text(f"全额退款 {sum_}", f"a full refund of {sum_}")
        return Text(f"退款 {sum_}({part}%)", f"a refund of {sum_} ({part}%)")
    if remedy.kind == "voucher":
        return Text(f"{sum_} 代金券", f"a voucher of {sum_}")
    return Text("免费重做一份", "a new one, free of charge")


def _with(remedies: list[Remedy], changed: Remedy) -> list[Remedy]:
    return [changed if one.id == changed.id else one for one in remedies]


def answer(case: Case, wish: c.AnswerRemedy) -> Outcome:
    order = case.order
    _check_role(case, "answer_remedy")
    complaint = order.complaint
    offer = next((one for one in complaint.remedies if one.id == wish.remedy), None) if complaint else None
    if complaint is None or offer is None:
        raise Rejected("remedy.unknown", "There is no such offer on this order.", wish.remedy, status=404)
    if complaint.status != "open" or offer.status != "proposed":
        raise Rejected(
            "remedy.answered", "This offer no longer waits for an answer.",
            {"remedy": offer.id, "status": offer.status},
        )  # fmt: skip
    if offer.by == case.role.value:
        raise Rejected("remedy.own", "That is your own offer; the other side answers it.", offer.id)
    answered = replace(
        offer,
        status="accepted" if wish.accept else "declined",
        answered_at=case.now,
        reason=tidy(wish.reason),
    )
    given = new_voucher(offer, case.now) if wish.accept and offer.kind == "voucher" else None
    if given is not None:
        answered = replace(answered, code=given.code, until=given.until)
    after = replace(complaint, remedies=_with(complaint.remedies, answered))
    what = remedy_words(answered, order.total)
    if not wish.accept:
        said = notice("remedy_declined", what=what, reason=answered.reason)
    else:
        remake = remake_id(order.id, offer.id) if offer.kind == "remake" else ""
        after = replace(after, status="settled", closed_at=case.now, remake=remake)
        said = notice("remedy_agreed", what=what)
    return Outcome(
        order=replace(
            order, complaint=after, vouchers=[*order.vouchers, given] if given else order.vouchers, undo=None
        ),
        event=e.RemedyAnswered(complaint=complaint.id, remedy=answered, remake=after.remake),
        audience=PARTIES,
        notices=[said, given_notice(given, order.time_zone)] if given else [said],
    )


def remake_id(order: str, remedy: str) -> str:
    """Of the order that is made anew: the same however often it is asked for."""
    return "re-" + hashlib.sha256(f"remake {order} {remedy}".encode()).hexdigest()[:24]


def withdraw(case: Case, wish: c.WithdrawComplaint) -> Outcome:
    order = case.order
    _check_role(case, "withdraw_complaint")
    complaint = _open(order)
    if complaint.by != case.role.value:
        raise not_yours("withdraw_complaint", case.role)
    before, remedies = standing(complaint), complaint.remedies
    if before is not None:
        remedies = _with(remedies, replace(before, status="withdrawn", answered_at=case.now))
    after = replace(complaint, status="withdrawn", closed_at=case.now, remedies=remedies)
    return Outcome(
        order=replace(order, complaint=after, undo=None),
        event=e.ComplaintWithdrawn(complaint=complaint.id),
        audience=PARTIES,
        notices=[notice("complaint_withdrawn")],
    )


def answer_rating(case: Case, wish: c.AnswerRating) -> Outcome:
    order, text = case.order, tidy(wish.text)
    _check_role(case, "answer_rating")
    if order.rating is None:
        raise illegal("answer_rating", order.status, ["rated"])
    if not text:
        raise Rejected("rating.empty", "Write a few words.", None, status=422)
    rating = replace(order.rating, answer=text, answered_at=case.now)
    return Outcome(
        order=replace(order, rating=rating, undo=None),
        event=e.RatingAnswered(rating=rating),
        audience=PARTIES,
        notices=[notice("rating_answered", text=text)],
    )
