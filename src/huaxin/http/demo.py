"""The demo's control page and its two routes. Without a demo they do not exist."""

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from huaxin.http.files import ASK_AGAIN, send_file
from huaxin.http.pages import OWN
from huaxin.http.problems import language_of
from huaxin.http.reading import AnyRequest, answer, read_body
from huaxin.http.services import Demo, Services
from huaxin.journal.model import Rejected


def demo_routes(services: Services) -> list[HTTPRouteHandler]:
    def need_demo() -> Demo:
        demo = services.demo()
        if demo is None:
            raise NotFoundException()
        return demo

    @get("/demo")
    async def page(request: AnyRequest) -> ASGIApp:
        need_demo()
        language = request.query_params.get("lang") or language_of(request)
        name = "demo.en.html" if language == "en" else "demo.html"
        return await send_file(request, OWN / name, ASK_AGAIN, {"vary": "accept-language"})

    @get(["/demo.css", "/demo.js"])
    async def own(request: AnyRequest) -> ASGIApp:
        return await send_file(request, OWN / request.url.path.rpartition("/")[2], ASK_AGAIN)

    @get("/api/demo")
    async def state(request: AnyRequest) -> Response[bytes]:
        return answer(need_demo().state())

    @post("/api/demo", status_code=200)
    async def act(request: AnyRequest) -> Response[bytes]:
        demo = need_demo()
        check_same_origin(request)
        await demo.act(await read_body(request, demo.wish))
        return answer(demo.state())

    return [page, own, state, act]


def check_same_origin(request: AnyRequest) -> None:
    """Nobody is logged in here, so another site's page must not reach it. Raises Rejected (403)."""
    origin = request.headers.get("origin", "")
    foreign = bool(origin) and origin.partition("://")[2] != request.headers.get("host", "")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if foreign or kind != "application/json":
        raise Rejected("demo.same_origin", "Only the demo's own page may do this.", origin, status=403)
