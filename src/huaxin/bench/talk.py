"""How soon the other side has it: texts among a thousand sessions, pictures, voice messages, a long history.

From when the sender began to send until the receiver could show or play it: the whole way over tus, the
workshop, the journal, the receiver's session and the signed address.
"""

import asyncio
import io
import math
import os
import secrets
import shutil
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from huaxin.bench.clients import Fault, Member, Talk, Tally, connect, hang_up
from huaxin.bench.house import Seat
from huaxin.bench.process import HouseAt, ServerProcess, allow_sockets, running
from huaxin.bench.report import Report
from huaxin.bench.screens import measure_screens
from huaxin.gateway.cli import get_loop_factory
from huaxin.maps.library import CityLibrary

_SESSIONS, _ROOMS, _PER_SECOND, _SECONDS = 1_000, 100, 100, 10
_TIMES = 7  # pictures and voice messages of each kind
_TICK_S, _LOOK_S, _PATIENCE_S = 0.001, 0.5, 20.0
_PATH = "connection/websocket"


type Measuring = Callable[[Report], Coroutine[Any, Any, None]]


class Timed(Member):
    """Knows when the others' messages were due."""

    def __init__(
        self, seat: Seat, talk: Talk, tally: Tally, due: dict[bytes, float], lags: list[float]
    ) -> None:
        super().__init__(seat, talk, tally)
        self._due, self._lags = due, lags
        self._mine = self.prefix.encode()
        self.heard: dict[bytes, asyncio.Future[None]] = {}  # by what a push is waited for to contain

    def say(self, due: float) -> None:
        self._due[b"%b%d" % (self._mine, self.next_id)] = due
        super().say(due)

    def _take_push(self, line: bytes) -> None:
        at = line.find(b'"command_id":"')
        if at >= 0:
            number = line[at + 14 : line.index(b'"', at + 14)]
            if not number.startswith(self._mine) and number in self._due:
                self._lags.append(time.perf_counter() - self._due[number])
        for what in [what for what in self.heard if what in line]:
            self.heard.pop(what).set_result(None)
        super()._take_push(line)


@dataclass(frozen=True)
class Spread:
    """Seconds."""

    count: int
    p50: float
    p99: float
    worst: float


