"""What the shop's people may wish of their catalogue. No events: an order keeps what it was sold as."""

from typing import Annotated

import msgspec
from msgspec import Meta

from huaxin.catalogue.model import Variant
from huaxin.kernel import Stem

Id = Annotated[str, Meta(min_length=1, max_length=64, pattern="^[A-Za-z0-9_.:-]+$")]
StemName = Annotated[str, Meta(min_length=1, max_length=40)]
Address = Annotated[str, Meta(max_length=120)]  # of a picture on this server
MOST_PRODUCTS = 500
MOST_STEMS = 40
MOST_PICTURES = 8
MOST_VARIANTS = 6
MOST_FEN = 100_000_00  # a bouquet of a hundred thousand yuan is a slip of the finger


class PutProduct(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="put_product"):
    """Makes a bouquet or replaces all that is said of it. `id` of a new one is the sender's to choose.

    `price` in fen; with sizes that of the first one, the usual, counts. `available` False: not offered;
    `sold_out`: not for now. `days`: 1 Monday … 7 Sunday. `pictures`: addresses on this server, the first one
    is the face.
    """

    shop: Id
    id: Id
    name: Annotated[str, Meta(max_length=60)]
    name_en: Annotated[str, Meta(max_length=60)] = ""
    price: int
    pictures: Annotated[list[Address], Meta(max_length=MOST_PICTURES)] = []
    words: Annotated[str, Meta(max_length=300)] = ""
    words_en: Annotated[str, Meta(max_length=300)] = ""
    size: Annotated[int, Meta(ge=1, le=20)] = 1
    fragile: bool = False
    tall: bool = False
    available: bool = True
    sold_out: bool = False
    recipe: Annotated[list[Stem], Meta(max_length=MOST_STEMS)] = []
    days: Annotated[list[Annotated[int, Meta(ge=1, le=7)]], Meta(max_length=7)] = []
    variants: Annotated[list[Variant], Meta(max_length=MOST_VARIANTS)] = []


class RankProducts(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="rank_products"):
    """The order of the list, from the first on."""

    shop: Id
    products: Annotated[list[Id], Meta(max_length=MOST_PRODUCTS)]


class ReportStockOut(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="report_stock_out"):
    """A stem is out: what needs it is sold out until it is back. With `name`, that is proposed on all orders
    not made yet: at `difference` fen more (or less) a bouquet, with the picture at this address."""

    shop: Id
    stem: StemName
    name: Annotated[str, Meta(max_length=40)] = ""
    name_en: Annotated[str, Meta(max_length=40)] = ""
    difference: int = 0
    picture: Address = ""
    words: Annotated[str, Meta(max_length=200)] = ""
    minutes: Annotated[int, Meta(ge=1, le=24 * 60)] = 30


class StemBack(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="stem_back"):
    """A stem is in stock again."""

    shop: Id
    stem: StemName


CATALOGUE_WISHES = (PutProduct, RankProducts, ReportStockOut, StemBack)
