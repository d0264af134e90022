"""The catalogue as the shop keeps it: list, change, rank, and pictures of one's own."""

import asyncio
import hashlib
import secrets
import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from huaxin.catalogue.checking import make_product
from huaxin.catalogue.commands import MOST_PRODUCTS, PutProduct, RankProducts
from huaxin.catalogue.store import CatalogueStore
from huaxin.journal.model import Rejected
from huaxin.live.catalogue_views import PictureView, ProductCard, product_card
from huaxin.live.picture_sweep import OWN, PictureSweep
from huaxin.live.queries import ShopArgs
from huaxin.media.model import Purpose
from huaxin.media.worker import Job, Result
from huaxin.people.access import access_shop
from huaxin.people.model import Principal, StaffRole

MOST_BYTES = 20_000_000
LONGEST = 1200  # pixels: the width of a phone, three to a point
KEEPERS = (StaffRole.owner, StaffRole.florist)
BROUGHT = "/pictures/"  # the project's pictures; those of the shop lie in OWN
LOOK_AGAIN_S = 3_600.0  # much shorter than an unused picture is kept
MakePicture = Callable[[Job], Awaitable[Result]]


class CatalogueRoom:
    """`make` is the media worker: no picture is opened in this process. `folder` keeps what it made;
    `brought` has the pictures the project brings."""

    def __init__(self, store: CatalogueStore, make: MakePicture, folder: Path, brought: Path) -> None:
        self._store, self._make, self.folder, self._brought = store, make, folder, brought
        self._there: dict[str, float] = {}  # addresses that were looked at → when
        self.pictures = PictureSweep(store, folder)
        self.pictures.gone.append(self._forget)

    async def list_products(self, who: Principal, args: ShopArgs) -> list[ProductCard]:
        """All of them, also those that cannot be had. Raises Rejected access.denied."""
        access_shop(who, args.shop)
        out = frozenset(await self._store.stems_out(args.shop))
        return [product_card(one, out) for one in await self._store.products(args.shop, available_only=False)]

    async def put_product(self, who: Principal, wish: PutProduct) -> dict[str, Any]:
        """Raises Rejected access.denied, product.* (422)."""
        access_shop(who, wish.shop, *KEEPERS)
        known = {one.id: one for one in await self._store.products(wish.shop, available_only=False)}
        if wish.id not in known and len(known) >= MOST_PRODUCTS:
            raise Rejected("product.too_many", "A catalogue holds 500 bouquets.", len(known), status=422)
        before = known.get(wish.id)
        rank = before.rank if before else 1 + max((one.rank for one in known.values()), default=-1)
        product = make_product(wish, rank)
        for picture in product.pictures:
            await self.check_picture(picture)
        await self._store.put([product])
        return {"shop": wish.shop, "product": wish.id}

    async def rank_products(self, who: Principal, wish: RankProducts) -> dict[str, Any]:
        """Raises Rejected access.denied, product.unknown."""
        access_shop(who, wish.shop, *KEEPERS)
        known = {one.id for one in await self._store.products(wish.shop, available_only=False)}
        for id in wish.products:
            if id not in known:
                raise Rejected("product.unknown", "The shop does not have this bouquet.", id, status=422)
        await self._store.rank(wish.shop, list(dict.fromkeys(wish.products)))
        return {"shop": wish.shop}

    async def take_picture(self, who: Principal, shop: str, data: bytes) -> PictureView:
        """A picture for the catalogue or a proposal: upright, without metadata, small enough for a list.

        Raises Rejected access.denied, media.too_large, media.type, media.pixels, media.broken.
        """
        access_shop(who, shop)
        if len(data) > MOST_BYTES:
            raise Rejected("media.too_large", "A picture holds up to 20 MB.", len(data), status=413)
        name = await self._keep(data, hashlib.sha256(data).hexdigest()[:32])
        return PictureView(picture=OWN + name)

    async def _keep(self, data: bytes, name: str) -> str:
        work = self.folder / f"work-{secrets.token_hex(8)}"
        await asyncio.to_thread((work / "out").mkdir, parents=True)
        try:
            await asyncio.to_thread((work / "source").write_bytes, data)
            job = Job(
                id=work.name, purpose=Purpose.picture, source=str(work / "source"), out=str(work / "out"),
                longest=LONGEST,
            )  # fmt: skip
            made = await self._make(job)
            if made.code:
                raise Rejected(made.code, made.sentence, made.value, status=422)
            file = work / "out" / made.files["original"][0]
            # Named by what came in: the same picture again is the same file.
            await asyncio.to_thread(file.replace, self.folder / (name + file.suffix))
            return name + file.suffix
        finally:
            await asyncio.to_thread(shutil.rmtree, work, True)

    async def check_picture(self, address: str) -> None:
        """Raises Rejected product.picture (422) unless a picture is at this address of ours."""
        now = time.monotonic()
        if now - self._there.get(address, float("-inf")) < LOOK_AGAIN_S:
            return
        if not await asyncio.to_thread(self._use, address):
            raise Rejected("product.picture", "There is no such picture here.", address, status=422)
        self._there[address] = now

    def _forget(self, address: str) -> None:
        self._there.pop(address, None)

    def _use(self, address: str) -> bool:
        """Whether it is there; one of the shop's own is not swept away now, before it is written down."""
        if not self._has(address):
            return False
        if address.startswith(OWN):
            self.pictures.touch(address)
        return True

    def _has(self, address: str) -> bool:
        folder, start = (self.folder, OWN) if address.startswith(OWN) else (self._brought, BROUGHT)
        name = address.removeprefix(start)
        plain = address.startswith(start) and name == Path(name).name and name.isprintable()
        return plain and bool(name) and (folder / name).is_file()

    def acts(self) -> dict[str, Callable[..., Any]]:
        return {"put_product": self.put_product, "rank_products": self.rank_products}

    def queries(self) -> dict[str, tuple[Any, Any, Any]]:
        return {"list_products": (ShopArgs, list[ProductCard], self.list_products)}
