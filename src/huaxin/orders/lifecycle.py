"""The life of an order as one table: who may do what, when, and where it leads.

The diagram in docs/spec/orders.md is generated from it (`python -m huaxin.orders.lifecycle`).
"""

from collections.abc import Iterable

import msgspec

from huaxin.calls.policy import may_ring
from huaxin.conversation.speaking import is_talk_over
from huaxin.journal.model import Rejected
from huaxin.kernel import Role
from huaxin.orders.account import due_of
from huaxin.orders.change_rules import awaited, holder_of, is_pending
from huaxin.orders.model import ON_THE_ROAD, Change, Incident, Order, Status, Substitution
from huaxin.orders.recipient import actions as recipient
from huaxin.orders.remedies import actions as remedies

S = Status
UNDO_MS = 10_000
BEFORE_PICK_UP = frozenset({S.placed, S.confirmed, S.making, S.ready, S.assigned})
UNMADE = frozenset({S.placed, S.confirmed, S.making})
IN_HAND = frozenset({S.confirmed, S.making, S.ready, S.assigned})


class Move(msgspec.Struct, frozen=True):
    command: str
    sources: frozenset[Status]
    target: Status
    roles: frozenset[Role]
    undoable: bool = True


def _move(
    command: str, sources: Iterable[Status], target: Status, *roles: Role, undoable: bool = True
) -> Move:
    return Move(command, frozenset(sources), target, frozenset(roles), undoable)


MOVES: tuple[Move, ...] = (
    _move("confirm_order", [S.placed], S.confirmed, Role.shop, Role.system),
    _move("start_making", [S.confirmed], S.making, Role.shop),
    _move("mark_ready", [S.confirmed, S.making], S.ready, Role.shop),
    # A reassignment on the road goes back to assigned: the next courier takes the flowers over first.
    _move("assign_courier", IN_HAND | ON_THE_ROAD | {S.failed}, S.assigned, Role.shop, Role.system),
    # A florist with wet hands forgets to tap "ready"; the flowers are in the courier's hands all the same.
    _move("pick_up", IN_HAND, S.picked_up, Role.courier),
    _move("set_off", [S.picked_up], S.delivering, Role.courier, Role.system),
    _move("mark_arriving", [S.picked_up, S.delivering], S.arriving, Role.courier, Role.system),
    _move("mark_arrived", [S.picked_up, S.delivering, S.arriving], S.arrived, Role.courier),
    _move("deliver", ON_THE_ROAD, S.delivered, Role.courier, Role.shop),
    _move("rate", [S.delivered], S.rated, Role.buyer, undoable=False),
    _move("cancel_order", BEFORE_PICK_UP, S.cancelled, Role.shop),
    _move("cancel_order", [S.placed, S.confirmed], S.cancelled, Role.buyer),
    _move("fail_delivery", ON_THE_ROAD, S.failed, Role.courier, Role.shop),
    _move("retry_delivery", [S.failed], S.delivering, Role.courier, Role.shop),
    _move("start_return", [S.failed], S.returning, Role.courier, Role.shop),
    _move("confirm_return", [S.returning], S.returned, Role.shop),
)

# Where a playbook's decision or an agreed change leads (orders/deciding.py, orders/agreeing.py).
LED: tuple[Move, ...] = (
    _move("decide_incident", ON_THE_ROAD | {S.failed}, S.returning, Role.buyer, Role.courier, Role.shop),
    _move("decide_incident", ON_THE_ROAD | {S.ready, S.assigned, S.failed}, S.making, Role.buyer, Role.shop),
    _move("ask_change", [S.placed, S.confirmed], S.cancelled, Role.buyer),
    _move("answer_change", [S.making, S.ready, S.assigned], S.cancelled, Role.shop),
    _move("answer_change", ON_THE_ROAD | {S.failed}, S.returning, Role.shop),
)

