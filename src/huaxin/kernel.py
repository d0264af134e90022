"""The few words every room shares: roles, points, people on an order. Pure, imports nothing of the house."""

import unicodedata
from enum import IntFlag, StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta


class Role(StrEnum):
    buyer = "buyer"
    recipient = "recipient"
    shop = "shop"  # any staff of the shop: owner, florist, dispatcher
    courier = "courier"
    system = "system"

    # Enum's own hash is a call into Python; roles are looked up for every message and every delivery.
    __hash__ = str.__hash__


class Audience(IntFlag):
    """Which roles may see an event. Stored with it."""

    __hash__ = int.__hash__

    buyer = 1
    recipient = 2
    shop = 4
    courier = 8
    staff_and_courier = 12
    without_recipient = 13
    everyone = 15


AUDIENCE_OF: dict[str, Audience] = {
    Role.buyer: Audience.buyer,
    Role.recipient: Audience.recipient,
    Role.shop: Audience.shop,
    Role.courier: Audience.courier,
    Role.system: Audience.shop,
}


class Point(msgspec.Struct, frozen=True):
    """WGS-84, degrees."""

    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]


class Text(msgspec.Struct, frozen=True):
    """The same sentence in both languages."""

    zh: str
    en: str


class Stem(msgspec.Struct, frozen=True):
    """A line of a bouquet's recipe: 红玫瑰 × 11."""

    name: Annotated[str, Meta(min_length=1, max_length=40)]
    count: Annotated[int, Meta(ge=1, le=999)] = 1
    name_en: Annotated[str, Meta(max_length=40)] = ""


# Bidirectional overrides can make a sentence read as another one than was written.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def tidy(text: str) -> str:
    """What a person wrote, without control signs and bidirectional overrides and without white space at the
    ends. Line breaks stay."""
    if text.isprintable():  # nearly always
        return text.strip()
    return "".join(
        letter
        for letter in text
        if letter in "\n\t" or (letter not in _BIDI and unicodedata.category(letter) not in ("Cc", "Cs"))
    ).strip()
