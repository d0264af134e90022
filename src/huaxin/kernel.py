"""The few words every room shares: roles, points, people on an order. Pure, imports nothing of the house."""

from enum import IntFlag, StrEnum

import msgspec


class Role(StrEnum):
    buyer = "buyer"
    recipient = "recipient"
    shop = "shop"  # any staff of the shop: owner, florist, dispatcher
    courier = "courier"
    system = "system"


class Audience(IntFlag):
    """Which roles may see an event. Stored with it."""

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

    lat: float
    lon: float


class Text(msgspec.Struct, frozen=True):
    """The same sentence in both languages."""

    zh: str
    en: str
