"""What a shop sells. Prices are fen."""

from typing import Annotated

import msgspec
from msgspec import Meta


class Product(msgspec.Struct, frozen=True, kw_only=True):
    shop: str
    id: str
    name: str
    name_en: str = ""
    price: Annotated[int, Meta(ge=0)] = 0  # fen
    picture: str = ""  # address on this server
    words: str = ""
    words_en: str = ""
    fragile: bool = False
    size: Annotated[int, Meta(ge=1, le=20)] = 1  # places it takes on a bike
    tall: bool = False  # stands in a holder of its own
    available: bool = True
    rank: int = 0  # place in the list
