"""What bytes are, by the bytes themselves. What a client says they are is never believed."""

HEAD = 4096  # bytes to look at

PICTURES = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/avif", "image/bmp"}
)
# Containers that may hold sound alone or a clip; which one is known only after opening them.
FILMS = frozenset({"video/mp4", "video/quicktime", "video/webm", "video/x-matroska", "video/3gpp"})
SOUNDS = frozenset(
    {"audio/mp4", "audio/ogg", "audio/mpeg", "audio/wav", "audio/aac", "audio/flac", "audio/amr"}
)
UNKNOWN = "application/octet-stream"
# What may be named as what it is when somebody saves it. Nothing here is ever run by a browser, and it is
# sent as an attachment all the same.
NAMEABLE = PICTURES | FILMS | SOUNDS | {"application/pdf", "application/zip", "application/gzip"}

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-executable"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_AVIF = (b"avif", b"avis")
_SOUND_BRANDS = (b"M4A ", b"M4B ", b"M4P ")
_MARKUP = (b"<svg", b"<!doctype", b"<html", b"<?xml", b"<script", b"<body", b"<head", b"<iframe")


def sniff(head: bytes) -> str:
    """A media type for the first bytes of a file (up to HEAD); UNKNOWN when they say nothing."""
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _brand(head)
    if head[:4] == b"\x1aE\xdf\xa3":
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 in (0xE2, 0xE4, 0xE6):
        return "audio/mpeg"
    return _text(head)


def _brand(head: bytes) -> str:
    size = min(int.from_bytes(head[:4], "big"), 128)
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, size, 4))]
    if brands[0].startswith(b"qt"):
        return "video/quicktime"
    if any(one in _AVIF for one in brands):
        return "image/avif"
    if any(one in _HEIC for one in brands):
        return "image/heic"
    if brands[0] in _SOUND_BRANDS:
        return "audio/mp4"
    return "video/3gpp" if brands[0].startswith(b"3g") else "video/mp4"


def _text(head: bytes) -> str:
    """Text, and whether a browser would take it for a page or a drawing with script in it."""
    if b"\0" in head[:64]:
        return UNKNOWN
    lowered = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if any(word in lowered[:1024] for word in _MARKUP):
        return "image/svg+xml" if b"<svg" in lowered else "text/html"
    try:
        head.decode()
    except UnicodeDecodeError as wrong:
        if wrong.start < len(head) - 4:  # a sign cut by the end of the head is no fault
            return UNKNOWN
    return "text/plain" if head else UNKNOWN
