"""Products in the database."""

from collections.abc import Iterable

import msgspec

from huaxin.catalogue.model import Product, Variant
from huaxin.journal.model import Rejected
from huaxin.kernel import Stem
from huaxin.storage.port import Database

_COLUMNS = (
    "shop, id, name, name_en, price, picture, words, words_en, fragile, available, rank, size, tall, recipe,"
    " days, variants, pictures, sold_out"
)
_HOLDERS = ", ".join(f"${n}" for n in range(1, 19))
_RECIPE = msgspec.json.Decoder(tuple[Stem, ...])
_VARIANTS = msgspec.json.Decoder(tuple[Variant, ...])
_PICTURES = msgspec.json.Decoder(tuple[str, ...])


class CatalogueStore:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def products(self, shop: str, *, available_only: bool = True) -> list[Product]:
        rows = await self._db.fetch(
            f"SELECT {_COLUMNS} FROM products WHERE shop = $1 AND available >= $2 ORDER BY rank, id",
            shop,
            1 if available_only else 0,
        )
        return [_product(row) for row in rows]

    async def offered(self, shop: str) -> list[Product]:
        """What can be had: without what is hidden, sold out, or made of a stem that is out."""
        out = frozenset(await self.stems_out(shop))
        return [one for one in await self.products(shop) if one.can_be_had(out)]

    async def stems_out(self, shop: str) -> dict[str, int]:
        """stem → since when, ms."""
        rows = await self._db.fetch("SELECT stem, since FROM stems_out WHERE shop = $1 ORDER BY stem", shop)
        return {str(stem): int(str(since)) for stem, since in rows}

    async def set_stem(self, shop: str, stem: str, out_since: int) -> None:
        """`out_since` ms; 0: it is back."""
        if not out_since:
            await self._db.execute("DELETE FROM stems_out WHERE shop = $1 AND stem = $2", shop, stem)
            return
        await self._db.execute(
            "INSERT INTO stems_out (shop, stem, since) VALUES ($1, $2, $3)"
            " ON CONFLICT (shop, stem) DO NOTHING",
            shop, stem, out_since,
        )  # fmt: skip

    async def take(self, shop: str, ids: Iterable[str]) -> dict[str, Product]:
        """The products wished for, by id.

        Raises Rejected product.unknown (422) or product.unavailable (409) for the first that cannot be had.
        """
        known = {one.id: one for one in await self.products(shop, available_only=False)}
        out = frozenset(await self.stems_out(shop))
        wished = {}
        for wish in ids:
            product = known.get(wish)
            if product is None:
                raise Rejected("product.unknown", "The shop does not have this bouquet.", wish, status=422)
            if not product.can_be_had(out):
                raise Rejected(
                    "product.unavailable", "This bouquet is out of stock. Please choose another.", wish
                )
            wished[wish] = product
        return wished

    async def pictures(self) -> set[str]:
        """The addresses of all pictures of all shops' bouquets, sold or not."""
        rows = await self._db.fetch("SELECT picture, pictures FROM products")
        return {address for one, more in rows for address in (str(one), *_PICTURES.decode(str(more)))}

    async def order_docs(self, after: tuple[str, str], limit: int) -> list[tuple[str, str, bytes]]:
        """(shop, order, its state) of the orders behind one, all shops': what was sold keeps its picture."""
        rows = await self._db.fetch(
            "SELECT shop, subject, doc FROM states WHERE (shop, subject) > ($1, $2)"
            " ORDER BY shop, subject LIMIT $3",
            *after, limit,
        )  # fmt: skip
        return [(str(shop), str(order), bytes(doc)) for shop, order, doc in rows]

    async def rank(self, shop: str, ids: list[str]) -> None:
        """Sets the places of these in the list, all or none; others stay where they are."""
        sql = "UPDATE products SET rank = $3 WHERE shop = $1 AND id = $2"
        await self._db.execute_many([(sql, (shop, id, rank)) for rank, id in enumerate(ids)])

    async def put(self, products: Iterable[Product]) -> None:
        """Makes or replaces them, all or none."""
        changes = ", ".join(f"{c} = excluded.{c}" for c in _COLUMNS.split(", ")[2:])
        sql = (
            f"INSERT INTO products ({_COLUMNS}) VALUES"
            f" ({_HOLDERS})"
            f" ON CONFLICT (shop, id) DO UPDATE SET {changes}"
        )
        await self._db.execute_many(
            [
                (
                    sql,
                    (
                        p.shop, p.id, p.name, p.name_en, p.price, p.picture, p.words, p.words_en,
                        int(p.fragile), int(p.available), p.rank, p.size, int(p.tall),
                        _json(p.recipe), "".join(str(day) for day in p.days), _json(p.variants),
                        _json(p.pictures), int(p.sold_out),
                    ),
                )
                for p in products
            ]
        )  # fmt: skip


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _product(row: tuple[object, ...]) -> Product:
    fields = dict(zip(_COLUMNS.split(", "), row, strict=True))
    for flag in ("fragile", "available", "tall", "sold_out"):
        fields[flag] = bool(fields[flag])
    fields["recipe"] = _RECIPE.decode(str(fields["recipe"]))
    fields["variants"] = _VARIANTS.decode(str(fields["variants"]))
    fields["pictures"] = _PICTURES.decode(str(fields["pictures"]))
    fields["days"] = tuple(int(day) for day in str(fields["days"]))
    return Product(**fields)  # type: ignore[arg-type]  # rows are written by us, from this type
