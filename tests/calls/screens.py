"""Calls on the real screens: buyer's and courier's phones, through the relay alone.

The rest of the harness counts what browsers can do; this counts what the applications make of it.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from huaxin.simulation.story.browser import DESKTOP, PHONE, Device, open_context
from tests.browser.conftest import signed_in
from tests.calls.pages import CallPage, probe
from tests.calls.stage import Failed, Stage, show, until
from tests.house import shop_point

TALK_S = 3.0
WEAK_KBPS = 100


@asynccontextmanager
async def screen(stage: Stage, app: str, who: str, *, way: str) -> AsyncIterator[CallPage]:
    """Somebody's application at the order, with a camera that draws and a microphone that beeps."""
    house = stage.house
    size = DESKTOP if app == "shop" else PHONE
    context = await open_context(stage.browser, Device(*size))
    context.set_default_timeout(90_000)
    await context.grant_permissions(["camera", "microphone", "geolocation"], origin=house.url)
    if app == "courier":
        point = await shop_point(house)
        await context.set_geolocation({"latitude": point.lat, "longitude": point.lon, "accuracy": 6.0})
    await context.add_init_script(await signed_in(house, app, who))
    await context.add_init_script(probe(way))
    page = await context.new_page()
    await page.goto(f"{house.url}/{app}/orders/{stage.order}")
    await page.locator("[data-call-open]").first.wait_for()
    try:
        yield CallPage(page)
    finally:
        await context.close()


@asynccontextmanager
async def talking(stage: Stage, media: str, way: str) -> AsyncIterator[tuple[CallPage, CallPage, float]]:
    """The courier has rung the buyer, who answered; seconds from the tap until each hears the other."""
    async with (
        screen(stage, "buyer", "li", way=way) as li,
        screen(stage, "courier", "zhang", way=way) as zhang,
    ):
        await zhang.ring("buyer", media)
        await li.rung()
        began = time.monotonic()
        await li.answer()

        async def through() -> bool:
            found = [await one.figures() for one in (li, zhang)]
            return all(one["audio"] and (media == "audio" or one["frames"]) for one in found)

        await until("each hears the other", through)
        took = time.monotonic() - began
        await li.talking()
        yield li, zhang, took
        if await li.act("hang").count():
            await li.hang_up()
            await zhang.page.locator("[data-call-phase]").wait_for(state="detached")


async def run(stage: Stage) -> None:
    stage.call = ""
    await stage.quiet()
    for way in ("udp", "tcp"):
        for media in ("audio", "video"):
            async with talking(stage, media, way) as (li, zhang, took):
                await _counted(f"screens: {media}, relay over {way.upper()}", li, zhang, took, way, media)
    await _weak(stage)
    await _killed(stage)


async def _counted(title: str, li: CallPage, zhang: CallPage, took: float, way: str, media: str) -> None:
    before = [await one.figures() for one in (li, zhang)]
    await asyncio.sleep(TALK_S)
    after = [await one.figures() for one in (li, zhang)]
    ways = {one for figures in after for one in figures["ways"]}
    if ways != {way}:
        raise Failed(f"{title}: not by {way} alone, but {sorted(ways)}")

    def least(key: str, by: float) -> float:
        return min((b[key] - a[key]) / by / TALK_S for a, b in zip(before, after, strict=True))

    if least("audio", 1) <= 0 or (media == "video" and least("frames", 1) <= 0):
        raise Failed(f"{title}: nothing came through")
    pictures: dict[str, Any] = {}
    if media == "video":
        pictures = {"video_kbps": least("video", 125), "frames_per_s": least("frames", 1)}
    show(title, answered_to_media_s=took, audio_kbps=least("audio", 125), **pictures)


async def _weak(stage: Stage) -> None:
    """The relay lets 100 kbit/s through: the picture goes off by itself and says so, the sound goes on."""
    from tests.calls.run import slow_relay

    async with slow_relay(stage, WEAK_KBPS), talking(stage, "video", "udp") as (li, zhang, _):
        began = time.monotonic()

        async def off() -> bool:
            return bool(await li.page.locator(".weak").count() and await zhang.page.locator(".weak").count())

        await until("the picture is switched off", off)
        stepped = time.monotonic() - began
        await asyncio.sleep(1.0)
        since = await zhang.figures()
        await asyncio.sleep(TALK_S)
        now = await zhang.figures()
        heard = (now["audio"] - since["audio"]) / 125 / TALK_S
        if heard < 5:
            raise Failed(f"at {WEAK_KBPS} kbit/s hardly anything was heard: {heard:.1f} kbit/s")
        show(f"screens: {WEAK_KBPS} kbit/s", picture_off_s=stepped, then_audio_kbps=heard)


async def _killed(stage: Stage) -> None:
    """The relay dies and comes back: the applications find a new way by themselves."""
    from tests.calls.run import restart

    async with talking(stage, "audio", "udp") as (li, zhang, _):
        began = time.monotonic()
        await restart(stage)
        up = time.monotonic() - began
        since = [await one.figures() for one in (li, zhang)]

        async def back() -> bool:
            return all([await one.hears(was)() for one, was in zip((li, zhang), since, strict=True)])

        await until("media are back", back)
        show("screens: relay killed", relay_up_s=up, media_back_s=time.monotonic() - began)
