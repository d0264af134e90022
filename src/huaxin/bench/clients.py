"""The load: members as lean as can be, so that the server is what is measured. They check what they get.

A member speaks the Centrifuge protocol without a library: frames are written ready-made, and of what comes
back only the offset and the seq are read.
"""

import asyncio
import json
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any

import picows

from huaxin.bench.house import Seat

_TEXT = picows.WSMsgType.TEXT
_ID0 = 10  # ids below are for connect and subscribe
_SPEECH = "您好,花已经在路上了,十分钟后到小区门口。" + "x" * 20  # with its frame about 200 bytes


class Fault(Exception):
    """The server did what it must not: a delivery too many, too few or out of order, or a refusal."""


class Talk:
    """One order: what was acknowledged on it, to hold against what its members received."""

    __slots__ = ("acked", "seqs")

    def __init__(self) -> None:
        self.acked = 0
        self.seqs = 0  # sum of the acknowledged seqs


class Tally:
    """What all members together have seen; read and reset by the measurement."""

    __slots__ = ("acks", "deliveries", "lags")

    def __init__(self) -> None:
        self.deliveries = self.acks = 0
        self.lags: list[float] | None = None  # seconds from due to ack, when asked for


def frame_of(message: bytes) -> bytes:
    """A masked text frame, with a mask of zeros, which leaves the payload as it is."""
    size = len(message)
    head = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
    return head + bytes(4) + message


class Member(picows.WSListener):  # type: ignore[misc, unused-ignore]  # picows ships no types everywhere
    """One session on one order."""

    def __init__(self, seat: Seat, talk: Talk, tally: Tally) -> None:
        self.seat, self.talk, self.tally = seat, talk, tally
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.epoch, self.offset = "", 0
        self.ws: Any = None
        self.is_gone = False
        self.window = 0  # messages kept on the way; 0: speaks only when told to
        self.count = self.sum = 0  # of the offsets received live
        self.waiting: dict[int, float] = {}  # rpc id → when it was due
        self.next_id = _ID0
        self.fault = ""
        self.prefix = f"{secrets.token_hex(4)}-"  # of its command ids
        fields = f'"order":"{seat.order}","text":"{_SPEECH}","command_id":"{self.prefix}'
        self._before = ('{"rpc":{"method":"say","data":{' + fields).encode()

    def on_ws_connected(self, transport: Any) -> None:
        self.ws = transport
        subscribe = {"channel": f"order:{self.seat.order}"}
        hello = {"id": 1, "connect": {"token": self.seat.token}}
        transport.send(_TEXT, json.dumps(hello) + "\n" + json.dumps({"id": 2, "subscribe": subscribe}))

    def on_ws_disconnected(self, transport: Any) -> None:
        self.is_gone = True
        if not self.ready.done():
            self.ready.set_exception(Fault("the server closed the connection"))

    def on_ws_frame(self, transport: Any, frame: Any) -> None:
        if frame.msg_type != _TEXT:
            return
        for line in frame.get_payload_as_bytes().split(b"\n"):
            if line.startswith(b'{"push"'):
                self._take_push(line)
            elif line.startswith(b'{"id":'):
                self._take_reply(line)
            elif line == b"{}":
                transport.send(_TEXT, b"{}")

    def say(self, due: float) -> None:
        """One message, in a write of its own as independent people's are. `due`: when it should have left."""
        number = self.next_id
        self.next_id = number + 1
        self.waiting[number] = due
        message = b'%b%d"}},"id":%d}' % (self._before, number, number)
        self.ws.underlying_transport.write(frame_of(message))

    def check(self) -> None:
        """Raises Fault unless every acknowledged message of the order came once and in order."""
        if self.fault:
            raise Fault(f"{self.seat.role} of {self.seat.order}: {self.fault}")
        if (self.count, self.sum) != (self.talk.acked, self.talk.seqs):
            raise Fault(
                f"{self.seat.role} of {self.seat.order} received {self.count} messages (seqs {self.sum}), "
                f"{self.talk.acked} (seqs {self.talk.seqs}) were acknowledged"
            )

    def _take_push(self, line: bytes) -> None:
        at = line.rfind(b'"offset":')
        if at < 0:
            return  # a signal
        offset = int(line[at + 9 : -3])
        if offset <= self.offset:
            self.fault = self.fault or f"{offset} came after {self.offset}"
        self.offset = offset
        self.sum += offset
        self.count += 1
        self.tally.deliveries += 1

    def _take_reply(self, line: bytes) -> None:
        number = int(line[6 : line.index(b",", 6)])
        if number < _ID0:
            self._take_greeting(line)
            return
        due = self.waiting.pop(number, 0.0)
        at = line.find(b'"seq":')
        if at < 0:
            self.fault = self.fault or line.decode(errors="replace")
            return
        talk, tally = self.talk, self.tally
        talk.acked += 1
        talk.seqs += int(line[at + 6 : line.index(b",", at)])
        tally.acks += 1
        if tally.lags is not None:
            tally.lags.append(time.perf_counter() - due)
        if len(self.waiting) < self.window:
            self.say(0.0)

    def _take_greeting(self, line: bytes) -> None:
        reply = json.loads(line)
        if "error" in reply:
            if not self.ready.done():
                self.ready.set_exception(Fault(f"refused: {reply['error']}"))
        elif "subscribe" in reply:
            result = reply["subscribe"]
            self.epoch = result.get("epoch", "")
            self.offset = result.get("offset", 0)
            self.ready.set_result(None)


