# ruff: noqa: E501 (tables read better whole)
"""What may go wrong, as one table: the words, who may say so and when, what it needs, what follows.

The screens read the same table (live/typescript.py writes it), so only what can be true is ever offered.
"""

from collections.abc import Iterable
from typing import NamedTuple

from huaxin.journal.model import Rejected
from huaxin.kernel import Role, Text
from huaxin.orders.model import ON_THE_ROAD, Order, Reason, Status

S, R = Status, Reason
_IN_SHOP = frozenset({S.confirmed, S.making, S.ready, S.assigned})
_MADE = frozenset({S.ready, S.assigned})
_CALLING = ON_THE_ROAD | {S.assigned}
_NEAR = frozenset({S.delivering, S.arriving, S.arrived})
_DOOR = frozenset({S.arriving, S.arrived})
_AWAY = ON_THE_ROAD | {S.failed, S.returning}
_NEVER: frozenset[Status] = frozenset()


class ReasonRule(NamedTuple):
    """`courier`, `shop`: when they may report it. `delay`: minutes the buyer is told unless the reporter says
    others, 0: no apology for a delay. `playbook`: who decides what then (orders/playbooks.py)."""

    words: Text
    group: str
    courier: frozenset[Status]
    shop: frozenset[Status]
    photo: bool = False
    delay: int = 0
    playbook: str = ""
    fails: bool = False  # why an attempt to hand over may have failed

    def when(self, role: Role) -> frozenset[Status]:
        return {Role.courier: self.courier, Role.shop: self.shop}.get(role, _NEVER)


def _rule(
    zh: str,
    en: str,
    group: str,
    courier: Iterable[Status] = _NEVER,
    shop: Iterable[Status] = _NEVER,
    *,
    photo: bool = False,
    delay: int = 0,
    playbook: str = "",
    fails: bool = False,
) -> ReasonRule:
    return ReasonRule(Text(zh, en), group, frozenset(courier), frozenset(shop), photo, delay, playbook, fails)


def _contact(zh: str, en: str) -> ReasonRule:
    return _rule(zh, en, "contact", _CALLING, _IN_SHOP | ON_THE_ROAD, playbook="door", fails=True)


