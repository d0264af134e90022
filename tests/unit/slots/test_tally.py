"""What orders take of the slots, as facts come in (SL-2, SL-3, SL-4, SL-9)."""

from typing import Any

import msgspec
import pytest

from huaxin.journal.batch import decide_batch
from huaxin.journal.entry import Entry
from huaxin.journal.model import Command, Head
from huaxin.kernel import Point
from huaxin.orders import commands as c
from huaxin.orders.model import Address, Promise
from huaxin.shops.model import Shop
from huaxin.slots.model import DaySlot, SlotPlan, Zone
from huaxin.slots.tally import SlotTally
from tests.unit.orders.helpers import ACTORS, FRIDAY, RULES, SHOP, at, wish

PLAN = SlotPlan(
    slots=(DaySlot(start=540, end=660, couriers=1, drops=1), DaySlot(start=660, end=780, couriers=1, drops=1))
)
NINE, ELEVEN, ONE = at("2026-03-07 09:00"), at("2026-03-07 11:00"), at("2026-03-07 13:00")


class _Deaf:
    def settle(self, raw: bytes) -> None: ...

    def fail(self, error: BaseException) -> None: ...


class Desk:
    """A journal of one shop in the hand: decides batches and takes in what came of them."""

    def __init__(self, plan: SlotPlan | None = PLAN) -> None:
        self.tally = SlotTally(Shop(id=SHOP, name="花店"), plan, lambda: True)
        self.states: dict[tuple[str, str], Any] = {}
        self.seq, self.count = 0, 0

    def do(self, *wishes: tuple[str, Any]) -> list[str]:
        """ "" for what was done, a code for what was refused; one batch."""
        entries = []
        for who, body in wishes:
            self.count += 1
            self.states.setdefault((SHOP, body.order), None)
            command = Command(
                shop=SHOP, subject=body.order, actor=ACTORS[who], command_id=f"c{self.count}", body=body
            )
            entries.append(Entry(command, _Deaf()))
        heads = {SHOP: (Head("e", self.seq), FRIDAY)}
        plan = decide_batch(entries, heads, self.states, RULES, FRIDAY, {SHOP: self.tally})
        assert not plan.broken
        self.seq = plan.drafts[SHOP].seq
        self.tally.absorb(plan.drafts[SHOP].records)
        refused = {id(entry): no.code for entry, no in plan.refused}
        return [refused.get(id(entry), "") for entry in entries]

    def taken(self, start: int, end: int) -> int:
        fresh = SlotTally(self.tally.shop, self.tally.plan, lambda: True)
        fresh.load(
            (subject, msgspec.json.encode(state)) for (_, subject), state in self.states.items() if state
        )
        count = self.tally.book.between(start, end).orders
        assert fresh.book.between(start, end).orders == count, "what is kept and what is read anew differ"
        return count


def order(nth: int, end: int = ELEVEN, **changes: Any) -> c.PlaceOrder:
    return wish(order=f"order-{nth:04}", promise=Promise(start=end - 7_200_000, end=end), **changes)


def test_one_of_two_in_the_same_batch_has_the_last_seat() -> None:
    """SL-4: the loser learns what is free."""
    desk = Desk()
    assert desk.do(("buyer", order(1)), ("buyer", order(2))) == ["", "slot.full"]
    assert desk.do(("buyer", order(3))) == ["slot.full"]
    assert desk.do(("buyer", order(4, ONE))) == [""]
    assert (desk.taken(NINE, ELEVEN), desk.taken(ELEVEN, ONE)) == (1, 1)


def test_cancelling_gives_the_seat_back_and_undoing_takes_it_again() -> None:
    """SL-3: unless somebody sits there by now."""
    desk = Desk()
    assert desk.do(("buyer", order(1))) == [""]
    assert desk.do(("shop", c.CancelOrder(order="order-0001")), ("buyer", order(2))) == ["", ""]
    assert desk.do(("shop", c.UndoLast(order="order-0001"))) == ["slot.full"]
    assert desk.taken(NINE, ELEVEN) == 1
    assert desk.do(("shop", c.CancelOrder(order="order-0002")), ("shop", c.UndoLast(order="order-0001"))) == [
        "",
        "",
    ]
    assert desk.taken(NINE, ELEVEN) == 1


