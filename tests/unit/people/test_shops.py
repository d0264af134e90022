"""PE-28…PE-33: shops, slots, order numbers, the catalogue, administration, marks."""

import asyncio
from datetime import date
from xml.etree import ElementTree

import pytest

from huaxin.catalogue.seed import PICTURES, seed_products
from huaxin.catalogue.store import CatalogueStore
from huaxin.conversation.marks import Marks
from huaxin.kernel import Point
from huaxin.people import admin
from huaxin.people.model import StaffRole
from huaxin.shops.model import Opening, Shop, SlotRule, at_minute, local_day, slots_on
from huaxin.shops.store import ShopStore
from tests.unit.people.conftest import World
from tests.unit.people.test_login import refusal


async def test_a_shop_is_kept_whole(world: World) -> None:
    """PE-28."""
    shop = Shop(
        id="s1",
        name="花信",
        name_en="Huaxin",
        phone="02162345678",
        point=Point(31.2304, 121.4737),
        opening=(Opening(days=(1, 2), start=540, end=1080),),
        slots=(SlotRule(start=540, end=660, cut_off=90),),
        service_minutes=20,
        created_at=7,
    )
    shops = ShopStore(world.db)
    await shops.put(shop)
    assert await ShopStore(world.db).get("s1") == shop
    assert (await refusal(shops.get("s2"))).code == "shop.unknown"


async def test_order_numbers_are_never_given_twice(world: World) -> None:
    """PE-29: not by two tasks, not by two stores, and a changed shop keeps counting."""
    await ShopStore(world.db).put(Shop(id="s1", name="a"))
    stores = [ShopStore(world.db), ShopStore(world.db)]
    taken = await asyncio.gather(*(stores[i % 2].take_number("s1") for i in range(40)))
    assert sorted(taken) == list(range(1001, 1041))
    await stores[0].put(Shop(id="s1", name="b"))
    assert await stores[1].take_number("s1") == 1041


def test_slots_of_a_day() -> None:
    """PE-30: in the shop's own time; closed days have none; the last minute is too late."""
    shop = Shop(id="s1", name="a", opening=(Opening(days=(6, 7), start=9 * 60, end=15 * 60),))
    saturday = date(2027, 1, 9)
    nine = at_minute(shop, saturday, 9 * 60)
    slots = slots_on(shop, saturday, nine - 3_600_000)
    assert [one.label.zh for one in slots] == ["9:00–11:00", "11:00–13:00", "13:00–15:00"]
    assert slots[0].start == nine == 1_799_456_400_000
    assert all(one.open for one in slots)
    late = slots_on(shop, saturday, nine + 3_600_000)
    assert [one.open for one in late] == [False, True, True]
    assert slots_on(shop, date(2027, 1, 8), nine) == []
    assert local_day(shop, nine - 9 * 3_600_000 + 1) == saturday
    assert local_day(shop, nine - 9 * 3_600_000 - 1) == date(2027, 1, 8)


async def test_a_catalogue_is_kept_in_order(world: World) -> None:
    """PE-31."""
    store = CatalogueStore(world.db)
    seeds = seed_products("s1")
    await store.put([*seeds, *seed_products("s2")])
    assert await store.products("s1") == seeds
    sold_out = seeds[0].__class__(shop="s1", id="carnation", name="康乃馨花束", available=False)
    await store.put([sold_out])
    assert "carnation" not in [one.id for one in await store.products("s1")]
    assert (await refusal(store.take("s1", ["lily", "carnation"]))).code == "product.unavailable"
    assert (await refusal(store.take("s1", ["grass"]))).value == "grass"
    assert list(await store.take("s2", ["carnation"])) == ["carnation"]


def test_every_bouquet_has_a_picture_and_both_languages() -> None:
    """PE-31: a well-formed drawing of our own, small, without scripts or addresses."""
    for one in seed_products("s1"):
        assert one.name
        assert one.name_en
        assert one.words
        assert one.words_en
        assert 5_000 < one.price < 80_000
        file = PICTURES / one.picture.rpartition("/")[2]
        text = file.read_text("utf-8")
        root = ElementTree.fromstring(text)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert len(text) < 80_000
        assert "<script" not in text
        assert 'href="http' not in text


