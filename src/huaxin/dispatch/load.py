"""What a bike carries: the room flowers take, and how orders are shared out among trips."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from huaxin.orders.model import Order


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """The room on a bike. One place holds one usual bouquet; what is tall stands in a holder of its own."""

    places: int = 10
    tall: int = 2


class Load(NamedTuple):
    """What an order takes of a Hold."""

    places: int = 0
    tall: int = 0

    def __add__(self, other: tuple[object, ...]) -> "Load":
        more = Load(*other)  # type: ignore[arg-type]  # tuples add by joining; loads add by number
        return Load(self.places + more.places, self.tall + more.tall)

    def fits(self, hold: Hold) -> bool:
        return self.places <= hold.places and self.tall <= hold.tall


def load_of(order: Order) -> Load:
    """By its bouquets: what is fragile needs one place more, so that nothing leans on it."""
    total = Load()
    for line in order.lines:
        each = max(1, line.size) + (1 if line.fragile else 0)
        total += Load(each * line.quantity, line.quantity if line.tall else 0)
    return total


EMPTY = Load()


def share_out(
    places: Iterable[int], loads: Sequence[Load], hold: Hold, aboard: Load = EMPTY
) -> list[list[int]]:
    """Trips of places in the order given, each as full as the bike allows; `aboard` rides on the first.

    The first trip may be empty: the bike is full already. What fits no bike gets a trip of its own.
    """
    trips: list[list[int]] = [[]]
    room = aboard
    for place in places:
        load = loads[place]
        if not (room + load).fits(hold) and room != EMPTY:
            trips.append([])
            room = EMPTY
        trips[-1].append(place)
        room += load
    return trips
