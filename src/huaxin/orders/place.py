"""Placing an order: the promise is made here."""

from msgspec.structs import replace

from huaxin.journal.model import Command, Decision, Rejected
from huaxin.kernel import Audience, tidy
from huaxin.orders.commands import PlaceOrder
from huaxin.orders.decide import Outcome, seal
from huaxin.orders.events import OrderPlaced
from huaxin.orders.model import Order, Party, Payment, Promise, Status
from huaxin.orders.notices import notice
from huaxin.orders.recipient.contact import make_contact
from huaxin.orders.remedies.vouchers import spend
from huaxin.orders.texts import tidy_address, tidy_card, tidy_party

AS_SOON_AS_POSSIBLE_MS = 90 * 60_000
LONGEST_AHEAD_MS = 90 * 24 * 3_600_000
_LONGEST_AGO_MS = 24 * 3_600_000  # a window may have begun already, but not on another day


def place(order: Order | None, command: Command, wish: PlaceOrder, now: int) -> Decision:
    if order is not None:
        raise Rejected("order.exists", "An order with this id is already there; make a new id.", wish.order)
    if not wish.priced:
        raise Rejected(
            "order.nothing_ordered", "Choose at least one bouquet that the shop offers.", [], status=422
        )
    recipient = tidy_party(wish.recipient)
    if not recipient.name or not wish.recipient.phone.strip():
        raise Rejected(
            "order.recipient_missing", "Say who gets the flowers: a name and a phone number.", "", status=422
        )
    promise = wish.promise or Promise(end=now + AS_SOON_AS_POSSIBLE_MS, source="asap")
    check_promise(promise, now)
    if promise.source not in _SOURCES:
        promise = replace(promise, source="window")
    goods = sum(line.price * line.quantity for line in wish.priced)
    spent = spend(wish.spent, goods)
    placed = Order(
        id=wish.order,
        shop=command.shop,
        number=wish.number,
        status=Status.placed,
        placed_at=now,
        buyer=tidy_party(wish.buyer or Party()),
        recipient=recipient,
        lines=wish.priced,
        total=goods + wish.fee - (spent.amount if spent else 0),
        voucher=spent,
        fee=wish.fee,
        zone=wish.zone,
        payment=Payment(method=wish.pay),
        address=tidy_address(wish.address),
        promise=promise,
        card=tidy_card(wish.card),
        note=tidy(wish.note),
        surprise=wish.surprise,
        when_out=wish.when_out,
        contact=make_contact(wish.contact, surprise=wish.surprise, anonymous=wish.card.anonymous, now=now),
        times={Status.placed.value: now},
        time_zone=wish.time_zone or "Asia/Shanghai",
        shop_name=wish.shop_name,
        remake_of=wish.remake_of,
    )
    return seal(
        None,
        Outcome(
            order=placed,
            event=OrderPlaced(number=wish.number, voucher=spent),
            audience=Audience.without_recipient,
            notices=[notice("placed")],
        ),
    )


_SOURCES = frozenset({"window", "note", "asap"})


def check_promise(promise: Promise, now: int) -> None:
    """Raises Rejected order.window_inverted, order.window_past or order.window_far (422)."""
    if promise.start and promise.start >= promise.end:
        raise Rejected(
            "order.window_inverted", "The window must start before it ends.", promise.start, status=422
        )
    check_ahead(promise.end, now)
    if promise.start and promise.start < now - _LONGEST_AGO_MS:
        raise Rejected(
            "order.window_past", "That time has passed; choose a later one.", promise.start, status=422
        )


def check_ahead(at: int, now: int) -> None:
    """A time that is to come, and near enough to be promised. Raises Rejected (422)."""
    if at <= now:
        raise Rejected("order.window_past", "That time has passed; choose a later one.", at, status=422)
    if at > now + LONGEST_AHEAD_MS:
        raise Rejected("order.window_far", "Orders can be placed up to 90 days ahead.", at, status=422)
