"""What may be done with messages: answered, recalled, edited, marked, pinned, forwarded, asked, shared.

Pure, like every decision. The messages a command is about come with it (conversation/targets.py); what
they became is in the order's overlays.
"""

import unicodedata
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from huaxin.conversation import commands as c
from huaxin.conversation import events as e
from huaxin.conversation.decide import clean, place_of
from huaxin.conversation.media import attached, caption
from huaxin.conversation.speaking import TO_OF, aim_message, check_talk, heard_by
from huaxin.conversation.targets import Aimed, Target, find_target, text_of
from huaxin.journal.model import Actor, Command, Decision, Fact, Rejected
from huaxin.kernel import Audience, Role, tidy
from huaxin.orders.decide import missing
from huaxin.orders.model import Order
from huaxin.orders.overlays import OverlayState, Pin, QuestionAnswer, Reactor, changed_entries

OWN_MS = 120_000  # how long one's own message may be recalled or edited
OWN_MINUTES = 2
MOST_MARKED = 400  # messages of one order with something laid over them
# Taking back and ending go on beyond that, but not for ever: all of it is part of the order's state.
MOST_TAKEN_BACK = 2_000
MOST_EMOJI = 12  # different ones on one message
MOST_PINNED = 20
MOST_EDITED = 40_000  # characters of all edited texts of an order together


class Talk(msgspec.Struct, frozen=True):
    """What an ability decides about."""

    order: Order
    actor: Actor
    role: Role
    now: int
    targets: list[Target]

    def target(self, seq: int) -> Target:
        return find_target(self.targets, seq, self.order, self.role, self.actor.person)

    @property
    def me(self) -> Reactor:
        return Reactor(person=self.actor.person, role=self.role.value, name=self.actor.name)


def decide_ability(order: Order | None, command: Command, now: int) -> Decision:
    """Raises Rejected."""
    if order is None:
        raise missing(command.subject)
    wish, targets = command.body, []
    if isinstance(wish, Aimed):
        wish, targets = wish.wish, wish.targets
    role = Role(command.actor.role)
    if role is Role.courier and (order.courier is None or order.courier.person != command.actor.person):
        raise Rejected("order.not_yours", "This order is with another courier.", order.id, status=403)
    return ABILITIES[type(wish)](Talk(order, command.actor, role, now, targets), wish)


# what is said


def say(talk: Talk, wish: c.Say) -> Decision:
    """With what it answers and whom it mentions; a plain one is decided in conversation/decide.py."""
    return _send(talk, wish, text=clean(wish.text), quick=wish.quick)


def send_place(talk: Talk, wish: c.SendPlace) -> Decision:
    return _send(talk, wish, place=place_of(wish))


def _send(talk: Talk, wish: c.Message, **content: Any) -> Decision:
    check_talk(talk.order, talk.role, talk.now)
    aim = aim_message(talk.order, talk.role, talk.actor.person, wish, talk.targets)
    event = e.MessageSent(
        name=talk.actor.name,
        to=aim.to,
        reply_to=wish.reply_to,
        quote=aim.quote,
        mentions=list(dict.fromkeys(role.value for role in wish.mentions)),
        **content,
    )
    return _facts(talk, [_fact(talk, event, aim.audience)])


def send_media(talk: Talk, wish: c.SendMedia) -> Decision:
    return _send(talk, wish, text=caption(wish.text), media=attached(wish.attachments))


def forward(talk: Talk, wish: c.ForwardMessages) -> Decision:
    """Copies of what was said, under the name of who forwards: nothing tells where it came from."""
    check_talk(talk.order, talk.role, talk.now)
    audience = heard_by(talk.role, wish.to)
    facts = []
    for seq in wish.seqs:
        target = talk.target(seq)
        if target.type != "message_sent" or target.body.get("expired"):
            raise Rejected(
                "forward.not_this", "Only texts, places and media can be forwarded.", seq, status=422
            )
        content = {name: target.body[name] for name in ("place", "media") if target.body.get(name)}
        text = text_of(target, talk.order)
        fields = {"name": talk.actor.name, "to": TO_OF[audience], "forwarded": True, **content}
        body = msgspec.json.encode(fields | ({"text": text} if text else {}))
        facts.append(_fact_of(talk, "message_sent", body, audience))
    return _facts(talk, facts)


