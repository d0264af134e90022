"""The recipient's wishes and the buyer's word on how to reach them. Pure."""

from msgspec.structs import replace

from huaxin.journal.model import Rejected
from huaxin.kernel import Audience, Role, Text, tidy
from huaxin.orders.decide import Case, Outcome
from huaxin.orders.lifecycle import illegal, not_yours
from huaxin.orders.model import Order, Promise
from huaxin.orders.notices import notice
from huaxin.orders.place import check_ahead, check_promise
from huaxin.orders.recipient import commands as c
from huaxin.orders.recipient import events as e
from huaxin.orders.recipient.actions import ACTS, may_answer
from huaxin.orders.recipient.contact import is_due, make_contact, policy_of
from huaxin.orders.recipient.model import Contact, GateHelp, Preference, Thanks, TimeWindow
from huaxin.orders.words import clock, new_time_words

RECIPIENT_AND_TEAM = Audience.recipient | Audience.staff_and_courier
THANKED = Audience.buyer | Audience.recipient | Audience.shop
POLICY_WORDS: dict[str, Text] = {
    "free": Text("可以随时联系收花人", "the recipient may be contacted at any time"),
    "door": Text("到门口前不要联系收花人", "do not contact the recipient before the door"),
    "never": Text("不要联系收花人", "do not contact the recipient at all"),
}


def _check(case: Case, command: str) -> None:
    roles, statuses = ACTS[command]
    if case.role not in roles:
        raise not_yours(command, case.role)
    if case.order.status not in statuses:
        raise illegal(command, case.order.status, sorted(status.value for status in statuses))


def set_contact(case: Case, wish: c.SetContact) -> Outcome:
    order = case.order
    _check(case, "set_contact")
    contact = make_contact(wish.contact, surprise=False, anonymous=order.contact.anonymous, now=case.now)
    if (contact.policy, contact.after) == (policy_of(order), order.contact.after):
        raise Rejected("contact.same", "That is agreed already.", contact.policy)
    after = replace(order, contact=contact, undo=None)
    words = policy_words(contact, order.time_zone)
    return Outcome(
        order=after,
        event=e.ContactChanged(contact=contact),
        notices=[notice("contact_changed", policy=words)],
    )


def policy_words(contact: Contact, zone: str) -> Text:
    if contact.policy != "after":
        return POLICY_WORDS[contact.policy]
    at = clock(contact.after, zone)
    return Text(f"{at.zh}前不要联系收花人", f"do not contact the recipient before {at.en}")


def open_contact(case: Case, wish: c.OpenContact) -> Outcome:
    order = case.order
    if case.role is not Role.system:
        raise not_yours("open_contact", case.role)
    if not is_due(order, case.now):
        raise Rejected("contact.not_due", "The recipient may not be reached yet, or may already.", order.id)
    contact = replace(order.contact, opened_at=case.now)
    return Outcome(
        order=replace(order, contact=contact, undo=None),
        event=e.ContactOpened(),
        notices=[notice("contact_opened")],
    )


def prefer_time(case: Case, wish: c.PreferTime) -> Outcome:
    """A newer wish takes the place of the one before."""
    order, text = case.order, tidy(wish.text)
    _check(case, "prefer_time")
    if wish.window is None and not text:
        raise Rejected("preference.empty", "Choose a time, or write a few words.", None, status=422)
    if wish.window is not None:
        check_promise(_promise(wish.window), case.now)
    asked = Preference(id=case.command_id, at=case.now, window=wish.window, text=text)
    when = _when(case, wish.window)
    return Outcome(
        order=replace(order, preference=asked, undo=None),
        event=e.PreferenceAsked(preference=asked),
        audience=Audience.everyone,
        notices=[notice("preference_asked", when=when, text=text), notice("preference_sent")],
    )


def _promise(window: TimeWindow) -> Promise:
    return Promise(start=window.start, end=window.end, source="change")


def _when(case: Case, window: TimeWindow | None) -> Text:
    if window is None:
        return Text("", "")
    return new_time_words(_promise(window), case.now, case.order.time_zone)


def answer_preference(case: Case, wish: c.AnswerPreference) -> Outcome:
    order = case.order
    _check(case, "answer_preference")
    asked = order.preference
    if asked is None or asked.id != wish.preference or asked.status != "asked":
        raise Rejected("preference.not_pending", "This wish no longer waits for an answer.", wish.preference)
    if not may_answer(order, case.role):
        raise not_yours("answer_preference", case.role)
    answered = replace(
        asked,
        status="accepted" if wish.accept else "declined",
        answered_by=case.role.value,
        reason=tidy(wish.reason),
    )
    after = replace(order, preference=answered, undo=None)
    if not wish.accept:
        said = notice("preference_declined", reason=answered.reason)
    elif asked.window is None:
        said = notice("preference_taken")
    else:
        check_ahead(asked.window.end, case.now)  # it may have waited for an answer too long
        after = _moved(after, asked.window)
        said = notice("preference_accepted", when=_when(case, asked.window))
    return Outcome(
        order=after,
        event=e.PreferenceAnswered(preference=answered),
        audience=Audience.everyone,
        notices=[said],
    )


def _moved(order: Order, window: TimeWindow) -> Order:
    return replace(
        order,
        promise=_promise(window),
        eta_at=order.eta_at and window.end,
        agreed_at=0,
        slipping=False,
        slipping_told=False,
    )


def help_gate(case: Case, wish: c.HelpGate) -> Outcome:
    """What is said last counts; a place pin of before stays when only words come."""
    order = case.order
    _check(case, "help_gate")
    before = order.gate_help or GateHelp(at=0)
    helped = GateHelp(
        at=case.now,
        code=tidy(wish.code) or before.code,
        floor=tidy(wish.floor) or before.floor,
        text=tidy(wish.text) or before.text,
        point=wish.point or before.point,
    )
    if replace(helped, at=before.at) == before:
        raise Rejected(
            "gate.empty", "Say something: a code, a floor, a place or a few words.", None, status=422
        )
    words = _gate_words(helped)
    return Outcome(
        order=replace(order, gate_help=helped, undo=None),
        event=e.GateHelped(help=helped),
        audience=RECIPIENT_AND_TEAM,
        notices=[notice("gate_help", words=words), notice("gate_help_sent")],
    )


def _gate_words(help: GateHelp) -> Text:
    zh = [help.code and f"门禁 {help.code}", help.floor and f"{help.floor}", help.text]
    en = [help.code and f"code {help.code}", help.floor and f"floor {help.floor}", help.text]
    if help.point is not None:
        zh.append("已在地图上标出入口")
        en.append("the entrance is marked on the map")
    return Text(" · ".join(filter(None, zh)), " · ".join(filter(None, en)))


def thank(case: Case, wish: c.Thank) -> Outcome:
    """Once. The sender reads it, hidden or not; the recipient learns nothing of who that is."""
    order, text = case.order, tidy(wish.text)
    _check(case, "thank")
    if order.thanks is not None:
        raise Rejected("thanks.sent", "Your thanks have been passed on already.", order.id)
    if not text and not wish.picture:
        raise Rejected("thanks.empty", "Write a few words, or add a picture.", None, status=422)
    thanks = Thanks(at=case.now, text=text, picture=wish.picture)
    return Outcome(
        order=replace(order, thanks=thanks, undo=None),
        event=e.Thanked(thanks=thanks),
        audience=THANKED,
        notices=[notice("thanked", text=text)],
    )
