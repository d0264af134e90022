"""A morning from an empty shop (`huaxin morning`): catalogue, table, bench, papers, streets, doors, account.

Everything people do goes through the public doors: commands over HTTP, uploads, files, screens in a browser.
"""

import argparse
import asyncio
import shutil
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from huaxin import compose
from huaxin.config import Config
from huaxin.simulation.morning import opening
from huaxin.simulation.morning.play import Play
from huaxin.simulation.morning.report import show
from huaxin.simulation.morning.scale import FULL, SMALL, Scale
from huaxin.simulation.morning.scene import Scene
from huaxin.simulation.morning.screens import Screens
from huaxin.simulation.story.browser import NoBrowser, open_browser

__all__ = ["play", "run"]

SCREENS = Path("screens")


async def run(config: Config, args: argparse.Namespace) -> int:
    """Plays it in a database of its own. 0 when everything holds, else 1."""
    folder = Path(tempfile.mkdtemp(prefix="huaxin-morning-"))
    own = replace(config, host="127.0.0.1", port=0, database=f"sqlite:///{folder / 'morning.db'}")
    scale: Scale = SMALL if args.small else FULL
    print(f"a morning from an empty shop: {scale.orders} orders, {scale.couriers} couriers", flush=True)
    began = time.monotonic()
    try:
        scene = await play(own, scale, int(args.seed), SCREENS, screens=not args.no_screens)
    except NoBrowser as error:
        print(f"error: {error}")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    holds = show(scene)
    print(f"{time.monotonic() - began:.0f} s; papers and pictures: {SCREENS}/")
    return 0 if holds else 1


async def play(config: Config, scale: Scale, seed: int, folder: Path, *, screens: bool) -> Scene:
    """The morning on an empty database. Raises NoBrowser, and as compose.build."""
    async with AsyncExitStack() as stack:
        browser = await stack.enter_async_context(open_browser()) if screens else None
        house, clock = await opening.open_house(config, config.timezone)
        await opening.open_shop(house, scale)
        stack.push_async_callback(house.stop, 2.0)
        if scale.batch:
            compose.be_ready(house)
        scene = await opening.gather(house, clock, scale, seed, folder)
        stack.push_async_callback(scene.door.close)
        await Play(scene, Screens(scene, browser) if browser is not None else None, _say).run()
        await asyncio.sleep(0)  # what was just told reaches who listens
        return scene


def _say(words: str) -> None:
    print(words, flush=True)
