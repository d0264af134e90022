"""Who is here now and when they were last seen. Told by the gateway, kept in memory."""

from collections import Counter
from collections.abc import Callable

from huaxin.gateway.ports import Identity


class Presence:
    """gateway.ports.Observer. A person is online while any of their devices has a session."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._sessions: Counter[str] = Counter()
        self._last_seen: dict[str, int] = {}
        self.changed: list[Callable[[Identity, bool], None]] = []

    def connected(self, who: Identity) -> None:
        self._sessions[who.user] += 1
        if self._sessions[who.user] == 1:
            self._tell(who, True)

    def disconnected(self, who: Identity, code: int) -> None:
        self._last_seen[who.user] = self._clock()
        self._sessions[who.user] -= 1
        if self._sessions[who.user] <= 0:
            del self._sessions[who.user]
            self._tell(who, False)

    def joined(self, who: Identity, channel: str) -> None:
        """Presence is per person, not per channel."""

    def left(self, who: Identity, channel: str) -> None:
        """Presence is per person, not per channel."""

    def is_online(self, person: str) -> bool:
        return person in self._sessions

    def last_seen(self, person: str) -> int:
        """ms since 1970; 0 when not seen since this server started."""
        return self._clock() if person in self._sessions else self._last_seen.get(person, 0)

    def _tell(self, who: Identity, online: bool) -> None:
        for tell in self.changed:
            tell(who, online)
