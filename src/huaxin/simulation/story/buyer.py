"""What a buyer does with the buyer's application."""

from dataclasses import dataclass

from huaxin.simulation.story.screen import Screen

STATE = "section.card .state"
ETA = "section.card .when"
WAY_LEFT = "section.card .lines p:nth-child(2)"
WHO = "section.card .who"


@dataclass(frozen=True)
class Wish:
    """An order as somebody would say it. `note` instead of `day` and `slot`: the time in one's own words."""

    bouquet: str
    recipient: str
    phone: str
    address: str
    detail: str = ""
    day: str = ""
    slot: str = ""
    note: str = ""
    card: str = ""
    signature: str = ""
    gate: str = ""
    surprise: bool = False


class Buyer:
    def __init__(self, screen: Screen) -> None:
        self.screen, self.page = screen, screen.page

    async def sign_in(self) -> None:
        await self.screen.tap("我的订单")
        await self.screen.tap(self.screen.name)
        await self.page.get_by_text(f"当前登录:{self.screen.name}").wait_for()
        await self.screen.tap("返回")

    async def prepare(self, wish: Wish) -> None:
        """Fills in the four steps; only the last button is left."""
        tap, fill = self.screen.tap, self.screen.fill
        await self.page.locator("button", has_text=wish.bouquet).first.click()
        await self._next()
        await fill("姓名", wish.recipient)
        await fill("手机号", wish.phone)
        if wish.card:
            await fill("写给 TA 的话", wish.card)
            await fill("落款", wish.signature)
        if wish.surprise:
            await self.page.get_by_role("switch", name="这是惊喜").click()
        await self._next()
        await self._place(wish)
        if wish.note:
            await tap("写一句话")
            await fill("您的要求", wish.note)
            await self.page.locator(".promise.sure").wait_for()
        else:
            await self.page.get_by_role("group", name="日期").get_by_role("button", name=wish.day).click()
            await tap(wish.slot)
        await self._next()
        await self.screen.button("提交订单").wait_for()

    async def _next(self) -> None:
        await self.page.locator("footer button.go").click()

    async def _place(self, wish: Wish) -> None:
        await self.page.get_by_role("button", name="收花地址").click()
        await self.page.get_by_role("searchbox", name="搜索地址").fill(wish.address)
        await self.page.locator(".found button").first.click()
        if wish.detail:
            await self.screen.fill("楼号、单元、门牌", wish.detail)
        if wish.gate:
            await self.screen.fill("门禁与走法", wish.gate)

    async def place(self) -> None:
        await self.screen.tap("提交订单")

    async def order_id(self) -> str:
        """Of the order whose page is open."""
        await self.page.wait_for_url("**/buyer/orders/*")
        return self.page.url.split("/orders/")[1].split("?")[0]

    async def begin_change(self, words: str) -> None:
        """Opens the change sheet and says the new time in words; the button to send it is left."""
        await self.screen.tap("改时间/地址")
        await self.screen.fill("或写一句话", words)
        await self.page.get_by_role("button", name="提交修改", disabled=False).wait_for()

    async def ask_change(self) -> None:
        await self.screen.tap("提交修改")

    async def begin_rating(self, stars: int) -> None:
        await self.screen.tap("评价这次服务")
        await self.page.locator("fieldset.stars label").nth(stars - 1).click()

    async def rate(self) -> None:
        await self.screen.tap("提交评价")
