"""When something goes wrong everybody who can help knows at once, and the buyer before having to ask."""

import msgspec
from msgspec.structs import replace

from huaxin.journal.model import Fact, Rejected
from huaxin.kernel import Role, Text, tidy
from huaxin.orders import commands as c
from huaxin.orders.decide import Case, Outcome
from huaxin.orders.deciding import begin, find_open
from huaxin.orders.events import (
    ActionUndone,
    IncidentJoined,
    IncidentReported,
    IncidentResolved,
    PrivacyClosed,
    PromiseSlipping,
)
from huaxin.orders.lifecycle import check_act, not_yours
from huaxin.orders.model import CLOSED, ON_THE_ROAD, Alert, Incident, Joined, Order, Reason
from huaxin.orders.moves import corrected, own_courier, remember
from huaxin.orders.notices import REASON_WORDS, STAFF_WORDS, notice
from huaxin.orders.reasons import RULES, check_report
from huaxin.orders.settling import close
from huaxin.orders.words import clock, range_words

FIVE_MS = 300_000
_MOST_JOINED = 20


def report(case: Case, wish: c.ReportIncident) -> Outcome:
    order = case.order
    check_act(order, "report_incident", case.role)
    if case.role is Role.courier:
        own_courier(case)
    rule = check_report(order, wish.reason, case.role, wish.picture)
    delay = rule.delay if wish.delay_minutes is None else wish.delay_minutes
    known = find_same(order, wish.reason)
    if known is not None:
        return _join(case, wish, known, delay)
    incident = Incident(
        id=case.command_id,
        reason=wish.reason,
        at=case.now,
        reporter=case.actor.person,
        role=case.role.value,
        note=tidy(wish.note),
        delay_minutes=delay,
        picture=wish.picture,
    )
    notices = [notice("incident_alert", reason=REASON_WORDS[wish.reason.value])]
    notices += _apology(order, delay)
    incident, asked = begin(order, incident, rule.playbook, case.now)
    after = _delayed(replace(order, incidents=[*order.incidents, incident]), delay)
    return Outcome(
        order=remember(case, "report_incident", order, after),
        event=IncidentReported(incident=incident),
        notices=notices + asked,
    )


def _apology(order: Order, minutes: int) -> list[Fact]:
    if not minutes:
        return []
    template = "incident_apology" if order.status in ON_THE_ROAD else "incident_before_road"
    return [notice(template, minutes=str(minutes))]


def _delayed(order: Order, minutes: int) -> Order:
    expected = (order.eta_at or order.promise.end) + minutes * 60_000
    return replace(order, eta_at=expected) if minutes else order


def find_same(order: Order, reason: Reason) -> Incident | None:
    """What is open already and is the same trouble: one of the same playbook, or of the same reason."""
    playbook = RULES[reason].playbook
    for one in order.incidents:
        same = one.reason is reason or (playbook and one.playbook == playbook)
        if one.status == "open" and same:
            return one
    return None


def _join(case: Case, wish: c.ReportIncident, known: Incident, delay: int) -> Outcome:
    """Said by somebody else too: one incident. The buyer hears of it again only if it takes longer."""
    said = Joined(
        role=case.role.value,
        reporter=case.actor.person,
        at=case.now,
        reason=wish.reason,
        note=tidy(wish.note),
        picture=wish.picture,
    )
    longer = max(0, delay - known.delay_minutes)
    joined = replace(
        known,
        joined=[*known.joined, said][-_MOST_JOINED:],
        delay_minutes=max(delay, known.delay_minutes),
        picture=known.picture or wish.picture,
    )
    after = _delayed(_with_incident(case.order, joined), longer)
    who = STAFF_WORDS[case.role.value]
    return Outcome(
        order=remember(case, "report_incident", case.order, after),
        event=IncidentJoined(incident=joined),
        notices=[
            notice("incident_joined", who=who, reason=REASON_WORDS[known.reason.value]),
            *(_apology(case.order, delay) if longer else []),
        ],
    )


def _with_incident(order: Order, incident: Incident) -> Order:
    return replace(order, incidents=[incident if one.id == incident.id else one for one in order.incidents])


def resolve(case: Case, wish: c.ResolveIncident) -> Outcome:
    order = case.order
    if case.role is not Role.shop:
        raise not_yours("resolve_incident", case.role)
    resolved = close(find_open(order, wish.incident), "resolved", case.now, tidy(wish.resolution))
    return Outcome(
        order=replace(_with_incident(order, resolved), undo=None),
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
