"""The shop writes its catalogue (docs/spec/flowers.md)."""

import io

from PIL import Image

from huaxin.compose import House
from huaxin.simulation.story.browser import no_sideways_scroll
from tests.browser.conftest import Hold, until
from tests.browser.test_quality import findings
from tests.house import log_in


async def test_a_bouquet_is_written_moved_and_offered(hold: Hold, house: House) -> None:
    """FL-1, FL-6, ST-45, ST-46: what is wrong stands beside its field; the list is ordered by keyboard and by
    dragging; customers see it as the shop does."""
    owner = await log_in(house, "owner")
    held = await hold("shop", "owner", "catalogue", size=(1440, 1000))
    page = held.page
    await page.locator("[data-product]").first.wait_for()
    assert await findings(held) == []
    await page.keyboard.press("n")
    sheet = page.get_by_role("dialog")
    await sheet.get_by_label("名字").first.fill(" ")
    await sheet.get_by_label("价格(元)").fill("-5")
    await sheet.get_by_role("button", name="保存").click()
    await sheet.get_by_text("请写名字。").wait_for()
    await sheet.get_by_text("价格要在 0 到 100,000 元之间").wait_for()
    large = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(large, "PNG")
    photo = {"name": "large.png", "mimeType": "image/png", "buffer": large.getvalue()}
    await sheet.locator("input[type=file]").set_input_files(photo)
    await sheet.get_by_role("alert").filter(has_text="像素").wait_for()
    small = io.BytesIO()
    Image.new("RGB", (300, 200), (200, 80, 100)).save(small, "PNG")
    await sheet.locator("input[type=file]").set_input_files(photo | {"buffer": small.getvalue()})
    await sheet.get_by_role("img", name="第 1 张照片").wait_for()
    await sheet.get_by_label("名字").first.fill("清晨")
    await sheet.get_by_label("价格(元)").fill("128.5")
    await sheet.get_by_role("button", name="加一种花材").click()
    await sheet.get_by_label("第 1 种花材", exact=True).fill("洋桔梗")
    await sheet.get_by_label("第 1 种花材的枝数").fill("9")
    await sheet.get_by_text("周六", exact=True).click()
    assert await findings(held) == []
    await sheet.get_by_role("button", name="保存").click()
    row = page.locator("[data-product]", has_text="清晨")
    await row.filter(has_text="¥128.50").filter(has_text="洋桔梗 × 9").filter(has_text="周六").wait_for()
    for _ in range(2):
        await row.get_by_role("button", name="移动「清晨」").press("ArrowUp")

    async def stands_at(place: int) -> bool:
        return bool((await owner.ask("list_products", shop="huaxin"))[place]["name"] == "清晨")

    await until(lambda: stands_at(-3))
    handle = await row.get_by_role("button", name="移动「清晨」").bounding_box()
    first = await page.locator("[data-product]").first.bounding_box()
    assert handle
    assert first
    await page.mouse.move(handle["x"] + 20, handle["y"] + 20)
    await page.mouse.down()
    await page.mouse.move(first["x"] + 20, first["y"] + 60, steps=5)
    await page.mouse.move(first["x"] + 20, first["y"] + 4, steps=3)
    await page.mouse.up()
    await until(lambda: stands_at(0))
    await page.set_viewport_size({"width": 360, "height": 800})
    assert await no_sideways_scroll(page) == 0
    buyer = await hold("buyer", size=(360, 780))
    await buyer.page.locator("button", has_text="清晨").filter(has_text="只在周六配送").first.wait_for()
    known = next(one for one in await owner.ask("list_products", shop="huaxin") if one["name"] == "清晨")
    del known["lacking"]
    await owner.done("put_product", shop="huaxin", **(known | {"available": False}))
