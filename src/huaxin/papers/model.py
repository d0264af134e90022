"""What is printed for an order: its card, and the slip that travels with the flowers. Pure.

Whoever holds the flowers can read what stands on paper: the slip is made for that (docs/spec/bench.md, PR).
"""

import msgspec

from huaxin.kernel import Text
from huaxin.orders.model import Order
from huaxin.orders.recipient.contact import policy_of
from huaxin.orders.words import local, mask_phone, promise_words


class PaperLine(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    name_en: str
    quantity: int


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """`card` "": there is no card to print. `link`: the order's page for the courier, for the QR code."""

    order: str
    number: int
    shop_name: str
    when: Text  # 今天下午三点前
    by: str  # 15:00, by the shop's clock
    recipient: str
    phone: str  # masked, when the phone must not ring early
    address: str
    gate: str
    lines: list[PaperLine]
    note: str
    sender: str  # "" when the recipient must not know
    quiet: bool
    card: str
    signature: str
    link: str


def slip_words(paper: Paper) -> str:
    """All that may stand on its slip."""
    lines = "".join(one.name + one.name_en for one in paper.lines)
    people = (paper.shop_name, paper.recipient, paper.phone, paper.sender)
    return "".join((*people, paper.address, paper.gate, paper.note, lines))


def card_words(paper: Paper) -> str:
    return paper.card + paper.signature + paper.shop_name if paper.card or paper.signature else ""


def paper_of(order: Order, now: int, base: str) -> Paper:
    """`base`: the address of this server, without a stroke at its end."""
    quiet = order.surprise or policy_of(order) != "free"
    return Paper(
        order=order.id,
        number=order.number,
        shop_name=order.shop_name,
        when=promise_words(order.promise, now, order.time_zone),
        by=_by(order),
        recipient=order.recipient.name,
        phone=mask_phone(order.recipient.phone) if quiet else order.recipient.phone.removeprefix("+86"),
        address=_address(order),
        gate=order.address.note,
        lines=[PaperLine(name=one.name, name_en=one.name_en, quantity=one.quantity) for one in order.lines],
        # What was noted for the shop may name the sender, or the occasion.
        note="" if quiet else order.note,
        sender="" if quiet or order.card.anonymous else order.buyer.name,
        quiet=quiet,
        card=order.card.text,
        signature=order.card.signature,
        link=f"{base}/courier/orders/{order.id}",
    )


def _by(order: Order) -> str:
    start, end = order.promise.start, local(order.promise.end, order.time_zone)
    return f"{local(start, order.time_zone):%H:%M}–{end:%H:%M}" if start else f"{end:%H:%M}"


def _address(order: Order) -> str:
    text, detail = order.address.text, order.address.detail
    return f"{text} {detail}" if detail and detail not in text else text
