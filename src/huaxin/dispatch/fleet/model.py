"""Numbers of a fleet's morning. Place 0 is the shop, places 1… are the doors. All numbers are whole."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.int64]
FAR = 10**9  # where no way is: dearer than everything that can be ridden, and still far from overflowing


class Bike(NamedTuple):
    """`number` bikes that are alike. `free_at`: when the first trip may leave the shop."""

    number: int = 1
    free_at: int = 0
    until: int = FAR
    capacity: tuple[int, ...] = ()  # in each kind of load; () knows no limit
    trips: int = 1  # at most
    returns: bool = True  # False: the way home from the last door costs nothing
    name: str = ""


class FleetTask(NamedTuple):
    """`durations[i][j]`: time from i to j; `costs[i][j]`: what that way costs (often its length).

    By place, the shop's cell unused: served between `ready` and `due`, leaves the shop not before
    `released`, takes `service` at the door, fills `loads` on the bike. `prize` 0: must be served; else what
    it is worth to serve it, and it may be left out.
    """

    durations: Matrix
    costs: Matrix
    ready: Sequence[int]
    due: Sequence[int]
    service: Sequence[int]
    released: Sequence[int]
    loads: Sequence[tuple[int, ...]]
    prizes: Sequence[int]
    bikes: Sequence[Bike]
    shop_until: int = FAR
    reload: int = 0  # time at the shop between two trips
    time_cost: int = 0  # of one unit of time from setting out to the end
    bike_cost: int = 0  # of sending one more bike out

    @property
    def places(self) -> int:
        return len(self.ready)


class Tour(NamedTuple):
    """What one bike rides: its trips, each a list of places."""

    bike: int  # index in FleetTask.bikes
    trips: list[list[int]]


class FleetAnswer(NamedTuple):
    """`feasible`: every window and load held by what is served. `left_out`: optional places not served."""

    tours: list[Tour]
    cost: int  # of the ways ridden
    feasible: bool
    left_out: list[int]
    iterations: int = 0  # of the search: how much could be tried in its time
