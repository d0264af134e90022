"""Media in a conversation, over the wire (docs/spec/media.md)."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from huaxin.compose import House
from huaxin.media import desk
from tests.contract.live.clients import Line
from tests.contract.live.conftest import until
from tests.contract.media import tus
from tests.contract.media.conftest import Cast
from tests.house import log_in, place
from tests.unit.media import samples


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_everything_that_can_be_sent(any_house: House, tmp_path: Path) -> None:
    """MED-25, MED-27, MED-29, on both databases: four kinds in one message, seen live and in the history."""
    house, cast = any_house, await Cast.gather(any_house)
    voice = samples.sound(tmp_path / "v.webm", 2, "webm", "libopus")
    clip = samples.clip(tmp_path / "c.mp4", 1, "mp4", "libx264")
    ids = [
        await tus.upload(cast.li, cast.order, "picture", samples.jpeg(400, 300, 6), "IMG_1.HEIC"),
        await tus.upload(cast.li, cast.order, "voice", voice, "recording"),
        await tus.upload(cast.li, cast.order, "video", clip, "../clip.mov"),
        await tus.upload(cast.li, cast.order, "file", b"%PDF-1.7 contract", "合同.pdf"),
    ]
    line = await Line(cast.zhang).open()
    ears = await line.listen(f"order:{cast.order}")
    sent = await tus.send(cast.li, cast.order, *ids, text=" 请看\u202e ")
    assert sent.status_code == 200, sent.text
    await until(lambda: any(event["type"] == "message_sent" for event in ears.events))
    live = next(event for event in ears.events if event["type"] == "message_sent")
    await line.close()
    (kept,) = [e for e in (await cast.owner.order(cast.order))["events"] if e["type"] == "message_sent"]
    assert live["body"] == kept["body"]
    assert kept["body"]["text"] == "请看"
    picture, sound, film, file = kept["body"]["media"]
    assert [one["id"] for one in kept["body"]["media"]] == ids
    assert (picture["kind"], picture["type"], picture["name"]) == ("picture", "image/jpeg", "IMG_1.jpg")
    assert (picture["width"], picture["height"], len(picture["blurhash"])) == (300, 400, 28)
    assert (sound["kind"], sound["type"], sound["name"]) == ("voice", "audio/mp4", "recording.m4a")
    assert abs(sound["duration_ms"] - 2000) < 80
    assert sound["waveform"]
    assert (film["kind"], film["width"], film["name"]) == ("video", 320, "clip.mp4")
    assert (file["kind"], file["type"], file["name"], file["size"]) == (
        "file", "application/pdf", "合同.pdf", 17,
    )  # fmt: skip
    for who in (cast.li, cast.owner, cast.zhang):
        found = await tus.links(who, cast.order, *ids)
        assert list(found) == ids
        for one in kept["body"]["media"]:
            got = await tus.fetch(house.url, found[one["id"]]["original"])
            assert (got.status_code, len(got.content)) == (200, one["size"])
        assert (await tus.fetch(house.url, found[ids[0]]["thumb"])).headers["content-type"] == "image/jpeg"
        assert found[ids[1]]["play"] == found[ids[1]]["original"]


async def test_only_ones_own_ready_uploads_of_this_order(house: House, cast: Cast) -> None:
    """MED-7, MED-25: each refusal is one that says what is wrong, and nothing is sent."""
    li, order = cast.li, cast.order
    other = await place(li)
    mine = await tus.upload(li, order, "picture", samples.jpeg())
    elsewhere = await tus.upload(li, other, "picture", samples.jpeg())
    anothers = await tus.upload(cast.owner, order, "picture", samples.jpeg())
    half = (await tus.create(li, order, "file", 10)).headers["location"].rpartition("/")[2]
    for media, code in (
        ([elsewhere], (404, "media.unknown")),
        ([anothers], (404, "media.unknown")),
        ([mine, "no-such-upload"], (404, "media.unknown")),
        ([mine, mine], (404, "media.unknown")),
        ([half], (409, "media.unfinished")),
        ([], (422, "request.invalid")),
        ([mine] * 10, (422, "request.invalid")),
    ):
        assert refused(await tus.send(li, order, *media)) == code
    assert refused(await tus.send(li, order, mine, text="长" * 1001)) == (422, "message.too_long")
    made_up = {"id": mine, "kind": "picture", "type": "text/html", "size": 1}
    assert (await tus.send(li, order, mine, attachments=[made_up])).status_code == 200
    events = (await li.order(order))["events"]
    (message,) = [event for event in events if event["type"] == "message_sent"]
    assert message["body"]["media"][0]["type"] == "image/jpeg"
    assert (await tus.create(cast.chen, order, "file", 10)).status_code == 404


async def test_what_it_is_not_is_told(house: House, cast: Cast) -> None:
    """MED-14, MED-16, MED-19: a zip named .jpg, a bomb, a drawing with script, cut sound."""
    for purpose, data, code in (
        ("picture", b"PK\x03\x04" + bytes(300), "media.type"),
        ("picture", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "media.type"),
        ("picture", samples.bomb(), "media.pixels"),
        ("picture", samples.jpeg()[:4000], "media.broken"),
        ("voice", b"OggS" + bytes(100), "media.broken"),
        ("video", b"<html><script>alert(1)</script>", "media.type"),
    ):
        media = await tus.upload(cast.li, cast.order, purpose, data, "picture.jpg")
        answer = await tus.send(cast.li, cast.order, media)
        assert refused(answer) == (422, code)
        assert answer.json()["detail"].endswith("。")  # in the reader's language
        assert await tus.links(cast.li, cast.order, media) == {}


async def test_while_it_is_made_ready_one_comes_again(
    house: House, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MED-26: temporary, with the same command id."""
    monkeypatch.setattr(desk, "PATIENCE_S", 0.05)
    first = await tus.upload(cast.li, cast.order, "picture", samples.jpeg())
    assert (await tus.send(cast.li, cast.order, first)).status_code == 200
    worker = house.media.desk._short.pid
    os.kill(worker, signal.SIGSTOP)
    media = await tus.upload(cast.li, cast.order, "picture", samples.jpeg())
    answer = await cast.li.do("send_media", order=cast.order, media=[media], key="the-same-command")
    assert refused(answer) == (503, "media.processing")
    assert answer.headers["retry-after"] == "1"
    os.kill(worker, signal.SIGCONT)
    sent = await tus.send(cast.li, cast.order, media, key="the-same-command")
    assert sent.status_code == 200
    again = await tus.send(cast.li, cast.order, media, key="the-same-command")
    assert again.json() == sent.json()


