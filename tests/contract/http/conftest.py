"""The real application on a real SQLite store, with a small dispatcher that really writes and reads."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from huaxin.catalogue.seed import PICTURES, seed_products
from huaxin.catalogue.store import CatalogueStore
from huaxin.conversation.commands import Say
from huaxin.http.app import make_app
from huaxin.http.services import Services
from huaxin.journal.model import Rejected
from huaxin.kernel import Point
from huaxin.live.views import Catalogue, Me, ProductView, ShopView, StaffRole
from huaxin.orders.commands import ConfirmOrder, PlaceOrder, Rate
from huaxin.people.model import Principal
from huaxin.people.sender import DevelopmentSender
from huaxin.people.service import People
from huaxin.shops.model import Shop
from huaxin.shops.store import ShopStore
from huaxin.storage.open import open_store
from huaxin.storage.port import Store, StoreError

SECRET = "a secret that is long enough for tests"
PHONE = "13812345678"


class ShopArgs(msgspec.Struct, frozen=True, kw_only=True):
    shop: str


class NearArgs(msgspec.Struct, frozen=True, kw_only=True):
    """Where something is."""

    text: str
    near: Point | None = None
    limit: int = 10
    exact: bool = False


class SmallDispatcher:
    """Keeps commands in a table, so that a repeat gets the first answer, as from the journal."""

    def __init__(self, store: Store, people: People) -> None:
        self._store, self._people = store, people
        self.seen: list[tuple[str, str, Any, int]] = []

    async def run(
        self, who: Principal, name: str, data: bytes | dict[str, Any], command_id: str, device_at: int
    ) -> Any:
        body = msgspec.json.decode(data) if isinstance(data, bytes) else data
        self.seen.append((who.person, name, body, device_at))
        if name == "get_me":
            work = await self._people.employments(who.person)
            staff = [StaffRole(shop=one.shop, shop_name=one.shop_name, role=one.role) for one in work]
            return Me(
                person=who.person,
                name=who.name,
                phone=who.phone,
                language=who.language,
                staff=staff,
                guest_order=who.guest_order,
                guest_role=who.guest_role,
            )
        if name == "get_catalogue":
            return await self._catalogue(msgspec.convert(body, ShopArgs).shop)
        if name == "search_places":
            return msgspec.convert(body, NearArgs)
        if name == "rate":
            msgspec.convert(body, Rate)
        if body.get("order") == "order-broken":
            raise RuntimeError("secret of the house")
        if body.get("order") == "order-fulldisk":
            raise StoreError("store.full", "no space")
        if body.get("order") == "order-delivered":
            value = {"command": name, "status": "delivered"}
            raise Rejected("order.illegal_move", "The order is delivered.", value)
        if body.get("order") == "order-unheard":
            raise Rejected("order.of_no_catalogue", "Words of its own.", 7)
        return await self._once(who.person, command_id)

    async def _once(self, person: str, command_id: str) -> dict[str, Any]:
        await self._store.execute(
            "INSERT INTO tried (actor, command_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            person,
            command_id,
        )
        rows = await self._store.fetch(
            "SELECT seq FROM tried WHERE actor = $1 AND command_id = $2", person, command_id
        )
        return {"shop": "s1", "seq": rows[0][0], "at": 1}

    async def _catalogue(self, shop: str) -> Catalogue:
        found = await ShopStore(self._store).get(shop)
        view = ShopView(
            id=found.id, name=found.name, name_en="", point=None, phone="", time_zone=found.time_zone
        )
        products = await CatalogueStore(self._store).products(shop)
        return Catalogue(
            shop=view,
            products=[
                ProductView(
                    id=p.id,
                    name=p.name,
                    name_en=p.name_en,
                    price=p.price,
                    picture=p.picture,
                    fragile=p.fragile,
                )
                for p in products
            ],
        )


class World:
    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder, self.now = store, folder, 1_800_000_000_000
        self.people = People(store, lambda: self.now, SECRET, DevelopmentSender(reveals=True))
        self.dispatcher = SmallDispatcher(store, self.people)
        self.services = Services(
            people=self.people,
            dispatcher=self.dispatcher,
            commands={"place_order": PlaceOrder, "confirm_order": ConfirmOrder, "rate": Rate, "say": Say},
            queries={
                "get_me": (None, Me),
                "get_catalogue": (ShopArgs, Catalogue),
                "search_places": (NearArgs, NearArgs),
            },
            info=lambda: {"name": "花信 Huaxin", "demo": False},
            static_dir=folder / "static",
            city_dir=folder / "cities",
            pictures_dir=PICTURES,
            connection_app=echo,
            version="0.1.0",
        )
        self.app = make_app(self.services)

    def client(self, token: str = "", **headers: str) -> httpx.AsyncClient:
        if token:
            headers["authorization"] = f"Bearer {token}"
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://huaxin.test", headers=headers)

    async def log_in(self, phone: str = PHONE, language: str = "zh-CN") -> str:
        async with self.client() as client:
            sent = (await client.post("/api/login/code", json={"phone": phone})).json()
            wish = {"phone": phone, "code": sent["dev_code"], "device_name": "t", "language": language}
            return str((await client.post("/api/login", json=wish)).json()["access"])


async def echo(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


def build_screens(folder: Path) -> None:
    for screen in ("buyer", "courier", "shop"):
        assets = folder / "static" / screen / "assets"
        assets.mkdir(parents=True)
        (assets.parent / "index.html").write_text(f"<!doctype html><title>{screen}</title>")
        (assets.parent / "sw.js").write_text("// worker")
        (assets / "main-4f2a.js").write_text("console.log(1)")
    (folder / "secret.txt").write_text("not for anybody")
    (folder / "cities" / "demo").mkdir(parents=True)
    (folder / "cities" / "demo" / "basemap.pmtiles").write_bytes(bytes(range(256)) * 4)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    store = await open_store(f"sqlite:///{tmp_path}/http.db")
    await store.execute(
        "CREATE TABLE tried (seq INTEGER PRIMARY KEY, actor TEXT, command_id TEXT,"
        " UNIQUE (actor, command_id))"
    )
    await ShopStore(store).put(Shop(id="s1", name="花信"))
    await CatalogueStore(store).put(seed_products("s1"))
    build_screens(tmp_path)
    yield World(store, tmp_path)
    await store.close()
