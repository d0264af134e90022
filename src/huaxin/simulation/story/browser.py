"""Chromium, driven by Playwright: found, started, and one page per person on a device of their own."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page

PROBE = Path(__file__).with_name("probe.js")
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PHONE, DESKTOP = (390, 844), (1440, 900)


class NoBrowser(Exception):
    """What is missing to show the screens, and how to get it."""


@dataclass(frozen=True)
class Device:
    """What a person holds: its size, and by how much its clock is wrong (ms)."""

    width: int
    height: int
    wrong_ms: int = 0

    @property
    def is_phone(self) -> bool:
        return self.width < 600


def find_chromium() -> str:
    """The browser's path: `CHROMIUM`, else the first known name on PATH. Raises NoBrowser."""
    wanted = os.environ.get("CHROMIUM", "")
    if wanted:
        if Path(wanted).is_file():
            return wanted
        raise NoBrowser(f"CHROMIUM is {wanted}, and there is no such file")
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    raise NoBrowser("no Chromium found: install the package `chromium`, or name one in CHROMIUM")


@asynccontextmanager
async def open_browser(*options: str) -> "AsyncIterator[Browser]":
    """A headless Chromium, with options of its command line. Raises NoBrowser, saying what to install."""
    try:
        from playwright.async_api import async_playwright
    except ImportError as error:
        raise NoBrowser("Playwright is missing: `pip install 'huaxin[dev]'`, or run `make story`") from error
    path = find_chromium()
    async with async_playwright() as playwright:
        # Without a graphics card its work is imitated, which takes longer than doing without.
        flags = ["--no-sandbox", "--disable-gpu", *options]
        browser = await playwright.chromium.launch(executable_path=path, args=flags)
        try:
            yield browser
        finally:
            await browser.close()


async def open_context(
    browser: "Browser", device: Device, *, language: str = "zh-CN", shift_ms: int = 0, **options: Any
) -> "BrowserContext":
    """A device with nothing on it yet. `shift_ms`: its clock minus the machine's."""
    context = await browser.new_context(
        viewport={"width": device.width, "height": device.height},
        locale=language,
        has_touch=device.is_phone,
        reduced_motion="reduce",
        **options,
    )
    probe = PROBE.read_text("utf-8").replace("__SHIFT__", f"ms={shift_ms + device.wrong_ms}")
    await context.add_init_script(probe)
    context.set_default_timeout(12_000)
    return context


async def no_sideways_scroll(page: "Page") -> int:
    """Pixels by which the page is wider than its window; 0 is right."""
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(wide)
