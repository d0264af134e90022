"""What is due in an order because time went by. Read off the order itself: a restart forgets nothing."""

from collections.abc import Iterator
from typing import NamedTuple

from huaxin.calls.commands import MissCall
from huaxin.calls.timing import call_steps
from huaxin.orders.change_rules import is_pending
from huaxin.orders.commands import AdvanceIncident, ExpireChange, SettleSubstitute
from huaxin.orders.lifecycle import unsettled
from huaxin.orders.model import Order


class DueStep(NamedTuple):
    """A command of the system. `id`: the same on every node and after every restart, so it happens once."""

    at: int
    body: ExpireChange | AdvanceIncident | SettleSubstitute | MissCall
    id: str
    handover: bool = False  # somebody else should be found first


def steps_of(order: Order) -> Iterator[DueStep]:
    """All that waits for its time, whenever that is."""
    change = order.change
    if change is not None and is_pending(change) and change.expires_at:
        at = change.expires_at
        yield DueStep(at, ExpireChange(order=order.id, change=change.id), _id(change.id, "x", at))
    for incident in order.incidents:
        if incident.status == "open" and incident.until:
            body = AdvanceIncident(order=order.id, incident=incident.id, stage=incident.stage)
            is_handover = incident.playbook == "handover" and incident.stage == "reassign"
            yield DueStep(incident.until, body, _id(incident.id, incident.stage, incident.until), is_handover)
    flowers = unsettled(order)
    if flowers is not None and flowers.status == "asked":
        at = flowers.decide_by if flowers.overdue else flowers.until
        if at:
            settled = SettleSubstitute(order=order.id, substitution=flowers.id)
            yield DueStep(at, settled, _id(flowers.id, "late" if flowers.overdue else "s", at))
    for missed, due_at in call_steps(order):
        yield DueStep(due_at, missed, _id(missed.call, "m", due_at))


def due_steps(order: Order, now: int) -> Iterator[DueStep]:
    """Each as soon as its time is over."""
    return (step for step in steps_of(order) if step.at <= now)


def next_step_at(order: Order) -> int:
    """When the first of them is due (ms); 0: nothing waits for a time, as in nearly every order."""
    if order.change is None and not (order.incidents or order.substitutions or order.calls):
        return 0
    return min((step.at for step in steps_of(order)), default=0) if order.open else 0


def _id(thing: str, stage: str, at: int) -> str:
    """Within the 64 signs of a command's id: the end of a long id tells things apart as well."""
    return f"{thing[-36:]}:{stage}:{at}"[:64]
