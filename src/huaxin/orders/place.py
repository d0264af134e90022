"""Placing an order: the promise is made here."""

from huaxin.journal.model import Command, Decision, Rejected
from huaxin.kernel import Audience
from huaxin.orders.commands import PlaceOrder
from huaxin.orders.decide import Outcome, seal
from huaxin.orders.events import OrderPlaced
from huaxin.orders.model import Order, Party, Promise, Status
from huaxin.orders.notices import notice

AS_SOON_AS_POSSIBLE_MS = 90 * 60_000
LONGEST_AHEAD_MS = 90 * 24 * 3_600_000


def place(order: Order | None, command: Command, wish: PlaceOrder, now: int) -> Decision:
    if order is not None:
        raise Rejected("order.exists", "An order with this id is already there; make a new id.", wish.order)
    if not wish.priced:
        raise Rejected(
            "order.nothing_ordered", "Choose at least one bouquet that the shop offers.", [], status=422
        )
    if not wish.recipient.name.strip() or not wish.recipient.phone.strip():
        raise Rejected(
            "order.recipient_missing", "Say who gets the flowers: a name and a phone number.", "", status=422
        )
    promise = wish.promise or Promise(end=now + AS_SOON_AS_POSSIBLE_MS, source="asap")
    check_promise(promise, now)
    placed = Order(
        id=wish.order,
        shop=command.shop,
        number=wish.number,
        status=Status.placed,
        placed_at=now,
        buyer=wish.buyer or Party(),
        recipient=wish.recipient,
        lines=wish.priced,
        total=sum(line.price * line.quantity for line in wish.priced),
        address=wish.address,
        promise=promise,
        card=wish.card,
        note=wish.note,
        surprise=wish.surprise,
        times={Status.placed.value: now},
        time_zone=wish.time_zone or "Asia/Shanghai",
        shop_name=wish.shop_name,
    )
    return seal(
        None,
        Outcome(
            order=placed,
            event=OrderPlaced(number=wish.number),
            audience=Audience.without_recipient,
            notices=[notice("placed")],
        ),
    )


def check_promise(promise: Promise, now: int) -> None:
    if promise.start and promise.start >= promise.end:
        raise Rejected(
            "order.window_inverted", "The window must start before it ends.", promise.start, status=422
        )
    if promise.end <= now:
        raise Rejected(
            "order.window_past", "That time has passed; choose a later one.", promise.end, status=422
        )
    if promise.end > now + LONGEST_AHEAD_MS:
        raise Rejected(
            "order.window_far", "Orders can be placed up to 90 days ahead.", promise.end, status=422
        )
