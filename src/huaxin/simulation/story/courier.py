"""What a courier does with the courier's application: one thumb."""

from huaxin.kernel import Point
from huaxin.simulation.story.screen import Screen

ACCURACY_M = 6.0
CARD = "article.stop"
STATE = "article.stop .state strong"


class Courier:
    def __init__(self, screen: Screen) -> None:
        self.screen, self.page = screen, screen.page

    async def sign_in(self, at: Point) -> None:
        await self.stand(at)
        await self.screen.tap(self.screen.name)
        await self.page.locator(".c-page").wait_for()

    async def stand(self, at: Point) -> None:
        await self.screen.context.set_geolocation(
            {"latitude": at.lat, "longitude": at.lon, "accuracy": ACCURACY_M}
        )

    async def pick_up(self) -> None:
        await self.screen.slide("已取货")

    async def set_off(self) -> None:
        await self.screen.tap("出发")

    async def begin_agreeing(self, clock: str) -> None:
        """Opens the sheet and finds the time (`9:00`); the button that tells the customer is left."""
        await self.screen.tap("已与客户确认")
        shown = self.page.locator("dialog[open] output")
        for _ in range(60):
            words = (await shown.inner_text()).strip().lstrip("0")
            if words == clock:
                return
            await self.screen.tap("早 5 分钟" if _minutes(words) > _minutes(clock) else "晚 5 分钟")
        raise AssertionError(f"{clock} cannot be found on the sheet")

    async def agree(self) -> None:
        await self.screen.tap("告诉客户", exact=False)

    async def arrived(self) -> None:
        await self.screen.tap("已到楼下")

    async def begin_delivering(self) -> None:
        await self.screen.slide("已送达")
        await self.page.locator("dialog[open] .takers").wait_for()

    async def deliver(self, to: str) -> None:
        await self.screen.tap(to)

    async def accept_change(self) -> None:
        await self.screen.tap("可以,接受")

    async def begin_report(self) -> None:
        await self.screen.tap("异常上报")
        await self.page.locator("dialog[open] .grid").wait_for()

    async def report(self, reason: str) -> None:
        await self.screen.tap(reason)

    async def open_talk(self) -> None:
        await self.page.locator(CARD).get_by_role("button", name="对话").click()
        await self.page.locator(".conversation").wait_for()

    async def look_at_map(self) -> None:
        await self.page.get_by_role("link", name="地图").click()
        await self.page.locator(".leaflet-container canvas, .leaflet-container img").first.wait_for()
        await self.page.wait_for_timeout(600)

    async def close_talk(self) -> None:
        await self.screen.tap("返回")


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)
