"""Where a courier is: which reports are believed, and what is remembered of them.

Judgement (fences, standstill, eta) uses the believed fixes; the smoothed `shown` point is for eyes only.
"""

from collections import deque
from collections.abc import Sequence
from math import isfinite
from typing import Literal, cast

import msgspec
from msgspec.structs import replace

from huaxin.dispatch.roads import flat_m
from huaxin.kernel import Point
from huaxin.maps.datum import to_wgs84
from huaxin.maps.model import Point as MapPoint
from huaxin.tracking.views import PositionReport

FRESH_MS = 30_000  # younger: live
STALE_MS = 90_000  # older: shown as old, the eta widens
LOST_MS = 180_000  # older: the eta says that it does not know; the watchdog calls it silence

MAX_BATCH = 10_000  # a phone's offline queue: eight hours at one every 3 s
PIECE = 500  # of a long batch so many are read at a time; messages pass in between
MAX_AGE_MS = 12 * 3600_000
MAX_AHEAD_MS = 10_000
MAX_ACCURACY_M = 500.0
MAX_SPEED_MPS = 33.0  # 120 km/h: no e-bike, but a courier may ride in a car
JUMP_SLACK_M = 100.0
JUMP_AGREE = 3  # so many refused fixes that agree with each other are the truth, the old one was wrong
STILL_RADIUS_M = 40.0
TAIL = 60
LEVELS = 60  # changes of the battery's level remembered
SLOPE_MS = 3600_000
SLOPE_MIN_MS = 4 * 60_000  # a shorter slope is noise
NULL_ISLAND = 0.01
UNKNOWN_ACCURACY_M = 30.0  # what a phone that does not say is taken to have

Datum = Literal["wgs84", "gcj02", "bd09"]
DATUMS = frozenset({"wgs84", "gcj02", "bd09"})


class Fix(msgspec.Struct, frozen=True, kw_only=True):
    """One believed position. `at` is server time; `reported` is as the device sent it, in `datum`."""

    point: Point
    at: int
    device_at: int = 0
    accuracy_m: float = UNKNOWN_ACCURACY_M
    heading: float = -1.0
    speed_kmh: float = -1.0
    battery: int = -1
    datum: str = "wgs84"
    reported: Point | None = None


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A report that was not believed: its place in the batch, and why."""

    index: int
    code: str
    sentence: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one batch. `moved`: the newest position is another than before."""

    accepted: int
    refused: list[Refusal]
    moved: bool


def in_pieces(reports: Sequence[PositionReport], sent_at: int) -> tuple[int, list[list[int]]]:
    """(moment of sending, places in the batch by age, a piece each) of a batch however long.

    The moment is of the whole batch: of a piece alone the newest would be taken for now."""
    order = sorted(range(len(reports)), key=lambda i: _sortable(reports[i].at))
    if not sent_at and len(order) > PIECE:
        sent_at = max((reports[i].at for i in order if not _fault(reports[i])), default=0)
    return sent_at, [order[at : at + PIECE] for at in range(0, len(order), PIECE)]


