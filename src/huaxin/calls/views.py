"""What each role sees of calls: those it is in or was rung for; the shop, that they took place."""

from typing import Any

from huaxin.kernel import Role
from huaxin.orders.model import Order
from huaxin.orders.recipient.contact import hides_gift

Fields = dict[str, Any]


def see_calls(calls: list[Fields], role: Role, order: Order) -> list[Fields] | None:
    """None instead of an empty list, which would tell that there is something of somebody else's."""
    if role in (Role.shop, Role.system):
        return calls
    seen = [one for one in calls if role.value in _roles(one)]
    if hidden := _hidden(role, order):
        seen = [_nameless_call(one, hidden) for one in seen]
    return seen or None


def see_missed(missed: list[Fields], role: Role, order: Order) -> list[Fields] | None:
    """One's own; the shop sees all."""
    if role in (Role.shop, Role.system):
        return missed
    hidden = _hidden(role, order)
    seen = [
        _nameless({**one, "to": [role.value]}, hidden, "by_role", "by_person", "by_name")
        for one in missed
        if role.value in one["to"]
    ]
    return seen or None


def _roles(call: Fields) -> set[str]:
    return {call["by_role"], *call["to"], *(one["role"] for one in call["members"])}


def _hidden(role: Role, order: Order) -> set[str]:
    """Whose names a recipient must not read: the shop's, which says what comes, and an unknown sender's."""
    if role is not Role.recipient:
        return set()
    hidden = {Role.shop.value} if hides_gift(order) else set()
    return hidden | {Role.buyer.value} if order.card.anonymous else hidden


def _nameless_call(call: Fields, hidden: set[str]) -> Fields:
    seen = _nameless(call, hidden, "by_role", "by_person", "by_name")
    return {**seen, "members": _nameless_members(call, hidden), "declined": []}


def _nameless_members(fields: Fields, hidden: set[str]) -> list[Fields]:
    return [_nameless(one, hidden, "role", "person", "name") for one in fields["members"]]


def _nameless(fields: Fields, hidden: set[str], role: str, person: str, name: str) -> Fields:
    if fields.get(role) not in hidden:
        return fields
    # A device needs the person to answer; only who must stay unknown has none.
    unknown = {person: ""} if fields[role] == Role.buyer.value and person in fields else {}
    return {**fields, name: "", **unknown}


def see_call_event(body: Fields, role: Role, order: Order) -> Fields:
    hidden = _hidden(role, order)
    if not hidden:
        return body
    seen = _nameless(body, hidden, "role", "person", "name")
    if "members" in seen:
        seen = {**seen, "members": _nameless_members(seen, hidden)}
    return _nameless(seen, hidden, "by_role", "by_person", "by_name")
