"""Changes and incidents in the house: effects before sending, timers over a restart, races."""

import asyncio
from collections.abc import Callable
from typing import Any

from huaxin.compose import House
from huaxin.live.clock import Clock
from tests.contract.live.conftest import until
from tests.house import Member, log_in, place
from tests.unit.orders.helpers import at

MINUTE = 60_000


class Scene:
    """An order on the road with 张师傅; the clock stands still."""

    def __init__(self, house: House, clock: Clock, people: tuple[Member, Member, Member], order: str) -> None:
        self.house, self.clock, self.order = house, clock, order
        self.li, self.owner, self.zhang = people

    async def change(self, who: Member) -> dict[str, Any]:
        return dict((await who.order(self.order))["order"]["change"])

    async def incident(self, who: Member) -> dict[str, Any]:
        return dict((await who.order(self.order))["order"]["incidents"][-1])

    async def texts(self, who: Member) -> list[str]:
        events = (await who.order(self.order))["events"]
        return [e["body"]["text"]["zh"] for e in events if e["type"] == "notice_posted"]


async def open_scene(house: House, clock: Clock, *, to: str = "pick_up") -> Scene:
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    order = await place(li, promise={"end": clock() + 120 * MINUTE})
    await owner.done("confirm_order", order=order)
    if to != "confirm_order":
        await owner.done("assign_courier", order=order, courier=zhang.person)
        await zhang.done("pick_up", order=order)
    return Scene(house, clock, (li, owner, zhang), order)


def still() -> Clock:
    return Clock(start_ms=at("2026-03-06 14:00"), speed=0.0)


async def test_the_effect_is_shown_before_it_is_sent(open_another: Callable[..., Any]) -> None:
    """CH-6, CH-16: price, arrival, who is asked; the buyer reads how many others, the shop which."""
    clock = still()
    house: House = await open_another(clock=clock)
    scene = await open_scene(house, clock)
    other = await place(scene.li, promise={"end": clock() + 130 * MINUTE})
    await scene.owner.done("confirm_order", order=other)
    await scene.owner.done("assign_courier", order=other, courier=scene.zhang.person)
    wish = {"order": scene.order, "promise": {"end": clock() + 300 * MINUTE}}
    seen = await scene.li.ask("preview_change", **wish)
    assert (seen["parts"], seen["needs"], seen["refused"]) == (["time"], ["courier"], None)
    assert seen["total"] == seen["total_before"] > 0
    assert seen["eta_before"] > clock()
    assert (seen["answer_minutes"], seen["others"]) == (10, [])
    fees = await scene.owner.ask("get_change_fees", shop="huaxin")
    assert (fees["second_trip"], fees["on_road"], fees["keeps_road"]) == (800, 0, 100)
    late = {"shop": "huaxin", "fees": fees | {"on_road": 500}}
    assert (await scene.zhang.do("set_change_fees", **late)).status_code == 403
    await scene.owner.done("set_change_fees", **late)
    dearer = await scene.li.ask("preview_change", **wish)
    assert dearer["total"] == seen["total"] + 500
    assert dearer["fees"] == [{"kind": "on_road", "amount": 500}]
    await scene.owner.done("set_change_fees", shop="huaxin", fees={})
    refused = await scene.li.ask("preview_change", order=scene.order, card={"text": "来得及吗"})
    assert "贺卡" in refused["refused"]["zh"]
    products = (await scene.li.ask("get_catalogue", shop="huaxin"))["products"]
    dear = max(products, key=lambda one: one["price"])
    bouquet = await scene.li.ask("preview_change", order=other, lines=[{"product": dear["id"]}])
    assert (bouquet["parts"], bouquet["total"]) == (["items"], dear["price"])
    await scene.li.done("ask_change", **wish, seen_total=seen["total"])
    change = await scene.change(scene.zhang)
    for who in (scene.owner, scene.zhang):
        asked = await who.ask("preview_change", order=scene.order, change=change["id"])
        assert asked["parts"] == ["time"]
    assert (await scene.zhang.ask("preview_change", order=scene.order, change=change["id"]))["total"] is None
    changed = await scene.li.do("ask_change", **wish, seen_total=1)
    assert changed.json()["code"] == "change.pending"


