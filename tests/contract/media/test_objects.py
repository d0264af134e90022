"""A folder and a bucket keep the same promises (docs/spec/media.md MED-34)."""

import secrets
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from huaxin.compose import House
from huaxin.media.objects import Objects
from huaxin.media.open import Where, open_objects
from huaxin.media.s3 import PART
from tests.contract.media import tus
from tests.contract.media.conftest import Cast
from tests.unit.media import samples


@pytest.fixture(scope="module")
def s3_url() -> Iterator[str]:
    """A server that speaks S3."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_url: str) -> Where:
    name = f"huaxin-{secrets.token_hex(4)}"
    wish = urllib.request.Request(f"{s3_url}/{name}", method="PUT")  # moto lets a stranger make buckets
    with urllib.request.urlopen(wish) as answer:
        assert answer.status == 200
    return Where(place=f"s3://{name}/media", endpoint=s3_url, region="us-east-1", key="test", secret="test")


@pytest.fixture(params=["folder", "bucket"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    where = request.getfixturevalue("bucket") if request.param == "bucket" else Where()
    return open_objects(where, tmp_path / "data")


async def read(objects: Objects, key: str, start: int, length: int) -> bytes:
    return b"".join([piece async for piece in objects.read(key, start, length)])


@pytest.mark.parametrize("size", [1, 300_000, 2 * PART + 5])
async def test_what_was_put_is_read_in_any_part(objects: Objects, tmp_path: Path, size: int) -> None:
    """MED-32, MED-34: small, in pieces, in several parts."""
    data = secrets.token_bytes(size)
    source = tmp_path / "source"
    source.write_bytes(data)
    await objects.put("ab/abc/original", source, "application/pdf")
    source.unlink(missing_ok=True)
    assert await read(objects, "ab/abc/original", 0, size) == data
    assert (
        await read(objects, "ab/abc/original", size // 3, size // 2)
        == data[size // 3 : size // 3 + size // 2]
    )
    assert await read(objects, "ab/abc/original", size - 1, 1) == data[-1:]


async def test_what_is_gone_is_gone(objects: Objects, tmp_path: Path) -> None:
    """MED-34: deleting twice is no error; reading says that it is not there."""
    source = tmp_path / "source"
    source.write_bytes(b"abc")
    await objects.put("ab/abc/thumb.jpg", source, "image/jpeg")
    await objects.delete(["ab/abc/thumb.jpg", "ab/abc/never-there"])
    await objects.delete(["ab/abc/thumb.jpg"])
    with pytest.raises(FileNotFoundError):
        await read(objects, "ab/abc/thumb.jpg", 0, 3)


async def test_a_house_with_a_bucket(house: House, cast: Cast, bucket: Where, tmp_path: Path) -> None:
    """MED-34: sent, shown, in ranges, and gone, from a bucket; and words when it cannot be reached."""
    house.media.desk.objects = open_objects(bucket, tmp_path)
    media = await tus.upload(cast.li, cast.order, "picture", samples.jpeg())
    assert (await tus.send(cast.li, cast.order, media)).status_code == 200
    found = (await tus.links(cast.owner, cast.order, media))[media]
    whole = await tus.fetch(house.url, found["original"])
    assert (whole.status_code, whole.content[:3]) == (200, b"\xff\xd8\xff")
    part = await tus.fetch(house.url, found["thumb"], range="bytes=0-2")
    assert (part.status_code, part.content) == (206, b"\xff\xd8\xff")
    await house.media.desk.objects.delete(
        [one.key for one in (await house.media.desk.made([media]))[media].variants.values()]
    )
    gone = await tus.fetch(house.url, found["original"])
    assert (gone.status_code, gone.json()["code"]) == (410, "media.gone")