def ask(talk: Talk, wish: c.Ask) -> Decision:
    check_talk(talk.order, talk.role, talk.now)
    options = [tidy(option) for option in wish.options]
    if not all(options) or len(set(options)) < len(options):
        raise Rejected("question.options", "Give two to five different answers.", options, status=422)
    audience = heard_by(talk.role, wish.to)
    event = e.QuestionAsked(
        name=talk.actor.name,
        to=TO_OF[audience],
        text=clean(wish.text),
        options=options,
        until=talk.now + wish.minutes * 60_000,
    )
    return _facts(talk, [_fact(talk, event, audience)])


def share_live(talk: Talk, wish: c.ShareLive) -> Decision:
    if not talk.order.open:
        raise Rejected(
            "live.order_closed", "The order is completed; there is nothing left to share a position for."
        )
    check_talk(talk.order, talk.role, talk.now)
    audience = heard_by(talk.role, wish.to)
    event = e.LiveShared(
        name=talk.actor.name,
        to=TO_OF[audience],
        minutes=wish.minutes,
        until=talk.now + wish.minutes * 60_000,
    )
    return _facts(talk, [_fact(talk, event, audience)])


# what is laid over it


def recall(talk: Talk, wish: c.RecallMessage) -> Decision:
    target = _own(talk, wish.seq)
    overlay = OverlayState(audience=target.audience, recalled_at=talk.now)
    return _lay(talk, target, overlay, e.MessageRecalled(seq=target.seq))


def edit(talk: Talk, wish: c.EditMessage) -> Decision:
    target = _own(talk, wish.seq)
    if target.type != "message_sent" or not target.body.get("text") or target.body.get("forwarded"):
        raise Rejected("message.no_text", "Only a text of one's own can be edited.", target.seq, status=422)
    text = clean(wish.text)
    others = sum(len(one.text) for seq, one in talk.order.overlays.items() if seq != str(target.seq))
    if others + len(text) > MOST_EDITED:
        raise Rejected("edit.too_many", "Too much was edited here; write a new message.", MOST_EDITED)
    overlay = replace(_overlay(talk, target), text=text, edited_at=talk.now)
    return _lay(talk, target, overlay, e.MessageEdited(seq=target.seq, text=text))


def _own(talk: Talk, seq: int) -> Target:
    target = talk.target(seq)
    if target.person != talk.actor.person:
        raise Rejected("message.not_yours", "This message is somebody else's.", seq, status=403)
    if talk.now - target.at > OWN_MS:
        raise Rejected(
            "message.too_late",
            f"A message can be recalled or edited for {OWN_MINUTES} minutes; that time has passed.",
            {"seq": seq, "minutes": OWN_MINUTES},
        )
    return target


def react(talk: Talk, wish: c.React) -> Decision:
    check_talk(talk.order, talk.role, talk.now)
    target = talk.target(wish.seq)
    if not is_emoji(wish.emoji):
        raise Rejected("reaction.not_emoji", "A reaction is one emoji.", wish.emoji, status=422)
    overlay = _overlay(talk, target)
    known = overlay.reactions.get(wish.emoji, [])
    others = [one for one in known if one.person != talk.actor.person]
    reactors = [*known, talk.me] if wish.on and len(others) == len(known) else known if wish.on else others
    reactions = {**overlay.reactions, wish.emoji: reactors}
    if not reactors:
        del reactions[wish.emoji]
    if len(reactions) > MOST_EMOJI:
        raise Rejected("reaction.too_many", "That is enough of reactions here.", MOST_EMOJI)
    event = e.ReactionChanged(seq=target.seq, emoji=wish.emoji, on=wish.on, name=talk.actor.name)
    return _lay(talk, target, replace(overlay, reactions=reactions), event)


def pin(talk: Talk, wish: c.PinMessage) -> Decision:
    check_talk(talk.order, talk.role, talk.now)
    target = talk.target(wish.seq)
    pinned = sum(1 for one in talk.order.overlays.values() if one.pinned is not None)
    if wish.on and pinned >= MOST_PINNED:
        raise Rejected("pin.too_many", f"Up to {MOST_PINNED} messages can be pinned.", MOST_PINNED)
    me = talk.me
    mark = Pin(person=me.person, role=me.role, name=me.name, at=talk.now) if wish.on else None
    event = e.MessagePinned(seq=target.seq, on=wish.on, name=me.name)
    return _lay(talk, target, replace(_overlay(talk, target), pinned=mark), event)


