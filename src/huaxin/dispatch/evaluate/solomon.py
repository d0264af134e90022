"""Solomon's instances (and Gehring & Homberger's, which are written alike), and the best known answers.

Distances follow the convention of the 12th DIMACS challenge: Euclidean, cut off after one decimal. So all
numbers are kept in tenths, and are whole.
"""

import csv
import math
from pathlib import Path
from typing import NamedTuple

import numpy as np

from huaxin.dispatch.fleet.model import Bike, FleetTask

TENTHS = 10


class BadInstance(ValueError):
    """A file is no instance. `code`, `sentence` and `value` are for the command line."""

    code = "routes.bad_file"

    def __init__(self, sentence: str, value: str = "") -> None:
        super().__init__(f"{sentence} ({value})")
        self.sentence, self.value = sentence, value


class Customer(NamedTuple):
    """A row of an instance; customer 0 is the depot."""

    x: float
    y: float
    demand: int
    ready: int
    due: int
    service: int


class Instance(NamedTuple):
    name: str
    vehicles: int
    capacity: int
    customers: list[Customer]


def read_instance(path: Path) -> Instance:
    """Raises BadInstance with the file's name, and the line when it is one line that is wrong."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as wrong:
        raise BadInstance("The file cannot be read as text.", path.name) from wrong
    numbers = [(n, line.split()) for n, line in enumerate(lines, 1) if _is_numbers(line)]
    if not numbers or len(numbers[0][1]) != 2:
        raise BadInstance("There is no line with the number of vehicles and their capacity.", path.name)
    name = next((line.strip() for line in lines if line.strip()), path.stem)
    vehicles, capacity = (int(float(word)) for word in numbers[0][1])
    customers: list[Customer] = []
    for n, words in numbers[1:]:
        if len(words) != 7 or int(float(words[0])) != len(customers):
            raise BadInstance(
                "A customer has 7 numbers: its number, x, y, demand, ready, due, service.",
                f"{path.name}, line {n}",
            )
        x, y = float(words[1]), float(words[2])
        customers.append(Customer(x, y, *(int(float(word)) for word in words[3:])))
    if len(customers) < 2:
        raise BadInstance("There are no customers.", path.name)
    if vehicles < 1 or capacity < 1 or any(one.due < one.ready for one in customers):
        raise BadInstance("Vehicles, capacity and windows must be possible ones.", path.name)
    return Instance(name, vehicles, capacity, customers)


def _is_numbers(line: str) -> bool:
    words = line.split()
    try:
        return bool(words) and all(math.isfinite(float(word)) for word in words)
    except ValueError:
        return False


def task_of(instance: Instance) -> FleetTask:
    """In tenths of the instance's unit; only the way ridden costs."""
    all_ = instance.customers
    xy = np.array([(one.x, one.y) for one in all_])
    ways = np.hypot(xy[:, None, 0] - xy[None, :, 0], xy[:, None, 1] - xy[None, :, 1])
    # A hair is added: 4.9 computed as 4.8999… would be cut to 4.8.
    tenths = np.floor(ways * TENTHS + 1e-6).astype(np.int64)
    return FleetTask(
        durations=tenths,
        costs=tenths,
        ready=[one.ready * TENTHS for one in all_],
        due=[one.due * TENTHS for one in all_],
        service=[one.service * TENTHS for one in all_],
        released=[0] * len(all_),
        loads=[(one.demand,) for one in all_],
        prizes=[0] * len(all_),
        bikes=[Bike(number=instance.vehicles, until=all_[0].due * TENTHS, capacity=(instance.capacity,))],
        shop_until=all_[0].due * TENTHS,
    )


def read_best_known(folder: Path) -> dict[str, float]:
    """Best known distances by instance, from a `*bks*dimacs*.csv` in the folder or beside it; {} without."""
    for place in (folder, folder.parent):
        for path in sorted(place.glob("*bks*dimacs*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            try:
                return {row["instance"].upper(): float(row["distance_trunc1"]) for row in rows}
            except (KeyError, ValueError) as wrong:
                raise BadInstance(
                    "The best known answers need columns instance and distance_trunc1.", path.name
                ) from wrong
    return {}
