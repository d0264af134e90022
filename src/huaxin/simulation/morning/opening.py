"""The evening before: an empty shop is opened; its people make the catalogue, the windows and the rules."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from huaxin import compose
from huaxin.compose import House
from huaxin.config import Config
from huaxin.kernel import Point
from huaxin.live.clock import Clock
from huaxin.people import admin
from huaxin.simulation.morning.hands import Door, Person
from huaxin.simulation.morning.pictures import draw_bouquet
from huaxin.simulation.morning.scale import BOUQUETS, EVENING, Bouquet, Scale
from huaxin.simulation.morning.scene import SHOP, Scene
from huaxin.simulation.starter import find_shop_point

DAY = date(2026, 3, 7)  # a Saturday; the shop is opened on the Friday before
NAME, NAME_EN = "清晨花店", "Morning Flowers"
OWNER, DESK = ("林老板", "13810000001"), ("小周", "13810000002")
COURIER_NAMES = (
    "张师傅", "王师傅", "小李", "老周", "刘姐", "阿明", "小吴", "陈哥", "小赵", "阿强", "老马", "小孙",
)  # fmt: skip


async def open_house(config: Config, zone: str) -> tuple[House, Clock]:
    """A house with nobody in it, at six in the evening; not started. Raises as compose.build."""
    evening = datetime(DAY.year, DAY.month, DAY.day - 1, EVENING // 60, tzinfo=ZoneInfo(zone))
    clock = Clock(int(evening.timestamp() * 1000), 0)
    house = await compose.build(config, clock=clock, reveal_codes=True)
    return house, clock


async def open_shop(house: House, scale: Scale) -> None:
    """`huaxin shop add … --empty` and `huaxin shop staff add`, before the doors open."""
    point = find_shop_point(house.city)
    await admin.add_shop(
        house.store, NAME, OWNER[1], name_en=NAME_EN, phone="0571-86000000", lat=point.lat, lon=point.lon,
        shop_id=SHOP, owner_name=OWNER[0], with_catalogue=False,
    )  # fmt: skip
    await admin.add_staff(house.store, SHOP, DESK[1], "dispatcher", name=DESK[0])
    for nth in range(scale.florists):
        await admin.add_staff(house.store, SHOP, _florist(nth), "florist", name=f"花艺师{nth + 1}")
    for nth in range(scale.couriers):
        await admin.add_staff(house.store, SHOP, _courier(nth), "courier", name=_courier_name(nth))
    await house.start()


def _florist(nth: int) -> str:
    return f"1381000{100 + nth:04d}"


def _courier(nth: int) -> str:
    return f"1381000{200 + nth:04d}"


def _courier_name(nth: int) -> str:
    lap, place = divmod(nth, len(COURIER_NAMES))
    return COURIER_NAMES[place] + (str(lap + 1) if lap else "")


async def gather(house: House, clock: Clock, scale: Scale, seed: int, folder: Path) -> Scene:
    """Everybody logs in with a code on a phone of their own."""
    door = Door(f"http://127.0.0.1:{house.server.port}")
    owner = await door.log_in(OWNER[1], OWNER[0])
    return Scene(
        house=house,
        clock=clock,
        door=door,
        scale=scale,
        seed=seed,
        day=DAY,
        folder=folder,
        owner=owner,
        desk=await door.log_in(DESK[1], DESK[0]),
        florists=[await door.log_in(_florist(n), f"花艺师{n + 1}") for n in range(scale.florists)],
        couriers=[await door.log_in(_courier(n), _courier_name(n)) for n in range(scale.couriers)],
        shop=await house.shops.get(SHOP),
    )


async def furnish(scene: Scene) -> None:
    """The catalogue with pictures of its own, the windows and rings with their fees, what is asked for."""
    owner, empty = scene.owner, await scene.owner.ask("get_catalogue", shop=SHOP)
    scene.check("the shop begins without a bouquet", not empty["products"], len(empty["products"]))
    florist = scene.florists[0]
    for one in BOUQUETS:
        await _put(scene, florist, one)
    order = [one.id for one in BOUQUETS]
    await florist.do("rank_products", shop=SHOP, products=order)
    await owner.do("set_slots", shop=SHOP, plan=_plain(scene.scale))
    gates = {"photo": "required", "answer_minutes": 15, "open_fix": "refuse", "picture": True}
    await owner.do("set_gates", shop=SHOP, gates=gates)
    await owner.do("set_bike", shop=SHOP, places=16, tall=4)
    made = (await owner.ask("get_catalogue", shop=SHOP))["products"]
    own = sum(1 for one in made if one["picture"].startswith("/pictures/own/"))
    scene.check("every bouquet has a picture of its own", own == len(BOUQUETS), f"{own} of {len(BOUQUETS)}")


async def _put(scene: Scene, who: Person, one: Bouquet) -> None:
    photo = draw_bouquet(one.colour, scene.chance("catalogue", one.id), 640)
    kept = await who.send_file(f"/api/shops/{SHOP}/pictures", photo, "image/jpeg")
    sizes = [
        {"id": "usual", "name": "标准", "name_en": "Usual", "price": one.price, "percent": 100},
        {
            "id": "large",
            "name": "双份",
            "name_en": "Twice as many",
            "price": one.price * 18 // 10,
            "percent": 200,
        },
    ]
    await who.do(
        "put_product", shop=SHOP, id=one.id, name=one.name, name_en=one.name_en, price=one.price,
        pictures=[kept["picture"]], words=one.words, words_en=one.words_en, size=one.size,
        fragile=one.fragile, variants=sizes if one.sizes else [],
        recipe=[{"name": stem.name, "count": stem.count, "name_en": stem.name_en} for stem in one.recipe],
    )  # fmt: skip


def _plain(scale: Scale) -> dict[str, object]:
    plain: dict[str, object] = msgspec.to_builtins(scale.plan())
    return plain


def point_of(scene: Scene) -> Point:
    assert scene.shop.point is not None
    return scene.shop.point
