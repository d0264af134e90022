"""Runs steered by people: by hand, suggestions, batches, handovers. Rules: docs/spec/tracking.md."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from huaxin.compose import House
from huaxin.journal.model import Rejected
from huaxin.kernel import Point
from huaxin.shops.model import Shop
from tests.contract.live.conftest import until
from tests.house import Member, log_in, place, shop_point

HOUR_MS = 3_600_000


async def _placed(house: House, li: Member, owner: Member, count: int, **changes: Any) -> list[str]:
    """Confirmed orders to doors around the shop."""
    shop, orders = await shop_point(house), []
    for n in range(count):
        point = Point(shop.lat + 0.004 * ((n % 3) - 1), shop.lon + 0.004 * ((n // 3) % 4 - 1) + 0.002)
        address = {"text": f"{n}号门", "point": {"lat": point.lat, "lon": point.lon}}
        fields = {"promise": {"end": house.clock() + 5 * HOUR_MS}} | changes
        orders.append(await place(li, address=address, **fields))
        await owner.done("confirm_order", order=orders[-1])
    return orders


async def _assigned(house: House, count: int) -> tuple[Member, Member, list[str]]:
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    orders = await _placed(house, li, owner, count)
    for order in orders:
        await owner.done("assign_courier", order=order, courier=zhang.person)
    return owner, zhang, orders


async def _stops(courier: Member) -> list[str]:
    return [stop["order"]["id"] for stop in (await courier.ask("get_run", shop="huaxin"))["stops"]]


async def test_an_order_of_visits_set_by_hand_is_kept_over_a_restart(
    open_another: Callable[..., Any], data: Path
) -> None:
    """TR-176, TR-177: by the courier or the shop, followed by the plan, until it is let go."""
    database = f"sqlite:///{data / 'by_hand.db'}"
    house = await open_another(database=database)
    owner, zhang, orders = await _assigned(house, 7)
    await house.runs.planner.settle()
    found = await _stops(zhang)
    wanted = [found[-1], *found[:-1]]
    effect = await zhang.ask("preview_run_order", shop="huaxin", orders=wanted)
    assert set(effect["etas"]) == set(orders)
    await zhang.done("set_run_order", shop="huaxin", orders=wanted)
    assert await _stops(zhang) == wanted
    assert (await zhang.ask("get_run", shop="huaxin"))["news"]["kept_by_hand"]
    board = await owner.ask("get_board", shop="huaxin")
    assert next(one for one in board["couriers"] if one["person"] == zhang.person)["by_hand"]
    await house.stop()
    house = await open_another(database=database)
    zhang = await log_in(house, "zhang")
    assert await _stops(zhang) == wanted
    await zhang.done("set_run_order", shop="huaxin", orders=[])
    assert "kept_by_hand" not in (await zhang.ask("get_run", shop="huaxin"))["news"]


async def test_an_order_of_visits_names_own_orders_once(house: House) -> None:
    """TR-177."""
    _, zhang, orders = await _assigned(house, 2)
    xiao, li = await log_in(house, "xiaozhang"), await log_in(house, "li")
    for wish, code in (
        ([orders[0], orders[0]], "run.repeated"),
        ([orders[0], "nobody-knows-it"], "run.foreign"),
    ):
        answer = await zhang.do("set_run_order", shop="huaxin", orders=wish)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    foreign = await xiao.do("set_run_order", shop="huaxin", courier=zhang.person, orders=orders)
    assert foreign.status_code == 403
    assert (await li.do("set_run_order", shop="huaxin", orders=orders)).status_code == 403


async def test_who_should_take_it_is_said_with_the_reason(house: House) -> None:
    """TR-178: best first, one line each; the preview agrees."""
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    order = (await _placed(house, li, owner, 1))[0]
    found = await owner.ask("suggest_couriers", order=order)
    assert len(found) >= 2
    assert zhang.person in {one["courier"] for one in found}
    assert all(one["reason"]["zh"] and one["reason"]["en"] for one in found)
    cost = await owner.ask("preview_assign", order=order, courier=found[0]["courier"])
    assert abs(cost["eta_at"] - found[0]["eta_at"]) < 60_000
    answer = await zhang.http.post("/api/queries/suggest_couriers", json={"order": order})
    assert answer.status_code == 403


async def test_a_courier_in_trouble_comes_last_and_hands_over(house: House) -> None:
    """TR-178, TR-180: a flat tyre: who takes over, where they meet, and it is done with one tap."""
    owner, zhang, orders = await _assigned(house, 2)
    xiao = await log_in(house, "xiaozhang")
    shop = await shop_point(house)
    for member, shift in ((zhang, 0.003), (xiao, -0.003)):
        fix = {"at": house.clock(), "lat": shop.lat + shift, "lon": shop.lon, "accuracy_m": 5.0}
        await member.done("report_positions", shop="huaxin", positions=[fix])
    for order in orders:
        await zhang.done("pick_up", order=order)
    await zhang.done("report_incident", order=orders[0], reason="vehicle_breakdown")
    found = await owner.ask("suggest_couriers", order=orders[1])
    assert found[-1]["courier"] == zhang.person
    assert "trouble" in found[-1]["reason"]["en"]
    plan = await owner.ask("plan_handover", shop="huaxin", courier=zhang.person)
    assert {leg["order"] for leg in plan["legs"]} == set(orders)
    assert all(leg["courier"] not in ("", zhang.person) for leg in plan["legs"]), plan
    assert all(leg["meet"] and leg["kept"] for leg in plan["legs"]), plan
    done = await owner.done("apply_handover", shop="huaxin", courier=zhang.person)
    assert (done["applied"], done["failed"]) == (2, [])
    snapshot = await owner.order(plan["legs"][0]["order"])
    assert snapshot["order"]["courier"]["person"] == plan["legs"][0]["courier"]
    said = [event["body"] for event in snapshot["events"] if "Handover" in str(event["body"])]
    assert len(said) == 1, snapshot["events"]


async def test_a_morning_is_shared_out_and_applied(house: House) -> None:
    """TR-179: a proposal with what is kept and what is not; applying it names what was refused."""
    li, owner = [await log_in(house, name) for name in ("li", "owner")]
    orders = await _placed(house, li, owner, 8)
    view = await owner.ask("plan_batch", shop="huaxin")
    assert (view["state"], view["orders"]) == ("planning", 8)
    batches = house.runs.batches

    async def state() -> dict[str, Any]:
        return await owner.ask("get_batch", shop="huaxin")

    job = batches._jobs[view["job"]]
    await until(lambda: job.view.state == "proposed")
    view = await state()
    assert view["kept"] + len(view["unkept"]) == 8
    assert sorted(one for share in view["shares"] for one in share["orders"]) == sorted(orders)
    await owner.done("cancel_order", order=orders[0], reason="other")
    await owner.done("apply_batch", job=view["job"])
    await until(lambda: job.view.state == "applied")
    view = await state()
    assert view["applied"] == 7
    assert [one["order"] for one in view["failed"]] == [orders[0]]
    assert "取消" in view["failed"][0]["sentence"]["zh"]
    await owner.done("apply_batch", job=view["job"])  # once more does no harm
    await until(lambda: job.view.state == "applied")
    answer = await owner.http.post("/api/queries/plan_batch", json={"shop": "huaxin"})
    assert answer.json()["code"] == "batch.empty"


async def test_a_shop_that_wants_it_assigns_by_itself(house: House) -> None:
    """TR-181: off until wished; ready orders go to whoever is best and was heard of lately."""
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    order = (await _placed(house, li, owner, 1))[0]
    await owner.done("start_making", order=order)
    await owner.done("mark_ready", order=order)
    assert await house.runs.desk.assign_due() == 0
    await owner.done("set_assignment", shop="huaxin", automatic=True)
    assert (await owner.ask("get_assignment", shop="huaxin"))["automatic"]
    assert await house.runs.desk.assign_due() == 0  # nobody was heard of
    shop = await shop_point(house)
    fix = {"at": house.clock(), "lat": shop.lat, "lon": shop.lon, "accuracy_m": 5.0}
    await zhang.done("report_positions", shop="huaxin", positions=[fix])
    house.runs.desk._tried.clear()
    assert await house.runs.desk.assign_due() == 1
    assert (await owner.order(order))["order"]["courier"]["person"] == zhang.person


async def test_the_planning_process_is_begun_anew_when_it_dies(house: House) -> None:
    """TR-175: nobody notices but the log. A server begins it before the first run needs it."""
    house.runs.planner.warm()
    owner, zhang, orders = await _assigned(house, 7)
    await house.runs.planner.settle()
    pool = house.runs.planner._pool
    assert pool is not None
    for process in list(pool._processes.values()):
        process.kill()
    found = await owner.ask("suggest_couriers", order=orders[0])
    assert len(found) >= 2
    assert house.runs.planner.restarts == 1
    assert sorted(await _stops(zhang)) == sorted(orders)


async def test_the_room_on_a_bike_is_the_shops_to_say(house: House) -> None:
    """TR-170: who says 2 places sees the run with a second visit at the shop."""
    owner, zhang, _ = await _assigned(house, 3)
    await owner.done("set_bike", shop="huaxin", courier=zhang.person, places=2, tall=0)
    view = await owner.ask("get_assignment", shop="huaxin")
    assert {"courier": zhang.person, "places": 2, "tall": 0} in view["bikes"]
    plan = house.tracking.plan("huaxin", zhang.person)
    assert plan is not None
    assert sum(stop.via_shop for stop in plan.stops) == 2
    assert (await zhang.do("set_bike", shop="huaxin", places=9, tall=9)).status_code == 403


async def test_a_shop_added_or_moved_while_the_server_runs_is_learned(house: House) -> None:
    """TR-205: as `huaxin shop add` and another node do it, in the store alone."""
    _, zhang, _ = await _assigned(house, 2)
    before = (await zhang.ask("get_run", shop="huaxin"))["stops"][0]["eta_at"]
    here = await shop_point(house)
    far = Point(here.lat + 0.03, here.lon)
    await house.shops.put(Shop(id="rose", name="玫瑰店", point=far))
    await house.shops.put(replace(await house.shops.get("huaxin"), point=far))
    with pytest.raises(Rejected, match="where the shop is"):
        house.tracking.point_of("rose")
    await house.tracking.learn_shops()
    assert house.tracking.point_of("rose") == far
    assert (await zhang.ask("get_run", shop="huaxin"))["stops"][0]["eta_at"] > before + 60_000
