"""What becomes of pictures, sounds and clips (docs/spec/media.md)."""

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from huaxin.media import blurhash, clips, pictures
from huaxin.media.model import MediaError, Purpose
from huaxin.media.sound import waveform
from huaxin.media.worker import Job, Result, answer
from tests.unit.media import samples


def make(tmp_path: Path, purpose: Purpose, data: bytes) -> tuple[Result, Path]:
    """What the worker answers, and the folder it wrote into."""
    source, out = tmp_path / "source", tmp_path / "out"
    source.write_bytes(data)
    out.mkdir()
    return answer(Job(id="m-1", purpose=purpose, source=str(source), out=str(out))), out


def is_clean(data: bytes) -> bool:
    found = b"".join((data,))
    return not any(word in found for word in (b"Exif", b"Secret", b"GPS", b"ICC_PROFILE", b"http"))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_upright_and_says_nothing(tmp_path: Path, orientation: int) -> None:
    """MED-15: red was on the left of what the camera saw, turned as it says it was held."""
    result, out = make(tmp_path, Purpose.picture, samples.jpeg(400, 300, orientation))
    assert (result.code, result.kind, result.type) == ("", "picture", "image/jpeg")
    turned = orientation >= 5
    assert (result.width, result.height) == ((300, 400) if turned else (400, 300))
    for name in ("original.jpg", "thumb.jpg"):
        assert is_clean((out / name).read_bytes())
        with Image.open(out / name) as picture:
            assert not picture.getexif()
            assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            red_at = {
                1: "left",
                2: "right",
                3: "right",
                4: "left",
                5: "top",
                6: "top",
                7: "bottom",
                8: "bottom",
            }
            assert reddest(picture) == red_at[orientation]
    assert len(result.blurhash) == 28


