"""What is ordered, with today's price and recipe: the order keeps both, whatever the catalogue says later."""

from collections.abc import Mapping

from huaxin.catalogue.model import Product, stems_of
from huaxin.orders.commands import LineWish
from huaxin.orders.model import Line


def price_lines(wishes: list[LineWish], products: Mapping[str, Product]) -> list[Line]:
    """Raises Rejected product.variant."""
    return [price_line(products[wish.product], wish.variant, wish.quantity) for wish in wishes]


def price_line(product: Product, variant_id: str, quantity: int) -> Line:
    """A size is part of the name people read. Raises Rejected product.variant."""
    variant = product.variant(variant_id)
    name, name_en = product.name, product.name_en
    if variant is not None:
        name = f"{name}({variant.name})"
        name_en = f"{name_en} ({variant.name_en or variant.name})" if name_en else ""
    return Line(
        product=product.id,
        name=name,
        name_en=name_en,
        price=variant.price if variant else product.price,
        quantity=quantity,
        picture=product.picture,
        size=product.size,
        tall=product.tall,
        fragile=product.fragile,
        variant=variant.id if variant else "",
        recipe=stems_of(product, variant),
    )
