"""Learning from orders that have ended."""

from datetime import timedelta, timezone

import pytest
from msgspec.structs import replace

from huaxin.orders.model import Incident, Order, Reason, Status
from huaxin.tracking.learning.history import learn_history, legs_of
from huaxin.tracking.learning.memory import Memory
from tests.unit.dispatch.grid import MINUTE, NOON, Grid, at, order

SHOP = at(0, 0)
ZONE = timezone(timedelta(hours=8))


def ended(name: str, east: float, set_off: int, arrived: int, delivered: int) -> Order:
    times = {"delivering": set_off, "arrived": arrived, "delivered": delivered}
    return order(name, at(east, 0), status=Status.delivered, times=times)


def test_legs_begin_at_the_shop_or_at_the_door_before() -> None:
    """TR-194: two stops of one trip, then another trip; by when they ended; open orders are no legs."""
    first = ended("a", 1000, NOON, NOON + 5 * MINUTE, NOON + 9 * MINUTE)
    second = ended("b", 2000, NOON, NOON + 14 * MINUTE, NOON + 16 * MINUTE)
    third = ended("c", 500, NOON + 60 * MINUTE, NOON + 63 * MINUTE, NOON + 65 * MINUTE)
    legs = legs_of([third, second, order("d", at(1, 1)), first], {"s1": SHOP})
    assert [leg.order.id for leg in legs] == ["a", "b", "c"]
    assert [leg.begin for leg in legs] == [SHOP, at(1000, 0), SHOP]
    assert [leg.begun_at for leg in legs] == [NOON, NOON + 9 * MINUTE, NOON + 60 * MINUTE]
    assert legs_of([first], {}) == []


def test_history_teaches_what_riding_would_have() -> None:
    """TR-194, TR-34, TR-37: rides half again as long as the map says, doors of twice the usual time; a
    delivery with an incident teaches nothing."""
    orders = []
    for n in range(20):
        begin = NOON + n * 120 * MINUTE
        arrived = begin + round(1500 / 5 * 1.5 * 1000)
        orders.append(ended(f"o{n}", 1500, begin, arrived, arrived + 6 * MINUTE))
    trouble = Incident(id="i", reason=Reason.accident, at=NOON, reporter="c1", role="courier")
    early = NOON - 60 * MINUTE
    bad = ended("x", 1500, early, early + 9 * MINUTE, early + 10 * MINUTE)
    orders.append(replace(bad, incidents=[trouble]))
    memory = Memory(ZONE)
    found = learn_history(memory, legs_of(orders, {"s1": SHOP}), Grid())
    assert found == (21, 20, 20)
    assert memory.pace("c1", NOON + 3000 * MINUTE) == pytest.approx(1.5, rel=0.15)
    assert memory.service(orders[0], "c1").mean_s == pytest.approx(360, rel=0.15)
    assert memory.service(order("far", at(9000, 9000)), "c9").mean_s < 320
