"""Who may still speak, who hears it, and what an answer carries. Used by every kind of message."""

from typing import Any

import msgspec

from huaxin.conversation.events import Quote
from huaxin.conversation.targets import Target, find_target, quote_of
from huaxin.journal.model import Rejected
from huaxin.kernel import AUDIENCE_OF, Audience, Role
from huaxin.orders.model import CLOSED, Order

# Complaints and thanks come days after the flowers; then the conversation is a document.
OPEN_AFTER_MS = 7 * 24 * 3_600_000
OPEN_AFTER_DAYS = 7

# Who hears whom when the sender does not say. The recipient is never spoken to by accident:
# it may be a surprise.
USUAL: dict[Role, Audience] = {
    Role.buyer: Audience.without_recipient,
    Role.shop: Audience.without_recipient,
    Role.courier: Audience.without_recipient,
    Role.recipient: Audience.recipient | Audience.staff_and_courier,
    Role.system: Audience.without_recipient,
}
# Audience → the role names shown beside a message.
TO_OF: dict[Audience, list[str]] = {
    Audience(mask): [str(role) for role in AUDIENCE_OF if role != Role.system and AUDIENCE_OF[role] & mask]
    for mask in range(16)
}


class Aim(msgspec.Struct, frozen=True):
    """Whom a message reaches, and what it answers."""

    audience: Audience
    quote: Quote | None = None

    @property
    def to(self) -> list[str]:
        return TO_OF[self.audience]


def heard_by(role: Role, to: list[Role] | None) -> Audience:
    """The sender and the shop always see it; nobody can write past the shop."""
    if to is None:
        return USUAL[role]
    audience = AUDIENCE_OF[role] | Audience.shop
    for other in to:
        audience |= AUDIENCE_OF[other]
    return audience


def aim_message(order: Order, role: Role, person: str, wish: Any, targets: list[Target]) -> Aim:
    """`wish`: conversation.commands.Message; `targets` holds what it answers. Raises Rejected.

    An answer reaches no further than what it answers, for it shows it again.
    """
    if not wish.reply_to:
        audience = heard_by(role, wish.to)
        _check_mentions(wish.mentions, audience)
        return Aim(audience)
    target = find_target(targets, wish.reply_to, order, role, person)
    seen_by = Audience(target.audience) | AUDIENCE_OF[role]
    if wish.to is None:
        asker = AUDIENCE_OF[Role(target.role)]
        audience = (USUAL[role] | asker) & seen_by | AUDIENCE_OF[role] | Audience.shop
    else:
        audience = heard_by(role, wish.to)
        if audience & ~seen_by:
            raise Rejected(
                "message.reply_wider",
                "Not everybody you write to may see the message you answer. Write to fewer, or without it.",
                TO_OF[Audience(target.audience)],
                status=422,
            )
    _check_mentions(wish.mentions, audience)
    return Aim(audience, quote_of(target, order))


def _check_mentions(mentions: list[Role], audience: Audience) -> None:
    for role in mentions:
        if role is Role.system or not audience & AUDIENCE_OF[role]:
            raise Rejected(
                "message.mention_unheard",
                "Whom you mention does not see this message.",
                role.value,
                status=422,
            )


def is_talk_over(order: Order, role: Role, now: int) -> bool:
    """Whether a completed order's conversation is closed to this role. The shop answers for the order, and
    may always write."""
    if order.status not in CLOSED or role is Role.shop or role is Role.system:
        return False
    return now > done_at(order) + OPEN_AFTER_MS


def done_at(order: Order) -> int:
    """When a completed order was completed, ms."""
    return min((order.times[status] for status in CLOSED if status in order.times), default=order.placed_at)


def check_talk(order: Order, role: Role, now: int) -> None:
    """Raises Rejected message.closed."""
    if is_talk_over(order, role, now):
        raise Rejected(
            "message.closed",
            f"This order was completed more than {OPEN_AFTER_DAYS} days ago; its conversation is closed. "
            "Please call the shop.",
            {"days": OPEN_AFTER_DAYS, "done_at": done_at(order)},
        )
