"""Voice, pictures, clips and files between real screens (docs/spec/media.md)."""

import hashlib
import random
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Request

from tests.browser.conftest import Cast, Hold, until
from tests.browser.media import (
    VOICE,
    at_least,
    choose,
    clock_is,
    has_count,
    has_proof,
    hold_to_talk,
    is_long,
    large_photo,
    loaded,
    media_of,
    moved,
    none_of,
    send_chosen,
    send_voice,
    sound,
    talk,
    write,
    zoomed,
)
from tests.browser.test_pending import say
from tests.browser.test_quality import findings
from tests.contract.media import tus
from tests.unit.media import samples


async def test_a_voice_message_is_held_sent_and_played_by_somebody_else(hold: Hold, cast: Cast) -> None:
    """Recorded by Chromium as WebM/Opus, played by the shop to its end, and no longer unheard."""
    li = await talk(hold, "buyer", cast)
    await hold_to_talk(li, 6000)  # still sounding when its speed is changed, also on a slow machine
    await until(lambda: li.page.locator(VOICE).count())
    owner = await talk(hold, "shop", cast)
    voice = owner.page.locator(VOICE)
    await voice.wait_for()
    (attachment,) = await media_of(cast)
    assert attachment["kind"] == "voice"
    assert attachment["type"] == "audio/mp4"
    assert 4000 < attachment["duration_ms"] < 30_000
    assert attachment["waveform"]
    assert await owner.page.get_by_text("还没有听").count() == 1
    await voice.get_by_role("button", name="播放").click()
    await until(lambda: moved(owner, 0.3))
    played = await sound(owner)
    assert abs(played["long"] * 1000 - attachment["duration_ms"]) < 150
    await voice.get_by_role("button", name="播放速度 1 倍").click()
    assert (await sound(owner))["rate"] == 1.5
    assert await owner.page.get_by_text("还没有听").count() == 0
    await voice.get_by_role("button", name="播放", exact=True).wait_for()
    # The speed is remembered, and what was heard stays heard.
    await owner.page.reload()
    await owner.page.locator(VOICE).wait_for()
    assert await owner.page.evaluate("localStorage.getItem('huaxin.voice.speed')") == "1.5"
    await until(lambda: none_of(owner, "还没有听"))


async def test_a_voice_message_of_an_iphone_plays_too_and_those_after_it_follow(
    hold: Hold, cast: Cast, tmp_path: Path
) -> None:
    """MP4/AAC made with PyAV; the unheard one after it begins by itself, only one sounds at a time."""
    first = await send_voice(cast, samples.sound(tmp_path / "a.mp4", 1.5, "mp4", "aac"), "voice.m4a")
    await send_voice(cast, samples.sound(tmp_path / "b.webm", 4.0, "webm", "libopus"), "voice.webm")
    owner = await talk(hold, "shop", cast)
    voices = owner.page.locator(VOICE)
    await until(lambda: has_count(voices, 2))
    assert (await media_of(cast))[0]["id"] == first
    await voices.nth(0).get_by_role("button", name="播放").click()
    await until(lambda: moved(owner, 0.2))
    assert abs((await sound(owner))["long"] - 1.5) < 0.15
    await voices.nth(1).get_by_role("button", name="暂停").wait_for()
    await until(lambda: is_long(owner, 4.0))
    assert await voices.nth(0).get_by_role("button", name="播放").count() == 1
    # By keyboard to a place in it.
    bar = voices.nth(1).get_by_role("slider")
    await bar.press("End")
    await until(lambda: moved(owner, 3.5))
    await until(lambda: none_of(owner, "还没有听"))


