"""What is ordered, out of one cell: 「玫瑰(大)×2;百合」. Pure.

Nothing is guessed: a bouquet or size the shop does not have is named, with what it has that is like it.
"""

import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches

import msgspec

from huaxin.kernel import Text
from huaxin.orders.commands import LineWish

MOST_LINES = 20
MOST_OF_ONE = 99
_SHOWN = 4  # names in one sentence
_MOST_LIKE = 100  # wrong names of one table that are looked into
_APART = ";、+\n"
_COUNTED = re.compile(r"(?P<what>.+?)\s*[×x*]\s*(?P<count>\d{1,4})\s*[束把份个]?", re.IGNORECASE)
_SIZED = re.compile(r"(?P<name>.+?)\s*[(\[【](?P<size>[^()\[\]【】]+)[)\]】]")


class Sold(msgspec.Struct, frozen=True, kw_only=True):
    """A bouquet the shop has. `sizes`: what each may be called (plain) → its id; the first is usual."""

    id: str
    name: str
    sizes: Mapping[str, str] = {}
    shown: tuple[str, ...] = ()  # how the sizes are called


class Shelf(dict[str, Sold]):
    """What is sold, by every name (plain) it may be called; knows what a wrong name may have meant."""

    def __init__(self, sold: Mapping[str, Sold]) -> None:
        super().__init__(sold)
        self._like: dict[str, list[str]] = {}

    def like(self, what: str) -> list[str]:
        """Names like it. Of so many wrong ones only: each is held against all that is sold."""
        known = self._like.get(what)
        if known is None and len(self._like) < _MOST_LIKE:
            close = get_close_matches(plain(what), list(self), n=_SHOWN, cutoff=0.5)
            known = self._like[what] = list(dict.fromkeys(self[one].name for one in close))
        return known or []


class Ordered(msgspec.Struct, frozen=True, kw_only=True):
    """What one row orders. `wrong`: (column, what to do); then there are no lines."""

    lines: list[LineWish] = []
    wrong: list[tuple[str, Text]] = []


def plain(said: str) -> str:
    """As names are compared: full-width and small letters alike."""
    return " ".join(unicodedata.normalize("NFKC", said).lower().split())


def read_bouquets(said: str, size: str, quantity: str, sold: Shelf) -> Ordered:
    """`said`: the cell; `size` and `quantity`: the cells beside it, for one bouquet alone."""
    if not plain(said):
        return Ordered(wrong=[("product", MISSING)])
    whole = plain(_counted(said.strip(), sold)[0]) in sold
    parts = [said] if whole else [one for one in _split(_normal(said)) if one.strip()]
    if len(parts) > 1 and (quantity.strip() or size.strip()):
        return Ordered(wrong=[("quantity" if quantity.strip() else "size", _IN_THE_CELL)])
    wrong: list[tuple[str, Text]] = []
    found: dict[tuple[str, str], int] = {}
    for part in parts:
        line = _read(part, size, quantity, sold, wrong)
        if line is not None:
            key = line.product, line.variant
            found[key] = found.get(key, 0) + line.quantity
    if len(found) > MOST_LINES:
        wrong.append(("product", _TOO_MANY))
    if any(count > MOST_OF_ONE for count in found.values()):
        wrong.append(("product", _COUNT))
    if wrong:
        return Ordered(wrong=wrong)
    return Ordered(
        lines=[LineWish(product=id, variant=size, quantity=count) for (id, size), count in found.items()]
    )


def _split(said: str) -> list[str]:
    """At the signs that part bouquets, but not within brackets."""
    parts, depth = [""], 0
    for sign in said:
        depth = max(0, depth + (sign in "([【") - (sign in ")]】"))
        if sign in _APART and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def _normal(said: str) -> str:
    return unicodedata.normalize("NFKC", said)


def _read(part: str, size: str, quantity: str, sold: Shelf, wrong: list[tuple[str, Text]]) -> LineWish | None:
    what, count = _counted(part.strip(), sold)
    if count and quantity.strip():
        wrong.append(("quantity", _TWICE))
    column = "product" if count else "quantity"
    count = count or quantity.strip() or "1"
    if not (count.isascii() and count.isdigit() and 1 <= int(count) <= MOST_OF_ONE):
        wrong.append((column, _COUNT))
        count = "1"
    one, wished = _sized(what, size, sold, wrong)
    if one is None:
        return None
    variant = _size(one, wished, wrong, "size" if size.strip() else "product")
    return LineWish(product=one.id, variant=variant, quantity=int(count)) if variant is not None else None


def _counted(part: str, sold: Shelf) -> tuple[str, str]:
    """What, and how many as it was written; a name may hold a × itself."""
    match = None if plain(part) in sold else _COUNTED.fullmatch(_normal(part))
    return (match["what"], match["count"]) if match else (part, "")


def _sized(what: str, size: str, sold: Shelf, wrong: list[tuple[str, Text]]) -> tuple[Sold | None, str]:
    """The bouquet, and the size as it was written."""
    one = sold.get(plain(what))
    if one is not None:
        return one, size
    match = _SIZED.fullmatch(_normal(what).strip())
    one = sold.get(plain(match["name"])) if match else None
    if match is None or one is None:
        wrong.append(("product", _unknown(what, sold)))
        return None, ""
    if size.strip() and plain(size) != plain(match["size"]):
        wrong.append(("size", _TWICE))
        return None, ""
    return one, match["size"]


def _size(one: Sold, wished: str, wrong: list[tuple[str, Text]], column: str) -> str | None:
    """ "" is the usual one."""
    if not wished.strip():
        return ""
    found = one.sizes.get(plain(wished))
    if found is None:
        names = "、".join(one.shown)
        if names:
            words = Text(f"「{one.name}」没有这个规格,可以写:{names}", f"sizes of {one.name}: {names}")
        else:
            words = Text(f"「{one.name}」不分规格,请留空", f"{one.name} comes in one size: leave it empty")
        wrong.append((column, words))
    return found


def _unknown(what: str, sold: Shelf) -> Text:
    like = sold.like(what)
    names = like or list(dict.fromkeys(one.name for one in sold.values()))[:_SHOWN]
    said = "、".join(names)
    if not names:
        return Text("店里还没有在卖的花束,请先加到花束目录", "the shop sells nothing yet: fill its catalogue")
    if like:
        return Text(f"店里没有「{what}」,是不是:{said}", f"the shop does not have {what}; perhaps: {said}")
    return Text(
        f"店里没有「{what}」,请写目录里的名字,如:{said}", f"not sold: {what}. Write a name like: {said}"
    )


MISSING = Text("没有填,请补上", "is missing: fill it in")
_IN_THE_CELL = Text(
    "一单几种花时,请把数量和规格写在花束里:玫瑰(大)×2;百合×1",
    "of several bouquets say size and count with each: Roses (large) × 2; Lilies × 1",
)
_TWICE = Text("和「花束」里写的重复,请留空这一格", "said with the bouquet already: leave this cell empty")
_TOO_MANY = Text(f"一单最多 {MOST_LINES} 种,请分成几单", f"{MOST_LINES} kinds in one order: make it several")
_COUNT = Text(f"每种请写 1 到 {MOST_OF_ONE} 束", f"write 1 to {MOST_OF_ONE} of each")
