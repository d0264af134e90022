"""Positions: from a courier's phone to a buyer's screen, five hundred couriers at once, messages among them.

Every courier reports once a second by their own session while riding along a real way; the buyer of their
next stop listens. Beside it people write on other orders, and their messages must not notice.
"""

import asyncio
import json
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import picows

from huaxin.bench.clients import Fault, Talk, Tally, connect, frame_of, hang_up
from huaxin.bench.house import Rider, Seat
from huaxin.bench.process import ServerProcess
from huaxin.bench.report import Report
from huaxin.bench.talk import Measuring, Spread, Timed, measure_in_house, show_spread, spread_of

_COURIERS, _ORDERS_EACH, _SECONDS, _WARM_S, _ALONE_S = 500, 2, 20, 4, 6
_ROOMS, _SPEAKERS, _TEXTS_S = 100, 300, 100
_SPEED_MPS, _METRES_A_DEGREE = 5.0, 111_195.0
_TICK_S, _SETTLE_S = 0.001, 2.0
_PATH = "connection/websocket"
_TEXT = picows.WSMsgType.TEXT


class _Session(picows.WSListener):  # type: ignore[misc, unused-ignore]  # picows ships no types everywhere
    """A connection that has said who it is."""

    def __init__(self, token: str, channel: str = "") -> None:
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.ws: Any = None
        self._token, self._channel = token, channel

    def on_ws_connected(self, transport: Any) -> None:
        self.ws = transport
        hello = json.dumps({"id": 1, "connect": {"token": self._token}})
        if self._channel:
            hello += "\n" + json.dumps({"id": 2, "subscribe": {"channel": self._channel}})
        transport.send(_TEXT, hello)

    def on_ws_disconnected(self, transport: Any) -> None:
        if not self.ready.done():
            self.ready.set_exception(Fault("the server closed the connection"))

    def on_ws_frame(self, transport: Any, frame: Any) -> None:
        if frame.msg_type != _TEXT:
            return
        for line in frame.get_payload_as_bytes().split(b"\n"):
            if line == b"{}":
                transport.send(_TEXT, b"{}")
            elif line.startswith(b'{"id":2,' if self._channel else b'{"id":1,') and not self.ready.done():
                if b'"error"' in line:
                    self.ready.set_exception(Fault(f"refused: {line.decode(errors='replace')}"))
                else:
                    self.ready.set_result(None)
            else:
                self.take(line)

    def take(self, line: bytes) -> None:
        """Anything after the greeting."""


class _Buyer(_Session):
    """Sees the bike of their order."""

    def __init__(self, seat: Seat, lags: list[float]) -> None:
        super().__init__(seat.token, f"track:{seat.order}")
        self.due, self.lags = 0.0, lags

    def expect(self, due: float) -> None:
        if self.due:  # the one before has not come: as late as it is now, and not counted again
            self.lags.append(due - self.due)
        self.due = due

    def take(self, line: bytes) -> None:
        if self.due and b'"position"' in line:
            self.lags.append(time.perf_counter() - self.due)
            self.due = 0.0


class _Bike(_Session):
    """Rides to and fro along its way and says where it is."""

    def __init__(self, rider: Rider, buyer: _Buyer) -> None:
        super().__init__(rider.token)
        self.rider, self.buyer, self.taken, self.refused = rider, buyer, 0, list[bytes]()
        self._number = 10

    def report(self, due: float, second: int) -> None:
        lat, lon = _place(self.rider.way, second * _SPEED_MPS)
        now = int(time.time() * 1000)
        fix = {"at": now, "lat": lat, "lon": lon, "accuracy_m": 8, "speed_kmh": 18, "battery": 80}
        data = {"shop": self.rider.shop, "positions": [fix]}
        self._number += 1
        wish = {"rpc": {"method": "report_positions", "data": data}, "id": self._number}
        self.buyer.expect(due)
        self.ws.underlying_transport.write(frame_of(json.dumps(wish).encode()))

    def take(self, line: bytes) -> None:
        if b'"accepted":1' in line:
            self.taken += 1
        elif line.startswith(b'{"id":'):
            self.refused.append(line)


