"""Keeps the latest position of each courier and what was learned over a restart. Nothing else is kept."""

from collections.abc import Mapping
from typing import Any

import msgspec

from huaxin.kernel import Point
from huaxin.storage.port import Database
from huaxin.tracking.learning.memory import courier_of
from huaxin.tracking.positions import Fix

# The older of two writers must not win: nodes may write the same courier around a reconnect.
_SAVE_POSITION = """
INSERT INTO courier_positions
  (courier, at, lat, lon, accuracy_m, heading, speed_kmh, battery, device_at, datum,
   reported_lat, reported_lon)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (courier) DO UPDATE SET
  at = excluded.at, lat = excluded.lat, lon = excluded.lon, accuracy_m = excluded.accuracy_m,
  heading = excluded.heading, speed_kmh = excluded.speed_kmh, battery = excluded.battery,
  device_at = excluded.device_at, datum = excluded.datum,
  reported_lat = excluded.reported_lat, reported_lon = excluded.reported_lon
WHERE excluded.at > courier_positions.at
"""
_LOAD_POSITIONS = """
SELECT courier, at, lat, lon, accuracy_m, heading, speed_kmh, battery, device_at, datum,
  reported_lat, reported_lon
FROM courier_positions WHERE at >= $1
"""
_SAVE_LEARNED = """
INSERT INTO learned (key, courier, doc) VALUES ($1, $2, $3)
ON CONFLICT (key) DO UPDATE SET courier = excluded.courier, doc = excluded.doc
"""
_LOAD_LEARNED = "SELECT key, doc FROM learned"


class TrackStore:
    """Reads and writes through the one door to the database. How often is the caller's to decide."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def save_positions(self, fixes: Mapping[str, Fix]) -> None:
        """The latest fix of each of these couriers, in one transaction."""
        if fixes:
            await self._db.execute_many([(_SAVE_POSITION, _row(c, f)) for c, f in sorted(fixes.items())])

    async def load_positions(self, since: int) -> dict[str, Fix]:
        """Latest fixes not older than `since` (server ms)."""
        return {
            str(c): Fix(
                point=Point(lat, lon), at=at, accuracy_m=accuracy, heading=heading, speed_kmh=speed,
                battery=battery, device_at=device_at, datum=datum, reported=Point(rlat, rlon),
            )
            for c, at, lat, lon, accuracy, heading, speed, battery, device_at, datum, rlat, rlon
            in await self._db.fetch(_LOAD_POSITIONS, since)
        }  # fmt: skip

    async def save_learned(self, changed: Mapping[str, Any]) -> None:
        """What has changed of the memory, in one transaction."""
        rows = [
            (_SAVE_LEARNED, (key, courier_of(key), msgspec.json.encode(value).decode()))
            for key, value in sorted(changed.items())
        ]
        if rows:
            await self._db.execute_many(rows)

    async def load_learned(self) -> dict[str, Any]:
        """Everything learned, for `Memory`."""
        rows = await self._db.fetch(_LOAD_LEARNED)
        return {str(key): msgspec.json.decode(str(doc)) for key, doc in rows}

    async def forget_learned(self) -> None:
        """Removes everything learned: it is about to be learned anew."""
        await self._db.execute("DELETE FROM learned")

    async def forget(self, courier: str) -> None:
        """Removes what is kept of a courier."""
        await self._db.execute_many(
            [
                ("DELETE FROM courier_positions WHERE courier = $1", (courier,)),
                ("DELETE FROM learned WHERE courier = $1", (courier,)),
            ]
        )


def _row(courier: str, fix: Fix) -> tuple[str | int | float, ...]:
    reported = fix.reported or fix.point
    return (
        courier, fix.at, fix.point.lat, fix.point.lon, fix.accuracy_m, fix.heading, fix.speed_kmh,
        fix.battery, fix.device_at, fix.datum, reported.lat, reported.lon,
    )  # fmt: skip