class Relayed(picows.WSListener):  # type: ignore[misc, unused-ignore]  # picows ships no types everywhere
    """One in a room of three of a bare relay, under the same load."""

    def __init__(self, room: int, tally: Tally) -> None:
        self.room, self.tally, self.window, self.seen = room, tally, 0, 0
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        message = json.dumps(
            {"order": f"bench-{room}", "text": _SPEECH, "id": "0123456789"}, ensure_ascii=False
        )
        self._frame = frame_of(message.encode())

    def on_ws_connected(self, transport: Any) -> None:
        self.ws = transport
        self.ready.set_result(None)

    def on_ws_frame(self, transport: Any, frame: Any) -> None:
        if frame.msg_type == _TEXT:
            count = frame.get_payload_as_bytes().count(b'"order"')
            self.tally.deliveries += count
            mine, self.seen = divmod(self.seen + count, 3)  # one of three is on average my own
            if self.window:
                self.speak(mine)

    def speak(self, count: int) -> None:
        for _ in range(count):
            self.ws.underlying_transport.write(self._frame)


async def connect(
    clients: Sequence[Any],
    port: int,
    path: Callable[[Any], str],
    together: int = 200,
) -> None:
    """Opens all connections, so many at a time, from as many source addresses as their ports need."""

    async def one(client: Any, number: int) -> None:
        host = f"127.0.0.{1 + number // 20_000}"
        await picows.ws_connect(
            lambda: client,
            f"ws://127.0.0.1:{port}/{path(client)}",
            read_buffer_init_size=2048,
            local_addr=(host, 0),
        )
        await client.ready

    for start in range(0, len(clients), together):
        part = clients[start : start + together]
        await asyncio.gather(*(one(client, start + nth) for nth, client in enumerate(part)))


def seat_members(seats: Sequence[Seat], tally: Tally) -> list[Member]:
    talks: dict[str, Talk] = {}
    return [Member(seat, talks.setdefault(seat.order, Talk()), tally) for seat in seats]


def hang_up(clients: Sequence[Any]) -> None:
    for client in clients:
        client.ws.disconnect(False)


async def leave_for_good(members: Sequence[Member]) -> None:
    """Hangs up and waits until every socket is closed: those who come back need as many again."""
    hang_up(members)
    while not all(member.is_gone for member in members):  # noqa: ASYNC110 (ten thousand events for one wait)
        await asyncio.sleep(0.01)
