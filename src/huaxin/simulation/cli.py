"""`huaxin demo`: the server with a simulated day on it, until it is stopped."""

import argparse
import asyncio
import contextlib
import sys
from pathlib import Path
from urllib.parse import unquote

from huaxin import compose
from huaxin.compose import House
from huaxin.config import Config
from huaxin.live.clock import Clock, real_ms
from huaxin.simulation.cast import EXTRA_COURIER
from huaxin.simulation.control import Control
from huaxin.simulation.day import Day, dawn_of, open_day, warm_up
from huaxin.simulation.starter import SHOP_ID
from huaxin.simulation.tell import Teller
from huaxin.welcome import welcome

PREVIOUS = ".previous"
_MINUTE = 60_000


async def run(config: Config, args: argparse.Namespace) -> int:
    """Until SIGINT or SIGTERM. Raises StoreError, CityError, OSError, ValueError as `serve` does."""
    keep = bool(getattr(args, "keep", False))
    if not keep:
        put_away(config)
    zone = config.timezone
    clock = Clock(dawn_of(real_ms(), zone), 0)
    house = await compose.run(config, clock, reveal_codes=True)
    compose.be_ready(house)
    if (missing := await house.calls.start_relay()) is not None:
        print(f"  {missing.zh}\n  {missing.en}", file=sys.stderr)
    try:
        await _play(house, clock, args, keep=keep)
    finally:
        await house.stop()
    return 0


async def _play(house: House, clock: Clock, args: argparse.Namespace, *, keep: bool) -> None:
    if keep:
        await _go_on(house, clock)
    day = await open_day(house, int(args.seed))
    name, phone = EXTRA_COURIER
    house.info.demo_logins.append({"role": "courier", "name": name, "phone": phone})
    print("  今天的故事开始了 the day begins …", file=sys.stderr, flush=True)
    await warm_up(day)
    house.info.demo = Control(day)
    print(_greeting(house), flush=True)
    if not getattr(args, "quiet", False):
        day.world.heard_of.append(Teller(day.world.zone, _say))
    clock.set_speed(float(args.speed))
    await _until_stopped(day)


async def _until_stopped(day: Day) -> None:
    playing = asyncio.create_task(day.run())
    try:
        await compose.until_stopped()
    finally:
        playing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await playing


def _greeting(house: House) -> str:
    logins, dev_codes = house.info.demo_logins, house.config.dev_code_sender
    text = welcome(house.url, house.server.port, house.config.host, logins, dev_codes)
    return text.replace(
        f"  接口   API       {house.url}/api/docs",
        f"  导演台 control   {house.url}/demo\n  接口   API       {house.url}/api/docs",
    )


def _say(line: str) -> None:
    # A reader that went away (`huaxin demo | head`) does not stop the day.
    with contextlib.suppress(BrokenPipeError, ValueError):
        print(line, flush=True)


async def _go_on(house: House, clock: Clock) -> None:
    """Time does not run backwards over a day that was kept: it goes on a minute after the last event."""
    head = await house.journal.head(SHOP_ID)
    records = await house.journal.since(SHOP_ID, head.seq - 1, 1) if head.seq else []
    if records:
        clock.step(max(0, records[-1].at + _MINUTE - clock()))


def put_away(config: Config) -> None:
    """Begins with an empty database; the last demo's is kept beside it as *.previous.

    Touches nothing but the demo's own SQLite file inside the data folder: a database that somebody named
    themselves is left as it is.
    """
    path = demo_file(config)
    if path is None:
        return
    for ending in ("-wal", "-shm", ""):
        old = path.with_name(path.name + ending)
        kept = path.with_name(path.name + PREVIOUS + ending)
        if old.exists():
            old.replace(kept)
        else:
            kept.unlink(missing_ok=True)


def demo_file(config: Config) -> Path | None:
    """The demo's own database file; None when it is another one."""
    scheme, _, rest = config.database.partition(":///")
    if scheme != "sqlite":
        return None
    path = Path(unquote(rest))
    return path if path.parent == config.data and path.name == "demo.db" else None
