"""The stage: a real server in the city, one device per person, one clock for all, and the stop-watch."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from huaxin.compose import House
from huaxin.kernel import Point
from huaxin.live.clock import Clock
from huaxin.orders.model import Order
from huaxin.simulation.story.browser import DESKTOP, PHONE, Device, open_context
from huaxin.simulation.story.clock import next_time
from huaxin.simulation.story.screen import NOTICES, Screen, StoryFailure
from huaxin.simulation.story.timings import TARGET_MS, Timing

if TYPE_CHECKING:
    from playwright.async_api import Browser

MINUTE = 60_000
# Nobody's phone is right: the stories must not notice.
DEVICES = {
    "buyer": Device(*PHONE, wrong_ms=7 * MINUTE),
    "courier": Device(*PHONE, wrong_ms=-4 * MINUTE),
    "shop": Device(*DESKTOP),
}


@dataclass(frozen=True)
class See:
    """Something that must come onto a screen: an element at `selector` with `text` (all of it if `exact`).

    Without a text: what stands at `selector` becomes something else.
    """

    screen: Screen
    text: str
    selector: str = NOTICES
    exact: bool = True
    label: str = ""
    target_ms: float = TARGET_MS


class Stage:
    """What all stories share. `folder` gets the pictures of every beat."""

    def __init__(self, house: House, clock: Clock, browser: "Browser", folder: Path) -> None:
        self.house, self.clock, self.browser, self.folder = house, clock, browser, folder
        self.zone = house.config.timezone
        self.timings: list[Timing] = []
        self.story = 0
        self._screens: dict[tuple[str, str], Screen] = {}
        self._beat = 0

    def begin(self, story: int, title: str) -> None:
        self.story, self._beat = story, 0
        print(f"\nstory {story}: {title}", flush=True)

    def say(self, words: str) -> None:
        print(f"  {self.time_words()}  {words}", flush=True)

    def time_words(self) -> str:
        return f"{datetime.fromtimestamp(self.clock() / 1000, ZoneInfo(self.zone)):%a %H:%M}"

    # people

    async def screen(self, app: str, name: str) -> Screen:
        """The device of one person, opened at the first page of its application."""
        found = self._screens.get((app, name))
        if found is not None:
            return found
        device = DEVICES[app]
        context = await open_context(self.browser, device, shift_ms=self._shift())
        if app == "courier":
            await context.grant_permissions(["geolocation"], origin=self.house.url)
        page = await context.new_page()
        screen = Screen(app, name, context, page, device.wrong_ms)
        await page.goto(f"{self.house.url}/{app}/")
        self._screens[app, name] = screen
        return screen

    async def leave(self, *screens: Screen) -> None:
        """These people put their devices away. Raises StoryFailure when a page failed behind the scenes."""
        for screen in screens:
            if screen.errors:
                raise StoryFailure(f"{screen.app} ({screen.name}): {screen.errors[0]}")
            self._screens.pop((screen.app, screen.name), None)
            await screen.context.close()

    @property
    def screens(self) -> list[Screen]:
        return list(self._screens.values())

    # time

    def _shift(self) -> int:
        return self.clock() - int(time.time() * 1000)

    async def pass_ms(self, ms: int) -> None:
        """So much of the story's time goes by, for the server and on every device."""
        self.clock.step(ms)
        shift = self._shift()
        await asyncio.gather(*(screen.shift_to(shift) for screen in self.screens))

    async def pass_to(self, words: str) -> None:
        """On to `sat 08:00`."""
        await self.pass_ms(next_time(self.clock(), words, self.zone) - self.clock())

    # causes and effects

    async def cause(
        self, words: str, actor: Screen, act: Callable[[], Awaitable[object]], *effects: See
    ) -> None:
        """Does it, waits until every effect is on its screen, and notes how long each took."""
        self.say(words)
        marks = [await see.screen.arm(see.selector, see.text, see.exact) for see in effects]
        await act()
        acted = float(await actor.fact("actedAt"))
        await self._note(words, acted, effects, marks)

    async def _note(self, words: str, since: float, effects: tuple[See, ...], marks: list[str]) -> None:
        waits = [
            see.screen.wait(mark, see.selector, see.text) for see, mark in zip(effects, marks, strict=True)
        ]
        for see, seen in zip(effects, await asyncio.gather(*waits), strict=True):
            took = max(0.0, seen - since)
            what = see.label or see.text
            self.timings.append(Timing(self.story, words, see.screen.app, what, took, see.target_ms))

    async def arm(self, effects: tuple[See, ...]) -> list[str]:
        return [await see.screen.arm(see.selector, see.text, see.exact) for see in effects]

    async def reported(self, words: str, courier: Screen, effects: tuple[See, ...], marks: list[str]) -> None:
        """As `cause`, for what a reported position brings about by itself: counted from the last report."""
        waits = [
            see.screen.wait(mark, see.selector, see.text) for see, mark in zip(effects, marks, strict=True)
        ]
        seen = await asyncio.gather(*waits)
        reports: list[float] = await courier.fact("reports")
        for see, at in zip(effects, seen, strict=True):
            since = max((one for one in reports if one <= at), default=at)
            self.timings.append(
                Timing(self.story, words, see.screen.app, see.label or see.text, max(0.0, at - since))
            )

    # the truth behind the screens

    async def order(self, order: str) -> Order:
        """The order as the journal has it now."""
        row = await self.house.store.find_subject(order)
        if row is None:
            raise StoryFailure(f"there is no order {order}")
        found: Order = self.house.journal.rules.load(row.doc)
        return found

    async def shop_point(self) -> Point:
        shop = (await self.house.shops.all())[0]
        assert shop.point is not None
        return shop.point

    async def shots(self, name: str) -> None:
        """A picture of every screen at this beat."""
        self._beat += 1
        self.folder.mkdir(parents=True, exist_ok=True)
        for screen in self.screens:
            path = self.folder / f"{self.story}-{self._beat:02d}-{name}-{screen.app}.png"
            await screen.shot(path)

    async def keep_pictures(self, *screens: Screen) -> None:
        """The three screens of one moment, for the picture of them (picture.py)."""
        for screen in screens:
            await screen.shot(self.folder / f"three-{screen.app}.png")
