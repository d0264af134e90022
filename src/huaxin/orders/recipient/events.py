"""What happened between the recipient and the others, in the past tense."""

from huaxin.orders.events import OrderEvent
from huaxin.orders.recipient.model import Contact, GateHelp, Preference, Thanks


class ContactChanged(OrderEvent, frozen=True, kw_only=True, tag="contact_changed"):
    contact: Contact


class ContactOpened(OrderEvent, frozen=True, kw_only=True, tag="contact_opened"):
    """From now on the recipient may be reached."""


class PreferenceAsked(OrderEvent, frozen=True, kw_only=True, tag="preference_asked"):
    preference: Preference


class PreferenceAnswered(OrderEvent, frozen=True, kw_only=True, tag="preference_answered"):
    preference: Preference


class GateHelped(OrderEvent, frozen=True, kw_only=True, tag="gate_helped"):
    help: GateHelp


class Thanked(OrderEvent, frozen=True, kw_only=True, tag="thanked"):
    thanks: Thanks
