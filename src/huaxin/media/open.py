"""Building the desk from what the settings say."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from huaxin.media.desk import Desk
from huaxin.media.model import MEGABYTE, Limits
from huaxin.media.objects import DiskObjects, Objects
from huaxin.storage.port import Database


@dataclass(frozen=True, kw_only=True)
class Where:
    """Where made media lie. `place`: "" (in the data folder), a folder, or s3://bucket/prefix."""

    place: str = ""
    endpoint: str = ""
    region: str = ""
    key: str = ""
    secret: str = ""


def open_objects(where: Where, data: Path) -> Objects:
    if where.place.startswith("s3://"):
        from huaxin.media.s3 import S3Objects

        bucket, _, prefix = where.place.removeprefix("s3://").partition("/")
        return S3Objects(
            bucket, prefix, endpoint=where.endpoint, region=where.region, key=where.key, secret=where.secret
        )
    return DiskObjects(Path(where.place) if where.place else data / "media" / "made")


def open_desk(
    db: Database, data: Path, where: Where, clock: Callable[[], int], file_mb: int, day_mb: int
) -> Desk:
    """`file_mb`, `day_mb`: what one upload and one person's day may have."""
    limits = Limits(file_bytes=file_mb * MEGABYTE, day_bytes=max(day_mb, file_mb) * MEGABYTE)
    return Desk(db, data / "media", open_objects(where, data), clock, limits)