def answer(talk: Talk, wish: c.AnswerQuestion) -> Decision:
    """Decided one after the other: of two who tap at once, the second reads who was quicker."""
    target = talk.target(wish.seq)
    if target.type != "question_asked":
        raise Rejected("question.none", "This message asks nothing.", target.seq, status=422)
    if target.role == talk.role.value:
        raise Rejected("question.own", "One's own question is for the others to answer.", target.seq)
    overlay = _overlay(talk, target)
    options = target.body.get("options", [])
    if overlay.answer is not None:
        said = overlay.answer
        value = {"option": said.option, "text": options[said.option], "name": _shown(talk, said)}
        raise Rejected("question.answered", "This question is answered already.", value)
    if talk.now >= target.body["until"]:
        raise Rejected("question.expired", "The time to answer this is over.", target.body["until"])
    if wish.option >= len(options):
        raise Rejected("question.no_option", "This is none of the answers.", wish.option, status=422)
    me = talk.me
    said = QuestionAnswer(person=me.person, role=me.role, name=me.name, option=wish.option, at=talk.now)
    event = e.QuestionAnswered(seq=target.seq, option=wish.option, text=options[wish.option], name=me.name)
    return _lay(talk, target, replace(overlay, answer=said), event)


def _shown(talk: Talk, who: Reactor) -> str:
    hidden = talk.role is Role.recipient and who.role == Role.buyer.value and talk.order.card.anonymous
    return "" if hidden else who.name


def stop_live(talk: Talk, wish: c.StopLive) -> Decision:
    target = talk.target(wish.seq)
    if target.type != "live_shared":
        raise Rejected("live.none", "This message shares no position.", target.seq, status=422)
    if target.person != talk.actor.person and talk.role is not Role.system:
        raise Rejected("message.not_yours", "This message is somebody else's.", target.seq, status=403)
    overlay = _overlay(talk, target)
    if overlay.closed_at or talk.now >= target.body["until"]:
        raise Rejected("live.ended", "This position is not shared any more.", target.seq)
    return _lay(talk, target, replace(overlay, closed_at=talk.now), e.LiveStopped(seq=target.seq))


# facts


def _overlay(talk: Talk, target: Target) -> OverlayState:
    known = talk.order.overlays.get(str(target.seq))
    return known if known is not None else OverlayState(audience=target.audience)


def _lay(talk: Talk, target: Target, overlay: OverlayState, event: e.ConversationEvent) -> Decision:
    """The overlay becomes part of the order; one with nothing on it any more goes."""
    before, seq = talk.order.overlays, str(target.seq)
    after = {**before, seq: overlay}
    if overlay == OverlayState(audience=overlay.audience):
        del after[seq]
    most = MOST_TAKEN_BACK if overlay.recalled_at or overlay.closed_at else MOST_MARKED
    if len(after) > most and seq not in before:
        raise Rejected("message.too_many_marks", "Too much is marked in this order already.", most)
    delta = b""
    if after != before:
        delta = msgspec.json.encode({"overlays": changed_entries(before, after)})
    fact = replace(_fact(talk, event, Audience(target.audience)), delta=delta)
    return _facts(talk, [fact], replace(talk.order, overlays=after) if delta else None)


def _fact(talk: Talk, event: e.ConversationEvent, audience: Audience) -> Fact:
    fields = msgspec.to_builtins(event)
    kind = fields.pop("type")
    return _fact_of(talk, kind, msgspec.json.encode(fields), audience)


def _fact_of(talk: Talk, kind: str, body: bytes, audience: Audience) -> Fact:
    courier = talk.order.courier.person if talk.order.courier else ""
    return Fact(type=kind, version=1, audience=int(audience), body=body, courier=courier)


def _facts(talk: Talk, facts: list[Fact], order: Order | None = None) -> Decision:
    return Decision(facts=facts, state=order, result={"order": talk.order.id})


_JOINERS = "\u200d\ufe0f\u20e3"
_SHADES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"  # of skin; other Sk are accents: ^ ` ¨


def is_emoji(text: str) -> bool:
    """Pictures, with their joiners and shades; no letters, and no bare joiner."""
    signs = [unicodedata.category(letter) for letter in text if letter not in _JOINERS + _SHADES]
    return bool(signs) and all(sign in ("So", "Cn") for sign in signs)


Ability = Callable[[Talk, Any], Decision]
ABILITIES: dict[type, Ability] = {
    c.Say: say,
    c.SendPlace: send_place,
    c.SendMedia: send_media,
    c.RecallMessage: recall,
    c.EditMessage: edit,
    c.React: react,
    c.PinMessage: pin,
    c.ForwardMessages: forward,
    c.Ask: ask,
    c.AnswerQuestion: answer,
    c.ShareLive: share_live,
    c.StopLive: stop_live,
}
