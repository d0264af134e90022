"""Where a service worker says that a push is on the screen. It has no token: the receipt is the proof."""

from typing import Annotated

import msgspec
from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from msgspec import Meta

from huaxin.http.reading import AnyRequest, answer, read_body
from huaxin.http.services import Services


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """As it came with the push."""

    receipt: Annotated[str, Meta(max_length=600)]


def notice_routes(services: Services) -> list[HTTPRouteHandler]:
    pushed = services.pushed

    @post("/api/pushed", status_code=200)
    async def received(request: AnyRequest) -> Response[bytes]:
        """The same answer whatever the receipt was: there is nothing to learn here."""
        wish = await read_body(request, Receipt)
        if pushed is not None:
            await pushed(wish.receipt)
        return answer({"done": True})

    return [received]
