"""Somebody with a browser behind a network of their own, who writes whatever the weather is."""

import asyncio
import contextlib
import random
import time
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Error, Page

from huaxin.simulation.story.browser import DESKTOP, PHONE, Device, open_context
from tests.faults.checker import Member, Sight
from tests.faults.devices import to_sight
from tests.faults.network.proxy import Proxy
from tests.faults.network.storms import Storm

WATCH = Path(__file__).with_name("watch.js")
LONG_S = 120.0
_FIELD = ".composer textarea"
_PAUSE_S = (0.6, 2.4)
_RELOAD = 0.02  # chance that instead of writing somebody loads the page anew


class Person:
    """One page of one application. Everything typed is in `wished`, in its order."""

    def __init__(self, app: str, member: Member, order: str, proxy: Proxy, rng: random.Random) -> None:
        self.app, self.member, self.order, self.proxy = app, member, order, proxy
        self.storm = Storm(proxy, random.Random(rng.random()))
        self.wished: list[str] = []
        self.reloads = 0
        self.errors: list[str] = []
        self.lines: list[tuple[float, str]] = []  # (unix seconds, word or transport) over all loads
        self.wrong: list[str] = []
        self._rng = rng

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.proxy.port}"

    async def open(self, browser: Browser, sign_in: str) -> None:
        size = DESKTOP if self.app == "shop" else PHONE
        self._context: BrowserContext = await open_context(browser, Device(*size))
        self._context.set_default_timeout(1000 * LONG_S)
        await self._context.add_init_script(sign_in)
        await self._context.add_init_script(WATCH.read_text("utf-8"))
        if self.app == "courier":
            await self._context.grant_permissions(["geolocation"], origin=self.url)
        self.page: Page = await self._context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        await self.page.goto(f"{self.url}/{self.app}/orders/{self.order}")
        await self._opened()
        await self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        await self.page.reload()  # from now on the shell is the service worker's
        await self._opened()

    async def _opened(self) -> None:
        await self.page.locator(_FIELD).wait_for()
        await self.page.evaluate("order => { __watch.order = order }", self.order)

    async def write(self, ends: float) -> None:
        """Until then (monotonic seconds)."""
        while time.monotonic() < ends:
            if self._rng.random() < _RELOAD and self.wished:
                await self._reload()
            else:
                await self._say()
            await asyncio.sleep(self._rng.uniform(*_PAUSE_S))

    async def _say(self) -> None:
        marker = f"«{self.app}-{len(self.wished) + 1}»"
        field = self.page.locator(_FIELD)
        await field.fill(marker + " " + "花" * self._rng.randrange(1, 60))
        await field.press("Enter")
        self.wished.append(marker)

    async def _reload(self) -> None:
        # What was typed a moment ago is on its way into the device's store, as on any page that is closed.
        await self.settle_typing()
        await self._keep_log()
        self.reloads += 1
        with contextlib.suppress(Error):
            await self.page.reload(wait_until="commit")
        await self._opened()

    async def settle_typing(self) -> None:
        await self.page.wait_for_function("() => document.querySelector('.composer textarea').value === ''")
        await self.page.evaluate("new Promise((done) => setTimeout(done, 100))")

    async def begin_log(self) -> None:
        """Forgets what was before."""
        await self._keep_log()
        self.lines.clear()

    async def _keep_log(self) -> None:
        log: dict[str, Any] = await self.page.evaluate("__watch.log")
        self.lines += [(at / 1000, what) for at, what in log["lines"]]
        self.wrong += log["wrong"]
        await self.page.evaluate("__watch.log.lines.length = __watch.log.wrong.length = 0")

    async def write_unsent(self, count: int) -> None:
        """So many messages without any network, as fast as a script can."""
        await self._context.set_offline(True)
        markers = [f"«{self.app}-offline-{n}»" for n in range(1, count + 1)]
        await self.page.evaluate(
            """async ([order, texts]) => {
              for (const text of texts) await __watch.huaxin().send('say', order, { text })
            }""",
            [self.order, markers],
        )
        self.wished += markers

    async def empty_outbox(self) -> float:
        """Back on the network; seconds from the line's return to an empty outbox."""
        await self._context.set_offline(False)
        found: float = await self.page.evaluate(
            """async () => {
              const huaxin = __watch.huaxin()
              const turn = () => new Promise((done) => setTimeout(done, 10))
              const wait = async (so) => { while (!(await so())) await turn() }
              await wait(() => huaxin.wire.connected)
              const began = performance.now()
              await wait(async () => (await huaxin.store.pending.count()) === 0)
              return (performance.now() - began) / 1000
            }"""
        )
        return found

    async def unsent(self) -> int:
        count: int = await self.page.evaluate("__watch.huaxin().store.pending.count()")
        return count

    async def refused(self) -> list[str]:
        found: list[str] = await self.page.evaluate(
            """async () => {
              const rows = await __watch.huaxin().store.pending.toArray()
              return rows.filter((row) => row.state === 'failed').map((row) => `${row.name} ${row.code}`)
            }"""
        )
        return found

    async def history(self, last: int) -> list[Sight]:
        """The whole conversation as this page has it, once it has the last fact."""
        await self._keep_log()
        events: list[dict[str, Any]] = await self.page.evaluate(
            """async ([order, last]) => {
              const room = __watch.huaxin().room(order)
              const newest = () => room.state.value?.cursor.seq ?? 0
              while (newest() < last) await new Promise((done) => setTimeout(done, 50))
              while (room.state.value.more) await room.loadOlder()
              return room.state.value.events
            }""",
            [self.order, last],
        )
        return [to_sight(event) for event in events]

    async def close(self) -> None:
        await self._context.close()

    def noticed(self) -> list[float]:
        """Seconds from each death without a word to the moment the page knew."""
        found = []
        for began in self.storm.silences:
            before = [what for at, what in self.lines if at <= began]
            if not before or before[-1] in ("connecting", "offline"):
                continue  # it was not connected then
            after = [at for at, _ in self.lines if at > began]
            if after:
                found.append(after[0] - began)
        return found