def test_moving_an_order_moves_its_seat() -> None:
    """SL-3, SL-10: the one who accepts a change too late is told."""
    desk = Desk()
    assert desk.do(("buyer", order(1)), ("buyer", order(2, ONE))) == ["", ""]
    ask = c.AskChange(order="order-0001", promise=Promise(start=ELEVEN, end=ONE))
    assert desk.do(("buyer", ask)) == [""]
    change = desk.states[SHOP, "order-0001"].change.id
    accept = c.AnswerChange(order="order-0001", change=change, accept=True)
    assert desk.do(("shop", accept)) == ["slot.full"]
    assert desk.do(("shop", c.CancelOrder(order="order-0002")), ("shop", accept)) == ["", ""]
    assert (desk.taken(NINE, ELEVEN), desk.taken(ELEVEN, ONE)) == (0, 1)


ZONES = SlotPlan(
    slots=(DaySlot(start=540, end=660, couriers=1, drops=2),),
    zones=(Zone(id="near", up_to_m=3000, seats=1), Zone(id="far", up_to_m=9000, seats=1)),
)
THERE = Address(text="城南路9号", point=Point(30.2, 120.0))


def moved(nth: int, zone: str = "far") -> c.AskChange:
    return c.AskChange(order=f"order-{nth:04}", address=THERE, zone=zone)


def yes(desk: Desk, nth: int) -> c.AnswerChange:
    id = f"order-{nth:04}"
    return c.AnswerChange(order=id, change=desk.states[SHOP, id].change.id, accept=True)


def test_another_address_moves_the_seat_of_its_zone() -> None:
    """SL-13: in the commit that agrees to it; a slot that is full otherwise is no reason against it."""
    desk = Desk(ZONES)
    assert desk.do(("buyer", order(1, zone="near"))) == [""]
    assert desk.do(("shop", order(2, zone="near", overbook=True)), ("buyer", moved(1))) == ["", ""]
    assert desk.do(("shop", yes(desk, 1))) == [""]
    assert desk.states[SHOP, "order-0001"].zone == "far"
    zones = desk.tally.book.between(NINE, ELEVEN).zones
    assert (zones["near"], zones["far"], desk.taken(NINE, ELEVEN)) == (1, 1, 2)


def test_of_two_who_move_to_one_zone_one_has_its_last_seat() -> None:
    """SL-13: in one batch; the other stays where it was."""
    desk = Desk(ZONES)
    assert desk.do(("buyer", order(1, zone="near")), ("shop", order(2, zone="near", overbook=True))) == [
        "",
        "",
    ]
    assert desk.do(("buyer", moved(1)), ("buyer", moved(2))) == ["", ""]
    assert desk.do(("shop", yes(desk, 1)), ("shop", yes(desk, 2))) == ["", "slot.full"]
    assert desk.states[SHOP, "order-0002"].zone == "near"
    assert desk.states[SHOP, "order-0002"].change.status == "asked"


def test_the_shop_may_take_more_and_says_so() -> None:
    """SL-9."""
    desk = Desk()
    assert desk.do(
        ("buyer", order(1)), ("shop", order(2, overbook=True)), ("buyer", order(3, overbook=True))
    ) == [
        "",
        "",
        "slot.full",
    ]
    agreed = c.AgreeTime(order="order-0001", at=ONE - 60_000)
    assert desk.do(("shop", c.ConfirmOrder(order="order-0001")), ("buyer", order(4, ONE))) == ["", ""]
    assert desk.do(("shop", agreed)) == [""], "what was agreed on the phone is agreed"
    assert (desk.taken(NINE, ELEVEN), desk.taken(ELEVEN, ONE)) == (1, 2)


@pytest.mark.parametrize("plan", [None, SlotPlan()])
def test_a_shop_without_slots_takes_all(plan: SlotPlan | None) -> None:
    desk = Desk(plan)
    assert desk.do(*(("buyer", order(n)) for n in range(5))) == [""] * 5
