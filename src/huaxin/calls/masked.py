"""Telephone calls over a number that hides both sides (AXB of the Chinese clouds): a port and a simulator.

A carrier lends a number X for a pair of telephones: whoever of the two dials X reaches the other, and each
sees X alone. It calls back when such a call is over. What a server tells people is only ever masked.
"""

import hashlib
from typing import Protocol

import msgspec

from huaxin.orders.words import mask_phone


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to be connected. The numbers go to the carrier and nowhere else."""

    id: str
    from_phone: str
    to_phone: str
    until: int  # ms: the number leads there as long


class Lent(msgspec.Struct, frozen=True, kw_only=True):
    """What to dial, and until when it leads to the other side. `simulated`: no telephone rings."""

    dial: str
    until: int
    simulated: bool = False


class Talked(msgspec.Struct, frozen=True, kw_only=True):
    """A call over a lent number, as the carrier tells of it afterwards."""

    id: str  # of the pair
    answered: bool
    duration_ms: int = 0


class Unavailable(Exception):
    """The carrier lends no number now."""


class MaskedLines(Protocol):
    async def lend(self, pair: Pair) -> Lent:
        """Raises Unavailable."""
        ...


class SimulatedLines:
    """Numbers that nobody has (the 170-0000 block), and calls whose length follows from their id: the same
    again in every replay. `talked` is what a carrier would tell afterwards."""

    async def lend(self, pair: Pair) -> Lent:
        tail = int.from_bytes(_digest(pair.id)[:3]) % 10_000
        return Lent(dial=f"1700000{tail:04d}", until=pair.until, simulated=True)

    def talked(self, pair: str) -> Talked:
        digest = _digest(pair)
        if digest[3] < 26:  # one in ten is not answered
            return Talked(id=pair, answered=False)
        return Talked(id=pair, answered=True, duration_ms=(8 + digest[4] % 100) * 1000)


def _digest(text: str) -> bytes:
    return hashlib.sha256(f"masked {text}".encode()).digest()


def shown(phone: str) -> str:
    """138****1234."""
    return mask_phone(phone)