RULES: dict[Reason, ReasonRule] = {
    # the bike, the road and the courier
    R.vehicle_breakdown: _rule(
        "车辆故障", "vehicle breakdown", "road", _AWAY | _IN_SHOP, _AWAY | _IN_SHOP, delay=30, playbook="handover"
    ),
    R.heavy_traffic: _rule("交通拥堵", "heavy traffic", "road", _AWAY | _IN_SHOP, _AWAY | _IN_SHOP, delay=30),
    R.weather: _rule("天气原因", "weather", "road", _AWAY | _IN_SHOP, _AWAY | _IN_SHOP, delay=30),
    R.route_closed: _rule("道路封闭", "road closed", "road", _AWAY, ON_THE_ROAD, delay=20),
    R.accident: _rule(
        "交通事故", "accident", "road", _AWAY | {S.assigned}, _AWAY | {S.assigned}, delay=45, playbook="handover"
    ),
    R.courier_unavailable: _rule(
        "配送员无法配送", "courier unavailable", "courier", _AWAY | _IN_SHOP, _AWAY | _IN_SHOP,
        delay=30, playbook="handover",
    ),
    R.hand_over: _rule(
        "想转给别人送", "wants to hand over", "courier", ON_THE_ROAD | _IN_SHOP, delay=20, playbook="handover"
    ),
    # nobody answers
    R.no_answer: _contact("电话没人接", "no answer"),
    R.phone_off: _contact("手机关机", "phone is off"),
    R.disconnected: _contact("电话停机", "number out of service"),
    R.no_such_number: _contact("电话是空号", "number does not exist"),
    R.wrong_number: _contact("电话号码有误", "wrong phone number"),
    R.cannot_reach: _contact("联系不上客户", "cannot reach the customer"),
    R.recipient_absent: _rule(
        "收花人不在", "recipient not there", "recipient", _NEAR, ON_THE_ROAD, playbook="door", fails=True
    ),
    # the way to the door
    R.cannot_find: _rule("找不到地址", "cannot find the address", "address", _NEAR, ON_THE_ROAD, playbook="way", fails=True),
    R.no_access: _rule("无法进入", "no access", "address", _NEAR, ON_THE_ROAD, playbook="way", fails=True),
    R.no_parking: _rule("没有地方停车", "no parking", "address", _NEAR, delay=10),
    R.address_change: _rule("客户要改地址", "asked for another address", "address", _CALLING, _IN_SHOP | ON_THE_ROAD),
    R.out_of_area: _rule("超出配送范围", "out of the delivery area", "address", _CALLING, _IN_SHOP, fails=True),
    # the one who gets the flowers
    R.refused: _rule("拒收", "refused", "recipient", _NEAR, ON_THE_ROAD, playbook="refused", fails=True),
    R.wants_later: _rule("收花人想晚点收", "recipient wants it later", "recipient", _CALLING, ON_THE_ROAD, playbook="later", fails=True),
    # the flowers
    R.flowers_damaged: _rule(
        "鲜花受损", "flowers damaged", "goods", _AWAY | {S.assigned}, _AWAY | _MADE,
        photo=True, playbook="damage", fails=True,
    ),
    R.packing: _rule("包装破损", "packing damaged", "goods", _AWAY | {S.assigned}, _MADE, photo=True, playbook="damage"),
    R.wrong_item: _rule(
        "拿错了花", "wrong flowers", "goods", _AWAY | {S.assigned}, _AWAY | _MADE,
        photo=True, playbook="damage", fails=True,
    ),
    R.missing_item: _rule("少了东西", "something is missing", "goods", _AWAY | {S.assigned}, _AWAY | _MADE, playbook="damage"),
    R.lost: _rule("鲜花丢失", "flowers lost", "goods", _AWAY, _AWAY | _MADE, playbook="damage", fails=True),
    R.out_of_stock: _rule("花材缺货", "flowers out of stock", "shop", (), {S.confirmed, S.making}),
    # the shop
    R.shop_slow: _rule("制作较慢", "the shop needs longer", "shop", _IN_SHOP, {S.confirmed, S.making}, delay=20),
    R.shop_closed: _rule("花店没开门", "the shop is closed", "shop", _IN_SHOP, delay=20),
    R.shop_unreachable: _rule("联系不上花店", "the shop cannot be reached", "shop", _CALLING | _IN_SHOP),
    R.shop_position: _rule("花店位置不对", "the shop is somewhere else", "shop", _IN_SHOP, delay=10),
    # and the rest
    R.proof_missing: _rule("拍不了签收照片", "no proof can be taken", "proof", {S.arrived}, {S.arrived}),
    R.other: _rule("其他", "other", "other", _AWAY | _IN_SHOP, _AWAY | _IN_SHOP, fails=True),
}  # fmt: skip
WORDS: dict[str, Text] = {reason.value: rule.words for reason, rule in RULES.items()}


def check_report(order: Order, reason: Reason, role: Role, picture: str) -> ReasonRule:
    """Whether this can be true now and has what it needs. Raises Rejected."""
    rule = RULES[reason]
    if order.status not in rule.when(role):
        raise Rejected(
            "incident.not_now",
            "This cannot be reported now: it does not fit how the order stands.",
            {"reason": reason.value, "status": order.status.value},
        )
    if rule.photo and not picture:
        raise Rejected(
            "incident.photo_needed", "Take a photo of it: it is needed for this reason.", reason.value, status=422
        )  # fmt: skip
    return rule


def check_failure(reason: Reason) -> None:
    """Raises Rejected when this is no reason for which flowers are not handed over."""
    if not RULES[reason].fails:
        raise Rejected(
            "incident.no_failure", "That is no reason why flowers are not handed over.", reason.value, status=422
        )  # fmt: skip


def offered(role: Role, status: Status) -> list[Reason]:
    """What somebody in this role may report now, in the order of the table."""
    return [reason for reason, rule in RULES.items() if status in rule.when(role)]
