"""The shop's own screens in a real Chromium at the moments that matter, one of a buyer, one of a courier."""

import json
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from huaxin.orders.model import Order
from huaxin.simulation.morning.hands import Person
from huaxin.simulation.morning.scene import Scene
from huaxin.simulation.morning.table import Row, as_csv, wait_for_import, with_mistakes
from huaxin.simulation.story.browser import DESKTOP, PHONE, Device, no_sideways_scroll, open_context

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

PATIENCE_MS = 60_000
type Look = Callable[["Page"], Awaitable[None]]


class Screens:
    """Every picture is of a device that was just switched on: nothing is left from the one before."""

    def __init__(self, scene: Scene, browser: "Browser") -> None:
        self._scene, self._browser = scene, browser
        self._count = 0
        self.errors: list[str] = []

    async def shop(self, who: Person, path: str, name: str, look: Look | None = None) -> None:
        await self._show("shop", who, path, name, Device(*DESKTOP), look)

    async def phone(self, app: str, who: Person, path: str, name: str, look: Look | None = None) -> None:
        await self._show(app, who, path, name, Device(*PHONE), look)

    async def _show(
        self, app: str, who: Person, path: str, name: str, device: Device, look: Look | None
    ) -> None:
        scene = self._scene
        shift = scene.clock() - int(time.time() * 1000)
        context = await open_context(self._browser, device, shift_ms=shift)
        try:
            context.set_default_timeout(PATIENCE_MS)
            if app == "courier" and scene.shop.point is not None:
                here = {"latitude": scene.shop.point.lat, "longitude": scene.shop.point.lon, "accuracy": 8.0}
                await context.grant_permissions(["geolocation"], origin=scene.house.url)
                await context.set_geolocation(here)  # type: ignore[arg-type]  # the three fields it has
            if not who.link:
                tokens = json.dumps(json.dumps(who.tokens))
                await context.add_init_script(f"localStorage.setItem('huaxin.{app}', {tokens})")
            page = await context.new_page()
            page.on("pageerror", lambda error: self.errors.append(f"{name}: {error}"))
            await page.goto(scene.house.url + (who.link or f"/{app}/{path}"))
            if look is not None:
                await look(page)
            await self._shot(page, name)
        finally:
            await context.close()

    async def _shot(self, page: "Page", name: str) -> None:
        self._count += 1
        wide = await no_sideways_scroll(page)
        if wide:
            self.errors.append(f"{name}: {wide} px wider than its window")
        folder = self._scene.folder
        folder.mkdir(parents=True, exist_ok=True)
        await page.wait_for_load_state("networkidle")
        await page.wait_for_timeout(600)  # pictures and map tiles fade in
        await page.screenshot(path=str(folder / f"morning-{self._count:02d}-{name}.png"))

    # the moments

    async def catalogue(self) -> None:
        first = self._scene.owner
        await self.shop(first, "catalogue", "catalogue", _there("img[src*='/pictures/own/']"))

    async def table(self, rows: list[Row]) -> None:
        """Where a person does it: the table with mistakes is looked at, the corrected one imported."""
        scene, right, wrong = self._scene, as_csv(rows), as_csv(with_mistakes(rows))

        async def import_it(page: "Page") -> None:
            await page.get_by_role("button", name="店务").click()
            await page.get_by_role("button", name="导入订单").click()
            await _choose(page, "orders-draft.csv", wrong)
            await page.locator(".sum .bad").wait_for()
            await self._shot(page, "import-mistakes")
            await page.locator(".foot .hx-button:not(.hx-button-primary)").click()
            await _choose(page, "orders.csv", right)
            await page.locator(".foot .hx-button-primary:enabled").click()
            await page.locator(".import .done").wait_for()

        await self.shop(scene.desk, "", "import-done", import_it)
        preview = await scene.desk.send_file("/api/shops/morning/imports/preview", right, "text/csv")
        await wait_for_import(scene, str(preview["id"]))

    async def bench(self) -> None:
        await self.shop(self._scene.florists[0], "making", "bench", _there(".cards > *, .making .empty"))

    async def stock(self, order: Order) -> None:
        await self.shop(
            self._scene.desk, f"orders/{order.id}", "stock-out", _there("section.panel .conversation")
        )

    async def dispatch(self) -> None:
        async def open_sheet(page: "Page") -> None:
            await page.locator("[data-row]").first.wait_for()
            await page.locator("header.top button.share").first.click()
            await page.locator("dialog[open] tbody tr").first.wait_for()

        await self.shop(self._scene.desk, "", "dispatch", open_sheet)

    async def board(self, name: str) -> None:
        await self.shop(self._scene.owner, "", name, _there(".leaflet-container canvas"))

    async def refunds(self) -> None:
        async def open_sheet(page: "Page") -> None:
            await page.get_by_role("button", name="店务").click()
            await page.get_by_role("button", name="要退的款").click()
            await page.locator("dialog[open] li .hx-button").first.wait_for()

        await self.shop(self._scene.desk, "", "refunds", open_sheet)

    async def account(self, order: str) -> None:
        """What was paid for one order, what it costs by now, and what is ticked off."""

        async def open_tab(page: "Page") -> None:
            await page.get_by_role("tab", name="订单").click()
            box = page.locator(".pay .refunds").first
            await box.wait_for()
            await box.scroll_into_view_if_needed()

        await self.shop(self._scene.desk, f"orders/{order}", "account", open_tab)

    async def on_the_road(self, buyer: Person, courier: Person) -> None:
        """The buyer by the link that was sent; the courier at the shop's door or at the next."""
        await self.phone("buyer", buyer, "", "buyer", _there("section.card .state"))
        await self.phone("courier", courier, "", "courier", _there("article.stop, section.pickup"))


def _there(selector: str) -> Look:
    async def look(page: "Page") -> None:
        await page.locator(selector).first.wait_for()

    return look


async def _choose(page: "Page", name: str, data: bytes) -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": data}
    await page.locator(".import input[type=file]").set_input_files(file)  # type: ignore[arg-type]  # a file in memory
