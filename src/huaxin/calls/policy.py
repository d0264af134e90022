"""Who may ring whom, and when. Pure; who is busy or does not want to be disturbed comes with the command."""

from collections.abc import Collection

from huaxin.conversation.speaking import is_talk_over
from huaxin.journal.model import Rejected
from huaxin.kernel import Role
from huaxin.orders.model import CLOSED, Order
from huaxin.orders.recipient.contact import closed_now, may_call

_CUSTOMERS = frozenset({Role.buyer, Role.recipient})
CALLABLE = (Role.buyer, Role.courier, Role.shop, Role.recipient)


def refusal_of(order: Order, role: Role, other: Role, now: int) -> Rejected | None:
    """Why this role's ring must not reach the other's phone; None: it may."""
    if role not in CALLABLE or other not in CALLABLE or role is other or not _is_somebody(order, other):
        return nobody(other)
    pair = {role, other}
    if Role.courier in pair and _is_over_for_courier(order, pair):
        return closed(other)
    if any(is_talk_over(order, one, now) for one in pair & _CUSTOMERS):
        return closed(other)
    if clashes(order, pair):
        return Rejected(
            "call.anonymous",
            "The sender wishes to stay unknown; a call between the two would say who it is.",
            other.value,
        )
    if other is Role.recipient and not may_call(order):
        return closed_now(order)
    if any(one.by == other.value and one.role == role.value for one in order.blocks):
        return hindered(other, "quiet")  # a block is not told to whom it is about
    return None


def clashes(order: Order, roles: Collection[Role]) -> bool:
    """Whether a sender who stays unknown would meet the recipient."""
    return order.card.anonymous and Role.buyer in roles and Role.recipient in roles


def _is_somebody(order: Order, role: Role) -> bool:
    if role is Role.courier:
        return order.courier is not None
    return role is not Role.buyer or bool(order.buyer.person)


def _is_over_for_courier(order: Order, pair: set[Role]) -> bool:
    """A courier is rung about what is on the bike, not about last week's flowers."""
    return order.privacy_closed or (order.status in CLOSED and bool(pair & _CUSTOMERS))


def may_ring(order: Order, role: Role, now: int) -> list[Role]:
    """Whom this role may ring now, as far as the order knows."""
    return [other for other in CALLABLE if refusal_of(order, role, other, now) is None]


def role_in_call(order: Order, command: str, roles: list[Role]) -> Role | None:
    """In which of their roles somebody with several means a command about a call; None: in the usual one."""
    if command in ("answer_call", "decline_call"):
        known = [role for call in order.calls for role in call.ringing]
    elif command in ("leave_call", "invite_to_call", "signal_call"):
        known = [one.role for call in order.calls for one in call.members]
    else:
        return None
    return next((role for role in roles if role in known), None)


def nobody(role: Role) -> Rejected:
    return Rejected("call.nobody", "There is nobody on this order yet who could be called there.", role.value)


def closed(role: Role) -> Rejected:
    return Rejected("call.closed", "This order is done; there is no calling this side any more.", role.value)


def hindered(role: Role, why: str) -> Rejected:
    if why == "busy":
        return Rejected("call.busy", "They are in another call. Try again in a moment.", role.value)
    if why == "quiet":
        return Rejected("call.quiet", "They do not want to be called now. Write instead.", role.value)
    return nobody(role)
