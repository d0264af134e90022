"""What tracker apps send: OwnTracks (JSON) and Traccar Client (query, form or JSON). Pure."""

from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from typing import Any

import msgspec

from huaxin.journal.model import Rejected
from huaxin.tracking.views import PositionReport

KNOT_KMH = 1.852
_MOST = 500  # reports in one body
_SECONDS_UNTIL = 100_000_000_000  # a smaller number is seconds, a larger one ms


class _OwnTracks(msgspec.Struct):
    """Zero fields are left out by the app."""

    type_: str = msgspec.field(name="_type", default="")
    lat: float = 0.0
    lon: float = 0.0
    tst: float = 0.0
    acc: float = 0.0
    vel: float | None = None  # km/h
    cog: float | None = None
    batt: float = -1.0


class _Level(msgspec.Struct, frozen=True):
    level: float = -1.0  # 0..1


class _Coords(msgspec.Struct, frozen=True):
    latitude: float = 0.0
    longitude: float = 0.0
    accuracy: float = 0.0
    speed: float = -1.0  # m/s
    heading: float = -1.0


class _Location(msgspec.Struct, frozen=True):
    timestamp: str | float = 0
    coords: _Coords = _Coords()
    battery: _Level = _Level()
    mock: bool = False


class _Traccar(msgspec.Struct):
    device_id: str = ""
    location: _Location | list[_Location] | None = None


def read_owntracks(body: bytes) -> list[PositionReport]:
    """The position in one message; none for an empty body and for messages of another kind.

    Raises Rejected tracker.unreadable (400)."""
    if not body.strip():
        return []
    one = _decode(body, _OwnTracks)
    if one.type_ != "location":
        return []
    return [
        PositionReport(
            at=round(one.tst * 1000), lat=one.lat, lon=one.lon, accuracy_m=one.acc,
            heading=_or_unknown(one.cog), speed_kmh=_or_unknown(one.vel), battery=_percent(one.batt),
        )
    ]  # fmt: skip


def read_traccar(body: bytes) -> tuple[str, list[PositionReport]]:
    """(device, reports) of the JSON form. Raises Rejected tracker.unreadable (400)."""
    said = _decode(body, _Traccar)
    found = said.location if isinstance(said.location, list) else [said.location] if said.location else []
    reports = [
        PositionReport(
            at=_moment(one.timestamp), lat=one.coords.latitude, lon=one.coords.longitude,
            accuracy_m=max(0.0, one.coords.accuracy), heading=one.coords.heading,
            speed_kmh=one.coords.speed * 3.6 if one.coords.speed >= 0 else -1.0,
            battery=_percent(one.battery.level * 100 if one.battery.level >= 0 else -1.0),
        )
        for one in found[-_MOST:]
        if not one.mock
    ]  # fmt: skip
    return said.device_id, reports


def read_osmand(fields: Mapping[str, str]) -> tuple[str, list[PositionReport]]:
    """(device, reports) of the query or form. Raises Rejected tracker.unreadable (400)."""
    device = fields.get("id") or fields.get("deviceid") or ""
    if "lat" not in fields and "location" not in fields:
        return device, []
    lat, lon = fields.get("lat", ""), fields.get("lon", "")
    if "location" in fields:
        lat, _, lon = fields["location"].partition(",")
    if fields.get("mock") in ("1", "true"):
        return device, []
    speed = _number(fields.get("speed", "-1"))
    report = PositionReport(
        at=_moment(fields.get("timestamp", "0")), lat=_number(lat), lon=_number(lon),
        accuracy_m=max(0.0, _number(fields.get("accuracy", "0"))),
        heading=_number(fields.get("bearing", fields.get("heading", "-1"))),
        speed_kmh=speed * KNOT_KMH if speed >= 0 else -1.0,
        battery=_percent(_number(fields.get("batt", "-1"))),
    )  # fmt: skip
    return device, [report]


def _decode[T](body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as wrong:
        raise _unreadable(str(wrong)) from wrong


def _unreadable(what: str) -> Rejected:
    return Rejected("tracker.unreadable", "That is no position as this app sends it.", what[:200], status=400)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as wrong:
        raise _unreadable(text) from wrong


def _moment(said: Any) -> int:
    """Seconds, ms or ISO 8601 → ms since 1970."""
    if isinstance(said, str):
        try:
            said = float(said)
        except ValueError:
            try:
                return round(datetime.fromisoformat(said).timestamp() * 1000)
            except (ValueError, OverflowError) as wrong:
                raise _unreadable(said) from wrong
    if not isfinite(said):
        raise _unreadable(str(said))
    moment = float(said)
    return min(2**53, round(moment * 1000 if moment < _SECONDS_UNTIL else moment))


def _or_unknown(value: float | None) -> float:
    return -1.0 if value is None else value


def _percent(level: float) -> int:
    return round(level) if 0 <= level <= 100 else -1