async def test_when_the_process_dies_the_server_lives(house: House, cast: Cast) -> None:
    """MED-23."""
    first = await tus.upload(cast.li, cast.order, "picture", samples.jpeg())
    assert (await tus.send(cast.li, cast.order, first)).status_code == 200
    worker = house.media.desk._short.pid
    os.kill(worker, signal.SIGSTOP)
    media = await tus.upload(cast.li, cast.order, "picture", samples.jpeg())
    # The job is with the worker, which holds still.
    await until(house.media.desk._short._turn.locked)
    os.kill(worker, signal.SIGKILL)
    assert refused(await tus.send(cast.li, cast.order, media)) == (422, "media.broken")
    after = await tus.upload(cast.li, cast.order, "picture", samples.jpeg())
    assert (await tus.send(cast.li, cast.order, after)).status_code == 200


async def test_a_restart_goes_on_with_what_was_whole(
    open_another: Callable[..., Any], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MED-24: whole when the server stopped, ready after the start."""
    database = f"sqlite:///{data}/restart-media.db"
    first: House = await open_another(database=database)
    li = await log_in(first, "li")
    order = await place(li)

    async def never(upload: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(first.media.desk, "_make_once", never)
    media = await tus.upload(li, order, "picture", samples.jpeg())
    await first.media.desk.close()
    second: House = await open_another(database=database)
    li = await log_in(second, "li")
    assert (await tus.send(li, order, media)).status_code == 200


class Engine:
    """Reads every message alike, or fails."""

    async def transcribe(self, recording: Path, duration_ms: int) -> str:
        if duration_ms > 1_500:
            raise RuntimeError("out of order")
        with recording.open("rb") as file:
            assert file.read(12)[4:] == b"ftypM4A "
        return " 门口有电动门\u202e "


async def test_a_voice_message_carries_its_words_where_it_can(
    house: House, cast: Cast, tmp_path: Path
) -> None:
    """MED-35: and is sent without them when the engine fails."""
    house.media.desk.transcriber = Engine()
    for seconds, words in ((1, "门口有电动门"), (2, None)):
        voice = samples.sound(tmp_path / "v.webm", seconds, "webm", "libopus")
        media = await tus.upload(cast.li, cast.order, "voice", voice)
        assert (await tus.send(cast.li, cast.order, media)).status_code == 200
        event = (await cast.owner.order(cast.order))["events"][-1]
        assert event["body"]["media"][0].get("transcript") == words


async def test_an_answer_and_its_audience(house: House, cast: Cast) -> None:
    """MED-29: written to fewer, seen by fewer; an answer to a message like any other."""
    said = await cast.owner.done("say", order=cast.order, text="哪种粉?", to=["courier"])
    media = await tus.upload(cast.zhang, cast.order, "picture", samples.jpeg())
    sent = await tus.send(cast.zhang, cast.order, media, reply_to=said["seq"], mentions=["shop"])
    assert sent.status_code == 200, sent.text
    (message,) = [e for e in (await cast.owner.order(cast.order))["events"] if e["body"].get("media")]
    assert message["body"]["to"] == ["shop", "courier"]
    assert (message["body"]["quote"]["text"], message["body"]["mentions"]) == ("哪种粉?", ["shop"])
    assert list(await tus.links(cast.owner, cast.order, media)) == [media]
    assert await tus.links(cast.li, cast.order, media) == {}


async def test_the_proof_of_a_delivery_and_of_an_incident(house: House, cast: Cast) -> None:
    """MED-28."""
    zhang, order = cast.zhang, cast.order
    await cast.owner.done("start_making", order=order)
    await cast.owner.done("mark_ready", order=order)
    await zhang.done("pick_up", order=order)
    anothers = await tus.upload(cast.li, order, "proof", samples.jpeg())
    voice = await tus.upload(zhang, order, "file", b"not a picture")
    incident = await tus.upload(zhang, order, "picture", samples.jpeg())
    proof = await tus.upload(zhang, order, "proof", samples.jpeg())
    fields = {"order": order, "reason": "flowers_damaged"}
    assert refused(await zhang.do("report_incident", **fields, picture=anothers)) == (404, "media.unknown")
    assert refused(await zhang.do("report_incident", **fields, picture=voice)) == (422, "media.purpose")
    answer = await zhang.do("report_incident", **fields, picture="https://x/y.jpg")
    assert refused(answer) == (422, "request.invalid")
    await zhang.done("report_incident", **fields, picture=incident)
    await zhang.done("deliver", order=order, picture=proof, received_by="本人")
    assert (await cast.li.order(order))["order"]["proof"]["picture"] == proof
    assert list(await tus.links(cast.li, order, proof, incident)) == [proof]
    assert list(await tus.links(cast.owner, order, proof, incident)) == [proof, incident]
    got = await tus.fetch(house.url, (await tus.links(cast.li, order, proof))[proof]["original"])
    assert got.status_code == 200