async def test_nobody_answers_and_the_server_was_restarted(
    open_another: Callable[..., Any], data: Any
) -> None:
    """CH-9, IN-8: what is due stands in the orders; after a restart it happens, and once."""
    clock = still()
    database = f"sqlite:///{data / 'timers.db'}"
    house: House = await open_another(clock=clock, database=database)
    scene = await open_scene(house, clock)
    await scene.li.done("ask_change", order=scene.order, promise={"end": clock() + 300 * MINUTE})
    await scene.zhang.done("report_incident", order=scene.order, reason="no_answer")
    await house.stop(2.0)
    clock.step(11 * MINUTE)
    again: House = await open_another(clock=clock, database=database)
    li, owner = await log_in(again, "li"), await log_in(again, "owner")
    scene = Scene(again, clock, (li, owner, scene.zhang), scene.order)
    await again.timers.look()
    await again.timers.look()
    assert (await scene.change(li))["status"] == "expired"
    assert (await scene.incident(li))["stage"] == "ask"
    texts = await scene.texts(li)
    assert sum("没有等到答复,订单仍按原计划配送" in text for text in texts) == 1
    assert sum("配送员到了,但联系不上收花人" in text for text in texts) == 1
    clock.step(11 * MINUTE)
    await again.timers.look()
    snapshot = await li.order(scene.order)
    assert (snapshot["order"]["status"], snapshot["order"]["attempts"][0]["reason"]) == (
        "returning",
        "no_answer",
    )


async def test_two_staff_answer_at_once(open_another: Callable[..., Any]) -> None:
    """CH-10: two sessions, one moment: one winner, and the other is told what it has become."""
    clock = still()
    house: House = await open_another(clock=clock)
    scene = await open_scene(house, clock, to="confirm_order")
    second = await log_in(house, "owner")
    await scene.li.done("ask_change", order=scene.order, promise={"end": clock() + 300 * MINUTE})
    change = (await scene.change(scene.owner))["id"]
    answers = await asyncio.gather(
        scene.owner.do("answer_change", order=scene.order, change=change, accept=True),
        second.do("answer_change", order=scene.order, change=change, accept=False),
    )
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200, 409]
    (slower,) = [answer.json() for answer in answers if answer.status_code == 409]
    assert slower["code"] == "change.not_pending"
    accepted = answers[0].status_code == 200
    assert ("被接受了" if accepted else "被婉拒了") in slower["detail"]
    assert (await scene.change(scene.li))["status"] == ("confirmed" if accepted else "declined")


async def test_a_change_and_the_pick_up_at_once(open_another: Callable[..., Any]) -> None:
    """CH-11: whichever is first in the journal: the card is changed, or its buyer reads why not."""
    clock = still()
    house: House = await open_another(clock=clock)
    scene = await open_scene(house, clock, to="confirm_order")
    await scene.owner.done("assign_courier", order=scene.order, courier=scene.zhang.person)
    asked, picked = await asyncio.gather(
        scene.li.do("ask_change", order=scene.order, card={"text": "来得及吗"}),
        scene.zhang.do("pick_up", order=scene.order),
    )
    assert picked.status_code == 200
    card = (await scene.li.order(scene.order))["order"].get("card") or {}
    if asked.status_code == 200:
        assert card["text"] == "来得及吗"
    else:
        assert asked.json()["code"] == "change.refused"
        assert "花已经取走" in asked.json()["detail"]


async def test_the_same_incident_from_two_people(open_another: Callable[..., Any]) -> None:
    """IN-5: at the same moment, one incident, one apology."""
    clock = still()
    house: House = await open_another(clock=clock)
    scene = await open_scene(house, clock)
    wish = {"order": scene.order, "reason": "vehicle_breakdown"}
    answers = await asyncio.gather(
        scene.zhang.do("report_incident", **wish), scene.owner.do("report_incident", **wish)
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    incidents = (await scene.owner.order(scene.order))["order"]["incidents"]
    assert len(incidents) == 1
    assert len(incidents[0]["joined"]) == 1
    assert sum("非常抱歉" in text for text in await scene.texts(scene.li)) == 1


async def test_the_system_finds_who_takes_over(open_another: Callable[..., Any]) -> None:
    """IN-11: five minutes and nobody of the shop: who would be there in time has the order."""
    clock = still()
    house: House = await open_another(clock=clock)
    scene = await open_scene(house, clock)
    wanted: list[str] = []
    xiaozhang = await log_in(house, "xiaozhang")

    async def find(order: Any) -> str:
        wanted.append(order.id)
        return xiaozhang.person

    house.timers._find_courier = find
    await scene.zhang.done("report_incident", order=scene.order, reason="vehicle_breakdown")
    await house.timers.look()
    assert wanted == []
    clock.step(5 * MINUTE)
    await house.timers.look()
    await until(lambda: wanted == [scene.order])
    incident = await scene.incident(scene.owner)
    assert (incident["status"], incident["outcome"]) == ("resolved", "reassigned")
    assert "您的订单已改由配送员小张负责配送" in await scene.texts(scene.li)
