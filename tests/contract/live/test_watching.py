"""The watchdog in the house: who is told what, in turn and once, and how it ends by itself (O17, O18)."""

from collections.abc import Callable
from typing import Any

from huaxin.compose import House
from huaxin.live.clock import Clock
from tests.contract.live.clients import Line
from tests.contract.live.conftest import until
from tests.house import Member, log_in, place, shop_point
from tests.unit.orders.helpers import at

MINUTE = 60_000


class Scene:
    """An order on the road with 张师傅, at a quarter past two; the clock stands still."""

    def __init__(self, house: House, clock: Clock, people: tuple[Member, Member, Member], order: str) -> None:
        self.house, self.clock, self.order = house, clock, order
        self.li, self.owner, self.zhang = people

    async def pass_(self, ms: int) -> None:
        """Time goes by, seen by the watchdog."""
        for _ in range(max(1, ms // 30_000)):
            self.clock.step(min(ms, 30_000))
            await self.house.watching.look()

    async def report(self, **more: Any) -> None:
        here = await shop_point(self.house)
        fix = {"at": self.clock(), "lat": here.lat + 0.006, "lon": here.lon, "accuracy_m": 8.0} | more
        await self.zhang.done("report_positions", shop="huaxin", positions=[fix])

    async def alerts(self, who: Member) -> list[tuple[str, str, bool]]:
        found = (await who.order(self.order))["order"].get("alerts") or []
        return [(one["kind"], one["level"], bool(one["closed_at"])) for one in found]

    async def notices(self, who: Member, template: str) -> int:
        events = (await who.order(self.order))["events"]
        return sum(e["type"] == "notice_posted" and e["body"]["template"] == template for e in events)

    async def attention(self) -> list[str]:
        return [one["kind"] for one in (await self.owner.order(self.order))["attention"]]


async def on_the_road(open_another: Callable[..., Any], minutes: int = 90) -> Scene:
    clock = Clock(start_ms=at("2026-03-06 14:15"), speed=0.0)
    house: House = await open_another(clock=clock)
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    order = await place(li, promise={"end": clock() + minutes * MINUTE})
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    await zhang.done("pick_up", order=order)
    await zhang.done("set_off", order=order)
    scene = Scene(house, clock, (li, owner, zhang), order)
    await scene.report()
    return scene


async def test_silence_asks_the_courier_then_tells_the_shop_and_ends_by_itself(
    open_another: Callable[..., Any],
) -> None:
    """TR-40, TR-43, TR-44: each once; the shop gets a button; a position ends it."""
    scene = await on_the_road(open_another)
    await scene.pass_(3 * MINUTE)
    assert await scene.alerts(scene.owner) == []
    await scene.pass_(MINUTE)
    assert await scene.alerts(scene.zhang) == [("silent", "courier", False)]
    assert "answer_alert" in (await scene.zhang.order(scene.order))["actions"]
    assert "silent" not in await scene.attention()
    await scene.pass_(3 * MINUTE)
    assert "silent" in await scene.attention()
    alert = (await scene.owner.order(scene.order))["order"]["alerts"][0]
    assert alert["remedy"] in ("call", "reassign")
    assert "张" in alert["text"]["zh"]
    await scene.pass_(2 * MINUTE)
    assert await scene.notices(scene.owner, "watch_shop") == 1
    assert await scene.notices(scene.zhang, "watch_courier") == 1
    assert await scene.notices(scene.li, "watch_shop") == 0
    assert "alerts" not in (await scene.li.order(scene.order))["order"]
    await scene.report(lat=(await shop_point(scene.house)).lat + 0.007)
    await scene.pass_(5_000)
    assert await scene.alerts(scene.owner) == [("silent", "shop", True)]
    assert "silent" not in await scene.attention()


async def test_one_tap_of_the_courier_ends_it_or_calls_the_shop(open_another: Callable[..., Any]) -> None:
    """TR-43: 「我没事」 closes, 「需要帮助」 tells the shop at once."""
    scene = await on_the_road(open_another)
    await scene.pass_(4 * MINUTE)
    await scene.zhang.done("answer_alert", order=scene.order, kind="silent", answer="help")
    assert "silent" in await scene.attention()
    assert await scene.notices(scene.owner, "watch_help") == 1
    refused = await scene.li.do("answer_alert", order=scene.order, kind="silent", answer="fine")
    assert refused.status_code == 403
    forged = await scene.owner.do("raise_alert", order=scene.order, kind="silent", since=1, level="shop")
    assert forged.status_code == 404


async def test_the_buyer_reads_a_range_before_the_promise_is_broken(
    open_another: Callable[..., Any],
) -> None:
    """TR-32, TR-45: once, in words, with the promise still ahead; the shop before or with the buyer."""
    scene = await on_the_road(open_another, minutes=14)
    line = await Line(scene.li).open()
    talk = await line.listen(f"order:{scene.order}")
    for _ in range(13):
        await scene.pass_(MINUTE)
        if _ < 8:
            await scene.report(lat=(await shop_point(scene.house)).lat + 0.0061 + 0.0001 * (_ % 2))
        await scene.house.tracking.pulse()
    await until(lambda: any("可能会晚到" in notice for notice in talk.notices()))
    told = [notice for notice in talk.notices() if "可能会晚到" in notice]
    assert len(told) == 1
    assert "–" in told[0]
    order = (await scene.li.order(scene.order))["order"]
    event = next(
        e for e in (await scene.owner.order(scene.order))["events"] if e["type"] == "promise_slipping"
    )
    assert event["at"] < order["promise"]["end"]
    assert event["body"]["to_at"] > event["body"]["eta_at"]
    assert "slipping" in await scene.attention() or "silent" in await scene.attention()
    await line.close()


async def test_an_order_nobody_accepts_or_picks_up(open_another: Callable[..., Any]) -> None:
    """TR-46: not accepted in five minutes, not picked up in time."""
    clock = Clock(start_ms=at("2026-03-06 14:00"), speed=0.0)
    house: House = await open_another(clock=clock)
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    order = await place(li, promise={"end": clock() + 60 * MINUTE})
    scene = Scene(house, clock, (li, owner, zhang), order)
    await scene.pass_(6 * MINUTE)
    assert "not_accepted" in await scene.attention()
    await owner.done("confirm_order", order=order)
    await owner.done("mark_ready", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    await scene.pass_(5_000)
    assert "not_accepted" not in await scene.attention()
    await scene.pass_(45 * MINUTE)
    assert "not_picked_up" in await scene.attention()


async def test_a_change_the_courier_has_not_read(open_another: Callable[..., Any]) -> None:
    """TR-46: unread two minutes: asked; then the shop; read: over."""
    scene = await on_the_road(open_another)
    await scene.li.done("ask_change", order=scene.order, promise={"end": scene.clock() + 3 * 60 * MINUTE})
    await scene.report()
    await scene.pass_(5 * MINUTE)
    assert "unread" in await scene.attention()
    head = 10**6  # more than there is: cut to the head
    await scene.zhang.done("mark", order=scene.order, received=head, read=head)
    await scene.pass_(5_000)
    assert "unread" not in await scene.attention()


async def test_a_stop_is_confirmed_with_one_tap_until_something_changes(
    open_another: Callable[..., Any],
) -> None:
    """TR-85, TR-86: shop and buyer see it; a new time takes it back; an agreed time stands for it."""
    scene = await on_the_road(open_another)
    await scene.zhang.done("confirm_stop", order=scene.order)
    assert (await scene.li.order(scene.order))["order"]["stop_confirmed_at"] == scene.clock()
    assert "confirm_stop" not in (await scene.zhang.order(scene.order))["actions"]
    again = await scene.zhang.do("confirm_stop", order=scene.order)
    assert again.json()["code"] == "stop.confirmed"
    await scene.li.done("ask_change", order=scene.order, promise={"end": scene.clock() + 3 * 60 * MINUTE})
    change = (await scene.zhang.order(scene.order))["order"]["change"]["id"]
    await scene.owner.done("answer_change", order=scene.order, change=change, accept=True)
    assert "stop_confirmed_at" not in (await scene.owner.order(scene.order))["order"]
    nine = scene.clock() + 40 * MINUTE
    await scene.zhang.done("agree_time", order=scene.order, at=nine)
    order = (await scene.owner.order(scene.order))["order"]
    assert order["stop_confirmed_at"] == scene.clock()
    assert order["agreed_at"] == nine


async def test_who_is_proposed_keeps_more_promises_and_meets_who_has_the_flowers(
    open_another: Callable[..., Any],
) -> None:
    """TR-44, TR-198, TR-199: what waits at the shop for one who is out goes to one who is there; flowers of a
    silent courier, and all on the road, are met where they are."""
    scene = await on_the_road(open_another)
    xiaozhang = await log_in(scene.house, "xiaozhang")
    line = await Line(xiaozhang).open()
    second = await place(scene.li, promise={"end": scene.clock() + 14 * MINUTE})
    for command in ("confirm_order", "mark_ready"):
        await scene.owner.done(command, order=second)
    await scene.owner.done("assign_courier", order=second, courier=scene.zhang.person)
    await scene.pass_(MINUTE)
    alerts = {one["kind"]: one for one in (await scene.owner.order(second))["order"]["alerts"]}
    slipping = alerts["slipping"]
    assert (slipping["remedy"], slipping["remedy_courier"]) == ("reassign", xiaozhang.person)
    assert slipping["remedy_text"]["zh"].startswith("可改派给小张，预计14:")
    await scene.pass_(6 * MINUTE)
    silent = (await scene.owner.order(scene.order))["order"]["alerts"][0]
    assert (silent["kind"], silent["level"], silent["remedy"]) == ("silent", "shop", "reassign")
    assert "在路上交接" in silent["remedy_text"]["zh"]
    await scene.owner.done("assign_courier", order=scene.order, courier=xiaozhang.person)
    held = (await xiaozhang.order(scene.order))["order"]["held_by"]
    here = await shop_point(scene.house)
    assert (held["person"], held["name"]) == (scene.zhang.person, "张师傅")
    assert abs(held["point"]["lat"] - here.lat - 0.006) < 0.001
    assert "held_by" not in (await scene.li.order(scene.order))["order"]
    plan = scene.house.tracking.plan("huaxin", xiaozhang.person)
    assert plan is not None
    assert not plan.stops[0].via_shop
    await line.close()
