"""The export of an order over HTTP: JSON for programs, and a page to read, print or keep. No script in it."""

import asyncio
import base64
import re
from typing import cast

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from huaxin.http.evidence_page import make_evidence
from huaxin.http.export_page import make_page
from huaxin.http.problems import language_of
from huaxin.http.reading import AnyRequest, need_principal, path_part
from huaxin.http.services import Services
from huaxin.journal.model import Rejected
from huaxin.live.evidence_views import Evidence
from huaxin.live.views import OrderExport

_KEPT_OUT = {"cache-control": "no-store", "x-robots-tag": "noindex"}
# The page may show itself and nothing else: whatever somebody wrote into it stays text.
_MOST_PICTURES = 12_000_000  # bytes in one page
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; sandbox"


def export_routes(services: Services) -> list[HTTPRouteHandler]:
    async def read(request: AnyRequest) -> OrderExport:
        principal = await need_principal(request, services)
        wish = {"order": path_part(request, "order")}
        return cast(OrderExport, await services.dispatcher.run(principal, "export_order", wish, "", 0))

    @get("/api/orders/{order:str}/export.json")
    async def export_json(request: AnyRequest) -> Response[bytes]:
        export = await read(request)
        return Response(
            msgspec.json.format(msgspec.json.encode(export), indent=1),
            media_type="application/json",
            headers=_KEPT_OUT | _saved(export, "json"),
        )

    @get("/api/orders/{order:str}/export.html")
    async def export_html(request: AnyRequest) -> Response[bytes]:
        """`?lang=` zh-CN or en; else the reader's own."""
        export = await read(request)
        language = request.query_params.get("lang") or language_of(request)
        # Thousands of messages take a while to write down: not on the loop that carries everybody's.
        page = await asyncio.to_thread(make_page, export, "en" if language == "en" else "zh-CN")
        return Response(
            page.encode(),
            media_type="text/html",
            headers=_KEPT_OUT | _saved(export, "html", inline=True) | {"content-security-policy": _POLICY},
        )

    @get("/api/orders/{order:str}/evidence.html")
    async def evidence_html(request: AnyRequest) -> Response[bytes]:
        """All that bears on a complaint, with its pictures in it. `?lang=` as above."""
        principal = await need_principal(request, services)
        wish = {"order": path_part(request, "order")}
        found = cast(Evidence, await services.dispatcher.run(principal, "get_evidence", wish, "", 0))
        pictures = await read_pictures(services, found)
        language = request.query_params.get("lang") or language_of(request)
        page = await asyncio.to_thread(make_evidence, found, pictures, "en" if language == "en" else "zh-CN")
        return Response(
            page.encode(),
            media_type="text/html",
            headers=_KEPT_OUT
            | _saved(found.export, "html", inline=True)
            | {"content-security-policy": _POLICY + "; img-src data:"},
        )

    return [export_json, export_html, evidence_html]


async def read_pictures(services: Services, evidence: Evidence) -> dict[str, str]:
    """Small pictures as data addresses, by id, as far as they fit in one page; what is gone is left out."""
    found: dict[str, str] = {}
    room = _MOST_PICTURES
    for photo in evidence.photos:
        _, _, token, name = photo.thumb.split("/", 3) if photo.thumb.count("/") == 3 else ("", "", "", "")
        if services.media is None or not token or photo.id in found:
            continue
        try:
            opened = await services.media.open(token, name)
        except Rejected:
            continue
        if opened.variant.size > room or not opened.variant.type.startswith("image/"):
            continue
        data = b"".join([piece async for piece in opened.read(0, opened.variant.size)])
        room -= len(data)
        found[photo.id] = f"data:{opened.variant.type};base64,{base64.b64encode(data).decode()}"
    return found


def _saved(export: OrderExport, ending: str, *, inline: bool = False) -> dict[str, str]:
    name = re.sub(r"[^A-Za-z0-9_-]", "", f"order-{export.order.number}")
    how = "inline" if inline else "attachment"
    return {"content-disposition": f'{how}; filename="{name}.{ending}"'}
