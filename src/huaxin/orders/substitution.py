"""Other flowers than ordered: proposed with a picture and the price, agreed on, and only then made.

Who does not answer gets what was chosen when ordering: a call, the same value in the same style, or the
money back. A call that finds nobody in its time ends in money back too: nothing is made without a yes.
"""

from msgspec.structs import replace

from huaxin.journal.model import Fact, Rejected
from huaxin.kernel import Audience, Role, Stem, Text, tidy
from huaxin.orders import commands as c
from huaxin.orders.decide import Case, Outcome
from huaxin.orders.events import LineRefunded, StatusChanged, SubstituteAnswered, SubstituteProposed
from huaxin.orders.lifecycle import check_act, not_yours, unsettled
from huaxin.orders.model import Line, Order, Status, Substitution
from huaxin.orders.notices import notice
from huaxin.orders.substitution_words import CALL_DEFAULT, difference_words, money_words
from huaxin.orders.words import clock

MINUTE_MS = 60_000
CALL_MS = 30 * MINUTE_MS  # to reach the buyer by telephone
LEAST_CALL_MS = 10 * MINUTE_MS  # however near the promise is
BUYER_AND_SHOP = Audience.buyer | Audience.shop
OTHERWISE = {"ask": "call", "similar": "similar", "refund": "refund"}


def propose(case: Case, wish: c.ProposeSubstitute) -> Outcome:
    order = case.order
    check_act(order, "propose_substitute", case.role)
    open_ = unsettled(order)
    if open_ is not None and open_.status == "asked":
        raise Rejected("substitution.pending", "A substitute waits for the buyer's answer already.", open_.id)
    if not wish.picture:
        raise Rejected("substitution.picture", "Show the buyer a picture of it.", "", status=422)
    made = _proposal(case, wish)
    if order.when_out == "similar" and made.difference <= 0:
        agreed = replace(made, status="accepted", answered_by="policy", answered_at=case.now)
        return _accepted(order, agreed, SubstituteProposed(substitution=agreed))
    said = notice("substitute_asked", **_words(made), difference=difference_words(made.difference))
    return _outcome(_with(order, made), SubstituteProposed(substitution=made), [said])


def _proposal(case: Case, wish: c.ProposeSubstitute) -> Substitution:
    order, after = case.order, _lines_after(case.order, wish)
    name, name_en = tidy(wish.name), tidy(wish.name_en)
    stem, stem_en = _stem(order, wish)
    if wish.priced is not None:
        name, name_en = name or wish.priced.name, name_en or wish.priced.name_en
    if not name:
        raise Rejected("substitution.nameless", "Say which flowers instead.", wish.name, status=422)
    if name == stem:
        raise Rejected("substitution.same", "That is what is out: choose other flowers.", name, status=422)
    return Substitution(
        id=case.command_id,
        at=case.now,
        by=case.actor.person,
        stem=stem,
        stem_en=stem_en,
        name=name,
        name_en=name_en,
        picture=wish.picture,
        words=tidy(wish.words),
        before=order.lines,
        after=after,
        difference=_sum(after) - _sum(order.lines),
        until=max(case.now + MINUTE_MS, min(case.now + wish.minutes * MINUTE_MS, order.promise.end)),
        otherwise=OTHERWISE[order.when_out],
    )


def _lines_after(order: Order, wish: c.ProposeSubstitute) -> list[Line]:
    """Raises Rejected substitution.nothing, substitution.price (422)."""
    if wish.stem:
        touched = {n for n, line in enumerate(order.lines) if _has_stem(line, wish.stem)}
    else:
        touched = {wish.line} & set(range(len(order.lines)))
    if not touched:
        raise Rejected(
            "substitution.nothing",
            "Nothing on this order is made of that.",
            wish.stem or wish.line,
            status=422,
        )
    return [_line_after(line, wish) if n in touched else line for n, line in enumerate(order.lines)]


def _line_after(line: Line, wish: c.ProposeSubstitute) -> Line:
    price = line.price + wish.difference
    if price < 0:
        raise Rejected("substitution.price", "No bouquet costs less than nothing.", price, status=422)
    after = replace(line, price=price, picture=wish.picture)
    if not wish.stem:
        other = wish.priced
        if other is None:  # in words alone, not from the catalogue
            return replace(after, name=tidy(wish.name), name_en=tidy(wish.name_en), recipe=[])
        return replace(other, price=price, picture=wish.picture, quantity=line.quantity)
    name, name_en = tidy(wish.name), tidy(wish.name_en)
    old = next(one for one in line.recipe if one.name == wish.stem)
    new = Stem(name or wish.stem, old.count, name_en)
    said_en = f"{line.name_en} ({name_en or name} for {old.name_en or old.name})" if line.name_en else ""
    return replace(
        after,
        name=f"{line.name}({name}代{old.name})",
        name_en=said_en,
        recipe=[new if one is old else one for one in line.recipe],
    )


def _has_stem(line: Line, stem: str) -> bool:
    return any(one.name == stem for one in line.recipe)


