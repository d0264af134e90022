"""Which slots there are and what is left of them (SL-1, SL-2, SL-5 to SL-8, SL-11, SL-12)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from huaxin.journal.model import Rejected
from huaxin.kernel import Point
from huaxin.shops.model import Shop
from huaxin.slots.book import Book, Taken
from huaxin.slots.free import fee_of, is_bookable, next_free, offers, slot_at, spot_of
from huaxin.slots.model import DaySlot, Occasion, SlotPlan, Spot, Zone, tidy_plan

SHOP = Shop(id="s", name="花店", point=Point(30.0, 120.0))
MORNING = DaySlot(start=9 * 60, end=11 * 60, couriers=1, drops=2, florists=1, cut_off=60, fee=500)
NOON = DaySlot(start=11 * 60, end=13 * 60, couriers=1, drops=2)
PLAN = SlotPlan(slots=(MORNING, NOON), making=30)
FRIDAY = date(2026, 3, 6)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(SHOP.time_zone)).timestamp() * 1000)


NOW = at("2026-03-06 07:00")


def book(*ends: str, bouquets: int = 1, zone: str = "") -> Book:
    found = Book()
    for end in ends:
        found.add(Taken(at(end), bouquets, zone))
    return found


def first(plan: SlotPlan, found: Book, now: int = NOW, spot: Spot | None = None, bouquets: int = 1):  # type: ignore[no-untyped-def]
    return next(offers(plan, SHOP, found, now, FRIDAY, 1, spot or Spot(), bouquets))


def test_orders_count_in_the_slot_their_promise_ends_in() -> None:
    """SL-1, SL-2: whenever they were placed, and whatever kind of promise it is."""
    slots = list(offers(PLAN, SHOP, book("2026-03-06 11:00", "2026-03-06 11:20"), NOW, FRIDAY, 1, Spot()))
    assert [(one.label.zh, one.left, one.open) for one in slots] == [
        ("9:00–11:00", 1, True),
        ("11:00–13:00", 1, True),
    ]
    full = first(PLAN, book("2026-03-06 09:01", "2026-03-06 11:00"))
    assert (full.left, full.open, full.full) == (0, False, True)
    assert first(PLAN, book("2026-03-06 09:00")).left == 2, "nine sharp is before the slot"


def test_florists_minutes_are_counted_by_bouquet() -> None:
    """SL-1: one florist makes four bouquets in two hours."""
    assert first(PLAN, book("2026-03-06 10:00", bouquets=3)).left == 1
    assert first(PLAN, book("2026-03-06 10:00", bouquets=3), bouquets=2).left == 0
    assert first(PLAN, Book(), bouquets=5).full, "more than a florist makes"


def test_a_zone_has_seats_of_its_own() -> None:
    """SL-5."""
    zones = (Zone(id="near", up_to_m=3000, fee=500), Zone(id="far", up_to_m=8000, fee=1500, seats=1))
    plan = SlotPlan(slots=(MORNING,), zones=zones)
    near, far = spot_of(plan, 2999.0), spot_of(plan, 3001.0)
    assert near == Spot(zone="near", fee=500)
    assert far == Spot(zone="far", fee=1500)
    assert spot_of(plan, 8001.0) is None
    assert spot_of(PLAN, 10**6) == Spot()
    taken = book("2026-03-06 11:00", zone="far")
    assert first(plan, taken, spot=far).full
    assert first(plan, taken, spot=near).left == 1


def test_cut_offs_and_blackout_days() -> None:
    """SL-6."""
    when = slot_at(PLAN, SHOP, at("2026-03-06 10:00"))
    assert when is not None
    assert is_bookable(PLAN, SHOP, when, at("2026-03-06 07:59"))
    assert not is_bookable(PLAN, SHOP, when, at("2026-03-06 08:00"))
    evening = SlotPlan(slots=(DaySlot(start=540, end=660, evening=20 * 60),))
    assert not is_bookable(evening, SHOP, when.__class__(*_parts(evening)), at("2026-03-05 20:00"))
    assert is_bookable(evening, SHOP, when.__class__(*_parts(evening)), at("2026-03-05 19:59"))
    closed = SlotPlan(slots=(MORNING,), blackouts=("2026-03-06",))
    assert not first(closed, Book()).open
    assert not first(closed, Book()).full
    assert slot_at(PLAN, SHOP, at("2026-03-06 13:01")) is None


def _parts(plan: SlotPlan):  # type: ignore[no-untyped-def]
    when = slot_at(plan, SHOP, at("2026-03-06 10:00"))
    assert when is not None
    return when.start, when.end, when.day, when.rule


def test_the_fee_is_zone_and_slot_and_day() -> None:
    """SL-8."""
    plan = SlotPlan(slots=(MORNING,), occasions=(Occasion(day="2026-03-06", name="妇女节前", fee=300),))
    when = slot_at(plan, SHOP, at("2026-03-06 10:00"))
    assert fee_of(plan, Spot(fee=800), when, FRIDAY) == 1600
    assert fee_of(plan, Spot(fee=800), None, date(2026, 3, 7)) == 800
    offered = first(plan, Book(), spot=Spot(fee=800))
    assert offered.fee == 1600
    assert offered.occasion is not None
    assert offered.occasion.zh == "妇女节前"


def test_the_nearest_free_slots_are_named() -> None:
    """SL-4: the last one before the wished moment on that day, then the next."""
    taken = book("2026-03-06 13:00", "2026-03-06 12:00")
    found = next_free(PLAN, SHOP, taken, NOW, at("2026-03-06 11:00"), Spot())
    assert [one.start for one in found] == [
        at("2026-03-06 09:00"),
        at("2026-03-07 09:00"),
        at("2026-03-07 11:00"),
    ]


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (SlotPlan(slots=(DaySlot(start=660, end=660),)), "slots.inverted"),
        (SlotPlan(slots=(DaySlot(start=540, end=660, days=()),)), "slots.no_day"),
        (SlotPlan(slots=(MORNING, DaySlot(start=600, end=720))), "slots.overlap"),
        (SlotPlan(zones=(Zone(id="a", up_to_m=900), Zone(id="b", up_to_m=900))), "slots.zones_alike"),
        (SlotPlan(blackouts=("2026-02-30",)), "slots.no_such_day"),
    ],
)
def test_what_cannot_be_meant_is_refused(plan: SlotPlan, code: str) -> None:
    """SL-11."""
    with pytest.raises(Rejected) as refused:
        tidy_plan(plan)
    assert (refused.value.code, refused.value.status) == (code, 422)


def test_slots_of_different_weekdays_may_share_hours() -> None:
    """SL-11: and they are kept in order."""
    plan = tidy_plan(
        SlotPlan(slots=(DaySlot(start=600, end=720, days=(6, 7)), DaySlot(start=540, end=660, days=(1,))))
    )
    assert [one.start for one in plan.slots] == [540, 600]