class CourierTrack:
    """What is known of one courier's way: the newest fix, a short tail, and where they last stood still."""

    __slots__ = (
        "_doubtful", "anchor", "anchor_at", "heard_at", "latest", "levels", "on_road", "shown", "tail",
    )  # fmt: skip

    def __init__(self) -> None:
        self.latest: Fix | None = None
        self.shown: Point | None = None
        self.on_road: Point | None = None  # `shown` put on the road beside it, for show
        self.tail: deque[Fix] = deque(maxlen=TAIL)
        self.anchor: Point | None = None
        self.anchor_at = 0
        self.heard_at = 0  # server ms of the last batch, believed or not
        self.levels: deque[tuple[int, int]] = deque(maxlen=LEVELS)  # (ms, per cent) whenever it changed
        self._doubtful: list[Fix] = []

    @property
    def battery(self) -> int:
        """Per cent as last reported; -1: never."""
        return self.levels[-1][1] if self.levels else -1

    def battery_dead_at(self, empty: int) -> int:
        """When the battery reaches this level if it goes on as in the last hour; 0: it cannot be said, or it
        is charging."""
        if len(self.levels) < 2:
            return 0
        last_at, last = self.levels[-1]
        began_at, began = next(one for one in self.levels if last_at - one[0] <= SLOPE_MS)
        if began <= last or last_at - began_at < SLOPE_MIN_MS:
            return 0
        return round(last_at + max(0, last - empty) * (last_at - began_at) / (began - last))

    def age_ms(self, now: int) -> int | None:
        """Age of the newest fix; None when there is none."""
        return None if self.latest is None else max(0, now - self.latest.at)

    def is_stale(self, now: int) -> bool:
        age = self.age_ms(now)
        return age is None or age > STALE_MS

    def still_ms(self) -> int:
        """For how long the fixes have stayed within STILL_RADIUS_M (up to the newest of them)."""
        return 0 if self.latest is None else self.latest.at - self.anchor_at

    def restore(self, fix: Fix) -> None:
        """A position kept from before a restart."""
        if self.latest is None or fix.at > self.latest.at:
            self._take(fix)

    def report(self, reports: Sequence[PositionReport], received_at: int, sent_at: int = 0) -> Report:
        """Believes what can be believed of a batch.

        The phone's clock is not trusted, only its differences: a fix is as old as it is older than the
        moment of sending by the same clock (`sent_at`, or the newest fix of the batch when not told).
        """
        self.heard_at = max(self.heard_at, received_at)
        refused: list[Refusal] = []
        sane = []
        skipped = max(0, len(reports) - MAX_BATCH)
        newest_first = sorted(range(len(reports)), key=lambda i: -_sortable(reports[i].at))
        for i in sorted(newest_first[MAX_BATCH:]):
            refused.append(_refuse(i, "position.too_many"))
        for i in reversed(newest_first[: len(reports) - skipped]):
            code = _fault(reports[i])
            if code:
                refused.append(_refuse(i, code))
            else:
                sane.append(i)
        base = sent_at or max((reports[i].at for i in sane), default=0)
        accepted, moved = 0, False
        for i in sane:
            fix = self._in_turn(_fix(reports[i], received_at - (base - reports[i].at)))
            code = self._doubt(fix, received_at)
            if code:
                refused.append(_refuse(i, code))
                continue
            moved = moved or self.latest is None or fix.point != self.latest.point
            self._take(fix)
            accepted += 1
        return Report(accepted=accepted, refused=sorted(refused, key=lambda r: r.index), moved=moved)

    def _in_turn(self, fix: Fix) -> Fix:
        """Two reports that a slow line delivered in one moment follow each other as they did on the phone."""
        latest = self.latest
        if latest is None or fix.at > latest.at or fix.device_at <= latest.device_at:
            return fix
        return replace(fix, at=latest.at + 1)

    def _doubt(self, fix: Fix, received_at: int) -> str:
        """Why this fix cannot follow the ones before it; empty when it can."""
        if fix.at > received_at + MAX_AHEAD_MS:
            return "position.future"
        if received_at - fix.at > MAX_AGE_MS:
            return "position.too_old"
        latest = self.latest
        if latest is None:
            return ""
        if fix.device_at == latest.device_at and fix.reported == latest.reported:
            return "position.duplicate"
        if any(fix.device_at == f.device_at and fix.reported == f.reported for f in self.tail):
            return "position.duplicate"
        if fix.at <= latest.at:
            return "position.out_of_order"
        if _is_jump(latest, fix):
            return "" if self._doubtful_agree(fix) else "position.jump"
        return ""

    def _doubtful_agree(self, fix: Fix) -> bool:
        """Keeps a refused fix; True when enough of them in a row agree that the courier really is there."""
        if self._doubtful and _is_jump(self._doubtful[-1], fix):
            self._doubtful.clear()
        self._doubtful.append(fix)
        return len(self._doubtful) >= JUMP_AGREE

    def _take(self, fix: Fix) -> None:
        self._doubtful.clear()
        before, self.latest = self.latest, fix
        self.tail.append(fix)
        self._charge(fix)
        radius = max(STILL_RADIUS_M, min(fix.accuracy_m, 100.0))
        if self.anchor is None or flat_m(self.anchor, fix.point) > radius:
            self.anchor, self.anchor_at = fix.point, fix.at
        self.shown = _smooth(self.shown, before, fix)

    def _charge(self, fix: Fix) -> None:
        if fix.battery < 0 or fix.battery == self.battery:
            return
        if fix.battery > self.battery:  # charged: the old slope says nothing any more
            self.levels.clear()
        self.levels.append((fix.at, fix.battery))


