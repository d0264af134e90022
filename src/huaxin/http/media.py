"""Media by their signed addresses: byte ranges, private caching, and never anything a browser would run."""

from collections.abc import AsyncIterator
from typing import Any

from litestar import get
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from huaxin.http.files import read_range
from huaxin.http.reading import AnyRequest, path_part
from huaxin.http.services import Media, Services
from huaxin.journal.model import Rejected
from huaxin.media.sniff import NAMEABLE, UNKNOWN

_LOCKED = {
    # Whatever the bytes are, they are no page of ours: no script, no frame, no guess of the type.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
}


def media_routes(services: Services, media: Media) -> list[HTTPRouteHandler]:
    @get("/media/{token:str}/{variant:str}")
    async def give(request: AnyRequest) -> ASGIApp:
        save = "save" in request.query_params
        found = await media.open(path_part(request, "token"), path_part(request, "variant"), save)
        kind, size = found.variant.type, found.variant.size
        etag = f'"{found.id}-{path_part(request, "variant")}"'
        headers = {
            **_LOCKED,
            "content-type": kind if found.variant.inline or kind in NAMEABLE else UNKNOWN,
            "content-disposition": found.disposition,
            "accept-ranges": "bytes",
            "etag": etag,
            # An address lives for an hour or two, and what it leads to never changes.
            "cache-control": "private, max-age=3600, immutable",
        }
        if etag in request.headers.get("if-none-match", ""):
            return Sending(304, headers, None)
        wanted = request.headers.get("range")
        if not wanted or request.headers.get("if-range", etag) != etag:
            return Sending(200, headers, found.read(0, size), size)
        part = read_range(wanted, size)
        if part is None:
            return Sending(200, headers, found.read(0, size), size)
        start, end = part
        if start >= size or start > end:
            raise HTTPException(status_code=416, headers={"content-range": f"bytes */{size}"})
        headers["content-range"] = f"bytes {start}-{end}/{size}"
        return Sending(206, headers, found.read(start, end - start + 1), end - start + 1)

    return [give]


class Sending:
    """An ASGI answer whose bytes come from the object store."""

    def __init__(
        self, status: int, headers: dict[str, str], body: AsyncIterator[bytes] | None, size: int = 0
    ) -> None:
        self._status, self._headers, self._body, self._size = status, headers, body, size

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self._body is None or scope.get("huaxin.head") or not self._size:
            await self._start(send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        try:
            # The first piece before the answer begins: what is gone by now is still a clean error.
            piece = await anext(aiter(self._body), b"")
        except FileNotFoundError as gone:
            raise Rejected("media.gone", "This is not kept any more.", status=410) from gone
        except OSError as away:
            raise Rejected("media.away", "This cannot be reached now.", status=503) from away
        await self._start(send)
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        async for piece in self._body:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _start(self, send: Any) -> None:
        headers = dict(self._headers)
        if self._body is not None:
            headers["content-length"] = str(self._size)
        raw = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": self._status, "headers": raw})
