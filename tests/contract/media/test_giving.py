"""Who gets what by which address (docs/spec/media.md)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from huaxin.compose import House
from huaxin.live import media as module
from tests.contract.live.test_access import guest_of
from tests.contract.media import tus
from tests.contract.media.conftest import Cast
from tests.house import Member, log_in, plain_http
from tests.unit.media import samples


@pytest.fixture
async def anybody(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Without a token, as an <img> asks."""
    async with plain_http(base_url=house.url) as client:
        yield client


async def sent(who: Member, order: str, purpose: str = "picture", data: bytes = b"", **fields: object) -> str:
    media = await tus.upload(who, order, purpose, data or samples.jpeg())
    answer = await tus.send(who, order, media, **fields)
    assert answer.status_code == 200, answer.text
    return media


async def address(who: Member, order: str, media: str) -> str:
    return str((await tus.links(who, order, media))[media]["original"])


async def test_an_address_is_used_by_whom_it_was_given_to(
    house: House, cast: Cast, anybody: httpx.AsyncClient
) -> None:
    """MED-30: another sign in it, another variant, nonsense: 404, and always the same words."""
    media = await sent(cast.li, cast.order)
    place = await address(cast.li, cast.order, media)
    assert place == await address(cast.li, cast.order, media)
    assert place != await address(cast.owner, cast.order, media)
    assert (await anybody.get(place)).status_code == 200
    token = place.split("/")[2]
    for wrong in (
        f"/media/{token[:-2]}AA/original",
        f"/media/{token}/raw",
        f"/media/{token}/..%2foriginal",
        "/media/nonsense/original",
        f"/media/{'A' * 700}/original",
    ):
        answer = await anybody.get(wrong)
        assert answer.status_code == 404, wrong
    assert (await anybody.get("/media/x/original")).json()["code"] == "media.link"


async def test_rights_are_asked_at_every_use(house: House, cast: Cast, anybody: httpx.AsyncClient) -> None:
    """MED-31: another courier, a logged out device, a recalled message."""
    media = await sent(cast.li, cast.order)
    courier = await address(cast.zhang, cast.order, media)
    assert (await anybody.get(courier)).status_code == 200
    next_courier = await log_in(house, "xiaozhang")
    await cast.owner.done("assign_courier", order=cast.order, courier=next_courier.person)
    assert (await anybody.get(courier)).status_code == 404
    again = await log_in(house, "li")
    buyer = await address(again, cast.order, media)
    assert (await anybody.get(buyer)).status_code == 200
    await again.http.post("/api/logout")
    assert (await anybody.get(buyer)).status_code == 404
    buyer, shop = [await address(who, cast.order, media) for who in (cast.li, cast.owner)]
    seq = (await cast.li.order(cast.order))["events"][-1]["seq"]
    events = (await cast.li.order(cast.order))["events"]
    seq = next(event["seq"] for event in events if event["type"] == "message_sent")
    await cast.li.done("recall_message", order=cast.order, seq=seq)
    assert (await anybody.get(buyer)).status_code == 404
    assert await tus.links(cast.li, cast.order, media) == {}
    assert (await anybody.get(shop)).status_code == 200
    assert list(await tus.links(cast.owner, cast.order, media)) == [media]


async def test_a_guests_address_ends_with_the_link(
    house: House, cast: Cast, anybody: httpx.AsyncClient
) -> None:
    """MED-31: and a guest sees and sends what the recipient may."""
    guest = await guest_of(cast.li, cast.order)
    hidden = await sent(cast.li, cast.order)
    shown = await sent(cast.li, cast.order, to=["recipient"])
    own = await sent(guest, cast.order)
    assert list(await tus.links(guest, cast.order, hidden, shown, own)) == [shown, own]
    place = await address(guest, cast.order, shown)
    assert (await anybody.get(place)).status_code == 200
    await house.people.revoke_guest_links(cast.order)
    assert (await anybody.get(place)).status_code == 404


async def test_forwarded_media_are_seen_by_whom_they_reach(house: House, cast: Cast) -> None:
    """MED-29: a copy in another message is another right to see it."""
    media = await sent(cast.owner, cast.order, to=["courier"])
    assert await tus.links(cast.li, cast.order, media) == {}
    events = (await cast.owner.order(cast.order))["events"]
    seq = next(event["seq"] for event in events if event["type"] == "message_sent")
    await cast.owner.done("forward_messages", order=cast.order, from_order=cast.order, seqs=[seq])
    assert list(await tus.links(cast.li, cast.order, media)) == [media]


