"""What the browser tests of media do again and again: talk, hold, choose, look."""

import asyncio
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.async_api import Locator

from tests.browser.conftest import Cast, Held, Hold, until
from tests.contract.media import tus

SOUNDS = """
window.__sounds = []
const Real = window.Audio
window.Audio = function () { const one = new Real(); window.__sounds.push(one); return one }
"""
VOICE = ".conversation .voice"


async def talk(hold: Hold, app: str, cast: Cast, **options: Any) -> Held:
    """The conversation of the order, on the screen of whoever uses this application."""
    who = {"buyer": "li", "courier": "zhang", "shop": "owner"}[app]
    held = await hold(app, who, f"orders/{cast.order}", **options)
    await held.page.evaluate(SOUNDS)
    await held.page.locator(".conversation .composer").wait_for()
    return held


async def sound(held: Held) -> dict[str, float]:
    """What the page's player does now."""
    found: dict[str, float] = await held.page.evaluate(
        """(() => {
          const one = window.__sounds.find((sound) => /media|blob:/.test(sound.src))
          return { at: one?.currentTime ?? 0, long: one?.duration ?? 0, rate: one?.playbackRate ?? 0 }
        })()"""
    )
    return found


async def send_voice(cast: Cast, body: bytes, name: str) -> str:
    media = await tus.upload(cast.li, cast.order, "voice", body, name)
    answer = await tus.send(cast.li, cast.order, media)
    assert answer.status_code == 200, answer.text
    return media


async def hold_to_talk(held: Held, ms: int, *, away: bool = False) -> None:
    """A finger on the large button for a while; `away`: it slides off to the left."""
    await held.page.get_by_role("button", name="说语音").tap()
    big = held.page.locator(".voicebar .big")
    box = await big.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await held.page.mouse.move(x, y)
    await held.page.mouse.down()
    await held.page.locator(".voicebar .live .time").wait_for()
    await until(lambda: clock_is(held, ms))
    if away:
        await held.page.mouse.move(x - 120, y, steps=4)
        await held.page.get_by_text("松开手指,取消发送").first.wait_for()
    await held.page.mouse.up()


async def clock_is(held: Held, ms: int) -> bool:
    """The running time of a recording, in whole seconds, has come to this."""
    shown = await held.texts(".voicebar .live .time")
    if not shown:
        return False
    minutes, seconds = re.findall(r"\d+", shown[0])
    return (int(minutes) * 60 + int(seconds)) * 1000 >= ms


async def media_of(cast: Cast) -> list[dict[str, Any]]:
    """Everything that was sent, in its order, as the shop sees it."""
    snapshot = await cast.owner.order(cast.order)
    return [one for event in snapshot["events"] for one in event["body"].get("media", [])]


def write(path: Path, body: bytes) -> Path:
    path.write_bytes(body)
    return path


def large_photo() -> bytes:
    """3000 × 2200 pixels, about 3 MB as a phone's pictures are."""
    grain = np.random.default_rng(2).normal(0, 26, (2200, 3000, 1))
    across = np.linspace(0, 220, 3000)[None, :, None]
    pixels = (grain + across + np.array([30.0, 10.0, 0.0])).clip(0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=84)
    return out.getvalue()


async def choose(held: Held, *paths: Path, way: str = "gallery") -> None:
    await held.page.get_by_role("button", name="发送图片或文件").click()
    await held.page.locator(f"input[data-way={way}]").set_input_files(list(paths))


async def send_chosen(held: Held) -> None:
    sheet = held.page.get_by_role("dialog", name="发送")
    await sheet.get_by_role("button", name="发送", exact=True).click()
    await sheet.wait_for(state="hidden")


async def moved(held: Held, seconds: float) -> bool:
    return (await sound(held))["at"] > seconds


async def is_long(held: Held, seconds: float) -> bool:
    return abs((await sound(held))["long"] - seconds) < 0.2


async def none_of(held: Held, words: str) -> bool:
    return await held.page.get_by_text(words).count() == 0


async def has_count(found: Locator, count: int) -> bool:
    return await found.count() == count


async def at_least(list_: list[int], count: int) -> bool:
    return len(list_) >= count


async def loaded(held: Held, selector: str, count: int) -> bool:
    """So many pictures that can really be seen."""
    found = await held.page.evaluate(
        "s => [...document.querySelectorAll(s)].filter((one) => one.complete && one.naturalWidth > 0).length",
        selector,
    )
    return int(found) >= count


async def zoomed(held: Held) -> bool:
    style = await held.page.evaluate("document.querySelector('.hx-viewer img.sharp')?.style.transform ?? ''")
    return "scale(1.5)" in json.dumps(style)


async def has_proof(cast: Cast) -> bool:
    proof = (await cast.li.order(cast.order))["order"].get("proof") or {}
    await asyncio.sleep(0)
    return bool(proof.get("picture")) and proof["left_with"] == "family"
