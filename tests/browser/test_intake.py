"""Slots and tables of orders on the shop's screens (docs/spec/intake.md)."""

from pathlib import Path

from huaxin.simulation.story.browser import no_sideways_scroll
from tests.browser.conftest import Held, Hold, signed_in, until
from tests.browser.test_quality import findings
from tests.contract.live.test_intake import table
from tests.house import log_in, open_house


async def test_a_table_is_imported_and_slots_are_set(data: Path, hold: Hold) -> None:
    """IM-6, IM-7, IM-8, SL-1, ST-45, ST-46: what is wrong is said before anything is made; what was changed
    is not thrown away; what could not be loaded is asked for again."""
    async with open_house(data) as house:
        owner = await log_in(house, "owner")
        held = await hold("shop", url=house.url, size=(768, 1024))
        page = held.page
        await page.evaluate(await signed_in(house, "shop", "owner"))
        await page.goto(f"{house.url}/shop/")
        tools = page.get_by_role("button", name="店务")
        await tools.click()
        await page.get_by_role("dialog").get_by_role("button", name="导入订单").click()
        sheet = page.get_by_role("dialog", name="导入订单")
        file = sheet.locator("input[type=file]")
        good = table(house, 3)
        bad = good + "\nR9,昨天,早,,1,月亮,无花,".encode("gbk")
        await file.set_input_files({"name": "二月.csv", "mimeType": "text/csv", "buffer": bad})
        await sheet.get_by_text("1 行有问题").wait_for()
        problems = sheet.get_by_role("region", name="有问题的地方")
        await problems.get_by_text("月亮").wait_for()
        assert await sheet.get_by_role("button", name="导入 3 单").is_disabled()
        assert await findings(held) == []
        await page.set_viewport_size({"width": 360, "height": 740})
        assert await no_sideways_scroll(page) == 0
        await sheet.get_by_role("button", name="换一个文件").click()
        await file.set_input_files({"name": "二月.csv", "mimeType": "text/csv", "buffer": good})
        await sheet.get_by_role("button", name="导入 3 单").click()
        await sheet.get_by_text("导入了 3 单").wait_for()
        await sheet.get_by_role("button", name="换一个文件").click()
        await file.set_input_files({"name": "二月.csv", "mimeType": "text/csv", "buffer": good})
        await sheet.get_by_text("3 单以前导过").wait_for()
        assert await sheet.get_by_role("button", name="导入 0 单").is_disabled()
        await page.keyboard.press("Escape")
        await page.locator("[data-row]", has_text="收花0").first.wait_for()

        await held.context.set_offline(True)
        await tools.click()
        await page.get_by_role("dialog").get_by_role("button", name="配送时段").click()
        sheet = page.get_by_role("dialog", name="配送时段")
        again = sheet.get_by_role("button", name="再试一次")
        await again.wait_for()
        await held.context.set_offline(False)
        await again.click()
        await sheet.get_by_text("还没有设置").wait_for()
        assert await no_sideways_scroll(page) == 0
        await sheet.get_by_role("button", name="加一个圈").click()
        await page.keyboard.press("Escape")
        await sheet.get_by_text("还没有保存,要放弃吗?").wait_for()
        await sheet.get_by_label("到几公里").last.fill("30")
        await sheet.get_by_label("配送费(元)").last.fill("12.50")
        assert await sheet.get_by_role("button", name="放弃修改").count() == 0
        await page.set_viewport_size({"width": 1440, "height": 900})
        await sheet.get_by_role("button", name="保存", exact=True).click()
        await sheet.get_by_text("已保存,马上生效。").wait_for()
        await sheet.get_by_role("region", name="接下来七天").wait_for()
        assert await findings(held) == []
        plan = (await owner.ask("get_slots", shop="huaxin"))["plan"]
        assert (plan["zones"][-1]["up_to_m"], plan["zones"][-1]["fee"]) == (30_000, 1250)
        await page.keyboard.press("Escape")
        await until(lambda: no_dialog(held))
        await owner.http.aclose()


async def no_dialog(held: Held) -> bool:
    return bool(await held.page.locator("dialog[open]").count() == 0)
