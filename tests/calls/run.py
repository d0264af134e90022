"""Calls between real Chromium pages through a real coturn, relay only. `make calls`

    python -m tests.calls.run [--only NAME …]

Prints the figures of each; exit code 1 when something a call promises did not come about.
"""

import argparse
import asyncio
import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from huaxin.maps.library import CityLibrary
from tests.calls.stage import Device, Failed, Stage, open_stage, show, until
from tests.contract.live.clients import Line
from tests.house import place

SECONDS = 3.0  # of talk that is counted
SLOW_KBPS = 100


async def count(stage: Stage, devices: list[Device], title: str, seconds: float, **more: Any) -> None:
    """Media of every device from every other, over some seconds of talk."""
    before = {device.id: await device.stats() for device in devices}
    await asyncio.sleep(SECONDS)
    audio, video, frames, ways = [], [], [], set()
    for device in devices:
        for was, one in zip(before[device.id], await device.stats(), strict=True):
            audio.append((one["audio"] - was["audio"]) * 8 / 1000 / SECONDS)
            video.append((one["video"] - was["video"]) * 8 / 1000 / SECONDS)
            frames.append((one["frames"] - was["frames"]) / SECONDS)
            ways |= set(one["relays"])
    if ways != {stage.way}:
        raise Failed(f"{title}: not through the relay by {stage.way} alone, but {sorted(ways)}")
    if min(audio) <= 0:
        raise Failed(f"{title}: somebody heard nothing")
    pictures: dict[str, Any] = {}
    if max(video):
        if min(frames) <= 0:
            raise Failed(f"{title}: somebody saw nothing")
        pictures = {"video_kbps_min": min(video), "frames_per_s_min": min(frames)}
    show(title, connected_s=seconds, ways=len(audio), audio_kbps_min=min(audio), **pictures, **more)


async def one_to_one(stage: Stage) -> None:
    for way in ("udp", "tcp"):
        stage.way = way
        for video in (False, True):
            kind = "video" if video else "voice"
            devices, seconds = await stage.connect(["li", "zhang"], video=video)
            await count(stage, devices, f"1:1 {kind}, relay over {way.upper()}", seconds)
            body = await stage.hang_up()
            if body["why"] != "hung_up" or not body["duration_ms"]:
                raise Failed(f"the end of the call says {body}")
    stage.way = "udp"


async def four_party(stage: Stage) -> None:
    devices, seconds = await stage.connect(["zhang", "li", "owner", "mother"], video=True)
    await count(stage, devices, "four of them, video, relay over UDP", seconds)
    await stage.hang_up()


@asynccontextmanager
async def slow_relay(stage: Stage, kbps: int) -> AsyncIterator[None]:
    """The relay lets so much through, each way and of each device."""
    coturn = stage.house.calls.coturn
    if coturn is None:
        raise Failed("no relay")
    plan = coturn._plan
    coturn._plan = msgspec.structs.replace(plan, bits_per_second=kbps * 1000)
    coturn._write()
    await restart(stage)
    try:
        yield
    finally:
        coturn._plan = plan
        coturn._write()
        await restart(stage)


async def weak(stage: Stage) -> None:
    """The relay lets through 100 kbit/s: audio goes on when video is switched off, as the screens do it."""
    async with slow_relay(stage, SLOW_KBPS):
        devices, seconds = await stage.connect(["li", "zhang"], video=True)
        squeezed, _ = await heard(devices[0], "video")
        for device in devices:
            await device.ask("setVideo", False)

        async def stands() -> bool:
            was = [(await device.stats())[0]["frames"] for device in devices]
            await asyncio.sleep(1.5)
            return was == [(await device.stats())[0]["frames"] for device in devices]

        await until("the pictures stand still", stands)
        video, audio = await heard(devices[0], "video", "audio")
        if audio <= 5:
            raise Failed(f"at {SLOW_KBPS} kbit/s nothing was heard")
        show(
            f"{SLOW_KBPS} kbit/s relay: video, then off", connected_s=seconds, video_kbps=squeezed,
            then_audio_kbps=audio, then_video_kbps=video,
        )  # fmt: skip
        await stage.hang_up()


async def heard(device: Device, *kinds: str) -> tuple[float, float]:
    """kbit/s of one or two kinds of media that come to a device with one other."""
    (before,) = await device.stats()
    await asyncio.sleep(SECONDS)
    (after,) = await device.stats()
    found = [(after[kind] - before[kind]) * 8 / 1000 / SECONDS for kind in kinds]
    return found[0], found[-1]


async def restart(stage: Stage) -> None:
    """Kills coturn as an accident would; the server starts it again."""
    coturn = stage.house.calls.coturn
    if coturn is None:
        raise Failed("no relay")
    starts = coturn.starts
    os.kill(coturn.pid, signal.SIGKILL)

    async def back() -> bool:
        if coturn.starts <= starts:
            return False
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", coturn.port)
        except OSError:
            return False
        writer.close()
        return True

    await until("the relay is back", back)


