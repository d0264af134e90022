"""One person in front of one screen: what they see, what they tap, what they must never see."""

import asyncio
import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Locator, Page

NOTICES = ".conversation .notice .words"
PATIENCE_S = 8.0
_LOOK_S = 0.01


class StoryFailure(Exception):
    """The screens do not tell the story; the message shows what was expected and what was there."""


class Screen:
    """A page of one application with somebody signed in."""

    def __init__(self, app: str, name: str, context: "BrowserContext", page: "Page", wrong_ms: int) -> None:
        self.app, self.name, self.context, self.page = app, name, context, page
        self.wrong_ms = wrong_ms
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        self._armed = 0

    @property
    def title(self) -> str:
        return {"buyer": "buyer", "courier": "courier", "shop": "shop"}.get(self.app, self.app)

    def button(self, name: str, exact: bool = True) -> "Locator":
        return self.page.get_by_role("button", name=name, exact=exact)

    async def tap(self, name: str, exact: bool = True) -> None:
        await self.button(name, exact).first.click()

    async def fill(self, label: str, text: str) -> None:
        await self.page.get_by_label(label).first.fill(text)

    async def slide(self, label: str) -> None:
        """A thumb slides the knob from left to right."""
        track = self.page.get_by_role("button", name=label).first
        await track.scroll_into_view_if_needed()
        box = await track.bounding_box()
        assert box is not None
        y = box["y"] + box["height"] / 2
        mouse = self.page.mouse
        await mouse.move(box["x"] + 30, y)
        await mouse.down()
        await mouse.move(box["x"] + box["width"] / 2, y, steps=4)
        await mouse.move(box["x"] + box["width"] - 6, y, steps=4)
        await mouse.up()

    async def shift_to(self, ms: int) -> None:
        """Sets the device's clock: story time minus the machine's, with this device's own error."""
        await self.page.evaluate("ms => __story.shiftTo(ms)", ms + self.wrong_ms)

    # what is on the screen

    async def arm(self, selector: str, text: str, exact: bool) -> str:
        """Begins to look for one more element with this text; `wait` tells when it was there."""
        self._armed += 1
        mark = f"{self.app}-{self._armed}"
        await self.page.evaluate("a => __story.arm(...a)", [mark, selector, text, exact])
        return mark

    async def wait(self, mark: str, selector: str, text: str) -> float:
        """When the armed text was painted, machine ms. Raises StoryFailure with what is there instead."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE_S
        while loop.time() < end:
            at = float(await self.page.evaluate("id => __story.seen(id)", mark))
            if at:
                return at
            await asyncio.sleep(_LOOK_S)
        raise StoryFailure(
            f"{self.name} ({self.app}) did not see it in {PATIENCE_S:.0f} s\n"
            + await self.diff(selector, text)
        )

    async def texts(self, selector: str) -> list[str]:
        found: list[str] = await self.page.evaluate("s => __story.texts(s)", selector)
        return found

    async def notices(self) -> list[str]:
        return await self.texts(NOTICES)

    async def diff(self, selector: str, text: str) -> str:
        """The expected words beside the nearest that are there."""
        there = await self.texts(selector)
        near = difflib.get_close_matches(text, there, n=1, cutoff=0.3)
        lines = [f"  expected: {text}"]
        if near:
            lines.append(f"  nearest:  {near[0]}")
        lines.append("  on the screen: " + (" | ".join(there[-12:]) or f"nothing at {selector}"))
        return "\n".join(lines)

    async def must_read(self, text: str) -> None:
        """A notice stands in the conversation exactly so."""
        if text not in await self.notices():
            raise StoryFailure(f"{self.name} ({self.app}) should read it\n" + await self.diff(NOTICES, text))

    async def must_not_see(self, *texts: str) -> None:
        """None of these is anywhere on the page."""
        body = " ".join(await self.texts("body"))
        for text in texts:
            if text in body:
                at = body.index(text)
                raise StoryFailure(
                    f"{self.name} ({self.app}) must not see 「{text}」, but the screen says\n"
                    f"  … {body[max(0, at - 40) : at + 40]} …"
                )

    async def fact(self, name: str) -> Any:
        return await self.page.evaluate(f"__story.{name}")

    async def shot(self, path: Path) -> None:
        await self.page.screenshot(path=str(path))
