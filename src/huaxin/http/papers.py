"""Cards and slips as a PDF of A6 pages."""

import asyncio
from typing import Any, cast

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from huaxin.http.problems import language_of
from huaxin.http.reading import AnyRequest, need_principal, path_part
from huaxin.http.services import Services
from huaxin.journal.model import Rejected
from huaxin.papers.pages import WHAT, What
from huaxin.papers.pdf import make_pdf

_KEPT_OUT = {"cache-control": "no-store", "x-robots-tag": "noindex"}


def paper_routes(services: Services) -> list[HTTPRouteHandler]:
    @get("/api/shops/{shop:str}/papers.pdf")
    async def papers(request: AnyRequest) -> Response[bytes]:
        """`?orders=` ids with commas between, `&what=` slip, card or both, `&lang=` zh-CN or en.

        `x-huaxin-left-out` says how many different signs the fonts do not have (emoji, mostly);
        `get_papers` says which.
        """
        principal = await need_principal(request, services)
        query = request.query_params
        wish: dict[str, Any] = {
            "shop": path_part(request, "shop"),
            "orders": [one for one in query.get("orders", "").split(",") if one],
            "base": query.get("base", ""),
        }
        found = await services.dispatcher.run(principal, "get_papers", wish, "", 0)
        language = query.get("lang") or language_of(request)
        what = cast(What, query.get("what", "both")) if query.get("what", "both") in WHAT else "both"
        # Hundreds of pages take seconds: not on the loop that carries everybody's messages.
        document = await asyncio.to_thread(
            make_pdf, [one.paper for one in found], what, "en" if language == "en" else "zh-CN"
        )
        if not document.data:
            raise Rejected("papers.none", "There is nothing to print.", what, status=404)
        named = f"{what}-{found[0].paper.number}" if len(found) == 1 else f"{what}-{len(found)}"
        headers = _KEPT_OUT | {
            "content-disposition": f'inline; filename="{named}.pdf"',
            "x-huaxin-left-out": str(len(document.left_out)),
        }
        return Response(document.data, media_type="application/pdf", headers=headers)

    return [papers]
