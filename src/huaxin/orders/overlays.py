"""What later events laid over a message: recalled, edited, reactions, pinned, answered, ended.

The message itself stays as it was written. Its overlays are part of the order's state, by the message's
seq, and are seen by those who may see the message. Everything that shows a message to somebody (pages of
history, snapshots, quotes, search, export) shows `body_now` of it.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import msgspec

from huaxin.kernel import AUDIENCE_OF, Role

QUOTED = 120  # characters of a message in its quote
_KEPT_OF_RECALLED = ("name", "to", "until")


class Reactor(msgspec.Struct, frozen=True, kw_only=True):
    """Who did it. Without person and name for a recipient who must not know the buyer."""

    person: str
    role: str
    name: str


class Pin(Reactor, frozen=True, kw_only=True):
    at: int


class QuestionAnswer(Reactor, frozen=True, kw_only=True):
    option: int  # from 0
    at: int


class OverlayState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """As the order keeps it. Screens see orders.views.Overlay. Times are ms, 0: not."""

    audience: int  # of the message: who sees the message sees this
    recalled_at: int = 0
    text: str = ""  # as edited last
    edited_at: int = 0
    reactions: dict[str, list[Reactor]] = {}
    pinned: Pin | None = None
    answer: QuestionAnswer | None = None
    closed_at: int = 0  # a live position that was ended before its time


type Overlays = dict[str, OverlayState]


def view_all(overlays: Overlays) -> dict[str, Any]:
    """Plain JSON as the shop sees it."""
    return {seq: _view(one) for seq, one in overlays.items()}


def _view(overlay: OverlayState) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(overlay)
    del fields["audience"]
    return fields


def changed_entries(before: Overlays, after: Overlays) -> dict[str, Any]:
    """The entries that differ, as the shop sees them; None for one that is gone. Nothing differs: all, for
    then it was somebody's right to see them that changed."""
    seqs = [seq for seq in {**before, **after} if before.get(seq) != after.get(seq)]
    if not seqs:
        return view_all(after)
    return {seq: _view(after[seq]) if seq in after else None for seq in seqs}


class Blocked(Protocol):
    """A member somebody hears nothing of (orders.model.Block)."""

    @property
    def role(self) -> str: ...

    @property
    def person(self) -> str: ...


def seen_entries(
    seqs: Iterable[str], overlays: Overlays, role: Role, hides_buyer: bool, deaf_to: Sequence[Blocked] = ()
) -> dict[str, Any] | None:
    """Of these entries what a role may see, always as they are now: an old delta must not bring back what
    was recalled since. None: nothing of it is this role's to see. `deaf_to`: whose marks it does not see."""
    bit = int(AUDIENCE_OF[role])
    found: dict[str, Any] = {}
    for seq in seqs:
        overlay = overlays.get(seq)
        if overlay is None:
            found[seq] = None
        elif overlay.audience & bit:
            view = _view(overlay)
            if deaf_to and overlay.reactions:
                view["reactions"] = _without_blocked(overlay, deaf_to)
                if not view["reactions"]:
                    del view["reactions"]  # as if there had been none
            found[seq] = _without_buyer(view) if hides_buyer else view
    return found or None


def is_marked_by(overlay: OverlayState, blocked: Sequence[Blocked]) -> bool:
    """Whether one of these reacted to the message."""
    return any(_is_of(one, blocked) for reactors in overlay.reactions.values() for one in reactors)


def _is_of(reactor: Reactor, blocked: Sequence[Blocked]) -> bool:
    return any(one.role == reactor.role and one.person in ("", reactor.person) for one in blocked)


def _without_blocked(overlay: OverlayState, blocked: Sequence[Blocked]) -> dict[str, Any]:
    heard = {
        emoji: [one for one in who if not _is_of(one, blocked)] for emoji, who in overlay.reactions.items()
    }
    kept: dict[str, Any] = msgspec.to_builtins({emoji: who for emoji, who in heard.items() if who})
    return kept


def _without_buyer(view: dict[str, Any]) -> dict[str, Any]:
    for who in [view.get("pinned"), view.get("answer"), *_reactors(view)]:
        if who is not None and who["role"] == Role.buyer.value:
            who["person"] = who["name"] = ""
    return view


def _reactors(view: dict[str, Any]) -> list[dict[str, Any]]:
    return [who for reactors in view.get("reactions", {}).values() for who in reactors]


def is_touched(seq: int, body: bytes, overlays: Overlays) -> bool:
    """Whether `body_now` may differ from what was written. Asked for every message that is delivered."""
    return bool(overlays) and (str(seq) in overlays or b'"quote"' in body)


def body_now(kind: str, seq: int, body: dict[str, Any], overlays: Overlays) -> dict[str, Any]:
    """A message as everybody but the shop may read it now: without its content when it was recalled, with
    its new text when it was edited, and the same for what it quotes. The shop reads it as it was written."""
    if kind == "message_edited":
        return {name: value for name, value in body.items() if name != "text"}
    overlay = overlays.get(str(seq))
    if overlay is not None:
        if overlay.recalled_at and "to" in body:
            return {name: body[name] for name in _KEPT_OF_RECALLED if name in body} | {"recalled": True}
        if overlay.edited_at:
            body = {**body, "text": overlay.text}
    quote = body.get("quote")
    if quote is not None:
        body = {**body, "quote": _quote_now(quote, overlays)}
    return body


def _quote_now(quote: dict[str, Any], overlays: Overlays) -> dict[str, Any]:
    overlay = overlays.get(str(quote["seq"]))
    if overlay is None:
        return quote
    if overlay.recalled_at:
        return {name: value for name, value in quote.items() if name != "text"} | {"kind": "recalled"}
    return {**quote, "text": overlay.text[:QUOTED]} if overlay.edited_at else quote
