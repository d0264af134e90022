"""Pages and files: the start page, three screens, guest links, pictures, map tiles, the API's own page."""

from pathlib import Path

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from huaxin.http.files import ASK_AGAIN, FOREVER, find_file, send_file
from huaxin.http.problems import language_of
from huaxin.http.reading import AnyRequest, path_part
from huaxin.http.services import Services

OWN = Path(__file__).parent / "pages"
SCREENS = ("buyer", "courier", "shop")
_DAY = "public, max-age=86400"


def page_routes(services: Services) -> list[HTTPRouteHandler]:
    @get("/")
    async def start(request: AnyRequest) -> ASGIApp:
        language = request.query_params.get("lang") or language_of(request)
        page = "start.en.html" if language == "en" else "start.html"
        return await send_file(request, OWN / page, ASK_AGAIN, {"vary": "accept-language"})

    @get(["/start.css", "/favicon.svg", "/api/docs.css", "/api/docs.js"])
    async def own(request: AnyRequest) -> ASGIApp:
        return await send_file(request, OWN / request.url.path.rpartition("/")[2], ASK_AGAIN)

    @get("/api/docs")
    async def docs(request: AnyRequest) -> ASGIApp:
        return await send_file(request, OWN / "docs.html", ASK_AGAIN)

    @get("/pictures/{name:path}")
    async def picture(request: AnyRequest) -> ASGIApp:
        return await send_file(request, need_file(services.pictures_dir, path_part(request, "name")), _DAY)

    @get("/city/{city:str}/basemap.pmtiles")
    async def tiles(request: AnyRequest) -> ASGIApp:
        path = need_file(services.city_dir, f"{path_part(request, 'city')}/basemap.pmtiles")
        # Encoded bytes would not be the bytes the ranges count.
        return await send_file(request, path, ASK_AGAIN, {"content-encoding": "identity"})

    @get("/o/{token:str}")
    async def guest(request: AnyRequest) -> ASGIApp:
        index = find_file(services.static_dir / "buyer", "index.html")
        if index is None:
            return await _unbuilt(request)
        return await send_file(request, index, "no-store", {"x-robots-tag": "noindex, nofollow"})

    return [start, own, docs, picture, tiles, guest, *[_screen(services, name) for name in SCREENS]]


def _screen(services: Services, screen: str) -> HTTPRouteHandler:
    folder = services.static_dir / screen

    @get([f"/{screen}", f"/{screen}/{{name:path}}"], name=f"screen_{screen}")
    async def serve(request: AnyRequest) -> ASGIApp:
        name = path_part(request, "name").strip("/")
        path = find_file(folder, name) if name else None
        if path is not None and path.name != "index.html":
            # The build puts a hash of the content into the names under assets/.
            return await send_file(request, path, FOREVER if name.startswith("assets/") else ASK_AGAIN)
        # A missing script must not be answered with a page: the browser would try to run it.
        if path is None and "." in name.rpartition("/")[2]:
            raise NotFoundException()
        index = find_file(folder, "index.html")
        if index is None:
            return await _unbuilt(request)
        return await send_file(request, index, ASK_AGAIN)

    return serve


async def _unbuilt(request: AnyRequest) -> ASGIApp:
    """503 with words: the screens are built from web/ and nobody did it yet."""
    return await send_file(request, OWN / "unbuilt.html", "no-store", status=503)


def need_file(folder: Path, name: str) -> Path:
    path = find_file(folder, name)
    if path is None:
        raise NotFoundException()
    return path
