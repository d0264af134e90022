"""What a shop sells. Prices are fen."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from huaxin.journal.model import Rejected
from huaxin.kernel import Stem


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """A bouquet in one of its sizes. `percent`: how many of the recipe's stems it has."""

    id: Annotated[str, Meta(min_length=1, max_length=40, pattern="^[A-Za-z0-9_-]+$")]
    name: Annotated[str, Meta(max_length=20)]
    name_en: Annotated[str, Meta(max_length=30)] = ""
    price: int = 0  # fen
    percent: Annotated[int, Meta(ge=10, le=1000)] = 100


class Product(msgspec.Struct, frozen=True, kw_only=True):
    shop: str
    id: str
    name: str
    name_en: str = ""
    price: Annotated[int, Meta(ge=0)] = 0  # fen; with sizes: of the usual one, the first
    picture: str = ""  # address on this server: the first of `pictures`
    words: str = ""
    words_en: str = ""
    fragile: bool = False
    size: Annotated[int, Meta(ge=1, le=20)] = 1  # places it takes on a bike
    tall: bool = False  # stands in a holder of its own
    available: bool = True  # False: not offered at all
    rank: int = 0  # place in the list
    recipe: tuple[Stem, ...] = ()  # what the florist takes; for the shop alone
    days: tuple[int, ...] = ()  # delivered on these days of the week (1 Monday … 7 Sunday); none: on all
    variants: tuple[Variant, ...] = ()
    pictures: tuple[str, ...] = ()
    sold_out: bool = False  # for now, whatever is in stock

    def is_delivered_on(self, weekday: int) -> bool:
        return not self.days or weekday in self.days

    def can_be_had(self, out: frozenset[str] = frozenset()) -> bool:
        """`out`: the stems the shop has run out of."""
        return self.available and not self.sold_out and not self.lacks(out)

    def lacks(self, out: frozenset[str]) -> bool:
        return bool(out) and any(stem.name in out for stem in self.recipe)

    def variant(self, wished: str) -> Variant | None:
        """None: it has no sizes. Raises Rejected product.variant (422) for one that is not there."""
        if not self.variants:
            return None
        if not wished:
            return self.variants[0]
        found = next((one for one in self.variants if one.id == wished), None)
        if found is None:
            raise Rejected("product.variant", "This bouquet has no such size.", wished, status=422)
        return found


def stems_of(product: Product, variant: Variant | None) -> list[Stem]:
    """The recipe in this size; never less than one stem of a kind."""
    percent = variant.percent if variant else 100
    return [Stem(one.name, max(1, -(-one.count * percent // 100)), one.name_en) for one in product.recipe]


def check_days(products: Iterable[Product], day: date) -> None:
    """Raises Rejected product.not_that_day (409) for the first that is not delivered on this day."""
    for product in products:
        if not product.is_delivered_on(day.isoweekday()):
            raise Rejected(
                "product.not_that_day",
                "This bouquet is not delivered on that day. Choose another day or another bouquet.",
                product.name,
            )
