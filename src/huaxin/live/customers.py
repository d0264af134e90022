"""Somebody calls: who they are by their number, where their flowers went last, how one gets in there."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from huaxin.live.orders import Orders
from huaxin.live.searching import Searching, SearchOrdersArgs
from huaxin.orders.model import Address, Order
from huaxin.people.access import access_shop
from huaxin.people.model import Principal

_LOOKED_AT = 30  # orders
_MOST = 6  # places


class CustomerArgs(msgspec.Struct, frozen=True, kw_only=True):
    shop: Annotated[str, Meta(max_length=128)]
    phone: Annotated[str, Meta(min_length=7, max_length=20)]


class KnownPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where flowers went before. `address.note` is how one got in the last time."""

    recipient: str
    phone: str
    address: Address
    at: int  # when it was ordered last


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """`name` "": nobody with this number has ordered yet. `places`: newest first."""

    name: str = ""
    orders: int = 0
    places: list[KnownPlace] = []


class Customers:
    def __init__(self, searching: Searching, orders: Orders) -> None:
        self._searching, self._orders = searching, orders

    async def find_customer(self, who: Principal, args: CustomerArgs) -> Customer:
        """By the buyer's number first, by the recipient's else. For the shop's staff."""
        access_shop(who, args.shop)
        digits = "".join(sign for sign in args.phone if sign.isdigit())
        if len(digits) < 7:
            return Customer()
        wanted = SearchOrdersArgs(shop=args.shop, text=digits, limit=_LOOKED_AT)
        hits = (await self._searching.search_orders(who, wanted)).hits
        found = [order for hit in hits if (order := await self._orders.find(hit.order)) is not None]
        found.sort(key=lambda order: -order.placed_at)
        ordered = [order for order in found if _is(order.buyer.phone, digits)]
        got = [order for order in found if _is(order.recipient.phone, digits)]
        name = ordered[0].buyer.name if ordered else got[0].recipient.name if got else ""
        return Customer(name=name, orders=len(ordered), places=_places(ordered or got))

    def queries(self) -> dict[str, tuple[Any, Any, Any]]:
        return {"find_customer": (CustomerArgs, Customer, self.find_customer)}


def _is(phone: str, digits: str) -> bool:
    return "".join(sign for sign in phone if sign.isdigit()).endswith(digits)


def _places(orders: list[Order]) -> list[KnownPlace]:
    """Each once: the last note about a gate is kept although a later order had none."""
    found: dict[tuple[str, str, str], KnownPlace] = {}
    for order in orders:
        address, recipient = order.address, order.recipient
        key = (address.text, address.detail, recipient.phone)
        known = found.get(key)
        if known is None:
            found[key] = KnownPlace(
                recipient=recipient.name, phone=recipient.phone, address=address, at=order.placed_at
            )
        elif address.note and not known.address.note:
            noted = msgspec.structs.replace(known.address, note=address.note)
            found[key] = msgspec.structs.replace(known, address=noted)
    return list(found.values())[:_MOST]
