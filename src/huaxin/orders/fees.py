"""What a shop asks for when an order is changed late, or farther away, or needs another ride. Pure."""

from typing import Annotated

import msgspec
from msgspec import Meta

Fen = Annotated[int, Meta(ge=0, le=1_000_000)]  # up to 10,000 yuan
Percent = Annotated[int, Meta(ge=0, le=100)]


class ChangeFees(msgspec.Struct, frozen=True, kw_only=True):
    """A shop's own. The last three: how much of the price stays with the shop when the order is cancelled."""

    second_trip: Fen = 800  # the courier stands at the door, or has been there: another ride
    on_road: Fen = 0  # another time or address when the flowers have left
    per_km: Fen = 0  # farther by road, each kilometre begun; only where no zones set the price
    keeps_making: Percent = 50
    keeps_made: Percent = 50
    keeps_road: Percent = 100

    def keeps(self, phase: str) -> int:
        """Percent, by a phase of orders/change_rules.py."""
        if phase in ("making", "made"):
            return self.keeps_making if phase == "making" else self.keeps_made
        return self.keeps_road if phase in ("road", "door", "failed") else 0


USUAL = ChangeFees()


def farther_fee(before_m: float, after_m: float, per_km: int) -> int:
    """Fen, for the ways from the shop; nearer costs nothing less."""
    return max(0, -int(-(after_m - before_m) // 1000)) * per_km
