"""Media that are forwarded into another order (CO-17, MED-27)."""

from huaxin.compose import House
from tests.contract.media import tus
from tests.contract.media.conftest import Cast
from tests.house import place
from tests.unit.media import samples


async def test_a_forwarded_picture_is_seen_where_it_went(house: House, cast: Cast) -> None:
    """By those who hear the copy, there and only there; recalling the copy takes it away again."""
    hers = await place(cast.chen)
    media = await tus.upload(cast.li, cast.order, "picture", samples.jpeg())
    sent = (await tus.send(cast.li, cast.order, media, text="这样的门")).json()["seq"]
    wish = {"order": hers, "from_order": cast.order, "seqs": [sent]}
    assert await tus.links(cast.chen, hers, media) == {}
    copy = (await cast.owner.done("forward_messages", **wish))["seq"]
    (event,) = await cast.chen.ask("get_events", order=hers, seqs=[copy])
    assert event["body"]["forwarded"]
    assert event["body"]["text"] == "这样的门"
    assert [one["id"] for one in event["body"]["media"]] == [media]
    found = await tus.links(cast.chen, hers, media)
    got = await tus.fetch(house.url, found[media]["thumb"])
    assert got.status_code == 200
    refused = await cast.chen.http.post(
        "/api/queries/get_media_links", json={"order": cast.order, "media": [media]}
    )
    assert refused.json()["code"] == "order.not_found"
    await cast.owner.done("recall_message", order=hers, seq=copy)
    assert await tus.links(cast.chen, hers, media) == {}
    assert list(await tus.links(cast.li, cast.order, media)) == [media]
