"""Who is there while the server is being killed: two shops, couriers, buyers, guests, strangers."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from huaxin.catalogue.seed import seed_products
from huaxin.compose import House
from huaxin.people.model import StaffRole
from huaxin.shops.model import Shop
from huaxin.storage.open import open_store
from tests.faults.checker import Fact, Member
from tests.house import Member as Session
from tests.house import open_house, place, shop_point

ORDERS = 6
SHOP, OTHER = "huaxin", "other"
_CARD = "写给妈妈的秘密"
_PHONES = tuple(f"1350000000{nth}" for nth in range(ORDERS))


@dataclass
class Person:
    """A member with a session: what a device needs to connect."""

    member: Member
    access: str


@dataclass
class World:
    buyers: list[Person] = field(default_factory=list)  # of the order with the same place in `orders`
    guests: list[Person] = field(default_factory=list)
    staff: list[Person] = field(default_factory=list)
    couriers: list[Person] = field(default_factory=list)
    strangers: list[Person] = field(default_factory=list)  # no part in any order of the shop
    orders: list[str] = field(default_factory=list)

    @property
    def people(self) -> list[Person]:
        return [*self.buyers, *self.guests, *self.staff, *self.couriers, *self.strangers]


async def make_world(data: Path, database: str) -> World:
    """Fills an empty database through a house that is closed again. Access tokens last ten minutes."""
    async with open_house(data, database=database) as house:
        await _open_other_shop(house)
        world = World()
        owner = await _staff(house, "13800000001", "owner", SHOP, StaffRole.owner)
        florist = await _staff(house, "13800000002", "florist", SHOP, StaffRole.florist)
        world.staff = [owner, florist]
        for nth in range(3):
            phone = f"1380000001{nth + 1}"
            world.couriers.append(await _staff(house, phone, f"courier {nth + 1}", SHOP, StaffRole.courier))
        for nth in range(ORDERS):
            await _order(house, world, owner, nth)
        world.strangers = [
            await _staff(house, "13600000001", "owner of the other shop", OTHER, StaffRole.owner),
            await _staff(house, "13600000002", "courier of the other shop", OTHER, StaffRole.courier),
            await _stranger(house),
        ]
        return world


async def _open_other_shop(house: House) -> None:
    point = await shop_point(house)
    shop = Shop(
        id=OTHER,
        name="别家花店",
        name_en="Another shop",
        phone="0571-1",
        point=point,
        created_at=house.clock(),
    )
    await house.shops.put(shop)
    await house.catalogue.put(seed_products(OTHER))


async def _person(house: House, phone: str, name: str) -> tuple[str, str]:
    person = await house.people.add_person(phone, name)
    issued = await house.people.open_session(person.id, "crash")
    return person.id, issued.access


async def _staff(house: House, phone: str, name: str, shop: str, role: StaffRole) -> Person:
    person = await house.people.add_person(phone, name)
    await house.people.add_staff(shop, person.id, role)
    issued = await house.people.open_session(person.id, "crash")
    if shop == OTHER:
        return Person(Member(name, person.id, "stranger"), issued.access)
    kind = "courier" if role is StaffRole.courier else "shop"
    # A courier sees neither what the flowers cost nor what the card says nor the buyer's number.
    hidden = (_CARD, '"total":1', *_PHONES) if kind == "courier" else ()
    return Person(Member(name, person.id, kind, shop=shop, secrets=hidden), issued.access)


async def _stranger(house: House) -> Person:
    person, access = await _person(house, "13600000003", "another customer")
    return Person(Member("another customer", person, "stranger"), access)


async def _order(house: House, world: World, owner: Person, nth: int) -> None:
    phone = _PHONES[nth]
    person, access = await _person(house, phone, f"buyer {nth + 1}")
    buyer = Session(house, person, access)
    card = {"text": _CARD, "signature": "小李"}
    order = await place(
        buyer, f"crash-{nth}-" + secrets.token_hex(4), card=card, surprise=True, contact={"policy": "free"}
    )
    mine = frozenset({order})
    world.orders.append(order)
    world.buyers.append(Person(Member(f"buyer {nth + 1}", person, "buyer", orders=mine), access))
    link = await buyer.done("create_guest_link", order=order, role="recipient")
    issued = await house.people.exchange_guest(link["url"].rpartition("/")[2], "crash")
    hidden = (phone, _CARD, '"total":1')
    guest = Member(f"recipient {nth + 1}", issued.person, "recipient", orders=mine, secrets=hidden)
    world.guests.append(Person(guest, issued.access))
    shop = Session(house, owner.member.person, owner.access)
    await shop.done("confirm_order", order=order)
    courier = world.couriers[nth % 2].member.person
    await shop.done("assign_courier", order=order, courier=courier)
    await buyer.http.aclose()
    await shop.http.aclose()


async def read_facts(database: str) -> list[Fact]:
    """The journals of both shops, straight from the database."""
    store = await open_store(database, migrate=False)
    try:
        found: list[Fact] = []
        for shop in (SHOP, OTHER):
            after = 0
            while records := await store.read(shop, after, 2_000):
                after = records[-1].seq
                found += [_fact(record) for record in records]
        return found
    finally:
        await store.close()


def _fact(record: Any) -> Fact:
    text = msgspec.json.decode(record.body).get("text", "") if record.type == "message_sent" else ""
    return Fact(
        shop=record.shop,
        seq=record.seq,
        order=record.subject,
        type=record.type,
        actor=record.actor,
        command_id=record.command_id,
        nth=record.nth,
        audience=record.audience,
        has_delta=bool(record.delta),
        courier=record.courier,
        courier_before=record.courier_before,
        marker=text.partition("»")[0] + "»" if text.startswith("«") else "",
    )
