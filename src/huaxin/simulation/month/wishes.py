"""What people order on one day of the month. Pure: the same for the same seed."""

from random import Random

import msgspec

from huaxin.simulation.month.setting import DAY, HOUR, MINUTE, Setting
from huaxin.simulation.month.town import Town
from huaxin.simulation.spots import Spot

# More flowers are wanted around noon and before supper.
_HOURS = {9: 3, 10: 5, 11: 6, 12: 4, 13: 4, 14: 5, 15: 5, 16: 7, 17: 7, 18: 5, 19: 2}
LEAD_MS = (80 * MINUTE, 200 * MINUTE)


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """One order to come. Times are ms since 1970; `start` 0: any time before `end`."""

    order: str
    placed_at: int
    start: int
    end: int
    spot: Spot


def wishes_of(setting: Setting, town: Town, day: int) -> list[Wish]:
    """The wishes of a day, by the time they are made."""
    chance = Random(f"wishes|{setting.seed}|{day}")
    midnight = setting.begins_at + day * DAY
    count = round(setting.orders_per_day * chance.uniform(0.8, 1.2))
    # People order to the same houses again and again: a third of the addresses get most of the flowers.
    loved = town.spots[: max(8, len(town.spots) // 3)]
    found = []
    for nth in range(count):
        hour = chance.choices(list(_HOURS), list(_HOURS.values()))[0]
        end = midnight + round((hour + chance.random()) * HOUR) // (10 * MINUTE) * 10 * MINUTE
        start = end - HOUR if chance.random() < 0.4 else 0
        placed = max(end - chance.randint(*LEAD_MS), midnight + round((setting.opens - 1) * HOUR))
        spot = chance.choice(loved if chance.random() < 0.65 else town.spots)
        end = max(end, placed + 70 * MINUTE)
        found.append(
            Wish(order=f"month-{day:02d}-{nth:03d}", placed_at=placed, start=start, end=end, spot=spot)
        )
    return sorted(found, key=lambda wish: (wish.placed_at, wish.order))
