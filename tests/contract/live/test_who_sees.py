"""Who may see where a courier is, by role and by how far the order is (TR-16, TR-87)."""

from typing import Any

import msgspec
import pytest

from huaxin.compose import House
from huaxin.orders.views import OrderView
from tests.contract.live.clients import Line
from tests.contract.live.conftest import until
from tests.house import Member, log_in, place, shop_point

STEPS = ("placed", "assigned", "picked_up", "delivering", "arrived", "delivered")
SEEN = frozenset({"picked_up", "delivering", "arrived"})


async def bring_to(status: str, owner: Member, zhang: Member, order: str) -> None:
    for step in STEPS[1 : STEPS.index(status) + 1]:
        if step == "assigned":
            await owner.done("confirm_order", order=order)
            await owner.done("assign_courier", order=order, courier=zhang.person)
        else:
            command = {
                "picked_up": "pick_up",
                "delivering": "set_off",
                "arrived": "mark_arrived",
                "delivered": "deliver",
            }
            await zhang.done(command[step], order=order)


@pytest.mark.parametrize("status", STEPS)
async def test_a_position_is_seen_while_the_flowers_are_on_the_way(house: House, status: str) -> None:
    """TR-16, TR-87: by that order's buyer, from pick-up to the handover; by another buyer never."""
    li, chen, owner, zhang = [await log_in(house, name) for name in ("li", "chen", "owner", "zhang")]
    order, other = await place(li), await place(chen)
    await bring_to("delivering", owner, zhang, other)
    await bring_to(status, owner, zhang, order)
    here = await shop_point(house)
    fix = {"at": house.clock(), "lat": here.lat + 0.001, "lon": here.lon, "accuracy_m": 6.0}
    await zhang.done("report_positions", shop="huaxin", positions=[fix])

    track: dict[str, Any] = (await li.order(order))["track"] or {}
    assert ("position" in track) == (status in SEEN)
    assert ("path" in track) <= (status in SEEN)
    assert other not in str(track)
    refused = await chen.http.post("/api/queries/get_order", json={"order": order})
    assert refused.status_code == 404
    line = await Line(chen).open()
    with pytest.raises(Exception, match="unsubscribed"):
        await line.listen(f"track:{order}")
    with pytest.raises(Exception, match="unsubscribed"):
        await line.listen(f"run:huaxin:{zhang.person}")
    await line.close()


async def test_of_two_buyers_on_one_bike_one_at_most_sees_the_road(house: House) -> None:
    """TR-16: the road ahead leads past nobody else's door."""
    li, chen, owner, zhang = [await log_in(house, name) for name in ("li", "chen", "owner", "zhang")]
    orders = {li: await place(li), chen: await place(chen)}
    for order in orders.values():
        await bring_to("delivering", owner, zhang, order)
    here = await shop_point(house)
    fix = {"at": house.clock(), "lat": here.lat + 0.001, "lon": here.lon, "accuracy_m": 6.0}
    await zhang.done("report_positions", shop="huaxin", positions=[fix])
    views = [(await who.order(order))["track"] for who, order in orders.items()]
    assert all(view["position"] for view in views)
    assert sum("path" in view for view in views) == 1


async def test_who_is_given_an_order_hears_the_whole_of_it(house: House) -> None:
    """CO-23: the courier's card is drawn from the event, and has nothing of what a courier may not see."""
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    order = await place(li, card={"text": "生日快乐", "signature": "小李"})
    await owner.done("confirm_order", order=order)
    line = await Line(zhang).open()
    ears = await line.listen(f"run:huaxin:{zhang.person}")
    await owner.done("assign_courier", order=order, courier=zhang.person)
    await until(lambda: any(event["type"] == "courier_assigned" for event in ears.events))
    heard = next(event for event in ears.events if event["type"] == "courier_assigned")
    snapshot = (await zhang.order(order))["order"]
    whole = {name: value for name, value in heard["delta"].items() if value is not None}
    assert msgspec.convert(whole, OrderView) == msgspec.convert(snapshot, OrderView)
    assert not {"card", "total"} & set(whole)
    assert "生日快乐" not in str(heard)
    await line.close()