async def test_what_breaks_does_not_write_the_address_down(
    house: House,
    cast: Cast,
    anybody: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """MED-30: whoever has an address may open it, so it is in no log."""
    place = await address(cast.li, cast.order, await sent(cast.li, cast.order))

    async def breaks(*args: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(house.media.desk, "made", breaks)
    assert (await anybody.get(place)).status_code == 500
    assert "a bug" in caplog.text
    assert place.split("/")[2] not in caplog.text


async def test_many_addresses_cost_one_look_at_the_order(
    house: House, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MED-31: an album of sixty must not read the journal and redact the order sixty times."""
    media = [await sent(cast.li, cast.order, data=samples.jpeg(40 + n, 40)) for n in range(3)]
    looks = 0

    def counted(*args: Any) -> Any:
        nonlocal looks
        looks += 1
        return pictures(*args)

    pictures = module._pictures_of
    monkeypatch.setattr(module, "_pictures_of", counted)
    assert list(await tus.links(cast.li, cast.order, *media, "a" * 20, "b" * 20)) == media
    assert looks == 1


async def _never(*_: object) -> AsyncIterator[bytes]:
    raise AssertionError("the bytes were asked for")
    yield b""


async def test_ranges_and_caching(
    house: House, cast: Cast, anybody: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MED-32."""
    data = bytes(range(256)) * 4000
    media = await sent(cast.li, cast.order, "file", data)
    place = await address(cast.li, cast.order, media)
    whole = await anybody.get(place)
    assert whole.content == data
    assert whole.headers["cache-control"] == "private, max-age=3600, immutable"
    for said, status, body in (
        ("bytes=0-9", 206, data[:10]),
        ("bytes=1000-", 206, data[1000:]),
        ("bytes=-5", 206, data[-5:]),
        ("bytes=300000-700000", 206, data[300000:700001]),
        ("bytes=0-1,5-6", 200, data),
        ("lines=1-2", 200, data),
    ):
        answer = await anybody.get(place, headers={"range": said})
        assert (answer.status_code, answer.content == body) == (status, True), said
    part = await anybody.get(place, headers={"range": "bytes=10-19"})
    assert part.headers["content-range"] == f"bytes 10-19/{len(data)}"
    beyond = await anybody.get(place, headers={"range": f"bytes={len(data)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(data)}")
    etag = whole.headers["etag"]
    assert (await anybody.get(place, headers={"if-none-match": etag})).status_code == 304
    old = {"range": "bytes=0-9", "if-range": '"another"'}
    assert (await anybody.get(place, headers=old)).status_code == 200
    with monkeypatch.context() as unread:
        unread.setattr(house.media.desk, "read", _never)
        head = await anybody.head(place)
    assert (head.headers["content-length"], head.content) == (str(len(data)), b"")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
        ("page.xml", b"<?xml version='1.0'?><x xmlns='http://www.w3.org/1999/xhtml'/>"),
        ("run.js", b"alert(1)"),
        ("page.jpg", b"<html><script>alert(1)</script></html>"),
    ],
)
async def test_no_script_is_ever_served(
    house: House, cast: Cast, anybody: httpx.AsyncClient, name: str, body: bytes
) -> None:
    """MED-33."""
    media = await tus.upload(cast.li, cast.order, "file", body, name)
    assert (await tus.send(cast.li, cast.order, media)).status_code == 200
    answer = await anybody.get(await address(cast.owner, cast.order, media))
    assert answer.content == body
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy


async def test_a_picture_is_shown_and_can_be_saved(
    house: House, cast: Cast, anybody: httpx.AsyncClient
) -> None:
    """MED-33: inline because it was made here; `?save` for the button."""
    media = await tus.upload(cast.li, cast.order, "picture", samples.jpeg(), "妈妈.png")
    await tus.send(cast.li, cast.order, media)
    place = await address(cast.li, cast.order, media)
    shown = await anybody.get(place)
    assert shown.headers["content-disposition"].startswith("inline")
    assert (await anybody.get(place + "?save")).headers["content-disposition"] == (
        "attachment; filename=\"__.jpg\"; filename*=UTF-8''%E5%A6%88%E5%A6%88.jpg"
    )


async def test_what_a_refused_message_named_goes_too(house: House, cast: Cast) -> None:
    """MED-11: also a proof's; what another message carries stays, whatever is refused later."""
    desk, li, order = house.media.desk, cast.li, cast.order
    kept, left = await sent(li, order), await tus.upload(li, order, "picture", samples.jpeg())
    answer = await tus.send(li, order, left, kept, text="长" * 1001)
    assert answer.json()["code"] == "message.too_long"
    answer = await tus.send(li, order, kept, reply_to=999)
    assert answer.json()["code"] == "message.not_found"
    proof = await tus.upload(cast.zhang, order, "proof", samples.jpeg())
    for _ in range(60):  # while it is made ready
        answer = await cast.zhang.do("deliver", order=order, picture=proof, received_by="")
        if answer.status_code != 503:
            break
        await asyncio.sleep(0.05)
    assert answer.status_code == 409, answer.text
    assert (await desk.store.find(kept)).expires_at == 0
    # Whatever the row says: what a message carries is not swept away.
    await desk.store.let_go([kept], desk._clock())
    now = desk._clock()
    desk._clock = lambda: now + 60 * 3_600_000
    assert await desk.sweep() == 2
    desk._clock = lambda: now
    assert list(await tus.links(li, order, kept, left)) == [kept]
    assert (await desk.store.find(kept)).expires_at == 0
    assert await desk.store.find(proof) is None


async def test_what_nobody_sent_goes_and_what_was_sent_stays(house: House, cast: Cast) -> None:
    """MED-11, MED-12: and what belongs to a message is not ended by its uploader."""
    desk = house.media.desk
    kept = await sent(cast.li, cast.order)
    left = await tus.upload(cast.li, cast.order, "picture", samples.jpeg())
    assert (await tus.end(cast.li, f"/api/uploads/{kept}")).json()["code"] == "media.in_use"
    now = desk._clock()
    desk._clock = lambda: now + 60 * 3_600_000
    assert await desk.sweep() == 1
    desk._clock = lambda: now
    assert (await tus.head(cast.li, f"/api/uploads/{left}")).status_code == 404
    place = await address(cast.li, cast.order, kept)
    assert (await tus.fetch(house.url, place)).status_code == 200
    assert await desk.forget_order(cast.order) == 1
    assert (await tus.fetch(house.url, place)).status_code == 404
