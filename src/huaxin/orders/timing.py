"""What is due in an order because time went by. Read off the order itself: a restart forgets nothing."""

from collections.abc import Iterator
from typing import NamedTuple

from huaxin.calls.commands import MissCall
from huaxin.calls.timing import due_calls
from huaxin.orders.change_rules import is_pending
from huaxin.orders.commands import AdvanceIncident, ExpireChange
from huaxin.orders.model import Order


class DueStep(NamedTuple):
    """A command of the system. `id`: the same on every node and after every restart, so it happens once."""

    body: ExpireChange | AdvanceIncident | MissCall
    id: str
    handover: bool = False  # somebody else should be found first


def due_steps(order: Order, now: int) -> Iterator[DueStep]:
    """Each as soon as its time is over."""
    change = order.change
    if change is not None and is_pending(change) and 0 < change.expires_at <= now:
        yield DueStep(ExpireChange(order=order.id, change=change.id), _id(change.id, "x", change.expires_at))
    for incident in order.incidents:
        if incident.status == "open" and 0 < incident.until <= now:
            body = AdvanceIncident(order=order.id, incident=incident.id, stage=incident.stage)
            is_handover = incident.playbook == "handover" and incident.stage == "reassign"
            yield DueStep(body, _id(incident.id, incident.stage, incident.until), is_handover)
    for missed, due_at in due_calls(order, now):
        yield DueStep(missed, _id(missed.call, "m", due_at))


def _id(thing: str, stage: str, at: int) -> str:
    """Within the 64 signs of a command's id: the end of a long id tells things apart as well."""
    return f"{thing[-36:]}:{stage}:{at}"[:64]
