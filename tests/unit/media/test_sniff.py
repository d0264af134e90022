"""What bytes are (docs/spec/media.md)."""

from pathlib import Path

import pytest

from huaxin.media.names import clean_name, disposition, with_ending
from huaxin.media.sniff import NAMEABLE, sniff
from tests.unit.media import samples


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"PK\x03\x04 named.jpg", "application/zip"),
        (b"<svg xmlns='x' onload='alert(1)'/>", "image/svg+xml"),
        (b"\xef\xbb\xbf  <?xml version='1.0'?><svg/>", "image/svg+xml"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "text/html"),
        (b"hello <script>alert(1)</script>", "text/html"),
        (b"%PDF-1.7", "application/pdf"),
        (b"just words", "text/plain"),
        ("花语".encode(), "text/plain"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heic"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isomiso2", "video/mp4"),
        (b"\x00\x00\x00\x18ftypqt  \x00\x00\x00\x00qt  ", "video/quicktime"),
        (b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A ", "audio/mp4"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"#!AMR\n", "audio/amr"),
        (b"MZ\x90\x00", "application/vnd.microsoft.portable-executable"),
        (b"\x00\x01\x02\x03", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_bytes_say_what_they_are(head: bytes, kind: str) -> None:
    """MED-14: never the name, never what was said."""
    assert sniff(head) == kind


def test_what_was_really_made_is_recognised(tmp_path: Path) -> None:
    """MED-14, with files as devices write them."""
    assert sniff(samples.jpeg()[:4096]) == "image/jpeg"
    assert sniff(samples.heic()[:4096]) == "image/heic"
    assert sniff(samples.screenshot()[:4096]) == "image/png"
    assert sniff(samples.sound(tmp_path / "a.webm", 0.5, "webm", "libopus")[:4096]) == "video/webm"
    assert sniff(samples.sound(tmp_path / "a.mp4", 0.5, "mp4", "aac")[:4096]) == "video/mp4"
    assert sniff(samples.sound(tmp_path / "a.ogg", 0.5, "ogg", "libopus")[:4096]) == "audio/ogg"


def test_nothing_a_browser_would_run_keeps_its_name() -> None:
    """MED-33."""
    assert not NAMEABLE & {"image/svg+xml", "text/html", "text/plain", "application/xml", "text/javascript"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\花.jpg", "花.jpg"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\r\nSet-Cookie: x", "aSet-Cookie_ x"),
        ('quote".txt', "quote_.txt"),
        ("x" * 300 + ".jpeg", "x" * 108 + ".jpeg"),
        ("..", ""),
    ],
)
def test_names_are_only_names(said: str, kept: str) -> None:
    """No path, no control or direction sign, and the ending stays."""
    assert clean_name(said) == kept
    assert len(clean_name(said)) <= 120


def test_a_header_holds_any_name() -> None:
    """MED-33: plain signs for old readers, the real name for the others."""
    said = disposition('花束 "1".pdf', inline=False)
    assert said.isascii()
    assert said.startswith("attachment; filename=\"__ _1_.pdf\"; filename*=UTF-8''%E8%8A%B1")
    assert with_ending("IMG_0001.HEIC", "jpg", "picture") == "IMG_0001.jpg"
    assert with_ending("", "m4a", "voice") == "voice.m4a"
