"""A ride: positions in, track and eta out, and what they make certain (O4, O5, O18)."""

from collections.abc import Callable
from typing import Any

from huaxin.compose import House
from huaxin.dispatch.roads import straight_m
from huaxin.kernel import Point
from huaxin.live.clock import Clock
from tests.contract.live.clients import Line
from tests.contract.live.conftest import until
from tests.house import Member, log_in, place, shop_point
from tests.unit.orders.helpers import at

STEP_MS = 8_000


async def report(courier: Member, clock: Clock, point: Point) -> None:
    clock.step(STEP_MS)
    fix = {"at": clock(), "lat": point.lat, "lon": point.lon, "accuracy_m": 5.0, "speed_kmh": 20.0}
    answer = await courier.done("report_positions", shop="huaxin", positions=[fix])
    assert answer["accepted"] == 1, answer


def along(road: list[Point], metres: float) -> list[Point]:
    """The road again, with a point at least every so many metres."""
    found = [road[0]]
    for end in road[1:]:
        start = found[-1]
        parts = max(1, round(straight_m(start, end) / metres))
        found += [
            Point(
                start.lat + (end.lat - start.lat) * n / parts, start.lon + (end.lon - start.lon) * n / parts
            )
            for n in range(1, parts + 1)
        ]
    return found


async def test_the_ride_is_seen_and_the_arrival_told_once(open_another: Callable[..., Any]) -> None:
    clock = Clock(start_ms=at("2026-03-06 14:00"), speed=0.0)
    house: House = await open_another(clock=clock)
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    order = await place(li)
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    line = await Line(li).open()
    track, talk = await line.listen(f"track:{order}"), await line.listen(f"order:{order}")
    assert (await li.order(order))["track"].get("position") is None
    await zhang.done("pick_up", order=order)
    await zhang.done("set_off", order=order)
    door = Point(**(await li.order(order))["order"]["address"]["point"])
    road = along(house.city.path([await shop_point(house), door]), 45.0)
    for point in road[: len(road) // 2]:
        await report(zhang, clock, point)
    await until(lambda: bool(track.signals))
    seen = track.signals[-1]["track"]
    assert seen["position"]["point"]
    assert seen["eta"]["p50_at"] <= seen["eta"]["p90_at"]
    assert not any("即将送达" in notice for notice in talk.notices())
    for point in road[len(road) // 2 :]:
        await report(zhang, clock, point)
    await until(lambda: any("即将送达" in notice for notice in talk.notices()))
    assert sum("即将送达" in notice for notice in talk.notices()) == 1
    assert (await li.order(order))["order"]["status"] == "arriving"
    await line.close()


async def test_a_position_is_for_whoever_waits_only(house: House) -> None:
    li, owner, zhang, chen = [await log_in(house, n) for n in ("li", "owner", "zhang", "chen")]
    order = await place(li)
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    here = await shop_point(house)
    fix = {"at": house.clock(), "lat": here.lat, "lon": here.lon}
    await zhang.done("report_positions", shop="huaxin", positions=[fix])
    board = await owner.ask("get_board", shop="huaxin")
    assert any(one.get("position") for one in board["couriers"])
    assert (await li.order(order))["track"].get("position") is None
    answer = await chen.do("report_positions", shop="huaxin", positions=[])
    assert answer.status_code == 403


async def test_what_an_assignment_would_cost_is_shown_before(house: House) -> None:
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    order = await place(li)
    await owner.done("confirm_order", order=order)
    cost = await owner.ask("preview_assign", order=order, courier=zhang.person)
    assert cost["extra_minutes"] > 0
    assert cost["reachable"]


async def test_hours_without_a_line_are_taken_whole(open_another: Callable[..., Any]) -> None:
    """TR-5: ten thousand at once; more are refused with how many go; sent in pieces, the old stays old."""
    clock = Clock(start_ms=at("2026-03-06 18:00"), speed=0.0)
    house: House = await open_another(clock=clock)
    owner, zhang, here = await log_in(house, "owner"), await log_in(house, "zhang"), await shop_point(house)
    late = clock() - 3_600_000  # the phone's clock is an hour behind

    def fix(ago: int) -> dict[str, Any]:
        return {"at": late - ago * 3000, "lat": here.lat + ago * 1e-6, "lon": here.lon}

    async def age_ms() -> int:
        (one,) = [one for one in await owner.ask("list_couriers", shop="huaxin") if one.get("position")]
        return clock() - int(one["position"]["at"])

    early = [fix(ago) for ago in range(10_600, 10_400, -1)]
    answer = await zhang.done("report_positions", shop="huaxin", positions=early, sent_at=late)
    assert (answer["accepted"], answer["refused"]) == (200, [])
    assert await age_ms() == 10_401 * 3000
    queue = [fix(ago) for ago in range(10_000)]  # and in no order
    answer = await zhang.done("report_positions", shop="huaxin", positions=queue)
    assert (answer["accepted"], answer["refused"]) == (10_000, [])
    assert await age_ms() == 0
    refused = await zhang.do("report_positions", shop="huaxin", positions=[*queue, fix(0)])
    assert (refused.status_code, refused.json()["code"]) == (422, "position.batch")
    assert "一万" in refused.json()["detail"]


async def test_what_cannot_be_ridden_to_and_what_has_passed_is_said_with_what_to_do(house: House) -> None:
    """TR-93: asked, ordered or changed to; nothing is kept of it."""
    li, here = await log_in(house, "li"), await shop_point(house)
    beyond = {"text": "没有桥的对岸", "point": {"lat": here.lat + 0.5, "lon": here.lon}}
    quote = await li.ask("quote", shop="huaxin", point=beyond["point"])
    assert not quote["reachable"]
    assert "换一个地址" in quote["words"]["zh"]
    order = await place(li)
    wish = {
        "order": "order-beyond-1", "shop": "huaxin", "lines": [{"product": "carnation"}],
        "recipient": {"name": "妈妈", "phone": "13900001111"}, "address": beyond,
        "promise": {"end": house.clock() + 7_200_000},
    }  # fmt: skip
    for refused in (
        await li.do("place_order", **wish),
        await li.do("ask_change", order=order, address=beyond),
    ):
        assert (refused.status_code, refused.json()["code"]) == (422, "order.unreachable")
        assert "换一个地址" in refused.json()["detail"]
    known = (await li.order(order))["order"]["address"]
    passed = wish | {"address": known, "promise": {"end": house.clock() - 1}}
    for refused in (
        await li.do("place_order", **passed),
        await li.do("ask_change", order=order, promise={"end": house.clock() - 1}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (422, "order.window_past")
        assert "选晚一点" in refused.json()["detail"]
