"""Walks the playbooks: a person decides, or the time is over and the default is done."""

from msgspec.structs import replace

from huaxin.journal.model import Fact, Rejected
from huaxin.kernel import Audience, Role, Text, tidy
from huaxin.orders import commands as c
from huaxin.orders.decide import Case, Outcome
from huaxin.orders.events import IncidentDecided, OrderEvent, StatusChanged
from huaxin.orders.lifecycle import check_act, not_yours
from huaxin.orders.model import ON_THE_ROAD, Attempt, Decided, Incident, Order, Promise, Status
from huaxin.orders.notices import STAFF_WORDS, notice
from huaxin.orders.playbooks import CHOICE_WORDS, REMEDIES, Choice, Stage, begins, stage_of
from huaxin.orders.settling import close
from huaxin.orders.words import clock

_MINUTE_MS = 60_000
_USUAL_SHARE, _USUAL_MINUTES = 30, 60  # what is offered when the shop did not say
_REMADE_FROM = ON_THE_ROAD | {Status.ready, Status.assigned, Status.failed}


def begin(order: Order, incident: Incident, playbook: str, now: int) -> tuple[Incident, list[Fact]]:
    """The incident at the first stage of its playbook, and what is asked. As it was when there is none."""
    start = begins(playbook, order)
    stage = stage_of(playbook, start)
    if stage is None:
        return incident, []
    return _at(order, replace(incident, playbook=playbook), start, stage, now)


def decide(case: Case, wish: c.DecideIncident) -> Outcome:
    """Whose decision it is, or the shop in their place. Of two at the same moment the first counts."""
    order = case.order
    check_act(order, "decide_incident", case.role)
    incident = find_open(order, wish.incident)
    stage = _stage_now(incident, wish.stage)
    if case.role is not Role.shop and case.role.value != incident.decides:
        raise not_yours("decide_incident", case.role)
    choice = stage.find(wish.choice)
    if choice is None or choice.hidden:
        raise Rejected("incident.no_choice", "This is none of the choices.", wish.choice, status=422)
    if choice.name in REMEDIES:
        incident = replace(incident, offer=choice.name, percent=wish.percent, minutes=wish.minutes)
    return _go(case, incident, choice, tidy(wish.note))


def advance(case: Case, wish: c.AdvanceIncident) -> Outcome:
    """The time is over. Nobody is asked again: the default was said when it began."""
    if case.role is not Role.system:
        raise not_yours("advance_incident", case.role)
    incident = find_open(case.order, wish.incident)
    stage = _stage_now(incident, wish.stage)
    if not incident.until or case.now < incident.until:
        raise Rejected("incident.not_due", "There is still time to decide this.", wish.incident)
    choice = stage.find(stage.default)
    if choice is None:
        raise Rejected("incident.no_choice", "This is none of the choices.", stage.default)
    if choice.name in REMEDIES:
        incident = replace(
            incident, offer=choice.name, percent=_USUAL_SHARE, minutes=_USUAL_MINUTES
        )  # what nobody said
    return _go(case, incident, choice, "")


def find_open(order: Order, incident: str) -> Incident:
    """Raises Rejected incident.not_open."""
    found = next((one for one in order.incidents if one.id == incident and one.status == "open"), None)
    if found is None:
        raise Rejected("incident.not_open", "This incident is already resolved.", incident)
    return found


def _stage_now(incident: Incident, stage: str) -> Stage:
    found = stage_of(incident.playbook, incident.stage)
    if found is None or incident.stage != stage:
        last = incident.decided[-1] if incident.decided else None
        words = CHOICE_WORDS.get(last.choice, Text("", "")) if last else Text("", "")
        raise Rejected(
            "incident.decided",
            f"This was decided already: {words.en}. Nothing was changed.",
            {"incident": incident.id, "choice": {"zh": words.zh, "en": words.en}},
        )
    return found


def _go(case: Case, incident: Incident, choice: Choice, note: str) -> Outcome:
    """From one stage to the next, or to the end."""
    order, now = case.order, case.now
    decided = Decided(stage=incident.stage, choice=choice.name, role=case.role.value, at=now, note=note)
    incident = replace(incident, decided=[*incident.decided, decided])
    notices = [_told(case, choice, incident)]
    more: list[tuple[OrderEvent, Audience]] = []
    following = stage_of(incident.playbook, choice.to)
    if following is not None:
        incident, asked = _at(order, incident, choice.to, following, now)
        notices += asked
        after = order
    else:
        incident = close(incident, choice.name, now)
        after, incident, told = _do(case, incident, choice)
        notices += told
    after = _with(after, incident)
    if after.status is not order.status:
        moved = StatusChanged(
            before=order.status, after=after.status, by="decide_incident", reason=after.reason
        )
        more.append((moved, Audience.everyone))
    return Outcome(
        order=replace(after, undo=None),
        event=IncidentDecided(incident=incident),
        notices=notices,
        more=more,
    )


