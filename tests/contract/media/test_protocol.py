"""tus 1.0 as it is on the wire (docs/spec/media.md)."""

import hashlib
from base64 import b64encode

from huaxin.compose import House
from tests.contract.media import tus
from tests.contract.media.conftest import Cast

VERSION = {"tus-resumable": "1.0.0"}


async def test_what_the_server_can(house: House, cast: Cast) -> None:
    """MED-2."""
    answer = await cast.li.http.options("/api/uploads")
    assert (answer.status_code, answer.headers["tus-version"]) == (204, "1.0.0")
    assert set(answer.headers["tus-extension"].split(",")) == {
        "creation", "creation-with-upload", "termination", "checksum", "expiration",
    }  # fmt: skip
    assert answer.headers["tus-max-size"] == str(200 << 20)
    assert "sha1" in answer.headers["tus-checksum-algorithm"].split(",")
    old = await cast.li.http.post("/api/uploads", headers={"tus-resumable": "0.2.2", "upload-length": "1"})
    assert (old.status_code, old.headers["tus-version"], old.json()["code"]) == (
        412, "1.0.0", "media.tus_version",
    )  # fmt: skip
    assert old.headers["tus-resumable"] == "1.0.0"
    answer = await cast.li.http.post("/api/uploads", headers=VERSION | {"authorization": ""})
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.required")


async def test_an_upload_from_begin_to_end(house: House, cast: Cast) -> None:
    """MED-2, MED-3, MED-12."""
    made = await tus.create(cast.li, cast.order, "file", 10)
    assert (made.status_code, made.headers["upload-offset"]) == (201, "0")
    assert made.headers["upload-expires"].endswith("GMT")
    place = made.headers["location"]
    answer = await tus.patch(cast.li, place, 0, b"abcd")
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, "4")
    assert "upload-expires" in answer.headers
    wrong = await tus.patch(cast.li, place, 3, b"defghij")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "media.offset")
    assert wrong.json()["value"] == {"offset": 4, "said": 3}
    asked = await tus.head(cast.li, place)
    assert (asked.status_code, asked.headers["upload-offset"], asked.headers["upload-length"]) == (
        200,
        "4",
        "10",
    )
    assert asked.headers["cache-control"] == "no-store"
    assert (await tus.end(cast.li, place)).status_code == 204
    assert (await tus.head(cast.li, place)).status_code == 404


async def test_creation_with_upload_and_override(house: House, cast: Cast) -> None:
    """MED-2: the first bytes with the creation, PATCH and DELETE as POST."""
    headers = VERSION | {
        "upload-length": "6", "content-type": tus.BYTES,
        "upload-metadata": tus.metadata(filename="a", order=cast.order, purpose="file"),
    }  # fmt: skip
    made = await cast.li.http.post("/api/uploads", content=b"abcd", headers=headers)
    assert (made.status_code, made.headers["upload-offset"]) == (201, "4")
    place = made.headers["location"]
    headers = VERSION | {"upload-offset": "4", "content-type": tus.BYTES, "x-http-method-override": "PATCH"}
    answer = await cast.li.http.post(place, content=b"ef", headers=headers)
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, "6")
    answer = await cast.li.http.post(place, headers=VERSION)
    assert answer.status_code == 405
    answer = await cast.li.http.post(place, headers=VERSION | {"x-http-method-override": "DELETE"})
    assert answer.status_code == 204


async def test_what_cannot_be_understood(house: House, cast: Cast) -> None:
    """MED-1, MED-2, MED-8: 2 GB, no length, no order, broken words."""
    answer = await tus.create(cast.li, cast.order, "video", 2 << 30)
    assert (answer.status_code, answer.json()["code"]) == (413, "media.too_large")
    assert answer.json()["value"]["most_mb"] == 200
    answer = await tus.create(cast.li, "order-of-nobody", "file", 10)
    assert (answer.status_code, answer.json()["code"]) == (404, "order.not_found")
    answer = await tus.create(cast.li, cast.order, "virus", 10)
    assert (answer.status_code, answer.json()["code"]) == (422, "media.purpose")
    for headers, code in (
        ({"upload-length": "-1"}, "media.number"),
        ({"upload-length": "many"}, "media.number"),
        ({"upload-length": "9" * 30}, "media.number"),
        ({"upload-length": "0"}, "media.empty"),
        ({"upload-metadata": "order notbase64!"}, "media.metadata"),
        ({"upload-metadata": f"order {b64encode(bytes([0xFF, 0xFE])).decode()}"}, "media.metadata"),
        ({"upload-metadata": "a YQ==," * 1000}, "media.metadata"),
        ({"upload-metadata": "order YQ==,order YQ=="}, "media.metadata"),
    ):
        answer = await tus.create(cast.li, cast.order, "file", 10, **headers)
        assert (answer.status_code, answer.json()["code"]) == (422, code), headers
    place = (await tus.create(cast.li, cast.order, "file", 10)).headers["location"]
    answer = await tus.patch(cast.li, place, 0, b"abc", **{"content-type": "text/plain"})
    assert answer.status_code == 415
    answer = await tus.patch(cast.li, place, 0, b"more than ten bytes")
    assert (answer.status_code, answer.json()["code"]) == (413, "media.too_large")


async def test_nobody_elses_upload(house: House, cast: Cast) -> None:
    """MED-7: not even of somebody on the same order."""
    place = (await tus.create(cast.li, cast.order, "file", 10)).headers["location"]
    for who in (cast.owner, cast.chen):
        for answer in (
            await tus.head(who, place),
            await tus.patch(who, place, 0, b"evil"),
            await tus.end(who, place),
        ):
            assert answer.status_code == 404
    assert (await tus.head(cast.li, place)).headers["upload-offset"] == "0"


async def test_checksums(house: House, cast: Cast) -> None:
    """MED-10."""
    place = (await tus.create(cast.li, cast.order, "file", 10)).headers["location"]
    said = {"upload-checksum": f"sha1 {b64encode(hashlib.sha1(b'abcd').digest()).decode()}"}
    wrong = await tus.patch(cast.li, place, 0, b"abcx", **said)
    assert (wrong.status_code, wrong.json()["code"]) == (460, "media.checksum")
    assert (await tus.head(cast.li, place)).headers["upload-offset"] == "0"
    assert (await tus.patch(cast.li, place, 0, b"abcd", **said)).headers["upload-offset"] == "4"
    odd = await tus.patch(cast.li, place, 4, b"efgh", **{"upload-checksum": "crc32 AAAA"})
    assert (odd.status_code, odd.json()["code"]) == (422, "media.checksum_form")
