"""tus 1.0 at /api/uploads: creation, creation-with-upload, termination, checksum, expiration.

The body of a PATCH goes to the disk as it comes; it is never in memory as a whole.
"""

import asyncio
import binascii
from base64 import b64decode
from collections.abc import AsyncIterator
from email.utils import formatdate
from typing import Any

from litestar import Response, delete, get, patch, post, route
from litestar.handlers import HTTPRouteHandler

from huaxin.http.reading import AnyRequest, need_principal, path_part
from huaxin.http.services import Media, Services
from huaxin.journal.model import Rejected
from huaxin.media.model import State, Upload
from huaxin.media.uploads import CHECKSUMS, Checksum, Wish
from huaxin.people.model import Principal

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,checksum,expiration"
SILENT_S = 60.0  # a body of which nothing comes for so long has broken off
_BYTES = "application/offset+octet-stream"
_MOST_METADATA = 4_000
_KEYS = ("filename", "filetype", "order", "purpose")


def upload_routes(services: Services, media: Media) -> list[HTTPRouteHandler]:
    async def caller(request: AnyRequest) -> Principal:
        check_version(request)
        return await need_principal(request, services)

    @route(["/api/uploads", "/api/uploads/{id:str}"], http_method=["OPTIONS"])
    async def options(request: AnyRequest) -> Response[bytes]:
        most = {"tus-max-size": str(media.most_bytes), "tus-checksum-algorithm": ",".join(CHECKSUMS)}
        return _answer(204, {"tus-version": VERSION, "tus-extension": EXTENSIONS, **most})

    @post("/api/uploads", status_code=201, request_max_body_size=None)
    async def create(request: AnyRequest) -> Response[bytes]:
        who = await caller(request)
        upload = await media.create(who, read_wish(request))
        if request.headers.get("content-type", "") == _BYTES:
            upload = await media.write(who, upload.id, 0, read_pieces(request), read_checksum(request))
        return _answer(201, {"location": f"/api/uploads/{upload.id}", **_state(upload)})

    @get("/api/uploads/{id:str}")
    async def ask(request: AnyRequest) -> Response[bytes]:
        # HEAD comes here too (http/front.py).
        upload = await media.find(await caller(request), path_part(request, "id"))
        return _answer(200, {"upload-length": str(upload.length), **_state(upload)})

    async def go_on(request: AnyRequest) -> Response[bytes]:
        who = await caller(request)
        if request.headers.get("content-type", "") != _BYTES:
            raise Rejected("media.content_type", f"Send {_BYTES}.", status=415)
        offset = read_number(request, "upload-offset")
        pieces, checksum = read_pieces(request), read_checksum(request)
        return _answer(
            204, _state(await media.write(who, path_part(request, "id"), offset, pieces, checksum))
        )

    @patch("/api/uploads/{id:str}", request_max_body_size=None)
    async def resume(request: AnyRequest) -> Response[bytes]:
        return await go_on(request)

    async def drop(request: AnyRequest) -> Response[bytes]:
        await media.terminate(await caller(request), path_part(request, "id"))
        return _answer(204, {})

    @delete("/api/uploads/{id:str}", status_code=200)
    async def end(request: AnyRequest) -> Response[bytes]:
        return await drop(request)

    @post("/api/uploads/{id:str}", request_max_body_size=None)
    async def override(request: AnyRequest) -> Response[bytes]:
        """For networks that let nothing but GET and POST through."""
        meant = request.headers.get("x-http-method-override", "").upper()
        if meant == "DELETE":
            return await drop(request)
        if meant == "PATCH":
            return await go_on(request)
        raise Rejected("http.method_not_allowed", "This address cannot be used that way.", status=405)

    return [options, create, ask, resume, end, override]


def check_version(request: AnyRequest) -> None:
    """Raises Rejected media.tus_version (412)."""
    said = request.headers.get("tus-resumable", "")
    if said != VERSION:
        refusal = Rejected("media.tus_version", f"Send 'Tus-Resumable: {VERSION}'.", said[:20], status=412)
        # tus wants the version in a header; a refusal has none of its own, problems.py reads this one.
        refusal.headers = {"tus-version": VERSION}  # type: ignore[attr-defined]  # read by the handler of refusals
        raise refusal


def read_wish(request: AnyRequest) -> Wish:
    """Raises Rejected media.metadata, media.length (422)."""
    said = read_metadata(request.headers.get("upload-metadata", ""))
    length = read_number(request, "upload-length")
    name = said.get("filename", said.get("name", ""))
    return Wish(order=said.get("order", ""), purpose=said.get("purpose", "file"), name=name, length=length)


def read_metadata(header: str) -> dict[str, str]:
    """`key base64, key base64`. Raises Rejected media.metadata (422)."""
    found: dict[str, str] = {}
    try:
        if len(header) > _MOST_METADATA:
            raise ValueError("too long")
        for pair in filter(None, (one.strip() for one in header.split(","))):
            key, _, value = pair.partition(" ")
            if key in found:
                raise ValueError("twice the same key")
            found[key] = b64decode(value, validate=True).decode()
    except (ValueError, binascii.Error) as wrong:
        sentence = "Upload-Metadata must be 'key base64' pairs in UTF-8, with commas between."
        raise Rejected("media.metadata", sentence, str(wrong)[:80], status=422) from wrong
    return found


def read_number(request: AnyRequest, header: str) -> int:
    said = request.headers.get(header, "").strip()
    if not (said.isascii() and said.isdigit() and len(said) <= 15):
        raise Rejected("media.number", f"Say {header} as a whole number.", said[:20], status=422)
    return int(said)


def read_checksum(request: AnyRequest) -> Checksum | None:
    """Raises Rejected media.checksum_form (422)."""
    said = request.headers.get("upload-checksum", "")
    if not said:
        return None
    algorithm, _, value = said.partition(" ")
    try:
        digest = b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        digest = b""
    if algorithm not in CHECKSUMS or not digest:
        sentence = f"Upload-Checksum is one of {', '.join(CHECKSUMS)} and base64."
        raise Rejected("media.checksum_form", sentence, said[:60], status=422)
    return Checksum(algorithm=algorithm, digest=digest)


async def read_pieces(request: AnyRequest) -> AsyncIterator[bytes]:
    """The body as it comes. Raises Rejected media.cut when it breaks off: what came before is kept."""
    while True:
        try:
            async with asyncio.timeout(SILENT_S):
                message: Any = await request.receive()
        except TimeoutError as silent:
            raise Rejected("media.cut", "Nothing came any more.", status=408) from silent
        if message["type"] == "http.disconnect":
            raise Rejected("media.cut", "The sender is gone.", status=400)
        piece = message.get("body", b"")
        if piece:
            yield piece
        if not message.get("more_body", False):
            return


def _state(upload: Upload) -> dict[str, str]:
    headers = {"upload-offset": str(upload.received)}
    if upload.state is State.uploading:
        headers["upload-expires"] = formatdate(upload.expires_at / 1000, usegmt=True)
    return headers


def _answer(status: int, headers: dict[str, str]) -> Response[bytes]:
    sent = {"tus-resumable": VERSION, "cache-control": "no-store", **headers}
    return Response(b"", status_code=status, headers=sent, media_type="text/plain")
