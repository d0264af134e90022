"""Products in the database."""

from collections.abc import Iterable

from huaxin.catalogue.model import Product
from huaxin.journal.model import Rejected
from huaxin.storage.port import Database

_COLUMNS = "shop, id, name, name_en, price, picture, words, words_en, fragile, available, rank, size, tall"


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

    async def take(self, shop: str, ids: Iterable[str]) -> dict[str, Product]:
        """The products wished for, by id.

        Raises Rejected product.unknown (422) or product.unavailable (409) for the first that cannot be had.
        """
        known = {one.id: one for one in await self.products(shop, available_only=False)}
        wished = {}
        for wish in ids:
            product = known.get(wish)
            if product is None:
                raise Rejected("product.unknown", "The shop does not have this bouquet.", wish, status=422)
            if not product.available:
                raise Rejected(
                    "product.unavailable", "This bouquet is out of stock. Please choose another.", wish
                )
            wished[wish] = product
        return wished

    async def put(self, products: Iterable[Product]) -> None:
        """Makes or replaces them, all or none."""
        changes = ", ".join(f"{c} = excluded.{c}" for c in _COLUMNS.split(", ")[2:])
        sql = (
            f"INSERT INTO products ({_COLUMNS}) VALUES"
            " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
            f" ON CONFLICT (shop, id) DO UPDATE SET {changes}"
        )
        await self._db.execute_many(
            [
                (
                    sql,
                    (
                        p.shop, p.id, p.name, p.name_en, p.price, p.picture, p.words, p.words_en,
                        int(p.fragile), int(p.available), p.rank, p.size, int(p.tall),
                    ),
                )
                for p in products
            ]
        )  # fmt: skip


def _product(row: tuple[object, ...]) -> Product:
    fields = dict(zip(_COLUMNS.split(", "), row, strict=True))
    for flag in ("fragile", "available", "tall"):
        fields[flag] = bool(fields[flag])
    return Product(**fields)  # type: ignore[arg-type]  # rows are written by us, from this type