def _place(way: Sequence[tuple[float, float]], metres: float) -> tuple[float, float]:
    """So far along the way; further than its end it leads back."""
    legs = [
        _METRES_A_DEGREE * ((a[0] - b[0]) ** 2 + (0.86 * (a[1] - b[1])) ** 2) ** 0.5 for a, b in pairwise(way)
    ]
    whole = sum(legs)
    metres %= 2 * whole
    left = min(metres, 2 * whole - metres)
    for (a, b), leg in zip(pairwise(way), legs, strict=True):
        if left <= leg and leg:
            part = left / leg
            return a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])
        left -= leg
    return way[-1]


def run_riding() -> int:
    """`huaxin bench riding`."""

    def prepare(server: ServerProcess) -> Measuring:
        seats = server.prepare(_ROOMS, _SPEAKERS)
        riders = server.riders(_COURIERS, _ORDERS_EACH)
        return lambda report: _measure(server, seats, riders, report)

    return measure_in_house(prepare)


async def _measure(
    server: ServerProcess, seats: Sequence[Seat], riders: Sequence[Rider], report: Report
) -> None:
    seen, texts, due = list[float](), list[float](), dict[bytes, float]()
    talks: dict[str, Talk] = {}
    tally = Tally()
    members = [Timed(seat, talks.setdefault(seat.order, Talk()), tally, due, texts) for seat in seats]
    buyers = [_Buyer(rider.waiting[0], seen) for rider in riders]
    bikes = [_Bike(rider, buyer) for rider, buyer in zip(riders, buyers, strict=True)]
    await connect(members, server.port, lambda _: _PATH)
    await _ride([], members, 0, _ALONE_S)  # the yardstick: the same texts with nobody riding
    alone = spread_of(texts)
    for some in (buyers, bikes):
        await connect(some, server.port, lambda _: _PATH)
    await _ride(bikes, members, 0, _WARM_S)
    seen.clear()
    texts.clear()
    used, began = server.usage().cpu_s, time.perf_counter()
    await _ride(bikes, members, _WARM_S, _SECONDS)
    core = (server.usage().cpu_s - used) / (time.perf_counter() - began)
    await asyncio.sleep(_SETTLE_S)
    _show(bikes, seen, texts, core, report)
    _show_ratios(alone, spread_of(texts), spread_of(seen))
    for member in members:
        member.check()
    hang_up([*members, *buyers, *bikes])


async def _ride(bikes: Sequence[_Bike], members: Sequence[Timed], start_s: int, seconds: int) -> None:
    """Everybody once a second, spread evenly over it."""
    began, told, said, count = time.perf_counter(), 0, 0, len(bikes)
    while (passed := time.perf_counter() - began) < seconds:
        # A generator that was held up does not make a phone report twice in a moment.
        for number in range(max(told, int(passed * count) - count // 2), int(passed * count)):
            bikes[number % count].report(began + number / count, start_s + number // count)
        told = int(passed * count)
        for number in range(said, int(passed * _TEXTS_S)):
            members[number * 7 % len(members)].say(began + number / _TEXTS_S)
            said += 1
        await asyncio.sleep(_TICK_S)


def _show(bikes: Sequence[_Bike], seen: list[float], texts: list[float], core: float, report: Report) -> None:
    refused = [line for bike in bikes for line in bike.refused]
    if refused:
        raise Fault(f"{len(refused)} positions were not taken: {refused[0].decode(errors='replace')}")
    print(
        f"{len(bikes)} couriers of {_ORDERS_EACH} orders, a position a second each, {_TEXTS_S} texts/s: "
        f"{core:.2f} of a core"
    )
    show_spread(report, "position, from the phone to the buyer", spread_of(seen), "p99", 0.15)
    show_spread(report, "text meanwhile", spread_of(texts), "p99", 0.05)
    report.show_target("cores for 500 couriers at 1 Hz", core, 1.0, most=True)


def _show_ratios(alone: Spread, meanwhile: Spread, seen: Spread) -> None:
    """What the riding costs the texts, and a position beside a text, in the same run."""
    print(
        f"  text alone: p50 {1000 * alone.p50:.1f} ms, p99 {1000 * alone.p99:.1f} ms; meanwhile "
        f"{meanwhile.p50 / alone.p50:.2f} and {meanwhile.p99 / alone.p99:.2f} of it; "
        f"a position takes {seen.p50 / alone.p50:.2f} of a text"
    )
