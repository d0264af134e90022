"""What of an order and its conversation can be found: pure, from events and orders to texts."""

from collections.abc import Mapping
from typing import Any

import msgspec

from huaxin.journal.model import Record
from huaxin.orders.model import Order
from huaxin.search.index import Document

# Events whose text is what somebody said or was told, and where in the body it stands.
SPOKEN = frozenset({"message_sent", "notice_posted", "question_asked", "answer_given"})
MESSAGES = frozenset({"message_sent", "question_asked"})  # of persons: found over the whole shop
EDITED, RECALLED = "message_edited", "message_recalled"
# Fields of an order that can be found; a change of any of them makes its document anew.
SEARCHED = frozenset({"number", "buyer", "recipient", "address", "card", "note", "lines", "courier"})

type Fields = list[tuple[str, str]]


def order_fields(order: Order) -> Fields:
    """Everything of an order that staff may find it by."""
    return fields_of(msgspec.to_builtins(order))


def fields_of(order: Mapping[str, Any]) -> Fields:
    """The same of an order's fields as plain JSON values, all or some, as somebody may see them."""
    found: Fields = []

    def add(where: str, *texts: Any) -> None:
        said = " ".join(str(text) for text in texts if text)
        if said:
            found.append((where, said))

    add("number", order.get("number"))
    for role in ("recipient", "buyer", "courier"):
        party = order.get(role) or {}
        add(role, party.get("name"))
        add("phone", party.get("phone"))
    address = order.get("address") or {}
    add("address", address.get("text"), _besides(address.get("detail"), address.get("text")))
    add("address", address.get("note"))
    card = order.get("card") or {}
    add("card", card.get("text"))
    add("card", card.get("signature"))
    add("note", order.get("note"))
    for line in order.get("lines") or ():
        add("flowers", line.get("name"), line.get("name_en"))
    return found


def _besides(detail: str | None, text: str | None) -> str:
    """The detail, unless the text has it already."""
    return "" if not detail or detail in (text or "") else detail


def spoken_fields(kind: str, body: Mapping[str, Any]) -> Fields:
    """The texts of an event's body (as plain JSON values), as somebody may see it."""
    if kind not in SPOKEN:
        return []
    found: Fields = []
    text = body.get("text")
    if isinstance(text, Mapping):
        found += [("message", str(one)) for one in (text.get("zh"), text.get("en")) if one]
    elif text:
        found.append(("message", str(text)))
    place = body.get("place") or {}
    found += [("place", str(one)) for one in (place.get("name"), place.get("address")) if one]
    for media in body.get("media") or ():
        if isinstance(media, Mapping) and media.get("kind") == "file" and media.get("name"):
            found.append(("file", str(media["name"])))
    for option in body.get("options") or ():
        said = option.get("text") if isinstance(option, Mapping) else option
        if isinstance(said, Mapping):
            found += [("message", str(one)) for one in (said.get("zh"), said.get("en")) if one]
        elif said:
            found.append(("message", str(said)))
    return found


def message_document(record: Record, text: str | None = None, changed: int = 0) -> Document | None:
    """The document of a message; `text`: what it was edited to by the event `changed`."""
    if record.type not in MESSAGES or not record.body:
        return None
    body = msgspec.json.decode(record.body)
    if text is not None:
        body["text"] = text
    fields = spoken_fields(record.type, body)
    if not fields:
        return None
    return Document(
        shop=record.shop,
        subject=record.subject,
        seq=record.seq,
        changed=max(changed, record.seq),
        at=record.at,
        fields=fields,
    )