def _with(order: Order, incident: Incident) -> Order:
    return replace(order, incidents=[incident if one.id == incident.id else one for one in order.incidents])


def _at(order: Order, incident: Incident, name: str, stage: Stage, now: int) -> tuple[Incident, list[Fact]]:
    until = now + stage.minutes * _MINUTE_MS if stage.minutes else 0
    at = replace(
        incident,
        stage=name,
        decides=stage.by.value,
        choices=stage.shown,
        until=until,
        default=stage.default if until else "",
    )
    return at, [_question(order, at, stage)]


def _question(order: Order, incident: Incident, stage: Stage) -> Fact:
    """What is asked of whom, until when, and what happens else."""
    words = stage.words
    if incident.stage == "agree":
        offer = offer_words(incident)
        words = Text(f"{words.zh}:{offer.zh}", f"{words.en}: {offer.en}")
    template = f"ask_{stage.by.value}"
    if not incident.until:
        return notice(f"{template}_open", words=words)
    default = CHOICE_WORDS[stage.default]
    return notice(template, words=words, time=clock(_up(incident.until), order.time_zone), default=default)


def _up(ms: int) -> int:
    """To the next full minute: nobody says seconds."""
    return -(-ms // _MINUTE_MS) * _MINUTE_MS


def offer_words(incident: Incident) -> Text:
    """What the shop offers for damaged flowers, in words."""
    if incident.offer == "refund":
        return Text(f"照常送达,退款{incident.percent}%", f"delivered as it is, {incident.percent}% refunded")
    words = CHOICE_WORDS.get(incident.offer, Text("", ""))
    return Text(
        f"{words.zh},约{incident.minutes}分钟后送达", f"{words.en}, there in about {incident.minutes} minutes"
    )


def _told(case: Case, choice: Choice, incident: Incident) -> Fact:
    words = CHOICE_WORDS[choice.name]
    if choice.name in REMEDIES:
        words = offer_words(incident)
    if case.role is Role.system:
        return notice("decided_by_time", choice=words)
    return notice("decided", who=STAFF_WORDS[case.role.value], choice=words)


# what a decision does to the order


def _do(case: Case, incident: Incident, choice: Choice) -> tuple[Order, Incident, list[Fact]]:
    order = case.order
    if choice.does == "return":
        after = _taken_back(case, incident)
        return after, incident, [notice("returning")] if after is not order else []
    if choice.does == "offered" and incident.offer == "refund":
        return order, replace(incident, refund=order.total * incident.percent // 100), []
    if choice.does == "offered" and order.status in _REMADE_FROM:
        after = _made_again(case, incident)
        return after, incident, [notice("made_again", time=clock(_up(after.eta_at), order.time_zone))]
    return order, incident, []


def _taken_back(case: Case, incident: Incident) -> Order:
    """Back to the shop: one attempt that did not succeed. Flowers that are not out stay where they are."""
    order = case.order
    if order.status not in ON_THE_ROAD and order.status is not Status.failed:
        return order
    attempts = order.attempts
    if order.status in ON_THE_ROAD:  # a failed one has been counted
        tried = Attempt(
            at=case.now,
            reason=incident.reason.value,
            courier=order.courier.person if order.courier else "",
            after="returning",
        )
        attempts = [*attempts, tried]
    return replace(
        order,
        status=Status.returning,
        times={**order.times, Status.returning.value: case.now},
        reason=incident.reason.value,
        attempts=attempts,
    )


def _made_again(case: Case, incident: Incident) -> Order:
    """The florist begins anew; the courier comes back for it. The buyer has agreed to the new time."""
    order, now = case.order, case.now
    there = now + incident.minutes * _MINUTE_MS
    promise = order.promise
    if there > promise.end:
        promise = Promise(start=min(promise.start, there) if promise.start else 0, end=there, source="agreed")
    times = {name: at for name, at in order.times.items() if name != Status.ready.value}
    return replace(
        order,
        status=Status.making,
        times={**times, Status.making.value: now},
        eta_at=there,
        promise=promise,
        agreed_at=0,
        slipping=False,
        slipping_told=False,
        arriving_told=False,
        held_by=None,  # the new ones are at the shop
        reason="",
    )
