"""The journal's rules: which domain decides which command, and how an order is kept."""

from typing import Any

import msgspec

from huaxin.answers.decide import GiveAnswer, decide_answer
from huaxin.calls.decide import CALL_KINDS, decide_call
from huaxin.conversation.abilities import ABILITIES, decide_ability
from huaxin.conversation.commands import BlockMember, ExpireTalk, ReportMessage, ResolveReport, Say, SendPlace
from huaxin.conversation.decide import decide_message
from huaxin.conversation.house import decide_house, hide_from_blockers
from huaxin.conversation.targets import Aimed
from huaxin.journal.model import Command, Decision, StateRow
from huaxin.orders.abilities import decide_order
from huaxin.orders.model import Order
from huaxin.orders.recipient.contact import guard
from huaxin.orders.remedies.vouchers import kept_of

_MESSAGES = frozenset({Say, SendPlace})  # alone; with what they answer they come aimed
_ABILITIES = frozenset({Aimed, *ABILITIES}) - _MESSAGES
_HOUSE = frozenset({BlockMember, ReportMessage, ResolveReport, ExpireTalk})
_OPEN = ("", "free")  # the recipient may be reached, unless it is a surprise
_decoder = msgspec.json.Decoder(Order)
_encoder = msgspec.json.Encoder()


class HuaxinRules:
    """Pure, as journal.model.Rules asks."""

    def decide(self, state: Any | None, command: Command, now: int) -> Decision:
        decision = self._decide(state, command, now)
        if state is not None and (state.surprise or state.contact.policy not in _OPEN):
            return guard(decision, state, command.actor.role, _answered(command.body))
        return decision

    def _decide(self, state: Any | None, command: Command, now: int) -> Decision:
        kind = type(command.body)
        if kind in _HOUSE or (kind is Aimed and type(command.body.wish) in _HOUSE):
            return decide_house(state, command, now)
        if kind in _MESSAGES or kind in _ABILITIES:
            decide = decide_message if kind in _MESSAGES else decide_ability
            decision = decide(state, command, now)
            if state is not None and state.blocks:
                return hide_from_blockers(decision, state, command.actor)
            return decision
        if kind in CALL_KINDS:
            return decide_call(state, command, now)
        if kind is GiveAnswer:
            return decide_answer(state, command, now)
        return decide_order(state, command, now)

    def load(self, doc: bytes) -> Order:
        return _decoder.decode(doc)

    def dump(self, state: Any, seq: int, shop: str, subject: str) -> StateRow:
        order: Order = state
        return StateRow(
            shop=shop,
            subject=subject,
            seq=seq,
            doc=_encoder.encode(order),
            status=order.status.value,
            buyer=order.buyer.person,
            courier=order.courier.person if order.courier else "",
            due_at=order.promise.end,
            closed=not order.open,
            vouchers=kept_of(order),
        )


def _answered(body: Any) -> str:
    """The role whose message this answers, "" when it answers none."""
    if not isinstance(body, Aimed):
        return ""
    asked = getattr(body.wish, "reply_to", 0)
    return next((one.role for one in body.targets if asked and one.seq == asked), "")
