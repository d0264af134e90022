"""Which of these a role may do now; the same tables say no."""

from huaxin.kernel import Role
from huaxin.orders.model import ON_THE_ROAD, Order, Status
from huaxin.orders.recipient.contact import DELIVERED

S = Status
_BEFORE = frozenset({S.placed, S.confirmed, S.making, S.ready, S.assigned})
_COMING = _BEFORE | ON_THE_ROAD | {S.failed}

# command → (roles, statuses)
ACTS: dict[str, tuple[frozenset[Role], frozenset[Status]]] = {
    "set_contact": (frozenset({Role.buyer, Role.shop}), _COMING),
    "prefer_time": (frozenset({Role.recipient}), _COMING),
    "answer_preference": (frozenset({Role.buyer, Role.shop, Role.courier}), _COMING),
    "help_gate": (frozenset({Role.recipient}), _COMING),
    "thank": (frozenset({Role.recipient}), DELIVERED),
}
ROLES: dict[str, frozenset[Role]] = {name: roles for name, (roles, _) in ACTS.items()}


def offered(order: Order, role: Role) -> list[str]:
    found = []
    for name, (roles, statuses) in ACTS.items():
        if role in roles and order.status in statuses and _has_use(order, role, name):
            found.append(name)
    return found


def may_answer(order: Order, role: Role) -> bool:
    """Buyer and shop always; the courier once the flowers are on the bike."""
    return role is not Role.courier or order.status in ON_THE_ROAD


def _has_use(order: Order, role: Role, name: str) -> bool:
    if name == "answer_preference":
        asked = order.preference is not None and order.preference.status == "asked"
        return asked and may_answer(order, role)
    return name != "thank" or order.thanks is None
