"""One city, one server and one Chromium for all of these; every test has devices of its own."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page
from playwright.async_api import Error as PlaywrightError

from huaxin.compose import House
from huaxin.simulation.story.browser import DESKTOP, PHONE, Device, NoBrowser, open_browser, open_context
from tests.conftest import furnish
from tests.house import Member, log_in, open_house, place, shop_point

STATIC = Path(__file__).parents[2] / "src" / "huaxin" / "http" / "static"
# What must come about has this long on the slowest machine; only a test that fails waits so long.
LONG_S = 90.0
APPS = ("buyer", "courier", "shop")
FAILED = pytest.StashKey[bool]()
# A microphone that beeps and a camera that draws, allowed without a question.
DEVICES = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One event loop for the whole folder: browser and server live as long as the session."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Lets `hold` know that the test has failed, while its pages are still open."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def data(demo_cities: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house's data folder, for all tests; fails at once where the screens are missing."""
    missing = [app for app in APPS if not (STATIC / app / "index.html").is_file()]
    if missing:
        pytest.fail(f"the screens are not built ({', '.join(missing)}): run `npm run build` in web/")
    return furnish(tmp_path_factory.mktemp("browser"), demo_cities)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(data: Path) -> AsyncIterator[House]:
    async with open_house(data) as house:
        yield house


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    try:
        async with open_browser(*DEVICES) as browser:
            yield browser
    except NoBrowser as error:
        pytest.fail(str(error))


@dataclass
class Held:
    """A device in somebody's hand."""

    context: BrowserContext
    page: Page
    errors: list[str]

    async def texts(self, selector: str) -> list[str]:
        found: list[str] = await self.page.evaluate("s => __story.texts(s)", selector)
        return found

    async def body(self) -> str:
        return " ".join(await self.texts("body"))


type Hold = Callable[..., Coroutine[Any, Any, Held]]


@pytest_asyncio.fixture(loop_scope="session")
async def hold(house: House, browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Hold]:
    """Opens an application on a new device; `who` of tests.house.PHONES is signed in on it. After a failure
    it prints what each device shows."""
    async with AsyncExitStack() as stack:
        held: list[Held] = []

        async def open_one(
            app: str,
            who: str = "",
            path: str = "",
            *,
            size: tuple[int, int] | None = None,
            wrong_ms: int = 0,
            language: str = "zh-CN",
            url: str = "",
        ) -> Held:
            device = Device(*(size or (DESKTOP if app == "shop" else PHONE)), wrong_ms=wrong_ms)
            context = await open_context(browser, device, language=language)
            stack.push_async_callback(context.close)
            context.set_default_timeout(1000 * LONG_S)
            base = url or house.url
            if app == "courier":
                await context.grant_permissions(["geolocation"], origin=base)
                point = await shop_point(house)
                await context.set_geolocation(
                    {"latitude": point.lat, "longitude": point.lon, "accuracy": 6.0}
                )
            if who:
                await context.add_init_script(await signed_in(house, app, who))
            page = await context.new_page()
            one = Held(context, page, [])
            page.on("pageerror", lambda error: one.errors.append(str(error)))
            await page.goto(f"{base}/{app}/{path}")
            held.append(one)
            return one

        yield open_one
        if request.node.stash.get(FAILED, False):
            for one in held:
                print(f"-- {one.page.url}: {await what_it_shows(one)}")
        errors = [error for one in held for error in one.errors]
    assert errors == []


async def what_it_shows(held: Held) -> str:
    try:
        return await held.page.locator("body").inner_text(timeout=5_000)
    except PlaywrightError as gone:
        return str(gone)


async def signed_in(house: House, app: str, who: str) -> str:
    """A script that gives a device somebody's session, once."""
    from tests.house import PHONES

    person = await house.people.add_person(PHONES[who])
    issued = await house.people.open_session(person.id, "browser test")
    tokens = json.dumps(msgspec.to_builtins(issued))
    key = f"huaxin.{app}"
    return f"if (!localStorage.getItem('{key}')) localStorage.setItem('{key}', {json.dumps(tokens)})"


async def until(check: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Waits until the check answers something true; fails when it does not."""
    deadline = time.monotonic() + LONG_S
    while time.monotonic() < deadline:
        found = await check()
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("did not come about")


@dataclass
class Cast:
    """The members of one confirmed order over the API, and its id."""

    order: str
    li: Member
    owner: Member
    zhang: Member

    async def texts(self) -> list[str]:
        """Every message of the conversation, in order, as the buyer reads it."""
        snapshot = await self.li.order(self.order)
        return [e["body"]["text"] for e in snapshot["events"] if e["type"] == "message_sent"]


@pytest_asyncio.fixture(loop_scope="session")
async def cast(house: House) -> AsyncIterator[Cast]:
    """An order of Ms Li, confirmed and with 张师傅."""
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    order = await place(li, card={"text": "妈妈,节日快乐!", "signature": "女儿", "anonymous": False})
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    yield Cast(order, li, owner, zhang)
    await owner.do("cancel_order", order=order, reason="")
    await owner.do("deliver", order=order)
    for member in (li, owner, zhang):
        await member.http.aclose()
