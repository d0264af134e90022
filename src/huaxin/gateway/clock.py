"""Time for many sessions with one timer: pings, missing pongs, sockets that never connect, expiry.

A timer per session would cost memory and a heap operation each; here one tick per second visits the
sessions that are due.
"""

import asyncio
import time
from typing import Protocol


class Timed(Protocol):
    """What the clock does to a session; each call may end the session."""

    def on_ping_due(self, now: float) -> None: ...

    def on_pong_missing(self) -> None: ...

    def on_stale(self) -> None: ...


class Clock:
    """Call `watch_opening` when a socket opens and `watch` once it is connected; `forget` when it ends."""

    def __init__(self, ping_interval: float, pong_timeout: float, stale_after: float) -> None:
        self.tick = max(0.05, min(1.0, ping_interval / 10))
        self._ring: list[dict[Timed, None]] = [{} for _ in range(max(1, round(ping_interval / self.tick)))]
        self._hand = 0
        self._next_slot = 0
        self._pong_timeout = min(pong_timeout, ping_interval)
        self._stale_after = stale_after
        # Both waits have one fixed length, so the order of entry is the order of deadline.
        self._opening: dict[Timed, float] = {}
        self._awaiting: dict[Timed, float] = {}
        self._handle: asyncio.TimerHandle | None = None

    def start(self) -> None:
        self._handle = asyncio.get_running_loop().call_later(self.tick, self._on_tick)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def watch_opening(self, session: Timed) -> None:
        self._opening[session] = time.monotonic() + self._stale_after

    def watch(self, session: Timed) -> int:
        """Begins pinging; returns the slot to give back to `forget`.

        Slots are handed out in turn, so ten thousand sessions that come back at once after a restart are
        still pinged evenly over the interval.
        """
        self._opening.pop(session, None)
        slot = self._next_slot
        self._next_slot = (slot + 1) % len(self._ring)
        self._ring[slot][session] = None
        return slot

    def await_pong(self, session: Timed) -> None:
        self._awaiting[session] = time.monotonic() + self._pong_timeout

    def see_pong(self, session: Timed) -> None:
        self._awaiting.pop(session, None)

    def forget(self, session: Timed, slot: int) -> None:
        """`slot` is -1 for a session that never connected."""
        self._opening.pop(session, None)
        self._awaiting.pop(session, None)
        if slot >= 0:
            self._ring[slot].pop(session, None)

    def _on_tick(self) -> None:
        self._handle = asyncio.get_running_loop().call_later(self.tick, self._on_tick)
        now = time.monotonic()
        for session in _take_due(self._opening, now):
            session.on_stale()
        for session in _take_due(self._awaiting, now):
            session.on_pong_missing()
        self._hand = (self._hand + 1) % len(self._ring)
        wall = time.time()
        for session in list(self._ring[self._hand]):
            session.on_ping_due(wall)


def _take_due(waiting: dict[Timed, float], now: float) -> list[Timed]:
    due = []
    for session, deadline in waiting.items():
        if deadline > now:
            break
        due.append(session)
    for session in due:
        del waiting[session]
    return due