async def test_administration(world: World) -> None:
    """PE-32: a shop comes with its owner and catalogue, or not at all."""
    refused = await refusal(admin.add_shop(world.db, "花信", "123", shop_id="s1"))
    assert refused.code == "phone.invalid"
    assert await admin.list_shops(world.db) == []
    shop = await admin.add_shop(
        world.db, "花信", "13900000000", shop_id="s1", lat=31.2, lon=121.4, owner_name="店主"
    )
    assert (await refusal(admin.add_shop(world.db, "花", "13900000000", shop_id="s1"))).code == "shop.exists"
    await admin.add_staff(world.db, "s1", "138 1234 5678", "courier", name="小张")
    found = {one.person.name: one.role for one in await admin.list_staff(world.db, shop.id)}
    assert found == {"店主": StaffRole.owner, "小张": StaffRole.courier}
    assert len(await CatalogueStore(world.db).products("s1")) == 9
    await admin.remove_staff(world.db, "s1", "13812345678")
    assert (await refusal(admin.remove_staff(world.db, "s1", "13812345678"))).code == "staff.unknown"
    assert (await refusal(admin.add_staff(world.db, "s9", "13812345678", "owner"))).code == "shop.unknown"
    assert (await refusal(admin.add_staff(world.db, "s1", "13812345678", "king"))).code == "staff.role"
    zone = admin.add_shop(world.db, "花", "13900000000", time_zone="Mars/Olympus")
    assert (await refusal(zone)).code == "shop.time_zone"
    assert (await admin.add_user(world.db, "13812345678", "张师傅")).name == "张师傅"
    assert len(await admin.list_users(world.db)) == 2


@pytest.mark.parametrize("flushed", [True, False])
async def test_marks_only_move_forward_and_survive(world: World, flushed: bool) -> None:
    """PE-33: read implies received; an older mark changes nothing; a restart keeps them."""
    marks = Marks(world.db)
    await asyncio.gather(*(marks.set("o1", "p", "buyer", received=n) for n in (3, 9, 5)))
    assert await marks.set("o1", "p", "buyer", received=2, read=1) is not None
    moved = await marks.set("o1", "p", "buyer", read=12)
    assert moved is not None
    assert (moved.received, moved.read) == (12, 12)
    assert await marks.set("o1", "p", "buyer", received=11, read=12) is None
    await marks.set("o1", "p", "courier", received=4)
    await marks.flush()
    if flushed:
        marks = Marks(world.db)
    assert [(m.role, m.received, m.read) for m in await marks.get("o1")] == [
        ("buyer", 12, 12),
        ("courier", 4, 0),
    ]
    assert await marks.get("o2") == []


async def test_two_nodes_cannot_move_a_mark_back(world: World) -> None:
    """PE-33."""
    one, two = Marks(world.db), Marks(world.db)
    await one.get("o1")
    await two.get("o1")
    await one.set("o1", "p", "buyer", received=9, read=9)
    await one.flush()
    await two.set("o1", "p", "buyer", received=4, read=4)
    await two.flush()
    assert [m.read for m in await Marks(world.db).get("o1")] == [9]


async def test_marks_of_another_node_are_seen(world: World) -> None:
    """PE-33: one order on two nodes shows the same marks, once they are written."""
    one, two = Marks(world.db, shared=True), Marks(world.db, shared=True)
    assert await two.get("o1") == []
    await one.set("o1", "p1", "buyer", read=5)
    await one.flush()
    assert [m.read for m in await two.get("o1")] == [5]
    await two.set("o1", "p1", "buyer", read=7)
    assert [m.read for m in await two.get("o1")] == [7]


async def test_marks_wait_for_a_store_that_failed(world: World) -> None:
    """PE-33: they are written with the next ones."""

    class Failing:
        broken = True

        async def fetch(self, sql, *args):
            return await world.db.fetch(sql, *args)

        async def execute_many(self, statements):
            if self.broken:
                raise OSError("no space")
            return await world.db.execute_many(statements)

    db = Failing()
    marks = Marks(db)
    await marks.set("o1", "p", "buyer", received=1)
    with pytest.raises(OSError, match="no space"):
        await marks.flush()
    db.broken = False
    await marks.set("o1", "q", "shop", received=2)
    await marks.flush()
    assert len(await Marks(world.db).get("o1")) == 2
