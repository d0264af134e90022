"""The recipient's own page, complaints and what is offered for them (docs/spec/recipient.md)."""

import re
from pathlib import Path
from urllib.parse import urljoin

from huaxin.compose import House
from huaxin.simulation.story.browser import no_sideways_scroll
from tests.browser.conftest import Cast, Hold, until
from tests.browser.media import loaded, write
from tests.browser.test_quality import findings
from tests.house import place
from tests.unit.media import samples

SECRETS = ("康乃馨", "李女士", "小李", "¥", "猜猜")


async def test_a_complaint_is_offered_for_countered_settled_and_rated(
    hold: Hold, cast: Cast, tmp_path: Path
) -> None:
    """RM-2, RM-4, RM-8, ST-46: in the conversation of buyer and shop, each on their own screen."""
    photo = write(tmp_path / "broken.jpg", samples.jpeg())
    await cast.zhang.done("pick_up", order=cast.order)
    await cast.zhang.done("deliver", order=cast.order, received_by="妈妈")
    buyer = await hold("buyer", "li", f"orders/{cast.order}", size=(360, 740))
    await buyer.page.get_by_role("button", name="有问题").click()
    sheet = buyer.page.get_by_role("dialog", name="有问题")
    tell = sheet.get_by_role("button", name="告诉花店")
    assert await tell.is_disabled()
    await sheet.get_by_role("button", name="花有破损").click()
    await sheet.get_by_label("具体情况").fill("有三枝折了 😢")
    await sheet.locator("input[type=file]").first.set_input_files(photo)
    await sheet.locator("label.taken img").wait_for()
    await tell.click()
    card = buyer.page.get_by_role("region", name="反映的问题")
    await card.get_by_text("花店还没有提出方案。").wait_for()

    shop = await hold("shop", "owner", f"orders/{cast.order}")
    desk = shop.page.get_by_role("region", name="反映的问题")
    await until(lambda: loaded(shop, ".conversation section.card a.proof img", 1))
    await desk.get_by_role("button", name="提出方案").click()
    await desk.get_by_role("textbox", name="金额(元)").fill("99999")
    await desk.get_by_role("alert").filter(has_text="最多").wait_for()
    assert await desk.get_by_role("button", name="提出", exact=True).is_disabled()
    await desk.get_by_role("button", name="20%").click()
    await desk.get_by_label("附言").fill("非常抱歉")
    await desk.get_by_role("button", name="提出", exact=True).click()
    await desk.get_by_text("等对方答复").first.wait_for()

    await card.get_by_text("非常抱歉").wait_for()
    await buyer.page.locator("button.handle").press("ArrowUp")
    assert await findings(buyer) == []
    assert await no_sideways_scroll(buyer.page) == 0
    await card.get_by_role("button", name="另提方案").click()
    await card.get_by_role("button", name="重做").click()
    await card.get_by_role("button", name="提出", exact=True).click()
    await desk.get_by_text("免费重做一份").wait_for()
    await desk.get_by_text("对方另提方案").wait_for()
    assert await findings(shop) == []
    await desk.get_by_role("button", name="不接受").click()
    await desk.get_by_label("原因(可不填)").fill("今天没有康乃馨了")
    await desk.get_by_role("button", name="不接受").click()
    await card.get_by_text("今天没有康乃馨了").wait_for()
    await desk.get_by_role("button", name="另提方案").click()
    await desk.get_by_role("button", name="代金券").click()
    await desk.get_by_role("textbox", name="金额(元)").fill("50")
    await desk.get_by_role("button", name="提出", exact=True).click()
    await card.get_by_role("button", name="接受", exact=True).click()
    for one in (card, desk):
        await one.get_by_text("已解决").wait_for()
        await one.get_by_text(re.compile("券码 ")).wait_for()
    async with shop.page.expect_download() as taken:
        await desk.get_by_role("button", name="证据汇总").click()
    assert (await taken.value).suggested_filename.endswith("-evidence.html")

    await buyer.page.get_by_role("button", name="评价这次服务").click()
    rate = buyer.page.get_by_role("dialog", name="这次服务怎么样?")
    await rate.locator(".stars label").nth(4).click()
    await rate.get_by_role("button", name="花很新鲜").click()
    await rate.locator("input[type=file]").set_input_files(photo)
    await rate.locator("label.taken img").wait_for()
    await rate.get_by_role("button", name="提交评价").click()
    await until(lambda: loaded(buyer, ".end a.proof img", 1))
    await shop.page.get_by_role("tab", name="订单", exact=True).click()
    await until(lambda: loaded(shop, ".facts a.proof img", 1))


async def test_a_recipient_is_asked_helped_and_says_thank_you(hold: Hold, house: House, cast: Cast) -> None:
    """SU-4, SU-10, RP-1, RP-3, RP-4, ST-45, ST-46: by a link, on a small phone, not told what comes."""
    order = await place(
        cast.li, surprise=True, card={"text": "猜猜我是谁", "signature": "小李", "anonymous": True}
    )
    await cast.owner.done("confirm_order", order=order)
    await cast.owner.done("assign_courier", order=order, courier=cast.zhang.person)
    link = await cast.li.done("create_guest_link", order=order, role="recipient", hours=24)
    guest = await hold("buyer", size=(360, 740))
    page = guest.page
    await page.goto(urljoin(house.url, link["url"]))
    await page.get_by_role("button", name="换个时间").click()
    sheet = page.get_by_role("dialog", name="换个时间")
    await sheet.get_by_label("或写一句话").fill("下午三点以后在家")
    assert await findings(guest) == []
    await sheet.get_by_role("button", name="告诉对方").click()
    await page.get_by_text("等待答复").first.wait_for()
    await page.get_by_role("button", name="怎么进门").click()
    sheet = page.get_by_role("dialog", name="怎么进门")
    await sheet.get_by_label("门禁密码").fill("2580#")
    await sheet.get_by_label("楼层、门牌").fill("12层左手")
    await sheet.get_by_role("button", name="告诉配送员").click()
    await page.get_by_text("2580#").first.wait_for()
    assert await findings(guest) == []
    assert await no_sideways_scroll(page) == 0
    said = await guest.body()
    assert [secret for secret in SECRETS if secret in said] == []

    buyer = await hold("buyer", "li", f"orders/{order}")
    note = buyer.page.locator(".notes .note", has_text="下午三点以后在家")
    await note.get_by_role("button", name="同意").click()
    await page.get_by_text("已同意").first.wait_for()
    await cast.zhang.done("pick_up", order=order)
    await cast.zhang.done("deliver", order=order)
    await page.get_by_role("button", name="说声谢谢").click()
    sheet = page.get_by_role("dialog", name="说声谢谢")
    await sheet.get_by_label("想说的话").fill("谢谢你,花真好看 🌷")
    await sheet.get_by_role("button", name="送出谢意").click()
    await buyer.page.locator(".thanks", has_text="花真好看 🌷").wait_for()
    said = await guest.body()
    assert "猜猜我是谁" in said
    assert "小李" not in said

    await cast.li.done("revoke_guest_link", order=order)
    await page.reload()
    await page.get_by_role("heading", name="这个链接已经失效").wait_for()
