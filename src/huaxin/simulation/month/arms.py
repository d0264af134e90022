"""The same month several times over: without, with the watchdog, and with a dispatcher who follows it.

Each arm is played in a process of its own. They meet the same orders, doors, traffic, rain and mishaps; every
ride and every fix has a chance of its own (`body`), so what one arm does shifts nothing else.
"""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from pathlib import Path
from typing import Any, NamedTuple

from huaxin.simulation.month.kept import Kept, play
from huaxin.simulation.month.setting import Setting

_LOOK_S = 0.5
_parts: Any = None  # in each process: how far every arm is, from 0 to 1


class Arm(NamedTuple):
    """One way to run the shop."""

    name: str
    watched: bool
    reassigns: bool


ARMS = (
    Arm("without", watched=False, reassigns=False),
    Arm("watchdog", watched=True, reassigns=False),
    Arm("watchdog + reassignment", watched=True, reassigns=True),
)


def play_arms(
    folder: Path, city: str, setting: Setting, progress: Callable[[str, float], None]
) -> list[tuple[str, Kept]]:
    """All arms on the imported `city` of the library in `folder`, as many at once as there are cores."""
    context = multiprocessing.get_context("spawn")
    parts: Any = context.Array("d", len(ARMS))
    workers = min(len(ARMS), os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(parts,)) as pool:
        playing = [pool.submit(_play, folder, city, setting, n) for n in range(len(ARMS))]
        left: Sequence[Any] = playing
        while left:
            left = list(wait(left, timeout=_LOOK_S).not_done)
            progress("playing the month with and without", sum(parts[:]) / len(ARMS))
        return [(arm.name, one.result()) for arm, one in zip(ARMS, playing, strict=True)]


def _begin(parts: Any) -> None:
    global _parts
    _parts = parts


def _play(folder: Path, city: str, setting: Setting, n: int) -> Kept:
    from huaxin.maps.library import CityLibrary
    from huaxin.simulation.month.town import Town

    def tell(stage: str, part: float) -> None:
        _parts[n] = part

    town = Town(CityLibrary(folder).open(city))
    return play(town, setting, tell, watched=ARMS[n].watched, reassigns=ARMS[n].reassigns)
