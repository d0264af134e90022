"""Queries about shops, bouquets, places and oneself."""

from collections.abc import Callable
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from huaxin.catalogue.store import CatalogueStore
from huaxin.journal.model import Rejected
from huaxin.kernel import Point, Text
from huaxin.live import views as v
from huaxin.live.catalogue_views import pictures_of
from huaxin.live.queries import NoArgs, ShopArgs
from huaxin.live.roads import City
from huaxin.live.slots import SlotDesk
from huaxin.people.model import Principal
from huaxin.people.service import People
from huaxin.shops.model import Shop, local_day, slots_on
from huaxin.shops.store import ShopStore
from huaxin.tracking.notes import read_note

DAYS_OFFERED = 3
_DAY_MS = 24 * 3_600_000


class SearchArgs(msgspec.Struct, frozen=True, kw_only=True):
    text: Annotated[str, Meta(max_length=120)]
    near: Point | None = None
    language: Annotated[str, Meta(max_length=10)] = ""  # of the words; empty: the city's own


class PointArgs(msgspec.Struct, frozen=True, kw_only=True):
    point: Point
    language: Annotated[str, Meta(max_length=10)] = ""


class QuoteArgs(msgspec.Struct, frozen=True, kw_only=True):
    shop: str
    point: Point | None = None
    note: Annotated[str, Meta(max_length=500)] = ""
    day: Annotated[int, Meta(ge=0, le=90)] = (
        0  # 0: from today on; n: only the n-th day from today (1 is tomorrow)
    )


class Answers:
    def __init__(
        self,
        people: People,
        shops: ShopStore,
        catalogue: CatalogueStore,
        city: City,
        clock: Callable[[], int],
        slots: SlotDesk,
    ) -> None:
        self._desk = slots
        self._people, self._shops, self._catalogue = people, shops, catalogue
        self._city, self._clock = city, clock

    async def get_me(self, who: Principal, args: NoArgs) -> v.Me:
        if not who.person:
            raise Rejected("auth.required", "Log in first.", status=401)
        work = await self._people.employments(who.person)
        return v.Me(
            person=who.person,
            name=who.name,
            phone=who.phone,
            language=who.language,
            staff=[v.StaffRole(shop=one.shop, shop_name=one.shop_name, role=one.role) for one in work],
            guest_order=who.guest_order,
            guest_role=who.guest_role,
        )

    async def list_shops(self, who: Principal, args: NoArgs) -> list[v.ShopView]:
        return [shop_view(shop) for shop in await self._shops.all()]

    async def get_catalogue(self, who: Principal, args: ShopArgs) -> v.Catalogue:
        shop = await self._shops.get(args.shop)
        products = await self._catalogue.offered(shop.id)
        return v.Catalogue(
            shop=shop_view(shop),
            products=[
                v.ProductView(
                    id=one.id,
                    name=one.name,
                    name_en=one.name_en,
                    price=one.price,
                    picture=one.picture,
                    words=one.words,
                    words_en=one.words_en,
                    fragile=one.fragile,
                    size=one.size,
                    tall=one.tall,
                    days=list(one.days),
                    pictures=pictures_of(one),
                    variants=list(one.variants),
                )
                for one in products
            ],
        )

    async def search_places(self, who: Principal, args: SearchArgs) -> list[v.PlaceMatch]:
        text = args.text.strip()
        return self._city.search(text, args.near, language=args.language) if text else []

    async def reverse_place(self, who: Principal, args: PointArgs) -> v.PlaceMatch | None:
        return self._city.reverse(args.point, args.language)

    async def quote(self, who: Principal, args: QuoteArgs) -> v.Quote:
        shop = await self._shops.get(args.shop)
        now = self._clock()
        found = read_note(args.note, now, ZoneInfo(shop.time_zone)) if args.note.strip() else None
        ride = self._city.ride(shop.point, args.point) if shop.point and args.point else None
        if shop.point and args.point and ride is None:
            return v.Quote(reachable=False, words=NO_WAY, slots=[])
        read = found.promise if found and not found.doubt else None
        offered = await self._desk.offered(who, shop, args.point, read, args.day, now)
        if offered is not None and not offered.reachable:
            return v.Quote(reachable=False, words=offered.words, slots=[])
        return v.Quote(
            reachable=True,
            minutes=round(ride[0] / 60) if ride else 0,
            distance_m=ride[1] if ride else 0.0,
            slots=offered.slots if offered else self._slots(shop, now, args.day),
            asap=offered.asap if offered else None,
            note_slot=offered.note if offered else None,
            zone=offered.zone if offered else None,
            note=v.NoteView(promise=found.promise, choices=list(found.choices), doubt=found.doubt.value)
            if found
            else None,
        )

    def _slots(self, shop: Shop, now: int, only: int) -> list[v.Slot]:
        days = range(DAYS_OFFERED) if only == 0 else range(only, only + 1)
        found = []
        for ahead in days:
            for slot in slots_on(shop, local_day(shop, now + ahead * _DAY_MS), now):
                found.append(v.Slot(start=slot.start, end=slot.end, label=slot.label, open=slot.open))
        return found


NO_WAY = Text(
    "配送员骑车到不了这个地址,请换一个地址或联系花店。",
    "Our couriers cannot ride to this address; choose another one or ask the shop.",
)


def shop_view(shop: Shop) -> v.ShopView:
    return v.ShopView(
        id=shop.id,
        name=shop.name,
        name_en=shop.name_en,
        point=shop.point,
        phone=shop.phone,
        time_zone=shop.time_zone,
    )