def _stem(order: Order, wish: c.ProposeSubstitute) -> tuple[str, str]:
    """What is out, in both languages."""
    if not wish.stem:
        line = order.lines[wish.line]
        return line.name, line.name_en
    found = (one for line in order.lines for one in line.recipe if one.name == wish.stem)
    return wish.stem, next(found).name_en


def answer(case: Case, wish: c.AnswerSubstitute) -> Outcome:
    order = case.order
    asked = _asked(case, wish.substitution, "answer_substitute")
    by = "shop" if case.role is Role.shop else "buyer"
    status = "accepted" if wish.accept else "declined"
    answered = replace(asked, status=status, answered_by=by, answered_at=case.now)
    event = SubstituteAnswered(substitution=answered)
    if wish.accept:
        return _accepted(order, answered, event)
    return _outcome(_with(order, answered), event, [notice("substitute_declined", **_words(answered))])


def withdraw(case: Case, wish: c.WithdrawSubstitute) -> Outcome:
    check_act(case.order, "withdraw_substitute", case.role)
    open_ = _find(case.order, wish.substitution)
    if open_.status not in ("asked", "declined"):
        raise _settled(open_)
    gone = replace(open_, status="withdrawn", answered_by="shop", answered_at=case.now)
    said = notice("substitute_withdrawn", **_words(gone))
    return _outcome(_with(case.order, gone), SubstituteAnswered(substitution=gone), [said])


def settle(case: Case, wish: c.SettleSubstitute) -> Outcome:
    """Nobody answered: what was chosen when ordering."""
    if case.role is not Role.system:
        raise not_yours("settle_substitute", case.role)
    order, asked = case.order, _find(case.order, wish.substitution)
    until = asked.decide_by if asked.overdue else asked.until
    if asked.status != "asked" or not until or not order.open:
        raise _settled(asked)
    if case.now < until:
        raise Rejected("substitution.early", "The buyer still has time to answer.", until)
    if asked.overdue:
        return _unagreed(case, replace(asked, answered_by="policy", answered_at=case.now), asked.default)
    if asked.otherwise == "call" or order.lines != asked.before:  # changed since: somebody must look
        return _call(case, asked)
    done = replace(asked, answered_by="policy", answered_at=case.now)
    if asked.otherwise == "similar":
        return _at_no_higher_price(order, done)
    return _refund(case, replace(done, status="refunded"))


def _call(case: Case, asked: Substitution) -> Outcome:
    """The shop calls; the buyer reads until when, and what is done else."""
    order = case.order
    default = "refund" if _kept(order, asked) else "cancel"
    by = max(case.now + LEAST_CALL_MS, min(case.now + CALL_MS, order.promise.end))
    late = replace(asked, overdue=True, decide_by=by, default=default)
    said = notice("substitute_overdue", **_words(late), **_deadline(order, late))
    return _outcome(_with(order, late), SubstituteAnswered(substitution=late), [said])


def _deadline(order: Order, late: Substitution) -> dict[str, str | Text]:
    return {"time": clock(late.decide_by, order.time_zone), "default": CALL_DEFAULT[late.default]}


def decide(case: Case, wish: c.DecideSubstitute) -> Outcome:
    """Nobody answered and nobody picks up: the shop's word before its time."""
    order = case.order
    asked = _asked(case, wish.substitution, "decide_substitute")
    if not asked.overdue:
        raise Rejected("substitution.early", "The buyer still has time to answer.", asked.until)
    if wish.choice != "wait":
        return _unagreed(case, replace(asked, answered_by="shop", answered_at=case.now), wish.choice)
    by = min(max(asked.decide_by, case.now) + CALL_MS, order.promise.end)
    if by <= asked.decide_by:
        raise Rejected("substitution.no_time", "There is no more time before the delivery.", asked.decide_by)
    waits = replace(asked, decide_by=by)
    said = notice("substitute_waits", **_words(waits), **_deadline(order, waits))
    return _outcome(_with(order, waits), SubstituteAnswered(substitution=waits), [said])


def _unagreed(case: Case, done: Substitution, how: str) -> Outcome:
    done = replace(done, status="refunded")
    if how == "refund" and _kept(case.order, done):
        return _refund(case, done)
    return _refund_all(case, done, "order_refunded_unagreed")


def _at_no_higher_price(order: Order, done: Substitution) -> Outcome:
    after = [
        replace(new, price=min(new.price, old.price))
        for old, new in zip(done.before, done.after, strict=True)
    ]
    agreed = replace(done, status="accepted", after=after, difference=_sum(after) - _sum(done.before))
    return _accepted(order, agreed, SubstituteAnswered(substitution=agreed))


def _kept(order: Order, one: Substitution) -> list[Line]:
    """The lines that have nothing to do with it."""
    touched = [old for old, new in zip(one.before, one.after, strict=True) if old != new]
    return [line for line in order.lines if line not in touched]


