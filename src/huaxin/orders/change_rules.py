"""Who must agree to a change, what it costs and when it is refused: one table, by part and by how far the
order is. Pure; the screens ask `preview_change` and never know these rules themselves.
"""

from collections.abc import Sequence
from typing import NamedTuple

from huaxin.journal.model import Rejected
from huaxin.kernel import Role, Text
from huaxin.orders.fees import USUAL, ChangeFees
from huaxin.orders.model import Change, Line, Order, Status

_MINUTE_MS = 60_000
PARTS = ("time", "address", "recipient", "card", "items", "cancel")
PART_WORDS = {
    "time": Text("送达时间", "the time"),
    "address": Text("地址", "the address"),
    "recipient": Text("收花人", "the recipient"),
    "card": Text("贺卡", "the card"),
    "items": Text("花束", "the bouquet"),
    "cancel": Text("取消订单", "cancelling the order"),
}
PHASES = ("before", "making", "made", "road", "door", "failed")
_PHASE_OF: dict[Status, str] = {
    Status.placed: "before",
    Status.confirmed: "before",
    Status.making: "making",
    Status.ready: "made",
    Status.assigned: "made",
    Status.picked_up: "road",
    Status.delivering: "road",
    Status.arriving: "door",
    Status.arrived: "door",
    Status.failed: "failed",
}
# How long those who are asked have, by phase.
ANSWER_MS = {"before": 30, "making": 30, "made": 20, "road": 10, "door": 5, "failed": 15}
COUNTER_MS = 15 * _MINUTE_MS


class Rule(NamedTuple):
    """`asks`: holder (the courier; without one, the shop) | shop | nobody. `costs`: which of the shop's fees
    (orders/fees.py), second_trip | on_road | "". `why`: refused, and why."""

    asks: str = "holder"
    costs: str = ""
    why: Text | None = None


_HOLDER, _SHOP, _NOBODY = Rule(), Rule("shop"), Rule("nobody")
_LATE, _AGAIN = Rule(costs="on_road"), Rule(costs="second_trip")
_ON_BIKE = Text(
    "花已经取走,贺卡和花束不能再改了", "the flowers have left the shop: card and bouquet stay as they are"
)
_MADE = Text("花已经做好,不能再换了", "the bouquet is made and cannot be another one now")
_CARD_GONE = Rule(why=_ON_BIKE)
_FLOWERS_OPEN = Text(
    "花店正和您商量换花材,请先答复", "the shop has proposed other flowers: please answer that first"
)
OTHER_FLOWERS = Text("花束已经换过了", "the bouquet is another one by now")
_OVER = Text("订单已经结束", "the order is over")

# part → the rules of PHASES, in their order
_TABLE: dict[str, tuple[Rule, ...]] = {
    "time": (_HOLDER, _HOLDER, _HOLDER, _LATE, _AGAIN, _AGAIN),
    "address": (_HOLDER, _HOLDER, _HOLDER, _LATE, _AGAIN, _AGAIN),
    "recipient": (_HOLDER,) * 6,
    "card": (_NOBODY, _SHOP, _SHOP, _CARD_GONE, _CARD_GONE, _CARD_GONE),
    "items": (_SHOP, _SHOP, Rule(why=_MADE), _CARD_GONE, _CARD_GONE, _CARD_GONE),
    "cancel": (_NOBODY, _SHOP, _SHOP, _SHOP, _SHOP, _SHOP),
}


def parts_of(change: Change) -> list[str]:
    """What a change is about, in the order of PARTS."""
    has = {
        "time": change.promise is not None,
        "address": change.address is not None,
        "recipient": change.recipient is not None,
        "card": change.card is not None,
        "items": change.lines is not None,
        "cancel": change.cancel,
    }
    return [part for part in PARTS if has[part]]


def phase_of(order: Order) -> str:
    """ "" when nothing can be changed any more."""
    return _PHASE_OF.get(order.status, "")


def rule_of(part: str, order: Order) -> Rule:
    phase = phase_of(order)
    return _TABLE[part][PHASES.index(phase)] if phase else Rule(why=_OVER)


def refusal_of(order: Order, parts: Sequence[str]) -> Text | None:
    """Why these parts cannot be changed as the order stands; None: they can."""
    if "items" in parts and order.substitutions and order.substitutions[-1].status in ("asked", "declined"):
        return _FLOWERS_OPEN
    return next((rule.why for part in parts if (rule := rule_of(part, order)).why is not None), None)


def check_allowed(order: Order, parts: Sequence[str]) -> None:
    """Raises Rejected change.refused with the reason in words."""
    why = refusal_of(order, parts)
    if why is not None:
        raise Rejected(
            "change.refused",
            f"This cannot be changed any more: {why.en}.",
            {"why": {"zh": why.zh, "en": why.en}},
        )


def holder_of(order: Order) -> Role:
    return Role.courier if order.courier is not None else Role.shop


def asked(order: Order, parts: Sequence[str]) -> list[Role]:
    """Who must agree, the courier first; empty: it is done at once."""
    found: set[Role] = set()
    for part in parts:
        asks = rule_of(part, order).asks
        if asks != "nobody":
            found.add(holder_of(order) if asks == "holder" else Role.shop)
    return [role for role in (Role.courier, Role.shop) if role in found]


def awaited(order: Order, change: Change) -> list[Role]:
    """Whose yes is still missing, as the order stands now: the courier may be another one meanwhile."""
    if change.status != "asked":
        return []
    missing = [role for role in asked(order, parts_of(change)) if role.value not in change.agreed]
    return missing or [Role.shop]


def fee_parts(
    order: Order,
    parts: Sequence[str],
    lines: list[Line] | None,
    way_fee: int = 0,
    fees: ChangeFees = USUAL,
) -> list[tuple[str, int]]:
    """What the order costs more with the change (fen; negative: less), one by one: cancel | items | way |
    second_trip | on_road. `way_fee`: of another way or window."""
    if "cancel" in parts:
        return [("cancel", order.total * fees.keeps(phase_of(order)) // 100 - order.total)]
    found = [("way", way_fee)]
    if lines is not None:
        found.append(("items", price_of(lines) - price_of(order.lines)))
    costs = {rule_of(part, order).costs for part in parts}
    if "second_trip" in costs:
        found.append(("second_trip", fees.second_trip))
    elif "on_road" in costs:
        found.append(("on_road", fees.on_road))
    return [(kind, amount) for kind, amount in found if amount]


def fee_of(
    order: Order,
    parts: Sequence[str],
    lines: list[Line] | None,
    way_fee: int = 0,
    fees: ChangeFees = USUAL,
) -> int:
    """The sum of fee_parts; an order costs no less than nothing."""
    return max(sum(amount for _, amount in fee_parts(order, parts, lines, way_fee, fees)), -order.total)


def price_of(lines: Sequence[Line]) -> int:
    return sum(line.price * line.quantity for line in lines)


def expires_at(order: Order, change: Change, now: int) -> int:
    """When it is as if it had not been asked. A time that has passed cannot be agreed to any more."""
    until = now + ANSWER_MS.get(phase_of(order), 10) * _MINUTE_MS
    return min(until, change.promise.end) if change.promise is not None else until


def is_pending(change: Change | None) -> bool:
    return change is not None and change.status in ("asked", "countered")
