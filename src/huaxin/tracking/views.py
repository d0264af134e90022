"""Where a delivery is and when it will be there, as members see it; and what a courier's phone reports."""

from typing import Annotated

import msgspec
from msgspec import Meta

from huaxin.kernel import Point, Text
from huaxin.orders.views import PositionView


class EtaView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is predicted. A range for the future, never a bare number."""

    p50_at: int
    p90_at: int
    chance: float  # 0..1, of keeping the promise
    verdict: str  # on_time | slipping | late | unknown (positions too old to say)
    p10_at: int = 0  # so early it may be: P10 to P90 is the range that is shown
    stops_before: int = 0
    distance_m: float = 0.0
    computed_at: int = 0
    why: Text | None = None  # why it moved, when it moved
    moved_minutes: int = 0


class TrackView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Position and eta of one order: snapshot, and the signal on track:{order}. Absent before pick-up."""

    order: str
    position: PositionView | None = None
    stale: bool = False  # the position is old: show a ring, say how old
    eta: EtaView | None = None
    path: list[Point] | None = None  # the road still ahead, sent when it changes


class PositionReport(msgspec.Struct, frozen=True, kw_only=True):
    """One fix from a courier's phone."""

    at: Annotated[int, Meta(le=2**53)]  # ms by the phone's clock
    lat: float
    lon: float
    accuracy_m: float = 0.0
    heading: float = -1.0
    speed_kmh: float = -1.0
    battery: Annotated[int, Meta(ge=-1, le=100)] = -1  # per cent
    datum: Annotated[str, Meta(max_length=20)] = "wgs84"
