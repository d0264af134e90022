"""A product as the shop wrote it, made fit to be sold. Pure. Every refusal names its field."""

from msgspec.structs import replace

from huaxin.catalogue.commands import MOST_FEN, PutProduct
from huaxin.catalogue.model import Product, Variant
from huaxin.journal.model import Rejected
from huaxin.kernel import Stem, tidy


def make_product(wish: PutProduct, rank: int) -> Product:
    """Raises Rejected product.nameless, product.price, product.variant_nameless, product.variant_twice,
    product.stem_twice (422)."""
    name = tidy(wish.name)
    if not name:
        raise Rejected("product.nameless", "Give the bouquet a name.", wish.name, status=422)
    variants = tuple(_variant(one) for one in wish.variants)
    if len({one.id for one in variants}) < len(variants) or len({one.name for one in variants}) < len(
        variants
    ):
        raise Rejected("product.variant_twice", "Two sizes are called the same.", None, status=422)
    return Product(
        shop=wish.shop,
        id=wish.id,
        name=name,
        name_en=tidy(wish.name_en),
        price=variants[0].price if variants else check_price(wish.price),
        picture=wish.pictures[0] if wish.pictures else "",
        words=tidy(wish.words),
        words_en=tidy(wish.words_en),
        fragile=wish.fragile,
        size=wish.size,
        tall=wish.tall,
        available=wish.available,
        sold_out=wish.sold_out,
        rank=rank,
        recipe=_recipe(wish.recipe),
        days=tuple(sorted(set(wish.days))) if len(set(wish.days)) < 7 else (),
        variants=variants,
        pictures=tuple(dict.fromkeys(wish.pictures)),
    )


def check_price(fen: int) -> int:
    """Raises Rejected product.price (422)."""
    if not 0 <= fen <= MOST_FEN:
        raise Rejected("product.price", "A price is from 0 to 100,000 yuan.", fen, status=422)
    return fen


def _variant(wish: Variant) -> Variant:
    name = tidy(wish.name)
    if not name:
        raise Rejected("product.variant_nameless", "Give every size a name.", wish.id, status=422)
    return replace(wish, name=name, name_en=tidy(wish.name_en), price=check_price(wish.price))


def _recipe(wish: list[Stem]) -> tuple[Stem, ...]:
    stems = tuple(
        replace(one, name=tidy(one.name), name_en=tidy(one.name_en)) for one in wish if tidy(one.name)
    )
    if len({one.name for one in stems}) < len(stems):
        raise Rejected("product.stem_twice", "A stem is named twice in the recipe.", None, status=422)
    return stems
