"""An answer becomes a fact, right after the question it answers."""

import msgspec

from huaxin.answers.model import Facts, Question
from huaxin.conversation.events import AnswerGiven
from huaxin.journal.model import Command, Decision, Fact
from huaxin.kernel import Text
from huaxin.orders.commands import OrderCommand
from huaxin.orders.decide import missing
from huaxin.orders.model import Order


class GiveAnswer(OrderCommand, frozen=True, kw_only=True, tag="give_answer"):
    """System only, never over a wire: what is known now, in words. `audience`: of the question."""

    asked: int  # seq of the question
    question: Question
    text: Text
    facts: Facts
    audience: int


def decide_answer(order: Order | None, command: Command, now: int) -> Decision:
    """Changes nothing of the order. Raises Rejected."""
    wish: GiveAnswer = command.body
    if order is None:
        raise missing(command.subject)
    event = AnswerGiven(
        question=wish.question.value,
        asked=wish.asked,
        text=wish.text,
        eta_from=wish.facts.eta_from,
        eta_to=wish.facts.eta_to,
        verdict=wish.facts.verdict,
        stops_before=wish.facts.stops_before,
        stale=wish.facts.stale,
    )
    fields = msgspec.to_builtins(event)
    fields.pop("type")
    fact = Fact(
        type="answer_given",
        version=1,
        audience=wish.audience,
        body=msgspec.json.encode(fields),
        courier=order.courier.person if order.courier else "",
    )
    return Decision(facts=[fact], result={"order": order.id})