# Acts that leave the status alone: command → (roles, statuses).
_OPEN = frozenset(S) - {S.delivered, S.rated, S.cancelled, S.returned}
ACTS: dict[str, tuple[frozenset[Role], frozenset[Status]]] = {
    "agree_time": (frozenset({Role.courier, Role.shop}), (IN_HAND | ON_THE_ROAD | {S.failed})),
    "ask_change": (frozenset({Role.buyer, Role.shop}), BEFORE_PICK_UP | ON_THE_ROAD | {S.failed}),
    "report_incident": (frozenset({Role.courier, Role.shop}), _OPEN - {S.placed}),
    "decide_incident": (frozenset({Role.courier, Role.shop, Role.buyer}), _OPEN - {S.placed}),
    "report_slipping": (frozenset({Role.system}), _OPEN),
    "confirm_stop": (frozenset({Role.courier}), IN_HAND | {S.picked_up, S.delivering}),
    "answer_alert": (frozenset({Role.courier}), _OPEN),
    "propose_substitute": (frozenset({Role.shop}), UNMADE),
    "answer_substitute": (frozenset({Role.buyer, Role.shop}), UNMADE),
    "withdraw_substitute": (frozenset({Role.shop}), UNMADE),
    "refund_line": (frozenset({Role.shop}), UNMADE),
    "decide_substitute": (frozenset({Role.shop}), UNMADE),
    # Money comes and goes whatever became of the flowers.
    "record_payment": (frozenset({Role.shop}), frozenset(S)),
    "record_refund": (frozenset({Role.shop}), frozenset(S)),
    "show_bouquet": (frozenset({Role.shop}), IN_HAND),
    "answer_bouquet": (frozenset({Role.buyer}), IN_HAND),
}
# What waits until other flowers than ordered are agreed on.
WAITS_FOR_FLOWERS = frozenset({"start_making", "mark_ready", "pick_up"})

NEEDS_COURIER = frozenset({"pick_up", "set_off", "mark_arriving", "mark_arrived", "retry_delivery"})


def find_move(order: Order, command: str, role: Role) -> Move:
    """The row that allows this. Raises Rejected with the reason; nothing changes then."""
    rows = [move for move in MOVES if move.command == command]
    allowed = [move for move in rows if role in move.roles]
    if not allowed:
        raise not_yours(command, role)
    for move in allowed:
        if order.status in move.sources:
            if command in WAITS_FOR_FLOWERS and (open_ := unsettled(order)) is not None:
                raise waits_for_flowers(open_)
            if command in NEEDS_COURIER and order.courier is None:
                raise Rejected("order.no_courier", "Assign a courier to this order first.", command)
            return move
    wanted = sorted({source.value for move in allowed for source in move.sources})
    raise illegal(command, order.status, wanted)


def check_act(order: Order, command: str, role: Role) -> None:
    roles, statuses = ACTS[command]
    if role not in roles:
        raise not_yours(command, role)
    if order.status not in statuses:
        raise illegal(command, order.status, sorted(status.value for status in statuses))


def not_yours(command: str, role: Role) -> Rejected:
    return Rejected(
        "order.not_yours", f"'{command}' is not something the {role.value} of an order does.",
        {"command": command, "role": role.value}, status=403,
    )  # fmt: skip


def illegal(command: str, status: Status, wanted: list[str]) -> Rejected:
    return Rejected(
        "order.illegal_move",
        f"The order is {status.value}; '{command}' needs {' or '.join(wanted)}. Nothing was changed.",
        {"command": command, "status": status.value},
    )


def allowed_actions(order: Order, role: Role, now: int = 0) -> list[str]:
    """What this role may do now (ms; 0: whenever), in the order a screen should offer it."""
    found: list[str] = []
    for move in MOVES:
        if role in move.roles and order.status in move.sources and move.command not in found:
            if move.command in NEEDS_COURIER and order.courier is None:
                continue
            if move.command in WAITS_FOR_FLOWERS and unsettled(order) is not None:
                continue
            found.append(move.command)
    found += [
        name
        for name, (roles, statuses) in ACTS.items()
        if role in roles and order.status in statuses and _has_use(order, name, now)
    ]
    change = order.change
    if change is not None and is_pending(change) and order.status in ACTS["ask_change"][1]:
        found = _with_change(found, order, change, role)
    if not any(_may_decide(incident, role) for incident in order.incidents):
        found = [name for name in found if name != "decide_incident"]
    if role is Role.shop and any(incident.status == "open" for incident in order.incidents):
        found.append("resolve_incident")
    is_over = is_talk_over(order, role, now)
    found += recipient.offered(order, role) + remedies.offered(order, role, is_over)
    if role is not Role.system and not is_over:
        found += ["say", "send_place"]
    if callable_ := may_ring(order, role, now):
        found += ["ring", *(f"ring_{other.value}" for other in callable_)]
    return found


