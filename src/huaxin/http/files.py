"""Files over HTTP: validators, ranges, precompressed siblings, and no way out of the folder."""

import asyncio
import functools
import gzip
import mimetypes
import re
from pathlib import Path
from typing import Any

from litestar.exceptions import HTTPException, NotFoundException

from huaxin.http.reading import AnyRequest

CHUNK = 256 * 1024
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"  # keep it, but ask whether it is still the same
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".pmtiles": "application/octet-stream",
}


def find_file(folder: Path, name: str) -> Path | None:
    """A file inside the folder by its relative name, or None. Links and `..` do not lead out of it."""
    if "\x00" in name or "\\" in name:
        return None
    root = folder.resolve()
    path = (root / name.lstrip("/")).resolve()
    return path if path.is_relative_to(root) and path.is_file() else None


class BytesAnswer:
    """An ASGI answer that is in memory already."""

    def __init__(self, body: bytes, headers: dict[str, str]) -> None:
        self.body, self.headers = body, {**headers, "content-length": str(len(body))}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


@functools.lru_cache(maxsize=256)
def squeeze(path: Path, made: int, size: int) -> bytes:
    """The file in gzip. Remembered for as long as it stays the same file: `made` (ns) and `size` tell."""
    return gzip.compress(path.read_bytes(), 6, mtime=0)


class FileAnswer:
    """An ASGI answer that sends part of a file, read in chunks by a thread."""

    def __init__(self, path: Path, start: int, length: int, status: int, headers: dict[str, str]) -> None:
        self.path, self.start, self.length, self.status, self.headers = path, start, length, status, headers

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if not self.length:
            await send({"type": "http.response.start", "status": self.status, "headers": self._raw_headers()})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        # Opened before the answer starts: a file that is gone by now is still a clean error.
        file = await asyncio.to_thread(self.path.open, "rb")
        try:
            await send({"type": "http.response.start", "status": self.status, "headers": self._raw_headers()})
            await asyncio.to_thread(file.seek, self.start)
            left = self.length
            while left > 0 and (chunk := await asyncio.to_thread(file.read, min(CHUNK, left))):
                left -= len(chunk)
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            file.close()

    def _raw_headers(self) -> list[tuple[bytes, bytes]]:
        headers = dict(self.headers)
        if self.status != 304:
            headers["content-length"] = str(self.length)
        return [(name.encode(), value.encode()) for name, value in headers.items()]


async def send_file(
    request: AnyRequest, path: Path, cache: str, headers: dict[str, str] | None = None, status: int = 200
) -> FileAnswer | BytesAnswer:
    """200, 206 for one byte range, 304 when the reader has it, 416 for a range outside of it."""
    try:
        stat = await asyncio.to_thread(path.stat)
    except OSError:
        raise NotFoundException() from None
    etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    media = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    sent = {"etag": etag, "cache-control": cache, "accept-ranges": "bytes", **(headers or {})}
    size = stat.st_size
    if media != _TYPES[".pmtiles"]:  # those have one form only
        sent["vary"] = ", ".join(filter(None, (sent.get("vary"), "accept-encoding")))
    wanted = request.headers.get("range")
    if not wanted and (packed := await _packed(request, path, stat.st_mtime_ns)):
        path, coding, size = packed
        etag = f'{etag[:-1]}-{coding}"'
        sent |= {"content-encoding": coding, "etag": etag}
    squeezed = not wanted and "content-encoding" not in sent and _worth_squeezing(media, size)
    if squeezed and "gzip" in _taken(request):
        etag = f'{etag[:-1]}-z"'
        sent |= {"content-encoding": "gzip", "etag": etag}
    else:
        squeezed = False
    if _has_it(request.headers.get("if-none-match", ""), etag):
        return _stream(path, 0, 0, 304, media, sent)
    if squeezed:
        body = await asyncio.to_thread(squeeze, path, stat.st_mtime_ns, size)
        return BytesAnswer(body, {**sent, "content-type": media})
    if not wanted or request.headers.get("if-range", etag) != etag:
        return _stream(path, 0, size, status, media, sent)
    found = read_range(wanted, size)
    if found is None:  # several ranges, or another unit: the whole file is a right answer
        return _stream(path, 0, size, status, media, sent)
    start, end = found
    if start >= size or start > end:
        raise HTTPException(status_code=416, headers={"content-range": f"bytes */{size}"})
    sent["content-range"] = f"bytes {start}-{end}/{size}"
    return _stream(path, start, end - start + 1, 206, media, sent)


def read_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a single range, the last cut to the size; None: not one we answer."""
    match = _RANGE.fullmatch(header.strip())
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:  # the last so many
        return max(0, size - int(match[2])), size - 1 if int(match[2]) else -1
    return int(match[1]), min(int(match[2]) if match[2] else size - 1, size - 1)


def _has_it(header: str, etag: str) -> bool:
    known = {one.strip().removeprefix("W/") for one in header.split(",")}
    return etag in known or "*" in known


def _worth_squeezing(media: str, size: int) -> bool:
    return 1_000 < size < 2_000_000 and media.startswith(
        ("text/", "image/svg", "application/json", "application/manifest", "application/wasm")
    )


def _taken(request: AnyRequest) -> set[str]:
    """The codings the reader takes."""
    return {
        part.partition(";")[0].strip()
        for part in request.headers.get("accept-encoding", "").split(",")
        if part.partition(";")[2].replace(" ", "") not in ("q=0", "q=0.0")
    }


async def _packed(request: AnyRequest, path: Path, made: int) -> tuple[Path, str, int] | None:
    """A .br or .gz beside the file, at least as new, that the reader takes."""
    taken = _taken(request)
    for coding, ending in (("br", ".br"), ("gzip", ".gz")):
        if coding not in taken:
            continue
        beside = path.with_name(path.name + ending)
        try:
            stat = await asyncio.to_thread(beside.stat)
        except OSError:
            continue
        if stat.st_mtime_ns >= made:
            return beside, coding, stat.st_size
    return None


def _stream(
    path: Path, start: int, length: int, status: int, media: str, headers: dict[str, str]
) -> FileAnswer:
    return FileAnswer(path, start, length, status, {**headers, "content-type": media})
