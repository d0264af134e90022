"""What may be asked of the facts, and the facts."""

from enum import StrEnum

import msgspec


class Question(StrEnum):
    where = "where"  # 到哪了
    how_long = "how_long"  # 还要多久
    on_time = "on_time"  # 能准时吗


class Facts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of one delivery at one moment, beside the order itself. Times are ms, 0: not known."""

    eta_from: int = 0  # it will be there between …
    eta_to: int = 0  # … and this, nine times in ten by this
    chance: float = 0.0  # of keeping the promise
    verdict: str = "unknown"  # on_time | slipping | late | unknown
    stops_before: int = 0
    distance_m: float = 0.0
    heard_at: int = 0  # when the courier's position was last known
    stale: bool = False  # too long ago to say where they are now
