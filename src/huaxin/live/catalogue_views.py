"""The catalogue and its stems as the shop's people see them."""

import msgspec

from huaxin.catalogue.model import Product, Variant
from huaxin.kernel import Stem, Text
from huaxin.live.run_views import FailedAssign


class ProductCard(msgspec.Struct, frozen=True, kw_only=True):
    """A bouquet as the shop's people see it, with what customers do not. `lacking`: stems that are out."""

    id: str
    name: str
    name_en: str
    price: int  # fen
    pictures: list[str]
    words: str
    words_en: str
    size: int
    fragile: bool
    tall: bool
    available: bool
    sold_out: bool
    recipe: list[Stem]
    days: list[int]
    variants: list[Variant]
    lacking: list[str] = []


class PictureView(msgspec.Struct, frozen=True, kw_only=True):
    picture: str  # address on this server


class StemView(msgspec.Struct, frozen=True, kw_only=True):
    """A stem the shop works with. `out_since` ms, 0: there is some."""

    name: str
    name_en: str
    products: int  # bouquets made of it
    out_since: int = 0


class NeedingOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order not made yet that needs a stem. `state`: free | asked | answered, of its substitute."""

    order: str
    number: int
    promise_end: int
    when_out: str
    count: int  # stems
    state: str


class StemNeed(msgspec.Struct, frozen=True, kw_only=True):
    """Who needs a stem."""

    stem: str
    products: list[str]  # names of the bouquets
    orders: list[NeedingOrder]


class StockOutView(msgspec.Struct, frozen=True, kw_only=True):
    """A substitute being proposed on many orders. `state`: proposing | proposed."""

    job: str
    stem: str
    name: str
    state: str
    orders: int
    proposed: int = 0
    agreed: int = 0  # of these, replaced at once by what the buyers chose when ordering
    failed: list[FailedAssign] = []
    sentence: Text | None = None


def product_card(one: Product, out: frozenset[str]) -> ProductCard:
    return ProductCard(
        id=one.id, name=one.name, name_en=one.name_en, price=one.price, pictures=pictures_of(one),
        words=one.words, words_en=one.words_en, size=one.size, fragile=one.fragile, tall=one.tall,
        available=one.available, sold_out=one.sold_out, recipe=list(one.recipe), days=list(one.days),
        variants=list(one.variants), lacking=[stem.name for stem in one.recipe if stem.name in out],
    )  # fmt: skip


def pictures_of(product: Product) -> list[str]:
    return list(product.pictures) or ([product.picture] if product.picture else [])
