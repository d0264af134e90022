"""Where media lie, as the settings say it (docs/spec/media.md MED-34)."""

from pathlib import Path

import pytest

from huaxin.config.checks import Invalid, check_media
from huaxin.media.objects import DiskObjects
from huaxin.media.open import Where, open_objects
from huaxin.media.s3 import S3Objects


@pytest.mark.parametrize("value", ["", "/srv/media", "s3://bucket", "s3://my.bucket-1/a/b_c"])
def test_a_folder_or_a_bucket(value: str) -> None:
    assert check_media(value) == value


@pytest.mark.parametrize("value", ["media", "s3://", "s3://UP", "http://x/y", "s3://a/b?c", "s3:bucket"])
def test_nothing_else(value: str) -> None:
    with pytest.raises(Invalid):
        check_media(value)


async def test_what_opens_where(tmp_path: Path) -> None:
    """A folder by default, in the data folder; the bucket is only spoken to when it is needed."""
    source = tmp_path / "source"
    source.write_bytes(b"abc")
    objects = open_objects(Where(), tmp_path)
    assert isinstance(objects, DiskObjects)
    await objects.put("ab/abc/original", source, "text/plain")
    assert (tmp_path / "media" / "made" / "ab" / "abc" / "original").read_bytes() == b"abc"
    assert isinstance(open_objects(Where(place="s3://bucket/x", region="cn-north-1"), tmp_path), S3Objects)
