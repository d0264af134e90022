"""tus by hand: every header in sight. The real clients are in test_clients.py."""

import asyncio
from base64 import b64encode
from typing import Any

import httpx

from tests.house import Member, plain_http

BYTES = "application/offset+octet-stream"


def metadata(**said: str) -> str:
    return ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in said.items())


async def create(
    who: Member, order: str, purpose: str, length: int, name: str = "a.bin", **headers: str
) -> httpx.Response:
    sent = {
        "tus-resumable": "1.0.0",
        "upload-length": str(length),
        "upload-metadata": metadata(filename=name, filetype="x/y", order=order, purpose=purpose),
    }
    return await who.http.post("/api/uploads", headers=sent | headers)


async def patch(who: Member, place: str, offset: int, body: bytes, **headers: str) -> httpx.Response:
    sent = {"tus-resumable": "1.0.0", "upload-offset": str(offset), "content-type": BYTES}
    return await who.http.patch(place, content=body, headers=sent | headers)


async def head(who: Member, place: str) -> httpx.Response:
    return await who.http.head(place, headers={"tus-resumable": "1.0.0"})


async def end(who: Member, place: str) -> httpx.Response:
    return await who.http.delete(place, headers={"tus-resumable": "1.0.0"})


async def upload(who: Member, order: str, purpose: str, body: bytes, name: str = "a.bin") -> str:
    """The id of an upload that is whole."""
    made = await create(who, order, purpose, len(body), name)
    assert made.status_code == 201, made.text
    place = made.headers["location"]
    answer = await patch(who, place, 0, body)
    assert answer.status_code == 204, answer.text
    return str(place.rpartition("/")[2])


async def send(who: Member, order: str, *media: str, **fields: Any) -> httpx.Response:
    """The command, again while it is told to come again, as an outbox does."""
    for _ in range(60):
        answer = await who.do("send_media", order=order, media=list(media), **fields)
        if answer.status_code != 503:
            return answer
        await asyncio.sleep(0.05)
    raise AssertionError("never made ready")


async def links(who: Member, order: str, *media: str) -> dict[str, Any]:
    """By id."""
    return {one["id"]: one for one in await who.ask("get_media_links", order=order, media=list(media))}


async def fetch(house_url: str, path: str, **headers: str) -> httpx.Response:
    """As an <img> does: without any token in a header."""
    async with plain_http(base_url=house_url, headers=headers) as client:
        return await client.get(path)
