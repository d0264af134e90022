"""Which of these a role may do now; the same tables say no."""

from huaxin.kernel import Role
from huaxin.orders.model import Order, Status
from huaxin.orders.remedies.model import standing

S = Status
# From the door on: a broken bloom is seen before the courier has gone.
COMPLAINED = frozenset({S.arrived, S.delivered, S.rated, S.failed, S.returning, S.returned})
RATED = frozenset({S.rated})
PARTIES = frozenset({Role.shop, Role.buyer})
ROLES: dict[str, frozenset[Role]] = {
    "complain": frozenset({Role.buyer, Role.recipient}),
    "propose_remedy": PARTIES,
    "answer_remedy": PARTIES,
    "withdraw_complaint": frozenset({Role.buyer, Role.recipient}),
    "answer_rating": frozenset({Role.shop}),
}


def offered(order: Order, role: Role, is_over: bool) -> list[str]:
    """`is_over`: the time for complaints has passed for this role."""
    complaint, found = order.complaint, []
    is_open = complaint is not None and complaint.status == "open"
    if role in ROLES["complain"] and order.status in COMPLAINED and not is_open and not is_over:
        found.append("complain")
    if complaint is not None and is_open:
        if role in PARTIES:
            found.append("propose_remedy")
            waits = standing(complaint)
            if waits is not None and waits.by != role.value:
                found.append("answer_remedy")
        if role.value == complaint.by:
            found.append("withdraw_complaint")
    if role is Role.shop and order.rating is not None:
        found.append("answer_rating")
    return found
