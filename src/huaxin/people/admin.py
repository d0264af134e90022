"""What `huaxin user …` and `huaxin shop …` do. Each function takes an open, migrated store."""

import re
import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from huaxin.catalogue.seed import seed_products
from huaxin.catalogue.store import CatalogueStore
from huaxin.journal.model import Rejected
from huaxin.kernel import Point
from huaxin.people.chance import SecretChance
from huaxin.people.model import Member, Person, StaffRole
from huaxin.people.phone import normalise
from huaxin.people.sender import DevelopmentSender
from huaxin.people.service import People
from huaxin.shops.model import Shop
from huaxin.shops.store import ShopStore
from huaxin.storage.port import Database


def open_people(db: Database) -> People:
    """For administration only: it signs nothing, so its secret is made up on the spot."""
    chance = SecretChance()
    return People(db, lambda: time.time_ns() // 1_000_000, chance.token(), DevelopmentSender())


async def add_user(db: Database, phone: str, name: str = "", language: str = "") -> Person:
    """The person with this phone, made when new; a given name replaces the old one.

    Raises Rejected phone.invalid, person.name, language.unknown.
    """
    people = open_people(db)
    person = await people.add_person(phone, name, language)
    if name.strip() and name.strip() != person.name:
        await people.set_name(person.id, name)
    return await people.person(person.id) or person


async def list_users(db: Database, limit: int = 500) -> list[Person]:
    """Newest first."""
    return await open_people(db).store.persons(limit)


async def add_shop(
    db: Database,
    name: str,
    owner_phone: str,
    *,
    name_en: str = "",
    phone: str = "",
    lat: float | None = None,
    lon: float | None = None,
    time_zone: str = "Asia/Shanghai",
    shop_id: str = "",
    owner_name: str = "",
    with_catalogue: bool = True,
) -> Shop:
    """A new shop with its owner, and the seed catalogue unless told otherwise.

    Raises Rejected phone.invalid, shop.id, shop.exists, shop.time_zone, shop.point.
    """
    shops = ShopStore(db)
    shop = Shop(
        id=shop_id or SecretChance().name(),
        name=name,
        name_en=name_en or name,
        phone=phone,
        point=_point(lat, lon),
        time_zone=_zone(time_zone),
        created_at=time.time_ns() // 1_000_000,
    )
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", shop.id):
        raise Rejected("shop.id", "A shop's id has letters, digits, - and _ only.", shop.id, status=422)
    if await shops.find(shop.id) is not None:
        raise Rejected("shop.exists", "There is a shop with this id already.", shop.id)
    normalise(owner_phone)  # a wrong phone must not leave a shop without an owner behind
    await shops.put(shop)
    await add_staff(db, shop.id, owner_phone, "owner", name=owner_name)
    if with_catalogue:
        await CatalogueStore(db).put(seed_products(shop.id))
    return shop


async def list_shops(db: Database) -> list[Shop]:
    return await ShopStore(db).all()


async def add_staff(db: Database, shop: str, phone: str, role: str, *, name: str = "") -> Member:
    """Takes somebody on, or changes their role. Raises Rejected shop.unknown, staff.role, phone.invalid."""
    if role not in StaffRole.__members__:
        raise Rejected("staff.role", f"A role is one of {', '.join(StaffRole)}.", role, status=422)
    await ShopStore(db).get(shop)
    person = await add_user(db, phone, name)
    await open_people(db).add_staff(shop, person.id, StaffRole(role))
    return Member(shop=shop, person=person, role=StaffRole(role))


async def remove_staff(db: Database, shop: str, phone: str) -> None:
    """Raises Rejected staff.unknown (404) when they do not work there."""
    people = open_people(db)
    person = await people.store.by_phone(normalise(phone))
    if person is None or not await people.remove_staff(shop, person.id):
        raise Rejected("staff.unknown", "Nobody with this phone works at this shop.", phone, status=404)


async def list_staff(db: Database, shop: str) -> list[Member]:
    """Raises Rejected shop.unknown."""
    await ShopStore(db).get(shop)
    return await open_people(db).staff(shop)


def _point(lat: float | None, lon: float | None) -> Point | None:
    if lat is None and lon is None:
        return None
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Rejected("shop.point", "A place needs latitude and longitude (WGS-84).", [lat, lon], status=422)
    return Point(lat, lon)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise Rejected("shop.time_zone", "There is no such time zone.", name, status=422) from None
    return name
