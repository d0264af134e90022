"""The shop's own pictures of its bouquets: taken here, given to everybody."""

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from huaxin.http.files import FOREVER, send_file
from huaxin.http.pages import need_file
from huaxin.http.reading import AnyRequest, answer, need_principal, path_part
from huaxin.http.services import Services, ShopPictures

MOST_BYTES = 21_000_000  # a little more than is taken: what is too much is said in our own words


def picture_routes(services: Services, room: ShopPictures) -> list[HTTPRouteHandler]:
    @post("/api/shops/{shop:str}/pictures", status_code=201, request_max_body_size=MOST_BYTES)
    async def take(request: AnyRequest) -> Response[bytes]:
        who = await need_principal(request, services)
        return answer(await room.take_picture(who, path_part(request, "shop"), await request.body()), 201)

    @get("/pictures/own/{name:str}")
    async def give(request: AnyRequest) -> ASGIApp:
        path = need_file(room.folder, path_part(request, "name"))
        # Named by its bytes: it never changes.
        return await send_file(request, path, FOREVER)

    return [take, give]
