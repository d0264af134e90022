"""What the planning process does. Functions of plain values: they are sent there by name.

The process opens the city's roads by itself (they are mapped into memory, so they are shared).
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from huaxin.dispatch.ask import Ask, answer
from huaxin.dispatch.roads import Roads

_roads: Roads | None = None


def begin(city: Path | None) -> None:
    """Once per process. Ctrl-C is for the server, which ends this; if it is killed, so is this."""
    global _roads
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    if city is not None:
        from huaxin.maps.routing import Router

        _roads = Router(city)


def _follow(parent: BaseProcess) -> None:
    parent.join()
    os._exit(0)


def be_there() -> None:
    """Nothing: who asks for it wants the process."""


def solve(ask: Ask) -> list[int]:
    return answer(ask)


def with_roads[T](work: Callable[..., T], *args: Any) -> T:
    """`work(roads, *args)`."""
    if _roads is None:
        raise RuntimeError("this process was given no city")
    return work(_roads, *args)