async def test_sliding_away_sends_nothing_and_a_click_needs_no_holding(hold: Hold, cast: Cast) -> None:
    li = await talk(hold, "buyer", cast)
    await hold_to_talk(li, 1000, away=True)
    await li.page.locator(".voicebar .live").wait_for(state="hidden")
    assert await li.page.locator(VOICE).count() == 0
    owner = await talk(hold, "shop", cast)
    await owner.page.get_by_role("button", name="说语音").press("Enter")
    await until(lambda: clock_is(owner, 1000))
    await owner.page.locator(".voicebar").get_by_role("button", name="发送").click()
    await until(lambda: li.page.locator(VOICE).count())
    assert [one["kind"] for one in await media_of(cast)] == ["voice"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("NotAllowedError", "没有麦克风权限"),
        ("NotFoundError", "没有找到麦克风"),
        ("NotReadableError", "麦克风正被别的应用占用"),
    ],
)
async def test_without_a_microphone_it_is_said_why(hold: Hold, cast: Cast, error: str, words: str) -> None:
    owner = await talk(hold, "shop", cast)
    await owner.page.evaluate(
        "name => (navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', name)))",
        error,
    )
    await owner.page.get_by_role("button", name="说语音").click()
    await owner.page.get_by_text(words).wait_for()
    # And one can write as before.
    await owner.page.get_by_label("写点什么…").wait_for()


async def test_pictures_are_looked_at_sent_and_seen(hold: Hold, cast: Cast, tmp_path: Path) -> None:
    """Three chosen, one taken out, words beside them; a thumbnail at the shop, whole in the viewer."""
    li = await talk(hold, "buyer", cast)
    owner = await talk(hold, "shop", cast)
    paths = [write(tmp_path / f"{n}.jpg", samples.jpeg(800, 600 + 100 * n)) for n in range(2)]
    paths.append(write(tmp_path / "IMG_1.HEIC", samples.heic()))
    await choose(li, *paths)
    sheet = li.page.get_by_role("dialog", name="发送 3 项")
    await sheet.get_by_role("button", name="去掉 0.jpg").click()
    sheet = li.page.get_by_role("dialog", name="发送 2 项")
    await sheet.get_by_label("写一句说明").fill("请按这张配色")
    assert await findings(li) == []
    await sheet.get_by_role("button", name="发送", exact=True).click()
    await until(lambda: loaded(owner, ".conversation .tile img", 2))
    await owner.page.get_by_text("请按这张配色").first.wait_for()
    sent = await media_of(cast)
    assert [one["kind"] for one in sent] == ["picture", "picture"]
    assert all(one["blurhash"] and one["width"] for one in sent)
    await owner.page.locator(".conversation .tile").first.click()
    viewer = owner.page.get_by_role("dialog", name="图片 1/2")
    await until(lambda: loaded(owner, ".hx-viewer img.sharp", 1))
    assert await findings(owner) == []
    await owner.page.keyboard.press("ArrowRight")
    await owner.page.get_by_role("dialog", name="图片 2/2").wait_for()
    await owner.page.keyboard.press("+")
    await until(lambda: zoomed(owner))
    save = await owner.page.get_by_role("link", name="保存").get_attribute("href")
    assert save is not None
    answer = await owner.page.request.get(f"{owner.page.url.split('/shop/')[0]}{save}")
    assert answer.headers["content-disposition"].startswith("attachment")
    await owner.page.keyboard.press("Escape")
    await viewer.wait_for(state="hidden")


async def test_a_picture_of_three_megabytes_is_there_at_once_and_a_text_stays_behind_it(
    hold: Hold, cast: Cast, tmp_path: Path
) -> None:
    li = await talk(hold, "buyer", cast)
    owner = await talk(hold, "shop", cast)
    body = large_photo()
    assert 2_500_000 < len(body) < 5_000_000
    await choose(li, write(tmp_path / "large.jpg", body))
    await send_chosen(li)
    await say(li, "后面的话")
    await until(lambda: loaded(owner, ".conversation .tile img", 1))
    await owner.page.get_by_text("后面的话").first.wait_for()
    events = (await cast.owner.order(cast.order))["events"]
    said = [event["body"] for event in events if event["type"] == "message_sent"]
    assert [bool(body.get("media")) for body in said] == [True, False]
    # What is shown is the small one, in the shape of the large one.
    box = await owner.page.locator(".conversation .tile").bounding_box()
    assert box is not None
    assert abs(box["width"] / box["height"] - 3000 / 2200) < 0.02


