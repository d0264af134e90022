"""When something goes wrong everybody who can help knows at once, and the buyer before having to ask."""

import msgspec
from msgspec.structs import replace

from huaxin.journal.model import Rejected
from huaxin.kernel import Role, Text, tidy
from huaxin.orders import commands as c
from huaxin.orders.decide import Case, Outcome
from huaxin.orders.events import (
    ActionUndone,
    IncidentReported,
    IncidentResolved,
    PrivacyClosed,
    PromiseSlipping,
)
from huaxin.orders.lifecycle import check_act, not_yours
from huaxin.orders.model import CLOSED, ON_THE_ROAD, Alert, Incident, Order
from huaxin.orders.moves import corrected, own_courier, remember
from huaxin.orders.notices import REASON_WORDS, notice
from huaxin.orders.words import clock, range_words

FIVE_MS = 300_000


def report(case: Case, wish: c.ReportIncident) -> Outcome:
    order = case.order
    check_act(order, "report_incident", case.role)
    if case.role is Role.courier:
        own_courier(case)
    incident = Incident(
        id=case.command_id,
        reason=wish.reason,
        at=case.now,
        reporter=case.actor.person,
        role=case.role.value,
        note=tidy(wish.note),
        delay_minutes=wish.delay_minutes,
        picture=wish.picture,
    )
    late_by = wish.delay_minutes * 60_000
    expected = (order.eta_at or order.promise.end) + late_by
    after = replace(
        order, incidents=[*order.incidents, incident], eta_at=expected if late_by else order.eta_at
    )
    notices = [notice("incident_alert", reason=REASON_WORDS[wish.reason.value])]
    if late_by:
        template = "incident_apology" if order.status in ON_THE_ROAD else "incident_before_road"
        notices.append(notice(template, minutes=str(wish.delay_minutes)))
    return Outcome(
        order=remember(case, "report_incident", order, after),
        event=IncidentReported(incident=incident),
        notices=notices,
    )


def resolve(case: Case, wish: c.ResolveIncident) -> Outcome:
    order = case.order
    if case.role is not Role.shop:
        raise not_yours("resolve_incident", case.role)
    found = next((one for one in order.incidents if one.id == wish.incident and one.status == "open"), None)
    if found is None:
        raise Rejected("incident.not_open", "This incident is already resolved.", wish.incident)
    resolved = replace(found, status="resolved", resolution=tidy(wish.resolution))
    incidents = [resolved if one.id == found.id else one for one in order.incidents]
    return Outcome(
        order=replace(order, incidents=incidents, undo=None),
        event=IncidentResolved(incident=resolved),
        notices=[notice("incident_resolved", resolution=resolved.resolution)],
    )


def slipping(case: Case, wish: c.ReportSlipping) -> Outcome:
    """The system saw it first. Once per promise."""
    order = case.order
    check_act(order, "report_slipping", case.role)
    if order.slipping_told:
        raise Rejected("order.told_already", "The buyer already knows that this promise may slip.", order.id)
    told = max(wish.eta_at, wish.to_at)
    alerts = [replace(one, level="buyer") if _slips(one) else one for one in order.alerts]
    template = "slipping_jam" if wish.jam else "slipping"
    return Outcome(
        order=replace(order, slipping=True, slipping_told=True, eta_at=told, alerts=alerts, undo=None),
        event=PromiseSlipping(eta_at=wish.eta_at, why=wish.why, to_at=wish.to_at),
        notices=[notice(template, time=_range(wish, order.time_zone))],
    )


def _slips(alert: Alert) -> bool:
    return alert.kind == "slipping" and not alert.closed_at


def _range(wish: c.ReportSlipping, zone: str) -> Text:
    """From the last full five minutes to the next: nobody waits for a minute."""
    until = -(-max(wish.to_at, wish.eta_at) // FIVE_MS) * FIVE_MS
    since = wish.eta_at // FIVE_MS * FIVE_MS
    return range_words(since, until, zone) if wish.to_at > wish.eta_at else clock(until, zone)


def close_privacy(case: Case, wish: c.ClosePrivacy) -> Outcome:
    order = case.order
    if case.role is not Role.system:
        raise not_yours("close_privacy", case.role)
    if order.status not in CLOSED or order.privacy_closed:
        raise Rejected(
            "order.still_open", "Privacy closes after the order is completed, once.", order.status.value
        )
    return Outcome(order=replace(order, privacy_closed=True, undo=None), event=PrivacyClosed())


def undo(case: Case, wish: c.UndoLast) -> Outcome:
    """The mis-tap is taken back by a new event; who was told is told again."""
    order = case.order
    last = order.undo
    if last is None or last.by != case.actor.person or last.role != case.role.value:
        raise Rejected("undo.nothing", "There is nothing of yours to take back on this order.", order.id)
    if case.now > last.until:
        raise Rejected(
            "undo.too_late", "A tap can be taken back for 10 seconds; that time has passed.", last.until
        )
    fields = msgspec.to_builtins(order)
    fields |= {**last.fields, "undo": None}
    before: Order = msgspec.convert(fields, Order)
    return Outcome(
        order=before, event=ActionUndone(command=last.command), notices=[corrected(before, last.command)]
    )
