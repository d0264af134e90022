"""Members who all come back at once: bare sockets, so that the server is what is measured.

Ten thousand clients of an asyncio library take longer to make than a server takes to answer them. Here a
member is a socket, a few ready bytes and a buffer; what it must get back is checked all the same.
"""

import errno
import json
import select
import socket
import time
from collections.abc import Sequence
from typing import Any

from huaxin.bench.clients import Fault, Member, frame_of

_AT_ONCE = 1_000  # connections being made at any moment
_GIVE_UP_S = 120.0
_PORTS_OF_AN_ADDRESS = 20_000
_READ = 65_536


class _Returning:
    """One member on the way: connects, upgrades, connects to the gateway and subscribes with its cursor."""

    __slots__ = ("buffer", "hello", "member", "sock", "upgraded")

    def __init__(self, member: Member, host: str, port: int) -> None:
        self.member, self.buffer, self.upgraded = member, b"", False
        subscribe = {
            "channel": f"order:{member.seat.order}",
            "recover": True,
            "epoch": member.epoch,
            "offset": member.offset,
        }
        hello = {"id": 1, "connect": {"token": member.seat.token}}
        self.hello = frame_of(
            (json.dumps(hello) + "\n" + json.dumps({"id": 2, "subscribe": subscribe})).encode()
        )
        self.sock = socket.socket()
        self.sock.setblocking(False)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.bind((host, 0))
        if self.sock.connect_ex(("127.0.0.1", port)) not in (0, errno.EINPROGRESS):
            raise Fault("the server does not accept connections")

    def on_ready(self, events: int, upgrade: bytes) -> bool:
        """Whether the member has come back. Raises Fault."""
        if not self.upgraded and events & select.EPOLLOUT:
            self.sock.send(upgrade)
            return False
        try:
            found = self.sock.recv(_READ)
        except BlockingIOError:
            return False
        if not found:
            raise Fault("the server closed the connection")
        self.buffer += found
        if not self.upgraded:
            head, end, rest = self.buffer.partition(b"\r\n\r\n")
            if not end:
                return False
            if not head.startswith(b"HTTP/1.1 101"):
                raise Fault(f"no upgrade: {head[:80]!r}")
            self.upgraded, self.buffer = True, rest
            self.sock.send(self.hello)
        return self._read_frames()

    def _read_frames(self) -> bool:
        buffer = self.buffer
        while len(buffer) >= 2:
            size, start = buffer[1], 2
            if size == 126:
                size, start = int.from_bytes(buffer[2:4], "big"), 4
            elif size == 127:
                size, start = int.from_bytes(buffer[2:10], "big"), 10
            if len(buffer) < start + size:
                break
            payload, buffer = buffer[start : start + size], buffer[start + size :]
            for line in payload.split(b"\n"):
                if line.startswith(b'{"id":2,'):
                    self._check(json.loads(line))
                    return True
                if line.startswith(b'{"id":1,"error"'):
                    raise Fault(f"refused: {line.decode(errors='replace')}")
        self.buffer = buffer
        return False

    def _check(self, reply: dict[str, Any]) -> None:
        result = reply.get("subscribe", {})
        found = len(result.get("publications", []))
        if not result.get("recovered") or found != 1:
            seat = self.member.seat
            raise Fault(
                f"{seat.role} of {seat.order} recovered {found} of 1 message: {reply.get('error', '')}"
            )


def come_back(members: Sequence[Member], port: int, path: str) -> float:
    """Brings everybody back; seconds until the last has what it missed. Raises Fault."""
    upgrade = (
        f"GET /{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    ).encode()
    poll = select.epoll()
    on_way: dict[int, _Returning] = {}
    back: list[_Returning] = []
    began, next_one = time.perf_counter(), 0
    try:
        while len(back) < len(members):
            while next_one < len(members) and len(on_way) < _AT_ONCE:
                # Not where they were before: an old connection's port takes seconds to be free again.
                host = f"127.0.1.{1 + next_one // _PORTS_OF_AN_ADDRESS}"
                one = _Returning(members[next_one], host, port)
                on_way[one.sock.fileno()] = one
                poll.register(one.sock, select.EPOLLOUT | select.EPOLLONESHOT)
                next_one += 1
            for number, events in poll.poll(1.0):
                one = on_way[number]
                if one.on_ready(events, upgrade):
                    back.append(one)
                    del on_way[number]
                else:
                    poll.modify(number, select.EPOLLIN | select.EPOLLONESHOT)
            if time.perf_counter() - began > _GIVE_UP_S:
                raise Fault(f"only {len(back)} of {len(members)} came back in {_GIVE_UP_S:.0f} s")
        return time.perf_counter() - began
    finally:
        poll.close()
        for one in [*back, *on_way.values()]:
            one.sock.close()