async def test_a_reload_in_the_middle_of_an_upload_goes_on_where_it_was(
    hold: Hold, cast: Cast, tmp_path: Path
) -> None:
    """One upload, byte for byte, though the page was loaded anew while it travelled."""
    li = await talk(hold, "buyer", cast)
    begun: list[str] = []
    offsets: list[int] = []

    def count(request: Request) -> None:
        if request.url.endswith("/api/uploads") and request.method == "POST":
            begun.append(request.url)
        if request.method == "PATCH":
            offsets.append(int(request.headers.get("upload-offset", "0")))

    li.page.on("request", count)
    network = await li.context.new_cdp_session(li.page)
    await network.send("Network.enable")
    slow = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 3_000_000}
    await network.send("Network.emulateNetworkConditions", slow)
    body = random.Random(3).randbytes(24_000_000)
    await choose(li, write(tmp_path / "长文件.bin", body), way="file")
    await send_chosen(li)
    await until(lambda: at_least(offsets, 2))
    await li.page.reload()
    await li.page.locator(".conversation .way").wait_for()
    await network.send("Network.emulateNetworkConditions", {**slow, "latency": 0, "uploadThroughput": -1})
    found = await until(lambda: media_of(cast))
    assert len(begun) == 1
    assert any(offset > 0 for offset in offsets[2:])
    links = await tus.links(cast.owner, cast.order, found[0]["id"])
    answer = await tus.fetch(cast.owner.house.url, links[found[0]["id"]]["original"])
    assert hashlib.sha256(answer.content).digest() == hashlib.sha256(body).digest()
    await li.page.locator(".conversation .file").get_by_text("长文件.bin").wait_for()


async def test_an_upload_waits_for_the_network_and_can_be_given_up(
    hold: Hold, cast: Cast, tmp_path: Path
) -> None:
    li = await talk(hold, "buyer", cast)
    await li.context.set_offline(True)
    for n in range(2):
        await choose(li, write(tmp_path / f"{n}.jpg", samples.jpeg(400, 300 + n)))
        await (
            li.page.get_by_role("dialog", name="发送").get_by_role("button", name="发送", exact=True).click()
        )
        await until(lambda n=n: has_count(li.page.locator(".conversation .way"), n + 1))
    await li.page.get_by_text("等网络恢复后继续上传").first.wait_for()
    await li.page.locator(".conversation .way").first.get_by_role("button", name="取消发送").click()
    await until(lambda: has_count(li.page.locator(".conversation .way"), 1))
    await li.context.set_offline(False)
    found = await until(lambda: media_of(cast))
    assert [one["name"] for one in found] == ["1.jpg"]


async def test_what_the_server_refuses_is_said_in_its_words(hold: Hold, cast: Cast, tmp_path: Path) -> None:
    li = await talk(hold, "buyer", cast)
    await choose(li, write(tmp_path / "a.jpg", b"PK\x03\x04" + bytes(2000)))
    await send_chosen(li)
    alert = li.page.locator(".conversation [role=alert]")
    await alert.wait_for()
    assert re.search("[一-鿿]", await alert.inner_text())
    await alert.get_by_role("button", name="放弃").click()
    await alert.wait_for(state="hidden")


async def test_a_clip_is_played_in_its_place(hold: Hold, cast: Cast, tmp_path: Path) -> None:
    media = await tus.upload(
        cast.li, cast.order, "video", samples.clip(tmp_path / "a.mp4", 2.0, "mp4", "libx264"), "a.mp4"
    )
    assert (await tus.send(cast.li, cast.order, media)).status_code == 200
    owner = await talk(hold, "shop", cast)
    await until(lambda: loaded(owner, ".conversation .tile img", 1))
    await owner.page.locator(".conversation .tile").click()
    await until(
        lambda: owner.page.evaluate("(document.querySelector('.hx-viewer video')?.currentTime ?? 0) > 0.2")
    )
    assert owner.errors == []


