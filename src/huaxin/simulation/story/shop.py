"""What the shop does on its board."""

from huaxin.simulation.story.screen import Screen

PANEL = "section.panel"
STATUS = "section.panel .title .status"


def row(order: str) -> str:
    """The order's line on the board."""
    return f'[data-row="{order}"]'


class Shop:
    def __init__(self, screen: Screen) -> None:
        self.screen, self.page = screen, screen.page

    async def sign_in(self) -> None:
        await self.screen.tap(self.screen.name)
        await self.page.locator("header.top").wait_for()

    async def open(self, order: str) -> None:
        await self.page.locator(row(order)).first.click()
        await self.page.locator(f"{PANEL} .conversation").wait_for()

    async def act(self, name: str) -> None:
        """A button of the open order: 确认订单, 开始制作, 制作完成."""
        await self.page.locator(PANEL).get_by_role("button", name=name, exact=True).first.click()

    async def begin_assigning(self, button: str = "派单") -> None:
        await self.act(button)
        await self.page.get_by_role("listbox").wait_for()

    async def assign(self, courier: str) -> None:
        await self.page.get_by_role("option").filter(has_text=courier).click()
