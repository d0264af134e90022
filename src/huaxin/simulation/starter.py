"""A shop to begin with, so that the first three pages anybody opens have somebody in them."""

from typing import Protocol

from huaxin.catalogue.seed import seed_products
from huaxin.catalogue.store import CatalogueStore
from huaxin.kernel import Point
from huaxin.live.views import PlaceMatch
from huaxin.people.model import StaffRole
from huaxin.people.service import People
from huaxin.shops.model import Shop
from huaxin.shops.store import ShopStore

SHOP_ID = "huaxin"
SHOP_NAME, SHOP_NAME_EN = "花信花店", "Huaxin Flowers"

# role on the screens, name, phone, work at the shop
PEOPLE: tuple[tuple[str, str, str, StaffRole | None], ...] = (
    ("shop", "林老板", "13800000001", StaffRole.owner),
    ("shop", "阿芳", "13800000002", StaffRole.florist),
    ("shop", "小周", "13800000003", StaffRole.dispatcher),
    ("courier", "张师傅", "13800000011", StaffRole.courier),
    ("courier", "小张", "13800000012", StaffRole.courier),
    ("courier", "王师傅", "13800000013", StaffRole.courier),
    ("buyer", "李女士", "13700000021", None),
    ("buyer", "陈先生", "13700000022", None),
)


class Streets(Protocol):
    """As much of the city as a shop needs to be put somewhere (live/roads.py)."""

    @property
    def middle(self) -> Point: ...

    def search(self, text: str, near: Point | None, limit: int = 8) -> list[PlaceMatch]: ...


async def open_starter_shop(
    people: People, shops: ShopStore, catalogue: CatalogueStore, streets: Streets, now: int
) -> Shop:
    """Makes the shop, its bouquets and its people; what is there already stays as it is."""
    shop = await shops.find(SHOP_ID)
    if shop is None:
        shop = Shop(
            id=SHOP_ID,
            name=SHOP_NAME,
            name_en=SHOP_NAME_EN,
            phone="0571-88880000",
            point=find_shop_point(streets),
            created_at=now,
        )
        await shops.put(shop)
        await catalogue.put(seed_products(SHOP_ID))
    for _, name, phone, work in PEOPLE:
        person = await people.add_person(phone, name)
        if work is not None:
            await people.add_staff(SHOP_ID, person.id, work)
    return shop


def find_shop_point(streets: Streets) -> Point:
    """The flower shop that is on the map, else the middle of the city."""
    for match in streets.search(SHOP_NAME, None, limit=3):
        if match.name == SHOP_NAME:
            return match.point
    return streets.middle


def demo_logins() -> list[dict[str, str]]:
    return [{"role": role, "name": name, "phone": phone} for role, name, phone, _ in PEOPLE]