def unsettled(order: Order) -> Substitution | None:
    """A substitute that is proposed and not agreed on: nothing is made before it is."""
    last = order.substitutions[-1] if order.substitutions else None
    return last if last is not None and last.status in ("asked", "declined") else None


def waits_for_flowers(open_: Substitution) -> Rejected:
    return Rejected(
        "substitution.open",
        "The buyer has not agreed to other flowers yet. Wait for the answer, call, or take it back.",
        open_.id,
    )


def _with_change(found: list[str], order: Order, change: Change, role: Role) -> list[str]:
    countered = change.status == "countered"
    found = [name for name in found if name != "ask_change"]
    if role.value == change.asked_by:
        found = [*found, "withdraw_change"]
    if role is Role.buyer:
        return [*found, "answer_change"] if countered else found
    if not countered and role in (*awaited(order, change), Role.shop):
        found = [*found, "answer_change"]
        # Another time instead of one that was asked for; what it costs is the shop's to say.
        return [*found, "counter_change"] if role is Role.shop or change.promise is not None else found
    return found


def _may_decide(incident: Incident, role: Role) -> bool:
    return incident.status == "open" and bool(incident.stage) and role.value in (incident.decides, Role.shop)


def _has_use(order: Order, act: str, now: int) -> bool:
    open_ = unsettled(order)
    if act == "propose_substitute":
        return open_ is None or open_.status == "declined"
    if act == "answer_substitute":
        return open_ is not None and open_.status == "asked"
    if act == "withdraw_substitute":
        return open_ is not None
    if act == "decide_substitute":
        return open_ is not None and open_.status == "asked" and open_.overdue
    if act == "refund_line":
        return len(order.lines) > 1
    if act == "confirm_stop":
        return not order.stop_confirmed_at
    if act in ("record_payment", "record_refund"):
        left = order.payment.paid - order.payment.refunded
        return left > 0 if act == "record_refund" else left < due_of(order.total, order.refunds)
    if act == "answer_alert":
        return any(one.asks and not one.answer and not one.closed_at for one in order.alerts)
    if act in ("show_bouquet", "answer_bouquet") and order.held_by is not None:
        return False  # they have left the shop, on another's bike
    if act == "answer_bouquet":
        bouquet = order.bouquet
        return bouquet is not None and bouquet.status == "asked" and now <= bouquet.answer_by
    return True


def answerer(order: Order) -> Role:
    """Who is asked first about the change that waits: the courier who has the order, else the shop."""
    change = order.change
    if change is None or not is_pending(change):
        return holder_of(order)
    return next(iter(awaited(order, change)), Role.buyer)  # of a counter-proposal the buyer


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    arrows: dict[tuple[Status, Status], list[str]] = {}
    for move in MOVES + LED:
        for source in sorted(move.sources):
            names = arrows.setdefault((source, move.target), [])
            if move.command not in names:
                names.append(move.command)
    lines = ["stateDiagram-v2", "    [*] --> placed: place_order"]
    order = list(Status)
    for (source, target), names in sorted(
        arrows.items(), key=lambda arrow: (order.index(arrow[0][0]), order.index(arrow[0][1]))
    ):
        lines.append(f"    {source} --> {target}: {', '.join(names)}")
    lines += [f"    {status} --> [*]" for status in (S.rated, S.cancelled, S.returned)]
    return "\n".join(lines)


if __name__ == "__main__":
    print(diagram())