def _refund(case: Case, done: Substitution) -> Outcome:
    """The lines that were to change leave the order; when none is left, so does the order."""
    order, kept = case.order, _kept(case.order, done)
    if not kept:
        return _refund_all(case, done, "order_refunded")
    amount = min(_sum(order.lines) - _sum(kept), order.total)  # a voucher may have paid a part
    after = replace(
        _with(order, done), lines=kept, total=order.total - amount, refunded=order.refunded + amount
    )
    gone = Text(done.stem, done.stem_en or done.stem)
    said = notice("line_refunded", name=gone, amount=money_words(amount))
    return _outcome(after, SubstituteAnswered(substitution=done), [said])


def _refund_all(case: Case, done: Substitution, template: str) -> Outcome:
    order, cancelled = case.order, Status.cancelled
    after = replace(
        _with(order, done),
        refunded=order.refunded + order.total,
        status=cancelled,
        reason="out_of_stock",
        times={**order.times, cancelled.value: case.now},
    )
    by = "decide_substitute" if done.answered_by == "shop" else "settle_substitute"
    moved = StatusChanged(before=order.status, after=cancelled, by=by, reason="out_of_stock")
    said = notice(template, stem=_words(done)["stem"], amount=money_words(order.total))
    event = SubstituteAnswered(substitution=done)
    return replace(_outcome(after, event, [said]), more=[(moved, Audience.everyone)])


def refund_line(case: Case, wish: c.RefundLine) -> Outcome:
    order = case.order
    check_act(order, "refund_line", case.role)
    if wish.line >= len(order.lines):
        raise Rejected(
            "substitution.nothing", "There is no such bouquet on this order.", wish.line, status=422
        )
    if len(order.lines) == 1:
        raise Rejected("substitution.last", "It is the only bouquet: cancel the order instead.", wish.line)
    line = order.lines[wish.line]
    lines = [one for n, one in enumerate(order.lines) if n != wish.line]
    amount = min(line.price * line.quantity, order.total)  # a voucher may have paid a part
    open_ = unsettled(order)
    if open_ is not None:
        order = _with(order, replace(open_, status="refunded", answered_by="shop", answered_at=case.now))
    after = replace(order, lines=lines, total=order.total - amount, refunded=order.refunded + amount)
    name = Text(line.name, line.name_en or line.name)
    said = notice("line_refunded", name=name, amount=money_words(amount))
    return _outcome(after, LineRefunded(line=line, amount=amount), [said])


# what they share


def _accepted(order: Order, agreed: Substitution, event: SubstituteProposed | SubstituteAnswered) -> Outcome:
    """The order as agreed. Raises Rejected substitution.stale when it is another than was proposed for."""
    if order.lines != agreed.before:
        raise Rejected(
            "substitution.stale", "The order was changed since. The shop will propose anew.", agreed.id
        )
    after = replace(
        _with(order, agreed),
        lines=agreed.after,
        total=max(0, order.total + agreed.difference),  # what else it costs (bringing it) stays
        refunded=order.refunded + min(max(0, -agreed.difference), order.total),
    )
    template = {"shop": "substitute_by_phone", "policy": "substitute_by_policy"}.get(
        agreed.answered_by, "substitute_accepted"
    )
    words = _words(agreed)
    if agreed.answered_by == "policy":
        words["difference"] = difference_words(agreed.difference)
    return _outcome(after, event, [notice(template, **words)])


def _asked(case: Case, id: str, command: str) -> Substitution:
    """The one that waits for an answer. Raises Rejected, with how it ended meanwhile."""
    found = _find(case.order, id)
    if found.status != "asked":
        raise _settled(found)
    check_act(case.order, command, case.role)
    return found


def _find(order: Order, id: str) -> Substitution:
    last = order.substitutions[-1] if order.substitutions else None
    if last is None or last.id != id:
        raise Rejected("substitution.gone", "This proposal is no longer there.", id)
    return last


def _settled(one: Substitution) -> Rejected:
    if one.answered_by == "policy" or one.overdue:
        return Rejected(
            "substitution.too_late",
            "The time to answer has passed: what was chosen when ordering was done. Please call the shop.",
            one.status,
        )
    return Rejected("substitution.settled", "This has been answered already. See the order.", one.status)


def _with(order: Order, one: Substitution) -> Order:
    """The order with this proposal, new or as it is now. A tap before it is no longer taken back."""
    rest = [each for each in order.substitutions if each.id != one.id]
    return replace(order, substitutions=[*rest, one], undo=None)


def _outcome(
    after: Order, event: SubstituteProposed | SubstituteAnswered | LineRefunded, said: list[Fact]
) -> Outcome:
    return Outcome(order=after, event=event, audience=BUYER_AND_SHOP, notices=said)


def _words(one: Substitution) -> dict[str, str | Text]:
    return {
        "stem": Text(one.stem, one.stem_en or one.stem),
        "name": Text(one.name, one.name_en or one.name),
    }


def _sum(lines: list[Line]) -> int:
    return sum(line.price * line.quantity for line in lines)
