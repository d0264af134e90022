"""What the weather does to one device, minute by minute, by a seed."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.faults.network.proxy import Proxy, Weather

SLOW_BYTES = 20_000

# What may come, how often, and how many seconds it lasts.
KINDS: dict[str, tuple[int, float, float]] = {
    "cut": (5, 0.3, 4.0),
    "delay": (3, 4.0, 10.0),
    "silent": (3, 6.0, 18.0),
    "slow": (3, 6.0, 15.0),
    "drops": (3, 5.0, 12.0),
    "no websocket": (2, 12.0, 25.0),
    "events only": (2, 12.0, 25.0),
}


@dataclass
class Storm:
    """One device's weather for a while; what came is kept for the figures."""

    proxy: Proxy
    rng: random.Random
    never: frozenset[str] = frozenset()  # transports that never pass, in any weather
    came: Counter[str] = field(default_factory=Counter)
    silences: list[float] = field(default_factory=list)  # when the network died without a word, unix seconds

    async def run(self, seconds: float, kinds: tuple[str, ...] = tuple(KINDS)) -> None:
        """Then it is clear again."""
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            self.clear()
            await asyncio.sleep(min(left, self.rng.uniform(2.0, 8.0)))
            left = ends - time.monotonic()
            if left <= 0:
                break
            weights = [KINDS[kind][0] for kind in kinds]
            kind = self.rng.choices(kinds, weights)[0]
            _, least, most = KINDS[kind]
            self.came[kind] += 1
            self._begin(kind)
            await asyncio.sleep(min(left, self.rng.uniform(least, most)))
        self.clear()

    def clear(self) -> None:
        self.proxy.weather = Weather(blocked=self.never)

    def _begin(self, kind: str) -> None:
        proxy = self.proxy
        if kind == "silent":
            self.silences.append(time.time())
            proxy.go_silent()
            return
        found = {
            "cut": Weather(refusing=True),
            "delay": Weather(delay_s=(0.05, 0.6)),
            "slow": Weather(bytes_per_s=SLOW_BYTES),
            "drops": Weather(drops_per_s=0.25),
            "no websocket": Weather(blocked=frozenset({"websocket"})),
            "events only": Weather(blocked=frozenset({"websocket", "http_stream"})),
        }[kind]
        found.blocked |= self.never
        proxy.weather = found
        if kind in ("cut", "no websocket", "events only"):
            proxy.cut()
