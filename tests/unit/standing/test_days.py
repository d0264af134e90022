"""The days a standing order falls on (IM-20, IM-21)."""

from datetime import date

from huaxin.kernel import Point
from huaxin.orders.commands import LineWish, PlaceOrder
from huaxin.orders.model import Address, Party
from huaxin.standing.model import Standing, days_of, order_id

WISH = PlaceOrder(
    order="order-0001",
    shop="s",
    lines=[LineWish(product="rose")],
    recipient=Party(name="妈妈", phone="13900001111"),
    address=Address(text="阳光小区", point=Point(30.0, 120.0)),
)


def standing(**changes: object) -> Standing:
    fields = {"id": "w-1", "shop": "s", "person": "p", "role": "buyer", "wish": WISH, "days": (1, 5)}
    return Standing(**(fields | {"start": 540, "end": 660, "since": "2026-03-06"} | changes))  # type: ignore[arg-type]


def test_it_falls_on_its_weekdays_from_its_first_day_until_its_last() -> None:
    """IM-20."""
    first, last = date(2026, 3, 1), date(2026, 3, 14)
    assert [day.isoformat() for day in days_of(standing(), first, last)] == [
        "2026-03-06",
        "2026-03-09",
        "2026-03-13",
    ]
    assert [day.day for day in days_of(standing(until="2026-03-09"), first, last)] == [6, 9]
    assert list(days_of(standing(until="2026-03-01"), first, last)) == []


def test_each_day_has_one_order_whoever_makes_it() -> None:
    """IM-21."""
    one = standing()
    assert order_id(one, date(2026, 3, 6)) == order_id(standing(days=(5,)), date(2026, 3, 6))
    ids = {order_id(one, day) for day in days_of(one, date(2026, 3, 1), date(2026, 3, 31))}
    assert len(ids) == 8
    assert order_id(standing(id="w-2"), date(2026, 3, 6)) not in ids