async def killed(stage: Stage) -> None:
    """As the screens do: `disconnected` → new credentials, ICE restart."""
    devices, _ = await stage.connect(["li", "zhang"], video=False)
    began = time.monotonic()
    await restart(stage)
    up = time.monotonic() - began

    async def noticed() -> bool:
        return any(one["state"] in ("disconnected", "failed") for one in await devices[0].stats())

    await until("the loss is noticed", noticed)
    lost = time.monotonic() - began
    for device in devices:
        await device.ask("renew", await stage.servers(device))
    before = await devices[0].stats()
    await devices[0].ask("offer", devices[1].id, True)

    async def again() -> bool:
        now = await devices[0].stats()
        return bool(now[0]["state"] == "connected" and now[0]["audio"] > before[0]["audio"])

    await until("media are back", again)
    back = time.monotonic() - began
    show("relay killed (SIGKILL)", relay_up_s=up, noticed_s=lost, media_back_s=back)
    await stage.hang_up()


async def wrong_secret(stage: Stage) -> None:
    """The browser tells nothing in connectionState: the error of the candidate is what there is."""
    stage.wrong_secret = True
    await stage.quiet()
    try:
        device = await stage.ring("li", ["zhang"], video=False)
        other = await stage.device("zhang")
        await stage.open(other, video=False)
        await other.member.done("answer_call", **stage.fields, device=other.id)
        began = time.monotonic()
        await device.ask("offer", other.id)

        async def told() -> Any:
            errors = await device.ask("errors")
            return next((one for one in errors if one["code"] == 401), None)

        await until("the refusal", told)
        show("wrong secret", error=401, after_s=time.monotonic() - began)
        await stage.hang_up()
    finally:
        stage.wrong_secret = False


async def rings(stage: Stage) -> None:
    """Ring → told on the other device; and messages while many phones ring. All over the pages' own line."""
    await stage.quiet()
    stage.house.dispatcher.pace = None
    lines = {name: await Line(stage.people[name]).open() for name in ("li", "owner", "zhang")}
    orders = [await placed(stage) for _ in range(50)]
    ears = {order: await lines["li"].listen(f"order:{order}") for order in orders}
    took = []
    for n in range(100):
        order = orders[n % len(orders)]
        fields = {"order": order, "call": f"call-ring-{n:04d}"}
        seen = len(ears[order].events)
        began = time.monotonic()
        sent = asyncio.create_task(give(lines["owner"], "ring", **fields, to=["buyer"], device=f"d{n}"))
        while len(ears[order].events) <= seen:  # noqa: ASYNC110 (measured: nothing may lie in between)
            await asyncio.sleep(0.001)
        took.append((time.monotonic() - began) * 1000)
        await sent
        await give(lines["owner"], "leave_call", **fields)
    took.sort()
    show("ring → told on the other device, ms", p50=took[50], p99=took[98], most=took[-1])
    still = await latencies(lines["zhang"], orders[0])
    ways = (("owner", ["buyer"]), ("zhang", ["shop"]))
    ringing = [
        give(lines[who], "ring", order=order, call=f"call-{n}-{order[-8:]}", to=to, device=f"p{n}")
        for order in orders
        for n, (who, to) in enumerate(ways)
    ]
    during, *_ = await asyncio.gather(latencies(lines["zhang"], orders[0]), *ringing)
    show(f"message stored, ms: quiet, and with {len(ringing)} rings", p99=still, p99_ringing=during)
    for line in lines.values():
        await line.close()
    if took[98] > 200:
        raise Failed(f"a ring took {took[98]:.0f} ms")


async def give(line: Line, command: str, **fields: Any) -> Any:
    return await line.call(command, command_id=secrets.token_hex(8), **fields)


async def latencies(line: Line, order: str) -> float:
    """p99 of 100 messages, ms until stored."""
    took = []
    for n in range(100):
        began = time.monotonic()
        await give(line, "say", order=order, text=f"{n}")
        took.append((time.monotonic() - began) * 1000)
    return sorted(took)[98]


async def placed(stage: Stage) -> str:
    order = await place(stage.people["li"])
    await stage.people["owner"].done("confirm_order", order=order)
    await stage.people["owner"].done("assign_courier", order=order, courier=stage.people["zhang"].person)
    await stage.people["zhang"].done("pick_up", order=order)
    return order


async def robot(stage: Stage) -> None:
    """aiortc, another implementation, in a call with a browser."""
    from tests.calls.robot import robot_call

    await robot_call(stage)


ACTS: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "one": one_to_one,
    "four": four_party,
    "killed": killed,
    "secret": wrong_secret,
    "robot": robot,
    "weak": weak,
    "rings": rings,
}


async def play(names: list[str]) -> int:
    folder = Path(tempfile.mkdtemp(prefix="huaxin-calls-"))
    failed = []
    try:
        CityLibrary(folder / "cities").ensure_demo()
        async with open_stage(folder) as stage:
            for name in names:
                try:
                    await ACTS[name](stage)
                except Failed as failure:
                    failed.append(name)
                    print(f"{name}: {failure}", file=sys.stderr, flush=True)
                    if stage.call:
                        await stage.hang_up()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"calls: {len(names) - len(failed)} of {len(names)} came about", flush=True)
    return 1 if failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(ACTS), default=list(ACTS))
    return asyncio.run(play(parser.parse_args().only))


if __name__ == "__main__":
    sys.exit(main())