async def test_files_can_be_dropped_on_a_conversation(hold: Hold, cast: Cast) -> None:
    owner = await talk(hold, "shop", cast)
    await owner.page.evaluate(
        """() => {
          const data = new DataTransfer()
          data.items.add(new File(['小票'], '小票.txt', { type: 'text/plain' }))
          const to = document.querySelector('.conversation')
          for (const type of ['dragenter', 'dragover', 'drop'])
            to.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }))
        }"""
    )
    await send_chosen(owner)
    found = await until(lambda: media_of(cast))
    assert [(one["kind"], one["name"]) for one in found] == [("file", "小票.txt")]


async def test_the_picture_at_the_door_is_seen_by_buyer_and_shop(
    hold: Hold, cast: Cast, tmp_path: Path
) -> None:
    """The courier's proof: taken without network, it travels with the step."""
    await cast.owner.done("mark_ready", order=cast.order)
    for command in ("pick_up", "set_off", "mark_arrived"):
        await cast.zhang.done(command, order=cast.order)
    zhang = await hold("courier", "zhang")
    slide = zhang.page.get_by_role("button", name="已送达").first
    await slide.wait_for()
    await zhang.context.set_offline(True)
    await slide.press("Enter")
    await slide.press("Enter")
    door = write(tmp_path / "door.jpg", samples.jpeg(2400, 1800))
    sheet = zhang.page.get_by_role("dialog", name="花交给谁了?")
    await sheet.locator("input[type=file]").set_input_files(door)
    await sheet.locator("img").wait_for()
    assert await findings(zhang) == []
    await sheet.get_by_role("button", name="家人").click()
    await zhang.context.set_offline(False)
    await until(lambda: has_proof(cast))
    li = await hold("buyer", "li", f"orders/{cast.order}")
    await until(lambda: loaded(li, "a.proof img", 1))
    owner = await hold("shop", "owner", f"orders/{cast.order}")
    await owner.page.get_by_role("tab", name="订单").click()
    await until(lambda: loaded(owner, "a.proof img", 1))


async def test_the_picture_of_an_incident_is_for_the_shop(hold: Hold, cast: Cast, tmp_path: Path) -> None:
    await cast.owner.done("mark_ready", order=cast.order)
    await cast.zhang.done("pick_up", order=cast.order)
    zhang = await hold("courier", "zhang")
    await zhang.page.get_by_role("button", name="异常上报").click()
    sheet = zhang.page.get_by_role("dialog")
    await sheet.locator("input[type=file]").set_input_files(write(tmp_path / "tyre.jpg", samples.jpeg()))
    await sheet.locator("img").wait_for()
    await sheet.get_by_role("button", name="车辆故障").click()
    owner = await hold("shop", "owner", f"orders/{cast.order}")
    await until(lambda: loaded(owner, ".card.incident a.proof img", 1))
    li = await cast.li.order(cast.order)
    assert [one.get("picture", "") for one in li["order"]["incidents"]] == [""]


@pytest.mark.parametrize("app", ["buyer", "courier", "shop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_media_in_a_conversation_have_no_serious_findings(
    hold: Hold, cast: Cast, tmp_path: Path, app: str, scheme: Any
) -> None:
    await send_voice(cast, samples.sound(tmp_path / "a.webm", 2.0, "webm", "libopus"), "voice.webm")
    for purpose, body, name in (("picture", samples.jpeg(), "a.jpg"), ("file", b"%PDF-1.7 \n", "b.pdf")):
        media = await tus.upload(cast.li, cast.order, purpose, body, name)
        assert (await tus.send(cast.li, cast.order, media)).status_code == 200
    held = await talk(hold, app, cast)
    await held.page.emulate_media(color_scheme=scheme)
    await until(lambda: loaded(held, ".conversation .tile img", 1))
    await held.page.locator(".conversation .file").wait_for()
    assert await findings(held) == []


# what is waited for