def _smooth(shown: Point | None, before: Fix | None, fix: Fix) -> Point:
    """A light pull towards the new fix: full for a precise or distant one, less for a vague one nearby."""
    if shown is None or before is None or fix.at - before.at > STALE_MS:
        return fix.point
    step = flat_m(shown, fix.point)
    weight = min(1.0, max(0.35, 12.0 / max(fix.accuracy_m, 1.0), step / max(4 * fix.accuracy_m, 1.0)))
    return Point(
        shown.lat + weight * (fix.point.lat - shown.lat), shown.lon + weight * (fix.point.lon - shown.lon)
    )


def _is_jump(a: Fix, b: Fix) -> bool:
    reach = MAX_SPEED_MPS * abs(b.at - a.at) / 1000 + a.accuracy_m + b.accuracy_m + JUMP_SLACK_M
    return flat_m(a.point, b.point) > reach


def _sortable(at: int) -> int:
    return at if isinstance(at, int) else 0


def _fault(report: PositionReport) -> str:
    """What is wrong with a report by itself; empty when nothing is."""
    if not (isfinite(report.lat) and isfinite(report.lon) and isfinite(report.accuracy_m)):
        return "position.not_a_number"
    if not (-90 <= report.lat <= 90 and -180 <= report.lon <= 180):
        swapped = -90 <= report.lon <= 90 and -180 <= report.lat <= 180
        return "position.swapped" if swapped else "position.out_of_range"
    if abs(report.lat) < NULL_ISLAND and abs(report.lon) < NULL_ISLAND:
        return "position.null_island"
    if report.datum not in DATUMS:
        return "position.datum"
    if report.accuracy_m > MAX_ACCURACY_M:
        return "position.inaccurate"
    if report.at <= 0:
        return "position.no_time"
    return ""


SENTENCES = {
    "position.not_a_number": "A coordinate is not a number.",
    "position.out_of_range": "Not a place on earth.",
    "position.swapped": "Latitude and longitude are swapped.",
    "position.null_island": "The position is 0, 0: the phone had no fix.",
    "position.datum": "The datum must be wgs84, gcj02 or bd09.",
    "position.inaccurate": f"Less exact than {MAX_ACCURACY_M:.0f} m: of no use.",
    "position.no_time": "The report has no time.",
    "position.too_many": f"At most {MAX_BATCH:,} positions in one batch; the newest were read.",
    "position.future": "The position is from the future.",
    "position.too_old": "The position is older than 12 hours.",
    "position.duplicate": "This position was reported before.",
    "position.out_of_order": "A newer position is known already.",
    "position.jump": "Nobody rides that fast: believed only when more reports agree.",
}


def _refuse(index: int, code: str) -> Refusal:
    return Refusal(index=index, code=code, sentence=SENTENCES[code])


def _fix(report: PositionReport, at: int) -> Fix:
    reported = Point(report.lat, report.lon)
    point = reported
    if report.datum != "wgs84":
        moved = to_wgs84(MapPoint(report.lat, report.lon), cast(Datum, report.datum))
        point = Point(moved.lat, moved.lon)
    accuracy = report.accuracy_m if report.accuracy_m > 0 else UNKNOWN_ACCURACY_M
    return Fix(
        point=point, at=at, device_at=report.at, accuracy_m=accuracy, heading=_known(report.heading),
        speed_kmh=_known(report.speed_kmh), battery=report.battery, datum=report.datum, reported=reported,
    )  # fmt: skip


def _known(value: float) -> float:
    """Phones say "unknown" as a negative or NaN."""
    return value if isfinite(value) and value >= 0 else -1.0
