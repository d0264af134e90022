"""Where tracker apps report, in their own formats: OwnTracks in HTTP mode and Traccar Client."""

import binascii
from base64 import b64decode
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from huaxin.http.reading import AnyRequest, address_of, answer
from huaxin.http.services import Services
from huaxin.journal.model import Rejected
from huaxin.tracking.formats import read_osmand, read_owntracks, read_traccar
from huaxin.tracking.views import PositionReport

Report = Callable[[str, str, Sequence[PositionReport]], Awaitable[Any]]


def tracker_routes(services: Services) -> list[HTTPRouteHandler]:
    async def take(request: AnyRequest, who: tuple[str, str], fixes: Sequence[PositionReport]) -> None:
        report = services.track
        if report is None:
            raise Rejected("tracker.unknown", "There are no trackers here.", status=404)
        try:
            await report(*who, fixes)
        except Rejected as refusal:
            if refusal.status in (401, 404):  # who guesses is slowed down
                await services.people.count_failure("tracker", address_of(request, services))
            raise

    @post("/api/trackers/owntracks", status_code=200)
    async def owntracks(request: AnyRequest) -> Response[bytes]:
        """Everything but a position is accepted and left aside, as the app expects."""
        who = _basic(request)
        await take(request, who, read_owntracks(await request.body()))
        return answer([])

    async def traccar(request: AnyRequest) -> Response[bytes]:
        body = await request.body()
        fields = dict(request.query_params.multi_items())
        if body.lstrip()[:1] == b"{":
            device, fixes = read_traccar(body)
        else:
            device, fixes = read_osmand(fields | dict(parse_qsl(body.decode("utf-8", "replace"))))
        id, _, password = device.partition(".")
        if request.headers.get("authorization"):
            id, password = _basic(request)
        if not id:
            raise Rejected("tracker.no_device", "Say which device it is.", status=400)
        await take(request, (id, password), fixes)
        return Response(b"", status_code=200, media_type="text/plain")

    @get("/api/trackers/traccar")
    async def traccar_get(request: AnyRequest) -> Response[bytes]:
        return await traccar(request)

    @post("/api/trackers/traccar", status_code=200)
    async def traccar_post(request: AnyRequest) -> Response[bytes]:
        return await traccar(request)

    return [owntracks, traccar_get, traccar_post]


def _basic(request: AnyRequest) -> tuple[str, str]:
    """(id, password) of Basic auth. Raises Rejected tracker.password (401)."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        text = b64decode(token.strip(), validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    id, colon, password = text.partition(":")
    if not colon or not id:
        raise Rejected("tracker.password", "Send the tracker's id and password (Basic).", status=401)
    return id, password
