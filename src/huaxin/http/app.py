"""The HTTP room: one ASGI application for pages and API."""

from asyncio import to_thread
from functools import cache

import msgspec
from litestar import Litestar, Response, get
from litestar.handlers import HTTPRouteHandler

from huaxin.http.calls import call_routes
from huaxin.http.demo import demo_routes
from huaxin.http.export import export_routes
from huaxin.http.front import Front
from huaxin.http.imports import import_routes
from huaxin.http.login import login_routes
from huaxin.http.media import media_routes
from huaxin.http.notices import notice_routes
from huaxin.http.openapi import make_document
from huaxin.http.pages import page_routes
from huaxin.http.papers import paper_routes
from huaxin.http.pictures import picture_routes
from huaxin.http.problems import answer_problem
from huaxin.http.reading import MOST_BYTES, AnyRequest, answer
from huaxin.http.services import AsgiApp, Services
from huaxin.http.trackers import tracker_routes
from huaxin.http.uploads import upload_routes


def make_app(services: Services) -> AsgiApp:
    """Everything under one ASGI callable; keeps no state of its own besides the API document once made."""

    @cache
    def document() -> bytes:
        # A tenth of a second of work that a start need not wait for.
        return msgspec.json.encode(make_document(services))

    @get("/api/openapi.json")
    async def openapi(request: AnyRequest) -> Response[bytes]:
        headers = {"cache-control": "no-cache"}
        return Response(await to_thread(document), media_type="application/json", headers=headers)

    @get("/api/info")
    async def info(request: AnyRequest) -> Response[bytes]:
        return answer(services.info())

    @get("/api/health")
    async def health(request: AnyRequest) -> Response[bytes]:
        return answer({"ok": True, "version": services.version})

    inner = Litestar(
        route_handlers=[
            openapi,
            info,
            health,
            *login_routes(services),
            *call_routes(services),
            *page_routes(services),
            *demo_routes(services),
            *notice_routes(services),
            *export_routes(services),
            *paper_routes(services),
            *tracker_routes(services),
            *_media(services),
            *([] if services.shop_pictures is None else picture_routes(services, services.shop_pictures)),
            *([] if services.imports is None else import_routes(services, services.imports)),
        ],
        exception_handlers={Exception: answer_problem},
        openapi_config=None,  # ours is made from the commands and queries, not from handlers
        logging_config=None,
        request_max_body_size=MOST_BYTES,
        debug=False,
    )
    return Front(inner, services)


def _media(services: Services) -> list[HTTPRouteHandler]:
    media = services.media
    return [] if media is None else [*upload_routes(services, media), *media_routes(services, media)]
