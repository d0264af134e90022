"""A server with a real coturn, people with real Chromium pages, and calls between them."""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page

from huaxin.compose import House
from huaxin.live.pace import Buckets
from huaxin.simulation.story.browser import open_browser
from tests.contract.live.clients import Ears, Line
from tests.house import Member, log_in, open_house, place

LONG_S = 90.0
PEER = Path(__file__).with_name("peer.js")
FLAGS = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
    # A page that is not looked at is throttled: here all of them are behind each other.
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
)


class Failed(Exception):
    """Something a call promises did not come about; the sentence says what."""


async def until(what: str, check: Callable[[], Awaitable[Any]], seconds: float = LONG_S) -> Any:
    """What the check answers once it is true. Raises Failed."""
    try:
        async with asyncio.timeout(seconds):
            while not (found := await check()):  # noqa: ASYNC110 (what a browser does has no event)
                await asyncio.sleep(0.02)
            return found
    except TimeoutError:
        raise Failed(f"{what}: not within {seconds:.0f} s") from None


@dataclass
class Device:
    """Somebody's page in a call."""

    member: Member
    page: Page
    id: str
    line: Line
    ears: Ears  # me:
    order: Ears
    heard: int = 0
    saying: asyncio.Lock = field(default_factory=asyncio.Lock)
    moving: asyncio.Task[None] | None = None

    async def ask(self, script: str, *args: Any) -> Any:
        return await self.page.evaluate(f"args => __peers.{script}(...args)", [self.id, *args])

    async def stats(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.ask("stats")
        return found

    async def times(self) -> dict[str, float]:
        found: dict[str, float] = await self.ask("times")
        return found

    async def now(self) -> float:
        return float(await self.page.evaluate("() => __peers.now()"))


@dataclass
class Stage:
    house: House
    browser: Browser
    order: str
    people: dict[str, Member]
    stack: AsyncExitStack
    call: str = ""
    devices: list[Device] = field(default_factory=list)
    way: str = "udp"  # or tcp
    wrong_secret: bool = False
    persons: dict[str, str] = field(default_factory=dict)  # of devices that are no pages
    troubles: list[str] = field(default_factory=list)

    @property
    def fields(self) -> dict[str, Any]:
        return {"order": self.order, "call": self.call}

    async def device(self, who: str) -> Device:
        """A page of one's own."""
        member = self.people[who]
        context = await self.browser.new_context(permissions=["camera", "microphone"])
        await context.add_init_script(path=PEER)
        page = await context.new_page()
        line = await Line(member).open()
        ears = await line.listen(f"me:{member.person}")
        order = await line.listen(f"order:{self.order}")
        device = Device(member, page, "page-" + secrets.token_hex(6), line, ears, order)
        await page.expose_function("__say", lambda *words: self._say(device, *words))
        await page.goto(f"{self.house.url}/api/info")
        self.devices.append(device)
        device.moving = asyncio.create_task(self._move(device))
        return device

    async def ring(self, who: str, others: list[str], *, video: bool) -> Device:
        """Rings the others from a new page, with camera and microphone open."""
        self.call = "call-" + secrets.token_hex(6)
        device = await self.device(who)
        roles = [ROLE_OF[name] for name in others]
        media = "video" if video else "audio"
        await device.member.done("ring", **self.fields, to=roles, media=media, device=device.id)
        await self.open(device, video=video)
        return device

    async def open(self, device: Device, *, video: bool) -> None:
        await device.ask("open", {"servers": await self.servers(device), "video": video})

    async def servers(self, device: Device) -> list[dict[str, Any]]:
        answer = await device.member.ask("get_call_servers", **self.fields)
        found = [one for one in answer["ice_servers"] if "username" in one]
        for one in found:
            one["urls"] = [url for url in one["urls"] if url.endswith(self.way)]
            if self.wrong_secret:
                one["credential"] = "d3Jvbmc="
        return found

    async def _say(self, device: Device, me: str, other: str, kind: str, data: str) -> None:
        person = self.persons.get(other) or next(one.member.person for one in self.devices if one.id == other)
        fields = {"to_person": person, "to_device": other, "from_device": me, "kind": kind, "data": data}
        async with device.saying:  # in the order they were said
            answer = await device.member.do("signal_call", **self.fields, **fields)
        if answer.status_code != 200:
            self.troubles.append(f"signal {kind}: {answer.text}")

    async def _move(self, device: Device) -> None:
        """What comes on me: goes into the page, in order."""
        while True:
            await asyncio.sleep(0.005)
            while device.heard < len(device.ears.signals):
                said = device.ears.signals[device.heard]
                device.heard += 1
                if said["signal"] != "call" or said["to_device"] != device.id:
                    continue
                try:
                    await device.ask("hear", said["from_device"], said["kind"], said["data"])
                except Exception as trouble:
                    self.troubles.append(f"heard {said['kind']}: {trouble}")

    async def connect(self, who: list[str], *, video: bool) -> tuple[list[Device], float]:
        """The first rings the others, all answer, everybody is connected with everybody through the relay.
        Seconds from the last answer to everybody's connection (and first picture, with video)."""
        await self.quiet()
        devices = [await self.ring(who[0], who[1:], video=video)]
        for name in who[1:]:
            devices.append(await self.device(name))
            await self.open(devices[-1], video=video)
        began = 0.0
        for device in devices[1:]:
            began = time.monotonic()
            await device.member.done("answer_call", **self.fields, device=device.id)
        for n, device in enumerate(devices):
            for other in devices[n + 1 :]:
                await device.ask("offer", other.id)
        await until("everybody is connected", lambda: self.flows(devices, video))
        return devices, time.monotonic() - began

    async def flows(self, devices: list[Device], video: bool) -> bool:
        for device in devices:
            stats = await device.stats()
            if len(stats) < len(devices) - 1:
                return False
            for one in stats:
                if one["state"] != "connected" or not one["audio"] or (video and not one["frames"]):
                    return False
        return True

    async def quiet(self) -> None:
        """Limits are for people; here one person rings all day."""
        desk = self.house.calls.desk
        desk._rings = desk._rings_of_order = Buckets(100_000, 1_000.0)

    async def hang_up(self) -> dict[str, Any]:
        """The body of the end of it."""
        for device in self.devices:
            await device.member.do("leave_call", **self.fields)
        ears = self.devices[0].order

        async def over() -> Any:
            ends = [one for one in ears.events if one["type"] == "call_ended"]
            return next((one["body"] for one in ends if one["body"]["call"] == self.call), None)

        body: dict[str, Any] = await until("the call is over", over)
        for device in self.devices:
            if device.moving is not None:
                device.moving.cancel()
                await asyncio.gather(device.moving, return_exceptions=True)
            await device.ask("close")
            await device.line.close()
            await device.page.context.close()
        self.devices.clear()
        self.call = ""
        return body


ROLE_OF = {"li": "buyer", "owner": "shop", "zhang": "courier", "mother": "recipient"}


@asynccontextmanager
async def open_stage(data: Path) -> AsyncIterator[Stage]:
    """At the door: the order is arrived, so that everybody may ring everybody at any hour."""
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(open_house(data))
        missing = await house.calls.start_relay(loopback=True)
        if missing is not None:
            raise Failed(missing.en)
        browser = await stack.enter_async_context(open_browser(*FLAGS))
        people = {name: await log_in(house, name) for name in ("li", "owner", "zhang")}
        order = await place(people["li"])
        await people["owner"].done("confirm_order", order=order)
        await people["owner"].done("assign_courier", order=order, courier=people["zhang"].person)
        await people["zhang"].done("pick_up", order=order)
        await people["zhang"].done("mark_arrived", order=order)
        people["mother"] = await guest(people["li"], order)
        yield Stage(house, browser, order, people, stack)


async def guest(buyer: Member, order: str) -> Member:
    url = (await buyer.done("create_guest_link", order=order, role="recipient"))["url"]
    token = {"token": url.rpartition("/")[2], "device_name": "calls"}
    answer = (await buyer.http.post("/api/guest", json=token)).json()
    return Member(buyer.house, answer["person"], answer["access"])


def show(title: str, **figures: Any) -> None:
    said = "  ".join(f"{name.replace('_', ' ')} {_plain(value)}" for name, value in figures.items())
    print(f"{title:44} {said}", flush=True)


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    return value if isinstance(value, str) else json.dumps(value)
