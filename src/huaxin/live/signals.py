"""Signals: publications with offset 0. The latest value wins; they are never part of the history."""

import msgspec

from huaxin.kernel import Point, Text
from huaxin.live.catalogue_views import StockOutView
from huaxin.live.run_views import BatchView
from huaxin.live.views import CourierView, MarksView
from huaxin.tracking.views import EtaView, TrackView


class Signal(msgspec.Struct, frozen=True, kw_only=True, tag_field="signal", omit_defaults=True):
    pass


class TypingSignal(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="typing"):
    order: str
    person: str
    role: str
    name: str


class MarksSignal(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="marks"):
    order: str
    marks: MarksView


class TrackSignal(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="track"):
    track: TrackView


class CourierSignal(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="courier"):
    """On shop:{id}: where a courier is now, and when each of their orders will be there."""

    courier: CourierView
    etas: dict[str, EtaView] = {}


class RunSignal(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="run"):
    """On run:{shop}:{courier}: the visiting order or the way left. By order: etas in ms, distances in m."""

    stops: list[str]
    etas: dict[str, int]
    distances: dict[str, float] = {}
    changed: Text | None = None
    changed_at: int = 0
    before: list[str] = []
    kept_by_hand: bool = False
    unkept: dict[str, Text] = {}


class BatchSignal(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="batch"):
    """On shop:{id}: how far a batch is."""

    batch: BatchView


class StockOutSignal(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="stock_out"):
    """On shop:{id}: on how many orders a substitute has been proposed."""

    stock_out: StockOutView


class LiveSignal(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="live"):
    """Where somebody is who shares their position; on the channels of the order, the shop and the run."""

    order: str
    seq: int  # of the live_shared event
    person: str
    role: str
    point: Point
    at: int
    until: int
    accuracy_m: float = 0.0


class CallSignal(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="call"):
    """On me:{person}: what one device of a call says to another. Each is passed on, none is kept."""

    order: str
    call: str
    from_person: str
    from_role: str
    from_device: str
    to_device: str
    kind: str  # offer | answer | ice | bye | point | still
    data: str


class PresenceSignal(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="presence"):
    order: str
    person: str
    online: bool
    last_seen: int