def spread_of(values: Sequence[float]) -> Spread:
    ordered = sorted(values)
    p50, p99 = (ordered[min(len(ordered) - 1, len(ordered) * part // 100)] for part in (50, 99))
    return Spread(len(ordered), p50, p99, ordered[-1])


def run_talk() -> int:
    """`huaxin bench talk`."""

    def prepare(server: ServerProcess) -> Measuring:
        seats = server.prepare(_ROOMS, _SESSIONS)
        return lambda report: _measure(server, seats, report)

    return measure_in_house(prepare)


def measure_in_house(prepare: Callable[[ServerProcess], Measuring]) -> int:
    """A house on a core of its own, filled by `prepare`, then measured; the exit code."""
    report, folder = Report(), Path(tempfile.mkdtemp(prefix="huaxin-bench"))
    cores = sorted(os.sched_getaffinity(0))
    allow_sockets()
    try:
        CityLibrary(folder / "cities").ensure_demo()
        house = HouseAt(folder, f"sqlite:///{folder / 'bench.db'}", secrets.token_hex(32))
        with (
            running(house, cores[0] if len(cores) > 1 else None) as server,
            asyncio.Runner(loop_factory=get_loop_factory()) as runner,
        ):
            runner.run(prepare(server)(report))
    except Fault as fault:
        print(f"WRONG: {fault}")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.show_end()
    return 0


async def _measure(server: ServerProcess, seats: Sequence[Seat], report: Report) -> None:
    due: dict[bytes, float] = {}
    lags: list[float] = []
    talks: dict[str, Talk] = {}
    tally = Tally()
    members = [Timed(seat, talks.setdefault(seat.order, Talk()), tally, due, lags) for seat in seats]
    await connect(members, server.port, lambda _: _PATH)
    texts = await _texts(members, lags)
    print(f"{len(members):,} live sessions, {_PER_SECOND} texts/s: from due to each of the others' screens")
    show_spread(report, "text", texts, "p99", 0.05)
    pair = await _pair(members)
    for words, body, purpose, variant, bound in (
        ("picture of 3 MB until its thumbnail is there", _picture(), "picture", "thumb", 1.5),
        ("voice of 10 s until it can be played", _voice(), "voice", "play", 1.0),
    ):
        took = [await _send(server, *pair, body, purpose, variant) for _ in range(_TIMES)]
        show_spread(report, f"{words} ({len(body) / 1e6:.1f} MB)", spread_of(took), "worst", bound)
    for member in members:
        member.check()
    hang_up(members)
    # Another order than the one the media went over, so that its history is what was said alone.
    order = seats[-1].order
    await measure_screens(server.port, [seat for seat in seats if seat.order == order][:3], report)


def show_spread(report: Report, what: str, spread: Spread, which: str, bound: float) -> None:
    print(
        f"{what}: {spread.count:,} measured, p50 {spread.p50 * 1e3:,.1f} ms, p99 {spread.p99 * 1e3:,.1f} ms, "
        f"worst {spread.worst * 1e3:,.1f} ms"
    )
    report.show_target(f"{what}, {which} in ms", getattr(spread, which) * 1e3, bound * 1e3, most=True)


async def _texts(members: Sequence[Timed], lags: list[float]) -> Spread:
    began, sent, count = time.perf_counter(), 0, len(members)
    while (passed := time.perf_counter() - began) < _SECONDS:
        for number in range(sent, int(passed * _PER_SECOND)):
            # Strides over the orders, so that neighbours do not speak on one order in a row.
            members[number * 7 % count].say(began + number / _PER_SECOND)
            sent += 1
        await asyncio.sleep(_TICK_S)
    for _ in range(int(_PATIENCE_S / _LOOK_S)):
        await asyncio.sleep(_LOOK_S)
        if not any(member.waiting for member in members):
            break
    return spread_of(lags)


async def _pair(members: Sequence[Timed]) -> tuple[Timed, Timed]:
    """A buyer and the courier of the same order."""
    buyer = next(member for member in members if member.seat.role == "buyer")
    courier = next(m for m in members if m.seat.order == buyer.seat.order and m.seat.role == "courier")
    return buyer, courier


async def _send(
    server: ServerProcess, sender: Timed, receiver: Timed, body: bytes, purpose: str, variant: str
) -> float:
    import httpx  # of the tests' environment, as this measurement is

    url, order = f"http://127.0.0.1:{server.port}", sender.seat.order

    def as_one(member: Member) -> dict[str, str]:
        return {"authorization": f"Bearer {member.seat.token}"}

    async with (
        httpx.AsyncClient(base_url=url, headers=as_one(sender), timeout=_PATIENCE_S) as one,
        httpx.AsyncClient(base_url=url, headers=as_one(receiver), timeout=_PATIENCE_S) as other,
    ):
        began = time.perf_counter()
        said = {"order": order, "purpose": purpose, "filename": "x", "filetype": "application/octet-stream"}
        head = ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in said.items())
        made = await one.post(
            "/api/uploads",
            content=body,
            headers={
                "tus-resumable": "1.0.0",
                "upload-length": str(len(body)),
                "upload-metadata": head,
                "content-type": "application/offset+octet-stream",
            },
        )
        _expect(made, 201)
        media = made.headers["location"].rpartition("/")[2]
        there = receiver.heard[media.encode()] = asyncio.get_running_loop().create_future()
        wish: dict[str, Any] = {"order": order, "media": [media]}
        key = secrets.token_hex(8)
        until = began + _PATIENCE_S
        while True:
            answer = await one.post("/api/commands/send_media", json=wish, headers={"idempotency-key": key})
            if answer.status_code != 503 or time.perf_counter() > until:
                break
            await asyncio.sleep(0.02)
        _expect(answer, 200, 201)
        sender.talk.acked += 1
        sender.talk.seqs += answer.json()["seq"]
        await asyncio.wait_for(there, _PATIENCE_S)
        found = await other.post("/api/queries/get_media_links", json={"order": order, "media": [media]})
        _expect(found, 200, 201)
        shown = await other.get(found.json()[0][variant])
        _expect(shown, 200)
        return time.perf_counter() - began


def _expect(answer: Any, *codes: int) -> None:
    if answer.status_code not in codes:
        raise Fault(
            f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:200]}"
        )


def _picture() -> bytes:
    """A JPEG of about 3 MB, as a phone makes it."""
    grain = np.random.default_rng(7).integers(0, 110, (3000, 4000, 3), dtype=np.uint8)
    grain += np.linspace(0, 140, 4000, dtype=np.uint8)[None, :, None]
    for quality in (80, 60, 45, 30, 20, 10):
        out = io.BytesIO()
        Image.fromarray(grain).save(out, "JPEG", quality=quality)
        if out.tell() <= 3_300_000:
            break
    return out.getvalue()


def _voice() -> bytes:
    """Ten seconds of WebM/Opus, as Chromium records it."""
    out, rate = io.BytesIO(), 48_000
    with av.open(out, "w", format="webm") as container:
        stream: Any = container.add_stream("libopus", rate=rate)
        stream.layout = "mono"
        for start in range(0, 10 * rate, 960):
            times = np.arange(start, start + 960) / rate
            tone = (np.sin(2 * math.pi * 220 * times) * 9_000).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(tone[None, :], format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()
