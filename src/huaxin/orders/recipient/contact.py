"""The contact policy, as one rule for messages, notices, pushes, calls, labels and links. Pure.

Two things are kept apart: *whether* the recipient may be reached now (`may_write`, `may_call`), and whether
they may learn *what* is coming (`hides_gift`): a surprise is spoken of neutrally until it is there.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from huaxin.journal.model import Decision, Fact, Rejected
from huaxin.kernel import Audience, Role, Text
from huaxin.orders.model import Order, Status
from huaxin.orders.recipient.model import Contact, ContactWish, Policy

DELIVERED = frozenset({Status.delivered, Status.rated})
SPOKEN = frozenset({"message_sent", "question_asked", "live_shared"})
LONGEST_AHEAD_MS = 90 * 24 * 3_600_000
_RECIPIENT = int(Audience.recipient)


def policy_of(order: Order) -> Policy:
    """A surprise without a word about contact means: not before the door."""
    return order.contact.policy or ("door" if order.surprise else "free")


def may_write(order: Order) -> bool:
    """Whether messages and notices may go to the recipient now."""
    if order.status in DELIVERED:
        return True
    policy = policy_of(order)
    if policy == "door":
        return order.status is Status.arrived
    return policy == "free" or (policy == "after" and order.contact.opened_at > 0)


def may_call(order: Order) -> bool:
    """Whether the courier gets the recipient's number now. `never` stays never."""
    return may_write(order) and policy_of(order) != "never"


def hides_gift(order: Order) -> bool:
    """Whether the recipient must not yet learn that these are flowers, and from which shop."""
    return order.surprise and order.status not in DELIVERED


def may_link(order: Order, role: Role) -> bool:
    """Whether this role may make a link for the recipient now. The buyer knows whom the link goes to."""
    return role is Role.buyer or may_write(order)


def is_due(order: Order, now: int) -> bool:
    """Whether the time of an `after` has come and nobody has said so yet."""
    contact = order.contact
    return contact.policy == "after" and not contact.opened_at and order.open and now >= contact.after


def make_contact(wish: ContactWish | None, *, surprise: bool, anonymous: bool, now: int) -> Contact:
    """Raises Rejected contact.time (422)."""
    if wish is None:
        return Contact(policy="door" if surprise else "free", anonymous=anonymous)
    if wish.policy != "after":
        return Contact(policy=wish.policy, anonymous=anonymous)
    if not 0 < wish.after <= now + LONGEST_AHEAD_MS:
        raise Rejected(
            "contact.time", "Say from what time on the recipient may be reached.", wish.after, status=422
        )
    opened_at = now if wish.after <= now else 0
    return Contact(policy="after", after=wish.after, opened_at=opened_at, anonymous=anonymous)


def guard(decision: Decision, before: Order | None, role: str, answers: str) -> Decision:
    """The decision as it may reach the recipient. `answers`: the role whose message it answers.

    What somebody says to a recipient who may not be reached is refused (contact.closed), unless it answers
    them; what the system tells goes without them, or in neutral words.
    """
    order: Order | None = decision.state if decision.state is not None else before
    if order is None or (policy_of(order) == "free" and not order.surprise):
        return decision
    if not any(fact.audience & _RECIPIENT for fact in decision.facts):
        return decision
    closed, hidden = not may_write(order), hides_gift(order)
    facts: list[Fact] = []
    for fact in decision.facts:
        if not fact.audience & _RECIPIENT:
            facts.append(fact)
        elif fact.type in SPOKEN:
            if closed and role not in (Role.recipient, Role.system) and answers != Role.recipient:
                raise closed_now(order)
            facts.append(fact)
        elif fact.type == "notice_posted":
            facts += _told(fact, closed, hidden)
        else:
            facts.append(fact)
    return replace(decision, facts=facts)


def _told(fact: Fact, closed: bool, hidden: bool) -> list[Fact]:
    others = fact.audience & ~_RECIPIENT
    own = _own_words(fact)
    if closed and not own:
        return [replace(fact, audience=others)] if others else []
    if not hidden:
        return [fact]
    said = neutral_body(fact.body)
    if said == fact.body:
        return [fact]
    quiet = replace(fact, audience=_RECIPIENT, body=said)
    return [replace(fact, audience=others), quiet] if others else [quiet]


def _own_words(fact: Fact) -> bool:
    """Whether it answers what the recipient did: they are there already."""
    body: dict[str, Any] = msgspec.json.decode(fact.body)
    return body.get("template", "") in ("preference_sent", "gate_help_sent")


def closed_now(order: Order) -> Rejected:
    contact = order.contact
    policy = policy_of(order)
    return Rejected(
        f"contact.{policy}",
        {
            "door": "The recipient must not be contacted before the courier is there. Nothing was sent.",
            "after": "The recipient must not be contacted yet. Nothing was sent.",
            "never": "The buyer wishes that the recipient is not contacted. Nothing was sent.",
        }.get(policy, "The recipient must not be contacted now. Nothing was sent."),
        {"policy": policy, "after": contact.after},
    )


# What says that these are flowers, and what is said instead. Longest first.
_NEUTRAL_ZH = (
    ("鲜花", "快件"),
    ("花店", "商家"),
    ("收花人", "收件人"),
    ("订花人", "下单人"),
    ("收花", "收件"),
    ("花材", "物品"),
    ("花束", "快件"),
    ("送花", "送件"),
)
_NEUTRAL_EN = (
    ("flowers are there", "delivery is there"),
    ("flowers are", "delivery is"),
    ("flowers were", "delivery was"),
    ("flowers have", "delivery has"),
    ("flowers", "delivery"),
    ("Flowers", "Delivery"),
    ("bouquet", "delivery"),
    ("flower", "delivery"),
    ("they have not left", "it has not left"),
    ("they are on their way", "it is on its way"),
    ("bringing them", "bringing it"),
    ("on their way", "on its way"),
    ("The shop", "The store"),
    ("the shop", "the store"),
)


def neutral(text: Text) -> Text:
    """The same without flowers in it."""
    zh, en = text.zh, text.en
    for said, instead in _NEUTRAL_ZH:
        zh = zh.replace(said, instead)
    for said, instead in _NEUTRAL_EN:
        en = en.replace(said, instead)
    return Text(zh, en)


def neutral_body(body: bytes) -> bytes:
    """A notice's body in neutral words."""
    fields: dict[str, Any] = msgspec.json.decode(body)
    text: Mapping[str, str] = fields["text"]
    said = neutral(Text(text["zh"], text["en"]))
    fields["text"] = {"zh": said.zh, "en": said.en}
    return msgspec.json.encode(fields)
