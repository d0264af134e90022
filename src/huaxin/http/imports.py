"""Orders out of a table over HTTP: a template to fill in, a look at a file, and the import itself."""

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from huaxin.http.problems import language_of
from huaxin.http.reading import AnyRequest, answer, need_principal, path_part
from huaxin.http.services import Imports, Services
from huaxin.imports.table import MOST_BYTES


def import_routes(services: Services, imports: Imports) -> list[HTTPRouteHandler]:
    @get("/api/shops/{shop:str}/import-template.csv")
    async def template(request: AnyRequest) -> Response[bytes]:
        principal = await need_principal(request, services)
        language = request.query_params.get("lang") or language_of(request)
        body = await imports.template(principal, path_part(request, "shop"), language)
        headers = {"content-disposition": 'attachment; filename="orders.csv"', "cache-control": "no-store"}
        return Response(body, media_type="text/csv; charset=utf-8", headers=headers)

    # One byte more than is read: a file that is too large is refused in words.
    @post("/api/shops/{shop:str}/imports/preview", status_code=200, request_max_body_size=MOST_BYTES + 1)
    async def preview(request: AnyRequest) -> Response[bytes]:
        principal = await need_principal(request, services)
        data = await request.body()
        return answer(await imports.preview(principal, path_part(request, "shop"), data))

    @post("/api/shops/{shop:str}/imports", status_code=202, request_max_body_size=MOST_BYTES + 1)
    async def make(request: AnyRequest) -> Response[bytes]:
        """The file's own content is its key: sent twice it is imported once."""
        principal = await need_principal(request, services)
        data = await request.body()
        return answer(await imports.make(principal, path_part(request, "shop"), data), 202)

    return [template, preview, make]
