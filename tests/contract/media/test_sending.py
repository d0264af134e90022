"""Media in a conversation, over the wire (docs/spec/media.md)."""

from pathlib import Path

from PIL import Image

from huaxin.compose import House
from tests.contract.media import tus
from tests.house import log_in, place
from tests.unit.media import samples


async def test_a_picture_is_sent_and_seen(house: House, tmp_path: Path) -> None:
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    order = await place(li)
    media = await tus.upload(li, order, "picture", samples.jpeg(orientation=6), "IMG_1.HEIC")
    sent = await tus.send(li, order, media, text="请按这张配色")
    assert sent.status_code == 200, sent.text
    event = (await owner.order(order))["events"][-1]
    (attachment,) = event["body"]["media"]
    print(event)
    found = (await tus.links(owner, order, media))[media]
    print(found)
    picture = await tus.fetch(house.url, found["original"])
    print(picture.status_code, picture.headers, len(picture.content))
    thumb = await tus.fetch(house.url, found["thumb"])
    assert thumb.status_code == 200
