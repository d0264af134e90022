"""The stories of a flower shop, replayed word for word: real pages, a real server, one clock for all."""

import argparse
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from huaxin import compose
from huaxin.config import Config
from huaxin.live.clock import Clock
from huaxin.simulation.story import five, four, one, seven, six, three, two
from huaxin.simulation.story.browser import NoBrowser, open_browser
from huaxin.simulation.story.calls import MEDIA
from huaxin.simulation.story.clock import BEGIN, at
from huaxin.simulation.story.screen import StoryFailure
from huaxin.simulation.story.stage import Stage
from huaxin.simulation.story.timings import show

__all__ = ["STORIES", "run"]

STORIES: dict[int, Callable[[Stage], Awaitable[None]]] = {
    1: one.play,
    2: two.play,
    3: three.play,
    4: four.play,
    5: five.play,
    6: six.play,
    7: seven.play,
}
SCREENS = Path("screens")


async def run(config: Config, args: argparse.Namespace) -> int:
    """Replays `args.numbers` in order. 0 when every word was on its screen; else says what was not."""
    numbers: list[int] = sorted(set(args.numbers))
    unknown = [number for number in numbers if number not in STORIES]
    if unknown:
        print(f"there is no story {unknown[0]} to replay; there are {', '.join(map(str, STORIES))}")
        return 2
    own = not getattr(args, "database", None)
    folder = Path(tempfile.mkdtemp(prefix="huaxin-story-"))
    database = f"sqlite:///{folder / 'story.db'}" if own else config.database
    try:
        return await _replay(replace(config, host="127.0.0.1", port=0, database=database), numbers)
    except NoBrowser as error:
        print(f"error: {error}")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _replay(config: Config, numbers: list[int]) -> int:
    # The story's time is its own: it goes on at the machine's pace and is moved ahead between acts.
    clock = Clock(start_ms=at(BEGIN, config.timezone))
    async with open_browser(*MEDIA) as browser:
        house = await compose.run(config, clock, reveal_codes=True)
        compose.be_ready(house)
        stage = Stage(house, clock, browser, SCREENS)
        try:
            if await _is_used(stage):
                print("error: this database already has orders in it; the stories need an empty one")
                return 1
            failed = await _play_all(stage, numbers)
        finally:
            for screen in stage.screens:
                await screen.context.close()
            await house.stop(2.0)
    print()
    show(stage.timings)
    print(f"pictures of every beat: {SCREENS}/")
    return 1 if failed else 0


async def _is_used(stage: Stage) -> bool:
    return bool(await stage.house.store.states(limit=1))


async def _play_all(stage: Stage, numbers: list[int]) -> bool:
    for number in numbers:
        try:
            await STORIES[number](stage)
        except Exception as failure:
            await stage.shots("failed")
            if isinstance(failure, StoryFailure):
                print(f"\nstory {number} failed at {stage.time_words()}: {failure}")
            else:
                print(
                    f"\nstory {number} stopped at {stage.time_words()}: {type(failure).__name__}: {failure}"
                )
            print(f"what every screen showed: {stage.folder}/{number}-*-failed-*.png")
            return True
        print(f"story {number}: every word was on its screen")
    return False
