"""Who is who: persons, their devices, the shops they work for, and the one who is asking. Times are ms."""

from enum import StrEnum

import msgspec


class StaffRole(StrEnum):
    owner = "owner"
    florist = "florist"
    dispatcher = "dispatcher"
    courier = "courier"


LANGUAGES = ("zh-CN", "en")
SHOP_ROLES = frozenset({StaffRole.owner, StaffRole.florist, StaffRole.dispatcher})
GUEST_ROLES = ("recipient", "buyer")


class Person(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    phone: str  # people/phone.py: 11 digits in mainland China, else "+" and digits
    name: str = ""
    language: str = "zh-CN"
    created_at: int = 0
    last_seen: int = 0


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One person of a shop's staff."""

    shop: str
    person: Person
    role: StaffRole


class Employment(msgspec.Struct, frozen=True, kw_only=True):
    """One shop a person works for."""

    shop: str
    shop_name: str
    role: StaffRole


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """An installation somebody logged in on."""

    id: str
    name: str
    created_at: int
    last_seen: int
    current: bool = False  # the one that is asking


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """The one who is asking, as the access rules see them. Made by `People.authenticate` only."""

    person: str  # "" anonymous, "system", "guest:…" or a person's id
    device: str = ""
    name: str = ""
    phone: str = ""
    language: str = "zh-CN"
    staff: dict[str, StaffRole] = {}  # shop → role
    guest_order: str = ""  # a guest session sees this one order and nothing else
    guest_role: str = ""
    expires_at: int = 0  # unix seconds, of the access token


ANONYMOUS = Principal(person="")
SYSTEM = Principal(person="system", name="系统")


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """What a login, a refresh or a guest link gives (live.views.Tokens on the wire)."""

    access: str
    access_expires_at: int  # unix seconds
    refresh: str
    person: str
    device: str


class CodeSent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    sent: bool
    wait_s: int  # before another code may be asked for
    dev_code: str = ""  # only with a sender that shows its codes


class GuestLink(msgspec.Struct, frozen=True, kw_only=True):
    """`token` is known to whoever made the link and to nobody else: only its hash is kept."""

    id: str
    token: str
    order: str
    role: str
    expires_at: int
