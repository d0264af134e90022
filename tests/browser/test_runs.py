"""Runs on the screens: reordered, suggested, shared out, handed over. Rules: docs/spec/tracking.md."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from huaxin.compose import House
from huaxin.kernel import Point
from huaxin.simulation.story.browser import no_sideways_scroll
from tests.browser.conftest import Held, Hold, until
from tests.house import Member, log_in, place, shop_point

SHOTS = os.environ.get("HUAXIN_SHOTS", "")  # a folder: pictures of these screens are left there


async def shot(held: Held, name: str) -> None:
    assert await no_sideways_scroll(held.page) == 0
    if SHOTS:
        await held.page.screenshot(path=Path(SHOTS) / f"{name}.png")


@pytest_asyncio.fixture(loop_scope="session")
async def orders(house: House) -> AsyncIterator[list[str]]:
    """Three confirmed orders to doors around the shop."""
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    shop, made = await shop_point(house), []
    for n, (north, east) in enumerate(((0.003, 0.001), (-0.004, 0.003), (0.002, -0.004)), 1):
        point = Point(shop.lat + north, shop.lon + east)
        address = {"text": f"云溪路{n}号{n}单元{n}01", "point": {"lat": point.lat, "lon": point.lon}}
        promise = {"end": house.clock() + (1 + n) * 3_600_000}
        made.append(await place(li, address=address, promise=promise))
        await owner.done("confirm_order", order=made[-1])
    yield made
    for order in made:
        await owner.do("cancel_order", order=order, reason="other")
        await owner.do("deliver", order=order)
    zhang = await log_in(house, "zhang")
    await zhang.do("set_run_order", shop="huaxin", orders=[])
    for member in (li, owner, zhang):
        await member.http.aclose()


async def carried(house: House, orders: list[str]) -> tuple[Member, Member]:
    owner, zhang = await log_in(house, "owner"), await log_in(house, "zhang")
    for order in orders:
        await owner.done("assign_courier", order=order, courier=zhang.person)
        await zhang.done("pick_up", order=order)
        await zhang.done("set_off", order=order)
    return owner, zhang


async def stops(zhang: Member) -> list[str]:
    return [stop["order"]["id"] for stop in (await zhang.ask("get_run", shop="huaxin"))["stops"]]


@pytest.mark.parametrize(
    ("size", "language"), [((390, 844), "zh-CN"), ((360, 740), "en")], ids=["390-zh", "360-en"]
)
async def test_a_courier_sets_the_own_order_with_one_thumb(
    hold: Hold, house: House, orders: list[str], size: tuple[int, int], language: str
) -> None:
    """TR-176, TR-177"""
    zh = language == "zh-CN"
    _, zhang = await carried(house, orders)
    before = await stops(zhang)
    held = await hold("courier", "zhang", size=size, language=language)
    await held.page.get_by_role("button", name="调整顺序" if zh else "Change order").click()
    down = held.page.get_by_role("button", name="推后" if zh else "down")
    await down.first.click()
    await (
        held.page.get_by_role("status")
        .filter(has_text="送完" if zh else "Done")
        .or_(held.page.get_by_role("status").filter(has_text="不变" if zh else "as long"))
        .first.wait_for()
    )
    await shot(held, f"courier-reorder-{language}")
    await held.page.get_by_role("button", name="按这个顺序送" if zh else "Ride in this order").click()
    wanted = [before[1], before[0], *before[2:]]

    async def followed() -> bool:
        return await stops(zhang) == wanted

    await until(followed)
    await held.page.get_by_text("这是您排的顺序" if zh else "This is your own order").first.wait_for()
    await shot(held, f"courier-by-hand-{language}")
    await held.page.goto(f"{house.url}/courier/map")
    await held.page.get_by_role("link", name="导航" if zh else "Navigate").wait_for()
    await shot(held, f"courier-map-{language}")


async def test_the_shop_gives_an_order_to_who_is_named_first(
    hold: Hold, house: House, orders: list[str]
) -> None:
    """TR-178: the reason is there, one tap assigns."""
    owner = await log_in(house, "owner")
    held = await hold("shop", "owner", f"orders/{orders[0]}")
    give = held.page.get_by_role("region", name="建议派给").get_by_role("button").first
    await give.wait_for()
    await shot(held, "shop-suggest")
    await give.click()

    async def assigned() -> bool:
        return bool((await owner.order(orders[0]))["order"].get("courier"))

    await until(assigned)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_the_shop_shares_out_a_morning(
    hold: Hold, house: House, orders: list[str], language: str
) -> None:
    """TR-179: planned, looked at, applied; how many of how many is said."""
    zh = language == "zh-CN"
    held = await hold("shop", "owner", language=language)
    await held.page.get_by_role("button", name="一起派单" if zh else "Share out").click()
    await held.page.get_by_role("button", name="开始排" if zh else "Plan", exact=True).click()
    apply = held.page.get_by_role("button", name="派出 3 单" if zh else "Assign 3 orders")
    await apply.wait_for()
    await shot(held, f"shop-batch-{language}")
    await apply.click()
    await held.page.get_by_text("3 单里派出了 3 单" if zh else "3 of 3 assigned").wait_for()
    await shot(held, f"shop-applied-{language}")


async def test_the_shop_arranges_a_handover(hold: Hold, house: House, orders: list[str]) -> None:
    """TR-180: a flat tyre: who takes what, where they meet, one tap."""
    owner, zhang = await carried(house, orders[:2])
    shop = await shop_point(house)
    fix = {"at": house.clock(), "lat": shop.lat + 0.002, "lon": shop.lon, "accuracy_m": 5.0}
    await zhang.done("report_positions", shop="huaxin", positions=[fix])
    await zhang.done("report_incident", order=orders[0], reason="vehicle_breakdown")
    held = await hold("shop", "owner", f"orders/{orders[0]}")
    await held.page.get_by_role("button", name="安排交接").first.click()
    apply = held.page.get_by_role("button", name="就这样交接")
    await apply.wait_for()
    await shot(held, "shop-handover")
    await apply.click()
    await held.page.get_by_text("单里交接了").wait_for()
    taken = (await owner.order(orders[0]))["order"]["courier"]["person"]
    assert taken != zhang.person


async def test_what_changed_is_said_and_can_be_kept_as_it_was(
    hold: Hold, house: House, orders: list[str]
) -> None:
    """TR-24: the banner says what comes sooner and what it gains; one tap keeps the order as it was."""
    _, zhang = await carried(house, orders)
    await house.runs.planner.settle()
    before = await stops(zhang)
    held = await hold("courier", "zhang")
    await held.page.locator(".c-page main").first.wait_for()

    async def moved() -> bool:
        return await stops(zhang) != before

    # Agreed by phone: the last one is now due before it would be reached.
    await zhang.done("agree_time", order=before[-1], at=house.clock() + 2_000)
    await until(moved)
    # The run may have changed a moment before that as well: then "as it was" is how it was before both.
    news = (await zhang.ask("get_run", shop="huaxin"))["news"]
    await held.page.get_by_text(news["changed"]["zh"]).wait_for()
    await shot(held, "courier-changed")
    as_it_was = news["before"]
    assert sorted(as_it_was) == sorted(before)
    await held.page.get_by_role("button", name="保持我的顺序").click()

    async def kept() -> bool:
        return await stops(zhang) == as_it_was

    await until(kept)
