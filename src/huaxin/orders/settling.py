"""What follows by itself from every decision: a change that came too late, an incident that is over, a
call that a courier without the order is no longer in.

Runs after each ability (orders/decide.py), so that no ability has to think of the others.
"""

import msgspec
from msgspec.structs import replace

from huaxin.calls.settling import settle_calls
from huaxin.journal.model import Fact
from huaxin.kernel import Audience
from huaxin.orders.change_rules import OTHER_FLOWERS, awaited, is_pending, parts_of, refusal_of
from huaxin.orders.events import ChangeAnswered, IncidentResolved, OrderEvent
from huaxin.orders.model import CLOSED, Change, Incident, Order, Status, Undo
from huaxin.orders.notices import notice

_AT_THE_DOOR = frozenset({"door", "way", "refused", "later"})
More = list[tuple[OrderEvent, Audience]]


def settle(before: Order, after: Order, now: int) -> tuple[Order, More, list[Fact]]:
    """The order with what is over closed, the events and notices that tell it."""
    more: More = []
    notices: list[Fact] = []
    settled = after
    if after.calls or after.missed_calls:
        settled, ended = settle_calls(before, after, now)
        more += ended
    if after.change is not None and is_pending(after.change):
        change, told = _settle_change(before, after, after.change)
        if change is not after.change:
            settled = replace(settled, change=change)
        if told:
            audience = heard(change)
            more.append((ChangeAnswered(change=change), audience))
            notices += told
    if any(one.status == "open" for one in after.incidents):
        incidents = [_settle_incident(before, after, one, now) for one in after.incidents]
        closed = [one for one, was in zip(incidents, after.incidents, strict=True) if one is not was]
        if closed:
            settled = replace(settled, incidents=incidents)
            more += [(IncidentResolved(incident=one), Audience.without_recipient) for one in closed]
    return (_undoable(before, after, settled) if settled is not after else after), more, notices


def _settle_change(before: Order, order: Order, change: Change) -> tuple[Change, list[Fact]]:
    why = refusal_of(order, parts_of(change))
    if change.lines is not None and before.change is not None and before.lines != order.lines:
        why = OTHER_FLOWERS  # what it would cost was said for the bouquet as it was
    if why is not None:
        gone = replace(change, status="overtaken", needs=[])
        return gone, [notice("change_overtaken", why=why)]
    needs = [role.value for role in awaited(order, change)]
    return (replace(change, needs=needs) if needs != change.needs else change), []


def _settle_incident(before: Order, after: Order, incident: Incident, now: int) -> Incident:
    if incident.status != "open":
        return incident
    if after.status in CLOSED:
        if incident.offer == "refund" and after.status is Status.delivered:  # not answered: as it was offered
            refund = after.total * incident.percent // 100
            return replace(close(incident, "accept", now), refund=refund)
        return close(incident, after.status.value, now)
    if incident.playbook in _AT_THE_DOOR and after.status is Status.returning:
        return close(incident, "return", now)
    had = before.courier.person if before.courier else ""
    has = after.courier.person if after.courier else ""
    if incident.playbook == "handover" and had and had != has:
        return close(incident, "reassigned", now)
    return incident


def close(incident: Incident, outcome: str, now: int, resolution: str = "") -> Incident:
    """Over, with how it ended; nothing is to be decided any more."""
    return replace(
        incident,
        status="resolved",
        outcome=outcome,
        closed_at=now,
        resolution=resolution,
        stage="",
        decides="",
        choices=[],
        until=0,
        default="",
    )


def heard(change: Change) -> Audience:
    """The courier has nothing to do with what stands on the card or what was paid."""
    own = set(parts_of(change)) <= {"card"}
    return Audience.buyer | Audience.shop if own else Audience.without_recipient


def _undoable(before: Order, after: Order, settled: Order) -> Order:
    """A tap that is taken back takes back what followed from it."""
    undo = after.undo
    if undo is None or undo is before.undo:
        return settled
    fields = dict(undo.fields)
    if settled.change is not after.change and "change" not in fields:
        fields["change"] = msgspec.to_builtins(before.change)
    if settled.incidents is not after.incidents and "incidents" not in fields:
        fields["incidents"] = msgspec.to_builtins(before.incidents)
    kept: Undo = replace(undo, fields=fields)
    return replace(settled, undo=kept)
