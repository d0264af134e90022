"""What a living house learns is kept, and can be learned anew from its journal (TR-61, TR-194)."""

import asyncio
from pathlib import Path

import pytest

from huaxin.cli import main
from huaxin.kernel import Point
from huaxin.live.clock import Clock
from huaxin.storage.open import open_store
from huaxin.tracking.store import TrackStore
from tests.house import log_in, open_house, place, shop_point
from tests.unit.orders.helpers import at


async def test_a_ride_is_learned_kept_and_learned_anew(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """TR-61, TR-194: the ride and the door of a real order are in the store after the house has stopped; the
    command finds both in the journal, and the next house starts with them."""
    clock = Clock(start_ms=at("2026-03-06 14:00"), speed=0.0)
    database = f"sqlite:///{tmp_path / 'learned.db'}"
    async with open_house(data, database=database, clock=clock) as house:
        li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
        order = await place(li)
        await owner.done("confirm_order", order=order)
        await owner.done("assign_courier", order=order, courier=zhang.person)
        shop = await shop_point(house)
        fix = {"lat": shop.lat, "lon": shop.lon, "accuracy_m": 5.0}
        await zhang.done("pick_up", order=order)
        await zhang.done("report_positions", shop="huaxin", positions=[{"at": clock(), **fix}])
        await zhang.done("set_off", order=order)
        door = Point(**(await li.order(order))["order"]["address"]["point"])
        ride = house.city.ride(shop, door)
        assert ride is not None
        clock.step(round(ride[0] * 1500))
        await zhang.done("mark_arrived", order=order)
        clock.step(400_000)
        await zhang.done("deliver", order=order)
    assert {"model", f"ride:courier:{zhang.person}", f"door:carrier:{zhang.person}"} <= await kept(database)
    command = ["eta", "learn", "--data", str(data), "--database", database]
    assert await asyncio.to_thread(main, command) == 0
    assert "1 delivered orders: 1 rides and 1 handovers learned" in capsys.readouterr().out
    assert {"model", f"ride:courier:{zhang.person}", f"door:carrier:{zhang.person}"} <= await kept(database)
    async with open_house(data, database=database, clock=clock) as house:
        memory = house.tracking.tracker.memory
        assert memory.pace(zhang.person, clock()) > memory.pace("nobody", clock())


async def kept(database: str) -> set[str]:
    """The keys of what was learned."""
    store = await open_store(database)
    try:
        return set(await TrackStore(store).load_learned())
    finally:
        await store.close()
