"""The florists' bench and the door, on three screens (docs/spec/bench.md)."""

from pathlib import Path
from typing import Any

from playwright.async_api import Page

from tests.browser.conftest import Cast, Hold, until
from tests.browser.media import loaded, write
from tests.unit.media import samples

GATES = {"photo": "required", "answer_minutes": 15, "picture": True, "signature": True, "code": True}


async def draw(page: Page) -> None:
    """A name, with a finger."""
    pad = page.locator("dialog[open] canvas")
    await pad.scroll_into_view_if_needed()
    box = await pad.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 40, box["y"] + 40)
    await page.mouse.down()
    for step in range(1, 6):
        await page.mouse.move(box["x"] + 40 + 30 * step, box["y"] + 40 + 30 * (step % 2))
    await page.mouse.up()


async def order_of(cast: Cast) -> dict[str, Any]:
    found: dict[str, Any] = (await cast.owner.order(cast.order))["order"]
    return found


async def test_made_seen_changed_carried_and_proved(hold: Hold, cast: Cast, tmp_path: Path) -> None:
    """PG-2, PG-3, PG-7, PD-1, PD-5, PD-8, FQ-2, FQ-3: one order through the hands of everybody."""
    await cast.owner.done("set_gates", shop="huaxin", gates=GATES)
    try:
        number = (await order_of(cast))["number"]
        made = write(tmp_path / "made.jpg", samples.jpeg())
        bench = await hold("shop", "owner", "making", size=(820, 1180))
        row = bench.page.get_by_role("article", name=f"#{number}", exact=True)
        await row.focus()
        await bench.page.keyboard.press("e")
        await bench.page.keyboard.press("2")
        small = await row.locator("button, label.big").evaluate_all(
            "all => all.map((one) => one.getBoundingClientRect()).filter((box) => box.height < 64).length"
        )
        assert small == 0
        await row.locator("input[type=file]").set_input_files(made)

        buyer = await hold("buyer", "li", f"orders/{cast.order}")
        card = buyer.page.get_by_role("region", name="订单状态", exact=True)
        await card.get_by_role("button", name="想改一处").click()
        await card.get_by_role("textbox").fill("丝带换成白色")
        await card.get_by_role("button", name="发给花店").click()
        await until(lambda: loaded(buyer, "section.card a.proof img", 1))

        await bench.page.keyboard.press("1")
        await row.get_by_text("丝带换成白色").first.wait_for()
        await row.locator("input[type=file]").set_input_files(made)
        await card.get_by_text("已按要求修改").wait_for()
        for command in ("pick_up", "set_off", "mark_arrived"):
            await cast.zhang.done(command, order=cast.order)
        digits = (await order_of(cast))["receipt_code"]
        assert await card.locator("output").inner_text() == digits

        zhang = await hold("courier", "zhang")
        slide = zhang.page.get_by_role("button", name="已送达").first
        await slide.wait_for()
        await slide.press("Enter")
        await slide.press("Enter")
        sheet = zhang.page.get_by_role("dialog", name="花交给谁了?")
        await sheet.get_by_role("button", name="本人").click()
        finish = sheet.get_by_role("button", name="确认送达")
        assert await finish.is_disabled()
        await sheet.get_by_label("收货码").fill(f"{(int(digits) + 1) % 10_000:04d}")
        await sheet.get_by_role("alert").filter(has_text="还可以试 4 次").wait_for()
        await sheet.get_by_label("收货码").fill(digits)
        await sheet.get_by_text("收货码正确").wait_for()
        await sheet.locator("input[type=file]").set_input_files(made)
        await draw(zhang.page)
        await finish.click()
        await until(lambda: loaded(buyer, ".end a.proof img", 3))
        owner = await hold("shop", "owner", f"orders/{cast.order}")
        await owner.page.get_by_role("tab", name="订单").click()
        await until(lambda: loaded(owner, ".facts a.proof img", 3))
    finally:
        await cast.owner.done("set_gates", shop="huaxin", gates={})