def reddest(picture: Image.Image) -> str:
    """The side on which red is strongest."""
    red = np.asarray(picture.convert("RGB"), dtype=float)[:, :, 0]
    sides = {
        "left": red[:, : red.shape[1] // 4],
        "right": red[:, -red.shape[1] // 4 :],
        "top": red[: red.shape[0] // 4],
        "bottom": red[-red.shape[0] // 4 :],
    }
    return max(sides, key=lambda side: float(sides[side].mean()))


def test_heic_becomes_jpeg(tmp_path: Path) -> None:
    """MED-15, MED-17."""
    result, out = make(tmp_path, Purpose.picture, samples.heic(400, 300))
    assert (result.type, result.width, result.height) == ("image/jpeg", 400, 300)
    assert is_clean((out / "original.jpg").read_bytes())


def test_a_drawing_stays_sharp_and_a_large_photo_is_bounded(tmp_path: Path) -> None:
    """MED-15: PNG of a screenshot is PNG again; more than 4096 pixels are not given out."""
    result, out = make(tmp_path, Purpose.picture, samples.screenshot())
    assert result.type == "image/png"
    with Image.open(out / "original.png") as picture:
        assert picture.info == {}
    (tmp_path / "large").mkdir()
    result, _ = make(tmp_path / "large", Purpose.proof, samples.jpeg(5000, 1000))
    assert (result.width, result.height) == (4096, 819)


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MED-16: 100 million pixels in 12 kB."""
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    bomb = samples.bomb(10_000)
    assert len(bomb) < 20_000
    result, out = make(tmp_path, Purpose.picture, bomb)
    assert (result.code, result.value) == ("media.pixels", "10000×10000")
    assert not list(out.iterdir())


@pytest.mark.parametrize(
    ("purpose", "data", "code"),
    [
        (Purpose.picture, b"PK\x03\x04" + bytes(500), "media.type"),
        (Purpose.picture, b"<svg onload='alert(1)'/>", "media.type"),
        (Purpose.picture, b"<html><script>alert(1)</script>", "media.type"),
        (Purpose.picture, samples.jpeg()[:3000], "media.broken"),
        (Purpose.picture, b"\xff\xd8\xff" + bytes(100), "media.broken"),
        (Purpose.proof, b"%PDF-1.4", "media.type"),
        (Purpose.voice, samples.jpeg(), "media.type"),
        (Purpose.voice, b"OggS" + bytes(200), "media.broken"),
        (Purpose.video, samples.jpeg(), "media.type"),
        (Purpose.video, b"\x00\x00\x00\x18ftypisom" + bytes(200), "media.broken"),
    ],
)
def test_what_is_something_else_is_refused(tmp_path: Path, purpose: Purpose, data: bytes, code: str) -> None:
    """MED-14."""
    result, _ = make(tmp_path, purpose, data)
    assert result.code == code


def test_a_file_stays_what_it_is(tmp_path: Path) -> None:
    """MED-22."""
    data = b"<svg onload='alert(1)'/>"
    result, out = make(tmp_path, Purpose.file, data)
    assert (result.kind, result.type) == ("file", "image/svg+xml")
    assert (out / "original").read_bytes() == data


@pytest.mark.parametrize(
    ("form", "codec", "rate"),
    [
        ("webm", "libopus", 48_000),
        ("mp4", "aac", 44_100),
        ("ogg", "libopus", 48_000),
        ("wav", "pcm_s16le", 16_000),
    ],
)
def test_every_recorder_ends_in_one_form(tmp_path: Path, form: str, codec: str, rate: int) -> None:
    """MED-18: Chromium, iPhone and others alike."""
    data = samples.sound(tmp_path / f"r.{form}", 3, form, codec, rate)
    result, out = make(tmp_path, Purpose.voice, data)
    assert (result.code, result.kind, result.type) == ("", "voice", "audio/mp4")
    assert abs(result.duration_ms - 3000) <= 80
    made = (out / "original.m4a").read_bytes()
    assert made.index(b"moov") < made.index(b"mdat")
    assert sniffed_brand(made) == b"M4A "
    with av.open(str(out / "original.m4a")) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.layout.name) == ("aac", 24_000, "mono")
        assert stream.profile == "LC"
        assert container.duration is not None
        assert abs(container.duration / 1000 - result.duration_ms) <= 60
    bars = result.waveform
    assert 20 <= len(bars) <= 64
    assert min(bars[2 : len(bars) // 3 - 2]) > 90
    assert max(bars[len(bars) // 3 + 2 : 2 * len(bars) // 3 - 2]) <= 5
    assert 50 < bars[-4] < 80


def sniffed_brand(data: bytes) -> bytes:
    return data[8:12]


def test_a_cut_recording_keeps_what_can_be_heard(tmp_path: Path) -> None:
    """MED-19."""
    data = samples.sound(tmp_path / "r.webm", 6, "webm", "libopus")
    result, _ = make(tmp_path, Purpose.voice, data[: len(data) // 2])
    assert result.code == ""
    assert 1_000 < result.duration_ms < 5_500
    (tmp_path / "b").mkdir()
    result, _ = make(tmp_path / "b", Purpose.voice, data[:120])
    assert result.code == "media.broken"
    # An iPhone writes its index at the end: without it nothing can be found.
    (tmp_path / "c").mkdir()
    data = samples.sound(tmp_path / "r.mp4", 3, "mp4", "aac")
    result, _ = make(tmp_path / "c", Purpose.voice, data[: len(data) // 2])
    assert result.code == "media.broken"


def test_silence_is_flat() -> None:
    """MED-18: a hum is no shouting."""
    assert max(waveform(np.full(24_000, 20, np.int16))) < 20
    assert len(waveform(np.zeros(2_400, np.int16))) == 2


def test_a_phones_clip_is_packed_anew(tmp_path: Path) -> None:
    """MED-20: the same pictures, without the place."""
    data = samples.clip(tmp_path / "r.mp4", 2, "mp4", "libx264")
    assert b"31.2304" in data
    result, out = make(tmp_path, Purpose.video, data)
    assert (result.kind, result.type, result.width, result.height) == ("video", "video/mp4", 320, 240)
    assert abs(result.duration_ms - 2000) < 100
    made = (out / "original.mp4").read_bytes()
    assert b"31.2304" not in made
    assert made.index(b"moov") < made.index(b"mdat")
    assert packets(out / "original.mp4") == packets(tmp_path / "r.mp4")
    assert len(result.blurhash) == 28
    with Image.open(out / "thumb.jpg") as poster:
        assert reddest(poster) == "left"


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


@pytest.mark.parametrize(("form", "codec"), [("webm", "libvpx"), ("mov", "libx265")])
def test_other_codecs_are_made_again(
    tmp_path: Path, form: str, codec: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """MED-21: what Safari or an older phone does not play."""
    result, out = make(tmp_path, Purpose.video, samples.clip(tmp_path / f"r.{form}", 1, form, codec))
    capfd.readouterr()  # the encoder of the sample tells its life
    assert (result.kind, result.type) == ("video", "video/mp4")
    with av.open(str(out / "original.mp4")) as container:
        context = container.streams.video[0].codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert container.streams.video[0].frames >= 13


def test_a_clip_that_is_too_long_to_make_again_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MED-21."""
    monkeypatch.setattr(clips, "LONGEST_S", 0.5)
    data = samples.clip(tmp_path / "r.webm", 1, "webm", "libvpx")
    result, out = make(tmp_path, Purpose.video, data)
    assert (result.kind, result.type) == ("file", "video/webm")
    assert [one.name for one in out.iterdir()] == ["original"]
    assert (out / "original").read_bytes() == data


def test_a_blurhash_has_the_colours(tmp_path: Path) -> None:
    """MED-15: average first, then waves across and down, as the format says."""
    red = np.zeros((24, 32, 3), np.uint8)
    red[:, :, 0] = 255
    assert blurhash.encode(red) == "LDTI:j]9fQ]9|co1fQo1fQfQfQfQ"  # as other encoders say it
    assert average(blurhash.encode(red)) == (255, 0, 0)
    half = red.copy()
    half[:, 16:] = (0, 0, 255)
    assert average(blurhash.encode(half)) == (188, 0, 188)  # linear light, not bytes


def average(hash: str) -> tuple[int, int, int]:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
    value = 0
    for sign in hash[2:6]:
        value = value * 83 + digits.index(sign)
    return value >> 16, value >> 8 & 255, value & 255


def test_a_broken_colour_profile_does_no_harm(tmp_path: Path) -> None:
    """MED-15: the picture is kept, the profile goes."""
    source = tmp_path / "p.jpg"
    samples.photo(200, 100).save(source, "JPEG", icc_profile=b"SecretProfile" * 30)
    out = tmp_path / "out"
    out.mkdir()
    made = pictures.make_picture(source, "image/jpeg", out)
    assert made["width"] == 200
    assert is_clean((out / "original.jpg").read_bytes())
    with pytest.raises(MediaError):
        pictures.make_picture(source, "application/pdf", out)
