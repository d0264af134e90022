"""The export of an order over HTTP: JSON for programs, and a page to read, print or keep. No script in it."""

import asyncio
import re
from typing import cast

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from huaxin.http.export_page import make_page
from huaxin.http.problems import language_of
from huaxin.http.reading import AnyRequest, need_principal, path_part
from huaxin.http.services import Services
from huaxin.live.views import OrderExport

_KEPT_OUT = {"cache-control": "no-store", "x-robots-tag": "noindex"}
# The page may show itself and nothing else: whatever somebody wrote into it stays text.
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

    return [export_json, export_html]


def _saved(export: OrderExport, ending: str, *, inline: bool = False) -> dict[str, str]:
    name = re.sub(r"[^A-Za-z0-9_-]", "", f"order-{export.order.number}")
    how = "inline" if inline else "attachment"
    return {"content-disposition": f'{how}; filename="{name}.{ending}"'}
