"""What leaves towards one client: gathered per turn of the loop, bounded, never reordered.

A push costs one list append. Once per turn of the loop the flusher joins what each session gathered and
hands it to the transport as one frame. When the transport says it is full the session keeps a backlog;
a backlog that grows past its bound loses its signals first and then ends the session (SLOW), which comes
back and recovers. A publication with an offset is never dropped from a session that lives on.
"""

import asyncio
from collections.abc import Iterable
from typing import Protocol

from .metrics import Metrics

_SIGNALS_KEPT = 256  # different signals kept for one session that does not read


class Transport(Protocol):
    """One way to a client. Calls never block and never raise."""

    name: str
    emulated: bool  # True when commands arrive by another request (SSE, HTTP streaming)

    def write(self, frame: bytes) -> None:
        """Newline-joined replies. May call `Outlet.pause` before it returns."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Says why, lets what was written drain, then ends. Later calls do nothing."""
        ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


class Flusher:
    """Writes every session that has something to say, once per turn of the loop."""

    __slots__ = ("_loop", "dirty", "is_scheduled", "max_backlog", "max_frame", "metrics")

    def __init__(
        self, loop: asyncio.AbstractEventLoop, metrics: Metrics, max_frame: int, max_backlog: int
    ) -> None:
        self._loop = loop
        self.is_scheduled = False
        self.dirty: list[Outlet] = []
        self.metrics = metrics
        self.max_frame = max_frame
        self.max_backlog = max_backlog

    def schedule(self) -> None:
        if not self.is_scheduled:
            self.is_scheduled = True
            self._loop.call_soon(self.flush)

    def flush(self) -> None:
        self.is_scheduled = False
        dirty = self.dirty
        self.dirty = []
        for outlet in dirty:
            outlet.flush()


class Outlet:
    """The sending half of a session. Subclasses say what happens when it overflows."""

    __slots__ = (
        "__weakref__",
        "_backlog",
        "_backlog_bytes",
        "_signals",
        "flusher",
        "out",
        "paused",
        "transport",
    )

    def __init__(self, flusher: Flusher, transport: Transport) -> None:
        self.flusher = flusher
        self.transport = transport
        self.out: list[bytes] = []  # this turn's replies; not empty exactly when listed in flusher.dirty
        self.paused = False
        self._backlog: list[bytes] | None = None
        self._backlog_bytes = 0
        self._signals: dict[tuple[str, str], bytes] | None = None

    def overflow(self) -> None:
        raise NotImplementedError

    def push(self, reply: bytes) -> None:
        """Queues one reply or push. Order of calls is order on the wire."""
        out = self.out
        if not out:
            self.flusher.dirty.append(self)
            self.flusher.schedule()
        out.append(reply)

    def push_signal(self, channel: str, key: str, push: bytes) -> None:
        """Queues a droppable push: while the client does not read, only the newest per key is kept."""
        if not self.paused:
            self.push(push)
            return
        signals = self._signals
        if signals is None:
            signals = self._signals = {}
        if signals.pop((channel, key), None) is not None or len(signals) >= _SIGNALS_KEPT:
            self.flusher.metrics.signals_dropped += 1
            if len(signals) >= _SIGNALS_KEPT:
                del signals[next(iter(signals))]
        signals[(channel, key)] = push

    def forget_signals(self, channel: str) -> None:
        """Drops what is kept for a channel the session has left."""
        if self._signals:
            self._signals = {at: push for at, push in self._signals.items() if at[0] != channel}

    def flush(self) -> None:
        out = self.out
        if self.paused:
            self._hold()
            return
        if len(out) == 1:
            frame = out[0]
        elif out:
            frame = b"\n".join(out)
            if len(frame) > self.flusher.max_frame:
                self.out = []
                self._write_split(out)
                return
        else:
            return
        out.clear()
        metrics = self.flusher.metrics
        metrics.writes += 1
        metrics.bytes_out += len(frame)
        self.transport.write(frame)

    def pause(self) -> None:
        """The transport is full."""
        self.paused = True

    def resume(self) -> None:
        """The transport has room again: first what waited, then what was gathered, then signals."""
        self.paused = False
        waiting = self._backlog or []
        self._backlog = None
        self._backlog_bytes = 0
        # `out` stays listed in flusher.dirty; its turn then finds it empty, which is harmless.
        waiting += self.out
        self.out.clear()
        self._write_split(waiting)
        if not self.paused and self._signals:
            signals = list(self._signals.values())
            self._signals = None
            self._write_split(signals)

    def finish(self) -> None:
        """Writes all that waits, full transport or not: the last write, bounded by the backlog's bound."""
        waiting = (self._backlog or []) + self.out
        self.discard()
        for frame, _ in _gather(waiting, self.flusher.max_frame):
            self.transport.write(frame)

    def discard(self) -> None:
        """Drops everything: the client is gone or is sent away for being slow."""
        self.out.clear()
        self._backlog = None
        self._backlog_bytes = 0
        self._signals = None

    def _hold(self) -> None:
        backlog = self._backlog
        if backlog is None:
            backlog = self._backlog = []
        self._backlog_bytes += sum(map(len, self.out))
        backlog += self.out
        self.out.clear()
        if self._backlog_bytes <= self.flusher.max_backlog:
            return
        if self._signals:
            self.flusher.metrics.signals_dropped += len(self._signals)
            self._signals = None
        self.overflow()

    def _write_split(self, replies: list[bytes]) -> None:
        """Writes replies in frames of about `max_frame`; keeps the rest once the transport is full."""
        done = 0
        for frame, count in _gather(replies, self.flusher.max_frame):
            if self.paused:
                break
            done += count
            self.flusher.metrics.writes += 1
            self.flusher.metrics.bytes_out += len(frame)
            self.transport.write(frame)
        if done < len(replies):
            # Older than anything held since: these go first.
            self._backlog = replies[done:] + (self._backlog or [])
            self._backlog_bytes += sum(map(len, replies[done:]))
            if self._backlog_bytes > self.flusher.max_backlog:
                self.overflow()


def _gather(replies: list[bytes], max_frame: int) -> Iterable[tuple[bytes, int]]:
    batch: list[bytes] = []
    size = 0
    for reply in replies:
        if batch and size + len(reply) > max_frame:
            yield b"\n".join(batch), len(batch)
            batch, size = [], 0
        batch.append(reply)
        size += len(reply) + 1
    if batch:
        yield b"\n".join(batch), len(batch)
