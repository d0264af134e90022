"""What somebody does in a call, on the application's own screens."""

from huaxin.simulation.story.screen import Screen

CALL_LINE = ".conversation [data-call]"
# A camera that draws, a microphone that beeps, and a network that may be the machine's own.
MEDIA = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
)
_PLAYS = """[...document.querySelectorAll('.tile:not(.mine) video')]
  .some((video) => video.videoWidth > 0 && video.currentTime > 0)"""


class Call:
    SCREEN = "[data-call-phase]"

    def __init__(self, screen: Screen) -> None:
        self.screen, self.page = screen, screen.page

    async def _act(self, name: str) -> None:
        await self.page.locator(f'[data-call-act="{name}"]').first.click()

    async def ring(self, role: str, media: str) -> None:
        await self.page.locator("[data-call-open]").first.click()
        await self.page.locator(f'dialog[open] [data-ring="{role}-{media}"]').click()

    async def answer(self) -> None:
        await self._act("answer")

    async def seen(self) -> None:
        """Until the picture of the other moves."""
        # A function: words would be evaluated in the page, which forbids that.
        await self.page.wait_for_function(f"() => {_PLAYS}")

    async def point(self) -> None:
        await self.page.locator(".tile.big").click(position={"x": 180, "y": 260})

    async def keep_still(self) -> None:
        await self._act("still")

    async def hang_up(self) -> None:
        await self._act("hang")
