"""Handing over, and what proves it (docs/spec/bench.md, PD)."""

from math import cos, hypot, radians

from huaxin.journal.model import Fact, Rejected
from huaxin.kernel import Audience, Point, Role, Text, tidy
from huaxin.orders import commands as c
from huaxin.orders.decide import Case, Outcome
from huaxin.orders.events import OrderDelivered
from huaxin.orders.gates import FAR_M, LEFT, NAMED, Gates, needed
from huaxin.orders.lifecycle import find_move
from huaxin.orders.model import Address, Order, Proof
from huaxin.orders.moves import reach
from huaxin.orders.notices import LEFT_WORDS, notice

_METRES = 111_320.0  # of a degree of latitude


def deliver(case: Case, wish: c.Deliver) -> Outcome:
    move = find_move(case.order, "deliver", case.role)
    name = tidy(wish.received_by)
    known = is_code(case.order, wish.code)
    if wish.code and case.order.receipt_code and not known:
        raise Rejected("proof.wrong_code", "That is not the receipt code of this order.", {"tries_left": 0})
    if case.role is Role.courier:
        _check(case.order, wish, name, known)
    distance = distance_to(case.order.address, wish.point)
    proof = Proof(
        at=case.now,
        device_at=case.device_at,
        point=wish.point,
        picture=wish.picture,
        received_by=name,
        left_with=wish.left_with,
        signature=wish.signature,
        code=known,
        accuracy_m=wish.accuracy_m if wish.point is not None else 0.0,
        distance_m=distance,
        far=distance > FAR_M + wish.accuracy_m,
    )
    return Outcome(
        order=reach(case, move, proof=proof, slipping=False),
        event=OrderDelivered(proof=proof),
        audience=Audience.everyone,
        notices=_told(proof),
    )


def is_code(order: Order, code: str) -> bool:
    return bool(order.receipt_code) and code.strip() == order.receipt_code


def _check(order: Order, wish: c.Deliver, name: str, known: bool) -> None:
    """What the shop asks the courier for. The shop itself may close an order by hand."""
    if wish.left_with in NAMED and not name:
        raise Rejected(
            "proof.name_missing", "Say who took the flowers, or which locker.", wish.left_with, status=422
        )
    gates = wish.gates or Gates()
    given = {"picture": bool(wish.picture), "signature": bool(wish.signature), "code": known}
    wanted = needed(gates, wish.left_with, bool(order.receipt_code))
    missing = [one for one in wanted if not given[one]]
    if missing:
        raise Rejected(
            "proof.missing",
            "The shop asks for more before this is delivered.",
            {"needs": missing},
            status=422,
        )


def distance_to(address: Address, point: Point | None) -> float:
    """Metres, straight, to the door or the gate, whichever is nearer; -1 without a position."""
    if point is None:
        return -1.0
    doors = [address.point, *([address.gate] if address.gate is not None else [])]
    return round(min(_metres(point, door) for door in doors), 1)


def _metres(a: Point, b: Point) -> float:
    return hypot((b.lon - a.lon) * cos(radians(a.lat)), b.lat - a.lat) * _METRES


def _told(proof: Proof) -> list[Fact]:
    notices = [notice("delivered"), notice("delivered_recipient")]
    if proof.left_with in LEFT:
        named = Text(f":{proof.received_by}", f": {proof.received_by}") if proof.received_by else Text("", "")
        notices.append(notice("left_with", who=LEFT_WORDS[proof.left_with], name=named))
    if proof.far:
        notices.append(notice("proof_far", distance=_said(proof.distance_m)))
    return notices


def _said(metres: float) -> Text:
    if metres < 1_000:
        return Text(f"{metres:.0f}米", f"{metres:.0f} m")
    return Text(f"{metres / 1000:.1f}公里", f"{metres / 1000:.1f} km")
